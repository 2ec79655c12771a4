"""A fictional corpus about the glimmer moths of Vantor, and an `ask` over it."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from corpus.model import Document, Heading, Place, Source, Span
from retrieval.filters import EVERYTHING, Filter, FilterError
from retrieval.model import Abstention, Answer, Notice, NoticeKind, Quote, Reason, Reply
from ui.edition import Edition
from ui.site import Site

_LEDGER_TEXT: Final = (
    "The ledgers of Vantor read *v_a_n* `tor` {{ 7*7 }} {{#each this}} ${window.ran = 1} \\n \\ "
    '<img src=x onerror="window.ran = 2"> <script>window.ran = 3</script> &amp; فراشات 👩‍👩‍👧 and nothing else.'
)
_MOTHS: Final = "\n\n".join(
    [
        "Glimmer moths of Vantor 🌒",
        "Where they live",
        "Glimmer moths rest on the silver reeds of Lake Vantor. They choose reeds that lean towards the north.",
        "What keepers bring",
        "On a counting walk 🏮, a keeper brings:\n"
        "- a lantern with a blue glass\n"
        "- two sheets of ruled paper, one for each bank, and a pencil that writes when it is wet\n"
        "- a bell, unless the reeds are in flower",
        "When they shine",
        "Glimmer moths shine for nine minutes after sunset 🌒. The light is pale green on calm evenings. "
        "It turns to amber when a storm is near.",
        "In the old ledgers",
        _LEDGER_TEXT,
        "How far they fly",
        *(
            f"On evening {n} of the count, the moths of bank {n} flew as far as the reed numbered {n * 7}."
            for n in range(1, 41)
        ),
    ]
)
_NOTES: Final = "Notes of a reed keeper\n\nThe keeper of the reeds counted the moths on sixty evenings.\n"

EXAMPLES: Final = ("How long do the moths shine?", "What does a keeper bring?", "What do the documents cover?")


def _range_of(text: str, first: str, last: str) -> tuple[int, int]:
    start = text.index(first)
    return start, text.index(last, start) + len(last)


def _headings(text: str, *titles: str) -> tuple[Heading, ...]:
    return tuple(Heading(*_range_of(text, title, title), level=1 if n == 0 else 2) for n, title in enumerate(titles))


MOTHS: Final = Document(
    id="glimmer-moths",
    source=Source(
        title="Glimmer moths of Vantor",
        url="https://vantor.example/moths",
        publisher="Vantor Moth Society",
        licence="CC BY 4.0",
        reviewed=date(2025, 3, 12),
        review_due=date(2999, 1, 1),
    ),
    sha256="ab12cd34ef56" + "0" * 52,
    headings=_headings(
        _MOTHS,
        "Glimmer moths of Vantor",
        "Where they live",
        "What keepers bring",
        "When they shine",
        "In the old ledgers",
        "How far they fly",
    ),
    text=_MOTHS,
    # The second page begins in the middle of a paragraph, the third with a heading.
    places=(
        Place(0, "iv", "page=4"),
        Place(_MOTHS.index("They choose reeds"), "v", "page=5"),
        Place(_MOTHS.index("When they shine"), "6", "page=6"),
    ),
)
NOTES: Final = Document(
    id="reed-keeper",
    source=Source(title="Notes of a reed keeper", review_due=date(2020, 1, 1)),
    sha256="9" * 64,
    headings=_headings(_NOTES, "Notes of a reed keeper"),
    text=_NOTES,
)
CORPUS: Final[Mapping[str, Document]] = {document.id: document for document in (MOTHS, NOTES)}


def span(document: Document, first: str, last: str | None = None) -> Span:
    """The range of `document` from the words `first` to the end of the words `last`."""
    return Span(document, *_range_of(document.text, first, last or first))


SHINE: Final = Quote(
    span(MOTHS, "Glimmer moths shine", "storm is near."), (span(MOTHS, "Glimmer moths shine", "🌒."),), 0.9
)
BRING: Final = Quote(span(MOTHS, "On a counting walk", "in flower"), (span(MOTHS, "- a lantern", "in flower"),), 0.8)
COUNTED: Final = Quote(span(NOTES, "The keeper", "evenings."), (span(NOTES, "The keeper", "evenings."),), 0.7)
LEDGER: Final = Quote(
    span(MOTHS, "The ledgers of Vantor", "nothing else."), (span(MOTHS, "*v_a_n*", "window.ran = 3"),), 0.6
)
FLIGHT: Final = Quote(
    span(MOTHS, "On evening 1 ", "numbered 280."), (span(MOTHS, "On evening 2 ", "numbered 14."),), 0.5
)
ALARM: Final = Notice(NoticeKind.EMERGENCY, "If the lake is on fire, call the lake wardens.", numbers=("000", "00 99"))

_ANSWERS: Final = {
    "shine": (SHINE,),
    "bring": (BRING, SHINE, COUNTED),
    "ledger": (LEDGER,),
    "fly": (FLIGHT,),
    "slow": (SHINE,),
}
_TALK: Final = {"hello": Reason.GREETING, "thank": Reason.THANKS, "xqzt": Reason.NONSENSE}
TOPICS: Final = (
    span(MOTHS, "Where they live"),
    span(MOTHS, "What keepers bring"),
    span(NOTES, "Notes of a reed keeper"),
)
SITE: Final = Site("Moth Help", EXAMPLES, rate_limit=None)


def edition_of(keeper: "Keeper") -> Edition:
    """What a server serves that asks `keeper`."""
    return Edition("moths-1", keeper, CORPUS, TOPICS)


@dataclass
class Keeper:
    """An `ask` that remembers what it was asked, and waits with "slow" questions until it is let go."""

    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)

    def __call__(self, question: str, history: Sequence[str], /, *, within: Filter = EVERYTHING) -> Reply:
        """Answer by the first word that is known; see `_ANSWERS`."""
        if within != EVERYTHING and not any(map(within.passes_document, CORPUS.values())):
            raise FilterError(f"nothing passes {within}")
        self.asked.append((question, tuple(history)))
        words = question.lower()
        if "broken" in words:
            raise RuntimeError(question)
        if "slow" in words:
            self.go_on.wait(timeout=20)
        if not words.strip():
            return Abstention(question, question, Reason.EMPTY)
        if len(question) > 2000:
            return Abstention(question, question, Reason.TOO_LONG)
        if "cover" in words:
            return Abstention(question, question, Reason.TOPICS, TOPICS)
        return self._answer(question, words)

    @staticmethod
    def _answer(question: str, words: str) -> Reply:
        notices = (ALARM,) if "fire" in words else ()
        for word, quotes in _ANSWERS.items():
            if word in words:
                return Answer(question, question, quotes, notices)
        for word, reason in _TALK.items():
            if word in words:
                return Abstention(question, question, reason)
        return Abstention(question, question, Reason.NO_EVIDENCE, (SHINE.span, COUNTED.span), notices)
