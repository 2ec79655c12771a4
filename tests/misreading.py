"""Readers that do what a parser may do on a hostile file; they run in processes of their own."""

import os
import signal
import time
from collections.abc import Callable

from ingest.items import Item
from ingest.raw import IngestError

__all__ = ["items", "misread"]


def items(*texts: str) -> list[Item]:
    """Items that `misread` reads, one a text."""
    return [Item(f"{number}.txt", ".txt", text.encode()) for number, text in enumerate(texts)]


def misread(item: Item) -> str:
    """The item's text in capitals, unless it is an order to do something else first."""
    text = item.data.decode()
    order, *rest = text.split()
    if order in _ORDERS:
        _ORDERS[order](*rest)
    return text.upper()


def _crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def _exit() -> None:
    os._exit(3)


def _hang() -> None:
    while True:
        pass


def _eat() -> None:
    eaten = [bytearray(10**8) for _ in range(100)]
    raise AssertionError(f"{len(eaten)} times 100 MB were to be had")


def _fail() -> None:
    raise ValueError("no moth\nin here")


def _refuse() -> None:
    raise IngestError("found reeds, wanted moths; look elsewhere")


def _print() -> None:
    os.write(1, b"noise")
    os.write(2, b"noise")


def _wait(seconds: str) -> None:
    time.sleep(float(seconds))


_ORDERS: dict[str, Callable[..., None]] = {
    "crash": _crash,
    "exit": _exit,
    "hang": _hang,
    "eat": _eat,
    "fail": _fail,
    "refuse": _refuse,
    "print": _print,
    "wait": _wait,
}
