"""The HTML reader: what is text and what is not, block by block."""

from datetime import date

import pytest

from corpus.model import Source
from ingest.canonical import canonicalise
from ingest.raw import Block, BlockKind, Dropped, DroppedKind, IngestError
from ingest.readers.html import blocks_of_html, read_html
from tests.fiction import words_of

_HEADING, _PARAGRAPH, _ITEM, _ROW = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.ROW


def _texts(html: str) -> list[str]:
    return [block.text for block in read_html(html.encode()).blocks]


def _kinds(html: str) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.text) for block in read_html(html.encode()).blocks]


def _dropped(html: str) -> list[tuple[DroppedKind, str]]:
    return [(dropped.kind, dropped.text) for dropped in read_html(html.encode()).dropped]


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("<p>glimmer <b>mo</b>ths", ["glimmer moths"]),
        ("<p>glimmer<br>moths<br/>rest", ["glimmer moths rest"]),
        ("<div>Moths<div>rest</div>here</div>", ["Moths", "rest", "here"]),
        ("<p>Moths rest.<br><br>Reeds lean.", ["Moths rest.", "Reeds lean."]),
        ("<p>re<wbr>eds and m&shy;oths &amp; caf&eacute;s", ["reeds and m\xadoths & cafés"]),
        ("<p>moths<!-- unseen -->, <span>reeds</span>", ["moths, reeds"]),
        ("<p>4<sup>th</sup> of 10<sup>6</sup> m<sup>2</sup>", ["4th of 10⁶ m²"]),
        ("<p>H<sub>2</sub>O, log 2<sub>10</sub>", ["H2O, log 2₁₀"]),
        ("<p>a <q>lantern stone</q>", ["a “lantern stone”"]),
        ("<h2>Reeds</h2>Masts<h3>Bells</h3>", ["Reeds", "Masts", "Bells"]),
        ("<details><summary>Where they rest</summary>On reeds.</details>", ["Where they rest", "On reeds."]),
        ("<figure><img alt=unseen><figcaption>A reed</figcaption></figure>", ["A reed"]),
        ("<pre>Moths rest on reeds\n\nReeds lean   north</pre>", ["Moths rest on reeds", "Reeds lean north"]),
        ("<h3><button aria-expanded=false>Where they rest</button></h3><p>On reeds.", ["Where they rest", "On reeds."]),
        ("Moths rest.", ["Moths rest."]),
        ("", []),
    ],
)
def test_words_stand_together_as_a_browser_shows_them(html: str, texts: list[str]) -> None:
    assert _texts(html) == texts


def test_list_items_carry_the_marks_that_a_browser_shows() -> None:
    html = """<ul><li>reeds<li>stones <ul><li>blue</ul>and more<li><p>bells<p>of copper</ul>
    <ol start=7><li>ferry<li value=20>bell<li>oar</ol><ol reversed><li>last<li>first</ol>
    <ol type=a start=27><li>letter</ol><ol type=I><li value=1994>year</ol><ol start=1000><li>many</ol>"""
    assert _kinds(html) == [
        (_ITEM, "- reeds"),
        (_ITEM, "- stones"),
        (_ITEM, "- blue"),
        (_PARAGRAPH, "and more"),
        (_ITEM, "- bells"),
        (_PARAGRAPH, "of copper"),
        (_ITEM, "7. ferry"),
        (_ITEM, "20. bell"),
        (_ITEM, "21. oar"),
        (_ITEM, "2. last"),
        (_ITEM, "1. first"),
        (_ITEM, "- aa. letter"),
        (_ITEM, "- MCMXCIV. year"),
        (_ITEM, "- 1000. many"),
    ]


def test_a_term_stands_before_its_definition() -> None:
    html = "<dl><dt>Mast<dd>A reed of forty seasons.<dd>Also a pole.<dt>Bell<dt>Gong?<dd><p>Rings.</p><p>Loud.</p></dl>"
    assert _kinds(html) == [
        (_ITEM, "- Mast: A reed of forty seasons."),
        (_PARAGRAPH, "Also a pole."),
        (_ITEM, "- Bell"),
        (_ITEM, "- Gong? Rings."),
        (_PARAGRAPH, "Loud."),
    ]


