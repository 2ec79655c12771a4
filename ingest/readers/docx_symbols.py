"""Characters of the Symbol and Wingdings fonts, and of formulas, as text: "≥" that is shown must not be lost."""

from xml.etree.ElementTree import Element

__all__ = ["M", "formula", "symbol"]

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
# Adobe's Symbol encoding from 0x21 on (https://www.unicode.org/Public/MAPPINGS/VENDORS/ADOBE/symbol.txt); "\0" is none.
_SYMBOL = (
    "!∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_\0αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
    + "\0" * 33
    + "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…\0\0↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑"
)
_WINGDINGS = {
    0xA7: "▪",
    0xA8: "◻",
    0xD8: "➢",
    0xE0: "→",
    0xE8: "→",
    0xFB: "✗",
    0xFC: "✓",
    0xFD: "☒",
    0xFE: "☑",
    0x6F: "☐",
    0x6E: "■",
    0x6C: "●",
    0x71: "❑",
    0x4A: "☺",
}
_PRIVATE = 0xF000
_FIRST = 0x21


def symbol(code: int, font: str) -> str:
    """The character of a symbol font; as it is, where the font is none that is known."""
    place = code - _PRIVATE if _PRIVATE <= code <= _PRIVATE + 0xFF else code
    if font.casefold() == "symbol" and _FIRST <= place < _FIRST + len(_SYMBOL):
        return _SYMBOL[place - _FIRST].replace("\0", chr(code))
    if font.casefold().startswith("wingdings"):
        return _WINGDINGS.get(place, chr(code))
    return chr(code)


def formula(element: Element) -> str:
    """A formula in one line: fractions with a stroke, powers with ^, the rest in its order."""
    parts = [part for part in element if isinstance(part.tag, str)]
    match element.tag.removeprefix(M):
        case "t":
            return element.text or ""
        case "f":
            return "/".join(_grouped(part) for part in parts if part.tag in {f"{M}num", f"{M}den"})
        case "sSup":
            return "^".join(_grouped(part) for part in parts if part.tag in {f"{M}e", f"{M}sup"})
        case "sSub":
            return "_".join(_grouped(part) for part in parts if part.tag in {f"{M}e", f"{M}sub"})
        case "rad":
            return "√" + "".join(_grouped(part) for part in parts if part.tag == f"{M}e")
    return "".join(formula(part) for part in parts)


def _grouped(element: Element) -> str:
    shown = formula(element)
    return shown if shown.replace(".", "").isalnum() or not shown else f"({shown})"
