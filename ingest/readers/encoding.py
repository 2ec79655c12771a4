"""Bytes of a text become characters: the only door to charset-normalizer.

A wrong guess changes words ("naïve" into "naďve"), so a guess counts only if nothing speaks against it: the letters are
those of a language that the text is likely in, capitals and signs stand where they do in writing, and no other guess
that is as good reads otherwise. Else the file is refused: saving it as UTF-8 once is little work, a wrong word is harm.
"""

import codecs
import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from charset_normalizer import from_bytes

from ingest.raw import IngestError
from retrieval.language import load_identifier

__all__ = ["decode"]

# The longest first: the mark of UTF-16 is the beginning of the one of UTF-32.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What the names mean on the web (https://encoding.spec.whatwg.org/#names-and-labels), where Python takes them narrowly.
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}
# Guesses and the languages written in them, and then those seldom met: tried where none of the first fits.
_WEST = ("da", "de", "en", "es", "fi", "fr", "id", "it", "nl", "pt", "sv")
_CENTRE = ("cs", "hu", "pl", "ro")
_GUESSES: tuple[dict[str, tuple[str, ...]], ...] = (
    {
        "cp932": ("ja",),
        "euc_jp": ("ja",),
        "gb18030": ("zh",),
        "big5": ("zh",),
        "cp949": ("ko",),
        "cp1250": _CENTRE,
        "cp1251": ("ru", "uk"),
        "cp1252": _WEST,
        "cp1253": ("el",),
        "cp1254": ("tr",),
        "cp1255": ("he",),
        "cp1256": ("ar", "fa", "ur"),
        "koi8_u": ("ru", "uk"),
        "iso8859_5": ("ru", "uk"),
        "cp866": ("ru",),
    },
    {
        "iso8859_2": _CENTRE,
        "iso8859_7": ("el",),
        "iso8859_15": _WEST,
        "mac_roman": _WEST,
    },
)
# The letters beyond a to z that a language is written with, its loan words and neighbours' names included.
_LOANS = "áàâäåæçéèêëíïñóôöøúü"
_LETTERS = {
    "cs": "áäčďéěíĺľňóôŕřšťúůýžöü",
    "de": _LOANS + "ß",
    "en": _LOANS,
    "es": _LOANS + "ªº",
    "fr": _LOANS + "ùûœÿ",
    "hu": "áéíóöőúüűä",
    "it": _LOANS + "ìîòùªº",
    "pl": "ąćęłńóśźżéöü",
    "pt": _LOANS + "ãõìòùªº",
    "ro": "ăâîșțşţéöü",
    "tr": "çğıöşüâîûi̇",
}
# What Unicode's names of the letters begin with.
_SCRIPTS = {
    "ar": ("ARABIC",),
    "el": ("GREEK",),
    "fa": ("ARABIC",),
    "he": ("HEBREW",),
    "ja": ("CJK UNIFIED", "HIRAGANA", "KATAKANA", "FULLWIDTH", "IDEOGRAPHIC"),
    "ko": ("HANGUL",),
    "ru": ("CYRILLIC",),
    "uk": ("CYRILLIC",),
    "ur": ("ARABIC",),
    "zh": ("CJK UNIFIED", "FULLWIDTH"),
}
_LIKELY_LANGUAGES = 3
# By how much the share of usual letters, as charset-normalizer reckons it, has to be better than another guess's.
_CLEAR_LEAD = 0.1
_LOOKED_AT_BYTES = 200_000
_SIGNS = (
    "°±×÷½¼¾²³«»§©®™·¡¿µ†‡‰€£¥¢¶•–—‘’‚“”„‹›…ªº№\xa0\xad\u200c\u200d\u200e\u200f"
    "、。・「」『』【】〈〉《》〜～！？（），．：；％・ー々،؛؟־׳״"
)
# A sign between two letters that no word has inside; one after a letter that ends none; a mark of opening after one.
_ODD_SIGN = re.compile(
    r"(?<=[^\W\d_])[°±×÷½¼¾²³§©®™¡¿†‡‰€£¥¢¶•ªº№](?=[^\W\d_])|(?<=[^\W\d_])[±×÷½¼¾¡¿€£¥¢]"
    r"|(?<=\w)[¡¿]|¶(?=[a-zß-ÿ])|№(?=[^\W\d_])"
)
_WORDS = re.compile(r"[^\W\d_]+")
_FEW_LETTERS = 4
_FEW_WORDS = 7
_FEW_SIGNS = 12
_FIRST_OF_EAST_ASIA = "\u2e80"  # what follows is written without spaces, or a syllable a sign
# Words of one Latin letter beyond a to z, in any language; another one stands for a dash or a bullet.
_WORDS_OF_A_LETTER = "àáâäåæèéêìíîòóôöøùúûœªºµ"
_KANA = re.compile(r"[\u3041-\u30fe]")
_PARTED_HAN = re.compile(r"[\u4e00-\u9fff] (?=[\u4e00-\u9fff])")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class _Guess:
    text: str
    coherence: float