def test_typed_bullets_are_list_items() -> None:
    assert _kinds("<p>• reeds<br>• stones and<br>bells</p><p>Moths - rest") == [
        (_ITEM, "- reeds"),
        (_ITEM, "- stones and bells"),
        (_PARAGRAPH, "Moths - rest"),
    ]


def test_a_table_says_in_each_row_what_reaches_down_to_it() -> None:
    html = """<table><caption>Reeds a year</caption><tfoot><tr><td>all<td>9<td>8</tfoot>
    <thead><tr><th rowspan=2>Bank<th colspan=2>Counted<tr><th>Reeds<th>Masts</thead>
    <tbody><tr><th rowspan=2>north<td>4<td>3<br>or 5<tr><td>5<td></tbody></table>"""
    assert _kinds(html) == [
        (_PARAGRAPH, "Reeds a year"),
        (_ROW, "Bank | Counted Reeds | Counted Masts"),
        (_ROW, "north | 4 | 3 or 5"),
        (_ROW, "north | 5 | "),
        (_ROW, "all | 9 | 8"),
    ]


def test_a_table_of_titles_and_values_is_a_list() -> None:
    html = "<table><tr><th>Lake</th><td>Vantor</td></tr><tr><th>Reeds:</th><td>400</td></tr></table>"
    assert _kinds(html) == [(_ITEM, "- Lake: Vantor"), (_ITEM, "- Reeds: 400")]


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td>Moths</td></tr><tr><td>Reeds</td></tr></table>",
        "<table><tr><td>Moths</td><td>Reeds</td></tr></table>",
        "<table role=presentation><tr><td>Moths<td><tr><td>Reeds<td></table>",
        "<table><tr><td><table><tr><td>Moths</table><td>Reeds<tr><td></table>",
    ],
)
def test_a_table_for_the_layout_is_none(html: str) -> None:
    assert _kinds(html) == [(_PARAGRAPH, "Moths"), (_PARAGRAPH, "Reeds")]


def test_two_tables_in_a_row_stay_two() -> None:
    table = "<table><tr><th>A<th>B<tr><td>1<td>2</table>"
    assert canonicalise(read_html((table + table).encode())).text == "A | B\n1 | 2\n\nA | B\n1 | 2"


_TEXT = "<h1>Moths</h1><p>" + "Moths rest on the reeds of the lake. " * 9 + "</p>"


@pytest.mark.parametrize(
    ("html", "kind", "dropped"),
    [
        ("<nav>Home Reeds</nav>", DroppedKind.NAVIGATION, "Home Reeds"),
        ("<div role=navigation>Home</div>", DroppedKind.NAVIGATION, "Home"),
        ("<footer>All rights reserved</footer>", DroppedKind.NAVIGATION, "All rights reserved"),
        ("<aside><a href=/b>Bells</a></aside>", DroppedKind.NAVIGATION, "Bells"),
        ("<div class=sidebar><a href=/b>Bells</a> <a href=/c>Masts</a></div>", DroppedKind.NAVIGATION, "Bells Masts"),
        ("<div class=social-share>Share this: <a href=/f>Flute</a></div>", DroppedKind.NAVIGATION, "Share this: Flute"),
        ("<a href=#text>Skip to main content</a>", DroppedKind.NAVIGATION, "Skip to main content"),
        ("<ul><li><a href=#a>A</a><li><a href=#b>B</a><li><a href=#c>C</a></ul>", DroppedKind.NAVIGATION, "A B C"),
        ("<div id=cookieBanner>Our cookies. <button>Yes</button></div>", DroppedKind.COOKIES, "Our cookies. Yes"),
        ("<div id=onetrust-banner-sdk>We value tea.</div>", DroppedKind.COOKIES, "We value tea."),
        ("<div id=comments class=comments-area>First!</div>", DroppedKind.COMMENTS, "First!"),
        ("<p hidden>unseen</p>", DroppedKind.HIDDEN, "unseen"),
        ("<p style='DISPLAY : none'>unseen</p>", DroppedKind.HIDDEN, "unseen"),
        ("<p style='visibility:hidden'>unseen</p>", DroppedKind.HIDDEN, "unseen"),
        ("<span aria-hidden=true>unseen</span>", DroppedKind.HIDDEN, "unseen"),
        ("<dialog>Subscribe</dialog>", DroppedKind.HIDDEN, "Subscribe"),
        ("<button>Press</button>", DroppedKind.CONTROL, "Press"),
        ("<form>Search <input><button>Go</button></form>", DroppedKind.CONTROL, "Search Go"),
        ("<p>Moths <del>never </del>rest", DroppedKind.DELETED, "never"),
        ("<p>rest<sup><a href=#n1>[1]</a></sup>", DroppedKind.NOTE_MARK, "[1]"),
        ("<p><ruby>漢<rp>(<rt>kan<rp>)</ruby>", DroppedKind.PRONUNCIATION, "kan"),
        ("<svg><text>drawn</text></svg>", DroppedKind.PICTURE, "drawn"),
    ],
)
def test_what_is_no_text_is_left_out_and_listed(html: str, kind: DroppedKind, dropped: str) -> None:
    assert (kind, dropped) in _dropped(_TEXT + html)


