"""What of a Word document is seen and what isn't: lists, tables, notes, changes, hidden text, pages."""

import pytest

from ingest.canonical import canonicalise
from ingest.raw import BlockKind, Dropped, DroppedKind
from ingest.readers.docx import read_docx
from tests.made.docx_parts import bulleted, p, packed

H, P, I, R = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.ROW  # noqa: E741 - a table's columns


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def told(body: str, **parts: str) -> list[tuple[BlockKind, str, int]]:
    """Kind, text and level of the blocks, their white space put in order."""
    return [
        (block.kind, " ".join(block.text.split()), block.level) for block in read_docx(packed(body, **parts)).blocks
    ]


def text_of(body: str, **parts: str) -> str:
    return canonicalise(read_docx(packed(body, **parts))).text


def level(number: int, kind: str, text: str, more: str = "") -> str:
    opening = f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
    return f'{opening}{more}<w:lvlText w:val="{text}"/></w:lvl>'


LISTS = (
    '<w:abstractNum w:abstractNumId="0">'
    + level(0, "decimal", "%1.")
    + level(1, "lowerLetter", "%2)")
    + level(2, "lowerRoman", "(%3)")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="1">'
    + level(0, "bullet", "\uf0b7")
    + level(1, "none", "")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="2">'
    + level(0, "upperRoman", "%1")
    + level(1, "decimal", "%1.%2.", "<w:isLgl/>")
    + level(2, "decimalZero", "Step %3:")
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>'
    '<w:num w:numId="4"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
    '<w:startOverride w:val="5"/></w:lvlOverride></w:num><w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num>'
)


@pytest.mark.parametrize(
    ("items", "shown"),
    [
        ([(1, 0), (1, 0), (1, 0)], ["1. x", "2. x", "3. x"]),
        ([(1, 0), (1, 1), (1, 1), (1, 0), (1, 1)], ["1. x", "- a) x", "- b) x", "2. x", "- a) x"]),
        (
            [(1, 0), (1, 1), (1, 2), (1, 2), (1, 1), (1, 2)],
            ["1. x", "- a) x", "- (i) x", "- (ii) x", "- b) x", "- (i) x"],
        ),
        ([(2, 0), (2, 0)], ["- x", "- x"]),
        ([(1, 0), (4, 0), (4, 0), (1, 0)], ["1. x", "5. x", "6. x", "7. x"]),
        ([(1, 0), (5, 0)], ["1. x", "2. x"]),  # another name of the same list goes on with its count
        (
            [(3, 0), (3, 1), (3, 1), (3, 0), (3, 1), (3, 2)],
            ["- I x", "- 1.1. x", "- 1.2. x", "- II x", "- 2.1. x", "- Step 01: x"],
        ),
        ([(1, 1)], ["- a) x"]),
    ],
)
def test_items_have_the_marks_that_word_shows(items: list[tuple[int, int]], shown: list[str]) -> None:
    body = "".join(bulleted("x", name, depth) for name, depth in items)
    assert told(body, numbering=LISTS) == [(I, text, 0) for text in shown]
    assert text_of(body, numbering=LISTS) == "\n".join(shown)


def test_a_list_that_is_none_has_no_marks() -> None:
    assert told(bulleted("moths", 0) + bulleted("reeds", 99) + bulleted("x", 2, 1), numbering=LISTS) == [
        (P, "moths", 0),
        (P, "reeds", 0),
        (P, "x", 0),
    ]


def test_an_item_without_words_is_counted_but_not_shown() -> None:
    assert told(bulleted("a") + bulleted("") + bulleted("b"), numbering=LISTS) == [(I, "1. a", 0), (I, "3. b", 0)]


def test_marks_that_were_typed_make_items_too() -> None:
    assert told(p("•\ta lantern") + p("– a bell") + p("2) ink") + p("-5 moths")) == [
        (I, "- a lantern", 0),
        (I, "- a bell", 0),
        (I, "2) ink", 0),
        (P, "-5 moths", 0),
    ]


STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Standard"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Lake"/><w:basedOn w:val="berschrift1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Two"><w:name w:val="Überschrift 2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Level"><w:name w:val="Reed"/><w:pPr>'
    '<w:outlineLvl w:val="2"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Toc"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Numbered"><w:name w:val="Numbered"/><w:basedOn w:val="Two"/><w:pPr>'
    '<w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Unseen"><w:name w:val="Unseen"/><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Ghost"><w:name w:val="Ghost"/><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Ring"><w:name w:val="Ring"/><w:basedOn w:val="Ring"/></w:style>'
)


def styled(text: str, style: str, more: str = "") -> str:
    return p(text, f'<w:pStyle w:val="{style}"/>{more}')


