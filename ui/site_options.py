"""What a user says of a site on the command line, checked: origins, a path prefix, proxies, a rate."""

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from ui.inputs import UsageError
from ui.limits import is_rate

__all__ = ["feedback_file", "origin", "proxy", "rate", "root_path"]

_ROOT_PATH: Final = re.compile(r"(?:/(?!\.)[A-Za-z0-9._~-]+)+")
_OWN: Final = ("api", "assets", "chat", "docs", "embed", "source", "widget", "widget.js")
_PORTS: Final = {"http": 80, "https": 443}


def origin(text: str) -> str:
    """An origin as browsers write it: small letters, no slash at the end, no port that goes without saying."""
    try:
        parts = urlsplit(text.strip().lower())
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    is_origin = parts.scheme in _PORTS and parts.hostname and parts.path in {"", "/"}
    if not is_origin or parts.query or parts.fragment or "@" in parts.netloc or not _is_host(parts.hostname or ""):
        raise UsageError(
            f"--allow-origin: found {text!r}, wanted a site such as https://www.example.org; no path, no *"
        )
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}" + ("" if port in {None, _PORTS[parts.scheme]} else f":{port}")


def root_path(text: str) -> str:
    """A path prefix without a slash at its end; "" is none."""
    path = text.removesuffix("/")
    if not path:
        return ""
    if not _ROOT_PATH.fullmatch(path) or path.split("/")[1] in _OWN:
        own = ", ".join(_OWN)
        raise UsageError(f"--root-path: found {text!r}, wanted a path such as /bot, and none of the site's own: {own}")
    return path


def proxy(text: str) -> str:
    """An address or a network."""
    try:
        network = ip_network(text.strip(), strict=True)
    except ValueError:
        raise UsageError(
            f"--trusted-proxy: found {text!r}, wanted an address or a network such as 10.0.0.0/8"
        ) from None
    return str(network.network_address if network.num_addresses == 1 else network)


def rate(text: str) -> str | None:
    """How often a client may ask; "none" is without a limit."""
    if text.strip().lower() == "none":
        return None
    if not is_rate(text):
        raise UsageError(f"--rate-limit: found {text!r}, wanted a number and a time such as 60/minute, or none")
    return text


def feedback_file(path: Path | None) -> Path | None:
    """A file that can be written."""
    if path is None:
        return None
    try:
        with path.open("ab"):
            return path
    except OSError as error:
        raise UsageError(f"--feedback: {path} can't be written ({error.strerror}); name another file") from error


def _is_host(host: str) -> bool:
    return ":" in host or bool(re.fullmatch(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?", host))
