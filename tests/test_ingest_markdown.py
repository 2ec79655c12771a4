"""The Markdown reader: the words that a reader of the rendered page would see, and nothing else."""

from datetime import date
from html.parser import HTMLParser
from importlib.util import find_spec

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from corpus.model import Source
from ingest.canonical import canonicalise
from ingest.raw import UNSTATED, BlockKind, IngestError, Reader
from ingest.readers.markdown import parse_markdown, read_markdown
from ingest.readers.text import read_text
from tests.fiction import words_of

H, P, I, R = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.ROW  # noqa: E741 - a table's columns


class Page(HTMLParser):
    """The visible text of a rendered page, its list items numbered as a browser would."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.lists: list[int | None] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Counts the items of ordered lists; every element but those within a line parts words."""
        if tag in {"ul", "ol"}:
            self.lists.append(int(dict(attrs).get("start") or 1) if tag == "ol" else None)
        if tag == "li" and (number := self.lists[-1]) is not None:
            self.lists[-1] = number + 1
        self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        """Ends a list; parts words."""
        if tag in {"ul", "ol"}:
            self.lists.pop()
        self._part(tag)

    def handle_data(self, data: str) -> None:
        """Adds what is seen."""
        self.text += data

    def _part(self, tag: str) -> None:
        self.text += "" if tag in {"em", "strong", "code", "a", "img"} else "\n"


def rendered(text: str) -> str:
    """What a browser shows of a Markdown text, by the HTML that its parser renders."""
    return Page(MarkdownIt("commonmark", {"html": True}).enable("table").render(text)).text


def canonical(text: str) -> str:
    return canonicalise(parse_markdown(text)).text


lines = st.sampled_from(
    [
        "# The moths of *Vantor*",
        "Where they live\n---------------",
        'Moths **rest** on `reeds` at [the lake](https://vantor.example "Lake") &amp; shine.',
        "A hard break  \nand a soft one\nin a sen\\*tence.",
        "- a lantern",
        "- a bell\n\n  that rings",
        "* * pale moths",
        "> Reeds lean\n> towards the north.",
        "| Year | Reeds |\n|------|:-----:|\n| one | `400` |\n|  | *380* |",
        "```\nledger  of | reeds\n```",
        "    indented ledger",
        "![a picture](moth.png)",
        "- ![icon](i.png)\n\n  Count the moths.",
        "***",
        "<https://vantor.example/reeds>",
        "Reeds&nbsp;and&shy;masts &#8212; &lt;pale&gt;.",
        "moths_of_vantor and 2 * 3 * 4 _pale_ ones",
        "[reeds]: https://vantor.example/reeds",
        "",
    ]
)


@settings(deadline=None)
@given(st.lists(lines, max_size=8).map("\n\n".join) | st.lists(lines, max_size=6).map("\n".join))
@example("#\n\n- \n- moths\n-\n  fly")
def test_the_words_are_those_of_the_rendered_page(text: str) -> None:
    assert words_of(canonical(text)) == words_of(rendered(text))


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("# Moths\n\nThey rest.\n\n### When", [(H, "Moths", 1), (P, "They rest.", 0), (H, "When", 3)]),
        ("Moths\n=====\n\nWhen\n----\n", [(H, "Moths", 1), (H, "When", 2)]),
        ("They\nrest  \nand fly\\\nat dusk.", [(P, "They rest and fly at dusk.", 0)]),
        (
            "Bring:\n\n- a lantern\n* a bell\n+ ink",
            [(P, "Bring:", 0), (I, "- a lantern", 0), (I, "- a bell", 0), (I, "- ink", 0)],
        ),
        ("3. Count\n4. Ring\n\n1) Rest", [(I, "3. Count", 0), (I, "4. Ring", 0), (I, "1) Rest", 0)]),
        (
            "- lake\n  - reeds\n    1. masts\n- stones",
            [(I, "- lake", 0), (I, "- reeds", 0), (I, "1. masts", 0), (I, "- stones", 0)],
        ),
        ("- Count.\n\n  Then rest.\n\n- Ring.", [(I, "- Count. Then rest.", 0), (I, "- Ring.", 0)]),
        ("- ![icon](i.png)\n\n  Count.", [(I, "- Count.", 0)]),
        ("| Year | Reeds |\n|---|---|\n| 1 | 400 |", [(R, "Year | Reeds", 1), (R, "1 | 400", 0)]),
        ("| | Reeds |\n|---|---|\n| lake | |", [(R, " | Reeds", 1), (R, "lake | ", 0)]),
        ("a<br>b<br/>c <b>pale</b> <!-- hidden --> moth", [(P, "a b c pale  moth", 0)]),
        (
            "- Count.\n\n  > Then\n\n      rest\n\n  - Ring.\n\n  End.",
            [(I, "- Count. Then rest", 0), (I, "- Ring.", 0), (P, "End.", 0)],
        ),
        ("<!-- hidden\n\nstill --> \n\nThey rest.", [(P, "They rest.", 0)]),
        ("\ufeff# Moths\n\n\u200b- pale", [(H, "Moths", 1), (I, "- pale", 0)]),
        ("", []),
    ],
)
def test_each_part_of_a_page_is_a_block(text: str, blocks: list[tuple[BlockKind, str, int]]) -> None:
    raw = parse_markdown(text)
    assert [(block.kind, block.text.strip("\n"), block.level) for block in raw.blocks] == blocks


def test_a_list_item_without_words_leaves_nothing_behind() -> None:
    assert canonical("- a lantern\n- ![](icon.png)\n- a bell") == "- a lantern\n- a bell"


