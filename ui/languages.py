"""The interface's languages: every fixed sentence comes from `languages/*.toml`, one file a language."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, Final

from retrieval.model import NoticeKind, Reason, Sureness

__all__ = ["DOCUMENT_LANGUAGE", "LANGUAGES", "Texts", "Trouble", "catalogue", "negotiated"]

LANGUAGES: Final = ("en", "de", "ar")  # the first is spoken where a browser asks for none of them
DOCUMENT_LANGUAGE: Final = "en"  # what quotes, titles and example questions are written in

# One part of Accept-Language: the language, and how much it is liked (RFC 9110, 12.5.4).
_RANGE: Final = re.compile(r"\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9]{1,8})*\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?")


class Trouble(StrEnum):
    """Why the widget has no reply to show; where there is no text of its own it has the server's or another."""

    BUSY = "busy"
    OFFLINE = "offline"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"


_WORDS: Final[Mapping[str, type[StrEnum]]] = {
    "sureness": Sureness,
    "notices": NoticeKind,
    "notice_texts": NoticeKind,
    "labels": Reason,
    "replies": Reason,
    "trouble_labels": Trouble,
    "troubles": Trouble,
}


@dataclass(frozen=True, slots=True)
class Texts:
    """Every fixed sentence in one language; what stands in braces is filled in by whoever shows it.

    `name` is the language's name in itself, `direction` is "ltr" or "rtl". `notice_texts` are what notices say, by
    kind; English has none, since a notice carries its text in English.
    """

    language: str
    name: str
    direction: str
    date_form: str
    months: tuple[str, ...]
    thousands: str
    about: str
    emergency: str
    welcome_title: str
    welcome: str
    examples: str
    box_label: str
    box_hint: str
    ask: str
    new_conversation: str
    conversation: str
    waiting: str
    language_label: str
    text_size: str
    percent: str
    read_aloud: str
    stop_reading: str
    dictate: str
    stop_dictating: str
    dictating: str
    dictation_start: str
    dictation_note: str
    dictation_failed: str
    asked: str
    looked_up_as: str
    quote: str
    quote_of: str
    marked: str
    not_stated: str
    title: str
    section: str
    cited_section: str
    publisher: str
    reviewed: str
    review_due: str
    licence: str
    original: str
    page: str
    page_label: str
    document: str
    digest: str
    characters: str
    overdue: str
    also_in: str
    show_in_source: str
    open_original: str
    new_tab: str
    copy: str
    copied: str
    not_copied: str
    closest: str
    not_an_answer: str
    error_label: str
    error: str
    unreachable: str
    notice_instead: str
    notice_link: str
    notice_call: str
    close: str
    retry: str
    soon: str
    source_page: str
    place: str
    place_not_found: str
    no_such_document: str
    earlier_version: str
    to_the_current_version: str
    withdrawn: str
    to_the_chat: str
    sureness: Mapping[Sureness, str]
    notices: Mapping[NoticeKind, str]
    notice_texts: Mapping[NoticeKind, str]
    labels: Mapping[Reason, str]
    replies: Mapping[Reason, str]
    trouble_labels: Mapping[Trouble, str]
    troubles: Mapping[Trouble, str]

    def day(self, day: date | None) -> str:
        """A date without doubt about which number is the month."""
        if day is None:
            return self.not_stated
        return self.date_form.format(day=day.day, month=self.months[day.month - 1], year=day.year)

    def number(self, number: int) -> str:
        """A whole number with its thousands apart."""
        return f"{number:,}".replace(",", self.thousands)

    def reply(self, reason: Reason, *, limit: int) -> str:
        """What is said where nothing is quoted; `limit` is how many characters a question may have."""
        return self.replies[reason].replace("{limit}", self.number(limit))


@cache
def catalogue(language: str) -> Texts:
    """The texts in one of `LANGUAGES`; KeyError if it is none of them."""
    if language not in LANGUAGES:
        raise KeyError(f"found the language {language!r}, wanted one of {', '.join(LANGUAGES)}")
    text = resources.files("ui").joinpath("languages", f"{language}.toml").read_text(encoding="utf-8")
    return _checked(tomllib.loads(text), language)


def negotiated(accept_language: str | None, asked: str | None) -> str:
    """The language to speak: the one that was asked for, else the one that the browser likes best, else English."""
    if asked is not None and asked.lower().partition("-")[0] in LANGUAGES:
        return asked.lower().partition("-")[0]
    liked: dict[str, float] = {}
    for part in (accept_language or "").split(","):
        found = _RANGE.fullmatch(part)
        if found is not None:
            language = found[1].lower()
            liked[language] = max(float(found[2] or 1), liked.get(language, 0))
    spoken = [language for language in liked if language in LANGUAGES and liked[language]]
    return max(spoken, key=lambda language: liked[language], default=LANGUAGES[0])


def _checked(read: Mapping[str, Any], language: str) -> Texts:
    """The texts of a file, which has to hold each of them and no other."""
    names = {field.name for field in fields(Texts)} - {"language"}
    if read.keys() != names:
        wrong = sorted(read.keys() ^ names)
        raise ValueError(f"languages/{language}.toml: found {wrong} missing or unknown, wanted the names of Texts")
    tables = {name: {word(key): text for key, text in read[name].items()} for name, word in _WORDS.items()}
    return Texts(**{**read, **tables, "months": tuple(read["months"]), "language": language})
