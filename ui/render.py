"""Turns a reply into HTML: one of the two places where a range of a document becomes text."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final, assert_never

from corpus.model import Span
from retrieval.model import Abstention, Answer, Notice, Quote, Reason, Reply
from ui.languages import DOCUMENT_LANGUAGE, Texts, catalogue
from ui.markup import (
    OF_A_DOCUMENT,
    escape,
    fact,
    in_document_language,
    may_be_opened,
    outward_link,
    place_of,
    prose,
    stated,
)
from ui.original import cited, original_of, page_of

__all__ = ["cited_copy", "error_to_html", "said_of", "to_html", "turn_to_html"]

_MAX_ECHO: Final = 300  # characters of a question that was too long to be looked up


def _section(span: Span) -> str:
    """The headings above the range, without the title; empty when they say no more than that."""
    headings = (" ".join(heading.text.split()) for heading in span.document.headings_at(span.start))
    title = span.document.source.title.casefold()
    return " \u203a ".join(heading for heading in headings if heading.casefold() != title)


def cited_copy(quote: Quote, texts: Texts) -> str:
    """The quote with all that is needed to find and check it again, as plain text."""
    span, source = quote.span, quote.span.document.source
    section = _section(span)
    where = texts.cited_section.format(title=source.title, section=section) if section else source.title
    page = page_of(cited(quote))
    return "\n".join(
        [
            f"“{span.text}”",
            "",
            where,
            *([f"{texts.page}: {page}"] if page else []),
            f"{texts.publisher}: {source.publisher or texts.not_stated}",
            f"{texts.reviewed}: {texts.day(source.reviewed)}",
            f"{texts.original}: {original_of(cited(quote)) or texts.not_stated}",
            f"{texts.document}: {span.document.id}, {texts.digest} {span.document.sha256[:12]}, "
            + texts.characters.format(start=span.start, end=span.end),
        ]
    )


def said_of(quote: Quote) -> str:
    """The quote and where it is from as they are read out: all of it in the language of the document."""
    source, texts = quote.span.document.source, catalogue(DOCUMENT_LANGUAGE)
    said = [f"{texts.title}: {source.title}"]
    if page := page_of(cited(quote)):
        said.append(f"{texts.page}: {page}")
    if source.publisher:
        said.append(f"{texts.publisher}: {source.publisher}")
    if source.reviewed:
        said.append(f"{texts.reviewed}: {texts.day(source.reviewed)}")
    return f"{quote.span.text}\n\n{'. '.join(said)}."


def _source_link(span: Span, label_html: str, context: str, texts: Texts) -> str:
    hidden = "".join(f", {escape(words)}" for words in (context, texts.new_tab) if words)
    return (
        f'<a class="quiet" href="{escape(place_of(span, texts.language))}" target="_blank" rel="noopener">{label_html}'
        f'<span class="unseen">{hidden}</span></a>'
    )


def _original_link(span: Span, context: str, texts: Texts) -> str:
    """A link to the original, at the place where the range begins if that is known; nothing without an address."""
    url = original_of(span)
    if url is None or not may_be_opened(url):
        return ""
    return (
        f'<a class="quiet" href="{escape(url)}" target="_blank" rel="noopener noreferrer">{escape(texts.open_original)}'
        f'<span class="unseen">, {escape(context)}, {escape(texts.new_tab)}</span></a>'
    )


def _citation(span: Span, begin: Span, texts: Texts, today: date) -> str:
    """Where a range is from; `begin` says on which page."""
    source = span.document.source
    section = _section(span)
    lines = [f'<p class="title"><cite {OF_A_DOCUMENT}>{escape(source.title)}</cite></p>']
    if section:
        lines.append(f'<p class="section">{escape(texts.section)}: {in_document_language(section)}</p>')
    facts = [
        fact(texts.publisher, stated(source.publisher, texts)),
        fact(texts.reviewed, escape(texts.day(source.reviewed))),
        fact(texts.licence, stated(source.licence, texts)),
    ]
    if page := page_of(begin):
        facts.insert(0, fact(texts.page, in_document_language(page)))
    lines.append(f'<dl class="facts">{"".join(facts)}</dl>')
    if source.overdue(today):
        overdue = texts.overdue.format(day=texts.day(source.review_due))
        lines.append(f'<p class="overdue">{escape(overdue)}</p>')
    return f'<figcaption class="citation">{"".join(lines)}</figcaption>'


def _also_in(places: Iterable[Span], texts: Texts) -> str:
    items = "".join(
        f"<li>{_source_link(span, in_document_language(span.document.source.title), _section(span), texts)}</li>"
        for span in places
    )
    return f'<div class="also"><p>{escape(texts.also_in)}</p><ul>{items}</ul></div>' if items else ""


def _evidence(quote: Quote) -> list[tuple[int, int]]:
    return [(span.start - quote.span.start, span.end - quote.span.start) for span in quote.evidence]


def _button(data: str, value: str, label: str, context: str) -> str:
    """A button whose work `chat.js` does."""
    return (
        f'<button type="button" class="quiet" data-{data}="{escape(value)}">'
        f'<span class="does">{escape(label)}</span><span class="unseen">, {escape(context)}</span></button>'
    )


def _quote(quote: Quote, label: str, texts: Texts, today: date) -> str:
    actions = (
        _source_link(quote.span, escape(texts.show_in_source), label, texts)
        + _original_link(cited(quote), label, texts)
        + _button("copy", cited_copy(quote, texts), texts.copy, label)
        + _button("say", said_of(quote), texts.read_aloud, label)
    )
    return (
        f'<article class="card quote"><h3 class="label">{escape(label)}</h3>'
        f'<p class="sureness">{escape(texts.sureness[quote.sureness])}</p><figure>'
        f'<blockquote class="quote-text" {OF_A_DOCUMENT}>{prose(quote.span.text, _evidence(quote))}</blockquote>'
        f"{_citation(quote.span, cited(quote), texts, today)}</figure>{_also_in(quote.also_in, texts)}"
        f'<div class="actions">{actions}<span class="copied"></span></div></article>'
    )


def _answer(answer: Answer, texts: Texts, today: date) -> str:
    count = len(answer.quotes)
    labels = [texts.quote_of.format(number=1 + n, count=count) for n in range(count)] if count > 1 else [texts.quote]
    cards = "".join(_quote(quote, label, texts, today) for quote, label in zip(answer.quotes, labels, strict=True))
    return f'{cards}<p class="legend">{escape(texts.marked)}</p>'


def _not_an_answer(span: Span, texts: Texts, today: date) -> str:
    links = _source_link(span, escape(texts.show_in_source), texts.not_an_answer, texts)
    links += _original_link(span, texts.not_an_answer, texts)
    return (
        f'<article class="card closest"><h4 class="label">{escape(texts.not_an_answer)}</h4><figure>'
        f'<blockquote class="quote-text" {OF_A_DOCUMENT}>{prose(span.text)}</blockquote>'
        f'{_citation(span, span, texts, today)}</figure><div class="actions">{links}</div></article>'
    )


def _topic(span: Span, texts: Texts) -> str:
    return f"<li>{_source_link(span, in_document_language(' '.join(span.text.split())), '', texts)}</li>"


def _abstention(abstention: Abstention, texts: Texts, today: date, *, limit: int) -> str:
    reason = abstention.reason
    more = ""
    if abstention.closest and reason is Reason.TOPICS:
        more = f'<ul class="topics">{"".join(_topic(span, texts) for span in abstention.closest)}</ul>'
    elif abstention.closest:
        cards = "".join(_not_an_answer(span, texts, today) for span in abstention.closest)
        more = f"<details><summary>{escape(texts.closest)}</summary>{cards}</details>"
    kind = "none" if reason in {Reason.NO_EVIDENCE, Reason.OVERDUE} else "talk"
    return (
        f'<div class="abstention {kind}"><h3 class="label">{escape(texts.labels[reason])}</h3>'
        f"<p>{escape(texts.reply(reason, limit=limit))}</p>{more}</div>"
    )


def _call(number: str, texts: Texts) -> str:
    """A link that dials; a device without a telephone leaves it at the number, which stands there to be read."""
    before, _, after = texts.notice_call.partition("{link}")
    dialled = re.sub(r"[^0-9+*#]", "", number)
    said = f'{escape(before)}<bdi dir="ltr">{escape(number)}</bdi>{escape(after)}'
    return f'<a class="call" href="tel:{dialled}"><span>{said}</span></a>'


def _notice(notice: Notice, texts: Texts) -> str:
    """A notice: its text, the numbers to call, then its link and the question that may be asked instead."""
    numbers, link, more = notice.numbers, notice.link, ""
    if link is not None and link.lower().startswith("tel:"):
        numbers, link = tuple(dict.fromkeys((*numbers, link[4:]))), None
    if numbers:
        more = f'<p class="actions">{"".join(_call(number, texts) for number in numbers)}</p>'
    if link is not None:
        label = texts.notice_link.format(link=re.sub(r"^(?:https?://|mailto:)|/$", "", link))
        more += f'<p class="notice-link">{outward_link(link, label)}</p>'
    if notice.instead is not None:
        label = texts.notice_instead.format(question=notice.instead)
        ask = f'data-ask="{escape(notice.instead)}"'
        more += f'<p class="actions"><button type="button" class="quiet" {ask}>{escape(label)}</button></p>'
    text = texts.notice_texts.get(notice.kind)
    said = f"<p {OF_A_DOCUMENT}>{escape(notice.text)}</p>" if text is None else f"<p>{escape(text)}</p>"
    heading = f'<h3 class="label">{escape(texts.notices[notice.kind])}</h3>'
    return f'<div class="notice {escape(notice.kind)}">{heading}{said}{more}</div>'


def to_html(reply: Reply, *, texts: Texts, today: date, limit: int) -> str:
    """The reply as a fragment of HTML: notices first, then quotes, or in plain words why there are none.

    `limit` is how many characters a question may have.
    """
    asked_as = ""
    if reply.asked_as.strip() != reply.question.strip():
        asked_as = f'<p class="asked-as">{escape(texts.looked_up_as)} <q dir="auto">{escape(reply.asked_as)}</q></p>'
    match reply:
        case Answer():
            body = _answer(reply, texts, today)
        case Abstention():
            body = _abstention(reply, texts, today, limit=limit)
        case _:
            assert_never(reply)
    return "".join(_notice(notice, texts) for notice in reply.notices) + asked_as + body


def error_to_html(texts: Texts) -> str:
    """What stands in the place of a reply when there is none because the program failed."""
    return f'<div class="error"><h3 class="label">{escape(texts.error_label)}</h3><p>{escape(texts.error)}</p></div>'


def turn_to_html(question: str, body: str, *, texts: Texts, keep: bool) -> str:
    """A question and what came back.

    With `keep` the question stays in the box to be mended or sent again, and a long one is cut short here.
    """
    asked = question.strip()
    if keep and len(asked) > _MAX_ECHO:
        asked = asked[:_MAX_ECHO].rstrip() + "…"
    heading = (
        f'<h2 class="asked"><span class="label">{escape(texts.asked)}</span>'
        f'<span class="question" dir="auto">{escape(asked)}</span></h2>'
        if asked
        else ""
    )
    return f'<section class="turn"{" data-keep" * keep}>{heading}{body}</section>'
