"""A document as a page of its own, whose script marks the range that a link names."""

import json
from collections.abc import Iterator
from datetime import date
from enum import Enum, auto
from typing import assert_never
from urllib.parse import quote as percent_encoded

from corpus.model import Document
from ui.languages import Texts
from ui.markup import OF_A_DOCUMENT, escape, fact, in_document_language, outward_link, prose, stated, with_signs
from ui.original import original_at

__all__ = ["Standing", "missing_page", "to_page"]

_PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="../assets/icon.svg">
<link rel="stylesheet" href="../assets/base.css">
<link rel="stylesheet" href="../assets/source.css">
<script src="../assets/source.js" defer></script>
</head>
<body>
{body}
</body>
</html>
"""


class Standing(Enum):
    """What a version of a document is by now."""

    CURRENT = auto()
    REPLACED = auto()
    WITHDRAWN = auto()


def _provenance(document: Document, texts: Texts, today: date) -> str:
    source = document.source
    original = outward_link(source.url, source.url) if source.url else escape(texts.not_stated)
    rows = [
        fact(texts.title, in_document_language(source.title)),
        fact(texts.publisher, stated(source.publisher, texts)),
        fact(texts.reviewed, escape(texts.day(source.reviewed))),
        fact(texts.review_due, escape(texts.day(source.review_due))),
        fact(texts.licence, stated(source.licence, texts)),
        fact(texts.original, original),
        fact(texts.document, f'<bdi dir="ltr">{escape(document.id)}</bdi>'),
        fact(texts.digest, f'<bdi dir="ltr" class="digest">{escape(document.sha256)}</bdi>'),
    ]
    overdue = ""
    if source.overdue(today):
        said = texts.overdue.format(day=texts.day(source.review_due))
        overdue = f'<p class="overdue">{escape(said)}</p>'
    return f'<dl class="facts">{"".join(rows)}</dl>{overdue}'


def _headings(document: Document) -> Iterator[tuple[int, int, int]]:
    """Start, end and depth of the headings that do not overlap; depth leaves out none, whatever the levels do.

    A heading that runs into its paragraph takes the space after it along, so that no line opens with one.
    """
    path: list[int] = []
    end = 0
    for heading in document.headings:
        if heading.start < end:
            continue
        while path and path[-1] >= heading.level:
            path.pop()
        path.append(heading.level)
        end = heading.end + document.text.startswith(" ", heading.end)
        yield heading.start, end, len(path)


def _page_signs(document: Document, texts: Texts) -> dict[int, str]:
    """A sign for each page of the original, by the position where it begins: without text, so that offsets stay."""
    signs: dict[int, str] = {}
    before: str | None = None
    for place in document.places:
        if place.page is not None and place.page != before:
            label = escape(texts.page_label.format(page=place.page))
            said = f'lang="{texts.language}" dir="{texts.direction}" aria-label="{label}"'
            signs[place.start] = f'<span role="separator" class="page" {said}></span>'
        before = place.page
    return signs


def _text(document: Document, texts: Texts) -> str:
    signs = _page_signs(document, texts)

    def laid_out(start: int, end: int) -> str:
        within = {place - start: signs[place] for place in range(start, end) if place in signs}
        return prose(document.text[start:end], signs=within)

    pieces: list[str] = []
    done = 0
    for start, end, depth in _headings(document):
        tag = f"h{min(depth + 1, 6)}"
        pieces.append(laid_out(done, start))
        pieces.append(f"<{tag}>{with_signs(document.text[start:end], start, signs)}</{tag}>")
        done = end
    return "".join([*pieces, laid_out(done, len(document.text))])


def _places(document: Document, texts: Texts) -> str:
    """What the page's script needs to say on which page of the original a range stands, and to link there."""
    places = [
        [place.start, place.page and texts.page_label.format(page=place.page), original_at(document, place.start)]
        for place in document.places
    ]
    if not places:
        return ""
    return f' data-places="{escape(json.dumps(places))}" data-original="{escape(texts.open_original)}"'


def to_page(document: Document, texts: Texts, *, today: date, standing: Standing = Standing.CURRENT) -> str:
    """The whole document as a standalone page, with what is said about it in the language of `texts`.

    One that was replaced or withdrawn says so first. The text content of the element with the id `text` is the
    document's text exactly, so that offsets count there too.
    """
    place = (
        f'<p id="place" role="status" data-found="{escape(texts.place)}"'
        f' data-not-found="{escape(texts.place_not_found)}"{_places(document, texts)}></p>'
    )
    title_html = f"<h1>{escape(texts.source_page)}</h1>{_said_of(document, standing, texts)}"
    header = f"<header>{title_html}{_provenance(document, texts, today)}{place}</header>"
    title = f"{document.source.title} - {texts.source_page}"
    return _page(title, f'{header}\n<main id="text" {OF_A_DOCUMENT}>{_text(document, texts)}</main>', texts)


def _said_of(document: Document, standing: Standing, texts: Texts) -> str:
    match standing:
        case Standing.CURRENT:
            return ""
        case Standing.WITHDRAWN:
            return f'<p class="standing">{escape(texts.withdrawn)}</p>'
        case Standing.REPLACED:
            address = f"{percent_encoded(document.id, safe='')}?lang={texts.language}"
            link = f'<a href="{escape(address)}">{escape(texts.to_the_current_version)}</a>'
            return f'<p class="standing">{escape(texts.earlier_version)} {link}</p>'
        case _:
            assert_never(standing)


def missing_page(texts: Texts) -> str:
    """The page that says in one line that there is no such document."""
    link = f'<a href="../chat/?lang={texts.language}">{escape(texts.to_the_chat)}</a>'
    return _page(texts.no_such_document, f"<main><h1>{escape(texts.no_such_document)}</h1><p>{link}</p></main>", texts)


def _page(title: str, body_html: str, texts: Texts) -> str:
    return _PAGE.format(language=texts.language, direction=texts.direction, title=escape(title), body=body_html)
