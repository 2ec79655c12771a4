"""Emergency and crisis numbers by country, from a table with the source and the date of each row."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from retrieval.model import NoticeKind, Reply

__all__ = ["LocaleError", "Numbers", "numbers_of", "with_numbers"]

_TABLE = "emergency_numbers.tsv"
_KINDS = ("emergency", "crisis")


class LocaleError(Exception):
    """A locale that no numbers are known for."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Telephone numbers as people dial them, best first; those of `crisis` are for people who may harm themselves."""

    emergency: tuple[str, ...]
    crisis: tuple[str, ...]

    def of(self, kind: NoticeKind) -> tuple[str, ...]:
        """Those that a notice of this kind gives."""
        return {NoticeKind.EMERGENCY: self.emergency, NoticeKind.CRISIS: self.crisis}.get(kind, ())


def numbers_of(locale: str | None = None) -> Numbers:
    """The numbers of a locale ("DE", "en-GB"); of none, the most common emergency numbers of the world.

    Where a country's crisis line has no source in the table, its emergency number stands for it.

    Raises:
        LocaleError: if the table hasn't the locale's country.
    """
    table = _table()
    country = "any" if locale is None else locale.replace("_", "-").split(".")[0].split("-")[-1].upper()
    if locale is not None and country not in table:
        known = ", ".join(country for country in sorted(table) if country != "any")
        raise LocaleError(f"found the locale {locale!r}, wanted a country of these, such as en-GB or GB: {known}")
    return table[country]


def with_numbers(reply: Reply, numbers: Numbers) -> Reply:
    """The reply with `numbers` in its notices, as for somebody in another country."""
    notices = tuple(replace(notice, numbers=numbers.of(notice.kind)) for notice in reply.notices)
    return replace(reply, notices=notices)


@cache
def _table() -> Mapping[str, Numbers]:
    text = (resources.files("retrieval") / _TABLE).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    found: dict[str, dict[str, list[str]]] = {}
    for row in csv.DictReader(lines, delimiter="\t"):
        for country in row["countries"].split():
            found.setdefault(country, {kind: [] for kind in _KINDS})[row["kind"]].append(row["number"])
    return {country: _numbers(rows) for country, rows in found.items()}


def _numbers(rows: Mapping[str, Sequence[str]]) -> Numbers:
    emergency, crisis = (tuple(rows[kind]) for kind in _KINDS)
    return Numbers(emergency, crisis or emergency)
