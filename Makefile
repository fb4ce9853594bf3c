# `make` alone lists the targets: everything behind ## below is their help.

SHELL   := bash
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)
UI      := $(wildcard ui/package.json)

# The folders with Go code; gofmt would walk ui/node_modules otherwise.
GO_DIRS := $(wildcard .ci bench docs engine examples schemas server templates $(wildcard ui/*.go))

.DEFAULT_GOAL := help
.PHONY: help run dev build ui api test bench torture fuzz lint fmt clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## build, then serve from ./data on http://localhost:8080 (ARGS="--listen :9090")
	bin/formwork serve $(ARGS)

dev: ## serve without building the UI; with a UI, its dev server runs beside it
ifneq ($(UI),)
	@test -d ui/node_modules || (cd ui && npm ci)
	@trap 'kill 0' EXIT; (cd ui && npm run dev) & go run ./server serve $(ARGS)
else
	go run ./server serve $(ARGS)
endif

build: ui ## the whole product in bin/formwork, the example in bin/maven
	CGO_ENABLED=0 go build -trimpath -ldflags "$(LDFLAGS)" -o bin/formwork ./server
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o bin/maven ./examples/maven

# A part of build, left out where there is no UI or no Node: the binary then carries what ui/dist holds.
ui:
ifneq ($(UI),)
	@if command -v npm >/dev/null; then cd ui && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build; \
	else echo "WARNING: npm is missing, bin/formwork is built WITHOUT A FRESH UI" >&2; fi
endif

api: ## write docs/openapi.json, from which the UI's client is generated
	go run ./server openapi > docs/openapi.json.new && mv docs/openapi.json.new docs/openapi.json

test: ## format, vet, every test on both stores, the interface in a browser; the last line names what was skipped
	@.ci/test

bench: build ## Go benchmarks (BENCH=regexp); then how fast the interface is in Chromium: a long list, Lighthouse on the phone's form
	go test -run '^$$' -bench '$(or $(BENCH),.)' -benchmem ./...
	cd ui && npm run --silent bench

torture: ## the crash tests, ROUNDS=100 times each
	FORMWORK_TORTURE=$(or $(ROUNDS),100) FORMWORK_REQUIRE_MONGODB=true go test -count=1 -timeout 120m -run 'Torture|Kill' ./...

fuzz: ## every fuzz target in turn (FUZZTIME=30s each)
	@.ci/fuzz $(or $(FUZZTIME),30s)

lint: ## gofmt and go vet; staticcheck where it is installed; the UI's linter
	@files=$$(gofmt -l $(GO_DIRS)); test -z "$$files" || { echo "not formatted, run make fmt:"; echo "$$files"; exit 1; }
	go vet ./...
	@if command -v staticcheck >/dev/null; then staticcheck ./...; fi
ifneq ($(UI),)
	@if [ -d ui/node_modules ]; then cd ui && npm run lint; else echo "ui/ not linted: run npm ci there first"; fi
endif

fmt: ## format the Go code
	gofmt -w $(GO_DIRS)

clean: ## remove bin/ and the built UI; never ./data
	rm -rf bin
	find ui/dist -mindepth 1 ! -name .placeholder -delete 2>/dev/null || true
