"""Phrases of a small language for tables that people read and review, as regular expressions over plain words."""

import re
from collections.abc import Iterable, Mapping, Sequence

__all__ = ["PhraseError", "compile_phrases", "words_of"]

_MARKS = {"..": r"(?:\w+ |, ){0,3}", "^": "(?<=[,.] )", "$": "(?=[,.] )", ",": ", "}
_WORD = re.compile(r"[a-z]+")
_OPENING, _CLOSING = "([<", ")]>"


class PhraseError(Exception):
    """A phrase that isn't one."""


def compile_phrases(phrases: Iterable[str], classes: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    """One pattern for all phrases, over words that each end with a space, and `, ` and `. ` between clauses.

    a b     these words            a|b     one of the words         (a b|c)  one of the phrases
    [a|b c] one of them, or none   a*      any ending               ..       up to three words
    <name>  one of `classes`       ^ $     beginning and end of a clause

    Raises:
        PhraseError: naming a phrase that can't be read.
    """
    return re.compile("(?<= )(?:" + "|".join(_sequence(phrase, classes) for phrase in phrases) + ")")


def words_of(phrases: Iterable[str]) -> set[str]:
    """The whole words that the phrases name."""
    plain = (re.sub(r"\\\w\+?|<[^>|]*>|[a-z]+\*", " ", phrase) for phrase in phrases)
    return {word for phrase in plain for word in _WORD.findall(phrase)}


def _sequence(phrase: str, classes: Mapping[str, Sequence[str]]) -> str:
    pieces = _split(phrase, " ")
    if not any(pieces):
        raise PhraseError(f"found {phrase!r}, wanted words; write some, or take it out")
    return "".join(_piece(piece, classes) for piece in pieces if piece)


def _piece(piece: str, classes: Mapping[str, Sequence[str]]) -> str:
    parts = [_part(part, classes) for part in _split(piece, "|")]
    return parts[0] if len(parts) == 1 else "(?:" + "|".join(parts) + ")"


def _part(part: str, classes: Mapping[str, Sequence[str]]) -> str:
    if part in _MARKS:
        return _MARKS[part]
    if part[:1] in {"(", "["}:
        inside = "|".join(_sequence(phrase, classes) for phrase in _split(part[1:-1], "|"))
        return f"(?:{inside})" + ("?" if part[0] == "[" else "")
    if part.startswith("<"):
        name = part[1:-1]
        if name not in classes:
            raise PhraseError(f"found <{name}>, wanted one of {', '.join(classes)}; correct it")
        return "(?:" + "|".join(_sequence(phrase, classes) for phrase in classes[name]) + ")"
    if re.fullmatch(r"(?:[a-z]+|\d+|\\[dw]\+?)+\*?", part) is None:
        raise PhraseError(f"found {part!r}, wanted small letters; write a word")
    return part.replace("*", r"\w*") + " "


def _split(phrase: str, mark: str) -> list[str]:
    """The parts between the marks that stand in no brackets."""
    parts, depth = [""], 0
    for character in phrase:
        depth += (character in _OPENING) - (character in _CLOSING)
        if character == mark and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
        if depth < 0:
            break
    if depth != 0:
        raise PhraseError(f"found {phrase!r}, wanted every bracket closed; correct it")
    return parts