@pytest.mark.parametrize(
    "html",
    [
        "<section id=comments>Comments by the keepers of the ledgers.</section>",
        "<section id=informed-consent>Keepers ask before they count.</section>",
        "<div class=cookies>Bake the cookies until they shine.</div>",
        "<section class=sharing>Sharing a bell with others is unwise.</section>",
        "<aside>Never wake an owl.</aside>",
        "<p>See <a href=#step>skip to step 5</a> if there is no lantern.</p>",
        "<article><footer>Counted by the keepers.</footer></article>",
        "<div class=menu>On feast days the keepers eat flower soup.</div>",
        "<span class=sr-only>Do not</span> wake the owls.",
        "<div aria-hidden=true><h1>Owls</h1>Behind a dialog.</div>",
        "<details><p>Closed until clicked.</details>",
        "<button aria-expanded=false aria-controls=more>More</button><p id=more hidden>Opened by a button.</p>",
        "<header><h2>Notes</h2>By the keepers.</header>",
        "<form><p>" + "A whole page stands in one form of an old system. " * 9 + "</p><input type=submit></form>",
    ],
)
def test_what_may_be_text_is_kept(html: str) -> None:
    words = words_of(" ".join(part.split(">")[-1] for part in html.split("<") if not part.startswith("button")))
    found = [word for text in _texts(_TEXT + html) for word in words_of(text)]
    assert found[-len(words) :] == words


def test_the_main_part_is_the_text_with_the_title_above_it() -> None:
    html = "<header><h1>Moths</h1><a href=/>Home</a></header><p>Around</p><main><p>They rest.</p></main><p>After</p>"
    assert _kinds(html) == [(_HEADING, "Moths"), (_PARAGRAPH, "They rest.")]
    assert [text for _, text in _dropped(html)] == ["Home", "Around", "After"]


def test_two_articles_are_both_text() -> None:
    assert _texts("<article>Moths rest.</article><article>Reeds lean.</article>") == ["Moths rest.", "Reeds lean."]


def test_a_fragment_is_the_nearest_id_before_the_words() -> None:
    html = """<main id=all>Before.<section id=s><h2>Reeds <a id=mark href=#mark>#</a></h2><p>They lean.</p></section>
    <p>After.</p><p>Moths <a name=old></a>rest <span id=mid>mid</span>night on <i id=r>reeds</i>.</p><nav id=no>x</nav>
    <table><tr><th id=h>A<th>B<tr id="a row"><td>1<td><b id=cell>2</b></table><p>End.</p></main>"""
    assert read_html(html.encode()).blocks == (
        Block(_PARAGRAPH, "Before.", fragment="all"),
        Block(_HEADING, "Reeds", 2, fragment="mark"),
        Block(_PARAGRAPH, "They lean.", fragment="mark"),
        Block(_PARAGRAPH, "After.", fragment="mark"),
        Block(_PARAGRAPH, "Moths", fragment="mark"),
        Block(_PARAGRAPH, "rest", fragment="old", continues=True),
        Block(_PARAGRAPH, "midnight on", fragment="mid", continues=True),
        Block(_PARAGRAPH, "reeds.", fragment="r", continues=True),
        Block(_ROW, "A | B", 1, fragment="h"),
        Block(_ROW, "1 | 2", fragment="a row"),
        Block(_PARAGRAPH, "End.", fragment="cell"),
    )


