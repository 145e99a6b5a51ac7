# Everything a person or a machine does with this project. Needs Python 3.11 or newer, and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test test-fast test-browser check screenshots messages train bench lock clean help

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

run: $(VENV)/.run ## set up what is missing, load the demo into an empty database, serve
	@$(BIN)/spiegel serve --demo-if-empty

test: $(VENV)/.dev ## everything: lint, types, translations, tests on SQLite and PostgreSQL, browser tests
	@$(BIN)/python tools/run_checks.py

test-fast: $(VENV)/.dev ## the tests on SQLite, without browser and kill tests
	@$(BIN)/python tools/run_checks.py sqlite

test-browser: $(VENV)/.dev ## the browser tests alone
	@$(BIN)/python tools/run_checks.py browser

check: $(VENV)/.dev ## lint, types, translations, migrations
	@$(BIN)/python tools/run_checks.py lint types translations migrations

screenshots: $(VENV)/.dev ## take the pictures in docs/img anew
	@SPIEGEL_SCREENSHOTS=1 $(BIN)/python -m pytest -q tests/browser/test_pictures.py

messages: $(VENV)/.dev ## bring the translation catalogues up to date
	@$(BIN)/python tools/messages.py update

train: $(VENV)/.dev ## train the mirror anew from the corpus
	@$(BIN)/python tools/training

bench: $(VENV)/.dev ## measure pages at 100,000 deals, start-up, and the mirror beside scikit-learn
	@$(BIN)/python tools/bench $(OPTIONS)

lock: $(VENV)/.dev ## pin every dependency anew, with hashes
	@$(BIN)/python -m pip install --quiet uv
	@for name in run dev; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header requirements/$$name.in -o requirements/$$name.txt; done

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Spiegel needs Python 3.11 or newer; $(PYTHON) is older. Give another: make run PYTHON=python3.12"; exit 2; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@echo "Setting up Spiegel (once) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt
	@touch $@

clean: ## remove what was built (never the data in var/)
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache build
