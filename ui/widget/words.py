"""The widget's fixed sentences, in every language it speaks; none of them says anything about health."""

from collections.abc import Mapping
from typing import Final

from retrieval.model import Reason
from ui import texts

__all__ = ["LANGUAGES", "Words"]

Words = Mapping[str, str | Mapping[str, str]]

_SHARED: Final = (
    *("ABOUT", "EMERGENCY", "WELCOME_TITLE", "WELCOME", "EXAMPLES", "BOX_LABEL", "BOX_HINT", "ASK"),
    *("NEW_CONVERSATION", "CONVERSATION", "WAITING", "ASKED", "LOOKED_UP_AS", "QUOTE", "QUOTE_OF", "SURENESS"),
    *("MARKED", "NOT_STATED", "SECTION", "PUBLISHER", "REVIEWED", "LICENCE", "ORIGINAL", "DOCUMENT", "DIGEST"),
    *("CHARACTERS", "OVERDUE", "ALSO_IN", "SHOW_IN_SOURCE", "NEW_TAB", "COPY", "COPIED", "NOT_COPIED", "CLOSEST"),
    *("NOT_AN_ANSWER", "ERROR_LABEL", "NOTICE_INSTEAD", "NOTICE_LINK", "NOTICE_CALL", "NOTICES", "LABELS", "REPLIES"),
)
_NOT_LOST: Final = "Nothing that you typed is lost: please try again."
_OWN: Final[Words] = {
    "name": "English",
    "direction": "ltr",
    "cited_section": "{title}, section: {section}",
    "close": "Close",
    "retry": "Try again",
    "soon": "in a little while",
    "trouble_labels": {
        "busy": "Busy just now",
        "offline": "No connection",
        "timeout": "No reply",
        "unreachable": "No reply",
        "refused": "Not looked up",
        "too_long": texts.LABELS[Reason.TOO_LONG],
    },
    "troubles": {
        "busy": (
            "Many questions are being asked at this moment, so yours was not looked up. Please try again {wait}. "
            "Nothing that you typed is lost."
        ),
        "fault": texts.ERROR,
        "offline": f"You seem to be offline, so your question was not looked up. {_NOT_LOST}",
        "timeout": (
            "Your question was not looked up, because no reply came within 30 seconds. "
            f"This does not mean that the documents have no answer. {_NOT_LOST}"
        ),
        "too_long": texts.REPLIES[Reason.TOO_LONG],
        "unreachable": texts.UNREACHABLE,
    },
}


def _english() -> Words:
    """Every sentence of the widget in English, by its name in `ui.texts` in lower case."""
    return {**{name.lower(): _plain(getattr(texts, name)) for name in _SHARED}, **_OWN}


def _plain(value: str | Mapping[str, str]) -> str | dict[str, str]:
    return value if isinstance(value, str) else {str(key): text for key, text in value.items()}


LANGUAGES: Final[Mapping[str, Words]] = {"en": _english()}
