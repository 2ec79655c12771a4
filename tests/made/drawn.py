"""PDFs of single lines, each at its place: for what no story has."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

__all__ = ["Line", "column", "drawn"]

_WIDTH, _HEIGHT = 595, 842
_INVISIBLE = 3
_JAPANESE = "HeiseiMin-W3"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text that begins at (x, y), in points from the page's lower left corner."""

    text: str
    x: float = 72
    y: float = 700
    size: float = 10
    is_bold: bool = False
    is_visible: bool = True
    turn: float = 0  # degrees, anticlockwise


def column(*texts: str, x: float = 72, y: float = 700, step: float = 12) -> list[Line]:
    """Lines one under the other."""
    return [Line(text, x, y - number * step) for number, text in enumerate(texts)]


def drawn(*pages: Sequence[Line], title: str = "", prefix: str = "") -> bytes:
    """A PDF of pages with these lines, drawn in this order; `prefix` comes before the numbers that name its pages.

    Every page has a frame, so that one without lines is like a scan.
    """
    file = io.BytesIO()
    canvas = Canvas(file, (_WIDTH, _HEIGHT), invariant=True)
    pdfmetrics.registerFont(UnicodeCIDFont(_JAPANESE))
    canvas.setTitle(title)
    if prefix:
        canvas.addPageLabel(0, style="ARABIC", start=1, prefix=prefix)
    for lines in pages:
        canvas.rect(20, 20, _WIDTH - 40, _HEIGHT - 40)
        for line in lines:
            _draw(canvas, line)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _draw(canvas: Canvas, line: Line) -> None:
    canvas.saveState()
    canvas.translate(line.x, line.y)
    canvas.rotate(line.turn)
    text = canvas.beginText(0, 0)
    is_japanese = any("\u3000" <= character <= "\u9fff" for character in line.text)
    text.setFont(_JAPANESE if is_japanese else "Helvetica-Bold" if line.is_bold else "Helvetica", line.size)
    if not line.is_visible:
        text.setTextRenderMode(_INVISIBLE)
    text.textOut(line.text)
    canvas.drawText(text)
    canvas.restoreState()
