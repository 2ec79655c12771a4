"""Unpacks what a server sends, never more of it than is wanted, however small it was packed."""

import zlib
from collections.abc import Iterable, Iterator
from typing import Final

__all__ = ["UnpackError", "too_large", "unpacked", "within"]

_GZIP: Final = 16 + zlib.MAX_WBITS
_GZIP_MARK: Final = b"\x1f\x8b"


class UnpackError(Exception):
    """Bytes that can't be unpacked, or are too many."""


def too_large(max_bytes: int) -> UnpackError:
    """What is said of more than `max_bytes`."""
    return UnpackError(f"found more than {max_bytes / 2**20:.4g} MB, wanted at most that; split it or leave it out")


def unpacked(chunks: Iterable[bytes], coding: str, max_bytes: int) -> Iterator[bytes]:
    """The bytes of `chunks` without their coding, in pieces that may sum up to one byte more than `max_bytes`.

    Raises:
        UnpackError: if the coding is another than gzip, or the bytes break it.
    """
    match coding.strip().lower():
        case "" | "identity":
            return iter(chunks)
        case "gzip" | "x-gzip":
            return _gunzipped(chunks, max_bytes)
        case _:
            raise UnpackError(f"found the coding {coding[:40]!a}, wanted gzip or none")


def within(chunks: Iterable[bytes], max_bytes: int, *, cut: bool = False) -> bytes:
    """The bytes of `chunks`; of more than `max_bytes` the beginning if `cut`.

    Raises:
        UnpackError: if they are more and not to be cut.
    """
    found = bytearray()
    for chunk in chunks:
        found += chunk
        if len(found) > max_bytes:
            if cut:
                return bytes(found[:max_bytes])
            raise too_large(max_bytes)
    return bytes(found)


def _gunzipped(chunks: Iterable[bytes], max_bytes: int) -> Iterator[bytes]:
    left = max_bytes + 1
    packed = max_bytes + 2**16  # what doesn't shrink may be a little larger packed
    member = zlib.decompressobj(_GZIP)
    for chunk in chunks:
        packed -= len(chunk)
        data = chunk
        while data and left > 0 and packed > 0:
            if member.eof:  # another member follows, or something that means nothing
                if not data.startswith(_GZIP_MARK):
                    return
                member = zlib.decompressobj(_GZIP)
            try:
                piece = member.decompress(data, left)
            except zlib.error as error:
                raise UnpackError(f"found broken gzip ({error}), wanted whole; try again later") from error
            left -= len(piece)
            yield piece
            data = member.unused_data if member.eof else member.unconsumed_tail
        if packed <= 0:
            raise too_large(max_bytes)
    if left > 0 and not member.eof:
        raise UnpackError("found gzip that ends too early, wanted whole; try again later")
