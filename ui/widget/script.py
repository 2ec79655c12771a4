"""The widget's script: its parts, styles and sentences joined into one file."""

import gzip
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ui.widget.words import LANGUAGES

__all__ = ["SCRIPT_TYPE", "File", "packed", "script", "sentences"]

SCRIPT_TYPE: Final = "text/javascript; charset=utf-8"

_HERE: Final = Path(__file__).parent
_PARTS: Final = ("words.js", "reply.js", "options.js", "server.js", "element.js", "start.js")
_JS_COMMENT: Final = re.compile(r"^\s*(?://.*|/\*\*.*\*/)$", re.MULTILINE)
_CSS_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
# Where the script comes from is known only while it is first run.
_HEAD: Final = """\
"use strict";
(() => {
const SCRIPT = document.currentScript ?? document.querySelector('script[src*="/widget.js"]');
const BASE = new URL(".", SCRIPT?.src ?? document.baseURI).href;
"""


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is sent: as it is, packed, and the tag that names this version of it."""

    plain: bytes
    packed: bytes
    etag: str
    media_type: str


def packed(plain: bytes, media_type: str) -> File:
    """The file with these bytes."""
    digest = hashlib.sha256(plain).hexdigest()[:32]
    return File(plain, gzip.compress(plain, compresslevel=9, mtime=0), f'W/"{digest}"', media_type)


def script(title: str, examples: Sequence[str]) -> File:
    """The whole widget with English in it, and what the site calls itself; other languages come when they are needed."""
    given = {
        "TEXTS": {"en": LANGUAGES["en"]},
        "OTHERS": [language for language in LANGUAGES if language != "en"],
        "SITE": {"title": title, "examples": list(examples)},
        "STYLES": _styles(),
    }
    constants = "".join(f"const {name} = {_literal(value)};\n" for name, value in given.items())
    parts = "".join(_short((_HERE / part).read_text("utf-8")) for part in _PARTS)
    return packed(f"{_HEAD}{constants}{parts}}})();\n".encode(), SCRIPT_TYPE)


def sentences(language: str) -> File:
    """The widget's sentences in one language."""
    return packed(_literal(LANGUAGES[language]).encode(), "application/json")


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _short(code: str) -> str:
    """`code` without comments on lines of their own, without indentation and without empty lines."""
    lines = (line.strip() for line in _JS_COMMENT.sub("", code).splitlines())
    return "".join(f"{line}\n" for line in lines if line)


def _styles() -> str:
    """The styles on one line. No string in them holds a space that counts but that of `": "`."""
    styles = _CSS_COMMENT.sub("", (_HERE / "widget.css").read_text("utf-8"))
    return re.sub(r"\s*([{};])\s*|(,)\n\s*|\n\s*", lambda found: found[1] or found[2] or " ", styles).replace(";}", "}").strip()
