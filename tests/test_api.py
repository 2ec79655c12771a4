"""The API: what it replies, and how it refuses what it can't use."""

import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from tests.browser.vantor import MOTHS, NOTES, SHINE, SITE, TOPICS, Keeper, edition_of
from ui.api_models import ReplyObject, Topics
from ui.server import create_app


@pytest.fixture(scope="module")
def keeper() -> Keeper:
    """Answers about moths."""
    return Keeper()


@pytest.fixture(scope="module")
def client(keeper: Keeper) -> Iterator[TestClient]:
    """A client of the site about moths."""
    with TestClient(create_app(SITE, lambda: edition_of(keeper)), raise_server_exceptions=False) as client:
        yield client


def refusal(reply: Response) -> tuple[int, str]:
    """The status and the code of a refusal in the one shape; its message is one line."""
    record = reply.json()
    assert record.keys() == {"error"}
    assert record["error"].keys() == {"code", "message"}
    assert len(record["error"]["message"].splitlines()) == 1
    return reply.status_code, record["error"]["code"]


def test_a_question_gets_the_object_of_the_contract(client: TestClient) -> None:
    reply = client.post("/api/ask", json={"question": "How long do the moths shine?"})
    assert reply.status_code == 200
    record = ReplyObject.model_validate(reply.json())
    (quote,) = record.quotes
    assert (record.kind, record.reason, record.index) == ("answer", None, "moths-1")
    assert quote.text == MOTHS.text[quote.start : quote.end] == SHINE.span.text
    assert quote.link == f"/source/{MOTHS.id}#{quote.start}-{quote.end}"


def test_history_and_the_choice_of_documents_are_heeded(client: TestClient, keeper: Keeper) -> None:
    keeper.asked.clear()
    asked = {"question": "How far do they fly?", "history": ["Do they shine?"], "within": {"documents": [NOTES.id]}}
    assert client.post("/api/ask", json=asked).status_code == 200
    assert keeper.asked == [("How far do they fly?", ("Do they shine?",))]
    for within in ({"documents": ["no-such"]}, {"publishers": ["Nobody"]}, {"reviewed_since": "2999-01-01"}):
        reply = client.post("/api/ask", json={"question": "Do they fly?", "within": within})
        assert refusal(reply) == (422, "nothing_passes")


def test_topics_are_words_of_the_documents_with_their_places(client: TestClient) -> None:
    reply = client.get("/api/topics")
    record = Topics.model_validate(reply.json())
    assert [topic.text for topic in record.topics] == [span.text for span in TOPICS]
    assert record.topics[0].link == f"/source/{MOTHS.id}#{TOPICS[0].start}-{TOPICS[0].end}"


CANARY = "zugzwang-canary"
NOT_USABLE = {
    "no JSON": (b"{" + CANARY.encode(), 400),
    "empty": (b"", 400),
    "a list": (b'["zugzwang-canary"]', 400),
    "a text": (b'"zugzwang-canary"', 400),
    "a byte order mark": (b'\xef\xbb\xbf{"question": "zugzwang-canary"}', 400),
    "invalid UTF-8": (b'{"question": "zugzwang-canary \xff"}', 400),
    "UTF-16": ('{"question": "zugzwang-canary"}'.encode("utf-16"), 400),
    "NaN": (b'{"question": "zugzwang-canary", "history": NaN}', 400),
    "Infinity": (b'{"question": -Infinity}', 400),
    "a long number": (b'{"question": ' + b"1" * 5000 + b"}", 400),
    "deep lists": (b'{"question": ' + b"[" * 30_000 + b"]" * 30_000 + b"}", 400),
    "deep objects": (b'{"question":' * 5000 + b"1" + b"}" * 5000, 400),
    "a lone surrogate": (b'{"question": "zugzwang-canary \\ud800"}', 400),
    "a lone surrogate as a key": (b'{"question": "zugzwang-canary", "\\udfff": 1}', 400),
    "a key twice": (b'{"question": "zugzwang-canary", "question": "zugzwang-canary"}', 400),
    "nothing": (b"{}", 422),
    "a number": (b'{"question": 4}', 422),
    "null": (b'{"question": null}', 422),
    "a field that is not known": (b'{"question": "a", "zugzwang-canary": 1}', 422),
    "a history that is a text": (b'{"question": "a", "history": "zugzwang-canary"}', 422),
    "a history of numbers": (b'{"question": "a", "history": [1]}', 422),
    "a huge history": (json.dumps({"question": "a", "history": ["zugzwang-canary"] * 201}).encode(), 422),
    "a filter that is a list": (b'{"question": "a", "within": []}', 422),
    "a filter that is not known": (b'{"question": "a", "within": {"zugzwang-canary": 1}}', 422),
    "a date that is a number": (b'{"question": "a", "within": {"reviewed_since": 12}}', 422),
    "a date with a time": (b'{"question": "a", "within": {"reviewed_since": "2026-01-01T00:00:00"}}', 422),
    "a day that is none": (b'{"question": "a", "within": {"reviewed_since": "2026-02-30"}}', 422),
}


@pytest.mark.parametrize("name", NOT_USABLE)
def test_a_body_that_cant_be_used_is_refused_in_one_line_that_does_not_repeat_it(client: TestClient, name: str) -> None:
    body, status = NOT_USABLE[name]
    reply = client.post("/api/ask", content=body, headers={"content-type": "application/json"})
    assert refusal(reply) == (status, "bad_request")
    assert CANARY not in reply.text


def test_a_refusal_names_the_field_and_says_what_was_wanted(client: TestClient) -> None:
    reply = client.post("/api/ask", json={"question": "a", "within": {"documents": ["a", 3]}})
    assert reply.json()["error"]["message"] == (
        "within.documents.1 is not usable: Input should be a valid string; the fields are described in /openapi.json"
    )


def test_a_question_that_is_too_long_is_refused(client: TestClient) -> None:
    assert refusal(client.post("/api/ask", json={"question": "a" * 2001})) == (422, "too_long")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16"]
)
def test_a_body_of_another_content_type_is_refused(client: TestClient, kind: str) -> None:
    reply = client.post("/api/ask", content=b'{"question": "a"}', headers={"content-type": kind})
    assert refusal(reply) == (415, "unsupported_type")
