"""Responder: the one seam through which every question goes, from text and history to a reply."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.model import Document, Span
from retrieval.dialogue import Dialogue
from retrieval.generation import IndexFolderError
from retrieval.index import PassageIndex
from retrieval.language import is_other_language
from retrieval.lexical import content_words
from retrieval.model import Abstention, Answer, Reason, Reply
from retrieval.policy import Policy
from retrieval.quote import select_quotes
from retrieval.reader import CalibratedReader, EvidenceReader
from retrieval.reader_network import shipped_network
from retrieval.smalltalk import small_talk
from retrieval.standing import standing_range

__all__ = ["Responder"]

_CLOSEST = 3
_TOPICS = 12


@dataclass(frozen=True, slots=True)
class Responder:
    """Answers with quotes or abstains; safe to share between threads."""

    index: PassageIndex
    reader: EvidenceReader
    policy: Policy

    @classmethod
    def open(cls, home: Path, *, corpus: Path | None = None) -> "Responder":
        """A responder over the index in `home`, with the policy and the encoder that the index carries.

        Raises:
            IndexFolderError, CorpusError, EncoderError, NetworkError, PolicyError: if a part is missing or damaged.
        """
        return cls.over(PassageIndex.open(home, corpus=corpus))

    @classmethod
    def over(cls, index: PassageIndex) -> "Responder":
        """A responder over an open index, with the reader that is shipped and the policy that the index carries.

        Raises:
            IndexFolderError: if the index's policy was calibrated with another reader.
            NetworkError: if the reader can't be loaded.
        """
        network = shipped_network()
        if index.manifest.reader_sha256 != network.sha256:
            found, wanted = index.manifest.reader_sha256[:12], network.sha256[:12]
            raise IndexFolderError(
                f"the index {index.manifest.name} was calibrated with the reader {found}…, wanted {wanted}…, the one "
                "that is installed; run: insights build"
            )
        return cls(index, CalibratedReader(index, network, index.policy.reader), index.policy)

    def answer(self, question: str, history: Sequence[str] = ()) -> Reply:
        """Quotes that answer `question`, or why there are none; `history` are the earlier questions, oldest first."""
        reason = self._refusal(question)
        if reason is Reason.TOPICS:
            return Abstention(question, question, reason, tuple(self.topics()))
        if reason is not None:
            return Abstention(question, question, reason)
        asked_as = self._standing_alone(question, history)
        hits = self.index.search(asked_as, k=self.policy.k)
        probabilities = self.reader.read(asked_as, [hit.passage for hit in hits])
        if quotes := select_quotes(hits, probabilities, self.index.sentences_of, self.policy):
            return Answer(question, asked_as, tuple(quotes))
        closest = tuple(hit.passage.span for hit in hits[:_CLOSEST])
        return Abstention(question, asked_as, Reason.NO_EVIDENCE, closest)

    def looked_up(self, question: str, history: Sequence[str] = ()) -> str | None:
        """The question as it is searched for; `None` if it is none for the documents."""
        return None if self._refusal(question) else self._standing_alone(question, history)

    def topics(self) -> list[Span]:
        """What the corpus covers, in its own words: titles, else section headings, else how its passages begin."""
        documents = self.index.documents
        if len(documents) > 1:
            return [topic for document in documents[:_TOPICS] for topic in self._titles(document)]
        sections = [Span(documents[0], h.start, h.end) for h in documents[0].headings if h.level > 1]
        return sections[:_TOPICS] if len(sections) > 1 else self._beginnings(documents[0])[:_TOPICS]

    def _standing_alone(self, question: str, history: Sequence[str]) -> str:
        earlier = [asked for asked in history if self._refusal(asked) is None]
        return Dialogue(self.index.lexical.knows).standalone(" ".join(question.split()), earlier)

    def _titles(self, document: Document) -> list[Span]:
        """The first heading of a document, or how it begins if it has none."""
        first = [Span(document, heading.start, heading.end) for heading in document.headings[:1]]
        return first or self._beginnings(document)[:1]

    def _beginnings(self, document: Document) -> list[Span]:
        """How the passages of a document begin, each beginning once."""
        sentences = self.index.sentences_of(document)
        openings = [passage.sentences[0] for passage in self.index.passages_of(document)]
        return list(dict.fromkeys(standing_range(opening, sentences) for opening in openings))

    def _refusal(self, question: str) -> Reason | None:
        """Why `question` is none that the documents could answer, if so."""
        if not question.strip():
            return Reason.EMPTY
        if len(question) > self.policy.max_question_characters:
            return Reason.TOO_LONG
        if (reason := small_talk(question)) is not None:
            return reason
        if self._is_nonsense(question):
            return Reason.NONSENSE
        if self._is_foreign(question):
            return Reason.OTHER_LANGUAGE
        return None

    def _is_foreign(self, question: str) -> bool:
        """Whether the text is in another language; not if the documents have most of its words, be they "EEG MRI"."""
        words = content_words(question)
        known = sum(word in self.index.vocabulary.numbers for word in words)
        return not 0 < len(words) <= 2 * known and is_other_language(question, margin=self.policy.language_margin)

    def _is_nonsense(self, question: str) -> bool:
        """Whether it isn't text, has no letters, or is of unknown words that fall apart into letters and scraps."""
        is_text = not any("\ud800" <= character <= "\udfff" for character in question)
        if not is_text or not any(character.isalpha() for character in question):
            return True
        words = content_words(question)
        if not words or not question.isascii() or any(word in self.index.vocabulary.numbers for word in words):
            return False
        pieces = [piece for word in words for piece in self.index.encoder.word_pieces(word)]
        return sum(map(len, words)) < self.policy.nonsense_letters_per_piece * len(pieces)
