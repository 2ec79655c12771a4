"""Ctrl-C ends the server at once and quietly, whatever pages are open."""

import signal
import subprocess
import sys
import urllib.request

import pytest

SERVE = """
import socket
from tests.browser.vantor import SITE, Keeper, edition_of
from ui.server import create_app, run

with socket.create_server(("127.0.0.1", 0)) as listener:
    page = create_app(SITE, lambda: edition_of(Keeper()))
    print(listener.getsockname()[1], flush=True)
    run(page, listener)
"""
MOST_S = 20


@pytest.mark.slow
@pytest.mark.usefixtures("socket_enabled")
def test_ctrl_c_ends_the_server_with_a_page_open_without_a_trace() -> None:
    command = [sys.executable, "-c", SERVE]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        heartbeat = f"http://127.0.0.1:{port}/chat/gradio_api/heartbeat/page"
        with urllib.request.urlopen(heartbeat, timeout=MOST_S) as page:
            page.readline()
            server.send_signal(signal.SIGINT)
            _, errors = server.communicate(timeout=MOST_S)
    assert (server.returncode, errors) == (0, "")
