"""Every fixed sentence of the interface, in one place to be reviewed; none of them says anything about health."""

from collections.abc import Mapping
from typing import Final

from retrieval.model import NoticeKind, Reason, Sureness

__all__ = [
    "ABOUT",
    "ALSO_IN",
    "ASK",
    "ASKED",
    "BOX_HINT",
    "BOX_LABEL",
    "CHARACTERS",
    "CLOSEST",
    "CONVERSATION",
    "COPIED",
    "COPY",
    "DIGEST",
    "DOCUMENT",
    "EMERGENCY",
    "ERROR",
    "ERROR_LABEL",
    "EXAMPLES",
    "LABELS",
    "LICENCE",
    "LOOKED_UP_AS",
    "MARKED",
    "NEW_CONVERSATION",
    "NEW_TAB",
    "NOTICES",
    "NOTICE_CALL",
    "NOTICE_INSTEAD",
    "NOTICE_LINK",
    "NOT_AN_ANSWER",
    "NOT_COPIED",
    "NOT_STATED",
    "NO_SUCH_DOCUMENT",
    "ORIGINAL",
    "OVERDUE",
    "PLACE",
    "PLACE_NOT_FOUND",
    "PUBLISHER",
    "QUOTE",
    "QUOTE_OF",
    "REPLIES",
    "REVIEWED",
    "REVIEW_DUE",
    "SECTION",
    "SHOW_IN_SOURCE",
    "SOURCE_PAGE",
    "SURENESS",
    "TITLE",
    "TO_THE_CHAT",
    "UNREACHABLE",
    "WAITING",
    "WELCOME",
    "WELCOME_TITLE",
]

ABOUT: Final = (
    "Information quoted word for word from vetted documents. "
    "It is not a diagnosis, and not advice about your own treatment."
)
EMERGENCY: Final = "In an emergency, call your local emergency number."

WELCOME_TITLE: Final = "Ask a health question"
WELCOME: Final = (
    "You will see what the documents here say about it: their own words, with a link to the exact place. "
    "If they do not answer, you will be told so."
)
EXAMPLES: Final = "For example"

BOX_LABEL: Final = "Your question"
BOX_HINT: Final = "Enter sends. Shift+Enter starts a new line."
ASK: Final = "Ask"
NEW_CONVERSATION: Final = "New conversation"
CONVERSATION: Final = "Conversation"
WAITING: Final = "Looking it up…"

ASKED: Final = "You asked"
LOOKED_UP_AS: Final = "Looked up as:"
QUOTE: Final = "Quote"
QUOTE_OF: Final = "Quote {number} of {count}"
SURENESS: Final[Mapping[Sureness, str]] = {
    Sureness.VERY_LIKELY: "Very likely answers your question",
    Sureness.POSSIBLE: "May answer your question: please check that it does",
}
MARKED: Final = "Marked: the sentences that were found to answer. The rest is what stands around them."

NOT_STATED: Final = "not stated"
TITLE: Final = "Title"
SECTION: Final = "Section"
PUBLISHER: Final = "Publisher"
REVIEWED: Final = "Last reviewed"
REVIEW_DUE: Final = "Next review due"
LICENCE: Final = "Licence"
ORIGINAL: Final = "Original"
DOCUMENT: Final = "Document"
DIGEST: Final = "SHA-256"
CHARACTERS: Final = "characters {start}-{end}"
OVERDUE: Final = "Review overdue since {day}"
ALSO_IN: Final = "The same words are also in:"

SHOW_IN_SOURCE: Final = "Show in source"
NEW_TAB: Final = "opens in a new tab"
COPY: Final = "Copy with citation"
COPIED: Final = "Copied"
NOT_COPIED: Final = "Could not copy. Please select the text and copy it."

CLOSEST: Final = "Show the closest passages (not an answer)"
NOT_AN_ANSWER: Final = "Not an answer"

ERROR_LABEL: Final = "Something went wrong"
ERROR: Final = (
    "Your question was not looked up, because of a fault in this program. "
    "This does not mean that the documents have no answer. "
    "Nothing that you typed is lost: please try again."
)
UNREACHABLE: Final = (
    "Your question was not looked up, because the program did not reply. "
    "This does not mean that the documents have no answer. "
    "Nothing that you typed is lost: please try again."
)

NOTICE_INSTEAD: Final = "Search for it as typed: {question}"
NOTICE_LINK: Final = "Open {link}"
NOTICE_CALL: Final = "Call {link}"
NOTICES: Final[Mapping[NoticeKind, str]] = {
    NoticeKind.EMERGENCY: "Emergency",
    NoticeKind.CRISIS: "Help now",
    NoticeKind.PERSONAL_ADVICE: "Please note",
    NoticeKind.CORRECTED_SPELLING: "Spelling",
}

LABELS: Final[Mapping[Reason, str]] = {
    Reason.NO_EVIDENCE: "No answer in these documents",
    Reason.NO_MORE: "No more in these documents",
    Reason.GREETING: "Welcome",
    Reason.THANKS: "Thank you",
    Reason.CAPABILITIES: "What this does",
    Reason.TOPICS: "What the documents cover",
    Reason.EMPTY: "Nothing to look up",
    Reason.TOO_LONG: "Too long to look up",
    Reason.OTHER_LANGUAGE: "English only",
    Reason.NONSENSE: "Not understood",
}
REPLIES: Final[Mapping[Reason, str]] = {
    Reason.NO_EVIDENCE: (
        "The documents here do not answer this question. They cover only some subjects, so an answer may well be found "
        "elsewhere. You could ask in other words, ask about one thing at a time, or ask a health professional."
    ),
    Reason.NO_MORE: "You have seen all that was found to answer this question. You could ask it in other words.",
    Reason.GREETING: (
        "Hello. Ask a health question, and you will see what the documents here say about it, word for word."
    ),
    Reason.THANKS: "You are welcome. Ask another question whenever you like.",
    Reason.CAPABILITIES: (
        "It looks your question up in a fixed set of vetted documents and shows the passages that answer it, word for "
        "word, each with a link to its exact place. It writes nothing of its own. When the documents do not answer, it "
        "says so. It cannot judge symptoms, and it knows nothing about you."
    ),
    Reason.TOPICS: "These are the subjects of the documents. Each link opens the place in its document.",
    Reason.EMPTY: "There is no question yet. Please type one.",
    Reason.TOO_LONG: (
        "This is longer than 2,000 characters, so it was not looked up. Please shorten it to one question."
    ),
    Reason.OTHER_LANGUAGE: "The documents here are in English. Please ask in English.",
    Reason.NONSENSE: "This could not be read as a question. Please ask in a few plain words.",
}

SOURCE_PAGE: Final = "Source document"
PLACE: Final = "Marked below: the quoted place, characters {start}-{end}."
PLACE_NOT_FOUND: Final = "The place that the link points to was not found in this document."
NO_SUCH_DOCUMENT: Final = "There is no such document here."
TO_THE_CHAT: Final = "Ask a question"
