"""Fictional documents laid out block by block, so that a test knows what is a section, a list and a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hypothesis import strategies as st

from corpus.model import Document, Heading, Passage, Source, Span
from corpus.store import digest
from retrieval.index import PassageIndex
from retrieval.model import Hit
from retrieval.policy import Policy, default_policy

__all__ = ["Block", "Kind", "Laid", "documents", "hit", "laid", "passages_of", "policy"]


class Kind(StrEnum):
    """What a block is: `RUN_IN` is a paragraph that opens with a title."""

    HEADING = "heading"
    RUN_IN = "run-in"
    PARAGRAPH = "paragraph"
    LIST = "list"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Block:
    """Headings have one text; paragraphs their sentences; lists their items; tables their rows, the header first."""

    kind: Kind
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Laid:
    """A document and what it is made of: for each sentence the numbers of its block and its section."""

    document: Document
    blocks: tuple[Block, ...]
    sentences: tuple[Span, ...]
    block_of: tuple[int, ...]
    section_of: tuple[int, ...]

    def sentences_of(self, document: Document) -> Sequence[Span]:
        """The sentences, as `select_quotes` asks for them."""
        assert document == self.document
        return self.sentences

    def number(self, beginning: str, *, nth: int = 0) -> int:
        """The number of the `nth` sentence that begins so."""
        return [n for n, sentence in enumerate(self.sentences) if sentence.text.startswith(beginning)][nth]

    def sentence(self, beginning: str, *, nth: int = 0) -> Span:
        """The `nth` sentence that begins so."""
        return self.sentences[self.number(beginning, nth=nth)]


def laid(*blocks: Block, document_id: str = "moths") -> Laid:
    """Lays the blocks out as `corpus.layout` says."""
    text = ""
    headings: list[Heading] = []
    spans: list[tuple[int, int]] = []
    block_of: list[int] = []
    section_of: list[int] = []
    for number, block in enumerate(blocks):
        text += "\n\n" if text else ""
        if block.kind in {Kind.HEADING, Kind.RUN_IN}:
            headings.append(Heading(len(text), len(text) + len(block.texts[0]), 1 if not headings else 2))
            text += block.texts[0]
        if block.kind is Kind.HEADING:
            continue
        for place, part in enumerate(block.texts[1:] if block.kind is Kind.RUN_IN else block.texts):
            if place or block.kind is Kind.RUN_IN:
                text += "\n" if block.kind in {Kind.LIST, Kind.TABLE} else " "
            text += "- " if block.kind is Kind.LIST else ""
            spans.append((len(text), len(text) + len(part)))
            block_of.append(number)
            section_of.append(len(headings))
            text += part
    document = Document(document_id, Source(f"Of the {document_id} of Vantor"), digest(text), tuple(headings), text)
    sentences = tuple(Span(document, start, end) for start, end in spans)
    return Laid(document, blocks, sentences, tuple(block_of), tuple(section_of))


def hit(sentences: Sequence[Span], *, score: float = 1.0) -> Hit:
    """A hit whose passage is the run of these sentences."""
    span = Span(sentences[0].document, sentences[0].start, sentences[-1].end)
    return Hit(Passage(span, span.document.headings_at(span.start), tuple(sentences)), score)


def policy(*, threshold: float = 0.5, share: float = 0.0, most: int = 3, sure: float = 2.0) -> Policy:
    """The committed policy with other rules for quoting; never sure, unless said otherwise."""
    changed = {"answer_threshold": threshold, "quote_share": share, "max_quotes": most, "sure_threshold": sure}
    committed = default_policy()
    return Policy(**{name: changed.get(name, getattr(committed, name)) for name in Policy.__slots__})


TITLES = ("Where the moths rest", "What the keepers bring", "Why the lanterns hum", "Of reeds and bells")
_OPENERS = ("Glimmer moths", "The reed keepers", "Lanterns of Vantor", "Nine silver bells", "Unless it rains, moths")
_LEANERS = ("They", "It", "These moths", "However, keepers", "In severe cases, bells", "If they sleep, moths", "“They")
_DEEDS = ("hum softly", "rest on reeds", "count to nine", "glow at dusk", "turn to the north", "drink dew")
_STEMS = ("Do not", "Keepers bring", "Call the wardens if", "They need", "Never do any of the following")
_CELLS = ("reeds", "bells", "lanterns", "nine", "twelve")


def _sentences(openers: Sequence[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda opener, deed, end: f"{opener} {deed}{end}", st.sampled_from(openers), st.sampled_from(_DEEDS), _ENDS
    )


_ENDS = st.sampled_from((".", "!", "?", ".”", ".)"))
_ANY_SENTENCE = _sentences((*_OPENERS, *_LEANERS))
_ITEM = st.one_of(_ANY_SENTENCE, st.sampled_from(_DEEDS), st.sampled_from(("unless the reeds are in flower",)))
_STEM = st.builds(lambda stem, end: stem + end, st.sampled_from(_STEMS), st.sampled_from((":", "", " …", ".", ",")))


@st.composite
def _blocks(draw: st.DrawFn) -> list[Block]:
    """A paragraph, a section, or a list or table with the paragraph that introduces it, if there is one."""
    kind = draw(st.sampled_from(Kind))
    sentences = draw(st.lists(_ANY_SENTENCE, min_size=1, max_size=4))
    match kind:
        case Kind.HEADING:
            return [Block(kind, (draw(st.sampled_from(TITLES)),))]
        case Kind.RUN_IN:
            return [Block(kind, (draw(st.sampled_from(TITLES)), *sentences))]
        case Kind.PARAGRAPH:
            return [Block(kind, tuple(sentences))]
        case Kind.LIST:
            parts = draw(st.lists(_ITEM, min_size=1, max_size=4))
        case Kind.TABLE:
            rows = st.lists(st.sampled_from(_CELLS), min_size=2, max_size=2).map(" | ".join)
            parts = draw(st.lists(rows, min_size=2, max_size=4))
    stem = [Block(Kind.PARAGRAPH, (*sentences[:2], draw(_STEM)))] if draw(st.booleans()) else []
    return [*stem, Block(kind, tuple(parts))]


def documents(document_id: str = "moths") -> st.SearchStrategy[Laid]:
    """Documents of a title and one to six parts; some texts occur more than once."""
    title = [Block(Kind.HEADING, ("The glimmer moths of Vantor",))]
    parts = st.lists(_blocks(), min_size=1, max_size=6).map(lambda lists: [block for part in lists for block in part])
    return parts.map(lambda blocks: laid(*title, *blocks, document_id=document_id)).filter(lambda made: made.sentences)


def passages_of(index: PassageIndex) -> list[Passage]:
    """All the passages of an index, in order."""
    return [index.passage(number) for number in range(len(index))]