def test_a_page_states_what_its_head_and_its_data_say() -> None:
    html = """<title>Moths - Vantor</title><meta property="og:title" content="The moths">
    <meta property="og:site_name" content="Vantor"><link rel=canonical href="https://vantor.example/moths">
    <link rel=license href="https://vantor.example/licence"><meta name="review-due" content="2031-03-12">
    <script type="application/ld+json">{"@graph": [{"@type": "WebSite", "lastReviewed": "1999-01-01"},
    {"@type": ["MedicalWebPage"], "lastReviewed": "2025-03-12T10:00:00Z"}]}</script><p>Moths rest."""
    assert read_html(html.encode()).stated == Source(
        title="The moths",
        url="https://vantor.example/moths",
        publisher="Vantor",
        licence="https://vantor.example/licence",
        reviewed=date(2025, 3, 12),
        review_due=date(2031, 3, 12),
    )


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title>Moths - Vantor</title><h1>The moths</h1>", "The moths"),
        ("<title>Moths - Vantor</title><h1>One</h1><h1>Two</h1>", "Moths - Vantor"),
        ("<p>Moths rest.", ""),
    ],
)
def test_the_title_is_the_only_first_heading_or_that_of_the_window(html: str, title: str) -> None:
    assert read_html(html.encode()).stated.title == title


@pytest.mark.parametrize("address", ["/moths", "javascript:alert(1)", "https://", "http://[bad", "https://a b"])
def test_only_a_whole_address_on_the_web_is_an_address(address: str) -> None:
    assert read_html(f'<link rel=canonical href="{address}"><p>Moths rest.'.encode()).stated.url is None


def test_the_declared_encoding_is_read() -> None:
    latin = '<meta charset="iso-8859-1"><p>Café'.encode("cp1252")
    xml = '<?xml version="1.0" encoding="windows-1250"?><p>Žluť'.encode("cp1250")
    wide = "\ufeff<p>Café".encode("utf-16-le")
    assert [read_html(data).blocks[0].text for data in (latin, xml, wide)] == ["Café", "Žluť", "Café"]


def test_xhtml_ends_its_elements_at_once() -> None:
    html = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="a"/></head><body><a id="x"/><p>A</p>'
    assert read_html((html + "<p><![CDATA[1 < 2]]></p></body></html>").encode()).blocks == (
        Block(_PARAGRAPH, "A", fragment="x"),
        Block(_PARAGRAPH, "1 < 2", fragment="x"),
    )


def test_a_piece_of_html_gives_blocks_without_rules_for_pages() -> None:
    assert blocks_of_html("<footer>Moths <b>rest</b></footer><p hidden>no</p>") == (Block(_PARAGRAPH, "Moths rest"),)


def test_a_file_that_is_no_page_is_refused_in_one_line() -> None:
    with pytest.raises(
        IngestError, match=r"^found a page of 33 MB, wanted at most 32 MB; split it into several files$"
    ):
        read_html(b"<p>" + b"moths " * 5_500_000)
    with pytest.raises(IngestError, match=r"^not text: it holds NUL bytes"):
        read_html(b"<p>\0\1\2\3")


def test_a_dropped_part_is_listed_once_with_its_words() -> None:
    html = "<nav><ul hidden><li>A<li>B</ul><script>x()</script>C</nav><p>Moths rest."
    assert read_html(html.encode()).dropped == (Dropped(DroppedKind.NAVIGATION, "A B C"),)
