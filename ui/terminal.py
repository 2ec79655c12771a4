"""Replies on a terminal, made from the object of `ui/wire.py`; evidence stands out, and stays plain text in a pipe."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from retrieval.model import Reason
from ui.texts import REPLIES

__all__ = ["show", "show_table"]

_INDENT = (0, 0, 0, 4)


def show(reply: Mapping[str, Any]) -> None:
    """Prints a reply: notices, then quotes with their citations, or why there are none."""
    console = Console(highlight=False, markup=False)
    if reply["asked_as"] != reply["question"].strip():
        console.print(f"Looked up as: {reply['asked_as']}", style="dim")
    for notice in reply["notices"]:
        console.print(notice["text"], style="bold")
    for number, quote in enumerate(reply["quotes"], start=1):
        console.print(f"{number}.", _quoted(quote))
        console.print(Padding(Text(_citation(quote), style="dim"), _INDENT))
    if reply["reason"] is not None:
        console.print(REPLIES[Reason(reply["reason"])])
    if reply["reason"] == Reason.TOPICS:
        for place in reply["closest"]:
            console.print(Padding(Text(f"- {place['text']}"), _INDENT))


def show_table(figures: Mapping[str, Mapping[str, float | int | None]]) -> None:
    """Prints figures by kind of case, a row each."""
    names = next(iter(figures.values())).keys()
    table = Table("kind", *(name.replace("_", " ") for name in names))
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


def _citation(quote: Mapping[str, Any]) -> str:
    source = quote["source"]
    return (
        f"{source['title']} ({quote['document']}, characters {quote['start']}-{quote['end']}); publisher: "
        f"{source['publisher']}; licence: {source['licence']}; reviewed: {source['reviewed']}"
        + ("; its review is overdue" if quote["overdue"] else "")
    )
