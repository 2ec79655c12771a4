"""Where a quote stands in the original: the page that is named and the address that opens it there."""

from dataclasses import replace
from datetime import date
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Document, Place, Source, Span
from corpus.store import digest
from corpus.versions import version_name
from retrieval.model import Abstention, Answer, Quote, Reason
from tests.test_render import Page
from ui.languages import LANGUAGES, catalogue
from ui.original import original_of, page_of
from ui.render import cited_copy, said_of, to_html
from ui.source import to_page
from ui.terminal import show
from ui.wire import to_json

TODAY = date(2026, 6, 1)
TEXT = "Moths rest on reeds. They hum.\n\nBells ring."
URL = "https://vantor.example/moths.pdf"
PLACES = (Place(0, "iv", "page=4"), Place(21, "v", "page=5"), Place(32, None, None))
MOTHS = Document("moths", Source("Moths of Vantor", URL), digest(TEXT), (), TEXT, PLACES)
REST, HUM, RING = Span(MOTHS, 0, 20), Span(MOTHS, 21, 30), Span(MOTHS, 32, 43)
BOTH = Quote(Span(MOTHS, 0, 30), (HUM,), 0.9)  # it begins on page iv, and what answers stands on page v


@pytest.mark.parametrize(
    ("span", "page", "original"),
    [
        (REST, "iv", f"{URL}#page=4"),
        (HUM, "v", f"{URL}#page=5"),
        (Span(MOTHS, 25, 43), "v", f"{URL}#page=5"),
        (RING, None, URL),
    ],
)
def test_a_range_stands_where_it_begins(span: Span, page: str | None, original: str) -> None:
    assert (page_of(span), original_of(span)) == (page, original)


@pytest.mark.parametrize(
    ("url", "fragment", "original"),
    [
        (None, "page=4", None),
        (URL, None, URL),
        (f"{URL}#top", None, f"{URL}#top"),
        (f"{URL}#top", "page=4", f"{URL}#page=4"),
        (f"{URL}?version=2", "page=4", f"{URL}?version=2#page=4"),
        (URL, "when they shine", f"{URL}#when%20they%20shine"),
        (URL, 'a"><script>', f"{URL}#a%22%3E%3Cscript%3E"),
        (URL, "zwölf#%41", f"{URL}#zw%C3%B6lf%23%2541"),
    ],
)
def test_the_fragment_of_the_place_is_that_of_the_address(
    url: str | None, fragment: str | None, original: str | None
) -> None:
    places = (Place(0, None, fragment),) if fragment else ()
    document = replace(MOTHS, source=Source("Moths", url), places=places)
    assert original_of(Span(document, 0, 5)) == original


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_an_anchor_is_called_the_address_stays_one_and_leads_there(fragment: str) -> None:
    document = replace(MOTHS, places=(Place(0, None, fragment),))
    original = original_of(Span(document, 0, 5))
    assert original is not None
    assert original.isascii()
    assert original.isprintable()
    assert not set(original) & set("<>\"'\\` ") - {"'"}
    assert unquote(urlsplit(original).fragment) == fragment
    assert original.partition("#")[0] == URL


def test_everything_that_shows_a_quote_names_the_page_of_what_answers(capsys: pytest.CaptureFixture[str]) -> None:
    made = to_json(Answer("q", "q", (BOTH,)), index="", elapsed_ms=0, today=TODAY)
    assert (made["quotes"][0]["page"], made["quotes"][0]["original"]) == ("v", f"{URL}#page=5")
    show(made)
    printed = capsys.readouterr().out
    assert f"Moths of Vantor ({version_name(MOTHS)}, page v, characters 0-30)" in printed
    assert f"    Original: {URL}#page=5\n" in printed
    for language in LANGUAGES:
        texts = catalogue(language)
        page = Page(to_html(Answer("q", "q", (BOTH,)), texts=texts, today=TODAY, limit=2000))
        assert page.texts("dl", "facts")[0].startswith(f"{texts.page}v{texts.publisher}")
        assert f"{URL}#page=5" in page.values("href")
        assert f"\n{texts.page}: v\n" in cited_copy(BOTH, texts)
        assert f"\n{texts.original}: {URL}#page=5\n" in cited_copy(BOTH, texts)
    assert said_of(BOTH).endswith("Title: Moths of Vantor. Page: v.")


def test_the_closest_passages_and_the_other_places_of_a_quote_have_theirs() -> None:
    made = to_json(Abstention("q", "q", Reason.NO_EVIDENCE, (REST, RING)), index="", elapsed_ms=0, today=TODAY)
    assert [(one["page"], one["original"]) for one in made["closest"]] == [("iv", f"{URL}#page=4"), (None, URL)]
    other = Document("bells", Source("Of bells"), digest("They hum."), (), "They hum.")
    answer = Answer("q", "q", (Quote(Span(other, 0, 9), (Span(other, 0, 9),), 0.9, (HUM,)),))
    ((place,),) = (quote["also_in"] for quote in to_json(answer, index="", elapsed_ms=0, today=TODAY)["quotes"])
    assert (place["page"], place["original"]) == ("v", f"{URL}#page=5")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//elsewhere"])
def test_an_original_that_a_browser_should_not_open_is_no_link(url: str) -> None:
    document = replace(MOTHS, source=Source("Moths", url))
    quote = Quote(Span(document, 0, 20), (Span(document, 0, 20),), 0.9)
    page = Page(to_html(Answer("q", "q", (quote,)), texts=catalogue("en"), today=TODAY, limit=2000))
    assert page.values("href") == [f"../source/{version_name(document)}?lang=en#0-20"]


@given(st.lists(st.integers(0, len(TEXT) - 1), unique=True).map(sorted), st.text("iv<&\"'", min_size=1, max_size=4))
def test_signs_for_pages_leave_the_text_of_a_source_page_as_it_is(starts: list[int], label: str) -> None:
    places = tuple(Place(start, f"{label}{number}", None) for number, start in enumerate(starts))
    page = Page(to_page(replace(MOTHS, places=places), catalogue("en"), today=TODAY))
    assert page.texts("main", "text") == [TEXT]
    shown = [
        attributes["aria-label"] for tag, attributes, _ in page.elements if attributes.get("role") and tag == "span"
    ]
    breaks_shown = [f"Page {place.page}" for place in places if not _is_line_end(place.start)]
    assert shown == breaks_shown


def _is_line_end(position: int) -> bool:
    return TEXT[position] == "\n"


def test_a_page_that_comes_twice_in_the_list_of_places_gets_one_sign() -> None:
    places = (Place(0, "1", "a"), Place(21, "1", "b"), Place(32, "2", "c"))
    page = Page(to_page(replace(MOTHS, places=places), catalogue("en"), today=TODAY))
    assert page.texts("span", "page") == ["", ""]


def test_the_page_of_a_document_says_that_its_review_is_overdue() -> None:
    for due, said in ((date(2026, 5, 31), ["Review overdue since 31 May 2026"]), (TODAY, [])):
        document = replace(MOTHS, source=Source("Moths", review_due=due))
        assert Page(to_page(document, catalogue("en"), today=TODAY)).texts("p", "overdue") == said
