# make chat: set up, build the index, open the chat.   make test: set up, run the tests.   Both need Python 3.11 or later.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt

CASES := evals/cases/dystonia-and-seizures

.PHONY: chat install install-dev test check figures clean

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

# Prints the README's figures. With FIT=1 it also writes the policy that it fitted; look at the figures before you commit.
figures: install
	@$(BIN)/insights build --index .venv/figures-index
	$(BIN)/python -m evals.fit $(CASES).jsonl --held-out $(CASES).held-out.jsonl --index .venv/figures-index \
	    $(if $(FIT),--write retrieval/policy.json)

clean:
	rm -rf .venv build *.egg-info
