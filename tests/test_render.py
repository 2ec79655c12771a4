"""What is shown of a reply: exact words, where they are from, and nothing that could be taken for something else."""

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Document, Heading, Source, Span
from retrieval.model import Abstention, Answer, Notice, NoticeKind, Quote, Reason, Reply, Sureness
from ui.languages import catalogue
from ui.markup import place_of, prose
from ui.render import cited_copy, error_to_html, said_of, to_html, turn_to_html
from ui.source import to_page

TODAY = date(2026, 6, 1)
ENGLISH = catalogue("en")
MOTHS_PAGE, NOTES_PAGE = "../source/moths@ab12cd34ef560000", "../source/notes@1111111111111111"
MARKUP = (
    "<",
    "&",
    "&amp;",
    "<b>",
    "</span>",
    "<!--",
    "]]>",
    "<script>",
    "'",
    '"',
    "*",
    "_",
    "`",
    "\\",
    "{{ 7*7 }}",
    "${1}",
)
LAYOUT = ("\n", "\n\n", "\r", "\r\n", "\t", " ", "\u2028", "- ", "1. ")
SCRIPTS = ("🌒", "👩‍👩‍👧", "فراشة", "\u200f")
HOSTILE = (*MARKUP, *LAYOUT, *SCRIPTS)
# HTML has no way to write NUL, nor UTF-8 a lone surrogate; canonical text has neither.
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = st.lists(st.sampled_from(HOSTILE) | st.text(LETTERS, max_size=8), min_size=1, max_size=30).map("".join)
VOID = frozenset({"br", "img", "link", "meta"})


class Page(HTMLParser):
    """The text content and the attributes of the elements of an HTML text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.elements: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.feed(html)
        self.close()
        assert self._open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        element = (tag, dict(attrs), list[str]())
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element, which must be of this tag."""
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        """Add to the text of all open elements."""
        for _, _, text in self._open:
            text.append(data)

    def texts(self, tag: str, name: str = "") -> list[str]:
        """The text content of each element with the tag and, if given, the class or id."""
        return [
            "".join(text)
            for found, attributes, text in self.elements
            if found == tag and (not name or name in f"{attributes.get('class')} {attributes.get('id')}".split())
        ]

    def values(self, attribute: str) -> list[str | None]:
        """The values of an attribute, in order."""
        return [attributes[attribute] for _, attributes, _ in self.elements if attribute in attributes]


def document(text: str, *headings: Heading, source: Source | None = None) -> Document:
    """A document of that text."""
    return Document("moths", source or Source("Moths of Vantor"), "ab12cd34ef56" + "0" * 52, headings, text)


def quote(text: str, *evidence: tuple[int, int], source: Source | None = None) -> Quote:
    """A quote of all of a document."""
    whole = document(text, source=source)
    return Quote(Span(whole, 0, len(text)), tuple(Span(whole, start, end) for start, end in evidence), 0.5)


