"""Replies on a terminal, made from the object of `ui/wire.py`; evidence stands out, and stays plain text in a pipe."""

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from retrieval.model import Reason
from ui.texts import ALSO_IN, REPLIES

__all__ = ["show", "show_table"]

_INDENT = 4


def show(reply: Mapping[str, Any]) -> None:
    """Prints a reply: notices, then quotes with their citations, or why there are none.

    A terminal has a width, and gets its lines wrapped and the evidence in bold; a pipe gets each line as it is.
    """
    console = Console(highlight=False)
    for line, indent in _lines(reply):
        if console.is_terminal:
            console.print(Padding(line, (0, 0, 0, indent)))
        else:
            console.file.write(textwrap.indent(line.plain, " " * indent) + "\n")


def _lines(reply: Mapping[str, Any]) -> Iterator[tuple[Text, int]]:
    """The lines of a reply, each with how many columns it is indented by."""
    if reply["asked_as"].split() != reply["question"].split():
        yield Text(f"Looked up as: {reply['asked_as']}", style="dim"), 0
    for notice in reply["notices"]:
        yield Text(" ".join(filter(None, (notice["text"], notice["link"]))), style="bold"), 0
    for number, quote in enumerate(reply["quotes"], start=1):
        yield Text(f"{number}. ").append_text(_quoted(quote)), 0
        for line in _citation(quote):
            yield Text(line, style="dim"), _INDENT
    if reply["reason"] is not None:
        yield Text(REPLIES[Reason(reply["reason"])]), 0
    if reply["reason"] == Reason.TOPICS:
        for place in reply["closest"]:
            yield Text(f"- {place['text']}"), _INDENT


def show_table(figures: Mapping[str, Mapping[str, float | int | None]]) -> None:
    """Prints figures by kind of case, a row each."""
    names = next(iter(figures.values())).keys()
    kinds = Column("kind", no_wrap=True, min_width=max(map(len, figures)))
    table = Table(kinds, *(name.replace("_", " ") for name in names))
    for kind, measured in figures.items():
        table.add_row(kind, *(_number(value) for value in measured.values()))
    Console(highlight=False).print(table)


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def _quoted(quote: Mapping[str, Any]) -> Text:
    text = Text(f"“{quote['text']}”")
    for start, end in quote["evidence"]:
        text.stylize("bold", start - quote["start"] + 1, end - quote["start"] + 1)
    return text


def _citation(quote: Mapping[str, Any]) -> Iterator[str]:
    """Where the quote is from, and a line more if other documents say the same."""
    source = quote["source"]
    section = "".join(f", “{heading}”" for heading in quote["headings"][-1:] if heading != source["title"])
    yield (
        f"{source['title']}{section} ({_place(quote)}); publisher: {source['publisher']}; licence: "
        f"{source['licence']}; reviewed: {source['reviewed']}" + ("; its review is overdue" if quote["overdue"] else "")
    )
    if quote["also_in"]:
        yield f"{ALSO_IN} {'; '.join(map(_place, quote['also_in']))}"


def _place(place: Mapping[str, Any]) -> str:
    return f"{place['document']}, characters {place['start']}-{place['end']}"
