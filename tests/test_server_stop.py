"""Ctrl-C and SIGTERM end the server quietly: open pages at once, answers under way when they are given."""

import http.client
import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress

import pytest

SERVE = """
import socket
from tests.browser.vantor import SITE, Keeper, edition_of
from ui.server import create_app, run

keeper = Keeper()
with socket.create_server(("127.0.0.1", 0)) as listener:
    page = create_app(SITE, lambda: edition_of(keeper))
    print(listener.getsockname()[1], flush=True)
    run(page, listener)
"""
MOST_S = 20
SLOW_S = 1.5


@contextmanager
def server(*, slow_s: float = 0) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server in a process of its own, and its port; "slow" questions take so long."""
    script = SERVE.replace("keeper = Keeper()", f"keeper = Keeper(go_on=Patience({slow_s}))")
    script = script.replace("import socket", f"import socket\n{PATIENCE}", 1)
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process, int(process.stdout.readline())


PATIENCE = """
import threading, time
class Patience(threading.Event):
    def __init__(self, slow_s):
        super().__init__()
        self.slow_s = slow_s
    def wait(self, timeout=None):
        time.sleep(self.slow_s)
        return True
"""


def ask(port: int, question: str) -> tuple[int, str]:
    """The status and the kind of the reply to a question."""
    body = json.dumps({"question": question}).encode()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=MOST_S)
    connection.request("POST", "/api/ask", body, {"content-type": "application/json"})
    with closing(connection), connection.getresponse() as reply:
        return reply.status, json.load(reply).get("kind", "")


@pytest.mark.slow
@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, -signal.SIGTERM)])
def test_the_server_ends_at_once_with_a_page_open_and_without_a_trace(sign: signal.Signals, code: int) -> None:
    with server() as (process, port):
        heartbeat = f"http://127.0.0.1:{port}/chat/gradio_api/heartbeat/page"
        with urllib.request.urlopen(heartbeat, timeout=MOST_S) as page:
            page.readline()
            began = time.monotonic()
            process.send_signal(sign)
            _, errors = process.communicate(timeout=MOST_S)
    assert (process.returncode, errors) == (code, "")
    assert time.monotonic() - began < 8  # and not as long as answers are waited for


@pytest.mark.slow
@pytest.mark.usefixtures("socket_enabled")
def test_answers_under_way_are_finished_and_new_questions_refused_when_the_server_is_stopped() -> None:
    with server(slow_s=SLOW_S) as (process, port), ThreadPoolExecutor(4) as pool:
        assert ask(port, "Do they shine?") == (200, "answer")
        began = time.monotonic()
        waiting = [pool.submit(ask, port, "slow") for _ in range(4)]
        time.sleep(SLOW_S / 3)
        process.send_signal(signal.SIGTERM)
        time.sleep(SLOW_S / 3)
        with suppress(OSError):  # nobody listens any more
            assert ask(port, "Do they shine?")[0] == 503
        assert [future.result() for future in waiting] == [(200, "answer")] * 4
        _, errors = process.communicate(timeout=MOST_S)
        assert time.monotonic() - began < 10
    assert (process.returncode, errors) == (-signal.SIGTERM, "")
