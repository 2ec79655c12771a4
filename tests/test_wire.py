"""The object of the command line and the API: every key, type and order of the contract, and only verbatim text."""

import json
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Document, Heading, Source, Span
from corpus.store import digest
from corpus.versions import version_name
from retrieval.model import Abstention, Answer, Notice, NoticeKind, Quote, Reason, Reply, Sureness
from ui.api_models import ReplyObject
from ui.wire import source_link, to_json

TODAY = date(2026, 6, 1)
TEXT = "Glimmer moths\n\nWhere they rest\n\nMoths rest on reeds 🌒. They hum “softly”.\n\nBells ring."
MOTHS = Document(
    "moths",
    Source(
        *("Glimmer moths of Vantor", "https://vantor.example/moths", "Vantor Moth Society", "CC BY 4.0"),
        *(date(2025, 3, 12), date(2026, 5, 31)),
    ),
    digest(TEXT),
    (Heading(0, 13, 1), Heading(15, 30, 2)),
    TEXT,
)
BELLS = Document("bells", Source("Of bells"), digest("Bells ring."), (), "Bells ring.")
REST, HUM = Span(MOTHS, 32, 54), Span(MOTHS, 55, 73)
RING = Span(BELLS, 0, 11)

KEYS = ["version", "question", "asked_as", "kind", "reason", "notices", "quotes", "closest", "index", "elapsed_ms"]
QUOTE_KEYS = [
    *(
        "text",
        "document",
        "sha256",
        "start",
        "end",
        "headings",
        "page",
        "evidence",
        "confidence",
        "sureness",
        "overdue",
    ),
    *("link", "original", "source", "also_in"),
]
CLOSEST_KEYS = ["text", "document", "start", "end", "headings", "page", "overdue", "link", "original", "source"]
SOURCE_KEYS = ["title", "url", "publisher", "licence", "reviewed", "review_due"]


@st.composite
def spans(draw: st.DrawFn) -> Span:
    document = draw(st.sampled_from((MOTHS, BELLS)))
    start = draw(st.integers(0, len(document.text) - 1))
    return Span(document, start, draw(st.integers(start + 1, len(document.text))))


@st.composite
def quotes(draw: st.DrawFn) -> Quote:
    span = draw(spans())
    evidence = draw(st.lists(spans().filter(lambda found: found.document == span.document), min_size=1, max_size=3))
    return Quote(span, tuple(evidence), draw(st.floats(0, 1)), tuple(draw(st.lists(spans(), max_size=2))))


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
MAYBE = st.none() | WORDS
NOTICES = st.lists(
    st.builds(Notice, st.sampled_from(NoticeKind), WORDS, MAYBE, MAYBE, st.lists(WORDS).map(tuple)), max_size=2
).map(tuple)
REPLIES = st.one_of(
    st.builds(Answer, WORDS, WORDS, st.lists(quotes(), min_size=1, max_size=3).map(tuple), NOTICES),
    st.builds(Abstention, WORDS, WORDS, st.sampled_from(Reason), st.lists(spans(), max_size=3).map(tuple), NOTICES),
)
DOCUMENTS = {document.id: document for document in (MOTHS, BELLS)}


def wired(reply: Reply) -> dict[str, Any]:
    return to_json(reply, index="ab12", elapsed_ms=1.23456, today=TODAY)


def verbatim(place: dict[str, Any]) -> str:
    return DOCUMENTS[place["document"]].text[place["start"] : place["end"]]


@given(REPLIES)
def test_every_object_has_the_keys_of_the_contract_in_its_order(reply: Reply) -> None:
    made = wired(reply)
    assert list(made) == KEYS
    assert all(list(notice) == ["kind", "text", "link", "instead", "numbers"] for notice in made["notices"])
    assert all(list(quote) == QUOTE_KEYS for quote in made["quotes"])
    assert all(list(quote["source"]) == SOURCE_KEYS for quote in made["quotes"])
    assert all(list(place) == CLOSEST_KEYS for place in made["closest"])
    assert all(list(place["source"]) == SOURCE_KEYS for place in made["closest"])


@given(REPLIES)
def test_every_text_is_the_slice_that_its_range_names(reply: Reply) -> None:
    made = wired(reply)
    for place in [*made["quotes"], *made["closest"]]:
        assert place["text"] == verbatim(place)
    for quote in made["quotes"]:
        assert quote["sha256"] == digest(DOCUMENTS[quote["document"]].text)
        assert quote["link"] == f"/source/{quote['document']}@{quote['sha256'][:16]}#{quote['start']}-{quote['end']}"
        assert all(verbatim(place) for place in quote["also_in"])


@given(REPLIES)
def test_an_object_survives_json_unchanged(reply: Reply) -> None:
    made = wired(reply)
    assert json.loads(json.dumps(made, ensure_ascii=False)) == made
    assert json.loads(json.dumps(made)) == made


