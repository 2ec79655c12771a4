"""A site on a socket of this machine that answers with whatever bytes a test gives it, under any host's name."""

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.parser import Parser

from ingest.web.network import Surroundings

__all__ = ["Asked", "Clock", "Served", "reply", "serving"]

Answering = Callable[[socket.socket], None]
"""Answers on a connection by itself; what it raises when the client has gone is not minded."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: what for, and its headers with names in lower case."""

    address: str
    headers: Mapping[str, str]


@dataclass(slots=True)
class Clock:
    """A clock that only goes on when somebody sleeps."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        """The time in seconds."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Lets time pass at once."""
        self.now += seconds
        self.slept.append(seconds)


@dataclass(slots=True)
class Served:
    """What the site has at each address, answers to be given one after the other, and who asked when.

    Where there is nothing the answer is 404. `hosts` has the addresses that a host's name leads to; others lead to one
    that is public.
    """

    pages: dict[str, bytes | Answering | list[bytes | Answering]] = field(default_factory=dict)
    hosts: dict[str, list[str]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    connected: list[str] = field(default_factory=list)
    clock: Clock = field(default_factory=Clock)
    proxy: str | None = None
    tls: ssl.SSLContext | None = None
    port: int = 0

    @property
    def around(self) -> Surroundings:
        """Surroundings in which every host is this site."""
        return Surroundings(self._resolve, self._route, lambda _: self.proxy, self.clock, self.clock.sleep)

    @property
    def addresses(self) -> list[str]:
        """What was asked for, in order, without robots.txt."""
        return [asked.address for asked in self.asked if not asked.address.endswith("/robots.txt")]

    def _resolve(self, host: str, _port: int) -> list[str]:
        found = self.hosts.get(host, ["93.184.216.34"])
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return found

    def _route(self, address: str, _port: int) -> tuple[str, int]:
        self.connected.append(address)
        return "127.0.0.1", self.port

    def answer(self, connection: socket.socket) -> None:
        """Answers the requests of one connection."""
        head = b""
        while b"\r\n\r\n" not in head:
            more = connection.recv(65_536)
            if not more:
                return
            head += more
            if head.startswith(b"\x16"):  # of TLS, which isn't spoken here
                connection.sendall(reply("400 Bad Request"))
                return
        first, _, lines = head.decode("latin-1").partition("\r\n")
        headers = {name.lower(): value for name, value in Parser().parsestr(lines).items()}
        address = f"{headers['host']}{re.sub('^http://[^/]+', '', first.split(' ')[1])}"
        self.asked.append(Asked(address, headers))
        self.times.append(self.clock.now)
        answers = self.pages.get(address, reply("404 Not Found"))
        if isinstance(answers, list):
            answers = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answers, bytes):
            connection.sendall(answers)
        else:
            answers(connection)


def reply(status: str = "200 OK", body: bytes | str = b"", **headers: str) -> bytes:
    """A whole answer; `content_type="text/html"` is the header content-type."""
    data = body.encode() if isinstance(body, str) else body
    stated = {"content-length": str(len(data)), "connection": "close"}
    stated |= {re.sub("_", "-", name): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in stated.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode("latin-1") + data


@contextmanager
def serving(served: Served) -> Iterator[Served]:
    """Serves the site in other threads, one a connection, with its `port` set."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        served.port = listener.getsockname()[1]
        stopping = threading.Event()

        def accept() -> None:
            while not stopping.is_set():
                connection, _ = listener.accept()
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

        def answer(connection: socket.socket) -> None:
            with connection, suppress(OSError):
                if served.tls is None:
                    served.answer(connection)
                    return
                with served.tls.wrap_socket(connection, server_side=True) as secured:
                    served.answer(secured)

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield served
        finally:
            stopping.set()
            socket.create_connection(("127.0.0.1", served.port)).close()
            thread.join()
