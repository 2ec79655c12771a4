"""The words of a PDF's pages, each with its box, size and weight; the only door to pypdfium2.

Boxes come at the price of one call into the library each, so only the first and the last sign of a word are asked for.
"""

import ctypes
import math
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.raw import IngestError

__all__ = ["DRAWN", "Layer", "Page", "Word", "opened", "pages_of", "stated_title"]

_MOST_PAGES = 5_000
_MOST_SIGNS = 40_000_000
_MOST_SIGNS_OF_PAGE = 1_000_000
# pdfium gives a hyphen at a line end as one of these, and no line end after it.
_LINE_END_HYPHENS = "\x02\ufffe"
_WORD = re.compile(rf"[^\s{_LINE_END_HYPHENS}]+[{_LINE_END_HYPHENS}]?|[{_LINE_END_HYPHENS}]")
_SHOWN = str.maketrans(dict.fromkeys(_LINE_END_HYPHENS, "-") | {"\0": "\ufffd"})
_LIGATURES = str.maketrans(dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ["ff", "fi", "fl", "ffi", "ffl", "st", "st"], strict=True)))
_BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_BOLD_WEIGHT = 650
_FORCED_BOLD = 1 << 18
_INVISIBLE = {raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP}
_STROKED = raw.FPDF_TEXTRENDERMODE_FILL_STROKE
# A page whose visible text is a smaller share is a scan under an invisible layer of recognised text.
_LEAST_VISIBLE = 0.1
# Marks of lists that are drawn: their width in points, and the size of the font beside them in widths.
_SMALLEST_BULLET, _BIGGEST_BULLET = 1.5, 8.0
_ROUND = 0.15
_SIZE_OF_BULLETS = 3.0
_HEIGHT_OF_BULLETS = 0.6
_MOST_SHAPES = 20_000
DRAWN = "\u2022\ufe0e"
_FARTHEST = 1e5  # points; a page is 14,400 at most
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Word:
    """A run of signs without a space: where it begins, ends and stands (its baseline), in points; y grows upwards."""

    text: str
    left: float
    right: float
    base: float
    size: float
    is_bold: bool


@dataclass(frozen=True, slots=True)
class Layer:
    """The words of a page that run in one direction, turned so that they run to the right; and its page's edges."""

    words: tuple[Word, ...]
    bottom: float
    top: float


@dataclass(frozen=True, slots=True)
class Page:
    """A page's words: the direction that most run in comes first. `hidden` is what nobody sees."""

    number: int
    label: str
    layers: tuple[Layer, ...]
    hidden: tuple[str, ...]
    is_blank: bool


@dataclass(frozen=True, slots=True)
class _Style:
    size: float
    base: float
    turn: int  # degrees, anticlockwise
    is_bold: bool
    is_visible: bool


@contextmanager
def opened(data: bytes) -> Iterator[Any]:
    """The document of pdfium, closed afterwards. One at a time: the library is not made for threads.

    Raises:
        IngestError: if the file is no PDF, is cut off, damaged, encrypted, or has too many pages.
    """
    _refuse_foreign(data)
    with _one_at_a_time:
        try:
            document = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            raise IngestError(_why(error)) from None
        with closing(document):
            count = len(document)
            if not 0 < count <= _MOST_PAGES:
                raise IngestError(f"found {count:,} pages, wanted 1 to {_MOST_PAGES:,}; split it or save it again")
            yield document


def pages_of(document: Any) -> Iterator[Page]:  # noqa: ANN401 - pypdfium2 has no types
    """The pages in order, each read when it is asked for.

    Raises:
        IngestError: if a page is damaged, or there is more text than can be taken in.
    """
    signs = 0
    for index in range(len(document)):
        try:
            with closing(document[index]) as page, closing(page.get_textpage()) as text_page:
                count = raw.FPDFText_CountChars(text_page)
                signs += count
                if count > _MOST_SIGNS_OF_PAGE or signs > _MOST_SIGNS:
                    raise IngestError(
                        f"found more than {min(count, signs):,} characters up to page {index + 1}; split it"
                    )
                yield _page(page, text_page.raw, count, index, _label(document, index))
        except pdfium.PdfiumError:
            raise IngestError(
                f"page {index + 1} of {len(document)} is damaged; open it in a viewer and save it again"
            ) from None


