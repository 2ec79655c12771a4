# make chat: set up, build the index, open the chat.   make test: set up, run the tests.   Both need Python 3.11 or later.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --constraint constraints.txt

CASES := evals/cases/dystonia-and-seizures

.PHONY: chat install install-dev test check figures fit evals pictures clean

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
	$(BIN)/python -m pytest -m "not benchmark and not exhaustive" --numprocesses auto --dist loadfile

check: install-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

# Takes the README's pictures; needs Chromium.
pictures: install-dev
	@$(BIN)/insights build
	$(BIN)/python -m tests.browser.screenshots docs

# Prints the README's figures on the article.
figures: install
	@$(BIN)/insights build --index .venv/figures-index
	$(BIN)/insights eval answers --data $(CASES).jsonl --index .venv/figures-index
	$(BIN)/insights eval answers --data $(CASES).held-out.jsonl --index .venv/figures-index

# Fits the weights of what the reader sees to own questions on topics that it was not trained on, which are on these
# TEXTS: MedQuAD's, one {"id", "text"} a line. Look at the figures before you commit.
fit: install
	$(BIN)/python -m evals.fit --corpus $(TEXTS) --write retrieval/policy.json

# Measures on public sets, for evals/results and the README: make evals DATA=folder-of-the-sets.
# A set of retrieval is a folder with corpus.jsonl.gz, dev/queries.jsonl.gz and dev/qrels.tsv, one of conversations a
# folder with dev/conversations.jsonl.gz. Stopped half way, it goes on where it was.
MEASURED := .venv/evals
RETRIEVAL := scifact medquad medquad-neuro liveqa liveqa-summaries bioasq pubmedqa clapnq
$(MEASURED)/retrieval-scifact.json: SET = scifact
$(MEASURED)/retrieval-scifact.json: OPTIONS = --where beir=test
$(MEASURED)/retrieval-medquad.json: SET = medquad
$(MEASURED)/retrieval-medquad-neuro.json: SET = medquad
$(MEASURED)/retrieval-medquad-neuro.json: OPTIONS = --where neuro=true
$(MEASURED)/retrieval-liveqa.json $(MEASURED)/retrieval-liveqa-summaries.json: SET = liveqa_med
$(MEASURED)/retrieval-liveqa.json $(MEASURED)/retrieval-liveqa-summaries.json: CORPUS = medquad
$(MEASURED)/retrieval-liveqa.json: OPTIONS = --relevance 2 --condensed
$(MEASURED)/retrieval-liveqa-summaries.json: OPTIONS = --relevance 2 --condensed --query-text nlm_summary
$(MEASURED)/retrieval-bioasq.json: SET = bioasq_7_11
$(MEASURED)/retrieval-pubmedqa.json: SET = pubmedqa_l
$(MEASURED)/retrieval-clapnq.json: SET = clapnq_dev
$(MEASURED)/followups-mtrag.json: SET = mtrag
BEIR = --corpus $(DATA)/$(or $(CORPUS),$(SET))/corpus.jsonl.gz --queries $(DATA)/$(SET)/dev/queries.jsonl.gz \
    --qrels $(DATA)/$(SET)/dev/qrels.tsv

evals: $(RETRIEVAL:%=$(MEASURED)/retrieval-%.json) $(MEASURED)/followups-mtrag.json \
    $(MEASURED)/reading-clapnq.json $(MEASURED)/reading-squad2-kept-out.json
	@# The resolver learnt from these two sets: what is kept was measured with one that hadn't (evals/LOG.md).
	cp evals/results/rewriting-*.json $(MEASURED)
	$(BIN)/python -m evals.results $(MEASURED) evals/results
	@rm -r $(MEASURED)

$(MEASURED)/retrieval-%.json: | install data
	$(BIN)/insights eval retrieval $(BEIR) $(OPTIONS) --json $@
$(MEASURED)/followups-%.json: | install data
	$(BIN)/insights eval followups $(BEIR) --json $@
$(MEASURED)/reading-clapnq.json: | install data
	$(BIN)/insights eval reading --data $(DATA)/reading/clapnq.jsonl.gz --json $@
# The reader learns from the first eight articles of this half of SQuAD 2 and is measured on the other three.
$(MEASURED)/reading-squad2-kept-out.json: | install data
	@mkdir -p $(MEASURED)
	gzip -dc $(DATA)/squad2_dev_half/dev/qa.jsonl.gz | tail -n +2973 > $(MEASURED)/squad2-kept-out.jsonl
	$(BIN)/insights eval reading --data $(MEASURED)/squad2-kept-out.jsonl \
	    --corpus $(DATA)/squad2_dev_half/corpus.jsonl.gz --json $@
	@rm $(MEASURED)/squad2-kept-out.jsonl

.PHONY: data
data:
	@test -d "$(DATA)" || { echo "DATA: found '$(DATA)', wanted the folder of the public sets; say: make evals DATA=FOLDER"; exit 2; }

clean:
	rm -rf .venv build *.egg-info