@pytest.mark.parametrize(
    ("style", "level_"),
    [("berschrift1", 1), ("Own", 1), ("Two", 2), ("Level", 3), ("Titel", 1), ("Standard", 0), ("Ring", 0), ("None", 0)],
)
def test_headings_are_told_by_style_in_any_language(style: str, level_: int) -> None:
    kind = H if level_ else P
    assert told(styled("Moths", style), styles=STYLES) == [(kind, "Moths", level_)]


def test_headings_under_a_title_are_one_level_deeper() -> None:
    body = styled("Moths", "Titel") + styled("Reeds", "berschrift1") + p("Pale", '<w:outlineLvl w:val="1"/>')
    assert told(body, styles=STYLES) == [(H, "Moths", 1), (H, "Reeds", 2), (H, "Pale", 3)]


def test_a_heading_that_is_numbered_shows_its_number() -> None:
    assert told(styled("Moths", "Numbered") + styled("Reeds", "Numbered"), styles=STYLES, numbering=LISTS) == [
        (H, "I Moths", 2),
        (H, "II Reeds", 2),
    ]


def test_a_whole_paragraph_that_calls_itself_a_heading_is_none() -> None:
    long = "The moths rest on the reeds of the lake. " * 10
    assert told(styled(long, "berschrift1"), styles=STYLES) == [(P, long.strip(), 0)]


def test_a_table_of_contents_is_left_out_and_listed() -> None:
    control = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        f"<w:sdtContent>{p('Contents')}{p('Reeds 4')}</w:sdtContent></w:sdt>"
    )
    raw = read_docx(packed(control + styled("Moths 3", "Toc") + p("They rest."), styles=STYLES))
    assert [block.text for block in raw.blocks] == ["They rest."]
    assert raw.dropped == tuple(Dropped(DroppedKind.NAVIGATION, text) for text in ("Contents", "Reeds 4", "Moths 3"))


FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
BEGIN, SEPARATE, END = (FIELD.format(kind) for kind in ("begin", "separate", "end"))
BOX = "<w:txbxContent>{}</w:txbxContent>"


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        (r("glim") + r("mer moths"), "glimmer moths"),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:cr/><w:t>d</w:t></w:r>", "a b c d"),
        (
            "<w:r><w:t>well</w:t><w:noBreakHyphen/><w:t>known re</w:t><w:softHyphen/><w:t>eds</w:t></w:r>",
            "well-known reeds",
        ),
        ('<w:r><w:t>9 </w:t><w:sym w:font="Symbol" w:char="F0B3"/><w:t> 3</w:t></w:r>', "9 ≥ 3"),
        (
            '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:font="x" w:char="zz"/><w:t>rest</w:t></w:r>',
            "✓ rest",
        ),
        (r("9 \uf0a3 12", '<w:rFonts w:ascii="Symbol"/>'), "9 ≤ 12"),
        (f"<w:hyperlink>{r('the')}</w:hyperlink><w:smartTag>{r(' lake')}</w:smartTag>", "the lake"),
        (f"<w:ins>{r('new')}</w:ins><w:moveTo>{r(' moved')}</w:moveTo>", "new moved"),
        (f"<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{r('held')}</w:sdtContent></w:sdt>", "held"),
        (f'<w:fldSimple w:instr="DATE">{r("in May")}</w:fldSimple>', "in May"),
        (f"{r('p. ')}{BEGIN}<w:r><w:instrText>PAGE</w:instrText></w:r>{SEPARATE}{r('7')}{END}", "p. 7"),
        (f"{BEGIN}{r('IF ')}{BEGIN}{SEPARATE}{r('lost')}{END}{SEPARATE}{r('moths')}{END}", "moths"),
        (f"{BEGIN}{r('never ended')}", "never ended"),
        (f"{r('a')}{END}{r('b')}", "ab"),
        (f"<w:unheardOf>{r('kept')}</w:unheardOf>", "kept"),
        (
            "<w:ruby><w:rt><w:r><w:t>ga</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>蛾</w:t></w:r></w:rubyBase></w:ruby>",
            "蛾",
        ),
        (
            "<m:oMathPara><m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>"
            "<m:r><m:t>+</m:t></m:r><m:sSup><m:e><m:r><m:t>a+b</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>"
            "</m:oMath></m:oMathPara>",
            "1/2+(a+b)^2",
        ),
    ],
)
def test_a_paragraph_says_what_is_seen(runs: str, text: str) -> None:
    assert told(paragraph(runs)) == [(P, text, 0)]


