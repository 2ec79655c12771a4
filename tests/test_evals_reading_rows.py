"""Files of evidence reading: what is read from both layouts, and that each fault is told with its file and line."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Span
from evals.jsonl import DataError
from evals.reading_rows import Row, load_rows
from tests.fiction import write

MOTHS = "Moths hum at dusk. Bells ring twice. Reeds bend low."
GOOD: dict[str, Any] = {"question": "When do moths hum?", "passage": MOTHS, "answer_spans": [[10, 17]]}
NAMED: dict[str, Any] = {
    "id": "q1",
    "question": "When do moths hum?",
    "context_id": "m",
    "answers": [{"text": "at dusk", "start": 10}],
    "answerable": True,
}
CONTEXT: dict[str, Any] = {"id": "m", "title": "The moths of Vantor", "text": MOTHS}


def line(record: dict[str, Any] = GOOD, **changed: object) -> str:
    return json.dumps(record | changed, ensure_ascii=False)


def without(record: dict[str, Any], key: str) -> str:
    return json.dumps({name: value for name, value in record.items() if name != key})


def file_of(tmp_path: Path, *lines: str, name: str = "rows.jsonl") -> Path:
    return write(tmp_path / name, "".join(f"{text}\n" for text in lines))


def corpus_of(tmp_path: Path, *lines: str) -> Path:
    return file_of(tmp_path, *lines, name="corpus.jsonl")


def test_rows_with_their_passages_have_the_ranges_that_answer_and_their_line_for_an_id(tmp_path: Path) -> None:
    dew = "Dew falls. "
    path = file_of(
        tmp_path,
        line(title="The moths of Vantor", meta={}),
        line(id="two", answer_spans=[[19, 36], [0, 18]]),
        line(passage=dew, answer_spans=[]),
    )
    first, second, third = load_rows(path)
    assert first == Row("1", "When do moths hum?", first.passage, (Span(first.passage, 10, 17),))
    assert second == Row(
        "two", first.question, first.passage, (Span(first.passage, 19, 36), Span(first.passage, 0, 18))
    )
    assert third == Row("3", first.question, third.passage, ())
    assert (first.passage.text, third.passage.text) == (MOTHS, dew)


def test_rows_over_a_corpus_have_the_passage_that_they_name(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, line(CONTEXT), line(CONTEXT, id="d", text="Dew falls."))
    path = file_of(
        tmp_path,
        line(NAMED, meta={"kind": "plain"}),
        without(NAMED | {"context_id": "d", "answers": [], "answerable": False}, "id"),
    )
    first, second = load_rows(path, corpus)
    assert first == Row("q1", "When do moths hum?", first.passage, (Span(first.passage, 10, 17),))
    assert second == Row("2", "When do moths hum?", second.passage, ())
    assert (first.passage.text, second.passage.text) == (MOTHS, "Dew falls.")


def test_a_passage_is_one_document_that_is_named_by_where_it_first_stands(tmp_path: Path) -> None:
    path = file_of(tmp_path, line(passage="Dew falls.", answer_spans=[]), line(), line(question="Do bells ring?"))
    assert [row.passage.id for row in load_rows(path)] == [
        "rows.jsonl, line 1",
        "rows.jsonl, line 2",
        "rows.jsonl, line 2",
    ]
    corpus = corpus_of(tmp_path, line(CONTEXT, id="d", text="Dew falls."), line(CONTEXT))
    rows = load_rows(file_of(tmp_path, line(NAMED), name="over.jsonl"), corpus)
    assert [row.passage.id for row in rows] == ["corpus.jsonl, line 2"]


def test_gzipped_files_give_the_same_rows(tmp_path: Path) -> None:
    plain = [file_of(tmp_path, line(NAMED)), corpus_of(tmp_path, line(CONTEXT))]
    packed = [path.with_name(f"{path.name}.gz") for path in plain]
    for one, other in zip(plain, packed, strict=True):
        other.write_bytes(gzip.compress(one.read_bytes()))
    assert [row.answers[0].text for row in load_rows(*plain)] == [row.answers[0].text for row in load_rows(*packed)]


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.data())
def test_any_passage_is_taken_as_it_is_and_its_ranges_slice_it(
    tmp_path_factory: pytest.TempPathFactory, passage: str, data: st.DataObject
) -> None:
    passage = f"Moths{passage}"
    start = data.draw(st.integers(0, 4))
    end = data.draw(st.integers(start + 1, len(passage)))
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    (row,) = load_rows(write(path, line(passage=passage, answer_spans=[[start, end]])))
    assert (row.passage.text, row.answers[0].text) == (passage, passage[start:end])


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        (
            "{",
            "no JSON (Expecting property name enclosed in double quotes: line 1 column 2 (char 1)); wanted one object",
        ),
        ("[]", "found list, wanted one object a line"),
        (
            without(GOOD, "question"),
            "found the keys ['answer_spans', 'passage'], wanted 'question' among them; add it",
        ),
        (
            without(GOOD, "passage"),
            "found the keys ['answer_spans', 'question'], wanted 'passage' among them; add it",
        ),
        (
            without(GOOD, "answer_spans"),
            "found the keys ['passage', 'question'], wanted 'answer_spans' among them",
        ),
        (line(NAMED), "found context_id, wanted a passage; name the file that holds it with --corpus"),
        (line(id=2), "found id of type int, wanted str; correct it"),
        (line(question=None), "found question of type NoneType, wanted str; correct it"),
        (line(passage=["Moths"]), "found passage of type list, wanted str; correct it"),
        (line(answer_spans={}), "found answer_spans of type dict, wanted list; correct it"),
        (line(answer_spans=[[1]]), "found [1] in answer_spans, wanted [start, end]; correct it"),
        (line(answer_spans=[[0, 5], 7]), "found 7 in answer_spans, wanted [start, end]; correct it"),
        (line(answer_spans=[[0, 5.0]]), "found [0, 5.0] in answer_spans, wanted [start, end]; correct it"),
        (line(answer_spans=[[False, True]]), "found [False, True] in answer_spans, wanted [start, end]; correct it"),
        (line(answer_spans=[["M" * 99, 1]]), f"found ['{'M' * 58}… in answer_spans, wanted [start, end]; correct it"),
        (line(answer_spans=[[5, 5]]), "found the answer span 5-5, wanted a range within 0-52; correct it"),
        (line(answer_spans=[[6, 5]]), "found the answer span 6-5, wanted a range within 0-52; correct it"),
        (line(answer_spans=[[-1, 5]]), "found the answer span -1-5, wanted a range within 0-52; correct it"),
        (line(answer_spans=[[0, 53]]), "found the answer span 0-53, wanted a range within 0-52; correct it"),
        (line(answer_spans=[[5, 6]]), "found only white space in the answer span 5-6, wanted a word; correct it"),
        (line(id="1"), "id '1' stands twice; give each row its own"),
        (line().replace("hum", r"\udc80"), r"found '\udc80', wanted text (surrogates not allowed)"),
        (line().replace("When", r"\udc80"), r"found '\udc80', wanted text (surrogates not allowed)"),
    ],
)
def test_the_first_fault_of_a_file_with_passages_is_told_with_its_line(bad: str, fault: str, tmp_path: Path) -> None:
    path = file_of(tmp_path, line(), bad, "{")
    with pytest.raises(DataError) as error:
        load_rows(path)
    assert str(error.value).startswith(f"{path}, line 2: {fault}")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        (
            without(NAMED, "context_id"),
            "found the keys ['answerable', 'answers', 'id', 'question'], wanted 'context_id'",
        ),
        (line(NAMED, context_id="z"), "found the context_id 'z', wanted the id of a passage in the corpus"),
        (line(NAMED, context_id=None), "found context_id of type NoneType, wanted str; correct it"),
        (without(NAMED, "answers"), "found the keys ['answerable', 'context_id', 'id', 'question'], wanted 'answers'"),
        (
            without(NAMED, "answerable"),
            "found the keys ['answers', 'context_id', 'id', 'question'], wanted 'answerable'",
        ),
        (
            line(NAMED, answerable=False),
            "found answerable false and 1 answers, wanted answers where it is true and none elsewhere; correct it",
        ),
        (
            line(NAMED, answers=[]),
            "found answerable true and 0 answers, wanted answers where it is true and none elsewhere",
        ),
        (line(NAMED, answers=["at dusk"]), 'found \'at dusk\' in answers, wanted {"text", "start"}; correct it'),
        (line(NAMED, answers=[{"text": "at dusk"}]), "found {'text': 'at dusk'} in answers, wanted {"),
        (
            line(NAMED, answers=[{"text": "at", "start": True}]),
            "found {'text': 'at', 'start': True} in answers, wanted {",
        ),
        (
            line(NAMED, answers=[{"text": "at dusk", "start": 9}]),
            "found ' at dus' at 9, wanted the answer 'at dusk'; correct its start",
        ),
        (
            line(NAMED, answers=[{"text": "low.", "start": -4}]),
            "found '' at -4, wanted the answer 'low.'; correct its start",
        ),
        (
            line(NAMED, answers=[{"text": "low.", "start": 99}]),
            "found '' at 99, wanted the answer 'low.'; correct its start",
        ),
        (
            line(NAMED, answers=[{"text": "", "start": 3}]),
            "found the answer span 3-3, wanted a range within 0-52; correct it",
        ),
        (line(NAMED), "id 'q1' stands twice; give each row its own"),
    ],
)
def test_the_first_fault_of_a_file_over_a_corpus_is_told_with_its_line(bad: str, fault: str, tmp_path: Path) -> None:
    path, corpus = file_of(tmp_path, line(NAMED), bad, "{"), corpus_of(tmp_path, line(CONTEXT))
    with pytest.raises(DataError) as error:
        load_rows(path, corpus)
    assert str(error.value).startswith(f"{path}, line 2: {fault}")


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        ("[]", "found list, wanted one object a line"),
        (without(CONTEXT, "text"), "found the keys ['id', 'title'], wanted 'text' among them; add it"),
        (line(CONTEXT, id=7), "found id of type int, wanted str; correct it"),
        (line(CONTEXT), "id 'm' stands twice; give each passage its own"),
        (line(CONTEXT, id="n").replace("hum", r"\ud83d"), r"found '\ud83d', wanted text (surrogates not allowed)"),
    ],
)
def test_the_first_fault_of_the_corpus_is_told_with_its_line(bad: str, fault: str, tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, line(CONTEXT), bad, "{")
    with pytest.raises(DataError) as error:
        load_rows(file_of(tmp_path, line(NAMED)), corpus)
    assert str(error.value) == f"{corpus}, line 2: {fault}"


def test_empty_files_and_passages_without_words_are_refused(tmp_path: Path) -> None:
    empty, blank = file_of(tmp_path, name="empty.jsonl"), file_of(tmp_path, line(passage=" \n", answer_spans=[]))
    with pytest.raises(DataError) as error:
        load_rows(empty)
    assert str(error.value) == f"{empty}: found no rows, wanted one JSON object a line; name another file"
    with pytest.raises(DataError) as error:
        load_rows(file_of(tmp_path, line(NAMED), name="over.jsonl"), empty)
    assert str(error.value) == f"{empty}: found no passages, wanted one JSON object a line; name another file"
    with pytest.raises(DataError) as error:
        load_rows(blank)
    assert str(error.value) == f"{blank}: found no passage with words, wanted one at least; name another file"


def test_one_passage_of_white_space_among_others_is_taken(tmp_path: Path) -> None:
    assert [row.passage.text for row in load_rows(file_of(tmp_path, line(passage="", answer_spans=[]), line()))] == [
        "",
        MOTHS,
    ]
