"""One request at a time over HTTP, within limits of time and size, and to no address that isn't meant.

The only door to httpcore.
"""

import os
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Self
from urllib.parse import unquote, urlsplit

import certifi
import httpcore

from ingest.web.address import Address, shown
from ingest.web.model import Limits
from ingest.web.network import Deadline, Surroundings, TooSlowError, is_never_asked, is_public
from ingest.web.unpack import UnpackError, too_large, unpacked, within

__all__ = ["Answer", "Wire", "WireError"]

_OK: Final = 200
_NOT_MODIFIED: Final = 304
_SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


class WireError(Exception):
    """A request that came to nothing.

    `passing` says whether it may go well a moment later, `of_page` whether it's the page's fault and not its site's.
    """

    def __init__(self, why: str, *, passing: bool = False, of_page: bool = False) -> None:
        super().__init__(why)
        self.passing = passing
        self.of_page = of_page


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered. The names of headers are in lower case; the body is unpacked, and empty unless 200."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Wire:
    """The connections of one run, to be used in a `with` block."""

    def __init__(self, limits: Limits, around: Surroundings) -> None:
        self._limits = limits
        self._around = around
        self._deadline = Deadline()
        self._private: dict[str, bool] = {}
        self._pools: dict[tuple[str, str | None], httpcore.ConnectionPool] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pool in self._pools.values():
            pool.close()

    def get(self, address: Address, headers: Mapping[str, str], *, max_bytes: int, cut: bool = False) -> Answer:
        """The answer to a GET request; of a body of more than `max_bytes` the beginning if `cut`.

        Raises:
            WireError: if none comes, or if the body is too large.
        """
        self._deadline.start(self._limits.request_s)
        limits = {"connect": self._limits.connect_s, "read": self._limits.read_s, "write": self._limits.read_s}
        url = httpcore.URL(scheme=address.scheme, host=address.host, port=address.port, target=address.target)
        sent = [("Host", address.authority), ("Accept-Encoding", "gzip"), *headers.items()]
        with (
            self._told(),
            self._pool(address).stream("GET", url, headers=sent, extensions={"timeout": limits}) as answer,
        ):
            found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
            if answer.status == _NOT_MODIFIED:
                answer.read()  # has no body; once that is read, the connection can be used again
            if answer.status != _OK:
                return Answer(answer.status, found, b"")
            if not cut and int(found.get("content-length", 0)) > max_bytes:  # the library refuses what is no number
                raise too_large(max_bytes)
            chunks = unpacked(self._in_time(answer.iter_stream()), found.get("content-encoding", ""), max_bytes)
            return Answer(answer.status, found, within(chunks, max_bytes, cut=cut))

    def _in_time(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self._deadline.check()
            yield chunk

    def _pool(self, address: Address) -> httpcore.ConnectionPool:
        proxy = self._around.proxy(address)
        if (address.scheme, proxy) not in self._pools:
            trust = _trust() if address.scheme == "https" else None
            pool = self._direct(trust) if proxy is None else self._through(proxy, trust)
            self._pools[address.scheme, proxy] = pool
        return self._pools[address.scheme, proxy]

    def _direct(self, trust: ssl.SSLContext | None) -> httpcore.ConnectionPool:
        backend = _Backend(self._deadline, self._around, self._asked_at)
        return httpcore.ConnectionPool(trust, keepalive_expiry=self._limits.read_s, network_backend=backend)

    def _through(self, proxy: str, trust: ssl.SSLContext | None) -> httpcore.ConnectionPool:
        parts = urlsplit(proxy)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise WireError(f"a proxy of the kind {parts.scheme}:// is named by the environment, wanted http:// of one")
        return httpcore.HTTPProxy(
            f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}",
            (unquote(parts.username), unquote(parts.password or "")) if parts.username else None,
            ssl_context=trust,
            proxy_ssl_context=_trust() if parts.scheme == "https" else None,
            network_backend=_Backend(self._deadline, self._around, self._around.resolve),
        )

    def _asked_at(self, host: str, port: int) -> list[str]:
        """Where `host` may be asked: of a site that was public when it was first asked, only at public addresses."""
        found = [address for address in self._around.resolve(host, port) if not is_never_asked(address)]
        public = [address for address in found if is_public(address)]
        site = Address("http", host, port, "/").site
        if not self._private.setdefault(site, bool(found) and not public):
            found = public
        if not found:
            raise WireError(f"{host} leads to an address that no public site has; look at its entry in the DNS")
        return found

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Whatever goes wrong on the wire, as one WireError."""
        try:
            yield
        except UnpackError as error:
            raise WireError(str(error), of_page=True) from error
        except (TooSlowError, httpcore.TimeoutException) as error:
            raise self._too_slow(error) from error
        except (httpcore.NetworkError, OSError) as error:
            raise _no_connection(error) from error
        except httpcore.ProxyError as error:
            raise WireError(
                f"the proxy of the environment refuses it ({shown(str(error))}); ask who runs it"
            ) from error
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
            raise WireError(
                f"what was sent is no whole answer over HTTP ({shown(str(error))}); try again", passing=True
            ) from error

    def _too_slow(self, error: Exception) -> WireError:
        limits = self._limits
        if self._deadline.is_over() or isinstance(error, TooSlowError):
            return WireError(f"it wasn't sent whole within {limits.request_s:g} s; try again later")
        if isinstance(error, httpcore.ConnectTimeout):
            return WireError(f"no connection within {limits.connect_s:g} s; try again later", passing=True)
        return WireError(f"nothing was sent for {limits.read_s:g} s; try again later", passing=True)


class _Backend(httpcore.NetworkBackend):
    """Connects where a host may be asked; everything that it connects to keeps to the deadline."""

    def __init__(
        self, deadline: Deadline, around: Surroundings, addresses_of: Callable[[str, int], Sequence[str]]
    ) -> None:
        self._deadline = deadline
        self._around = around
        self._addresses_of = addresses_of
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[_SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first of the host's addresses that takes one."""
        addresses = self._addresses_of(host, port)
        for number, address in enumerate(addresses, start=1):
            left = self._deadline.left(timeout)
            try:
                stream = self._sockets.connect_tcp(
                    *self._around.route(address, port), left, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses):
                    raise
            else:
                return _Stream(stream, self._deadline)
        raise socket.gaierror(socket.EAI_NONAME, "no address")


