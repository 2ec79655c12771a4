"""Makes plain texts of stories, and knows the page of every sentence."""

from tests.made.text import Items, Paragraph, Part, Story, Table

__all__ = ["made_plain", "make_plain"]


def make_plain(story: Story) -> bytes:
    """A text of one line a paragraph, item or row, with blank lines between parts."""
    return made_plain(story)[0]


def made_plain(story: Story, *, sentences_a_page: int = 0) -> tuple[bytes, dict[str, str | None]]:
    """A text with a form feed after so many sentences (0: none), and the page of every sentence."""
    pages: dict[str, str | None] = {}
    written = []
    for chapter in story.chapters:
        written += [chapter.heading, *(_told(part, pages, sentences_a_page) for part in chapter.parts)]
    if not sentences_a_page:
        pages = dict.fromkeys(pages)
    return ("\n\n".join(written) + "\n").encode(), pages


def _told(part: Part, pages: dict[str, str | None], sentences_a_page: int) -> str:
    match part:
        case Paragraph():
            return " ".join(_paged(sentence, pages, sentences_a_page) for sentence in part.sentences)
        case Items():
            marks = [f"{number}. " if part.is_numbered else "• " for number in range(1, len(part.sentences) + 1)]
            pairs = zip(marks, part.sentences, strict=True)
            return "\n".join(_paged(sentence, pages, sentences_a_page, mark) for mark, sentence in pairs)
        case Table():
            return "\n".join(" | ".join(row) for row in part.rows)


def _paged(sentence: str, pages: dict[str, str | None], sentences_a_page: int, mark: str = "") -> str:
    number = len(pages) // sentences_a_page if sentences_a_page else 0
    pages[sentence] = str(number + 1)
    opens = sentences_a_page and number and len(pages) % sentences_a_page == 1 % sentences_a_page
    return f"\f{mark}{sentence}" if opens else mark + sentence
