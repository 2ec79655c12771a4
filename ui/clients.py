"""Who asks: the address of a client, believed from trusted proxies alone."""

from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

__all__ = ["Clients", "client_of"]

_HOME_BITS = 64  # of an IPv6 address: what one household or server is given, so no client has many


class Clients:
    """ASGI middleware: `scope["client"]` and the scheme as trusted proxies say, and no word of others'."""

    def __init__(self, app: ASGIApp, trusted: Sequence[str]) -> None:
        self.app = app
        self.told: ASGIApp = ProxyHeadersMiddleware(self._plain, list(trusted))  # type: ignore[arg-type,assignment]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        await self.told(scope, receive, send)

    async def _plain(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Without the headers of proxies: Gradio would believe anybody's."""
        if scope["type"] == "http":
            kept = [(name, value) for name, value in scope["headers"] if not _is_of_a_proxy(name)]
            scope = {**scope, "headers": kept}
        await self.app(scope, receive, send)


def client_of(scope: Scope) -> str:
    """A name for whoever sent the request: the address, of IPv6 the network of one home."""
    client = scope.get("client")
    try:
        address = ip_address(client[0] if client else "")
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ip_network((int(address), _HOME_BITS), strict=False))
    return str(address)


def _is_of_a_proxy(name: bytes) -> bool:
    return name.startswith((b"x-forwarded-", b"x-gradio-", b"x-direct-url")) or name in {b"forwarded", b"x-real-ip"}
