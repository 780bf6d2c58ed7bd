# What a person types. CI types the same.
SHELL := /bin/bash
PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Some machines forbid it, and every process would then compile Django anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run test quick test-long check bench format messages clean

help: ## Print this
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

run: .venv/ready ## Start everything on this machine, with a demo world (PORT=8000)
	@exec python -m sandbox.house --port $(PORT)

test: .venv/ready ## Install what tests need, check everything, run every test
	@tools/install_chromium
	@$(MAKE) --no-print-directory check
	@pytest -n 2 --dist loadgroup -p tests.journeys.groups --durations=10

quick: .venv/ready ## Test what your change touches, nearest first, in less than a minute
	@python -m tools.quick

test-long: .venv/ready ## Run every test, with as many tries as a night allows
	@tools/install_chromium
	@MYPOST_TEST_LONG=1 pytest -n 2 --dist loadgroup -p tests.journeys.groups --durations=10

check: .venv/ready ## ruff, mypy, floors of the house, missing migrations and translations
	@tools/check

bench: .venv/ready ## Print each figure beside its target and its bare limit
	@python -m tools.bench

format: .venv/ready ## Format the code
	@ruff check -q --fix . ; ruff format .

messages: .venv/ready ## Bring the catalogues of translations up to date
	@python -m tools.messages

clean: ## Forget the demo world and everything else in var/
	@rm -rf var

.venv/ready: requirements/dev.txt tools/make_environment
	@tools/make_environment $(PYTHON)
	@touch $@
