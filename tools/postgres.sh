#!/usr/bin/env bash
# A PostgreSQL for the tests of this checkout: start | stop | url | with COMMAND…
#
#   start  makes sure that one runs, and prints its URL. TEST_POSTGRES_URL, when set, is taken as it is. Otherwise a
#          private cluster is made outside of the system's own, on a free port of the loopback interface only, with
#          durability off: a crash may lose it. PostgreSQL, when it is missing, is installed with apt-get, as root or with
#          sudo; where neither may be, Debian's package is unpacked below ${XDG_CACHE_HOME:-~/.cache}/tideboard-postgres.
#   stop   stops that cluster and deletes it. It never touches one named by TEST_POSTGRES_URL.
#   url    prints the URL, and fails when no PostgreSQL runs.
#   with   runs a command with TEST_POSTGRES_URL set. A cluster that it had to start it stops again.
#
# As root the server runs as the user "postgres", because PostgreSQL refuses to run as root, and the cluster lies in
# /tmp, where that user can reach it; otherwise it lies in $TMPDIR.
set -euo pipefail

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
key=$(printf '%s' "$checkout" | cksum | cut -d' ' -f1)
base=/tmp
[ "$(id -u)" = 0 ] || base="${TMPDIR:-/tmp}"
home="$base/tideboard-pg-$(id -u)-$key"
data="$home/data"
log="$home/server.log"
unpacked="${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/tideboard-postgres"

fail() {
	echo "tools/postgres.sh: $*" >&2
	exit 1
}

# bin prints the directory of the newest PostgreSQL there is.
bin() {
	local newest
	newest=$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1)
	if [ -n "$newest" ]; then
		dirname "$newest"
	elif command -v initdb >/dev/null && command -v pg_ctl >/dev/null; then
		dirname "$(command -v initdb)"
	elif [ -f "$unpacked/libraries" ]; then
		newest=$(ls -d "$unpacked"/root/usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1)
		[ -n "$newest" ] && dirname "$newest"
	else
		return 1
	fi
}

install_server() {
	local sudo=()
	command -v apt-get >/dev/null ||
		fail "PostgreSQL is missing: install version 15 or newer, or set TEST_POSTGRES_URL to one."
	if [ "$(id -u)" != 0 ]; then
		if ! { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }; then
			"$checkout/tools/unpack.sh" "$unpacked" postgresql && bin >/dev/null ||
				fail "PostgreSQL is missing: run 'sudo apt-get install postgresql', or set TEST_POSTGRES_URL to one."
			return
		fi
		sudo=(sudo -n)
	fi
	echo "tools/postgres.sh: installing PostgreSQL" >&2
	{ "${sudo[@]}" apt-get update && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y postgresql; } \
		</dev/null >&2 || fail "apt-get could not install PostgreSQL: install it, or set TEST_POSTGRES_URL to one."
	bin >/dev/null || fail "apt-get installed PostgreSQL, but initdb is in none of the usual places."
}

# as_server runs a command as the user the server runs as.
as_server() {
	if [ "$(id -u)" != 0 ]; then
		local libraries=${LD_LIBRARY_PATH:-}
		case "$1" in "$unpacked"/*) libraries=$(cat "$unpacked/libraries") ;; esac
		(cd / && LD_LIBRARY_PATH=$libraries "$@")
	elif command -v runuser >/dev/null; then
		(cd / && runuser -u postgres -- "$@")
	else
		(cd / && su postgres -s /bin/sh -c 'exec "$0" "$@"' -- "$@")
	fi
}

running() {
	[ -f "$data/PG_VERSION" ] && as_server "$(bin)/pg_ctl" -D "$data" status >/dev/null 2>&1
}

# free_port prints a port of the loopback interface on which nobody listens.
free_port() {
	local port
	for _ in $(seq 50); do
		port=$((20000 + (RANDOM % 12000)))
		if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
			echo "$port"
			return
		fi
	done
	fail "no free port found on 127.0.0.1."
}

print_url() {
	echo "postgres://tideboard@127.0.0.1:$(sed -n 4p "$data/postmaster.pid")/postgres?sslmode=disable"
}

initdb() {
	as_server rm -rf "$data"
	as_server "$(bin)/initdb" -D "$data" -U tideboard -A trust -E UTF8 --locale=C.UTF-8 --no-sync "$@" 2>&1
}

init() {
	rm -rf "$home"
	mkdir -m 0700 "$home"
	if [ "$(id -u)" = 0 ]; then
		id postgres >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin postgres
		chown postgres "$home"
	fi
	# A locale that does not sort byte by byte, so that what relies on the order of text must say so.
	initdb --locale-provider=icu --icu-locale=en-US >/dev/null 2>&1 || initdb >&2 || fail "initdb failed, see above."
	as_server tee -a "$data/postgresql.conf" >/dev/null <<-CONF
		listen_addresses = '127.0.0.1'
		unix_socket_directories = ''
		max_connections = 300
		shared_buffers = 128MB
		fsync = off
		synchronous_commit = off
		full_page_writes = off
		autovacuum_naptime = 10s
		max_wal_size = 2GB
	CONF
}

start() {
	if [ -n "${TEST_POSTGRES_URL:-}" ]; then
		echo "$TEST_POSTGRES_URL"
		return
	fi
	bin >/dev/null || install_server
	if ! running; then
		init
		for _ in 1 2 3; do
			as_server "$(bin)/pg_ctl" -D "$data" -l "$log" -w -t 60 -o "-p $(free_port)" start </dev/null >/dev/null 2>&1 && break
		done
		running || { as_server cat "$log" >&2 || true; fail "PostgreSQL did not start, its log is above."; }
	fi
	print_url
}

stop() {
	if running; then
		as_server "$(bin)/pg_ctl" -D "$data" -m immediate -w stop </dev/null >/dev/null 2>&1 ||
			fail "the PostgreSQL in $data does not stop: stop it by hand, then delete $home."
	fi
	rm -rf "$home"
}

url() {
	if [ -n "${TEST_POSTGRES_URL:-}" ]; then
		echo "$TEST_POSTGRES_URL"
	else
		bin >/dev/null && running || fail "no PostgreSQL runs for this checkout: run tools/postgres.sh start."
		print_url
	fi
}

with() {
	[ $# -gt 0 ] || fail "usage: tools/postgres.sh with COMMAND…"
	if [ -z "${TEST_POSTGRES_URL:-}" ] && ! { bin >/dev/null && running; }; then
		trap stop EXIT
		trap 'exit 129' HUP
		trap 'exit 130' INT
		trap 'exit 143' TERM
	fi
	local url
	url=$(start)
	TEST_POSTGRES_URL=$url "$@"
}

case "${1:-}" in
start | stop | url) "$1" ;;
with)
	shift
	with "$@"
	;;
*) fail "usage: tools/postgres.sh start | stop | url | with COMMAND…" ;;
esac