def decode(data: bytes, *, declared: str | None = None) -> str:
    """The text of `data`, without a byte order mark.

    A byte order mark decides; else it is UTF-8 if it can be; else what the file or its server `declared`, if that
    fits; else what the letters themselves say, if they are clear.

    Raises:
        IngestError: if it is no text, or its encoding can't be told for sure.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _strict(data, name)
    if b"\0" in data:
        return _wide(data, declared)
    if b"\x1b$" in data or b"\x1b(" in data:
        declared = "iso2022_jp"
    elif (text := _fitting(data, "utf-8")) is not None:
        return text
    if declared is not None and (text := _fitting(data, _name(declared))) is not None and not _is_odd(text):
        return text
    _refuse_broken_utf8(data)
    return _guessed(data)


def _strict(data: bytes, name: str) -> str:
    try:
        text = data.decode(name)
    except UnicodeDecodeError as error:
        shown = name.removesuffix("-sig").upper()
        place = error.start + len(data) - len(error.object)  # without the mark
        raise IngestError(
            f"not the {shown} text that its first bytes say: byte {place} is {data[place]:#04x}; save it as UTF-8 again"
        ) from error
    return _without_nul(text)


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise IngestError("not text: it holds NUL bytes; export it as UTF-8 text first")
    return text


def _fitting(data: bytes, name: str | None) -> str | None:
    try:
        return data.decode(name) if name else None
    except UnicodeError:
        return None


def _name(declared: str) -> str | None:
    """Python's name of the encoding that the web calls `declared`, if there is one."""
    try:
        found = codecs.lookup(declared.strip().strip("\"'"))
    except (LookupError, ValueError):
        return None
    return _WIDER.get(found.name, found.name) if found._is_text_encoding else None  # noqa: SLF001


def _wide(data: bytes, declared: str | None) -> str:
    """The text of bytes that hold NUL: two or four bytes a character, or no text."""
    names = ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]
    if declared is not None and (name := _name(declared)) in {*names, "utf-16", "utf-32"}:
        names = [name] if name in names else [f"{name}-le", f"{name}-be"]
    texts = {text for name in names if (text := _fitting(data, name)) is not None and _is_plain(text)}
    if len(texts) == 1:
        return texts.pop()
    raise IngestError("not text: it holds NUL bytes; export it as UTF-8 text first")


def _is_plain(text: str) -> bool:
    """Whether the text has spaces or line ends as texts do, letters of few kinds, and nothing that no text holds."""
    blocks = {ord(sign) >> 8 for sign in text if not 0x2E80 <= ord(sign) < 0xD800}  # noqa: PLR2004 - all of CJK as one
    spaces = sum(sign in " \n\u3000、。" for sign in text)
    return "\0" not in text and not _is_odd(text) and len(blocks) <= 8 and spaces * 60 >= len(text)  # noqa: PLR2004


def _is_odd(text: str) -> bool:
    """Whether there is a character in it that no text holds: controls, surrogates, unassigned and private ones."""
    return any(unicodedata.category(sign) in {"Cc", "Cn", "Co", "Cs"} for sign in set(text) - set("\t\n\v\f\r\x1b\x85"))


