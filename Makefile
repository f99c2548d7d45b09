# `make run` opens the dashboard, `make test` checks everything. Both install what they
# need into .venv, and only when the lists of requirements have changed since.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PORT ?= 8501
VENV := .venv
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip --disable-pip-version-check -qq --no-input

# A stamp's name holds a checksum of the lists it stands for, so that any change to
# them, a checkout of an older commit too, installs again and nothing else does.
checksum = $(shell cat $(1) | cksum | cut -d ' ' -f 1)
RUN_LISTS := requirements.txt constraints.txt
TEST_LISTS := requirements-dev.txt $(RUN_LISTS)
INSTALLED := $(VENV)/.installed-$(call checksum,$(RUN_LISTS))
INSTALLED_DEV := $(VENV)/.installed-dev-$(call checksum,$(TEST_LISTS))

# TensorFlow's notes about the processor would drown what tests say.
export TF_CPP_MIN_LOG_LEVEL ?= 3
# Tests start dozens of processes: what one has compiled of ours the next need not.
unexport PYTHONDONTWRITEBYTECODE

# Two tests at a time, a file's on one process, as they share what is costly to make,
# and the files in the order of tests/conftest.py, not by how many tests they hold.
PYTEST := $(PYTHON) -m pytest --quiet --numprocesses 2 --dist loadfile \
  --no-loadscope-reorder
# What the tests ran is measured by `make test-deep` alone, as it takes half as long again.
COVERAGE := $(if $(DEEP),--cov --cov-report=)
ADD_COVERAGE := $(if $(DEEP),$(COVERAGE) --cov-append)
NO_PAGES := --ignore tests/pages
# `tests/conftest.py` sees to it that no test with workers lies elsewhere.
WITH_WORKERS := tests/browser tests/runs tests/test_imports.py

.PHONY: help
help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# ---- what a person runs

.PHONY: run
run: $(INSTALLED) ## install what is missing and open the dashboard (PORT=8501)
	@echo "Branchboard opens on http://127.0.0.1:$(PORT) (Ctrl-C ends it)"
	@case "$$(uname)$${DISPLAY-}$${WAYLAND_DISPLAY-}" in Linux) headless=true;; \
	  *) headless=false;; esac; \
	exec $(PYTHON) -m streamlit run app.py --server.port $(PORT) \
	  --server.address 127.0.0.1 --server.headless $$headless \
	  --server.showEmailPrompt false --logger.hideWelcomeMessage true

.PHONY: test
test: format-check lint pages unit types-and-browser $(if $(DEEP),coverage) ## everything: format, lint, types and all tests

.PHONY: test-deep
test-deep: ## everything, the slow checks at their full size, and what the tests ran
	DEEP=1 $(MAKE) test

# ---- one check at a time

.PHONY: format
format: $(INSTALLED_DEV) ## rewrite the code in the one format
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .

.PHONY: format-check
format-check: $(INSTALLED_DEV)
	$(PYTHON) -m ruff format --check .

.PHONY: lint
lint: $(INSTALLED_DEV) ## ruff's rules
	$(PYTHON) -m ruff check .

.PHONY: types
types: $(INSTALLED_DEV) ## mypy --strict on the core and the pages' parts
	$(PYTHON) -m mypy

# Apart from the others, as pages run in processes without Keras: where there is one,
# Streamlit has all of its memory looked through after each run of a page.
.PHONY: pages
pages: $(INSTALLED_DEV) ## tests that open pages without a browser
	$(PYTEST) tests/pages $(COVERAGE)

.PHONY: unit
unit: $(INSTALLED_DEV) ## all other tests of the core and the command line
	$(PYTEST) $(NO_PAGES) -m "not browser and not cluster" $(ADD_COVERAGE)

# Each process has a server, workers and a browser of its own, and mostly waits for them.
.PHONY: browser
browser: $(INSTALLED_DEV) chromium ## tests with real workers and a real Chromium
	$(PYTEST) $(WITH_WORKERS) -m "browser or cluster" $(ADD_COVERAGE)

# At once, as tests that wait leave room on two cores.
.PHONY: types-and-browser
types-and-browser: $(INSTALLED_DEV)
	$(MAKE) --jobs 2 --output-sync=target types browser

.PHONY: coverage
coverage: $(INSTALLED_DEV)
	$(PYTHON) -m coverage report --skip-covered --skip-empty --precision 1

.PHONY: chromium
chromium: $(INSTALLED_DEV)
	@$(PYTHON) tests/browser/chromium.py

# ---- upkeep

.PHONY: bench
bench: $(INSTALLED_DEV) chromium ## measure training speed and the pages
	$(PYTHON) benchmarks/throughput.py
	$(PYTHON) benchmarks/pages.py

.PHONY: screenshot
screenshot: $(INSTALLED_DEV) chromium ## take the README's picture from the running app
	$(PYTHON) docs/take_screenshot.py

.PHONY: upgrade
upgrade: $(PYTHON) ## the newest releases that the ranges allow, and constraints.txt from them
	$(PIP) install --upgrade --upgrade-strategy eager --requirement requirements-dev.txt
	$(MAKE) constraints

.PHONY: constraints
constraints: $(PYTHON) ## write constraints.txt from what .venv holds now
	@{ echo "# The exact versions that were tested. Written by \`make constraints\`."; \
	  $(PYTHON) -m pip freeze; } > $(VENV)/constraints.txt
	@mv $(VENV)/constraints.txt constraints.txt

.PHONY: clean
clean: ## remove .venv and what tools left behind; no data
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- installing

# TensorFlow has no wheels for the newest Python at first, so a known one is preferred.
$(PYTHON):
	@for found in $${BASE_PYTHON-} python3.11 python3.12 python3.13 python3; do \
	  $$found -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	    2>/dev/null && break; found=; \
	done; \
	[ -n "$$found" ] || { echo "Python 3.11, 3.12 or 3.13 is needed and was not" \
	  "found. Install one, or name it: make BASE_PYTHON=/path/to/python3.11" >&2; exit 1; }; \
	$$found -m venv --clear $(VENV)

# Compiled afterwards, on all cores. Some packages hold templates that are no Python.
define install
@$(PIP) install --no-compile --requirement $(1) --constraint constraints.txt
@$(PYTHON) -m compileall -qq -j 0 $(VENV)/lib >/dev/null 2>&1 || true
endef

$(INSTALLED): $(PYTHON)
	@echo "Installing what Branchboard needs into $(VENV) (about two minutes)"
	$(call install,requirements.txt)
	@rm -f $(VENV)/.installed-[0-9]* && touch $@

# The tests' list holds the other, which pip need not go through by itself before.
$(INSTALLED_DEV): $(PYTHON)
	@echo "Installing what Branchboard and its tests need into $(VENV) (minutes)"
	$(call install,requirements-dev.txt)
	@rm -f $(VENV)/.installed-* && touch $(INSTALLED) $@
