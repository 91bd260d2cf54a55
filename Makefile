# Tideboard. `make help` says what there is.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

export PORT ?= 8000
export VAR_DIR ?= var

# Files as git sees them, committed or not, without what it ignores.
go_files = git ls-files -co --exclude-standard -- '*.go'
test_files = git ls-files -co --exclude-standard -- '*_test.go'

.PHONY: help run build web test shots pictures trace lint generate migrate truth bench

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: web ## start the server with demo data on PORT (8000), its SQLite database in VAR_DIR (var)
	go run ./server serve --demo

web: ## build the web application, which the server embeds
	@tools/web.sh build

build: web ## build the server with the web application into bin/tideboard, one static file
	CGO_ENABLED=0 go build -trimpath -o bin/tideboard ./server

# SQLite is C turned into Go, locked by its caller: watching its memory finds nothing and takes two thirds of the tests' time.
race = -race -gcflags='modernc.org/...=-race=false'

test: build ## run every test: Go under the race detector on SQLite and on a real PostgreSQL, the web application in Chromium
	@if [ -f server/e2e/package.json ]; then npm ci --prefix server/e2e --no-audit --no-fund; fi
	tools/web.sh test
	tools/web.sh e2e
	tools/postgres.sh with go test $(race) -timeout 20m ./...

shots: build ## take screenshots of every screen into web/shots
	tools/web.sh shots

pictures: build ## take the pictures of the README into docs/images
	tools/web.sh pictures

trace: build ## measure how a board of 1,000 cards opens and drags in Chromium; its traces go into web/traces
	tools/web.sh trace

lint: ## check format, vet, staticcheck, and that no test skips or sleeps
	@unformatted=$$($(go_files) | xargs -r gofmt -l); \
		[ -z "$$unformatted" ] || { echo "not formatted, run gofmt -w:"; echo "$$unformatted"; exit 1; }
	@! { $(test_files) | xargs -r grep -nE '\b(t|b|f|tb)\.Skip(f|Now)?\(|\btime\.Sleep\('; } || \
		{ echo "a test must neither skip nor sleep"; exit 1; }
	go vet ./...
	go tool staticcheck ./...

generate: ## renew the generated code: ent's graph, then gqlgen's resolvers
	go generate ./ent
	go tool gqlgen generate

migrate: ## write the next migration of both dialects: make migrate NAME=what_changes
	@[ -n "$(NAME)" ] || { echo "usage: make migrate NAME=what_changes"; exit 1; }
	tools/postgres.sh with go run ./migrations/generate "$(NAME)"

truth: build ## prove the live board's promises against real servers: SQLite, PostgreSQL, two servers on one PostgreSQL
	for mode in sqlite pg pg2; do \
		echo "truth: $$mode"; \
		tools/postgres.sh with go run ./bench/truth -mode $$mode -server bin/tideboard; \
	done

bench: build ## run the benchmarks
	tools/postgres.sh with go run ./bench
