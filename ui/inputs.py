"""What a user hands to the command line, checked: places, texts, dates, files of questions, an address to listen on."""

import json
import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

import typer
from platformdirs import user_cache_path

__all__ = [
    "CorpusOption",
    "DocumentOption",
    "HeadingOption",
    "IndexOption",
    "LocaleOption",
    "Places",
    "PrintJsonOption",
    "PublisherOption",
    "RefuseOverdueOption",
    "ReviewedSinceOption",
    "UsageError",
    "check_outputs",
    "check_text",
    "listening",
    "parse_day",
    "read_batch",
    "read_examples",
]

CorpusOption = Annotated[
    Path | None,
    typer.Option("--corpus", metavar="DIR", help="Corpus folder; else INSIGHTS_HOME/corpus, else the project's own."),
]
IndexOption = Annotated[
    Path | None,
    typer.Option(
        "--index", metavar="DIR", help="Index folder; else INSIGHTS_HOME/index, else one in the user's cache."
    ),
]

LocaleOption = Annotated[
    str | None,
    typer.Option(
        "--locale",
        envvar="INSIGHTS_LOCALE",
        help="Country of the emergency numbers, en-GB or GB; else the common ones.",
    ),
]

DocumentOption = Annotated[
    list[str] | None, typer.Option("--document", metavar="ID", help="Search this document alone; repeat it for more.")
]
PublisherOption = Annotated[
    list[str] | None, typer.Option("--publisher", help="Search this publisher's documents alone; repeat it for more.")
]
HeadingOption = Annotated[
    str, typer.Option("--heading", metavar="WORDS", help="Search only below headings that have these words.")
]
ReviewedSinceOption = Annotated[
    str | None,
    typer.Option("--reviewed-since", metavar="YYYY-MM-DD", help="Search only documents reviewed on that day or later."),
]

PrintJsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
RefuseOverdueOption = Annotated[
    bool,
    typer.Option(
        "--refuse-overdue",
        envvar="INSIGHTS_REFUSE_OVERDUE",
        help="Leave out documents whose next review is overdue on the day of the question.",
    ),
]

_BATCH_LINE = 'wanted {"id": …, "question": "…", "history": ["…"]}'


class UsageError(typer.exceptions.TyperException):
    """Input that can't be used; the message says what, found, wanted and the remedy."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Places:
    """Where a corpus and its index lie."""

    corpus: Path
    index: Path

    @classmethod
    def of(cls, corpus: Path | None, index: Path | None) -> "Places":
        """What the options say, else the environment, else the project's own corpus and the user's cache."""
        home = os.environ.get("INSIGHTS_HOME")
        if corpus is None:
            corpus = Path(home) / "corpus" if home else Path(str(resources.files("corpus")))
        if index is None:
            name = sha256(str(corpus.resolve()).encode()).hexdigest()[:12]
            index = Path(home) / "index" if home else user_cache_path("insights-help") / f"index-{name}"
        return cls(corpus, index)


def check_text(texts: Iterable[str]) -> None:
    """Refuse bytes of the command line that are no text: Python hides them in lone surrogates."""
    for text in texts:
        try:
            text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise UsageError(f"found {text!a}, wanted UTF-8 text ({error.reason}); set your locale") from error


def check_outputs(*paths: Path | None) -> None:
    """Makes the folders that files go to: better to fail now than when everything is measured."""
    for path in filter(None, paths):
        if path.is_dir():
            raise UsageError(f"{path} is a folder, wanted a file to write; name one in it")
        path.parent.mkdir(parents=True, exist_ok=True)


def parse_day(option: str, text: str | None) -> date | None:
    """The day that an option names, if it does."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(f"{option}: found {text!r}, wanted a date; write it as YYYY-MM-DD") from None


def read_batch(file: Path) -> Iterator[dict[str, Any]]:
    """The records of a batch file, checked."""
    try:
        # Not splitlines(): a question may hold one of the other line separators that it knows.
        lines = file.read_text(encoding="utf-8-sig").removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} can't be read ({error}); name a UTF-8 file of JSON lines") from error
    for number, line in enumerate(lines if lines != [""] else [], start=1):
        try:
            record = {"history": []} | json.loads(line)
            json.dumps(record, ensure_ascii=False).encode("utf-8")  # fails if a lone surrogate was escaped
        except (TypeError, ValueError, RecursionError) as error:
            raise UsageError(f"{file}, line {number}: no JSON object ({error}); {_BATCH_LINE}") from error
        history = record["history"]
        is_text = isinstance(record.get("question"), str) and isinstance(history, list)
        if "id" not in record or not is_text or not all(isinstance(asked, str) for asked in history):
            raise UsageError(f"{file}, line {number}: found the keys {sorted(record)}; {_BATCH_LINE}")
        yield record


def read_examples(corpus: Path) -> list[str]:
    """The example questions that a corpus folder may carry, one a line."""
    path = corpus / "examples.txt"
    try:
        return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} can't be read ({error}); write one question a line, in UTF-8") from error


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens already, so that a browser opened now finds the server however long it takes to start."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends small replies at once, without waiting for an acknowledgement, only where the protocol is said.
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen()
        except OSError as error:
            raise UsageError(f"can't listen on {host} port {port}: {error.strerror}; choose another --port") from error
        yield listener
