"""The lines of a PDF's columns as headings, paragraphs, list items and rows: by size, weight, space and indentation."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from corpus.layout import BULLET, CELL_SEPARATOR
from ingest.raw import BlockKind
from ingest.readers.pdf_lines import Line
from ingest.readers.pdf_tables import is_mark, tables_of

__all__ = ["Draft", "Typography", "drafts_of", "ends_sentence", "is_full"]

# In sizes of the font.
_INDENT = 0.7
_LOOSE = 1.3  # times the usual distance of lines: a new paragraph
_USUAL_LEADING = 1.2
_WIDTH_OF_LETTER = 0.5
_ROOM = 1.0
_SHORT = 0.4  # of the column's width left free: the last line of a paragraph, whatever it ends with
_SAME_SIZE = 0.08
_SIMILAR_SIZE = 0.2
_BIG = 1.12  # times the usual size: a heading
_LONGEST_HEADING_WORDS = 30
_LONGEST_BOLD_WORDS = 16
_MOST_BOLD_LINES = 2
_ORDINARY = 0.95
_BULLET = re.compile(r"([•◦▪▫‣●○■□➢✓·\u2043\uf0a7\uf0b7\uf0d8\uf0fc])\s*(?=\S)|[-–—*]\s+(?=\S)")
_SURE_BULLET = re.compile(r"[•◦▪▫‣●○■□➢✓\u2043\uf0a7\uf0b7\uf0d8\uf0fc]")
_NUMBER = re.compile(r"(\d{1,3}[.)])\s+(?=\S)")
_LETTER = re.compile(r"\(?(?:[a-z]|[ivx]{1,4}|\d{1,2})\)\s+(?=\S)")
_LEADER = re.compile(r"(?:\s*[.…]\s?){4,}(?=\s*\S+$)\s*")
_ENDS_SENTENCE = re.compile(r"[.!?…:;][\"'”’)\]]*$")


@dataclass(slots=True)
class Draft:
    """A block while it is put together: its lines, the cells of a row, and the edges of its column.

    One that `continues` goes on with the one before it, on another page.
    """

    kind: BlockKind
    lines: list[Line] = field(default_factory=list)
    cells: tuple[str, ...] = ()
    mark: str = ""
    left: float = 0.0
    right: float = 0.0
    continues: bool = False

    @property
    def look(self) -> tuple[float, bool]:
        """The size and weight of its first line: the bigger, the higher a heading."""
        return _rounded(self.lines[0].size), self.lines[0].is_bold

    @property
    def size(self) -> float:
        """The size of its first line."""
        return self.lines[0].size

    @property
    def texts(self) -> list[str]:
        """What its lines say, with the mark of an item as `corpus.layout` writes it."""
        if self.kind is BlockKind.ROW:
            return [CELL_SEPARATOR.join(self.cells)]
        texts = [line.text for line in self.lines]
        if self.kind is BlockKind.ITEM:
            texts[0] = self.mark + _after_mark(texts[0])
        return texts


@dataclass(frozen=True, slots=True)
class Typography:
    """What is usual in a document: the size of most letters, the distance of lines of a size, and if most are bold."""

    size: float
    leadings: Mapping[float, float]
    is_bold: bool

    @classmethod
    def of(cls, columns: Iterable[Sequence[Line]]) -> "Typography":
        """Counted over all columns of all pages."""
        sizes: Counter[float] = Counter()
        weights: Counter[bool] = Counter()
        distances: dict[float, Counter[float]] = defaultdict(Counter)
        for column in columns:
            for line in column:
                sizes[line.size] += len(line.text)
                weights[line.is_bold] += len(line.text)
            for before, line in pairwise(column):
                if _is_same_size(before, line) and 0 < before.base - line.base < 3 * line.size:
                    distances[_rounded(line.size)][round((before.base - line.base) * 2) / 2] += 1
        leadings = {size: min(counts, key=lambda d: (-counts[d], d)) for size, counts in distances.items()}
        return cls(max(sizes, key=lambda size: sizes[size], default=0), leadings, weights[True] > weights[False])

    def leading(self, line: Line) -> float:
        """How far lines as big as `line` usually are apart."""
        usual = self.leadings.get(_rounded(line.size))
        return min(usual, 2.5 * line.size) if usual else _USUAL_LEADING * line.size


def drafts_of(columns: Iterable[Sequence[Line]], typography: Typography) -> Iterator[list[Draft]]:
    """The blocks of each column, in order. In a table of contents the dots that lead to a page are no text."""
    previous: Draft | None = None
    for column in columns:
        drafts = list(_column(column, typography, previous))
        previous = drafts[-1] if drafts else previous
        yield drafts


def _column(column: Sequence[Line], typography: Typography, previous: Draft | None) -> Iterator[Draft]:
    for has_leader, group in groupby(column, key=lambda line: _LEADER.search(line.text) is not None):
        lines = list(group)
        if has_leader:
            yield from (Draft(BlockKind.ROW, [line], tuple(_LEADER.split(line.text))) for line in lines)
        else:
            yield from _parts(lines, typography, previous if lines[0] is column[0] else None)


def _parts(column: Sequence[Line], typography: Typography, previous: Draft | None) -> Iterator[Draft]:
    """The tables of a column and the text between them; `previous` is what the column before it ends with."""
    done = 0
    for table in tables_of(column):
        yield from _text_blocks(column[done : table.start], typography, None if done else previous)
        lines = column[table.start : table.end]
        for number, cells in enumerate(table.rows):
            yield Draft(BlockKind.ROW, [lines[min(number, len(lines) - 1)]], cells)
        done = table.end
    yield from _text_blocks(column[done:], typography, None if done else previous)


def ends_sentence(text: str) -> bool:
    """Whether it ends as a sentence does, or with the colon before a list."""
    return _ENDS_SENTENCE.search(text) is not None


def is_full(line: Line, right: float, following: Line) -> bool:
    """Whether the first word of the line after it would not have fitted into a column that ends at `right`."""
    return right - line.right - _width_of_first_word(following) <= _ROOM * line.size


def _text_blocks(column: Sequence[Line], typography: Typography, previous: Draft | None) -> Iterator[Draft]:
    if not column:
        return
    edges = _Edges.of(column)
    draft: Draft | None = None
    for line in column:
        begins = draft is None or _begins(line, draft, typography, edges)
        mark = _mark(line, draft or previous, begins=begins and (draft or previous) is not previous)
        if draft is not None and not mark and not begins:
            draft.lines.append(line)
            continue
        if draft is not None:
            yield _finished(draft, typography)
        left, right = edges.of_line(line)
        kind = BlockKind.ITEM if mark else BlockKind.PARAGRAPH
        draft = Draft(kind, [line], mark=mark, left=left, right=right)
    if draft is not None:
        yield _finished(draft, typography)


@dataclass(frozen=True, slots=True)
class _Edges:
    """Where the lines of each size begin and end in a column."""

    lefts: Mapping[float, float]
    rights: Mapping[float, float]

    @classmethod
    def of(cls, column: Sequence[Line]) -> "_Edges":
        lefts: dict[float, float] = {}
        rights: dict[float, float] = {}
        for line in column:
            size = _rounded(line.size)
            lefts[size] = min(lefts.get(size, line.left), line.left)
            rights[size] = max(rights.get(size, line.right), line.right)
        return cls(lefts, rights)

    def of_line(self, line: Line) -> tuple[float, float]:
        return self.lefts[_rounded(line.size)], self.rights[_rounded(line.size)]


def _begins(line: Line, draft: Draft, typography: Typography, edges: _Edges) -> bool:
    """Whether a block begins with `line`, after the last line of `draft`."""
    before = draft.lines[-1]
    distance = before.base - line.base
    if not 0 < distance <= _LOOSE * typography.leading(line):
        return True
    has_ended = ends_sentence(before.text)
    if not _is_same_size(before, line):
        is_heading = _is_big(before, typography) or _is_big(line, typography)
        return has_ended or is_heading or line.text[0].isupper() or not _is_similar(before, line)
    if before.is_bold != line.is_bold:
        return has_ended or not line.text[0].islower()
    if _is_big(line, typography):
        return False
    return _is_new(line, draft, edges, has_ended=has_ended)


def _is_new(line: Line, draft: Draft, edges: _Edges, *, has_ended: bool) -> bool:
    """The same for a line that looks like the one before it and stands right under it: by room and indentation."""
    before = draft.lines[-1]
    left, right = edges.of_line(line)
    if not is_full(before, right, line) and (has_ended or right - before.right > _SHORT * (right - left)):
        return True
    if line.text[0].islower() and not has_ended:
        return False
    if draft.kind is BlockKind.ITEM:
        return line.left < _left_of_item(draft) - _INDENT * line.size
    is_indented = line.left - before.left > _INDENT * line.size
    is_outdented = before.left - line.left > _INDENT * line.size and len(draft.lines) > 1
    return has_ended and (is_indented or is_outdented)


def _left_of_item(draft: Draft) -> float:
    """Where the lines of an item begin: under its mark, or if they do hang under its first word."""
    first = draft.lines[0]
    if len(draft.lines) > 1:
        return draft.lines[1].left
    return first.pieces[1].left if len(first.pieces) > 1 and is_mark(first.pieces[0].text) else first.left


def _mark(line: Line, draft: Draft | None, *, begins: bool) -> str:
    """The mark as `corpus.layout` writes it if a list item begins with `line`; else nothing.

    A dash or a number may as well stand at the beginning of a line by chance, where no block `begins` for another
    reason: then the text before it, in `draft`, doesn't end, and is no item of the same list.
    """
    text = line.text
    if _SURE_BULLET.match(text):
        return BULLET if _BULLET.match(text) else ""
    number = _NUMBER.match(text)
    if not number and not _BULLET.match(text) and not _LETTER.match(text):
        return ""
    if draft is not None and not begins and draft.kind in {BlockKind.PARAGRAPH, BlockKind.ITEM}:
        is_next = draft.kind is BlockKind.ITEM and _looks_like(text) == _looks_like(draft.lines[0].text)
        if not ends_sentence(draft.lines[-1].text) and not is_next:
            return ""
    return f"{number[1]} " if number else BULLET


def _looks_like(text: str) -> str:
    """The first sign of a mark, the same for all figures."""
    return "1" if text[0].isdigit() else text[0]


def _after_mark(text: str) -> str:
    found = _BULLET.match(text) or _NUMBER.match(text)
    return text[found.end() :] if found else text


def _finished(draft: Draft, typography: Typography) -> Draft:
    if _is_heading(draft, typography):
        draft.kind = BlockKind.HEADING
    return draft


def _is_heading(draft: Draft, typography: Typography) -> bool:
    text = " ".join(line.text for line in draft.lines)
    words = len(text.split())
    if not any(character.isalpha() for character in text) or _SURE_BULLET.match(text):
        return False
    if _is_big(draft.lines[0], typography):
        return words <= _LONGEST_HEADING_WORDS
    return (
        not typography.is_bold
        and all(line.is_bold for line in draft.lines)
        and draft.size >= _ORDINARY * typography.size
        and len(draft.lines) <= _MOST_BOLD_LINES
        and words <= _LONGEST_BOLD_WORDS
        and not re.search(r"[.,:;][\"'”’)\]]*$", text)
    )


def _is_big(line: Line, typography: Typography) -> bool:
    return line.size >= _BIG * typography.size


def _is_same_size(line: Line, other: Line) -> bool:
    return abs(line.size - other.size) <= _SAME_SIZE * max(line.size, other.size)


def _is_similar(line: Line, other: Line) -> bool:
    """Whether one may be set in another font, such as that of addresses of files, within the same paragraph."""
    return abs(line.size - other.size) <= _SIMILAR_SIZE * max(line.size, other.size)


def _width_of_first_word(line: Line) -> float:
    return len(line.text.split(maxsplit=1)[0]) * _WIDTH_OF_LETTER * line.size


def _rounded(size: float) -> float:
    return round(size * 2) / 2
