"""The source of an HTML page before it is parsed: its declared encoding, its syntax, and bearable nesting."""

import re
from collections import Counter
from collections.abc import Iterator
from html import escape

from ingest.raw import IngestError

__all__ = ["VOID", "declared_encoding", "is_xml", "tamed"]

VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
# Elements that a start tag of their kind, or the end of their parent, closes: leaving their end tags out nests nothing.
_CLOSED_BY_OTHERS = frozenset("p li dt dd td th tr tbody thead tfoot colgroup option a nobr html head body".split())
_FORMATTING = frozenset("b big code em font i s small strike strong tt u".split())
_CELLS = frozenset({"td", "th"})
_FOREIGN = frozenset({"svg", "math"})
_RAW = frozenset("script style textarea title xmp iframe noembed noframes".split())
# Browsers nest 512 elements at most; what an author leaves open of b, i or font is opened again in each paragraph.
_DEEPEST = 512
_DEEPEST_FORMATTING = 64
_MOST_ATTRIBUTES = 500
_MOST_TAGS = 2_000_000
_HEAD_CHARACTERS = 4096
_TOKEN = re.compile(
    r"""<!--(?:-?>|.*?(?:--!?>|\Z))
    |<!\[CDATA\[(?P<characters>.*?)(?:\]\]>|\Z)
    |<(?:[!?]|/[^a-zA-Z])[^>]*+>?
    |<(?P<closing>/?)(?P<name>[a-zA-Z][^\s/>]*+)
     (?P<rest>(?:[^>"'=]++|=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))|["'=])*+)(?:>|\Z)""",
    re.DOTALL | re.VERBOSE,
)
_BOGUS = re.compile(r"<!\[CDATA\[[^>]*+>?")
_ATTRIBUTE = re.compile(r"""[^\s/>=][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>]*+))?""")
_LONG_TAG = 2000
_META_CHARSET = re.compile(rb"""<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([a-zA-Z0-9_:.-]+)""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([a-zA-Z0-9_:.-]+)""")
_XML = re.compile(r"\s*<\?xml\b|.*?<html\b[^>]*\bxmlns\s*=", re.DOTALL | re.IGNORECASE)


def declared_encoding(data: bytes) -> str | None:
    """The encoding that the page names at its beginning; a page that can say so in ASCII is not in UTF-16."""
    head = data[:_HEAD_CHARACTERS]
    found = _XML_ENCODING.match(head) or _META_CHARSET.search(head)
    name = found[1].decode("ascii").lower() if found else None
    return "utf-8" if name and name.startswith(("utf-16", "utf-32")) else name


def is_xml(text: str) -> bool:
    """Whether the page is written as XHTML, where `<a id="x"/>` is an element that ends at once."""
    return _XML.match(text[:_HEAD_CHARACTERS]) is not None


def tamed(text: str, *, xml: bool) -> str:
    """The source as an HTML parser can read it in time that grows with its length, without losing a word.

    HTML parsers take quadratic time and memory for elements nested by the ten thousand. As browsers do, deeper elements
    than 512 become a line break. The elements of XHTML that end at once get an end tag, and `noscript` goes, which
    browsers that run scripts don't show.

    Raises:
        IngestError: if there are more than 2 million tags.
    """
    return "".join(_Scan(text, xml=xml).pieces())


