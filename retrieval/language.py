"""Whether a text is in another language than the documents; the only door to py3langid.

The documents are taken to be in English, as the default encoder is.
"""

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

__all__ = ["is_other_language", "load_identifier"]

# The languages most often written on the web; the model's full list of 139 mistakes short English for rare ones.
_LANGUAGES = "ar bn cs da de el en es fa fi fr he hi hu id it ja ko nl no pl pt ro ru sv ta th tr uk ur vi zh"
# Words that are English and, in this spelling, hardly anything else.
_ENGLISH = re.compile(
    r"\b(what|how|why|which|when|who|the|and|of|with|does|could|should|would|have|been|my|your|there|this|that|from|about"
    r"|is it|are|can)\b",
    re.IGNORECASE,
)


def is_other_language(text: str, *, margin: float) -> bool:
    """Whether the text is mostly in another script, or likelier in another language by `margin` nats a letter."""
    letters = [character for character in text if character.isalpha()]
    latin = sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    if 2 * latin < len(letters):
        return True
    if not letters or _ENGLISH.search(text):
        return False
    likelihoods = dict(load_identifier().rank(text.lower()))
    return bool((max(likelihoods.values()) - likelihoods["en"]) / len(letters) > margin)


@cache
def load_identifier() -> "LanguageIdentifier":
    """The language identifier, loaded once; a server loads it at its start, so that no question waits for it."""
    # Imported here: the model takes over half a second to load, and hardly any question needs it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(_LANGUAGES.split())
    return identifier
