"""The widget's fixed sentences: those of the catalogues that it needs, by their names there."""

from collections.abc import Mapping
from typing import Final

from retrieval.model import Reason
from retrieval.policy import default_policy
from ui import languages
from ui.languages import Texts, Trouble, catalogue

__all__ = ["LANGUAGES", "Words"]

Words = Mapping[str, str | list[str] | Mapping[str, str]]

_NAMES: Final = (
    *("name", "direction", "date_form", "about", "emergency", "welcome_title", "welcome", "examples", "box_label"),
    *("box_hint", "ask", "new_conversation", "conversation", "waiting", "asked", "looked_up_as", "quote", "quote_of"),
    *("marked", "not_stated", "section", "cited_section", "publisher", "reviewed", "licence", "original", "page"),
    *("document", "digest", "characters", "overdue", "also_in", "show_in_source", "open_original", "new_tab", "copy"),
    *("copied", "not_copied"),
    *(
        "closest",
        "not_an_answer",
        "error_label",
        "notice_instead",
        "notice_link",
        "notice_call",
        "close",
        "retry",
        "soon",
    ),
)
_TABLES: Final = ("sureness", "notices", "notice_texts", "labels", "replies", "trouble_labels", "troubles")


def _words(texts: Texts) -> Words:
    """Every sentence of the widget in one language; what is said of a failure is in "troubles", whoever's it is."""
    words = {name: getattr(texts, name) for name in _NAMES}
    tables = {name: {str(key): text for key, text in getattr(texts, name).items()} for name in _TABLES}
    too_long = texts.reply(Reason.TOO_LONG, limit=default_policy().max_question_characters)
    tables["replies"][Reason.TOO_LONG] = too_long
    tables["trouble_labels"]["too_long"] = texts.labels[Reason.TOO_LONG]
    tables["troubles"] |= {"fault": texts.error, "too_long": too_long, Trouble.UNREACHABLE: texts.unreachable}
    return words | tables | {"months": list(texts.months)}


LANGUAGES: Final[Mapping[str, Words]] = {language: _words(catalogue(language)) for language in languages.LANGUAGES}
