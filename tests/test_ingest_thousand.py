"""A thousand files of all kinds, bad ones among them, in one run: each is taken in or refused, and counted right."""

import json
import os
import re
import struct
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from corpus.model import Document
from corpus.store import load_corpus
from ingest.raw import BlockKind
from tests.commands import insights
from tests.fiction import words_of
from tests.made.text import Story, story
from tests.test_ingest_archive import packed

FILES = 1000
NO_WORDS = "holds no words"
BROKEN = "broken"  # whatever a reader says of it


def make_text(told: Story) -> bytes:
    return "\n\n".join(block.text for block in told.blocks).encode()


def make_markdown(told: Story) -> bytes:
    marks = {BlockKind.HEADING: "#"}
    blocks = [f"{marks.get(block.kind, '') * block.level} {block.text}".strip() for block in told.blocks]
    return "\n\n".join(blocks).replace("|", "\\|").encode()


def makers() -> Mapping[str, Callable[[Story], bytes]]:
    """A maker of each format that can be read."""
    found: dict[str, Callable[[Story], bytes]] = {".txt": make_text, ".md": make_markdown}
    for name in ("html", "pdf", "docx", "epub"):
        if find_spec(f"ingest.readers.{name}") and find_spec(f"tests.made.{name}"):
            found[f".{name}"] = getattr(import_module(f"tests.made.{name}"), f"make_{name}")
    return found


