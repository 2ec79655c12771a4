"""What stands before the site: who may ask, how often, how much, from where, and what is told of it."""

import json
import logging
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from retrieval.filters import EVERYTHING, Filter
from retrieval.model import Abstention, Reason, Reply
from tests.browser.vantor import ALARM, CORPUS, MOTHS, SITE, Keeper, edition_of
from tests.web import serving
from ui.bodies import MAX_BODY_BYTES
from ui.clients import client_of
from ui.edition import Edition
from ui.server import create_app
from ui.site import Site

PARTNER = "https://clinic.example"
ASK = {"question": "Do they shine?"}
PREDICT = "/chat/gradio_api/run/predict"
PAGES = ["/", "/chat/", f"/source/{MOTHS.id}", "/source/none", "/docs", "/api/topics", "/healthz", "/metrics", "/none"]


@pytest.fixture(scope="module")
def keeper() -> Keeper:
    """Answers about moths."""
    return Keeper()


def client_to(site: Site, keeper: Keeper, address: str = "testclient") -> TestClient:
    app = create_app(site, lambda: edition_of(keeper))
    return TestClient(app, raise_server_exceptions=False, client=(address, 50_000), follow_redirects=False)


@pytest.fixture(scope="module")
def client(keeper: Keeper) -> Iterator[TestClient]:
    """A client of the site about moths, which another site may use."""
    with client_to(replace(SITE, allow_origins=(PARTNER,)), keeper) as client:
        yield client


def refusal(reply: Response) -> tuple[int, str]:
    return reply.status_code, reply.json()["error"]["code"]


# Origins


def test_a_page_of_an_allowed_origin_may_ask(client: TestClient) -> None:
    wanted = {"origin": PARTNER, "access-control-request-method": "POST"}
    preflight = client.options("/api/ask", headers=wanted)
    assert (preflight.status_code, preflight.headers["access-control-allow-origin"]) == (204, PARTNER)
    assert preflight.headers["access-control-allow-headers"] == "content-type"
    reply = client.post("/api/ask", json=ASK, headers={"origin": PARTNER, "sec-fetch-site": "cross-site"})
    assert (reply.status_code, reply.headers["access-control-allow-origin"]) == (200, PARTNER)
    assert reply.headers["vary"] == "Origin"
    assert "access-control-allow-credentials" not in reply.headers


def test_a_refusal_can_be_read_by_a_page_of_an_allowed_origin(client: TestClient) -> None:
    reply = client.post("/api/ask", json={}, headers={"origin": PARTNER})
    assert refusal(reply) == (422, "bad_request")
    assert reply.headers["access-control-allow-origin"] == PARTNER


@pytest.mark.parametrize(
    "origin",
    ["https://elsewhere.example", "null", f"{PARTNER}.evil.example", "http://clinic.example", f"{PARTNER}:8443", ""],
)
@pytest.mark.parametrize("path", ["/api/ask", "/api/topics", "/api/feedback", PREDICT])
def test_a_page_of_another_origin_gets_nothing(client: TestClient, keeper: Keeper, origin: str, path: str) -> None:
    keeper.asked.clear()
    headers = {"origin": origin, "access-control-request-method": "POST"}
    replies = [client.options(path, headers=headers)]
    replies.append(client.get(path, headers=headers) if path == "/api/topics" else client.post(path, headers=headers))
    for reply in replies:
        assert refusal(reply) == (403, "forbidden_origin")
        assert "access-control-allow-origin" not in reply.headers
    assert keeper.asked == []


def test_a_page_of_another_origin_that_hides_it_gets_nothing(client: TestClient) -> None:
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    assert refusal(client.get("/api/topics", headers=headers)) == (403, "forbidden_origin")


def test_pages_of_the_server_itself_and_programs_may_ask(client: TestClient) -> None:
    for headers in (
        {},
        {"origin": "http://testserver"},
        {"origin": "https://x.example", "sec-fetch-site": "same-origin"},
    ):
        assert client.post("/api/ask", json=ASK, headers=headers).status_code == 200


def test_an_allowed_origin_may_not_use_the_chats_own_calls(client: TestClient) -> None:
    assert refusal(client.post(PREDICT, json={}, headers={"origin": PARTNER})) == (403, "forbidden_origin")


def test_gradio_says_nothing_about_who_may_read_the_chat(client: TestClient) -> None:
    for host in ("help.example", "localhost"):
        reply = client.get("/chat/theme.css", headers={"origin": "https://elsewhere.example", "host": host})
        assert "access-control-allow-origin" not in reply.headers


# Headers


