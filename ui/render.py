"""Turns a reply into HTML: one of the two places where a range of a document becomes text."""

import html
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, assert_never
from urllib.parse import quote as percent_encoded

from corpus.model import Span
from retrieval.model import Abstention, Answer, Notice, Quote, Reason, Reply
from ui import texts

__all__ = [
    "cited_copy",
    "error_to_html",
    "escape",
    "fact",
    "long_date",
    "outward_link",
    "place_of",
    "prose",
    "stated",
    "to_html",
    "turn_to_html",
]

_LIST_ITEM: Final = re.compile(r"\s*(?:[-*+•◦▪\u2013·]|(?P<number>\(?[0-9]{1,3}[.)]|[a-z][.)]))\s")
_MAX_ECHO: Final = 300  # characters of a question that was too long to be looked up


def escape(text: str) -> str:
    """`text` for an element or an attribute: an HTML parser gives back every character but NUL."""
    return html.escape(text).replace("\r", "&#13;")  # a bare \r would be read as \n


def long_date(day: date | None) -> str:
    """A date without doubt about which number is the month."""
    return texts.NOT_STATED if day is None else f"{day.day} {day:%B} {day.year}"


def stated(value: str | None) -> str:
    """`value`, or the words that say nobody has stated it."""
    return value or texts.NOT_STATED


def prose(text: str, marks: Sequence[tuple[int, int]] = ()) -> str:
    r"""`text` with a block for each line, so that paragraphs and lists can be set well; marked ranges in `<mark>`.

    The text content is `text` exactly: the \n between two blocks is kept, where white space does not show.
    """
    pieces: list[str] = []
    start, after_gap = 0, False
    for line in text.split("\n"):
        if start:
            pieces.append("\n")
        if line:
            classes = "line" + _list_class(line) + " gap" * after_gap
            pieces.append(f'<span class="{classes}">{_marked(line, start, marks)}</span>')
        after_gap = bool(start) and not line
        start += len(line) + 1
    return "".join(pieces)


def _list_class(line: str) -> str:
    item = _LIST_ITEM.match(line)
    if item is None:
        return ""
    return " item numbered" if item["number"] else " item"


