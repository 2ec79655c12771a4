"""Documents whose review is overdue: quotes say so, and `--refuse-overdue` leaves them out, day by day."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from corpus.store import load_corpus
from ingest.publish import publish, writing
from retrieval.emergency_numbers import numbers_of
from retrieval.filters import EVERYTHING, Filter, FilterError
from retrieval.index import PassageIndex
from retrieval.model import Abstention, Answer, Reason, Reply
from tests.answering import of_keyword, quoted, reason_of
from tests.commands import insights
from tests.workshop import Workshop
from ui.asking import remembering
from ui.edition import Edition
from ui.reloading import Shelf
from ui.server import create_app
from ui.site import Site

TODAY = date(2026, 6, 1)
MOTHS_ARE_DUE = {"moths": TODAY - timedelta(1)}
BOTH_ARE_DUE = MOTHS_ARE_DUE | {"reeds": date(2020, 1, 1)}


def due(index: PassageIndex, days: dict[str, date]) -> PassageIndex:
    """The index with these review dates."""
    documents = (
        replace(document, source=replace(document.source, review_due=days.get(document.id)))
        for document in index.documents
    )
    return replace(index, documents=tuple(documents))


class Clock:
    """A day that can be changed."""

    def __init__(self, day: date = TODAY) -> None:
        self.day = day

    def __call__(self) -> date:
        """The day of the moment."""
        return self.day


def test_what_is_overdue_is_in_no_answer_nor_among_the_closest_passages(vantor_index: PassageIndex) -> None:
    index = due(vantor_index, MOTHS_ARE_DUE)
    lenient = replace(of_keyword(index, "reed"), today=Clock())
    strict = replace(lenient, refuses_overdue=True)
    before, after = lenient.answer("Where do reeds grow?"), strict.answer("Where do reeds grow?")
    assert isinstance(before, Answer)
    assert isinstance(after, Answer)
    assert {quote.span.document.id for quote in before.quotes} == {"moths", "reeds"}
    assert {quote.span.document.id for quote in after.quotes} == {"reeds"}
    nothing = replace(of_keyword(index, "unheard-of"), today=Clock(), refuses_overdue=True).answer(
        "Where do reeds grow?"
    )
    assert isinstance(nothing, Abstention)
    assert {span.document.id for span in nothing.closest} == {"reeds"}


def test_a_review_that_is_due_today_is_not_overdue(vantor_index: PassageIndex) -> None:
    clock = Clock()
    index = due(vantor_index, {"moths": TODAY})
    responder = replace(of_keyword(index, "nine minutes"), refuses_overdue=True, today=clock)
    assert quoted(responder.answer("How long do moths shine?"))
    clock.day += timedelta(1)
    assert reason_of(responder.answer("How long do moths shine?")) is Reason.NO_EVIDENCE


def test_without_overdue_documents_replies_are_the_same_to_the_last_figure(vantor_index: PassageIndex) -> None:
    lenient = of_keyword(vantor_index, "reed")
    strict = replace(lenient, refuses_overdue=True)
    for question in ("Where do reeds grow?", "How long do moths shine?", "What do the documents cover?"):
        assert strict.answer(question) == lenient.answer(question)


def test_if_every_document_is_overdue_it_says_so_and_small_talk_goes_on(vantor_index: PassageIndex) -> None:
    index = due(vantor_index, BOTH_ARE_DUE)
    responder = replace(of_keyword(index, "reed"), refuses_overdue=True, today=Clock())
    assert responder.answer("Where do reeds grow?") == Abstention(
        "Where do reeds grow?", "Where do reeds grow?", Reason.OVERDUE
    )
    assert reason_of(responder.answer("What do the documents cover?")) is Reason.OVERDUE
    assert reason_of(responder.answer("hello")) is Reason.GREETING


def test_a_choice_of_overdue_documents_is_refused_and_one_that_nothing_passes_is_still_a_mistake(
    vantor_index: PassageIndex,
) -> None:
    index = due(vantor_index, MOTHS_ARE_DUE)
    responder = replace(of_keyword(index, "reed"), refuses_overdue=True, today=Clock())
    chosen = responder.answer("Where do reeds grow?", within=Filter(documents=frozenset({"moths"})))
    assert reason_of(chosen) is Reason.OVERDUE
    with pytest.raises(FilterError, match="found no document 'bells'"):
        responder.answer("Where do reeds grow?", within=Filter(documents=frozenset({"bells"})))


def test_topics_are_those_of_the_documents_that_are_quoted(vantor_index: PassageIndex, tmp_path: Path) -> None:
    index = due(vantor_index, MOTHS_ARE_DUE)
    responder = replace(of_keyword(index, "reed"), today=Clock())
    assert {topic.document.id for topic in responder.topics()} == {"moths", "reeds"}
    assert {topic.document.id for topic in replace(responder, refuses_overdue=True).topics()} == {"reeds"}
    edition = replace(Edition.of(responder, tmp_path), refuses_overdue=True)
    assert [topic.document.id for topic in edition.topics_on(TODAY)] == ["reeds"]
    assert [topic.document.id for topic in edition.topics_on(TODAY - timedelta(1))] == ["moths", "reeds"]


def test_a_remembered_reply_holds_for_the_day_it_was_made_on() -> None:
    clock, asked = Clock(), list[date]()

    def ask(question: str, history: Sequence[str], /, *, within: Filter = EVERYTHING) -> Reply:
        assert (list(history), within) == ([], EVERYTHING)
        asked.append(clock())
        return Abstention(question, question, Reason.NO_EVIDENCE)

    remembered = remembering(ask, most=10, today=clock)
    for _ in range(2):
        remembered("Where do reeds grow?", ())
    clock.day += timedelta(1)
    for _ in range(2):
        remembered("Where do reeds grow?", ())
    assert asked == [TODAY, TODAY + timedelta(1)]


def review(workshop: Workshop, days: dict[str, date]) -> None:
    """Writes review dates into the corpus; its index stays as it is."""
    with writing(workshop.corpus):
        before = load_corpus(workshop.corpus).documents
        after = {
            name: replace(document, source=replace(document.source, review_due=days.get(name)))
            for name, document in before.items()
        }
        publish(workshop.corpus, before, after)


def test_a_question_on_the_command_line_and_a_file_of_them_refuse_what_is_overdue(
    capsys: pytest.CaptureFixture[str], workshop: Workshop
) -> None:
    review(workshop, BOTH_ARE_DUE)
    at = ("--corpus", workshop.corpus, "--index", workshop.home, "--refuse-overdue")
    done = insights(capsys, "ask", "How long do glimmer moths shine?", "--json", *at)
    assert (done.code, json.loads(done.out)["reason"]) == (0, "overdue")
    assert "overdue for review" in insights(capsys, "ask", "How long do glimmer moths shine?", *at).out
    batch = workshop.corpus.parent / "questions.jsonl"
    batch.write_text('{"id": 1, "question": "How long do glimmer moths shine?"}\n', encoding="utf-8")
    done = insights(capsys, "ask", "--batch", batch, *at)
    assert (done.code, json.loads(done.out)["reason"]) == (0, "overdue")


def test_the_environment_can_say_it_too(
    capsys: pytest.CaptureFixture[str], workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    review(workshop, BOTH_ARE_DUE)
    monkeypatch.setenv("INSIGHTS_REFUSE_OVERDUE", "1")
    at = ("--corpus", workshop.corpus, "--index", workshop.home)
    done = insights(capsys, "ask", "How long do glimmer moths shine?", "--json", *at)
    assert json.loads(done.out)["reason"] == "overdue"


def test_a_server_refuses_what_is_overdue_and_lists_it_nowhere(workshop: Workshop) -> None:
    review(workshop, {"moths": date(2020, 1, 1)})
    shelf = Shelf.over(workshop.home, workshop.corpus, numbers_of(), refuse_overdue=True)
    site = Site("Moth Help", rate_limit=None, refuse_overdue=True)
    with TestClient(create_app(site, shelf), base_url="http://127.0.0.1") as client:
        topics = client.get("/api/topics").json()["topics"]
        assert {topic["document"] for topic in topics} == {"reeds"}
        asked = {"question": "How long do glimmer moths shine?"}
        reply = client.post("/api/ask", json=asked | {"within": {"documents": ["moths"]}}).json()
        assert (reply["kind"], reply["reason"], reply["closest"]) == ("abstention", "overdue", [])
        assert client.get("/source/moths").status_code == 200, "what was cited yesterday can still be looked at"


def test_cases_are_judged_as_a_server_that_refuses_would_answer(
    capsys: pytest.CaptureFixture[str], workshop: Workshop
) -> None:
    review(workshop, BOTH_ARE_DUE)
    cases = workshop.corpus.parent / "cases.jsonl"
    case = {"id": "a", "kind": "gone", "question": "How long do glimmer moths shine?", "history": [], "gold": []}
    cases.write_text(json.dumps(case) + "\n", encoding="utf-8")
    at = ("--corpus", workshop.corpus, "--index", workshop.home)
    done = insights(capsys, "eval", "answers", "--data", cases, "--json", "-", "--refuse-overdue", *at)
    assert done.code == 0, done
    (outcome,) = json.loads(done.out)["cases"]
    assert outcome["reply"]["reason"] == "overdue"
