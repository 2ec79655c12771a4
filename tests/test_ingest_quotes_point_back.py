"""Quotes of documents of every format, taken in as a site owner does, lead back to the page and anchor of the original.

The makers of `tests.made` know the place of every sentence; here each is asked for, and the reply says where it stands.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import quote as percent_encoded

import pytest

from corpus.layout import ITEM_MARK
from retrieval.answer import Responder
from retrieval.filters import Filter
from retrieval.index import PassageIndex
from retrieval.model import Answer
from tests.answering import ALONE, Keyword
from tests.commands import insights
from tests.made.docx import made_docx
from tests.made.epub import made_epub
from tests.made.html import made_html
from tests.made.markdown import made_markdown
from tests.made.pdf import PdfLook, made_pdf
from tests.made.plain import made_plain
from tests.made.text import story
from tests.test_ingest_archive import packed
from tests.workshop import Workshop, make_encoder
from ui.wire import to_json

SITE = "https://vantor.example/"
TOLD = f"{SITE}told"  # what a made page and book say of themselves
BOOK = f"{SITE}book"

MANY = 5  # sentences

Where = tuple[str | None, str | None]  # a page's label and a fragment


@dataclass(frozen=True, slots=True)
class File:
    """A file, its address, and where each of its sentences stands in it."""

    data: bytes
    places: Mapping[str, Where]
    url: str

    def original(self, sentence: str) -> str:
        """The address that leads to a sentence."""
        fragment = self.places[sentence][1]
        return self.url if fragment is None else f"{self.url}#{percent_encoded(fragment, safe='=/')}"


def pdf(seed: int, look: PdfLook) -> File:
    """A PDF: each sentence is on a page of a label and a number."""
    made = made_pdf(story(seed, chapters=4), look)
    places: dict[str, Where] = {
        sentence: (made.labels[number - 1], f"page={number}") for sentence, number in made.pages.items() if sentence
    }
    return File(made.data, places, f"{SITE}{seed}.pdf")


def files() -> dict[str, File]:
    """A file of each format by its path in the folder, some of them in archives."""
    running = "The ledgers of Vantor"
    plain, plain_pages = made_plain(story(6), sentences_a_page=5)
    markdown, anchors = made_markdown(story(5), has_front_matter=True)
    html = made_html(story(3), seed=3)
    epub = made_epub(story(40), story(41), seed=4)
    word = made_docx(story(7), sentences_a_page=6, has_bookmarks=True)
    return {
        "one-column.pdf": pdf(1, PdfLook(running=running, is_numbered=True, has_labels=True, is_hyphenated=True)),
        "two-columns.pdf": pdf(2, PdfLook(2, running, has_labels=True, is_hyphenated=True, is_indented=True)),
        "all.zip/set.pdf": pdf(8, PdfLook(2, is_shuffled=True)),
        "page.html": File(html.data, {one: (None, html.fragments[one]) for one in html.fragments}, TOLD),
        "book.epub": File(epub.data, {one: (epub.pages[one], epub.fragments[one]) for one in epub.pages}, BOOK),
        "notes.md": File(markdown, {one: (None, anchors[one]) for one in anchors}, f"{SITE}notes"),
        "all.zip/sheets/plain.txt": File(plain, {one: (plain_pages[one], None) for one in plain_pages}, f"{SITE}txt"),
        "all.zip/sheets/word.docx": File(
            word.data, {one: (word.pages[one], word.fragments[one]) for one in word.pages}, f"{SITE}word.docx"
        ),
    }


def records(count: int) -> tuple[bytes, dict[str, File]]:
    """Records a line, and each as a file; they have no pages."""
    made = {}
    lines = []
    for number in range(count):
        data, pages = made_plain(story(100 + number, chapters=1))
        made[f"r{number}"] = File(data, dict.fromkeys(pages, (None, None)), f"{SITE}records/{number}")
        lines.append(json.dumps({"id": f"r{number}", "text": data.decode(), "url": made[f"r{number}"].url}))
    return "\n".join(lines).encode(), made


def write_folder(folder: Path, made: Mapping[str, File], lines: bytes) -> None:
    """Writes the files, their archive, and a `corpus.toml` with their addresses."""
    zipped = {path.removeprefix("all.zip/"): one.data for path, one in made.items() if path.startswith("all.zip/")}
    loose = {path: one.data for path, one in made.items() if not path.startswith("all.zip/")}
    toml = "\n".join(f'[files."{path}"]\nurl = "{one.url}"' for path, one in made.items())
    for path, data in {
        **loose,
        "all.zip": packed(zipped),
        "records.jsonl": lines,
        "corpus.toml": toml.encode(),
    }.items():
        (folder / path).write_bytes(data)


def asked(index: PassageIndex, document: str, sentence: str) -> tuple[str, str | None, str | None]:
    """What is quoted of a document when a sentence is asked for by its words, with its page and its address."""
    responder = Responder(index, Keyword(sentence, []), ALONE, index.policy, corrects_spelling=False)
    reply = responder.answer(sentence, within=Filter(documents=frozenset({document})))
    assert isinstance(reply, Answer), (document, sentence, reply)
    (quote,) = to_json(reply, index="", elapsed_ms=0, today=date(2026, 6, 1))["quotes"]
    record = next(one.text for one in index.documents if one.id == document)
    assert quote["document"] == document
    assert record[quote["start"] : quote["end"]] == quote["text"]
    ((start, end),) = quote["evidence"]
    assert quote["start"] <= start < end <= quote["end"]
    return record[start:end], quote["page"], quote["original"]


def unmarked(said: str) -> str:
    """A sentence without the mark of its list's item."""
    return ITEM_MARK.sub("", said)


def test_every_sentence_of_every_format_is_quoted_word_for_word_with_its_page_and_address(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = files()
    lines, singles = records(3)
    folder = tmp_path / "leaflets"
    folder.mkdir()
    write_folder(folder, made, lines)
    made |= {f"records.jsonl#{name}": one for name, one in singles.items()}

    make_encoder(tmp_path / "encoder", [sentence for seed in range(9) for sentence in story(seed).sentences])
    workshop = Workshop(tmp_path / "corpus", tmp_path / "index", str(tmp_path / "encoder"))
    done = insights(capsys, "ingest", folder, "--corpus", workshop.corpus)
    assert (done.code, done.err) == (0, "")
    workshop.build()
    index = workshop.open()

    ids = {one.origin.path: one.id for one in index.documents if one.origin}
    assert sorted(ids) == sorted(made)
    for path, file in made.items():
        wanted = {one: (one, file.places[one][0], file.original(one)) for one in file.places}
        found = {one: asked(index, ids[path], one) for one in file.places}
        assert len(wanted) > MANY
        assert {one: (unmarked(said), *where) for one, (said, *where) in found.items()} == wanted, path
