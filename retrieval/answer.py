"""Responder: the one seam through which every question goes, from text and history to a reply."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from corpus.model import Document, Span
from retrieval.dialogue import Dialogue, asks_for_more
from retrieval.emergency_numbers import Numbers, numbers_of
from retrieval.filters import EVERYTHING, Filter, FilterError
from retrieval.generation import IndexFolderError
from retrieval.index import PassageIndex
from retrieval.language import is_other_language
from retrieval.lexical import content_words
from retrieval.model import Abstention, Answer, Notice, NoticeKind, Reason, Reply
from retrieval.policy import Policy
from retrieval.quote import select_next_quotes, select_quotes
from retrieval.reader import CalibratedReader, EvidenceReader, read_hits
from retrieval.reader_network import shipped_network
from retrieval.resolver import shipped_resolver
from retrieval.safety import Safety, safety_of, shipped_safety
from retrieval.sameness import distinct
from retrieval.smalltalk import small_talk
from retrieval.spelling import Speller, Spelling
from retrieval.standing import standing_range

__all__ = ["Responder"]

_CORRECTED = "Showing results for {meant} instead of {typed}."
_CLOSEST = 3
_TOPICS = 12
_SEARCHED = 3  # times as many passages are found as are read


@dataclass(frozen=True)
class Responder:
    """Answers with quotes or abstains; safe to share between threads.

    Without `corrects_spelling` every question is looked up as it was typed. `numbers` are those of emergency notices.
    With `refuses_overdue`, documents whose review is overdue on the day of the question (`today`) are left out.
    """

    index: PassageIndex
    reader: EvidenceReader
    dialogue: Dialogue
    policy: Policy
    corrects_spelling: bool = True
    numbers: Numbers = field(default_factory=numbers_of)
    safety: Safety = field(default_factory=shipped_safety)
    refuses_overdue: bool = False
    today: Callable[[], date] = date.today

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
            NetworkError: if the reader or the resolver can't be loaded.
        """
        network = shipped_network()
        if index.manifest.reader_sha256 != network.sha256:
            found, wanted = index.manifest.reader_sha256[:12], network.sha256[:12]
            raise IndexFolderError(
                f"the index {index.manifest.name} was calibrated with the reader {found}…, wanted {wanted}…, the one "
                "that is installed; run: insights build"
            )
        reader = CalibratedReader(index, network, index.policy.reader)
        policy = index.policy
        dialogue = Dialogue(shipped_resolver().picks, policy.need_threshold, policy.pick_threshold)
        return cls(index, reader, dialogue, policy, safety=safety_of(index.encoder))

    def answer(self, question: str, history: Sequence[str] = (), *, within: Filter = EVERYTHING) -> Reply:
        """Quotes that answer `question`, or why there are none; `history` are the earlier questions, oldest first.

        What the question says of an emergency, a crisis or the asker's own case gets a fixed notice before all else.

        Raises:
            FilterError: if no passage passes `within`.
        """
        reply = self._answer(question, history, within)
        notices = self.safety.notices(question, history, self.numbers)
        return replace(reply, notices=(*notices, *reply.notices)) if notices else reply

    def _answer(self, question: str, history: Sequence[str], within: Filter) -> Reply:
        """The reply without notices of safety."""
        reason = self._refusal(question)
        if reason is Reason.TOPICS:
            topics = tuple(self.topics())
            return Abstention(question, question, reason if topics else Reason.OVERDUE, topics)
        if reason is not None:
            return Abstention(question, question, reason)
        asked, before, times = _to_go_on_with(question, history)
        spelling = self._standing_alone(asked, before)
        asked_as, notices = spelling.text, _notices(spelling)
        current = self._current(within)
        if current is None:
            return Abstention(question, asked_as, Reason.OVERDUE, notices=notices)
        # Copies of a passage stand close together in the ranking; read twice, they would crowd out what says more.
        found = self.index.search(asked_as, k=_SEARCHED * self.policy.k, within=current)
        hits = distinct(found, most=self.policy.k)
        hits, probabilities = read_hits(self.reader, asked_as, hits, weight=self.policy.fusion.reader)
        quotes = select_next_quotes(hits, probabilities, self.index.sentences_of, self.policy, after=times)
        if quotes:
            return Answer(question, asked_as, tuple(quotes), notices)
        if times and select_quotes(hits, probabilities, self.index.sentences_of, self.policy):
            return Abstention(question, asked_as, Reason.NO_MORE)
        closest = tuple(hit.passage.span for hit in hits[:_CLOSEST])
        return Abstention(question, asked_as, Reason.NO_EVIDENCE, closest, notices)

    def _current(self, within: Filter) -> Filter | None:
        """`within`, less the documents that are refused today; `None` if that leaves none of its passages.

        Raises:
            FilterError: if no passage passes `within` itself.
        """
        if not self.refuses_overdue:
            return within
        current = replace(within, current_on=self.today())
        try:
            self.index.check(current)
        except FilterError:
            self.index.check(within)
            return None
        return current

    def looked_up(self, question: str, history: Sequence[str] = ()) -> str | None:
        """The question as it is searched for; `None` if it is none for the documents."""
        if self._refusal(question):
            return None
        asked, before, _ = _to_go_on_with(question, history)
        return self._standing_alone(asked, before).text

    def understood(self, text: str) -> Spelling:
        """`text` with its misspelt words corrected by the words of the corpus."""
        if not self.corrects_spelling:
            return Spelling(text, (), text)
        return self._speller.understood(text)

    @cached_property
    def _speller(self) -> Speller:
        vocabulary = self.index.vocabulary
        return Speller(vocabulary.numbers, vocabulary.counts, self.index.lexical.knows)

    def topics(self) -> list[Span]:
        """What the corpus covers, in its own words: titles, else section headings, else how its passages begin.

        None if every document is refused today.
        """
        today = self.today()
        documents = [one for one in self.index.documents if not (self.refuses_overdue and one.source.overdue(today))]
        if len(documents) != 1:
            return [topic for document in documents[:_TOPICS] for topic in self._titles(document)]
        sections = [Span(documents[0], h.start, h.end) for h in documents[0].headings if h.level > 1]
        return sections[:_TOPICS] if len(sections) > 1 else self._beginnings(documents[0])[:_TOPICS]

    def _standing_alone(self, question: str, history: Sequence[str]) -> Spelling:
        """The question as it stands alone, with its words and those that it takes from `history` spelt right."""
        earlier = [" ".join(asked.split()) for asked in history if self._is_to_be_heeded(asked)]
        return self.understood(self.dialogue.standalone(" ".join(question.split()), earlier))

    def _is_to_be_heeded(self, turn: str) -> bool:
        """Whether a follow-up may refer to a turn: not if it was refused, as far as that can be told at once."""
        is_size_right = turn.strip() and len(turn) <= self.policy.max_question_characters
        return bool(is_size_right) and _is_text(turn) and small_talk(turn) is None

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
        if self._unreadable(question) is None:
            return None
        # A slip makes scraps of a word, and another language of a short question.
        return self._unreadable(self.understood(question).text)

    def _unreadable(self, question: str) -> Reason | None:
        if self._is_nonsense(question):
            return Reason.NONSENSE
        return Reason.OTHER_LANGUAGE if self._is_foreign(question) else None

    def _is_foreign(self, question: str) -> bool:
        """Whether the text is in another language; not if the documents have most of its words, be they "EEG MRI"."""
        words = content_words(question)
        known = sum(word in self.index.vocabulary.numbers for word in words)
        return not 0 < len(words) <= 2 * known and is_other_language(question, margin=self.policy.language_margin)

    def _is_nonsense(self, question: str) -> bool:
        """Whether it isn't text, has no letters, or is of unknown words that fall apart into letters and scraps."""
        if not _is_text(question) or not any(character.isalpha() for character in question):
            return True
        words = content_words(question)
        if not words or not question.isascii() or any(word in self.index.vocabulary.numbers for word in words):
            return False
        pieces = [piece for word in words for piece in self.index.encoder.word_pieces(word)]
        return sum(map(len, words)) < self.policy.nonsense_letters_per_piece * len(pieces)


def _to_go_on_with(question: str, history: Sequence[str]) -> tuple[str, Sequence[str], int]:
    """The question that is asked, its history, and how many times more of the same was asked for after it."""
    turns = [*history, question]
    asked = [number for number, turn in enumerate(turns) if not asks_for_more(turn)]
    if not asked:
        return question, history, 0
    earlier = [turns[number] for number in asked[:-1]]
    return turns[asked[-1]], earlier, len(turns) - 1 - asked[-1]


def _is_text(text: str) -> bool:
    """Whether it has no half of a character, which JSON can write."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _notices(spelling: Spelling) -> tuple[Notice, ...]:
    if not spelling.changes:
        return ()
    meant = dict.fromkeys(meant for _, meant in spelling.changes)
    typed = dict.fromkeys(typed for typed, _ in spelling.changes)
    text = _CORRECTED.format(meant=_listed(meant), typed=_listed(typed))
    return (Notice(NoticeKind.CORRECTED_SPELLING, text, instead=spelling.as_typed),)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)
