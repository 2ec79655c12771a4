"""The pages around the widget: one to be framed, one where a site owner tries it and takes the line to embed it."""

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from ui.site import Site
from ui.widget.words import LANGUAGES

__all__ = ["embed_page", "preview_page"]

_HERE: Final = Path(__file__).parent
_COLOUR: Final = r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?"
# What the address of the framed page may choose. Nothing that is free text: whoever writes the address would speak
# in the name of this site.
_CHOICES: Final[Mapping[str, re.Pattern[str]]] = {
    "scheme": re.compile(r"auto|light|dark"),
    "accent": re.compile(_COLOUR),
    "on-accent": re.compile(_COLOUR),
}


def embed_page(site: Site, language: str, choices: Mapping[str, str]) -> str:
    """The widget as a whole page, with what `choices` may choose of its looks; other choices are left out."""
    kept = [(name, choices[name]) for name, known in _CHOICES.items() if known.fullmatch(choices.get(name, ""))]
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in kept)
    return _filled("embed.html", title=site.title, language=language, attributes=attributes)


def preview_page(site: Site) -> str:
    """The page on which the widget is tried, and which gives the line to embed it."""
    origins = "".join(f"<li><code>{escape(origin)}</code></li>" for origin in site.allow_origins)
    allowed = f"<ul>{origins}</ul>" if origins else "<p><strong>None yet.</strong></p>"
    return _filled("preview.html", title=site.title, allowed=allowed, languages=_languages())


def _languages() -> str:
    return "".join(f'<option value="{tag}">{escape(str(words["name"]))}</option>' for tag, words in LANGUAGES.items())


def _filled(name: str, *, title: str, **made: str) -> str:
    return Template((_HERE / name).read_text("utf-8")).substitute(made, title=escape(title))
