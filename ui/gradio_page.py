"""What is done to Gradio's page so that it works wherever it is served, and runs no script but its own."""

import base64
import hashlib
import re
from typing import Final

from starlette.types import Scope

from ui.headers import chat_policy

__all__ = ["alone", "finished"]

_HOST: Final = "chat.invalid"
_SCRIPT: Final = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
# The address that the browser shows: right behind any proxy, whatever it tells us of itself.
_ROOT: Final = 'new URL(".", location.href).href.slice(0, -1)'


def alone(scope: Scope) -> Scope:
    """The request as Gradio is to see it: no word of the client's goes into the page."""
    return {**scope, "headers": [(b"host", _HOST.encode())], "query_string": b"", "scheme": "http"}


def finished(page: str, scope: Scope) -> tuple[bytes, str]:
    """The page with the address that it is loaded from as Gradio's root, and the policy for the scripts in it."""
    root = f"http://{_HOST}{scope['path'].rstrip('/')}"
    page = page.replace(f'"{root}"', _ROOT)
    hashes = {base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in _SCRIPT.findall(page)}
    return page.encode(), chat_policy(" ".join(f"'sha256-{found}'" for found in sorted(hashes)))
