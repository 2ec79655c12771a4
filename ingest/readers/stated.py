"""What a text states about itself: `key: value` lines between lines of dashes at its top, or the keys of a record."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from corpus.model import Source
from ingest.raw import UNSTATED, IngestError

__all__ = ["parted", "source_of"]

_FENCE = re.compile(r"---[ \t]*\n(.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_KEY = re.compile(r"([A-Za-z][\w-]*)[ \t]*:(?:[ \t]+(.*)|)")
# What may stand beside `key: value` lines: lists and texts that belong to a key, comments, empty lines.
_OF_A_KEY = re.compile(r"[ \t]+\S.*|-[ \t].*|#.*|[ \t]*")
_COMMENT = re.compile(r"(?:^|[ \t]+)#.*")
_QUOTED = re.compile(r"(?:\"([^\"]*)\"|'([^']*)')[ \t]*(?:[ \t]#.*)?")
_OTHER_NAMES = {"license": "licence", "review-due": "review_due"}
_TEXTS = ("title", "url", "publisher", "licence")
_DATES = ("reviewed", "review_due")
_LONGEST = 20_000
_NOTHING = {"", "null", "~", "not stated"}
_BLOCKS = ("|", ">", "[", "{")


def parted(text: str) -> tuple[Source, str]:
    """What the text states of itself, and the text after that, in the same lines as before.

    Lines of dashes around anything but `key: value` lines are part of the text.

    Raises:
        IngestError: if a date is none, or what is stated isn't on one line.
    """
    found = _FENCE.match(text[:_LONGEST])
    if found is None or (values := _values(found[1].split("\n"))) is None:
        return UNSTATED, text
    return source_of(values), "\n" * found[0].count("\n") + text[found.end() :]


def source_of(values: Mapping[str, object]) -> Source:
    """The source that these keys and values state; keys that aren't known are passed over.

    Raises:
        IngestError: if a date is none, or a value no text.
    """
    known = dict(_known(values))
    return Source(
        known.get("title", ""),
        known.get("url"),
        known.get("publisher"),
        known.get("licence"),
        _day(known, "reviewed"),
        _day(known, "review_due"),
    )


def _values(lines: list[str]) -> dict[str, object] | None:
    """The values by their keys; `None` if a line is none of a list of keys and values."""
    values: dict[str, object] = {}
    for line in lines:
        key = _KEY.fullmatch(line)
        if key is not None:
            values[key[1].lower()] = _value(key[2] or "")
        elif not _OF_A_KEY.fullmatch(line) or (line.strip() and not values and not line.startswith("#")):
            return None
    return values or None


def _value(text: str) -> str:
    quoted = _QUOTED.fullmatch(text.strip())
    return (quoted[1] or quoted[2] or "") if quoted else _COMMENT.sub("", text).strip()


def _known(values: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        key = _OTHER_NAMES.get(name, name)
        if key not in {*_TEXTS, *_DATES} or value is None:
            continue
        if not isinstance(value, str) or value.startswith(_BLOCKS):
            raise IngestError(f"{name} is {str(value)[:40]!r}, wanted a text on one line; write it as {name}: …")
        if (text := " ".join(value.split())) not in _NOTHING:
            yield key, text


def _day(known: Mapping[str, str], key: str) -> date | None:
    text = known.get(key)
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise IngestError(f"{key} is {text[:40]!r}, wanted a date; write it as YYYY-MM-DD") from None
