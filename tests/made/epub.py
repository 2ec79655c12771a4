"""Makes EPUB books of stories, a chapter a file, and knows the fragment and the page of every sentence."""

import io
import random
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from tests.made.html import Markup
from tests.made.text import Story

__all__ = ["MadeEpub", "made_epub", "make_epub", "packed_epub"]

_CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OPS/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""


@dataclass(frozen=True, slots=True)
class MadeEpub:
    """A book, and the fragment that leads to each sentence and the label of its page, or the nearest before it."""

    data: bytes
    fragments: dict[str, str | None]
    pages: dict[str, str | None]


def make_epub(*told: Story, seed: int = 0) -> bytes:
    """The stories as one book, with a cover and a table of contents."""
    return made_epub(*told, seed=seed).data


def made_epub(*told: Story, seed: int = 0) -> MadeEpub:
    """The book that `make_epub` makes, with the place of every sentence."""
    choose = random.Random(seed)
    fragments: dict[str, str | None] = {}
    pages: dict[str, str | None] = {}
    files: dict[str, str] = {}
    page = 0
    for number, one in enumerate(told):
        path = f"OPS/text/story {number}.xhtml"
        page += 1
        markup = Markup(choose, f"{path}#", f"{path}#start", f"s{number}", page, is_xml=True)
        body = "\n".join(markup.chapter(chapter) for chapter in one.chapters)
        turn = f'<span epub:type="pagebreak" id="start" title="{page}"/>'
        files[path] = _document(one.title, turn + body)
        page = markup.pages or page
        fragments |= markup.fragments
        pages |= markup.turned
    files["OPS/cover.xhtml"] = _document("Cover", "<p>A cover with a painted reed</p>")
    links = "".join(f'<li><a href="text/story%20{n}.xhtml">{escape(one.title)}</a></li>' for n, one in enumerate(told))
    files["OPS/nav.xhtml"] = _document("Contents", f'<nav epub:type="toc"><ol>{links}</ol></nav>')
    files["OPS/package.opf"] = _package(told)
    return MadeEpub(packed_epub(files), fragments, pages)


def packed_epub(files: Mapping[str, str | bytes], *, container: str = _CONTAINER) -> bytes:
    """An EPUB of these files, whose package is `OPS/package.opf`."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as book:
        for path, text in {"mimetype": "application/epub+zip", "META-INF/container.xml": container, **files}.items():
            book.writestr(zipfile.ZipInfo(path, (2031, 3, 12, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _document(title: str, body: str) -> str:
    return f"""<?xml version="1.0" encoding="utf-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">
<head><title>{escape(title)}</title><script src="x.js"/></head><body>{body}</body></html>"""


def _package(told: tuple[Story, ...]) -> str:
    items = "".join(
        f'<item id="s{number}" href="text/story%20{number}.xhtml" media-type="application/xhtml+xml"/>'
        for number in range(len(told))
    )
    spine = "".join(f'<itemref idref="s{number}"/>' for number in range(len(told)))
    return f"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(told[0].title)}</dc:title>
<dc:publisher>Vantor Reed House</dc:publisher><dc:rights>CC BY 4.0</dc:rights>
<dc:identifier id="id">urn:x:1</dc:identifier>
<dc:source>https://vantor.example/book</dc:source></metadata>
<manifest><item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>
<item id="cover" href="cover.xhtml" media-type="application/xhtml+xml"/>{items}</manifest>
<spine><itemref idref="cover" linear="no"/><itemref idref="nav"/>{spine}</spine></package>"""