def test_an_empty_corner_of_a_table_keeps_its_column() -> None:
    assert canonical("| | Pale | Green |\n|---|---|---|\n| Reeds | 4 | 5 |") == "| Pale | Green\nReeds | 4 | 5"


def test_a_number_too_long_for_a_list_mark_stays_in_its_sentence() -> None:
    assert canonical("1925. Moths were seen.") == "1925. Moths were seen."
    assert (
        canonicalise(parse_markdown("1925. Moths were seen.\n1926. None.")).text
        == "1925. Moths were seen.\n\n1926. None."
    )


def test_a_title_that_runs_into_the_first_sentence_is_mended_here_too() -> None:
    result = canonicalise(parse_markdown("# Moths of Vantor\n\nMoths of Vantor The moths are pale."))
    assert [result.text[h.start : h.end] for h in result.headings] == ["Moths of Vantor", "Moths of Vantor"]


def places(text: str) -> list[tuple[str, str | None]]:
    return [(block.text, block.fragment) for block in parse_markdown(text).blocks]


def test_headings_are_the_anchors_of_what_follows_as_github_makes_them() -> None:
    assert places("Before.\n\n# The *moths* of Vantor!\n\nThey rest.\n\n## When?\n\n## When?\n\n- a bell") == [
        ("Before.", None),
        ("The moths of Vantor!", "the-moths-of-vantor"),
        ("They rest.", "the-moths-of-vantor"),
        ("When?", "when"),
        ("When?", "when-1"),
        ("- a bell", "when-1"),
    ]


def test_anchors_that_are_written_out_count_instead() -> None:
    text = (
        '# Moths {#pale-ones}\n\n<a id="rest"></a>They rest. <a name=fly>They</a> fly.\n\nEnd.\n\n# <a id="b"></a>Bells'
    )
    assert places(text) == [
        ("Moths", "pale-ones"),
        ("They rest. They fly.", "rest"),
        ("End.", "fly"),
        ("Bells", "b"),
    ]


FRONT = """---
title: "The moths: a ledger"   # its own
url: https://vantor.example/moths#rest
publisher: 'Vantor Moth Society'
License: CC BY 4.0 # as on the cover
reviewed: 2026-03-01
review-due: 2027-03-01
tags:
  - moths
keywords: [a, b]
draft:
---
# Moths
"""


@pytest.mark.parametrize("read", [read_markdown, read_text])
def test_what_is_stated_at_the_top_is_known_and_no_part_of_the_text(read: Reader) -> None:
    raw = read(FRONT.replace("\n", "\r\n").encode())
    assert raw.stated == Source(
        "The moths: a ledger",
        "https://vantor.example/moths#rest",
        "Vantor Moth Society",
        "CC BY 4.0",
        date(2026, 3, 1),
        date(2027, 3, 1),
    )
    assert [block.text.strip("# ") for block in raw.blocks] == ["Moths"]


@pytest.mark.parametrize("read", [read_markdown, read_text])
@pytest.mark.parametrize(
    "text", ["---\nMoths rest.\n---\n", "---\n\nMoths: they rest\nand fly.\n\n---\n", "---\ntitle: Moths\n\nThey rest."]
)
def test_lines_of_dashes_around_a_text_take_no_word_from_it(read: Reader, text: str) -> None:
    raw = read(text.encode())
    assert raw.stated == UNSTATED
    assert words_of(" ".join(block.text for block in raw.blocks)) == words_of(text)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("reviewed: yesterday", "reviewed is 'yesterday', wanted a date; write it as YYYY-MM-DD"),
        ("review_due: 2026-02-30", "review_due is '2026-02-30', wanted a date; write it as YYYY-MM-DD"),
        ("title: |", "title is '|', wanted a text on one line; write it as title: …"),
        ("license: [CC BY]", "license is '[CC BY]', wanted a text on one line; write it as license: …"),
    ],
)
def test_what_is_stated_but_makes_no_sense_is_refused(line: str, wanted: str) -> None:
    with pytest.raises(IngestError) as refused:
        read_markdown(f"---\n{line}\n---\nMoths.".encode())
    assert str(refused.value) == wanted


def test_a_block_of_raw_html_is_read_as_the_page_that_it_is_or_refused() -> None:
    data = b"They rest.\n\n<div>Do not <b>ring</b> the bell.</div>\n"
    if find_spec("ingest.readers.html") is None:
        with pytest.raises(IngestError) as refused:
            read_markdown(data)
        assert str(refused.value) == "line 3: found a block of raw HTML, wanted Markdown only; write it as Markdown"
    else:
        assert [block.text for block in read_markdown(data).blocks] == ["They rest.", "Do not ring the bell."]


def nested(levels: int) -> str:
    return "\n".join(f"{'  ' * level}- moths {level}" for level in range(levels))


def test_lists_in_lists_keep_their_words_however_deep_or_the_file_is_refused() -> None:
    assert canonical(nested(40)) == "\n".join(f"- moths {level}" for level in range(40))
    for deep in (nested(60), "> " * 120 + "moths", "- " * 300 + "moths"):
        with pytest.raises(IngestError) as refused:
            parse_markdown(deep)
        assert str(refused.value) == "lists or quotations are nested 50 levels deep, wanted fewer; nest them less"


def test_a_paragraph_of_brackets_is_refused_and_a_long_list_of_references_is_not() -> None:
    with pytest.raises(IngestError) as refused:
        parse_markdown("Moths.\n\n" + "[" * 20_000)
    assert str(refused.value) == "line 3: found a paragraph with 20,000 brackets, wanted fewer; part it"
    assert len(parse_markdown("- [moths](reeds.md) rest on the reeds of the lake\n" * 2_000).blocks) == 2_000
