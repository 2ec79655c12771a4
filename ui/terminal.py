"""Replies on a terminal, made from the object of `ui/wire.py`; evidence stands out, and stays plain text in a pipe."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from retrieval.model import Reason, Sureness
from retrieval.policy import default_policy
from ui.languages import DOCUMENT_LANGUAGE, catalogue

__all__ = ["show", "show_changed_questions", "show_comparison", "show_figures", "show_means", "show_safety"]

_TEXTS = catalogue(DOCUMENT_LANGUAGE)
_INDENT = 4
_LEAST_P_VALUE = 0.001
# Means that stand beside each other in 80 columns with their intervals behind them; of more these stand below.
_MEANS_BESIDE = 3
# What fits beside each other in a terminal; the report has the rest by kind.
_BY_KIND = (
    "right_first",
    "right_first_always",
    "answered_when_it_must_not",
    "abstained_when_it_must_not",
    "auroc",
)


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
    for notice in reply["notices"]:
        instead = notice["instead"] and _TEXTS.notice_instead.format(question=notice["instead"])
        numbers = notice["numbers"] and _TEXTS.notice_call.format(link=", ".join(notice["numbers"]))
        yield Text(" ".join(filter(None, (notice["text"], numbers, notice["link"], instead))), style="bold"), 0
    if reply["asked_as"].split() != reply["question"].split():
        yield Text(f"Looked up as: {reply['asked_as']}", style="dim"), 0
    for number, quote in enumerate(reply["quotes"], start=1):
        yield Text(f"{number}. ").append_text(_quoted(quote)), 0
        yield Text(_TEXTS.sureness[Sureness(quote["sureness"])], style="italic"), _INDENT
        for line in _citation(quote):
            yield Text(line, style="dim"), _INDENT
    if reply["reason"] is not None:
        limit = default_policy().max_question_characters
        yield Text(_TEXTS.reply(Reason(reply["reason"]), limit=limit)), 0
    if reply["reason"] == Reason.TOPICS:
        for place in reply["closest"]:
            yield Text(f"- {place['text']}"), _INDENT


def show_figures(figures: Mapping[str, Mapping[str, Mapping[str, float | None]]]) -> None:
    """Prints the figures of all cases with their intervals, then those of each kind."""
    console = Console(highlight=False)
    (every, headline), *by_kind = figures.items()
    table = Table("figure", every, "95% interval", "cases")
    for name, figure in headline.items():
        span = "–" if figure["low"] is None else f"{_number(figure['low'])} to {_number(figure['high'])}"
        table.add_row(_plain(name), _number(figure["value"]), span, str(figure["cases"]))
    console.print(table)
    heads = [Column(_plain(name), min_width=max(map(len, name.split("_")))) for name in _BY_KIND]
    table = Table(Column("kind", no_wrap=True), *heads)
    for kind, measured in by_kind:
        table.add_row(kind, *(_number(measured[name]["value"]) for name in _BY_KIND))
    console.print(table)


def show_means(title: str, figures: Mapping[str, Mapping[str, Mapping[str, float | None]]]) -> None:
    """Prints means with their 95% intervals, a column for each of `figures`; five fit into 80 columns."""
    few = len(figures) <= _MEANS_BESIDE
    form = "{value:.3f} ({low:.3f}–{high:.3f})" if few else "{value:.3f}\n{low:.3f}–{high:.3f}"
    table = Table("", *map(_plain, figures), title=title, title_justify="left", show_edge=few, pad_edge=few)
    for measure in next(iter(figures.values())):
        means = [column[measure] for column in figures.values()]
        table.add_row(_plain(measure), *("–" if mean["value"] is None else form.format_map(mean) for mean in means))
    Console(highlight=False).print(table)


def show_comparison(compared: Mapping[str, Any]) -> None:
    """Prints what changed between two runs: the paired tests, then each changed case."""
    console = Console(highlight=False)
    table = Table("paired test", "cases", "old", "new", "better", "worse", "p (McNemar, exact)")
    for test in compared["tests"]:
        counts = [str(test[key]) for key in ("cases", "old", "new", "better", "worse")]
        table.add_row(test["what"], *counts, _p_value(test["p_value"]))
    console.print(table)
    for change in compared["changes"]:
        console.print(
            Text(f"{change['id']} ({change['kind']}): {change['change']}: {change['question']}", style="bold"),
            soft_wrap=True,
        )
        before, after = change["verdicts"]
        console.print(Text(before if before == after else f"{before} → {after}"), soft_wrap=True)
        for sign, quotes in zip("-+", change["quotes"], strict=True):
            for quote in quotes:
                console.print(Text(f"  {sign} {quote}"), soft_wrap=True)
    console.print(f"changed: {len(compared['changes'])}, unchanged: {compared['unchanged']}")
    for name, which in (("only_old", "old"), ("only_new", "new")):
        if compared[name]:
            console.print(Text(f"only in the {which} run: {', '.join(compared[name])}"), soft_wrap=True)


def show_changed_questions(changed: Sequence[Mapping[str, Any]], counts: Mapping[str, int]) -> None:
    """Prints how many of the questions of each source were changed by the corrector, then each of them."""
    console = Console(highlight=False)
    for source, count in counts.items():
        found = [one for one in changed if one["source"] == source]
        console.print(Text(f"{source}: {len(found)} of {count} questions are changed as they stand"), soft_wrap=True)
        for one in found:
            changes = ", ".join(f"{typed} → {understood}" for typed, understood in one["changes"])
            console.print(Text(f"  {one['id']}: {changes}: {one['question']}"), soft_wrap=True)


def show_safety(sets: Mapping[str, Mapping[str, Any]]) -> None:
    """Prints for each set how many red flags were noticed and how many alarms were false, by kind, and each failure."""
    console = Console(highlight=False)
    for name, found in sets.items():
        title = f"{name}: {found['cases']} cases"
        table = Table("figure", "kind", "share", "95% interval", title=title, title_justify="left")
        for kind, figures in found["figures"].items():
            for figure, share in figures.items():
                if share["value"] is not None:
                    span = f"{share['low']:.3f} to {share['high']:.3f}"
                    table.add_row(_plain(figure), kind, f"{share['value']:.3f}", span)
        console.print(table)
        for one in found["failed"]:
            got = ", ".join(one["notices"]) or "no notice"
            asked = " | ".join((*one["history"], one["question"]))
            console.print(Text(f"  {one['id']} ({one['kind']}): {got}: {asked}"), soft_wrap=True)


def _p_value(value: float) -> str:
    return "<0.001" if value < _LEAST_P_VALUE else f"{value:.3f}"


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return str(round(value)) if value == round(value) and value > 1 else f"{value:.3f}"


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
    if quote["original"]:
        yield f"{_TEXTS.original}: {quote['original']}"
    if quote["also_in"]:
        yield f"{_TEXTS.also_in} {'; '.join(map(_place, quote['also_in']))}"


def _place(place: Mapping[str, Any]) -> str:
    version = place["link"].rpartition("/")[2].partition("#")[0]
    page = f"page {place['page']}, " if place["page"] else ""
    return f"{version}, {page}characters {place['start']}-{place['end']}"
