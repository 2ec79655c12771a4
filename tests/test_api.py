"""The API: what it replies, and how it refuses what it can't use."""

import json
import re
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from corpus.versions import version_name
from tests.browser.vantor import MOTHS, NOTES, SHINE, SITE, TOPICS, Keeper, edition_of
from ui.api_models import Feedback, ReplyObject, Topics
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
    assert quote.link == f"/source/{version_name(MOTHS)}#{quote.start}-{quote.end}"


@pytest.mark.parametrize(("locale", "numbers"), [("en-GB", ["999", "112"]), ("tlh-XX", ["000", "00 99"])])
def test_notices_give_the_numbers_of_the_askers_country(client: TestClient, locale: str, numbers: list[str]) -> None:
    reply = client.post("/api/ask", json={"question": "fire: do they shine?", "locale": locale})
    (notice,) = ReplyObject.model_validate(reply.json()).notices
    assert notice.numbers == numbers


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
    assert record.topics[0].link == f"/source/{version_name(MOTHS)}#{TOPICS[0].start}-{TOPICS[0].end}"


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


# What is said about the API


def test_the_description_is_complete_and_every_reference_in_it_leads_somewhere(client: TestClient) -> None:
    api = client.get("/openapi.json").json()
    assert sorted(api["paths"]) == [
        *("/api/ask", "/api/feedback", "/api/topics", "/healthz", "/metrics", "/readyz", "/source/{document}"),
    ]
    references = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(api)))
    assert references <= api["components"]["schemas"].keys()
    assert {"Asked", "Feedback", "ReplyObject", "Topics", "Refused"} <= references
    assert api["components"]["schemas"]["Asked"]["examples"][0] == {"question": "What is dystonia?"}
    ask = api["paths"]["/api/ask"]["post"]
    assert set(ask["responses"]) == {"200", "400", "403", "408", "413", "415", "422", "429", "500", "503"}
    refused = {"application/json": {"schema": {"$ref": "#/components/schemas/Refused"}}}
    assert all(reply["content"] == refused for status, reply in ask["responses"].items() if status != "200")


def test_the_examples_of_the_description_are_taken(client: TestClient) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    for example in schemas["Asked"]["examples"]:
        assert client.post("/api/ask", json=example).status_code == 200
    for example in schemas["Feedback"]["examples"]:
        assert Feedback.model_validate(example)


def test_the_page_about_the_api_has_every_call_and_record_and_nothing_from_elsewhere(client: TestClient) -> None:
    api = client.get("/openapi.json").json()
    page = client.get("/docs").text
    for path, methods in api["paths"].items():
        for method in methods:
            assert f"<code>{method.upper()} {path}</code>" in page
    for name in api["components"]["schemas"]:
        assert f'<h3 id="{name}">' in page
    assert set(re.findall(r'href="#(\w+)"', page)) <= api["components"]["schemas"].keys()
    assert re.findall(r'(?:src|href)="(?!#)([^"]+)"', page) == [
        *("assets/icon.svg", "assets/base.css", "assets/docs.css", "openapi.json"),
    ]
    assert "<script" not in page
    assert "style=" not in page


# Feedback


GIVEN: dict[str, object] = {
    "index": "moths-1",
    "kind": "answer",
    "quote": {"document": MOTHS.id, "start": 3, "end": 9},
    "helpful": True,
}


def test_feedback_is_taken_nowhere_unless_it_is_switched_on(client: TestClient) -> None:
    assert refusal(client.post("/api/feedback", json=GIVEN)) == (404, "not_found")


def test_feedback_is_appended_to_its_file_without_texts(tmp_path: Path, keeper: Keeper) -> None:
    file = tmp_path / "said.jsonl"
    named = GIVEN | {"question_sha256": "0" * 64, "quote": None, "kind": "abstention", "helpful": False}
    with TestClient(create_app(replace(SITE, feedback=file), lambda: edition_of(keeper))) as client:
        assert [client.post("/api/feedback", json=given).status_code for given in (GIVEN, named)] == [204, 204]
        for wrong in ({"question": "Do they shine?"}, {"helpful": "yes"}, {"helpful": 1}, {"index": "Do they shine?"}):
            assert refusal(client.post("/api/feedback", json=GIVEN | wrong)) == (422, "bad_request")
    records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    for record in records:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", record.pop("at"))
    assert records == [GIVEN | {"question_sha256": None}, named]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


# Signs of life


def test_a_server_that_is_being_stopped_lives_but_is_not_ready_and_takes_no_question(keeper: Keeper) -> None:
    app = create_app(SITE, lambda: edition_of(keeper))
    with TestClient(app) as client:
        assert client.get("/readyz").json() == {"status": "ok"}
        for close in app.state.closing:
            close()
        assert refusal(client.get("/readyz")) == (503, "unavailable")
        reply = client.post("/api/ask", json={"question": "Do they shine?"})
        assert refusal(reply) == (503, "unavailable")
        assert reply.headers["retry-after"] == "2"
        assert client.get("/healthz").json() == {"status": "ok"}