@pytest.mark.parametrize("path", PAGES)
def test_every_reply_has_a_policy_and_is_framed_by_nobody_else(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy or "frame-ancestors 'none'" in policy
    assert policy.startswith("default-src 'self'" if path == "/chat/" else "default-src 'none'")
    assert "'unsafe-inline'" not in policy.partition("style-src")[0]
    assert "set-cookie" not in headers


@pytest.mark.parametrize("status", [403, 404, 405, 413, 415, 422])
def test_refusals_have_the_headers_too(client: TestClient, status: int) -> None:
    reply = {
        403: lambda: client.post("/api/ask", headers={"origin": "https://elsewhere.example"}),
        404: lambda: client.get("/api/none"),
        405: lambda: client.get("/api/ask"),
        413: lambda: client.post("/api/ask", content=b"a" * (MAX_BODY_BYTES + 1)),
        415: lambda: client.post("/api/ask", content=b"{}"),
        422: lambda: client.post("/api/ask", json={}),
    }[status]()
    assert reply.status_code == status
    assert reply.json()["error"].keys() == {"code", "message"}
    assert reply.headers["content-security-policy"].startswith("default-src 'none'")
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["cache-control"] == "no-store"


def test_the_frame_for_other_sites_is_for_the_allowed_ones_alone(client: TestClient) -> None:
    headers = client.get("/embed").headers
    assert headers["content-security-policy"].endswith(f"frame-ancestors 'self' {PARTNER}")
    assert "x-frame-options" not in headers


def test_replies_and_the_chat_are_not_kept_by_caches(client: TestClient) -> None:
    assert client.post("/api/ask", json=ASK).headers["cache-control"] == "no-store"


# Rates


def test_who_asks_too_often_is_told_when_to_come_again(keeper: Keeper) -> None:
    with client_to(replace(SITE, rate_limit="3/minute"), keeper) as client:
        assert [client.post("/api/ask", json=ASK).status_code for _ in range(4)] == [200, 200, 200, 429]
        reply = client.post(PREDICT, json={})
        assert refusal(reply) == (429, "rate_limited")
        assert 1 <= int(reply.headers["retry-after"]) <= 60
        assert client.get("/api/topics").status_code == 200
        assert client.get("/chat/").status_code == 200


def test_the_address_that_a_stranger_claims_to_come_from_is_not_believed(keeper: Keeper) -> None:
    with client_to(replace(SITE, rate_limit="1/minute", trusted_proxies=("10.0.0.1",)), keeper, "192.0.2.7") as client:
        claims = [{"x-forwarded-for": f"198.51.100.{n}"} for n in range(2)]
        assert [client.post("/api/ask", json=ASK, headers=claim).status_code for claim in claims] == [200, 429]


def test_the_address_that_a_trusted_proxy_names_is_believed_and_no_further_one(keeper: Keeper) -> None:
    site = replace(SITE, rate_limit="1/minute", trusted_proxies=("10.0.0.0/8",))
    with client_to(site, keeper, "10.1.2.3") as client:
        claims = [{"x-forwarded-for": f"203.0.113.{n}, 198.51.100.{n // 2}, 10.9.9.9"} for n in range(4)]
        assert [client.post("/api/ask", json=ASK, headers=claim).status_code for claim in claims] == [
            200,
            429,
            200,
            429,
        ]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::/64"),
        ("moon", "unknown"),
    ],
)
def test_a_client_is_an_address_and_of_ipv6_a_home(address: str, name: str) -> None:
    assert client_of({"client": (address, 1)}) == name
    assert client_of({"client": None}) == "unknown"


# Bodies


@pytest.mark.parametrize("path", ["/api/ask", "/api/feedback", PREDICT, "/none"])
def test_a_body_over_the_limit_is_refused(client: TestClient, path: str) -> None:
    reply = client.post(path, content=b"a" * (MAX_BODY_BYTES + 1), headers={"content-type": "application/json"})
    assert refusal(reply) == (413, "too_long")


