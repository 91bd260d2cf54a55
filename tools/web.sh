#!/usr/bin/env bash
# The web application of this checkout: build | deps | test | e2e | shots | trace
#
#   build  makes web/dist, which the server embeds, unless it was made from the same sources already.
#   deps   installs the packages of web/package-lock.json, unless they are there.
#   test   runs the unit tests.
#   e2e    runs the tests in a real Chromium against bin/tideboard, which must have been built.
#   shots  takes screenshots of every screen into web/shots, by the same server.
#   trace  measures how a board of 1,000 cards opens and drags, by the same server: traces for DevTools in web/traces. It
#          says what it found, and fails only when it cannot measure.
#
# What was built is recognised by the content of its sources, not by times: a copy of a checkout need not build again.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../web"

fail() {
	echo "tools/web.sh: $*" >&2
	exit 1
}

command -v npm >/dev/null || fail "npm is missing: install Node 20.19 or newer."

# sources prints one digest of everything that dist is made from.
sources() {
	{
		find src public ../schema -type f ! -path 'src/gql/*' ! -name '*.test.ts' ! -name '*.test.tsx'
		ls index.html package.json package-lock.json tsconfig.json vite.config.ts codegen.mjs
	} | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -d' ' -f1
}

deps() {
	local want
	want=$(sha256sum <package-lock.json)
	if [ "$(cat node_modules/.tideboard 2>/dev/null)" != "$want" ]; then
		npm ci --no-audit --no-fund
		echo "$want" >node_modules/.tideboard
	fi
}

build() {
	local want
	want=$(sources)
	if [ -f dist/index.html ] && [ "$(cat dist/.sources 2>/dev/null)" = "$want" ]; then
		return
	fi
	deps
	npm run --silent build
	echo "$want" >dist/.sources
}

case "${1:-}" in
build | deps) "$1" ;;
test)
	deps
	npm run --silent test
	;;
e2e | shots | trace)
	[ -x ../bin/tideboard ] || fail "bin/tideboard is missing: run make build."
	deps
	CHROMIUM=$(../tools/chromium.sh)
	CHROMIUM=$CHROMIUM npm run --silent "$1"
	;;
*) fail "usage: tools/web.sh build | deps | test | e2e | shots | trace" ;;
esac