@st.composite
def quotes(draw: st.DrawFn) -> Quote:
    """A quote from the middle of a text, with some of it as evidence."""
    before, text, after = draw(st.just("") | TEXTS), draw(TEXTS.filter(bool)), draw(st.just("") | TEXTS)
    whole = document(before + text + after)
    span = Span(whole, len(before), len(before) + len(text))
    cuts = sorted(draw(st.lists(st.integers(span.start, span.end), max_size=6)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return Quote(span, tuple(Span(whole, start, end) for start, end in pairs if start < end), 0.5)


def answer(*quoted: Quote, notices: tuple[Notice, ...] = ()) -> Answer:
    """An answer to one question."""
    return Answer("Do they shine?", "Do they shine?", quoted, notices)


def shown(reply: Reply, language: str = "en") -> str:
    """The reply as HTML in a language."""
    return to_html(reply, texts=catalogue(language), today=TODAY, limit=2000)


def abstention(reason: Reason, *closest: Span) -> Abstention:
    """An abstention to one question."""
    return Abstention("Do they sing?", "Do they sing?", reason, closest)


@given(st.lists(quotes(), min_size=1, max_size=3))
def test_what_is_shown_of_each_quote_is_its_range_of_the_document_to_the_letter(quoted: list[Quote]) -> None:
    page = Page(shown(answer(*quoted)))
    assert page.texts("blockquote", "quote-text") == [
        one.span.document.text[one.span.start : one.span.end] for one in quoted
    ]


@given(quotes(), st.sampled_from(Sureness))
def test_how_sure_it_is_is_said_in_words_and_never_as_a_number(quoted: Quote, sureness: Sureness) -> None:
    page = shown(answer(replace(quoted, confidence=0.87654, sureness=sureness)))
    assert Page(page).texts("p", "sureness") == [ENGLISH.sureness[sureness]]
    assert page == shown(answer(replace(quoted, confidence=0.12345, sureness=sureness)))


@given(quotes())
def test_exactly_the_evidence_is_marked(quoted: Quote) -> None:
    page = Page(shown(answer(quoted)))
    covered = {place for span in quoted.evidence for place in range(span.start, span.end)}
    wanted = "".join(letter for place, letter in enumerate(quoted.span.document.text) if place in covered)
    assert "".join(page.texts("mark")) == wanted.replace("\n", "")


@given(quotes())
def test_what_is_copied_begins_with_the_exact_quote_in_quotation_marks(quoted: Quote) -> None:
    page = Page(shown(answer(quoted)))
    assert page.values("data-copy") == [cited_copy(quoted, ENGLISH)]
    assert cited_copy(quoted, ENGLISH).startswith(f"“{quoted.span.text}”\n")


@given(TEXTS)
def test_a_question_is_shown_to_the_letter(question: str) -> None:
    page = Page(turn_to_html(question, error_to_html(ENGLISH), texts=ENGLISH, keep=False))
    assert page.texts("span", "question") == ([question.strip()] if question.strip() else [])


@given(st.lists(TEXTS, min_size=1, max_size=6), st.data())
def test_the_text_of_a_source_page_is_the_document_to_the_letter(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    headings: list[Heading] = []
    start = 0
    for part in parts:
        end = start + len(part)
        if part and data.draw(st.booleans()):
            headings.append(Heading(start, end, data.draw(st.integers(1, 9))))
        start = end
    assert Page(to_page(document(text, *headings), ENGLISH, today=TODAY)).texts("main", "text") == [text]


def test_paragraphs_and_list_items_get_blocks_of_their_own() -> None:
    html = prose("Bring:\n- a bell\n2. a lamp\n\nThen wait.", [(7, 15), (8, 20)])
    assert html == (
        '<span class="line">Bring:</span>\n'
        '<span class="line item"><mark>- a bell</mark></span>\n'
        '<span class="line item numbered"><mark>2. a</mark> lamp</span>\n\n'
        '<span class="line gap">Then wait.</span>'
    )


def test_a_citation_names_title_section_publisher_review_and_licence() -> None:
    text = "Moths of Vantor\nAt dusk\nThey shine."
    source = Source("Moths of Vantor", None, "Moth Society", "CC BY 4.0", date(2025, 3, 12), date(2027, 1, 1))
    whole = document(text, Heading(0, 15, 1), Heading(16, 23, 2), source=source)
    page = Page(shown(answer(Quote(Span(whole, 24, 35), (), 0.5))))
    assert page.texts("figcaption") == [
        "Moths of VantorSection: At duskPublisherMoth SocietyLast reviewed12 March 2025LicenceCC BY 4.0"
    ]


def test_a_section_that_says_no_more_than_the_title_is_left_out() -> None:
    whole = document("moths of  Vantor\nThey shine.", Heading(0, 16, 1))
    assert Page(shown(answer(Quote(Span(whole, 17, 28), (), 0.5)))).texts("p", "section") == []


def test_what_nobody_has_stated_is_said_not_to_be_stated() -> None:
    page = Page(shown(answer(quote("They shine."))))
    assert page.texts("dd") == [ENGLISH.not_stated] * 3
    assert Page(to_page(document("They shine."), ENGLISH, today=TODAY)).texts("dd").count(ENGLISH.not_stated) == 5


@pytest.mark.parametrize(("due", "said"), [(date(2026, 5, 31), ["Review overdue since 31 May 2026"]), (TODAY, [])])
def test_a_quote_says_when_the_review_of_its_document_is_overdue(due: date, said: list[str]) -> None:
    source = Source("Moths of Vantor", review_due=due)
    assert Page(shown(answer(quote("They shine.", source=source)))).texts("p", "overdue") == said


def test_what_is_copied_says_where_it_is_from() -> None:
    source = Source("Moths of Vantor", "https://vantor.example/moths", "Moth Society", None, date(2025, 3, 12))
    assert cited_copy(quote("They shine.", source=source), ENGLISH) == (
        "“They shine.”\n\nMoths of Vantor\nPublisher: Moth Society\nLast reviewed: 12 March 2025\n"
        "Original: https://vantor.example/moths\nDocument: moths, SHA-256 ab12cd34ef56, characters 0-11"
    )


def test_show_in_source_points_at_the_range_of_the_document() -> None:
    whole = document("They shine.")
    page = Page(shown(answer(Quote(Span(whole, 5, 10), (), 0.5))))
    assert page.values("href") == [f"{MOTHS_PAGE}?lang=en#5-10"]
    odd = Document("a/b c?", Source("Odd"), "0" * 64, (), "x")
    assert place_of(Span(odd, 0, 1), "en") == "../source/a%2Fb%20c%3F@0000000000000000?lang=en#0-1"


def test_the_same_words_elsewhere_are_listed_as_links() -> None:
    other = Document("notes", Source("Notes of a keeper"), "1" * 64, (), "They shine.")
    first = quote("They shine.")
    page = Page(shown(answer(Quote(first.span, (), 0.5, (Span(other, 0, 11),)))))
    assert page.values("href") == [
        f"{NOTES_PAGE}?lang=en#0-11",
        f"{MOTHS_PAGE}?lang=en#0-11",
    ]


def test_notices_come_first_and_in_order() -> None:
    notices = (Notice(NoticeKind.CRISIS, "Call the wardens.", "tel:000"), Notice(NoticeKind.PERSONAL_ADVICE, "Ask."))
    html = shown(answer(quote("They shine."), notices=notices))
    assert re.findall(r'class="(notice \w+|card quote)', html) == [
        "notice crisis",
        "notice personal_advice",
        "card quote",
    ]
    assert Page(html).values("href")[0] == "tel:000"


def test_the_numbers_of_a_notice_are_links_that_dial_in_order_and_each_once() -> None:
    notice = Notice(NoticeKind.EMERGENCY, "Call the wardens.", "tel:00 99", None, ("000", "00 99", "0-11"))
    page = Page(shown(answer(quote("They shine."), notices=(notice,))))
    assert page.texts("a", "call") == ["Call 000", "Call 00 99", "Call 0-11"]
    assert page.values("href")[:3] == ["tel:000", "tel:0099", "tel:011"]


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_notice_is_said_in_the_language_of_the_page(kind: NoticeKind) -> None:
    given = answer(quote("They shine."), notices=(Notice(kind, "Fixed words in English."),))
    for language in ("de", "ar"):
        texts = catalogue(language)
        assert Page(shown(given, language)).texts("div", "notice") == [texts.notices[kind] + texts.notice_texts[kind]]
    assert Page(shown(given)).texts("div", "notice") == [ENGLISH.notices[kind] + "Fixed words in English."]


@given(quotes(), st.sampled_from(["de", "ar"]))
def test_in_every_language_the_words_of_documents_are_marked_as_english_from_left_to_right(
    quoted: Quote, language: str
) -> None:
    page = Page(shown(answer(quoted), language))
    assert page.texts("blockquote") == [quoted.span.text]
    for tag in ("blockquote", "cite"):
        ((_, attributes, _),) = [element for element in page.elements if element[0] == tag]
        assert (attributes["lang"], attributes["dir"]) == ("en", "ltr")


def test_a_citation_in_german_is_german_around_the_words_of_the_source() -> None:
    source = Source("Moths of Vantor", None, "Moth Society", None, date(2025, 3, 12))
    html = shown(answer(quote("They shine.", source=source)), "de")
    assert Page(html).texts("dl", "facts") == [
        "HerausgeberMoth SocietyZuletzt geprüft12. März 2025Lizenznicht angegeben"
    ]
    assert '<span lang="en" dir="ltr">Moth Society</span>' in html
    assert "Herausgeber: Moth Society\nZuletzt geprüft: 12. März 2025\n" in str(Page(html).values("data-copy")[0])


def test_a_quote_is_read_out_with_its_source_in_the_language_of_the_document() -> None:
    source = Source("Moths of Vantor", None, "Moth Society", None, date(2025, 3, 12))
    quoted = quote("They shine.", source=source)
    said = "They shine.\n\nTitle: Moths of Vantor. Publisher: Moth Society. Last reviewed: 12 March 2025."
    assert said_of(quoted) == said
    assert Page(shown(answer(quoted), "de")).values("data-say") == [said]
    assert said_of(quote("They shine.")) == "They shine.\n\nTitle: Moths of Vantor."


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "//elsewhere", " https://x"]
)
def test_an_address_that_a_browser_should_not_open_is_no_link(link: str) -> None:
    html = shown(answer(quote("They shine."), notices=(Notice(NoticeKind.CRISIS, "Call.", link),)))
    assert Page(html).values("href") == [f"{MOTHS_PAGE}?lang=en#0-11"]
    assert Page(to_page(document("x", source=Source("T", url=link)), ENGLISH, today=TODAY)).texts("a") == []


def test_a_question_that_was_looked_up_in_other_words_says_so() -> None:
    asked_as = Answer("And then?", "And after <dusk>?", (quote("They shine."),))
    assert Page(shown(asked_as)).texts("p", "asked-as") == ["Looked up as: And after <dusk>?"]
    assert Page(shown(answer(quote("They shine.")))).texts("p", "asked-as") == []


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_said_in_its_own_words_and_shows_no_quote(reason: Reason) -> None:
    page = Page(shown(abstention(reason)))
    assert page.texts("div", "abstention") == [ENGLISH.labels[reason] + ENGLISH.reply(reason, limit=2000)]
    assert page.texts("article") == []


@given(quotes())
def test_the_closest_passages_are_exact_and_closed_and_labelled_as_no_answer(quoted: Quote) -> None:
    page = Page(shown(abstention(Reason.NO_EVIDENCE, quoted.span)))
    assert page.texts("blockquote") == [quoted.span.text]
    assert page.texts("article", "quote") == []
    assert page.texts("h4") == [ENGLISH.not_an_answer]
    assert [attributes for tag, attributes, _ in page.elements if tag == "details"] == [{}]
    assert page.values("data-copy") == []


def test_the_subjects_of_the_documents_are_an_open_list_of_links() -> None:
    whole = document("At dusk\nIn storms")
    html = shown(abstention(Reason.TOPICS, Span(whole, 0, 7), Span(whole, 8, 17)))
    page = Page(html)
    assert page.values("href") == [
        f"{MOTHS_PAGE}?lang=en#0-7",
        f"{MOTHS_PAGE}?lang=en#8-17",
    ]
    assert page.texts("details") == []
    assert ENGLISH.not_an_answer not in html


def test_confidence_is_not_shown() -> None:
    assert "0.5" not in shown(answer(quote("They shine.")))


def test_an_error_can_be_told_from_an_abstention() -> None:
    page = Page(turn_to_html("Do they shine?", error_to_html(ENGLISH), texts=ENGLISH, keep=True))
    assert page.texts("div", "error") == [ENGLISH.error_label + ENGLISH.error]
    assert page.texts("div", "abstention") == []


def test_a_question_too_long_to_be_looked_up_is_shown_cut_short() -> None:
    (cut,) = Page(turn_to_html("moth " * 500, "", texts=ENGLISH, keep=True)).texts("span", "question")
    assert len(cut) < 310
    assert cut.endswith("…")
