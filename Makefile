# make chat: set up, build the index, open the chat.   make test: set up, run the tests.   Both need Python 3.11 or later.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt

.PHONY: chat install install-dev test check fit clean

chat: install
	@$(BIN)/insights build
	@$(BIN)/insights serve

install: .venv/installed
install-dev: .venv/installed-dev

# torch comes first and alone, so that the build of it which your pip is set up for is taken and not pulled in anew.
.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python %d.%d found, 3.11 or later wanted; say: make PYTHON=python3.11" % sys.version_info[:2])'
	$(PYTHON) -m venv .venv
	$(PIP) torch
	$(PIP) --editable .
	@touch $@

.venv/installed-dev: .venv/installed
	$(PIP) --editable '.[dev]'
	@touch $@

test: install-dev
	$(BIN)/python -m pytest

check: install-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

# Fits the policy to the committed questions; look at the figures that it prints before you commit what it wrote.
fit: install
	@$(BIN)/insights build --index .venv/fit-index
	$(BIN)/python -m evals.fit evals/cases/dystonia-and-seizures.jsonl --index .venv/fit-index --write retrieval/policy.json

clean:
	rm -rf .venv build *.egg-info