def stated_title(document: Any) -> str:  # noqa: ANN401 - pypdfium2 has no types
    """The title among the document's properties, as it stands there."""
    return str(document.get_metadata_value("Title") or "")


def _refuse_foreign(data: bytes) -> None:
    if not data:
        raise IngestError("found 0 bytes, wanted a PDF; fetch or save it again")
    if b"%PDF-" not in data[:1024]:
        raise IngestError(f"found {data[:8]!r} at its beginning, wanted %PDF-; it is no PDF, or a damaged one")
    stated_length = re.search(rb"/Linearized\b[^>]{0,200}?/L\s+(\d{1,12})\b", data[:1024])
    is_short = stated_length is not None and int(stated_length[1]) > len(data)
    if is_short or b"%%EOF" not in data[-8192:]:
        raise IngestError(f"found no end of a PDF in its {len(data):,} bytes, it seems cut off; fetch or save it again")


def _why(error: pdfium.PdfiumError) -> str:
    if getattr(error, "err_code", None) in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
        return "found an encrypted PDF, wanted one that opens without a password; save it without one first"
    return "found a damaged PDF that can't be opened; open it in a viewer and save it again"


def _label(document: Any, index: int) -> str:  # noqa: ANN401
    return " ".join((document.get_page_label(index) or "").split()) or str(index + 1)


def _page(page: Any, handle: Any, count: int, index: int, label: str) -> Page:  # noqa: ANN401
    box = page.get_cropbox()
    words = [*_words(handle, count), *_drawn_bullets(page)]
    seen = [(style, word) for style, word in words if style.is_visible and _is_inside(word, style, box)]
    letters = sum(len(word.text) for _, word in words)
    if sum(len(word.text) for _, word in seen) < _LEAST_VISIBLE * letters:
        seen = words
    kept = {id(word) for _, word in seen}
    hidden = " ".join(word.text for _, word in words if id(word) not in kept)
    turns: dict[int, list[Word]] = {}
    for style, word in seen:
        turns.setdefault(style.turn, []).append(word)
    layers = [_layer(words_of_turn, box, turn) for turn, words_of_turn in turns.items()]
    layers.sort(key=lambda layer: -sum(len(word.text) for word in layer.words))
    is_blank = not seen and raw.FPDFPage_CountObjects(page) == 0
    return Page(index + 1, label, tuple(layers), (hidden,) if hidden else (), is_blank)


def _layer(words: list[Word], box: tuple[float, float, float, float], turn: int) -> Layer:
    left, bottom, right, top = box
    heights = [_turned(x, y, turn)[1] for x in (left, right) for y in (bottom, top)]
    return Layer(tuple(words), min(heights), max(heights))


def _is_inside(word: Word, style: _Style, box: tuple[float, float, float, float]) -> bool:
    left, bottom, right, top = box
    if style.turn == 0:
        return word.right > left and word.left < right and bottom - word.size < word.base < top
    x, y = _turned(word.left, word.base, -style.turn)
    return left <= x <= right and bottom <= y <= top


def _words(handle: Any, count: int) -> Iterator[tuple[_Style, Word]]:  # noqa: ANN401
    rectangle = raw.FS_RECTF()
    by_reference = ctypes.byref(rectangle)
    box_of, object_of = raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetTextObject
    styles: dict[int | None, _Style] = {}
    for match in _WORD.finditer(_text(handle, count)):
        first, last = match.start(), match.end() - 1
        address = ctypes.cast(object_of(handle, first), ctypes.c_void_p).value
        style = styles.get(address)
        if style is None:
            style = styles[address] = _style(handle, first)
        text = match.group().translate(_SHOWN)
        if not text.isascii():
            text = text.translate(_LIGATURES)
        if style.turn:
            yield style, _turned_word(handle, text, first, last, style)
        else:
            box_of(handle, first, by_reference)
            left = _finite(rectangle.left)
            if last > first:
                box_of(handle, last, by_reference)
            yield style, Word(text, left, max(left, _finite(rectangle.right)), style.base, style.size, style.is_bold)


