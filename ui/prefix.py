"""The path prefix under which a proxy serves the site, whether the proxy strips it or not."""

from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Prefix"]


class Prefix:
    """ASGI middleware, outermost: gives every request the one path that has the prefix, as ASGI wants it.

    What is inside routes by the path without it (`get_route_path`), so a guard and a router see the same.
    """

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self.app = app
        self.root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]
        has_prefix = path == self.root_path or path.startswith(f"{self.root_path}/")
        rest = path[len(self.root_path) :] if has_prefix else path
        routed = {**scope, "root_path": self.root_path, "path": self.root_path + (rest or "/")}
        await self.app(routed, receive, send)
