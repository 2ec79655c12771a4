"""The widget's script, with the sentences and the site's name in it, and other files as they are sent."""

import gzip
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ui.widget.words import LANGUAGES

__all__ = ["SCRIPT_TYPE", "File", "packed", "script", "sentences"]

SCRIPT_TYPE: Final = "text/javascript; charset=utf-8"

_HERE: Final = Path(__file__).parent


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


def script(title: str, examples: Sequence[str], language: str) -> File:
    """The whole widget with one language in it, and the site's title; other languages come when needed."""
    others = [other for other in LANGUAGES if other != language]
    given = ({language: LANGUAGES[language]}, others, {"title": title, "examples": list(examples)})
    code = (_HERE / "packed.js").read_text("utf-8").rstrip()
    return packed(f"{code}{','.join(map(_literal, given))});\n".encode(), SCRIPT_TYPE)


def sentences(language: str) -> File:
    """The widget's sentences in one language."""
    return packed(_literal(LANGUAGES[language]).encode(), "application/json")


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