class _Stream(httpcore.NetworkStream):
    """A connection that keeps to the deadline of the request which is under way."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as httpcore has it
        return self._stream.get_extra_info(info)


def _trust() -> ssl.SSLContext:
    """The machine's certificate authorities and Mozilla's, or those alone that SSL_CERT_FILE or SSL_CERT_DIR name."""
    context = ssl.create_default_context()
    if not any(os.environ.get(name) for name in ("SSL_CERT_FILE", "SSL_CERT_DIR")):
        context.load_verify_locations(certifi.where())
    return context


def _no_connection(error: Exception) -> WireError:
    cause = next((cause for cause in error.args if isinstance(cause, Exception)), error)  # httpcore keeps it there
    match cause:
        case socket.gaierror():
            return WireError(
                f"its host isn't known ({cause.strerror}); look at the address, and whether the network is there",
                passing=cause.errno == socket.EAI_AGAIN,
            )
        case _ if isinstance(error, httpcore.ReadError | httpcore.WriteError):
            return WireError(f"the connection broke off ({cause}); try again later", passing=True)
        case ssl.SSLCertVerificationError():
            return WireError(
                f"its certificate isn't trusted ({cause.verify_message}); if your network has a certificate authority "
                "of its own, name its file with SSL_CERT_FILE"
            )
        case ssl.SSLError():
            return WireError(f"no secure connection ({cause.reason}); look at whether the address is one of https")
        case ConnectionRefusedError():
            return WireError("the host refuses the connection; look at the address and the port", passing=True)
        case _:
            return WireError(f"no connection ({cause}); look at the address and the network", passing=True)
