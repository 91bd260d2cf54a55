#!/usr/bin/env bash
# Unpacks a Debian package, with what it needs and the system lacks, below a folder: unpack.sh FOLDER PACKAGE
#
# For those who may not install anything: it asks for no rights, and touches nothing outside of the folder. apt reads its
# own lists, verifies signatures as always, and says itself why it cannot. What is in FOLDER before is deleted.
set -euo pipefail

[ $# = 2 ] || { echo "usage: tools/unpack.sh FOLDER PACKAGE" >&2; exit 1; }
home=$1
package=$2
log="$home/apt.log"

fail() {
	[ ! -f "$log" ] || cat "$log" >&2
	echo "tools/unpack.sh: $*" >&2
	exit 1
}

command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || fail "this is no Debian: $package has to be installed by hand."
rm -rf "$home"
mkdir -p "$home/lists/partial" "$home/cache/archives/partial" "$home/root"
echo "tools/unpack.sh: unpacking $package into $home" >&2

apt() {
	apt-get -o Dir::State::lists="$home/lists" -o Dir::Cache="$home/cache" -o Debug::NoLocking=1 -o APT::Sandbox::User="$(id -un)" "$@" \
		</dev/null >>"$log" 2>&1
}

apt update || fail "apt-get could not read what there is, see above."
apt install -y --no-install-recommends --download-only "$package" || fail "apt-get could not fetch $package, see above."
for deb in "$home"/cache/archives/*.deb; do
	case "${deb##*/}" in
	# The system's loader goes only with the system's own C library.
	libc6_* | libc-bin_*) ;;
	*) dpkg-deb -x "$deb" "$home/root" || fail "$deb cannot be unpacked." ;;
	esac
done
rm -rf "$home/lists" "$home/cache"

# Where programs below the folder find their libraries, in the form of LD_LIBRARY_PATH.
find "$home/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd: >"$home/libraries"
