# One command for everything. `make help` lists the targets.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard builder/locale/*/LC_MESSAGES/*.po server/locale/*/LC_MESSAGES/*.po))

.PHONY: help env env-dev build demo lint unit test bench scale lock docs messages clean system-env system-test

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

env: $(VENV)/.runtime $(CATALOGUES) ## make .venv from the lock file

env-dev: $(VENV)/.dev $(CATALOGUES) ## the same with what the tests need

build: env ## build the course, both PDFs and the deliveries into dist/
	$(BIN)/kyozai build

demo: build ## build, make the sample staff, serve on http://127.0.0.1:8000 (PORT=…)
	$(BIN)/kyozai demo --port $(PORT)

lint: env-dev ## lint, types and import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: system-test env-dev ## the unit tests alone
	$(BIN)/pytest tests/unit --numprocesses=logical --maxprocesses=4

test: system-test lint ## lint, types, import rules and all tests
	$(BIN)/pytest --complete --numprocesses=logical --maxprocesses=4

bench: $(VENV)/.bench $(CATALOGUES) ## measure against floors of the same run (BENCH=build: one topic)
	$(BIN)/python -m tests.benchmarks $(BENCH)

scale: build env-dev ## simulate a metropolis on PostgreSQL and measure it (PEOPLE=170000 YEARS=5)
	$(BIN)/python -m tests.benchmarks.scale --people $(or $(PEOPLE),170000) --years $(or $(YEARS),5)

lock: env-dev ## renew the lock files (hashes only, no addresses)
	$(BIN)/uv pip compile pyproject.toml --extra install --universal --python-version 3.11 \
	  --generate-hashes --no-header --no-annotate --upgrade --quiet -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml --extra install --extra dev --universal --python-version 3.11 -c requirements.txt \
	  --generate-hashes --no-header --no-annotate --upgrade --quiet -o requirements-dev.txt
	$(BIN)/uv pip compile pyproject.toml --extra install --extra bench --universal --python-version 3.11 -c requirements.txt \
	  --generate-hashes --no-header --no-annotate --upgrade --quiet -o requirements-bench.txt

docs: env-dev ## write the pages that are made from the code (docs/problems.md, docs/permissions.md, docs/source-files.md)
	$(BIN)/python -m tests.problems_page
	$(BIN)/python -m tests.permissions_page
	$(BIN)/kyozai schema --reference > docs/source-files.md

messages: env-dev ## collect new strings into the translation catalogues
	$(BIN)/pybabel -q extract -F pyproject.toml --no-location --sort-output --omit-header -k N_ -o builder/locale/builder.pot builder
	$(BIN)/pybabel -q extract -F pyproject.toml --no-location --sort-output --omit-header -k N_ -o server/locale/server.pot server
	$(BIN)/pybabel -q update -D builder -i builder/locale/builder.pot -d builder/locale --no-fuzzy-matching --omit-header --no-wrap
	$(BIN)/pybabel -q update -D server -i server/locale/server.pot -d server/locale --no-fuzzy-matching --omit-header --no-wrap

clean: ## remove everything that was made
	rm -rf $(VENV) tests/npm/node_modules dist .kyozai .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
	find builder server -name '*.mo' -delete

$(VENV)/.runtime: requirements.txt pyproject.toml | system-env
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.dev: requirements-dev.txt tests/npm/package-lock.json $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/npm ci --prefix tests/npm --ignore-scripts --no-audit --no-fund --silent
	touch $@

$(VENV)/.bench: requirements-bench.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	touch $@

# A catalogue without a header (see messages) counts as fuzzy as a whole; none of its messages is.
%.mo: %.po | $(VENV)/.runtime
	$(BIN)/pybabel -q compile --use-fuzzy -i $< -o $@

# Installs the Debian packages that are missing when that is allowed, else prints the line to type.
define system_packages
	@command -v dpkg-query >/dev/null || { echo "Not Debian: see packages.apt for what is needed." >&2; exit 0; }; \
	missing=$$(awk '$$1 ~ /^($(1))$$/ { print $$2 }' packages.apt | while read -r package; do \
	  dpkg-query -W -f='$${Status}\n' "$$package" 2>/dev/null | grep -q 'install ok installed' || printf '%s ' "$$package"; done); \
	test -z "$$missing" && exit 0; \
	if [ "$$(id -u)" = 0 ]; then as_root=; elif sudo -n true 2>/dev/null; then as_root=sudo; \
	else echo "Missing: $$missing" >&2; echo "Type:    sudo apt-get install --yes $$missing" >&2; exit 1; fi; \
	$$as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$as_root apt-get install -qq --yes --no-install-recommends $$missing >/dev/null
endef

system-env:
	$(call system_packages,env)

system-test:
	$(call system_packages,env|test)
