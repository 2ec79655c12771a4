"""Many askers at a server, here one that replies without looking anything up."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from evals.bench.worker import Question
from evals.jsonl import DataError
from evals.load import Askers, measure_load

pytestmark = pytest.mark.usefixtures("socket_enabled")

QUESTIONS = [Question("Do moths shine?", ()), Question("When?", ("Do moths shine?",))]


class _Site(ThreadingHTTPServer):
    """Remembers what it was asked and refuses what is "too much"."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str]]] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/bot/"


class _Handler(BaseHTTPRequestHandler):
    """Handles the two paths that the measurement uses."""

    protocol_version = "HTTP/1.1"
    server: _Site

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append((asked["question"], asked["history"]))
        assert self.path == "/bot/api/ask"
        self._reply(503 if asked["question"] == "too much" else 200, b"{}")

    def do_GET(self) -> None:
        assert self.path == "/bot/metrics"
        self._reply(200, b"# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes 1.048576e+06\n")

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _reply(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def site() -> Iterator[_Site]:
    with _Site() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _nothing(*_: object) -> None:
    """Show no progress."""


def test_all_askers_are_answered_and_the_memory_of_the_server_is_told(site: _Site) -> None:
    load = measure_load(site.url, QUESTIONS, Askers(3, 0.3), _nothing)
    assert load.failures == {}
    assert load.answers == len(site.asked) > 3
    assert {(text, tuple(history)) for text, history in site.asked} == {(q.text, q.history) for q in QUESTIONS}
    assert load.p50_ms is not None
    assert load.p95_ms is not None
    assert load.most_ms is not None
    assert 0 < load.p50_ms <= load.p95_ms <= load.most_ms
    assert (load.memory_before_mib, load.memory_after_mib) == (1.0, 1.0)


def test_fresh_questions_are_put_once(site: _Site) -> None:
    load = measure_load(site.url, QUESTIONS, Askers(2, 0.2, fresh=True), _nothing)
    assert load.answers == len({text for text, _ in site.asked}) == len(site.asked)


def test_askers_who_pause_ask_less_often(site: _Site) -> None:
    load = measure_load(site.url, QUESTIONS, Askers(2, 0.5, pause_s=0.4), _nothing)
    assert 2 <= load.answers <= 4
    assert load.failures == {}


def test_what_comes_instead_of_answers_is_counted(site: _Site) -> None:
    load = measure_load(site.url, [Question("too much", ())], Askers(1, 0.1), _nothing)
    assert load.answers == 0
    assert load.p50_ms is None
    assert load.failures == {"status 503": len(site.asked)}


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(DataError, match=r"found no address of a server in 'localhost:7860', wanted http://HOST"):
        measure_load("localhost:7860", QUESTIONS, Askers(1, 0.1), _nothing)


def test_where_no_server_is_one_line_says_so() -> None:
    with pytest.raises(DataError, match=r"found no server .*, wanted one; say: insights serve"):
        measure_load("http://127.0.0.1:9", QUESTIONS, Askers(1, 0.1), _nothing)
