"""Makes web pages of stories, with menus, banners and hidden text around them, and knows every sentence's anchor."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from tests.made.text import Chapter, Items, Paragraph, Part, Story

__all__ = ["MadeHtml", "Markup", "made_html", "make_html"]

CHROME = 'data-made="chrome"'
_MENU = ("Ferries", "Timetable of the bells", "Lost lanterns", "Visit the reed house", "Write to us")
_HIDDEN = (
    f"<p {CHROME} hidden>Hidden keepers whisper about copper.</p>",
    f'<p {CHROME} style="color: red; display: none">Nobody sees this ledger.</p>',
    f'<div {CHROME} aria-hidden="true">decorative <b>curtain</b></div>',
    f'<script {CHROME}>if (1 < 2) {{ document.write("<p>written words</p>"); }}</script>',
    f"<template {CHROME}><p>A template of masts.</p></template>",
    f"<noscript {CHROME}><p>Please switch scripts on.</p></noscript>",
    f'<form {CHROME}><label>Your bell <input name="bell" value="typed"></label><button>Ring it</button></form>',
    f'<nav {CHROME} aria-label="In this chapter"><a href="#c1">One</a> <a href="#c2">Two</a></nav>',
    f'<svg {CHROME} width="9"><title>A drawing</title><text>drawn words</text></svg>',
)
_FRAMES = (
    ("<main>", "</main>"),
    ('<div role="main">', "</div>"),
    ("<article>", "</article>"),
    ('<div class="content">', "</div>"),
)


@dataclass(frozen=True, slots=True)
class MadeHtml:
    """A page and the fragment that leads to each of its sentences, or the nearest before it."""

    data: bytes
    fragments: dict[str, str | None]


@dataclass(slots=True)
class Markup:
    """Writes the parts of stories as HTML. What is marked as chrome is no part of the text.

    `prefix` stands before all fragments, and `before` is where the text stands before the first id. With `pages`, a
    sentence may turn a page, whose label is noted in `turned`.
    """

    choose: random.Random
    prefix: str = ""
    before: str | None = None
    name: str = ""
    pages: int | None = None
    is_xml: bool = False
    fragments: dict[str, str | None] = field(default_factory=dict)
    turned: dict[str, str | None] = field(default_factory=dict)
    _ids: int = 0

    def chapter(self, chapter: Chapter) -> str:
        """A heading and what stands under it, in a section or not."""
        heading = f"<h{chapter.level}{self._id(0.8)}>{self._inline(chapter.heading)}</h{chapter.level}>"
        parts = "\n".join(self.part(part) for part in chapter.parts)
        return f"<section>{heading}\n{parts}</section>" if self._maybe(0.3) else f"{heading}\n{parts}"

    def part(self, part: Part) -> str:
        """A paragraph, list or table, and now and then something that nobody reads."""
        match part:
            case Paragraph():
                tag = self.choose.choice(["p", "div", "blockquote"])
                written = f"<{tag}{self._id(0.3)}>{self._sentences(part.sentences)}</{tag}>"
            case Items():
                written = self._list(part)
            case _:
                written = self._table(part.rows)
        return written + (self._hidden() if self._maybe(0.3) else "")

    def _list(self, items: Items) -> str:
        tag = "ol" if items.is_numbered else "ul"
        opening = f"<{tag}{self._id(0.2)}>"
        written = [f"<li{self._id(0.2)}>{self._sentences([sentence])}" for sentence in items.sentences]
        return opening + (("</li>" if self.is_xml or self._maybe(0.5) else "\n").join([*written, ""])) + f"</{tag}>"

    def _table(self, rows: Sequence[Sequence[str]]) -> str:
        opening = f"<table{self._id(0.2)}>"
        lines: list[str] = []
        for number, row in enumerate(rows):
            tag = "td" if number else "th"
            cells = "".join(f"<{tag}>{self._inline(cell)}</{tag}>" for cell in row)
            lines.append(f"<tr{self._id(0.2)}>{cells}</tr>")
        if self._maybe(0.5):
            lines = ["<thead>", lines[0], "</thead><tbody>", *lines[1:], "</tbody>"]
        return opening + "\n".join(lines) + "</table>"

    def _sentences(self, sentences: Sequence[str]) -> str:
        written: list[str] = []
        for sentence in sentences:
            turn = self._turn()
            kind = self.choose.choice(["span", "a", "none", "none"])
            opening = f"<span{self._id(1)}>" if kind == "span" else f"<a{self._id(1)}></a>" if kind == "a" else ""
            self.fragments[sentence] = self.before
            self.turned[sentence] = None if self.pages is None else str(self.pages)
            written.append(turn + opening + self._inline(sentence) + "</span>" * (kind == "span"))
        return self.choose.choice([" ", "\n", "<br/>\n"]).join(written)

    def _turn(self) -> str:
        if self.pages is None or self._maybe(0.7):
            return ""
        self.pages += 1
        return f'<span epub:type="pagebreak" role="doc-pagebreak"{self._id(1)} aria-label="{self.pages}"></span>'

    def _inline(self, text: str) -> str:
        """The words with markup between and inside them, which parts none of them."""
        words = text.split(" ")
        for number, word in enumerate(words):
            match self.choose.randrange(14):
                case 0:
                    words[number] = f"<b>{escape(word)}</b>"
                case 1:
                    half = len(word) // 2
                    words[number] = f"{escape(word[:half])}<i>{escape(word[half:])}</i>"
                case 2:
                    words[number] = f"{escape(word[:1])}<!-- a note -->{escape(word[1:])}"
                case 3:
                    words[number] = f'<a href="#lamp">{escape(word)}</a>'
                case 4 if len(word) > 1:
                    words[number] = f"{escape(word[:1])}&#173;{escape(word[1:])}"
                case _:
                    words[number] = escape(word).encode("ascii", "xmlcharrefreplace").decode()
        return "".join(word + self._space() for word in words[:-1]) + words[-1]

    def _space(self) -> str:
        return self.choose.choice([" ", " ", " ", " ", "\n   ", "<br/>", "&#160;", " <!-- --> "])

    def _id(self, chance: float) -> str:
        if not self._maybe(chance):
            return ""
        self._ids += 1
        name = f"{self.name}n{self._ids}"
        self.before = f"{self.prefix}{name}"
        return f' id="{name}"'

    def _hidden(self) -> str:
        return "" if self.is_xml else self.choose.choice(_HIDDEN)

    def _maybe(self, chance: float) -> bool:
        return self.choose.random() < chance


def make_html(told: Story, *, seed: int = 0) -> bytes:
    """The story as a web page of a site."""
    return made_html(told, seed=seed).data


def made_html(told: Story, *, seed: int = 0) -> MadeHtml:
    """The page that `make_html` makes, with the fragment of every sentence; each seed marks the story up otherwise."""
    choose = random.Random(seed)
    markup = Markup(choose)
    body = "\n".join(markup.chapter(chapter) for chapter in told.chapters)
    opening, closing = choose.choice(_FRAMES)
    menu = "".join(f'<li><a href="/{number}" id="menu{number}">{word}</a></li>' for number, word in enumerate(_MENU))
    page = f"""<!DOCTYPE html>
<html lang="en"><head {CHROME}><meta charset="utf-8"><title>{escape(told.title)}</title>
<meta property="og:site_name" content="Vantor Reed House"><link rel="canonical" href="https://vantor.example/told">
<meta name="last-reviewed" content="2025-03-12"><style>p {{ color: green }}</style></head><body>
<a {CHROME} href="#content">Skip to content</a>
<header {CHROME}><a href="/">The reed house of Vantor</a><nav><ul>{menu}</ul></nav></header>
<div {CHROME} id="cookie-banner" role="region" aria-label="Cookie consent">
<p id="ask">This site keeps cookies in a jar.</p><button>Accept all</button>
<a href="/cookies">More about cookies</a></div>
<ol {CHROME} class="breadcrumb"><li><a href="/">Home</a></li><li><a href="/told">Told stories</a></li></ol>
{opening}{body}{closing}
<aside {CHROME}><a href="/a">Other stories</a> <a href="/b">Of other lakes</a></aside>
<footer {CHROME} id="end"><p>© The reed house. All rights reserved. <a href="/terms">Terms</a></p></footer>
</body></html>"""
    return MadeHtml(page.encode("utf-8"), markup.fragments)
