"""What a made document says, whatever its format: a story of fictional places with headings, lists and tables."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.layout import BULLET, CELL_SEPARATOR
from ingest.raw import Block, BlockKind
from tests.fiction import words_of

__all__ = ["Chapter", "Items", "Paragraph", "Part", "Story", "Table", "story"]

_SYLLABLES = "van tor bel mir osk lun dar vel ith gram sol pek ruun hal tev nar quil zem".split()
_SUBJECTS = (
    "glimmer moths,silver reeds,lantern stones,ferry keepers,well-known bell ringers,moon-blind owls,flower fields,"
    "fishers of the affluent brook,counting-house clerks,Café Zürau's cooks,wind-driven mills,offshore reed-cutters"
).split(",")
_VERBS = "count,carry,overlook,reflect,find,measure,remember,paint,re-open,gather,classify,waterproof".split(",")
_OBJECTS = (
    "lanterns,blue glass bowls,half-finished ledgers,reed masts,sheets of ruled paper,copper bells,first-light maps,"
    "stilts,flagstones,difficult knots,self-made oars,jars of unremarkable clay,cross-hatched charts"
).split(",")
_ADVERBIALS = (
    "on windless evenings,before the flood bell,whenever the ferry is late,after the counting festival,"
    "in the cold room,without asking the keeper's office,under the north bridge,between two tides,"
    "for the length of 2.5 candles"
).split(",")
_ADDITIONS = (
    ", although nobody saw it;, and the others follow; (see the long ledger);, which takes 40% of a season;"
    ": at least three times;, as the so-called River Treaty wants; – so it is said;, never more"
).split(";")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences that stand as one paragraph."""

    sentences: tuple[str, ...]

    def blocks(self) -> Iterator[Block]:
        """The one block that it is."""
        yield Block(BlockKind.PARAGRAPH, " ".join(self.sentences))


@dataclass(frozen=True, slots=True)
class Items:
    """A list, each item one sentence, without marks."""

    sentences: tuple[str, ...]
    is_numbered: bool = False

    def blocks(self) -> Iterator[Block]:
        """One block an item, with its mark."""
        for number, sentence in enumerate(self.sentences, start=1):
            yield Block(BlockKind.ITEM, (f"{number}. " if self.is_numbered else BULLET) + sentence)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of equally many cells; the first row is the header."""

    rows: tuple[tuple[str, ...], ...]

    def blocks(self) -> Iterator[Block]:
        """One block a row."""
        for row in self.rows:
            yield Block(BlockKind.ROW, CELL_SEPARATOR.join(row))


Part = Paragraph | Items | Table


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading (level 1 is the title of the whole) and what stands under it."""

    heading: str
    level: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """A whole document. The first chapter's heading is its title."""

    chapters: tuple[Chapter, ...]

    @property
    def title(self) -> str:
        """The first heading."""
        return self.chapters[0].heading

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What a reader should make of it, whatever the format: without pages and fragments."""
        return tuple(self._blocks())

    @property
    def sentences(self) -> tuple[str, ...]:
        """Every sentence of its paragraphs and lists, in order; each stands there once only."""
        parts = (part for chapter in self.chapters for part in chapter.parts)
        return tuple(sentence for part in parts if not isinstance(part, Table) for sentence in part.sentences)

    @property
    def words(self) -> list[str]:
        """Its runs of letters and digits in order, numbers of numbered items included."""
        return [word for block in self.blocks for word in words_of(block.text)]

    def _blocks(self) -> Iterator[Block]:
        for chapter in self.chapters:
            yield Block(BlockKind.HEADING, chapter.heading, chapter.level)
            for part in chapter.parts:
                yield from part.blocks()


def story(seed: int, *, chapters: int = 3, paragraphs: int = 4, lists: bool = True, tables: bool = True) -> Story:
    """A story of `chapters` chapters under its title; the same seed gives the same. No sentence stands in it twice."""
    teller = _Teller(seed)
    told = [Chapter(teller.heading(), 1, (teller.paragraph(),))]
    for _ in range(chapters):
        parts: list[Part] = [teller.paragraph() for _ in range(paragraphs)]
        if lists:
            parts.insert(teller.pick(len(parts)) + 1, teller.items())
        if tables:
            parts.insert(teller.pick(len(parts)) + 1, teller.table())
        told.append(Chapter(teller.heading(), 2 + teller.pick(2) * bool(told[1:]), tuple(parts)))
    return Story(tuple(told))


class _Teller:
    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._names: set[str] = set()

    def pick(self, below: int) -> int:
        return self._random.randrange(below)

    def heading(self) -> str:
        choose = self._random.choice
        return f"{choose(['The ledgers of', 'Evenings at', 'Notes from', 'How they build in'])} {self._name()}"

    def paragraph(self) -> Paragraph:
        return Paragraph(tuple(self._sentence() for _ in range(2 + self.pick(4))))

    def items(self) -> Items:
        return Items(tuple(self._sentence() for _ in range(2 + self.pick(4))), is_numbered=bool(self.pick(2)))

    def table(self) -> Table:
        header = ("Village", "Reeds", "Masts", "Note")[: 2 + self.pick(3)]
        return Table((header, *(self._row(len(header)) for _ in range(2 + self.pick(4)))))

    def _row(self, width: int) -> tuple[str, ...]:
        note = self._random.choice(["wind from the east", "counted twice", "none"])
        return (self._name(), str(self.pick(900)), f"{self.pick(90)}.5%", note)[:width]

    def _name(self) -> str:
        """A name that was not used before."""
        while True:
            name = "".join(self._random.choices(_SYLLABLES, k=self._random.choice([2, 3, 3, 4]))).capitalize()
            if name not in self._names:
                self._names.add(name)
                return name

    def _sentence(self) -> str:
        choose = self._random.choice
        end = choose(_ADDITIONS) if self.pick(3) == 0 else ""
        return (
            f"The {choose(_SUBJECTS)} of {self._name()} {choose(_VERBS)} {choose(_OBJECTS)} {choose(_ADVERBIALS)}{end}."
        )
