"""Makes the widget's script small: `python -m ui.widget.pack` after a change of its parts or styles."""

import json
import re
from pathlib import Path
from typing import Final

import minify

__all__ = ["PACKED", "pack"]

_HERE: Final = Path(__file__).parent
_PARTS: Final = ("words.js", "reply.js", "options.js", "server.js", "element.js", "start.js")
PACKED: Final = _HERE / "packed.js"
# Where the script comes from is known only while it is first run. What the server fills in when it starts comes last.
_WHOLE: Final = """"use strict";
((STYLES, TEXTS, OTHERS, SITE) => {{
const SCRIPT = document.currentScript ?? document.querySelector('script[src*="/widget.js"]');
const BASE = new URL(".", SCRIPT?.src ?? document.baseURI).href;
{parts}
}})({styles}, "FILLED IN");
"""
_OWN_PROPERTY: Final = re.compile(r"--(?!insights-)[a-z-]+")


def pack() -> str:
    """The script up to where the server fills in its sentences."""
    styles: str = minify.string("text/css", (_HERE / "widget.css").read_text("utf-8"))
    parts = "".join((_HERE / part).read_text("utf-8") for part in _PARTS)
    script: str = minify.string("text/javascript", _WHOLE.format(parts=parts, styles=json.dumps(styles)))
    return script[: script.rindex('"FILLED IN"')] + "\n"


if __name__ == "__main__":
    PACKED.write_text(pack(), "utf-8")
