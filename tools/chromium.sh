#!/usr/bin/env bash
# Prints the path of a Chromium for the end-to-end tests.
#
# CHROMIUM, when set, is taken as it is; else one that is installed. Otherwise Debian's package is installed with apt-get,
# as root or with sudo; where neither may be, the package and what it needs are downloaded and unpacked below
# ${XDG_CACHE_HOME:-~/.cache}/tideboard-chromium, without touching the system. It fails loudly, never silently.
set -euo pipefail

home="${XDG_CACHE_HOME:-$HOME/.cache}/tideboard-chromium"

fail() {
	echo "tools/chromium.sh: $*" >&2
	exit 1
}

# works tells whether a browser starts at all.
works() { [ -x "$1" ] && "$1" --version >/dev/null 2>&1; }

installed() {
	local name path
	for name in chromium chromium-browser google-chrome google-chrome-stable; do
		path=$(command -v "$name") || continue
		works "$path" && echo "$path" && return
	done
	works "$home/chromium" && echo "$home/chromium"
}

install_as_root() {
	local sudo=()
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null && sudo -n true 2>/dev/null || return 1
		sudo=(sudo -n)
	fi
	echo "tools/chromium.sh: installing chromium" >&2
	{ "${sudo[@]}" apt-get update && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium; } \
		</dev/null >&2
}

# unpack puts the package and its libraries below $home; the wrapper has them found there.
unpack() {
	"$(dirname "${BASH_SOURCE[0]}")/unpack.sh" "$home" chromium || return 1
	cat >"$home/chromium" <<-WRAPPER
		#!/bin/sh
		LD_LIBRARY_PATH='$(cat "$home/libraries")' exec '$home/root/usr/lib/chromium/chromium' "\$@"
	WRAPPER
	chmod +x "$home/chromium"
}

if [ -n "${CHROMIUM:-}" ]; then
	works "$CHROMIUM" || fail "CHROMIUM=$CHROMIUM does not start."
	echo "$CHROMIUM"
	exit
fi
installed && exit
command -v apt-get >/dev/null || fail "Chromium is missing: install it, or set CHROMIUM to its path."
install_as_root || unpack || fail "Chromium could not be fetched: install it, or set CHROMIUM to its path."
installed || fail "Chromium was fetched but does not start: install it, or set CHROMIUM to its path."
