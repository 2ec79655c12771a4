"""What the chat page says at each of its places, in one language."""

import json
from collections.abc import Mapping, Sequence

from ui.languages import LANGUAGES, Texts, catalogue
from ui.markup import OF_A_DOCUMENT, escape

__all__ = ["PLACES", "placeholder", "spoken"]

# Gradio builds the page once for all languages, with a placeholder at each of these.
PLACES = ("language", "header", "new", "welcome", "log", "box_label", "box_hint", "dictate", "ask", "footing")
_USUAL = 100  # percent
_SIZES = (_USUAL, 125, 150)


def placeholder(place: str) -> str:
    """What stands for a place until the page is sent."""
    return f"insights:{place}"


def spoken(page: str, texts: Texts, *, title: str, examples: Sequence[str]) -> str:
    """Gradio's page with all its places filled in, and with the language and direction of `texts`."""
    page = page.replace('lang="en"', f'lang="{texts.language}" dir="{texts.direction}"', 1)
    for place, said in _said(texts, title, examples).items():
        page = page.replace(f'"{placeholder(place)}"', _json_in_a_script(said))
    return page


def _json_in_a_script(text: str) -> str:
    """`text` as JSON that no HTML parser takes for the end of its script."""
    quoted = json.dumps(text)
    return quoted.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _said(texts: Texts, title: str, examples: Sequence[str]) -> Mapping[str, str]:
    """The text or HTML of each of `PLACES`."""
    return {
        "language": texts.language,
        "header": f'<h1 id="title">{escape(title)}</h1>{_languages(texts)}{_sizes(texts)}',
        "new": texts.new_conversation,
        "welcome": _welcome(texts, examples),
        "log": _log(texts),
        "box_label": texts.box_label,
        "box_hint": texts.box_hint,
        "dictate": f'<button type="button" id="dictate">{escape(texts.dictate)}</button>',
        "ask": texts.ask,
        "footing": _footing(texts),
    }


def _languages(texts: Texts) -> str:
    links = []
    for language in LANGUAGES:
        current = ' aria-current="true"' if language == texts.language else ""
        name = escape(catalogue(language).name)
        links.append(
            f'<a href="?lang={language}" lang="{language}" hreflang="{language}" class="choice"{current}>{name}</a>'
        )
    return f'<nav id="languages" aria-label="{escape(texts.language_label)}">{"".join(links)}</nav>'


def _sizes(texts: Texts) -> str:
    buttons = "".join(
        f'<button type="button" class="choice" data-size="{size}" aria-pressed="{str(size == _USUAL).lower()}">'
        f"{escape(texts.percent.format(number=size))}</button>"
        for size in _SIZES
    )
    label = f'<span id="sizes-label" class="label">{escape(texts.text_size)}</span>'
    return f'<div id="sizes" role="group" aria-labelledby="sizes-label">{label}{buttons}</div>'


def _welcome(texts: Texts, examples: Sequence[str]) -> str:
    buttons = "".join(
        f'<li><button type="button" class="example" {OF_A_DOCUMENT} data-ask="{escape(example)}">{escape(example)}'
        "</button></li>"
        for example in examples
    )
    shown = f'<p class="label">{escape(texts.examples)}</p><ul class="examples">{buttons}</ul>' if examples else ""
    return f"<h2>{escape(texts.welcome_title)}</h2><p>{escape(texts.welcome)}</p>{shown}"


def _log(texts: Texts) -> str:
    """The conversation, still empty, with what the scripts say."""
    said = {
        "waiting": texts.waiting,
        "copied": texts.copied,
        "not-copied": texts.not_copied,
        "asked": texts.asked,
        "error-label": texts.error_label,
        "unreachable": texts.unreachable,
        "read-aloud": texts.read_aloud,
        "stop-reading": texts.stop_reading,
        "dictate": texts.dictate,
        "stop-dictating": texts.stop_dictating,
        "dictating": texts.dictating,
        "dictation-failed": texts.dictation_failed,
    }
    data = " ".join(f'data-{name}="{escape(text)}"' for name, text in said.items())
    return f'<div id="log" role="log" aria-label="{escape(texts.conversation)}" {data}></div>'


def _footing(texts: Texts) -> str:
    return (
        f'<div id="dictation" hidden><p>{escape(texts.dictation_note)}</p>'
        f'<button type="button" id="listen">{escape(texts.dictation_start)}</button></div>'
        '<p id="status" role="status"></p>'
        f'<p id="about">{escape(texts.about)} <strong>{escape(texts.emergency)}</strong></p>'
    )
