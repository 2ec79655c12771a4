"""The catalogues of the interface: whole, alike in what they fill in, well set, and chosen as the reader asks."""

import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ui
from retrieval.model import NoticeKind, Reason, Sureness
from ui.languages import LANGUAGES, Texts, catalogue, negotiated

FOLDER = Path(ui.__file__).parent / "languages"
languages = pytest.mark.parametrize("language", LANGUAGES)
others = pytest.mark.parametrize("language", LANGUAGES[1:])


def sentences(language: str) -> Mapping[str, str]:
    """Every text of a catalogue's file by its name."""

    def named(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
        for name, value in table.items():
            if isinstance(value, dict):
                yield from named(value, f"{name}.")
            else:
                for number, text in enumerate([value] if isinstance(value, str) else value):
                    yield f"{prefix}{name}{number or ''}", text

    return dict(named(tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8")), ""))


def placeholders(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_file_is_a_language_and_every_language_has_a_file() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(LANGUAGES)


@others
def test_every_catalogue_says_the_same_things_and_fills_in_the_same_names(language: str) -> None:
    english = {name: placeholders(text) for name, text in sentences("en").items()}
    notices = {f"notice_texts.{kind}": set[str]() for kind in NoticeKind}
    assert {name: placeholders(text) for name, text in sentences(language).items()} == english | notices


@languages
def test_every_kind_of_reply_has_its_words(language: str) -> None:
    texts = catalogue(language)
    assert texts.replies.keys() == texts.labels.keys() == set(Reason)
    assert texts.notices.keys() == set(NoticeKind)
    assert texts.sureness.keys() == set(Sureness)
    assert len(texts.months) == 12


@languages
def test_nothing_is_empty_or_set_with_straight_quotation_marks_or_three_dots(language: str) -> None:
    wrong = {name: text for name, text in sentences(language).items() if not text or re.search(r"[\"'`]|\.\.\.", text)}
    assert wrong == {}


@languages
def test_no_fixed_sentence_holds_what_gradio_would_run_as_code_or_a_browser_as_markup(language: str) -> None:
    wrong = {name: text for name, text in sentences(language).items() if re.search(r"\{\{|\$\{|\\|[<>]", text)}
    assert wrong == {}


@others
def test_no_sentence_is_left_in_english(language: str) -> None:
    english, other = sentences("en"), sentences(language)
    same = {name for name, text in other.items() if text == english.get(name) and re.search("[a-z]{3}", text)}
    # Words that German has in common with English, forms without words, and the sides of the page.
    assert same <= {"direction", "date_form", "percent", "original"} | {f"months{n}" for n in (3, 7, 8, 10)}


@languages
def test_the_limit_of_a_question_is_what_it_is_told_and_no_number_of_the_catalogue(language: str) -> None:
    assert not [name for name, text in sentences(language).items() if "000" in text]
    said = catalogue(language).reply(Reason.TOO_LONG, limit=1234)
    assert {"en": "1,234", "de": "1.234", "ar": "1,234"}[language] in said


@pytest.mark.parametrize(
    ("language", "said"), [("en", "12 March 2025"), ("de", "12. März 2025"), ("ar", "12 مارس 2025")]
)
def test_a_date_is_written_as_the_language_writes_it(language: str, said: str) -> None:
    assert catalogue(language).day(date(2025, 3, 12)) == said
    assert catalogue(language).day(None) == catalogue(language).not_stated


def test_arabic_runs_from_right_to_left() -> None:
    assert [catalogue(language).direction for language in LANGUAGES] == ["ltr", "ltr", "rtl"]


def test_an_unknown_language_has_no_catalogue() -> None:
    with pytest.raises(KeyError, match=r"found the language '\.\./en', wanted one of en, de, ar"):
        catalogue("../en")


@pytest.mark.parametrize(
    ("accept_language", "asked", "chosen"),
    [
        (None, None, "en"),
        ("de", None, "de"),
        ("de-AT,de;q=0.9,en;q=0.8", None, "de"),
        ("fr-FR, fr;q=0.9, ar;q=0.5, en;q=0.2", None, "ar"),
        ("en;q=0.3, ar-EG;q=0.7", None, "ar"),
        ("de;q=0, en;q=0.1", None, "en"),
        ("de;q=0", None, "en"),
        ("DE", None, "de"),
        ("fr, *;q=0.5", None, "en"),
        ("en, de", None, "en"),
        ("de;q=2, ar", None, "ar"),
        ("de", "ar", "ar"),
        ("de", "ar-EG", "ar"),
        ("de", "xx", "de"),
        ("de", "", "de"),
    ],
)
def test_the_language_asked_for_comes_before_the_browsers_and_that_before_english(
    accept_language: str | None, asked: str | None, chosen: str
) -> None:
    assert negotiated(accept_language, asked) == chosen


@given(st.text(max_size=200) | st.none(), st.text(max_size=20) | st.none())
def test_whatever_a_browser_sends_there_is_a_language(accept_language: str | None, asked: str | None) -> None:
    assert isinstance(catalogue(negotiated(accept_language, asked)), Texts)
