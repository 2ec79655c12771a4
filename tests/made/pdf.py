"""Makes PDFs of stories, set in one or two columns, and knows the page on which every sentence begins."""

import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from tests.made.text import Chapter, Items, Part, Story, Table

__all__ = ["Made", "PdfLook", "made_pdf", "make_pdf"]

_WIDTH, _HEIGHT = 595.0, 842.0
_MARGIN, _TOP, _BOTTOM = 64.0, 76.0, 72.0
_GUTTER = 22.0
_SIZE, _LEADING = 10.0, 12.5
_HEADINGS = {1: 20.0, 2: 15.0, 3: 12.0}
_HANGING = 14.0
_ROW = 16.0
_BETWEEN = 6.0
_REGULAR, _BOLD = "Helvetica", "Helvetica-Bold"
_SHORTEST_PARTED = 8


@dataclass(frozen=True, slots=True)
class PdfLook:
    """How a story is set. `running` is a header on even pages and, with the page's number, a footer on all.

    `is_numbered` writes "Page 3 of 12" at the foot. `has_labels` calls the first two pages i and ii. `is_hyphenated`
    parts words at line ends. `is_shuffled` draws the lines in an order that is not that of reading. `is_indented` tells
    paragraphs apart by their first line and not by space.
    """

    columns: int = 1
    running: str = ""
    is_numbered: bool = False
    has_labels: bool = False
    is_hyphenated: bool = False
    is_indented: bool = False
    is_shuffled: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A PDF, how its pages are called, the page (from 1) on which each sentence begins, and the words it parts."""

    data: bytes
    labels: tuple[str, ...]
    pages: dict[str, int]
    parted: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Run:
    x: float  # from the column's left edge
    text: str


@dataclass(frozen=True, slots=True)
class _Line:
    runs: tuple[_Run, ...]
    size: float = _SIZE
    font: str = _REGULAR
    leading: float = _LEADING
    before: float = 0.0  # space above, but at the top of a column
    begins: tuple[str, ...] = ()  # the sentences that begin in it
    together: int = 1  # lines that have to fit into the same column, this one included
    is_wide: bool = False  # over all columns


@dataclass(slots=True)
class _Setter:
    look: PdfLook
    width: float
    parted: list[tuple[str, str]] = field(default_factory=list)

    def lines(self, chapter: Chapter) -> Iterator[_Line]:
        size = _HEADINGS[chapter.level]
        is_wide = chapter.level == 1 and self.look.columns > 1
        width = _WIDTH - 2 * _MARGIN if is_wide else self.width
        heading = list(self._wrapped([chapter.heading], width, size=size, font=_BOLD))
        for index, line in enumerate(heading):
            yield replace(
                line,
                begins=(),
                leading=size * 1.25,
                together=len(heading) - index + 3,
                is_wide=is_wide,
                before=0.0 if index else 14.0,
            )
        for part in chapter.parts:
            yield from self._part(part)

    def _part(self, part: Part) -> Iterator[_Line]:
        if isinstance(part, Table):
            widths = [
                12 + max(stringWidth(cell, _REGULAR, _SIZE) for cell in column)
                for column in zip(*part.rows, strict=True)
            ]
            scale = min(1.0, self.width / sum(widths))
            starts = [scale * sum(widths[:column]) for column in range(len(widths))]
            for number, row in enumerate(part.rows):
                runs = tuple(_Run(start, cell) for start, cell in zip(starts, row, strict=True))
                together = max(1, len(part.rows) - number)
                before = 0 if number else _BETWEEN
                yield _Line(runs, size=_SIZE * scale, leading=_ROW, together=together, before=before)
            yield _Line((), leading=_BETWEEN)
        elif isinstance(part, Items):
            for number, sentence in enumerate(part.sentences, start=1):
                mark = f"{number}." if part.is_numbered else "•"
                for index, line in enumerate(self._wrapped([sentence], self.width - _HANGING)):
                    shifted = tuple(replace(run, x=run.x + _HANGING) for run in line.runs)
                    runs = shifted if index else (_Run(0, mark), *shifted)
                    yield replace(line, runs=runs, before=0 if index or number > 1 else _BETWEEN)
            yield _Line((), leading=_BETWEEN)
        else:
            indent = 12.0 if self.look.is_indented else 0.0
            for index, line in enumerate(self._wrapped(part.sentences, self.width, indent=indent)):
                yield replace(line, before=0 if index or self.look.is_indented else _BETWEEN)

    def _wrapped(
        self, sentences: Sequence[str], width: float, *, size: float = _SIZE, font: str = _REGULAR, indent: float = 0.0
    ) -> Iterator[_Line]:
        words = [
            (word, sentence if number == 0 else "")
            for sentence in sentences
            for number, word in enumerate(sentence.split())
        ]
        text, begins = "", []
        while words:
            word, sentence = words.pop(0)
            longer = f"{text} {word}".strip()
            if stringWidth(longer, font, size) <= width - indent or not text:
                text = longer
                begins += [sentence] if sentence else []
                continue
            head, tail = self._parted(word, width - indent - stringWidth(f"{text} ", font, size))
            if head and size == _SIZE:
                self.parted.append((head, tail))
                text += f" {head}"
                begins += [sentence] if sentence else []
                word, sentence = tail, ""
            yield _Line((_Run(indent, text),), size=size, font=font, begins=tuple(begins))
            text, begins, indent = "", [], 0.0
            words.insert(0, (word, sentence))
        yield _Line((_Run(indent, text),), size=size, font=font, begins=tuple(begins))

    def _parted(self, word: str, room: float) -> tuple[str, str]:
        """What of `word` fits, with a hyphen, and the rest of it; nothing if it is not parted."""
        if self.look.is_hyphenated and len(word) >= _SHORTEST_PARTED and word.isalpha() and word.islower():
            for end in range(len(word) - 3, 2, -1):
                if stringWidth(f"{word[:end]}-", _REGULAR, _SIZE) <= room:
                    return f"{word[:end]}-", word[end:]
        return "", word


def make_pdf(told: Story, look: PdfLook = PdfLook()) -> bytes:
    """The story as a PDF."""
    return made_pdf(told, look).data


def made_pdf(told: Story, look: PdfLook = PdfLook()) -> Made:
    """The story as a PDF, with what is known of it."""
    width = (_WIDTH - 2 * _MARGIN - (look.columns - 1) * _GUTTER) / look.columns
    setter = _Setter(look, width)
    pages = _pages([line for chapter in told.chapters for line in setter.lines(chapter)], look, width)
    starts = {
        sentence: number
        for number, page in enumerate(pages, start=1)
        for _, _, line in page
        for sentence in line.begins
    }
    return Made(_drawn(told, pages, look), tuple(_labels(len(pages), look)), starts, tuple(setter.parted))


_Placed = tuple[float, float, _Line]


def _pages(lines: Sequence[_Line], look: PdfLook, width: float) -> list[list[_Placed]]:
    """Where each line stands: x, y and the line, page by page."""
    pages: list[list[_Placed]] = [[]]
    top, column = _HEIGHT - _TOP, 0
    y = top
    for line in lines:
        is_first = y == top
        needed = line.leading * line.together
        if y - line.before - needed < _BOTTOM:
            column += 1
            if column == look.columns:
                pages.append([])
                column, top = 0, _HEIGHT - _TOP
            y, is_first = top, True
        y -= line.leading + (0 if is_first else line.before)
        pages[-1].append((_MARGIN + column * (width + _GUTTER), y, line))
        if line.is_wide:
            top = y - 10
            y = top
    return pages


def _labels(count: int, look: PdfLook) -> Iterator[str]:
    for number in range(1, count + 1):
        yield str(number) if not look.has_labels else ["i", "ii"][number - 1] if number <= 2 else str(number - 2)


def _drawn(told: Story, pages: Sequence[Sequence[_Placed]], look: PdfLook) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, (_WIDTH, _HEIGHT), invariant=True)
    canvas.setTitle(told.title)
    if look.has_labels:
        canvas.addPageLabel(0, style="ROMAN_LOWER", start=1)
        canvas.addPageLabel(2, style="ARABIC", start=1)
    labels = list(_labels(len(pages), look))
    for number, page in enumerate(pages, start=1):
        placed = [*page, *_running(look, number, labels[number - 1], len(pages))]
        if look.is_shuffled:
            random.Random(number).shuffle(placed)
        for x, y, line in placed:
            canvas.setFont(line.font, line.size)
            for run in line.runs:
                canvas.drawString(x + run.x, y, run.text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _running(look: PdfLook, number: int, label: str, count: int) -> Iterator[_Placed]:
    if look.running:
        if number % 2 == 0:
            yield _MARGIN, _HEIGHT - 40, _Line((_Run(0, look.running),), size=8)
        yield _MARGIN, 36, _Line((_Run(0, look.running), _Run(_WIDTH - 2 * _MARGIN - 20, label)), size=8)
    if look.is_numbered:
        yield _WIDTH / 2 - 30, 24, _Line((_Run(0, f"Page {number} of {count}"),), size=8)