@given(REPLIES)
def test_an_answer_has_quotes_and_no_reason_and_an_abstention_the_other_way_round(reply: Reply) -> None:
    made = wired(reply)
    if isinstance(reply, Answer):
        assert (made["kind"], made["reason"], made["closest"]) == ("answer", None, [])
        assert len(made["quotes"]) == len(reply.quotes)
    else:
        assert (made["kind"], made["reason"], made["quotes"]) == ("abstention", reply.reason.value, [])
        assert len(made["closest"]) == len(reply.closest)


def test_an_answer_is_written_out_as_the_contract_says() -> None:
    quote = Quote(Span(MOTHS, REST.start, HUM.end), (REST, HUM), 0.87654321, (RING,), Sureness.VERY_LIKELY)
    notice = Notice(NoticeKind.EMERGENCY, "Call the wardens.", "tel:000", numbers=("112", "000"))
    assert wired(Answer("where do they rest", "where do moths rest", (quote,), (notice,))) == {
        "version": 1,
        "question": "where do they rest",
        "asked_as": "where do moths rest",
        "kind": "answer",
        "reason": None,
        "notices": [
            {
                "kind": "emergency",
                "text": "Call the wardens.",
                "link": "tel:000",
                "instead": None,
                "numbers": ["112", "000"],
            }
        ],
        "quotes": [
            {
                "text": "Moths rest on reeds 🌒. They hum “softly”.",
                "document": "moths",
                "sha256": digest(TEXT),
                "start": 32,
                "end": 73,
                "headings": ["Glimmer moths", "Where they rest"],
                "page": None,
                "evidence": [[32, 54], [55, 73]],
                "confidence": 0.8765,
                "sureness": "very_likely",
                "overdue": True,
                "link": f"/source/{version_name(MOTHS)}#32-73",
                "original": "https://vantor.example/moths",
                "source": {
                    "title": "Glimmer moths of Vantor",
                    "url": "https://vantor.example/moths",
                    "publisher": "Vantor Moth Society",
                    "licence": "CC BY 4.0",
                    "reviewed": "2025-03-12",
                    "review_due": "2026-05-31",
                },
                "also_in": [
                    {
                        **{"document": "bells", "start": 0, "end": 11},
                        **{"title": "Of bells", "headings": [], "page": None, "overdue": False},
                        **{"link": f"/source/{version_name(BELLS)}#0-11", "original": None},
                    }
                ],
            }
        ],
        "closest": [],
        "index": "ab12",
        "elapsed_ms": 1.235,
    }


def test_an_abstention_is_written_out_as_the_contract_says() -> None:
    assert wired(Abstention("hm?", "hm?", Reason.NO_EVIDENCE, (RING,))) == {
        "version": 1,
        "question": "hm?",
        "asked_as": "hm?",
        "kind": "abstention",
        "reason": "no_evidence",
        "notices": [],
        "quotes": [],
        "closest": [
            {
                **{"text": "Bells ring.", "document": "bells", "start": 0, "end": 11},
                **{"headings": [], "page": None, "overdue": False},
                **{"link": f"/source/{version_name(BELLS)}#0-11", "original": None},
                "source": {"title": "Of bells"} | dict.fromkeys(SOURCE_KEYS[1:], "not stated"),
            }
        ],
        "index": "ab12",
        "elapsed_ms": 1.235,
    }


def test_what_nobody_stated_is_said_to_be_not_stated_and_never_overdue() -> None:
    (quote,) = wired(Answer("q", "q", (Quote(RING, (RING,), 1.0),)))["quotes"]
    assert quote["source"] == {"title": "Of bells"} | dict.fromkeys(SOURCE_KEYS[1:], "not stated")
    assert (quote["overdue"], quote["headings"], quote["also_in"]) == (False, [], [])


@given(st.integers(-400, 400))
def test_a_review_is_overdue_from_the_day_after_it_was_due(days: int) -> None:
    reply = Answer("q", "q", (Quote(REST, (REST,), 1.0),))
    (quote,) = to_json(reply, index="", elapsed_ms=0, today=date(2026, 5, 31) + timedelta(days))["quotes"]
    assert quote["overdue"] == (days > 0)


@given(spans())
def test_a_link_names_the_document_and_the_range(span: Span) -> None:
    assert source_link(span) == f"/source/{version_name(span.document)}#{span.start}-{span.end}"


@given(REPLIES)
def test_the_object_is_what_the_description_of_the_api_says(reply: Reply) -> None:
    described = ReplyObject.model_validate(wired(reply))
    assert described.model_dump(mode="json", exclude_unset=True) == wired(reply)


def test_links_have_the_path_prefix_of_the_server() -> None:
    reply = Answer("q", "q", (Quote(REST, (REST,), 0.5, (RING,)),))
    (quote,) = to_json(reply, index="", elapsed_ms=0, today=TODAY, root_path="/bot")["quotes"]
    assert quote["link"] == f"/bot{source_link(REST)}"
    assert [place["link"] for place in quote["also_in"]] == [f"/bot{source_link(RING)}"]