def _refuse_broken_utf8(data: bytes) -> None:
    """Refuses UTF-8 with a few broken bytes in it, which as another encoding would read as nonsense."""
    kept = data.decode("utf-8", "ignore")
    whole = sum(len(sign.encode()) for sign in kept if not sign.isascii())
    broken = sum(byte >= 0x80 for byte in data) - whole  # noqa: PLR2004 - the bytes that are no ASCII
    if whole > 2 * broken:  # in Japanese and Chinese encodings about half of the bytes may look like UTF-8
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise IngestError(
                f"not UTF-8 text: byte {error.start} is {data[error.start]:#04x}; save it as UTF-8 first"
            ) from error


def _guessed(data: bytes) -> str:
    for kind in _GUESSES:
        guesses = [guess for name, languages in kind.items() if (guess := _guess(data, name, languages)) is not None]
        guesses.sort(key=lambda guess: -guess.coherence)
        others = [guess for guess in guesses if guess.text != guesses[0].text]
        if guesses and (not others or guesses[0].coherence - others[0].coherence >= _CLEAR_LEAD):
            return guesses[0].text
        if guesses:
            break
    raise IngestError("its encoding can't be told: it isn't UTF-8, and no other reads without doubt; save it as UTF-8")


def _guess(data: bytes, name: str, languages: tuple[str, ...]) -> _Guess | None:
    text = _fitting(data, name)
    if text is None or _is_odd(text) or not _is_written(text, languages):
        return None
    found = from_bytes(data[:_LOOKED_AT_BYTES], cp_isolation=[name], preemptive_behaviour=False).best()
    return _Guess(text, found.coherence if found else -1.0)


def _is_written(text: str, languages: tuple[str, ...]) -> bool:
    """Whether letters, capitals and signs stand as one of the `languages` writes them, and the text is likely in it."""
    shown = "\n".join(line for line in text.splitlines() if not line.isascii())
    if _ODD_SIGN.search(shown) or any(_is_odd_word(word) for word in set(_WORDS.findall(shown))):
        return False
    letters = [sign for sign in shown if not sign.isascii() and sign.lower() != sign.upper()]
    if len(letters) >= _FEW_LETTERS and 2 * sum(map(str.isupper, letters)) > len(letters):
        return False  # shouted, or small letters of an encoding that has them where this one has the capitals
    if _is_little(text):
        return False
    signs = {sign for sign in shown.lower() if not sign.isascii()}
    ranked = load_identifier().rank(text[:_LOOKED_AT_BYTES].lower())[:_LIKELY_LANGUAGES]
    return any(language in languages and _writes(language, signs, shown) for language, _ in ranked)


def _is_little(text: str) -> bool:
    """Whether there is too little to tell a language by: words, or signs where they are written without spaces."""
    if max(text, default="") < _FIRST_OF_EAST_ASIA:
        return len(set(_WORDS.findall(text.lower()))) < _FEW_WORDS
    return len({sign for sign in text if sign >= _FIRST_OF_EAST_ASIA}) < _FEW_SIGNS


def _is_odd_word(word: str) -> bool:
    """Whether a letter beyond a to z is a capital after a small one, among letters of another script, or no word."""
    if word.isascii():
        return False
    if len(word) == 1 and _is_latin(word):
        return word.lower() not in _WORDS_OF_A_LETTER
    capital = any(
        second.isupper() and first.islower() and not (first.isascii() and second.isascii())
        for first, second in pairwise(word)
    )
    return capital or len({_is_latin(sign) for sign in word}) > 1


def _is_latin(sign: str) -> bool:
    return sign.isascii() or unicodedata.name(sign, "").startswith(("LATIN", "FEMININE", "MASCULINE", "MICRO"))


def _writes(language: str, signs: set[str], shown: str) -> bool:
    if language == "ja" and not _KANA.search(shown):
        return False
    # Korean in a Chinese encoding reads as Chinese words with spaces between them, which Chinese is written without.
    if language == "zh" and len(_PARTED_HAN.findall(shown)) * 10 > len(_HAN.findall(shown)):
        return False
    letters, scripts = _LETTERS.get(language, _LOANS) + _SIGNS, _SCRIPTS.get(language, ("COMBINING",))
    return all(sign in letters or unicodedata.name(sign, "").startswith(scripts) for sign in signs)