@pytest.mark.usefixtures("socket_enabled")
def test_a_body_over_the_limit_is_refused_before_its_end_and_a_slow_one_after_a_while(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.server._MOST_BODY_S", 0.5)
    app = create_app(SITE, lambda: edition_of(keeper))
    head = b"POST /api/ask HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    with serving(app) as port:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as long:
            long.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n")
            for _ in range(3):
                long.sendall(b"c000\r\n" + b"a" * 0xC000 + b"\r\n")
            assert long.recv(1000).startswith(b"HTTP/1.1 413 ")
        with socket.create_connection(("127.0.0.1", port), timeout=10) as said:
            said.sendall(head + b"Content-Length: 99999999\r\n\r\n")
            assert said.recv(1000).startswith(b"HTTP/1.1 413 ")
        with socket.create_connection(("127.0.0.1", port), timeout=10) as slow:
            slow.sendall(head + b'Content-Length: 30\r\n\r\n{"quest')
            began = time.monotonic()
            with socket.create_connection(("127.0.0.1", port), timeout=10) as gone:
                gone.sendall(head + b'Content-Length: 30\r\n\r\n{"quest')
            body = json.dumps(ASK).encode()
            with socket.create_connection(("127.0.0.1", port), timeout=10) as quick:
                quick.sendall(head + b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
                assert quick.recv(1000).startswith(b"HTTP/1.1 200 ")
            assert time.monotonic() - began < 0.5
            assert slow.recv(1000).startswith(b"HTTP/1.1 408 ")


# Full, and faults


def test_when_too_many_wait_a_question_is_turned_away_and_the_server_is_not_ready(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.server._WORKERS", 1)
    monkeypatch.setattr("ui.server._WAITING", 0)
    with client_to(SITE, keeper) as client, ThreadPoolExecutor(1) as pool:
        keeper.go_on.clear()
        assert client.get("/readyz").status_code == 200
        waiting = pool.submit(client.post, "/api/ask", json={"question": "slow"})
        _until(lambda: client.get("/readyz").status_code == 503)
        reply = client.post("/api/ask", json=ASK)
        assert refusal(reply) == (503, "unavailable")
        assert reply.headers["retry-after"] == "2"
        assert client.get("/healthz").status_code == 200
        keeper.go_on.set()
        assert waiting.result(timeout=10).status_code == 200
        assert client.get("/readyz").status_code == 200


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


CANARY = "zugzwangcanary"


def test_no_question_stands_in_a_log_or_in_what_is_counted(
    keeper: Keeper, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    body = json.dumps({"question": f"broken {CANARY}"})
    numbers = {"fn_index": 0, "session_hash": "abc"}
    predict: list[object] = [
        {**numbers, "data": [f"broken {CANARY}", None]},
        {**numbers, "data": [f"shine {CANARY}", None]},
        {**numbers, "data": [{"x": CANARY}, None]},
        {**numbers, "data": [CANARY]},
        {**numbers, "data": CANARY},
        {**numbers, "fn_index": CANARY},
        {**numbers, "session_hash": CANARY + "!", "data": ["a", None]},
        [CANARY],
    ]
    with client_to(SITE, keeper) as client:
        reply = client.post("/api/ask", content=body, headers={"content-type": "application/json"})
        assert refusal(reply) == (500, "fault")
        assert CANARY not in reply.text
        client.post("/api/ask", json={"question": CANARY, "history": [CANARY]})
        client.post("/api/ask", json={"question": CANARY, CANARY: 1})
        client.post(f"/api/ask?{CANARY}", content=CANARY)
        client.get(f"/source/{CANARY}")
        for sent in predict:
            client.post(PREDICT, json=sent)
        counted = client.get("/metrics").text
    assert CANARY not in counted
    assert "a request failed: RuntimeError at vantor.py:" in caplog.text
    mine = [record.getMessage() for record in caplog.records if record.name not in {"httpx", "httpx2"}]
    assert [line for line in mine if CANARY in line] == []
    assert not any(record.exc_info for record in caplog.records)
    out, err = capfd.readouterr()
    assert CANARY not in out + err


def test_what_happens_is_counted(keeper: Keeper) -> None:
    with client_to(replace(SITE, rate_limit="5/minute"), keeper) as client:
        for question in ("Do they shine?", "fire: do they shine?", "Do they sing?", "Hello", "broken"):
            client.post("/api/ask", json={"question": question})
        client.post("/api/ask", json=ASK)
        counted = client.get("/metrics")
    assert counted.headers["content-type"].startswith("text/plain")
    lines = set(counted.text.splitlines())
    assert {
        "insights_questions_total 4.0",
        'insights_abstentions_total{reason="no_evidence"} 1.0',
        'insights_abstentions_total{reason="greeting"} 1.0',
        'insights_abstentions_total{reason="nonsense"} 0.0',
        'insights_notices_total{kind="emergency"} 1.0',
        'insights_refused_total{code="rate_limited"} 1.0',
        'insights_refused_total{code="fault"} 1.0',
        "insights_answer_seconds_count 4.0",
    } <= lines
    assert any(line.startswith("process_resident_memory_bytes ") for line in lines)


def test_a_notice_comes_through_even_when_the_question_is_too_long() -> None:
    def alarmed(question: str, history: Sequence[str], /, *, within: Filter = EVERYTHING) -> Reply:
        assert (history, within) == ((), EVERYTHING)
        return Abstention(question, question, Reason.TOO_LONG, notices=(ALARM,))

    edition = Edition("moths-1", alarmed, CORPUS)
    with TestClient(create_app(SITE, lambda: edition)) as client:
        reply = client.post("/api/ask", json={"question": "a" * 2001})
    assert (reply.status_code, reply.json()["reason"]) == (200, "too_long")
    assert [notice["kind"] for notice in reply.json()["notices"]] == ["emergency"]
