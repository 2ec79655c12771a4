"""Replies as JSON objects: one of the two places where ranges become text."""

from dataclasses import fields
from datetime import date
from typing import Any, assert_never

from corpus.model import Source, Span
from corpus.store import NOT_STATED
from corpus.versions import version_name
from retrieval.model import Abstention, Answer, Notice, Quote, Reply
from ui.original import cited, original_of, page_of

__all__ = ["VERSION", "source_link", "to_json"]

VERSION = 1


def to_json(reply: Reply, *, index: str, elapsed_ms: float, today: date, root_path: str = "") -> dict[str, Any]:
    """The reply as the object that the command line and the API give; `index` names the index that answered.

    `root_path` is the path prefix of the server that its links lead to.
    """
    quotes: tuple[Quote, ...] = ()
    closest: tuple[Span, ...] = ()
    match reply:
        case Answer():
            kind, reason, quotes = "answer", None, reply.quotes
        case Abstention():
            kind, reason, closest = "abstention", str(reply.reason), reply.closest
        case _:
            assert_never(reply)
    return {
        "version": VERSION,
        "question": reply.question,
        "asked_as": reply.asked_as,
        "kind": kind,
        "reason": reason,
        "notices": [_notice(notice) for notice in reply.notices],
        "quotes": [_quote(quote, today, root_path) for quote in quotes],
        "closest": [_closest(span, today, root_path) for span in closest],
        "index": index,
        "elapsed_ms": round(elapsed_ms, 3),
    }


def source_link(span: Span) -> str:
    """Where the server shows a range in this version of its document, from the server's root."""
    return f"/source/{version_name(span.document)}#{span.start}-{span.end}"


def _notice(notice: Notice) -> dict[str, Any]:
    return {
        "kind": str(notice.kind),
        "text": notice.text,
        "link": notice.link,
        "instead": notice.instead,
        "numbers": list(notice.numbers),
    }


def _quote(quote: Quote, today: date, root_path: str) -> dict[str, Any]:
    span = quote.span
    return {
        "text": span.text,
        "document": span.document.id,
        "sha256": span.document.sha256,
        "start": span.start,
        "end": span.end,
        "headings": _headings(quote.evidence[0]),
        "page": page_of(cited(quote)),
        "evidence": [[sentence.start, sentence.end] for sentence in quote.evidence],
        "confidence": round(quote.confidence, 4),
        "sureness": str(quote.sureness),
        "overdue": span.document.source.overdue(today),
        "link": root_path + source_link(span),
        "original": original_of(cited(quote)),
        "source": _source(span.document.source),
        "also_in": [_also_in(place, today, root_path) for place in quote.also_in],
    }


def _closest(span: Span, today: date, root_path: str) -> dict[str, Any]:
    source = span.document.source
    found = {"headings": _headings(span), "page": page_of(span), "overdue": source.overdue(today)}
    links = {"link": root_path + source_link(span), "original": original_of(span)}
    return {"text": span.text} | _place(span) | found | links | {"source": _source(source)}


def _also_in(span: Span, today: date, root_path: str) -> dict[str, Any]:
    source = span.document.source
    return _place(span) | {
        "title": source.title,
        "headings": _headings(span),
        "page": page_of(span),
        "overdue": source.overdue(today),
        "link": root_path + source_link(span),
        "original": original_of(span),
    }


def _headings(span: Span) -> list[str]:
    return [heading.text for heading in span.document.headings_at(span.start)]


def _place(span: Span) -> dict[str, Any]:
    return {"document": span.document.id, "start": span.start, "end": span.end}


def _source(source: Source) -> dict[str, str]:
    """Every field as text; what nobody stated is "not stated", as in the manifest."""
    return {field.name: str(getattr(source, field.name) or NOT_STATED) for field in fields(source)}