class _Scan:
    def __init__(self, text: str, *, xml: bool) -> None:
        self._text = text
        self._xml = xml
        self._position = 0
        self._open: list[tuple[str, bool]] = []
        self._opened: Counter[str] = Counter()
        self._formatting = 0
        self._markers: list[int | None] = []
        self._endless: set[str] = set()

    def pieces(self) -> Iterator[str]:
        """The source in parts, each as it was or as it has to be."""
        text = self._text
        tags = 0
        kept = 0
        while found := _TOKEN.search(text, self._position):
            self._position = found.end()
            piece = self._replaced(found)
            if piece is not None:
                yield text[kept : found.start()]
                yield piece
                kept = self._position
            tags += 1
            if tags > _MOST_TAGS:
                raise IngestError(f"found more than {_MOST_TAGS:,} tags, wanted a page; split it into several files")
        yield text[kept:]

    def _replaced(self, found: re.Match[str]) -> str | None:
        """What the token is replaced with, or None to leave it; the scan goes on behind it or what it swallows."""
        if found["characters"] is not None:
            return self._characters(found)
        if found["name"] is None:
            return None
        name = found["name"].lower()
        if found["closing"]:
            return None if self._close(name) else ""
        if name in VOID or (found["rest"].endswith("/") and (self._xml or self._in_foreign())):
            return self._at_once(found, name)
        return self._started(found, name)

    def _at_once(self, found: re.Match[str], name: str) -> str | None:
        """An element that ends where it begins, which HTML knows of the void ones only."""
        if name in VOID or not self._xml:
            return self._shortened(found)
        return f"{self._start_tag(found).rstrip('/>')}></{name}>"

    def _started(self, found: re.Match[str], name: str) -> str | None:
        if name == "noscript" and (end := self._raw_end(name)):
            self._position = end.end()
            return ""
        if name in _RAW and not self._in_foreign():
            end = self._raw_end(name)
            self._position = end.end() if end else len(self._text)
            is_long = len(found[0]) >= _LONG_TAG
            return self._start_tag(found) + self._text[found.end() : self._position] if is_long else None
        return self._shortened(found) if self._opens(name) else "<br>" * (name not in _FORMATTING)

    def _characters(self, found: re.Match[str]) -> str | None:
        if self._xml:
            return escape(found["characters"], quote=False)
        if not self._in_foreign() and (bogus := _BOGUS.match(self._text, found.start())):
            self._position = bogus.end()
        return None

    def _start_tag(self, found: re.Match[str]) -> str:
        return self._shortened(found) or found[0]

    def _shortened(self, found: re.Match[str]) -> str | None:
        """The tag without its attributes, if they are too many: each is compared with all before it."""
        if len(found["rest"]) < _LONG_TAG:
            return None
        many = sum(1 for _ in _ATTRIBUTE.finditer(found["rest"])) > _MOST_ATTRIBUTES
        return f"<{found['name']}>" if many else None

    def _raw_end(self, name: str) -> re.Match[str] | None:
        if name in self._endless:
            return None
        found = re.compile(rf"</{name}(?=[\s/>])[^>]*+>", re.IGNORECASE).search(self._text, self._position)
        if found is None:
            self._endless.add(name)
        return found

    def _in_foreign(self) -> bool:
        return any(self._opened[name] for name in _FOREIGN)

    def _opens(self, name: str) -> bool:
        """Notes a start tag; gives whether it may nest any deeper."""
        if name in _CELLS and self._markers:
            self._leave_cell()
            self._markers[-1] = self._formatting
        if name in _CLOSED_BY_OTHERS and not self._in_foreign():
            return True
        if name in _FORMATTING:
            self._formatting += 1
            return self._formatting <= _DEEPEST_FORMATTING
        if name == "table":
            self._markers.append(None)
        kept = len(self._open) < _DEEPEST
        self._open.append((name, kept))
        self._opened[name] += 1
        return kept

    def _close(self, name: str) -> bool:
        """Notes an end tag; gives whether its element is there to be closed."""
        if name in _CELLS:
            self._leave_cell()
        if name in _FORMATTING:
            self._formatting = max(0, self._formatting - 1)
            return self._formatting < _DEEPEST_FORMATTING
        if not self._opened[name]:
            return name in _CLOSED_BY_OTHERS or len(self._open) < _DEEPEST
        while True:
            last, kept = self._open.pop()
            self._opened[last] -= 1
            if last == "table":
                self._leave_cell()
                self._markers.pop()
            if last == name:
                return kept

    def _leave_cell(self) -> None:
        """The formatting elements left open in a cell end with it."""
        if self._markers and self._markers[-1] is not None:
            self._formatting = self._markers[-1]
            self._markers[-1] = None