def _drawn_bullets(page: Any) -> Iterator[tuple[_Style, Word]]:  # noqa: ANN401
    """Small round or square shapes: browsers draw the marks of lists. Those beside no text are left out later."""
    edges = tuple(ctypes.c_float() for _ in range(4))
    for index in range(min(raw.FPDFPage_CountObjects(page), _MOST_SHAPES)):
        shape = raw.FPDFPage_GetObject(page, index)
        if raw.FPDFPageObj_GetType(shape) != raw.FPDF_PAGEOBJ_PATH or not raw.FPDFPageObj_GetBounds(shape, *edges):
            continue
        left, bottom, right, top = (_finite(edge.value) for edge in edges)
        width, height = right - left, top - bottom
        if _SMALLEST_BULLET <= width <= _BIGGEST_BULLET and abs(width - height) <= _ROUND * width:
            size = _SIZE_OF_BULLETS * width
            base = bottom - _HEIGHT_OF_BULLETS * width
            yield (
                _Style(size, base, 0, is_bold=False, is_visible=True),
                Word(DRAWN, left, right, base, size, is_bold=False),
            )


def _text(handle: Any, count: int) -> str:  # noqa: ANN401
    """All signs, so that each stands at its index."""
    buffer = (ctypes.c_ushort * (count + 1))()
    raw.FPDFText_GetText(handle, 0, count, buffer)
    text = bytes(buffer)[: 2 * count].decode("utf-16-le", "replace").rstrip("\0")
    if len(text) == count:
        return text
    signs = (raw.FPDFText_GetUnicode(handle, index) for index in range(count))
    return "".join(chr(sign) if sign <= sys.maxunicode else "\ufffd" for sign in signs)


def _style(handle: Any, index: int) -> _Style:  # noqa: ANN401
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(handle, index, matrix)
    size = _finite(raw.FPDFText_GetFontSize(handle, index) * math.hypot(matrix.c, matrix.d))
    turn = round(math.degrees(math.atan2(_finite(matrix.b), _finite(matrix.a)))) % 360
    turn = 0 if turn in (1, 359) else turn
    text_object = raw.FPDFText_GetTextObject(handle, index)
    mode = raw.FPDFTextObj_GetTextRenderMode(text_object) if text_object else 0
    is_bold = mode == _STROKED or (bool(text_object) and _is_bold(raw.FPDFTextObj_GetFont(text_object)))
    base = _turned(*_origin(handle, index), turn)[1]
    return _Style(max(round(abs(size), 1), 0.5), base, turn, is_bold, mode not in _INVISIBLE)


def _is_bold(font: Any) -> bool:  # noqa: ANN401
    if not font:
        return False
    name = ctypes.create_string_buffer(256)
    raw.FPDFFont_GetBaseFontName(font, name, 256)
    is_named_so = _BOLD.search(name.value.decode("utf-8", "replace")) is not None
    return (
        is_named_so or raw.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT or bool(raw.FPDFFont_GetFlags(font) & _FORCED_BOLD)
    )


def _turned_word(handle: Any, text: str, first: int, last: int, style: _Style) -> Word:  # noqa: ANN401
    left, base = _turned(*_origin(handle, first), style.turn)
    right = _turned(*_origin(handle, last), style.turn)[0] + style.size / 2
    return Word(text, left, max(left, right), base, style.size, style.is_bold)


def _origin(handle: Any, index: int) -> tuple[float, float]:  # noqa: ANN401
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(handle, index, x, y)
    return _finite(x.value), _finite(y.value)


def _turned(x: float, y: float, turn: int) -> tuple[float, float]:
    """The point in a page that is turned back by `turn` degrees."""
    if not turn:
        return x, y
    cosine, sine = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    return x * cosine + y * sine, y * cosine - x * sine


def _finite(value: float) -> float:
    return value if -_FARTHEST < value < _FARTHEST else 0.0