def bad_files(good: Mapping[str, bytes]) -> dict[str, tuple[bytes, str]]:
    """Files that can't be taken in, by path, and how what is said of each begins; `good` is a file of each kind."""
    archive = packed({"a.txt": bytes(10**6), "b.txt": bytes(10**6)})
    second = archive.rindex(b"PK\x01\x02") + 42
    bad = {
        "bad/overlap.zip": (
            archive[:second] + struct.pack("<I", 0) + archive[second + 4 :],
            "holds files that share their bytes",
        ),
        "bad/cut.zip": (archive[:-40], "is no whole ZIP archive"),
        "bad/junk.zip": (b"junk" * 99, "is no whole ZIP archive"),
        "bad/many.zip": (packed({f"{number}.txt": b"" for number in range(20_001)}), "holds more than 20000 files"),
        "bad/old.doc": (b"\xd0\xcf\x11\xe0", "found the ending '.doc'"),
        "bad/old.rtf": (b"{\\rtf1 Moths}", "found the ending '.rtf'"),
        "bad/moths.xyz": (b"Moths.", "found the ending '.xyz'"),
        "bad/no-words.txt": (b"--- ... ---", NO_WORDS),
        "bad/no-words.md": (b"![](moth.png)", NO_WORDS),
        "bad/noise.txt": (bytes(range(256)) * 40, BROKEN),
        "bad/noise.md": (bytes(range(255, -1, -1)) * 40, BROKEN),
    }
    for ending, data in good.items():
        bad[f"bad/empty{ending}"] = (b"", "is empty")
        if ending not in {".txt", ".md", ".html"}:
            bad[f"bad/cut{ending}"] = (data[: len(data) // 2], BROKEN)
            bad[f"bad/junk{ending}"] = (b"junk" * 99, BROKEN)
    return bad


def bad_members() -> tuple[bytes, dict[str, str]]:
    """An archive with one good file and others that can't be taken in, and what is said of these."""
    data = bytearray(
        packed(
            {"locked.txt": b"Moths.", "bomb.txt": bytes(101 * 10**6), "in.zip": packed({}), "good.md": b"# Moths hum"}
        )
    )
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    why = {"locked.txt": "is encrypted", "bomb.txt": "is larger than 100 MB", "in.zip": "is an archive in an archive"}
    return bytes(data), {f"bad/mixed.zip/{name}": words for name, words in why.items()}


def special(folder: Path) -> dict[str, str]:
    """Makes what is no file like others, and gives what is said of it."""
    with (folder / "bad" / "sparse.pdf").open("wb") as file:
        file.truncate(500 * 10**6)
    (folder / "bad" / "loop").symlink_to("..")
    (folder / "bad" / "self.txt").symlink_to("self.txt")
    (folder / "bad" / "out.txt").symlink_to("/etc/hostname")
    os.mkfifo(folder / "bad" / "pipe.txt")
    (folder / "bad" / os.fsdecode(b"name-\xff.txt")).write_bytes(b"Moths.")
    return {
        "bad/sparse.pdf": "is larger than 100 MB",
        "bad/loop": "is a link to a folder that it lies in itself",
        "bad/self.txt": "can't be read",
        "bad/out.txt": "is a link that leads out of the folder",
        "bad/pipe.txt": "is a pipe",
        "bad/name-\\xff.txt": "its name is no text",
    }


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="makes files that other systems haven't got")
def test_a_thousand_files_are_taken_in_or_refused_and_counted_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "leaflets"
    make = makers()
    bad = bad_files({ending: maker(story(0)) for ending, maker in make.items()})
    mixed, refused = bad_members()
    files = {path: data for path, (data, _) in bad.items()} | {"bad/mixed.zip": mixed}
    refused |= {path: why for path, (_, why) in bad.items()}
    told: dict[str, Story] = {}
    for number in range(10):
        stories = {f"{number}-{index}": story(10_000 + 10 * number + index, chapters=1) for index in range(5)}
        records = [
            json.dumps({"id": key, "title": one.title, "text": make_text(one).decode()}) for key, one in stories.items()
        ]
        files[f"records/{number}.jsonl"] = "\n".join(records).encode()
        told |= {f"records/{number}.jsonl#{key}": one for key, one in stories.items()}
        stories = {f"z{number}/{index}.md": story(20_000 + 10 * number + index, chapters=1) for index in range(5)}
        files[f"archives/{number}.zip"] = packed({path: make_markdown(one) for path, one in stories.items()})
        told |= {f"archives/{number}.zip/{path}": one for path, one in stories.items()}
        files[f"pictures/{number}.png"] = b"\x89PNG"
    number = 0
    while len(files) < FILES - 6:
        for ending, maker in make.items():
            path = f"leaflets-{number % 7}/moths-{number}{ending}"
            told[path] = story(number, chapters=1 + number % 3)
            files[path] = maker(told[path])
            number += 1
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    refused |= special(folder)

    done = insights(capsys, "ingest", folder, "--corpus", tmp_path / "corpus")

    lines = {line.split(": ", 2)[1]: line.split(": ", 2)[2] for line in done.err.splitlines()}
    assert sorted(lines) == sorted(f"{folder}/{path}" for path in refused)
    assert len(lines) == len(done.err.splitlines())
    wrong = {path: lines[f"{folder}/{path}"] for path, why in refused.items() if why != BROKEN}
    assert [path for path, line in wrong.items() if not line.startswith(refused[path])] == []
    summary = done.out.splitlines()
    taken = len(told) + 1
    assert summary[:2] == [
        f"taken in: {taken} (new: {taken}, replaced: 0); unchanged: 0",
        "skipped: 10 (.png files are no documents: 10)",
    ]
    assert summary[2].startswith(f"refused: {len(refused)} (")
    counts = re.findall(r": (\d+)(?:; |\)$)", summary[2].partition(" (")[2])
    assert sum(map(int, counts)) == len(refused)
    assert summary[3:] == [f"vetted into {tmp_path / 'corpus'}; now run: insights build"]
    assert done.code == 1

    documents = load_corpus(tmp_path / "corpus").documents
    found = {one.origin.path: one for one in documents.values() if one.origin}
    assert sorted(found) == sorted([*told, "bad/mixed.zip/good.md"])
    assert [path for path, one in told.items() if not says(found[path], one)] == []

    again = insights(capsys, "ingest", folder, "--corpus", tmp_path / "corpus")
    assert again.out.splitlines()[0] == f"taken in: 0 (new: 0, replaced: 0); unchanged: {taken}"
    assert again.err == done.err


def says(document: Document, told: Story) -> bool:
    """Whether a document has every sentence of a story, in order, word by word."""
    words = " ".join(words_of(document.text))
    position = 0
    for sentence in told.sentences:
        position = words.find(" ".join(words_of(sentence)), position)
        if position < 0:
            return False
    return True
