"""Words of PDFs that a line, column or page end parts."""

import pytest

from ingest.raw import Block, BlockKind, Dropped, DroppedKind
from ingest.readers.pdf import read_pdf
from ingest.readers.pdf_hyphens import Hyphens
from tests.made.drawn import column, drawn


@pytest.mark.parametrize(
    ("text", "following", "joined", "parted"),
    [
        ("They re-", "member it", "They remember it", "re- member"),
        ("a lan\u00ad", "quil", "a lanquil", "lan\u00ad quil"),
        ("a well-", "known keeper", "a well-known keeper", None),
        ("the quil-", "zem of Osk", "the quil-zem of Osk", None),
        ("the mirbel-", "osk of Tor", "the mirbelosk of Tor", "mirbel- osk"),
        ("the moon-", "blind owls", "the moon-blind owls", None),
        ("Oskar-", "Mirs", "Oskar-Mirs", None),
        ("from 2020-", "2021", "from 2020-2021", None),
        ("pre- and post-", "flood", "pre- and post-flood", None),
        ("the pre-", "and post-flood maps", "the pre- and post-flood maps", None),
        ("in RE-", "MEMBER", "in REMEMBER", "RE- MEMBER"),
        ("so they say -", "and sing", "so they say - and sing", None),
        ("no hyphen", "here", "no hyphen here", None),
    ],
)
def test_a_hyphen_goes_only_where_the_whole_word_is_known(
    text: str, following: str, joined: str, parted: str | None
) -> None:
    hyphens = Hyphens(["The mirbelosk sleeps.", "A moon-blind owl and the moonblind; moon-blind again."])

    assert hyphens.join(text, following) == (joined, parted)


def test_what_a_line_end_parts_is_not_counted_as_a_word_of_the_document() -> None:
    hyphens = Hyphens(["the zem-", "mirosk of", "zem and mirosk"])

    assert hyphens.join("the zem-", "mirosk") == ("the zem-mirosk", None)


def test_a_word_that_a_page_end_parts_is_whole_on_the_page_where_it_begins() -> None:
    first = ["The keepers of the northern villages count their reeds and re-"]
    second = ["member every lantern that was lowered."]

    read = read_pdf(drawn(column(*first), column(*second)))

    assert read.blocks == (
        Block(
            BlockKind.PARAGRAPH,
            "The keepers of the northern villages count their reeds and remember",
            page="1",
            fragment="page=1",
        ),
        Block(
            BlockKind.PARAGRAPH,
            "every lantern that was lowered.",
            page="2",
            fragment="page=2",
            continues=True,
        ),
    )
    assert read.dropped == (Dropped(DroppedKind.HYPHEN, "re- member", "1"),)


def test_the_rest_of_a_word_that_is_all_there_is_overleaf_makes_no_block() -> None:
    read = read_pdf(drawn(column("The keepers of the northern villages re-"), column("member.")))

    assert [(block.text, block.page) for block in read.blocks] == [
        ("The keepers of the northern villages remember.", "1")
    ]


def test_ligatures_are_letters() -> None:
    hyphens = Hyphens([])

    assert hyphens.join("the ﬁeld", "of reeds") == ("the ﬁeld of reeds", None)
