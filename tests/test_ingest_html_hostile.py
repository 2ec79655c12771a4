"""The HTML reader on tag soup and pages made to break it: no word vanishes, and nothing recurses or takes forever."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.raw import IngestError, RawDocument
from ingest.readers.dom import parse
from ingest.readers.html import read_html
from tests.fiction import words_of

_TAGS = (
    "div p b i a span ul ol li dl dt dd table tbody thead tr td th caption h1 h3 pre br blockquote section article "
    "aside header footer nav main details summary em sup sub button label form figure hr font del svg center x-card "
    "math"
).split()
_ATTRIBUTES = (
    "",
    " id=x1",
    " hidden",
    " class=cookie-banner",
    " role=main",
    " href=#x1",
    " start=5 value=9 type=a reversed",
    " colspan=3",
    " aria-hidden=true id='a b'",
    " epub:type=pagebreak",
    " style='display:none'",
    " lang='",
)
_TOKENS = st.one_of(
    st.just(" moth "),
    st.sampled_from([f"</{tag}>" for tag in _TAGS]),
    st.builds("<{}{}>".format, st.sampled_from(_TAGS), st.sampled_from(_ATTRIBUTES[:-1])),
)
_SOUP = st.lists(_TOKENS, max_size=60)
_ANYTHING = st.lists(
    st.one_of(
        _TOKENS,
        st.text(max_size=8),
        st.sampled_from(
            "<!-- --> <![CDATA[ ]]> <script> </script> <svg/> & &#0; &#xD800; <!doctype <?xml \" ' = <".split()
        ),
        st.builds("<{}{}>".format, st.sampled_from(_TAGS), st.sampled_from(_ATTRIBUTES)),
    ),
    max_size=40,
)


def _texts(raw: RawDocument) -> list[str]:
    return [block.text for block in raw.blocks] + [dropped.text for dropped in raw.dropped]


@settings(deadline=None, max_examples=300)
@given(_SOUP)
def test_no_word_of_a_tag_soup_vanishes_without_being_listed(tokens: list[str]) -> None:
    numbered = [f" moth{number} " if tag == " moth " else tag for number, tag in enumerate(tokens)]
    raw = read_html("".join(numbered).encode())
    found = [word for text in _texts(raw) for word in words_of(text) if word.startswith("moth")]
    assert sorted(found) == sorted(word.strip() for word in numbered if word.startswith(" moth"))


@settings(deadline=None, max_examples=300)
@given(_ANYTHING)
def test_any_text_is_read(tokens: list[str]) -> None:
    text = "".join(tokens).replace("\0", "").encode("utf-8", "ignore")
    assert isinstance(read_html(text), RawDocument)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        assert isinstance(read_html(data), RawDocument)
    except IngestError:
        return


@pytest.mark.parametrize("opening", ["<div>", "<b>", "<table><tr><td>"])
def test_words_nested_a_hundred_thousand_deep_are_read(opening: str) -> None:
    assert [block.text for block in read_html((opening * 100_000 + "moths").encode()).blocks] == ["moths"]


@pytest.mark.parametrize(
    "opening", ["<ul><li>", "<dl><dd>", "<span>", "<section><p>", "<font size=1>", "<rt>", "<svg>"]
)
def test_words_nested_by_the_ten_thousand_are_read(opening: str) -> None:
    raw = read_html((opening * 10_000 + "moths").encode())
    assert "".join(_texts(raw)).removeprefix("- ") == "moths"


@pytest.mark.parametrize(
    "page",
    [
        "".join(f"<b id={number}><p>" for number in range(20_000)) + "moths",
        "".join(f"<b id={number}>" for number in range(500)) + "<p>moths" * 20_000,
        "<p " + " ".join(f"a{number}=1" for number in range(50_000)) + ">moths",
        "<noscript>" * 20_000 + "moths",
        "<p x='" * 50_000 + "'>moths",
        "<p>" + "<br><br><a id=x></a>moths" * 20_000,
        "<p>" + "<a id=x></a>." * 20_000 + "moths",
        "<dl>" + "<dt>moths<dd><p><div>" * 5_000,
        "<header><h1>moths</h1><a href=x>y</a></header>" * 5_000,
        "<main>moths</main>" * 5_000,
        "<table><tr>" + "<td rowspan=60000 colspan=1000>moths" * 500 + "<tr><td>x" * 500,
    ],
)
def test_pages_that_take_a_browser_long_are_read(page: str) -> None:
    blocks = read_html(page.encode()).blocks
    assert "moths" in "".join(block.text for block in blocks)


def test_the_tree_is_no_deeper_than_a_browser_nests() -> None:
    tree = parse("<div>" * 2000 + "<b>" * 2000 + "moths")
    assert max(sum(1 for _ in tree.ancestors(index)) for index in range(len(tree.nodes))) < 600


def test_a_page_of_too_many_tags_is_refused() -> None:
    with pytest.raises(IngestError, match=r"^found more than 2,000,000 tags, wanted a page; split it into several"):
        read_html(b"<p>" * 2_000_001)