def test_changes_and_hidden_text_are_left_out_and_listed() -> None:
    body = (
        paragraph(
            r("Moths "),
            "<w:del><w:r><w:delText>never </w:delText></w:r></w:del>",
            r("rest"),
            r(" at once", "<w:vanish/>"),
            r("."),
        )
        + styled("Unseen line", "Unseen")
        + paragraph(r("They "), r("ghost ", '<w:rStyle w:val="Ghost"/>'), r("fly.", '<w:vanish w:val="0"/>'))
        + f"<w:moveFrom>{p('Moved away')}</w:moveFrom>"
    )
    raw = read_docx(packed(body, styles=STYLES))
    assert [block.text for block in raw.blocks] == ["Moths rest.", "They fly."]
    assert raw.dropped == (
        Dropped(DroppedKind.DELETED, "never"),
        Dropped(DroppedKind.HIDDEN, "at once"),
        Dropped(DroppedKind.HIDDEN, "Unseen line"),
        Dropped(DroppedKind.HIDDEN, "ghost"),
        Dropped(DroppedKind.DELETED, "Moved away"),
    )


def test_paragraphs_whose_break_was_deleted_are_one() -> None:
    gone = "<w:rPr><w:del/></w:rPr>"
    assert told(p("Moths ", gone) + p("rest.") + p("They", gone)) == [(P, "Moths rest.", 0), (P, "They", 0)]


