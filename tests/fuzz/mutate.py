"""Mutations of files that keep enough of their form to get past a reader's first look."""

import io
import random
import re
import zipfile
import zlib

__all__ = ["mutated"]

_ODD = [
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    b"&",
    b"<",
    b">",
    b"]]>",
    b"\r",
    b"\x0c",
    b"9" * 30,
    b"-1",
    b"%n",
    b"\xf0\x9f\x8c\x92",
]
_PIECES = re.compile(rb"<[^<>]*>|\s+|[^<>\s]+")
_MOST_PIECES = 40_000


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The file changed in a few places: bytes, tags and words; of an archive, those of one of its members."""
    if data[:2] == b"PK" and chance.random() < 0.85:
        return _archive(data, chance)
    return _markup(data, chance) if chance.random() < 0.6 else _bytes(data, chance)


def _archive(data: bytes, chance: random.Random) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {name: archive.read(name) for name in archive.namelist() if len(name) < 100}
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, RuntimeError, zlib.error):
        return _bytes(data, chance)
    if not members:
        return _bytes(data, chance)
    names = sorted(members)
    large = max(names, key=lambda name: len(members[name]))
    name = large if chance.random() < 0.5 else chance.choice(names)
    match chance.randrange(10):
        case 0:
            del members[name]
        case 1:
            members[name] = members[chance.choice(names)]
        case 2:
            members[name] = _bytes(members[name], chance)
        case _:
            members[name] = _markup(members[name], chance)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return written.getvalue()


def _markup(data: bytes, chance: random.Random) -> bytes:
    """Tags and words doubled, left out, moved, or put in the place of others."""
    pieces = _PIECES.findall(data)[:_MOST_PIECES]
    for _ in range(chance.choice([1, 1, 2, 4, 8])):
        if not pieces:
            break
        first, second = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        match chance.randrange(6):
            case 0:
                pieces[first] = pieces[second]
            case 1:
                pieces.insert(first, pieces[second])
            case 2:
                del pieces[first]
            case 3:
                pieces[first:first] = pieces[second : second + chance.randrange(1, 30)] * chance.choice([1, 1, 2, 50])
            case 4:
                pieces[first] = _bytes(pieces[first], chance)
            case _:
                del pieces[first : first + chance.randrange(1, 30)]
    return b"".join(pieces)


def _bytes(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 4, 16])):
        place = chance.randrange(len(changed) + 1)
        match chance.randrange(4):
            case 0:
                changed[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                changed[place:place] = chance.choice(_ODD)
            case 2:
                del changed[place : place + chance.randrange(1, 40)]
            case _:
                other = chance.randrange(len(changed) + 1)
                changed[place:place] = changed[other : other + chance.randrange(1, 60)]
    return bytes(changed)
