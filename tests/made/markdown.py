"""Makes Markdown files of stories, and knows the anchor of every sentence."""

from tests.made.text import Items, Paragraph, Part, Story, Table

__all__ = ["made_markdown", "make_markdown"]


def make_markdown(story: Story) -> bytes:
    """A Markdown file of a story."""
    return made_markdown(story)[0]


def made_markdown(story: Story, *, has_front_matter: bool = False) -> tuple[bytes, dict[str, str]]:
    """A Markdown file of a story, and the anchor that GitHub would give to the heading above each sentence."""
    anchors: dict[str, str] = {}
    written = [f"---\ntitle: {story.title}\npublisher: Vantor Moth Society\n---"] if has_front_matter else []
    for chapter in story.chapters:
        written += [f"{'#' * chapter.level} {chapter.heading}", *map(_told, chapter.parts)]
        for part in chapter.parts:
            anchors |= {} if isinstance(part, Table) else dict.fromkeys(part.sentences, _slug(chapter.heading))
    return ("\n\n".join(written) + "\n").encode(), anchors


def _told(part: Part) -> str:
    match part:
        case Paragraph():
            return "\n".join(part.sentences)  # a line end within a paragraph is a space
        case Items():
            marks = [f"{number}." if part.is_numbered else "-" for number in range(1, len(part.sentences) + 1)]
            return "\n".join(f"{mark} {sentence}" for mark, sentence in zip(marks, part.sentences, strict=True))
        case Table():
            header, *rows = [f"| {' | '.join(row)} |" for row in part.rows]
            return "\n".join([header, "|---" * len(part.rows[0]) + "|", *rows])


def _slug(heading: str) -> str:
    return "-".join(heading.lower().split())
