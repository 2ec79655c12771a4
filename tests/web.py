"""The site about moths on a socket of this machine, for tests that need a real server."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

__all__ = ["Started", "free_port", "serving"]


class Started(uvicorn.Server):
    """A server that says when it can be asked."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts, and says so."""
        await super().startup(sockets)
        self.ready.set()


@contextmanager
def serving(app: FastAPI) -> Iterator[int]:
    """The port on which `app` is served in another thread."""
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_level="warning", proxy_headers=False, timeout_graceful_shutdown=1
    )
    server = Started(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    assert server.ready.wait(timeout=30), "the server did not start"
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        for close in app.state.closing:
            close()
        server.should_exit = True
        thread.join(timeout=20)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
