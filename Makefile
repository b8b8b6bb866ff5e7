# Everything that is done with this repository; `make help` lists it. A machine with Python 3.11 and make is enough.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
RUN := run

.DEFAULT_GOAL := help
.PHONY: help setup run test lint docs bench bench-country soak clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

setup: $(READY) ## make .venv from the lock, and the engine's database

$(READY): requirements.lock pyproject.toml
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null \
	  || { echo "Python 3.11 is needed: install it, or make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "setting up $(VENV) (about a minute) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m flows.engine.make_database
	@touch $@

run: $(READY) ## try it: a sample inbox, a night, and where its reports are
	@rm -rf $(RUN)/inbox
	@$(BIN)/tonghop sample $(RUN)/inbox
	@$(BIN)/tonghop nightly --inbox $(RUN)/inbox --home $(RUN)/home --as-of 2022-04-19T20:00:00+07:00

test: lint ## check style, imports and docs, install the system packages that tests need, and run every test
	@tests/system_packages.sh
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

lint: $(READY) ## check style, types, direction of imports, generated docs, and the dependencies for known vulnerabilities
	@$(BIN)/ruff check . || { echo "fix it: $(BIN)/ruff check --fix ."; exit 1; }
	@$(BIN)/ruff format --check --quiet . || { echo "fix it: $(BIN)/ruff format ."; exit 1; }
	@$(BIN)/lint-imports --no-logo || { echo "fix it: flows > warehouse > expectations > sources; import downwards only"; exit 1; }
	@$(BIN)/mypy || { echo "fix it: each annotation that mypy names; pyproject.toml says what is checked"; exit 1; }
	@$(BIN)/python -m warehouse.dictionary --check
	@$(BIN)/python -m warehouse.reports.template_text --check
	@$(BIN)/python -m flows.commands.docs --check
	@$(BIN)/python .ci/audit.py

docs: $(READY) ## write the generated docs again
	@$(BIN)/python -m warehouse.dictionary
	@$(BIN)/python -m warehouse.reports.template_text
	@$(BIN)/python -m flows.commands.docs

bench: $(READY) ## time the night on 1,000 and 4,000 units, and on the sample's 43 files
	@$(BIN)/python bench/bench.py

bench-country: $(READY) ## time the night on the whole country's 10,600 communes, and a repeat with 5% new files
	@$(BIN)/python bench/country.py

soak: $(READY) ## kill 85 nights, try every fault, each kind of hostile input and 5,000 mutations (some 50 minutes)
	@$(BIN)/python tests/soak.py
	@$(BIN)/python tests/mutations.py --count 5000 --seed 1

clean: ## remove what was made here, except .venv
	@rm -rf $(RUN) .bench .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache build