def test_a_text_box_follows_its_paragraph_and_counts_once() -> None:
    box = BOX.format(p("A boxed note.") + bulleted("a bell", 2))
    drawing = (
        f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    assert told(paragraph(r("Moths "), f"<w:r>{drawing}</w:r>", r("rest.")), numbering=LISTS) == [
        (P, "Moths rest.", 0),
        (P, "A boxed note.", 0),
        (I, "- a bell", 0),
    ]


def test_an_alternative_without_text_gives_way_to_one_with_text() -> None:
    choice = "<mc:Choice Requires='x'><w:p/></mc:Choice>"
    body = f"<mc:AlternateContent>{choice}<mc:Fallback>{p('Moths.')}</mc:Fallback></mc:AlternateContent>"
    assert told(body) == [(P, "Moths.", 0)]


def cell(*content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(content)}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def test_merged_cells_are_told_once_and_the_columns_stay() -> None:
    span, top, below = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = table(
        row(cell(p("Bank")), cell(p("Reeds"), properties=span), cell(p("Masts"))),
        row(cell(p("north"), properties=top), cell(p("1")), cell(p("2")), cell(p("3"))),
        row(cell("<w:p/>", properties=below), cell(p("4")), cell(p("5")), cell(p("6"))),
        row(cell(p("5")), properties='<w:gridBefore w:val="3"/>'),
    )
    assert text_of(body) == "Bank | Reeds | | Masts\nnorth | 1 | 2 | 3\n| 4 | 5 | 6\n| | | 5"


def test_cells_of_several_paragraphs_lists_and_tables_are_one_line() -> None:
    inner = table(row(cell(p("a")), cell(p("b"))), row(cell(p("c")), cell(p("d"))))
    body = table(row(cell(p("Bring:"), bulleted("a bell", 2), bulleted("ink", 2)), cell(inner, p("end"))))
    assert told(body, numbering=LISTS) == [(R, "Bring: - a bell - ink | a b c d end", 1)]


def test_a_table_of_one_column_is_a_frame_around_text() -> None:
    body = table(row(cell(p("Moths rest."), bulleted("a bell", 2), table(row(cell(p("a")), cell(p("b")))))))
    assert told(body, numbering=LISTS) == [(P, "Moths rest.", 0), (I, "- a bell", 0), (R, "a | b", 1)]


def test_rows_and_cells_in_content_controls_count_and_deleted_rows_do_not() -> None:
    control = "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>"
    kept = control.format(row(cell(p("a")), control.format(cell(p("b")))))
    gone = row(cell(p("c")), cell(p("d")), properties="<w:del/>")
    unseen = row(cell(p("e")), cell(p("f")), properties="<w:hidden/>")
    raw = read_docx(packed(table(kept, gone, unseen)))
    assert [block.text for block in raw.blocks] == ["a | b"]
    assert raw.dropped == (Dropped(DroppedKind.DELETED, "c d"), Dropped(DroppedKind.HIDDEN, "e f"))


def note(number: int, kind: str = "footnote") -> str:
    return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'


def test_notes_follow_what_refers_to_them_and_part_no_list() -> None:
    notes = "".join(
        f'<w:footnote w:id="{n}"><w:p><w:r><w:footnoteRef/></w:r>{r(f" Note {n}.")}</w:p></w:footnote>'
        for n in range(4)
    )
    last = f'<w:endnote w:id="1">{paragraph(r("The end"), note(1))}</w:endnote>'
    item = '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>{}</w:p>'
    body = (
        paragraph(r("Moths rest"), note(1), r("."))
        + item.format(r("a bell") + note(2))
        + item.format(r("ink") + note(9))
        + paragraph(r("They fly."), note(1, "endnote"))
        + "<w:sectPr/>"
    )
    assert told(body, numbering=LISTS, footnotes=notes, endnotes=last) == [
        (P, "Moths rest.", 0),
        (P, "Note 1.", 0),
        (I, "1. a bell", 0),
        (I, "2. ink", 0),
        (P, "Note 2.", 0),
        (P, "They fly.", 0),
        (P, "The end", 0),
    ]


def test_headers_and_footers_are_left_out_and_listed() -> None:
    raw = read_docx(packed(p("Moths rest."), header=p("Vantor Moth Society"), footer=p("Page") + p("7")))
    assert [block.text for block in raw.blocks] == ["Moths rest."]
    assert raw.dropped == (Dropped(DroppedKind.HEADER, "Vantor Moth Society"), Dropped(DroppedKind.FOOTER, "Page 7"))


LAID = "<w:r><w:lastRenderedPageBreak/></w:r>"
ASKED = '<w:r><w:br w:type="page"/></w:r>'


def pages(body: str) -> list[tuple[str, str | None, bool]]:
    return [(" ".join(b.text.split()), b.page, b.continues) for b in read_docx(packed(body)).blocks]


def test_a_document_that_was_never_laid_out_knows_no_pages() -> None:
    assert pages(p("Moths.") + p("Reeds.")) == [("Moths.", None, False), ("Reeds.", None, False)]


def test_a_paragraph_over_two_pages_is_two_blocks_and_one_paragraph_of_the_text() -> None:
    body = paragraph(r("Moths rest on "), LAID, r("silver reeds.")) + p("They fly.")
    assert pages(body) == [("Moths rest on", "1", False), ("silver reeds.", "2", True), ("They fly.", "2", False)]
    result = canonicalise(read_docx(packed(body)))
    assert result.text == "Moths rest on silver reeds.\n\nThey fly."
    assert [(place.start, place.page) for place in result.places] == [(0, "1"), (14, "2")]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (p("a") + paragraph(LAID, r("b")), [("a", "1", False), ("b", "2", False)]),
        (p("a") + paragraph(ASKED) + paragraph(LAID, r("b")), [("a", "1", False), ("b", "2", False)]),
        (p("a") + paragraph(ASKED, r("b")), [("a", "1", False), ("b", "2", False)]),
        (p("a") + paragraph(ASKED) + paragraph(ASKED) + p("b"), [("a", "1", False), ("b", "3", False)]),
        (paragraph(LAID, r("a")), [("a", "2", False)]),
        (paragraph(r("a"), LAID), [("a", "1", False)]),
        (paragraph(r("mo"), LAID, r("ths rest")), [("moths", "1", False), ("rest", "2", True)]),
        (paragraph(r("moths-"), LAID, r("and reeds")), [("moths-and", "1", False), ("reeds", "2", True)]),
        (paragraph(r("… "), LAID, r("moths")), [("… moths", "2", False)]),
        (
            p("a") + paragraph("<w:pPr><w:pageBreakBefore/></w:pPr>", LAID, r("b")),
            [("a", "1", False), ("b", "2", False)],
        ),
        (
            p("a", '<w:sectPr><w:pgNumType w:fmt="lowerRoman"/></w:sectPr>')
            + paragraph(LAID, r("b"))
            + '<w:sectPr><w:pgNumType w:start="7"/></w:sectPr>',
            [("a", "i", False), ("b", "7", False)],
        ),
        (
            p("a", "<w:sectPr/>")
            + paragraph(r("b "), LAID, r("c"))
            + '<w:sectPr><w:type w:val="continuous"/></w:sectPr>',
            [("a", "1", False), ("b", "1", False), ("c", "2", True)],
        ),
        (
            table(row(cell(paragraph(r("a "), LAID, r("b"))), cell(paragraph(r("c "), LAID, r("d"))))) + p("e"),
            [("a b | c d", "1", False), ("e", "2", False)],
        ),
    ],
)
def test_pages_are_those_of_the_last_layout(body: str, found: list[tuple[str, str | None, bool]]) -> None:
    assert pages(body) == found


def test_bookmarks_lead_to_what_stands_at_or_after_them() -> None:
    mark = '<w:bookmarkStart w:id="0" w:name="{}"/><w:bookmarkEnd w:id="0"/>'
    body = (
        p("Before.")
        + paragraph(mark.format("moths"), r("Moths rest."))
        + mark.format("_GoBack")
        + mark.format("reeds")
        + paragraph(r("Reeds "), mark.format("lean"), r("lean."))
        + p("They sway.")
    )
    assert [(block.text, block.fragment) for block in read_docx(packed(body)).blocks] == [
        ("Before.", None),
        ("Moths rest.", "moths"),
        ("Reeds lean.", "reeds"),
        ("They sway.", "lean"),
    ]
