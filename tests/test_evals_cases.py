"""Evaluation cases: what is loaded, and that each fault is told in one line with its file and line."""

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Document, Span
from evals.cases import Case, load_cases
from evals.jsonl import DataError
from ingest.sentences import sentences
from tests.fiction import MOTHS, REEDS, document_of, write

DOCUMENTS = {"moths": document_of(MOTHS), "reeds": document_of(REEDS, document_id="reeds")}
GOOD: dict[str, Any] = {
    "id": "1",
    "kind": "plain",
    "question": "How long do moths shine?",
    "history": ["What are moths?"],
    "gold": ["Glimmer moths shine", "The light is pale"],
}


def line(**changed: object) -> str:
    return json.dumps(GOOD | changed, ensure_ascii=False)


def file_of(tmp_path: Path, *lines: str) -> Path:
    return write(tmp_path / "cases.jsonl", "".join(f"{text}\n" for text in lines))


def load(path: Path, documents: Mapping[str, Document] = DOCUMENTS) -> list[Case]:
    return load_cases(path, documents.values(), sentences)


def sentence(document_id: str, text: str) -> Span:
    (found,) = (span for span in sentences(DOCUMENTS[document_id]) if text in span.text)
    return found


def test_a_case_is_loaded_with_its_gold_resolved_to_ranges_best_first(tmp_path: Path) -> None:
    lines = [line(), line(id="2", gold=["In the ledgers"], history=[]), line(id="3", gold=[], question="")]
    gold = (sentence("moths", "Glimmer moths shine"), sentence("moths", "The light is pale"))
    question, history = "How long do moths shine?", ("What are moths?",)
    assert load(file_of(tmp_path, *lines), DOCUMENTS) == [
        Case("1", "plain", question, history, gold),
        Case("2", "plain", question, (), (sentence("reeds", "In the ledgers"),)),
        Case("3", "plain", "", history, ()),
    ]


def test_a_part_of_a_sentence_stands_for_the_whole_and_one_that_goes_on_for_both(tmp_path: Path) -> None:
    first, second, *_ = sentences(DOCUMENTS["moths"])
    between = DOCUMENTS["moths"].text[first.end - 9 : second.start + 9]
    inside = first.text[3:20]
    (within, across) = load(file_of(tmp_path, line(gold=[inside, first.text]), line(id="2", gold=[between])))
    assert within.gold == (first,)
    assert across.gold == (first, second)


def test_a_gzipped_file_gives_the_same_cases(tmp_path: Path) -> None:
    plain = file_of(tmp_path, line(), line(id="2"))
    packed = tmp_path / "cases.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert load(packed, DOCUMENTS) == load(plain, DOCUMENTS)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_question_is_loaded_as_it_is(tmp_path_factory: pytest.TempPathFactory, question: str) -> None:
    path = tmp_path_factory.getbasetemp() / "questions.jsonl"
    write(path, f"{line(question=question)}\n{line(id='2', history=[question, question])}")
    first, second = load(path, DOCUMENTS)
    assert (first.question, second.history) == (question, (question, question))


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        ("", "no JSON (Expecting value: line 1 column 1 (char 0)); wanted one object a line"),
        (
            "{",
            "no JSON (Expecting property name enclosed in double quotes: line 1 column 2 (char 1)); wanted one object",
        ),
        ("[" * 100_000, "no JSON ("),
        ("[]", "found list, wanted one object a line"),
        ('{"id": "2"}', "found ['id'], wanted the keys ['gold', 'history', 'id', 'kind', 'question']"),
        (line(id="2", more=1), "found ['gold', 'history', 'id', 'kind', 'more', 'question'], wanted the keys"),
        (r'{"id": "\ud800"}', r"found '\ud800', wanted text (surrogates not allowed)"),
        (line(id=2), "wanted texts for id, kind and question, and lists of texts for history and gold"),
        (line(id="2", question=None), "wanted texts for id, kind and question, and lists of texts"),
        (line(id="2", history="What are moths?"), "wanted texts for id, kind and question, and lists of texts"),
        (line(id="2", gold=[1]), "wanted texts for id, kind and question, and lists of texts for history and gold"),
        (line(id="2", kind="all"), "found the kind 'all', which stands for every kind; name it otherwise"),
        (line(), "id '1' stands twice; give each case its own"),
        (
            line(id="2", gold=["Zorbles sing"]),
            "gold 'Zorbles sing' occurs 0 times in the corpus, wanted once; correct it",
        ),
        (line(id="2", gold=["Vantor"]), "gold 'Vantor' occurs"),
        (line(id="2", gold=["When they shine"]), "gold 'When they shine' is a heading, wanted a sentence"),
        (line(id="2", gold=[""]), "gold '' occurs 0 times in the corpus, wanted once; correct it"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_the_first_fault_is_told_in_one_line_with_file_and_line(
    packed: bool, bad: str, fault: str, tmp_path: Path
) -> None:
    path = file_of(tmp_path, line(), bad, "{")
    if packed:
        content, path = path.read_bytes(), tmp_path / "cases.jsonl.gz"
        path.write_bytes(gzip.compress(content))
    with pytest.raises(DataError) as error:
        load(path, DOCUMENTS)
    assert str(error.value).startswith(f"{path}, line 2: {fault}")
    assert "\n" not in str(error.value)


def test_a_gold_text_that_overlaps_itself_is_ambiguous(tmp_path: Path) -> None:
    documents = {"hum": document_of("The moths hum hum hum all night long.")}
    with pytest.raises(DataError, match="gold 'hum hum' occurs 2 times in the corpus"):
        load(file_of(tmp_path, line(gold=["hum hum"])), documents)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("none.jsonl", None),
        ("none.jsonl.gz", None),
        ("latin.jsonl", b"caf\xe9"),
        ("plain.jsonl.gz", b"{}"),
        ("cut.jsonl.gz", gzip.compress(line().encode())[:-12]),
        ("broken.jsonl.gz", gzip.compress(line().encode())[:12] + b"moths" * 20),
        ("latin.jsonl.gz", gzip.compress(b"caf\xe9")),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_one_line(name: str, content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError) as error:
        load(tmp_path / name, DOCUMENTS)
    assert str(error.value).startswith(f"{tmp_path / name} can't be read (")
    assert str(error.value).endswith("; name a UTF-8 file")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["empty.jsonl", "empty.jsonl.gz"])
def test_a_file_without_cases_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(gzip.compress(b"") if name.endswith(".gz") else b"")
    with pytest.raises(DataError) as error:
        load(tmp_path / name, DOCUMENTS)
    assert str(error.value) == f"{tmp_path / name}: found no cases, wanted one JSON object a line; name another file"


def test_a_folder_is_no_file_of_cases(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="can't be read"):
        load(tmp_path, DOCUMENTS)
