# Every target works from a fresh clone: it installs what it needs (deps/) and builds what it runs.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.NOTPARALLEL:
.DEFAULT_GOAL := help
FUZZ_SECONDS ?= 60
MINUTES ?= 20

.PHONY: help run test deps build unit asan tsan fuzz sweep bench infra deploy destroy cost format lint layers tidy clean
export HOMEROOM_AWS_PROFILE = $(PROFILE)
export HOMEROOM_AWS_SETTINGS = $(abspath $(SETTINGS))

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

run: ## sample district (or DATA=folder) from raw files to answers
	@tools/deps install run
	@tools/build release homeroom
	@tools/run

test: ## everything that must pass: lint, then every test
	@tools/deps install run test lint aws
	@$(MAKE) --no-print-directory lint
	@tools/build dev
	@tools/run_tests dev

deps: ## install what building, testing and linting need
	@tools/deps install run test lint aws

build: ## debug build of everything, warnings are errors
	@tools/deps install run test
	@tools/build dev

unit: build ## every test, without lint
	@tools/run_tests dev

asan: ## every test under AddressSanitizer and UBSan
	@tools/deps install run test
	@tools/build asan
	@tools/run_tests asan

tsan: ## every test under ThreadSanitizer
	@tools/deps install run test
	@tools/build tsan
	@tools/run_tests tsan

fuzz: ## every fuzz target for FUZZ_SECONDS (60) each
	@tools/deps install run test fuzz
	@tools/build fuzz
	@tools/fuzz $(FUZZ_SECONDS)

sweep: ## every fault, MINUTES (20) each: kills, failing calls, cut wires, crashes, full disks
	@tools/deps install run test
	@tools/build dev homeroom fault_at
	@tests/sweep/sweep.py --long --minutes $(MINUTES)

bench: ## every benchmark beside the code, and reading and cleaning against others
	@tools/deps install run test
	@command -v cargo >/dev/null || tools/deps install bench
	@tools/build bench
	@tools/run_benches
	@bench/read_race.py --maker ../shared/bench/gen.py
	@tools/build release homeroom
	@bench/race.py --peers ../shared/bench
	@bench/load_race.py --peers ../shared/bench

infra: ## the AWS app: synthesise (infra/cdk.out), test, lint; PROFILE=small|medium|large SETTINGS=file.json
	@infra/check

cost: ## what the AWS shape costs a month, by profile, from published prices
	@infra/cost/estimate

deploy: ## put the AWS shape into the account that you are signed in to (docs/guide/aws.md)
	@infra/deploy

destroy: ## take the AWS pipeline down; files and database stay, unless DATA=delete
	@infra/destroy $(if $(filter delete,$(DATA)),--data)

format: ## rewrite C++ sources in the house format
	@tools/deps install lint
	@tools/format

lint: ## format, layers, tree rules, clang-tidy
	@tools/deps install run test lint
	@tools/format --check
	@tools/check_layers.py
	@tools/check_tree.py
	@$(MAKE) --no-print-directory tidy

layers: ## which folder may include which (src/LAYERS)
	@tools/check_layers.py

tidy: ## clang-tidy over what changed since it last passed
	@tools/deps install run test lint
	@tools/build --configure dev
	@tools/tidy build/dev

clean: ## remove build/ (loaded data stays)
	@rm -rf build
