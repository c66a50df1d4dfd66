# What there is to do in this checkout; `make` alone lists it. Repetitions are quick: what has not changed is not redone.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check check-python check-web unit suites e2e shots fuzz fuzz-time bench deploy openapi lock fmt clean

PYTHON := .venv/bin/python
UV := .venv/bin/uv
STAGE ?= prod
INSTALLED := .venv/.installed
CDK := infra/node_modules/.bin/cdk
export CDK_VALIDATION ?= false

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /\1|/' | while IFS='|' read -r name text; do printf '  make %-10s %s\n' "$$name" "$$text"; done

$(INSTALLED): requirements/bootstrap.txt requirements/dev.txt requirements/cloud.txt scripts/install.sh
	@scripts/install.sh

web/node_modules/.installed: web/package-lock.json | $(INSTALLED)
	@$(PYTHON) -m local.build web

infra/node_modules/.installed: infra/package-lock.json | $(INSTALLED)
	@$(PYTHON) -m local.build infra

run: $(INSTALLED) ## start the desk on this machine (PORT, SMTP_PORT, DATA_DIR, DEMO=0)
	@exec $(PYTHON) -m local.run

check: $(INSTALLED) web/node_modules/.installed ## lint, types, imports, unit tests: under two minutes
	@$(MAKE) -j2 --output-sync=target check-python check-web

check-python:
	@$(PYTHON) -m ruff check --quiet .
	@$(PYTHON) -m ruff format --check --quiet .
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports --cache-dir .import_linter_cache
	@$(MAKE) unit

unit: $(INSTALLED)
	@$(PYTHON) -m pytest -q -n 2 tests/unit

check-web: web/node_modules/.installed
	@npm --prefix web run --silent check

suites: $(INSTALLED) infra/node_modules/.installed
	@$(PYTHON) -m pytest -q -n 2 --dist worksteal tests/contract tests/integration tests/infra tests/faults

e2e: $(INSTALLED) web/node_modules/.installed infra/node_modules/.installed
	@scripts/browser.sh
	@$(PYTHON) -m pytest -q -n 2 tests/e2e

test: ## everything that CI runs
	@$(MAKE) check
	@$(MAKE) suites
	@$(MAKE) e2e

fuzz: $(INSTALLED) ## look for mails that break the reader (SECONDS=300)
	@$(PYTHON) -m tests.fuzz.parse_mail --seconds $(or $(SECONDS),300)

fuzz-time: $(INSTALLED) ## hold business hours to the wall clock, minute by minute (CASES=100000)
	@$(PYTHON) -m tests.fuzz.business_time $(or $(CASES),100000)

shots: $(INSTALLED) web/node_modules/.installed infra/node_modules/.installed ## pictures of every main page in every look, in build/shots
	@scripts/browser.sh
	@$(PYTHON) -m tests.e2e.shots build/shots

bench: $(INSTALLED) web/node_modules/.installed infra/node_modules/.installed ## what the desk costs, as a table
	@$(PYTHON) -m benchmarks

deploy: $(INSTALLED) web/node_modules/.installed infra/node_modules/.installed ## deploy to the AWS account you are signed in to (STAGE=prod)
	@$(PYTHON) -m local.build pages
	@CDK_VALIDATION=true $(CDK) deploy --context stage=$(STAGE)

openapi: $(INSTALLED) web/node_modules/.installed ## write functions/portal/openapi.json and the pages' types anew
	@$(PYTHON) -m local.openapi
	@npm --prefix web run --silent types

lock: $(INSTALLED) ## write requirements/*.txt anew from pyproject.toml
	@compile() { $(UV) pip compile --quiet --upgrade --universal --python-version 3.13 --generate-hashes --no-header --no-emit-index-url --custom-compile-command "make lock" "$$@"; }; \
	compile pyproject.toml -o requirements/lambda.txt; \
	compile --group training -o requirements/training.txt; \
	compile --group verifying -o requirements/verifying.txt; \
	compile pyproject.toml --group dev -o requirements/dev.txt; \
	compile --group cloud -o requirements/cloud.txt; \
	echo uv | compile - -o requirements/bootstrap.txt

fmt: $(INSTALLED) ## format, and fix what a linter can
	@$(PYTHON) -m ruff check --quiet --fix . || true
	@$(PYTHON) -m ruff format --quiet .

clean: ## remove everything that was generated, the local desk's data included
	@if [ -e .desk/lock ] && ! flock --nonblock .desk/lock true; then echo "A desk runs on .desk: stop it first." >&2; exit 1; fi
	rm -rf .venv .venv-cloud .desk build cdk.out helpdesk.egg-info web/node_modules web/dist infra/node_modules
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage tests/e2e/artifacts
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
