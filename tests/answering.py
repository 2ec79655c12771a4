"""A responder whose reader looks for one word, and what a reply shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.model import Passage
from retrieval.answer import Responder
from retrieval.dialogue import Dialogue
from retrieval.index import PassageIndex
from retrieval.model import Abstention, Answer, Reason, Reply
from tests.picking import dialogue_of

__all__ = ["Keyword", "of_keyword", "quoted", "reason_of"]

ALONE = dialogue_of()  # follow-ups take no words


@dataclass(frozen=True, slots=True)
class Keyword:
    """A reader that is sure of each sentence with the word, and remembers what it was asked."""

    word: str
    asked: list[str]

    def read(self, question: str, passages: Sequence[Passage]) -> list[list[float]]:
        """1 for a sentence with the word, 0 for others."""
        self.asked.append(question)
        return [[float(self.word in sentence.text) for sentence in passage.sentences] for passage in passages]


def of_keyword(index: PassageIndex, word: str, dialogue: Dialogue = ALONE) -> Responder:
    return Responder(index, Keyword(word, []), dialogue, index.policy)


def quoted(reply: Reply) -> list[str]:
    assert isinstance(reply, Answer)
    return [quote.span.text for quote in reply.quotes]


def reason_of(reply: Reply) -> Reason | None:
    return reply.reason if isinstance(reply, Abstention) else None