def _marked(line: str, offset: int, marks: Sequence[tuple[int, int]]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end in sorted(marks):
        first, last = max(start - offset, done), min(end - offset, len(line))
        if first < last:
            pieces += [escape(line[done:first]), f"<mark>{escape(line[first:last])}</mark>"]
            done = last
    return "".join([*pieces, escape(line[done:])])


def place_of(span: Span) -> str:
    """The address of the range on the page of its document, from a page beside it such as the chat."""
    return f"../source/{percent_encoded(span.document.id, safe='')}#{span.start}-{span.end}"


def outward_link(url: str | None, label: str) -> str:
    """A link to another site; only its text where the address is not one that a browser may open."""
    if url is None or not url.lower().startswith(("https://", "http://", "tel:", "mailto:")):
        return escape(label)
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{escape(label)}</a>'


def fact(name: str, value_html: str) -> str:
    """One row of a description list."""
    return f"<div><dt>{escape(name)}</dt><dd>{value_html}</dd></div>"


def _section(span: Span) -> str:
    """The headings above the range, without the title; empty when they say no more than that."""
    headings = (" ".join(heading.text.split()) for heading in span.document.headings_at(span.start))
    title = span.document.source.title.casefold()
    return " \u203a ".join(heading for heading in headings if heading.casefold() != title)


def cited_copy(quote: Quote) -> str:
    """The quote with all that is needed to find and check it again, as plain text."""
    span, source = quote.span, quote.span.document.source
    section = _section(span)
    where = f"{source.title}, {texts.SECTION.lower()}: {section}" if section else source.title
    return "\n".join(
        [
            f"“{span.text}”",
            "",
            where,
            f"{texts.PUBLISHER}: {stated(source.publisher)}",
            f"{texts.REVIEWED}: {long_date(source.reviewed)}",
            f"{texts.ORIGINAL}: {stated(source.url)}",
            f"{texts.DOCUMENT}: {span.document.id}, {texts.DIGEST} {span.document.sha256[:12]}, "
            + texts.CHARACTERS.format(start=span.start, end=span.end),
        ]
    )


def _source_link(span: Span, label: str, context: str) -> str:
    hidden = "".join(f", {escape(words)}" for words in (context, texts.NEW_TAB) if words)
    return (
        f'<a class="quiet" href="{escape(place_of(span))}" target="_blank" rel="noopener">{escape(label)}'
        f'<span class="unseen">{hidden}</span></a>'
    )


def _citation(span: Span, today: date) -> str:
    source = span.document.source
    section = _section(span)
    lines = [f'<p class="title"><cite>{escape(source.title)}</cite></p>']
    if section:
        lines.append(f'<p class="section">{escape(texts.SECTION)}: {escape(section)}</p>')
    facts = [
        fact(texts.PUBLISHER, escape(stated(source.publisher))),
        fact(texts.REVIEWED, escape(long_date(source.reviewed))),
        fact(texts.LICENCE, escape(stated(source.licence))),
    ]
    lines.append(f'<dl class="facts">{"".join(facts)}</dl>')
    if source.overdue(today):
        overdue = texts.OVERDUE.format(day=long_date(source.review_due))
        lines.append(f'<p class="overdue">{escape(overdue)}</p>')
    return f'<figcaption class="citation">{"".join(lines)}</figcaption>'


def _also_in(places: Iterable[Span]) -> str:
    items = "".join(
        f"<li>{_source_link(span, span.document.source.title, _section(span) or texts.SHOW_IN_SOURCE)}</li>"
        for span in places
    )
    return f'<div class="also"><p>{escape(texts.ALSO_IN)}</p><ul>{items}</ul></div>' if items else ""


def _evidence(quote: Quote) -> list[tuple[int, int]]:
    return [(span.start - quote.span.start, span.end - quote.span.start) for span in quote.evidence]


def _quote(quote: Quote, label: str, today: date) -> str:
    copy = (
        f'<button type="button" class="quiet" data-copy="{escape(cited_copy(quote))}">{escape(texts.COPY)}'
        f'<span class="unseen">, {escape(label)}</span></button>'
    )
    return (
        f'<article class="card quote"><h3 class="label">{escape(label)}</h3>'
        f'<p class="sureness">{escape(texts.SURENESS[quote.sureness])}</p><figure>'
        f'<blockquote class="quote-text">{prose(quote.span.text, _evidence(quote))}</blockquote>'
        f"{_citation(quote.span, today)}</figure>{_also_in(quote.also_in)}"
        f'<div class="actions">{_source_link(quote.span, texts.SHOW_IN_SOURCE, label)}{copy}'
        '<span class="copied"></span></div></article>'
    )


def _answer(answer: Answer, today: date) -> str:
    count = len(answer.quotes)
    labels = [texts.QUOTE_OF.format(number=1 + n, count=count) for n in range(count)] if count > 1 else [texts.QUOTE]
    cards = "".join(_quote(quote, label, today) for quote, label in zip(answer.quotes, labels, strict=True))
    return f'{cards}<p class="legend">{escape(texts.MARKED)}</p>'


def _not_an_answer(span: Span, today: date) -> str:
    return (
        f'<article class="card closest"><h4 class="label">{escape(texts.NOT_AN_ANSWER)}</h4><figure>'
        f'<blockquote class="quote-text">{prose(span.text)}</blockquote>{_citation(span, today)}</figure>'
        f'<div class="actions">{_source_link(span, texts.SHOW_IN_SOURCE, texts.NOT_AN_ANSWER)}</div></article>'
    )


def _topic(span: Span) -> str:
    return f"<li>{_source_link(span, ' '.join(span.text.split()), '')}</li>"


def _abstention(abstention: Abstention, today: date) -> str:
    reason = abstention.reason
    more = ""
    if abstention.closest and reason is Reason.TOPICS:
        more = f'<ul class="topics">{"".join(map(_topic, abstention.closest))}</ul>'
    elif abstention.closest:
        cards = "".join(_not_an_answer(span, today) for span in abstention.closest)
        more = f"<details><summary>{escape(texts.CLOSEST)}</summary>{cards}</details>"
    kind = "none" if reason is Reason.NO_EVIDENCE else "talk"
    return (
        f'<div class="abstention {kind}"><h3 class="label">{escape(texts.LABELS[reason])}</h3>'
        f"<p>{escape(texts.REPLIES[reason])}</p>{more}</div>"
    )


def _notice(notice: Notice) -> str:
    link = ""
    if notice.link is not None:
        says = texts.NOTICE_CALL if notice.link.startswith("tel:") else texts.NOTICE_LINK
        label = says.format(link=re.sub(r"^(?:https?://|tel:|mailto:)|/$", "", notice.link))
        link = f'<p class="notice-link">{outward_link(notice.link, label)}</p>'
    if notice.instead is not None:
        label = texts.NOTICE_INSTEAD.format(question=notice.instead)
        ask = f'data-ask="{escape(notice.instead)}"'
        link += f'<p class="actions"><button type="button" class="quiet" {ask}>{escape(label)}</button></p>'
    return (
        f'<div class="notice {escape(notice.kind)}"><h3 class="label">{escape(texts.NOTICES[notice.kind])}</h3>'
        f"<p>{escape(notice.text)}</p>{link}</div>"
    )


def to_html(reply: Reply, *, today: date) -> str:
    """The reply as a fragment of HTML: notices first, then quotes, or in plain words why there are none."""
    asked_as = ""
    if reply.asked_as.strip() != reply.question.strip():
        asked_as = f'<p class="asked-as">{escape(texts.LOOKED_UP_AS)} <q>{escape(reply.asked_as)}</q></p>'
    match reply:
        case Answer():
            body = _answer(reply, today)
        case Abstention():
            body = _abstention(reply, today)
        case _:
            assert_never(reply)
    return "".join(map(_notice, reply.notices)) + asked_as + body


def error_to_html() -> str:
    """What stands in the place of a reply when there is none because the program failed."""
    return f'<div class="error"><h3 class="label">{escape(texts.ERROR_LABEL)}</h3><p>{escape(texts.ERROR)}</p></div>'


def turn_to_html(question: str, body: str, *, keep: bool) -> str:
    """A question and what came back.

    With `keep` the question stays in the box to be mended or sent again, and a long one is cut short here.
    """
    asked = question.strip()
    if keep and len(asked) > _MAX_ECHO:
        asked = asked[:_MAX_ECHO].rstrip() + "…"
    heading = (
        f'<h2 class="asked"><span class="label">{escape(texts.ASKED)}</span>'
        f'<span class="question">{escape(asked)}</span></h2>'
        if asked
        else ""
    )
    return f'<section class="turn"{" data-keep" * keep}>{heading}{body}</section>'
