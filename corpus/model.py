"""The nouns of the text of record: sources, documents, and ranges of them.

A range never carries text of its own: `Span.text` slices the document, so that a quote which is not verbatim cannot be
represented.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date

__all__ = ["Document", "Heading", "Origin", "Passage", "Place", "Source", "Span"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document comes from; `None` is what nobody has stated."""

    title: str
    url: str | None = None
    publisher: str | None = None
    licence: str | None = None
    reviewed: date | None = None
    review_due: date | None = None

    def overdue(self, today: date) -> bool:
        """Whether the date by which the document had to be reviewed again has passed."""
        return self.review_due is not None and self.review_due < today


@dataclass(frozen=True, slots=True)
class Heading:
    """A range of a document's text that titles what follows it; level 1 is the document's own title."""

    start: int
    end: int
    level: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the original the text from `start` on stands, up to the next place.

    `page` is the page's label as it is printed ("12", "iv"); `fragment` is what follows the # in the original's address
    to get there ("page=14", "symptoms"), as the original spells it: nothing in it is percent-encoded.
    """

    start: int
    page: str | None = None
    fragment: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """What a document was read from, so that a later synchronisation knows whether that has changed.

    `root` names a folder, relative to the corpus folder, or the site or list that was synchronised; `path` names the
    file, archive member, record or page in it. `sha256` is of the bytes read and of everything else that bears on what
    is made of them. `etag` and `modified` are what a web server said of its page's version.
    """

    root: str
    path: str
    sha256: str
    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A vetted text. Offsets count code points of `text`; equality rests on id and digest."""

    id: str
    source: Source
    sha256: str
    headings: tuple[Heading, ...]
    text: str = field(repr=False, compare=False)
    places: tuple[Place, ...] = field(default=(), repr=False, compare=False)
    origin: Origin | None = field(default=None, repr=False, compare=False)

    def place_at(self, position: int) -> Place | None:
        """Where in the original the character at `position` stands, if its format says so."""
        number = bisect_right(self.places, position, key=lambda place: place.start)
        return self.places[number - 1] if number else None

    def headings_at(self, position: int) -> tuple["Span", ...]:
        """The headings that `position` stands under, outermost first."""
        path: list[Heading] = []
        for heading in self.headings:
            if heading.start > position:
                break
            while path and path[-1].level >= heading.level:
                path.pop()
            path.append(heading)
        return tuple(Span(self, heading.start, heading.end) for heading in path)


@dataclass(frozen=True, slots=True)
class Span:
    """The half-open range `[start, end)` of a document's text, in code points; never empty.

    Raises:
        ValueError: if the range is empty or reaches outside the document.
    """

    document: Document
    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse a range that the document hasn't got."""
        if not 0 <= self.start < self.end <= len(self.document.text):
            size = len(self.document.text)
            raise ValueError(f"range {self.start}-{self.end} does not lie in {self.document.id!r} of {size} characters")

    @property
    def text(self) -> str:
        """The characters of the range, exactly as the document has them."""
        return self.document.text[self.start : self.end]

    def covers(self, other: "Span") -> bool:
        """Whether `other` lies wholly inside this range of the same document."""
        return self.document == other.document and self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Span") -> bool:
        """Whether the two ranges of the same document share at least one character."""
        return self.document == other.document and self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one section, with the headings it stands under."""

    span: Span
    headings: tuple[Span, ...]
    sentences: tuple[Span, ...]

    @property
    def embedding_text(self) -> str:
        """Headings and text, for encoders and lexical search; only ranges are ever shown."""
        return "\n".join([*(heading.text for heading in self.headings), self.span.text])
