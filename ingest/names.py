"""What the names of files say, in a folder as in an archive: which are documents, which are none and never were."""

import re
import unicodedata
from pathlib import PurePosixPath

from ingest.items import Refused, Skipped
from ingest.raw import IngestError
from ingest.readers.formats import FORMATS, reader_of

__all__ = [
    "LEFT_OUT",
    "PROVENANCE",
    "ending_of",
    "is_archive",
    "is_hidden",
    "is_records",
    "listed",
    "name_of",
    "no_document",
]

PROVENANCE = "corpus.toml"
LEFT_OUT = "left out by corpus.toml"
_HIDDEN = {"thumbs.db", "desktop.ini", "__macosx", "$recycle.bin", "system volume information", "icon\r", "ehthumbs.db"}
_RECORDS = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")
_RECORD = re.compile(r"\.(jsonl|ndjson)(\.gz)?#", re.IGNORECASE)
# What web sites and projects are made of besides documents.
_BESIDE = frozenset(
    (
        ".png .jpg .jpeg .gif .svg .webp .avif .bmp .ico .heic .psd .css .scss .less .map .js .mjs .ts .woff .woff2 "
        ".ttf .otf .eot .toml .yaml .yml .ini .cfg .xml .json .xsl .xsd .dtd .opf .ncx .mp3 .mp4 .m4a .m4v .mov .avi "
        ".mkv .webm .wav .ogg .vtt .srt .py .sh .bat .php .sql .db .sqlite .bak .tmp .lock .ics .vcf .url .lnk "
        ".webmanifest"
    ).split()
)


def is_hidden(name: str) -> bool:
    """Whether a file or a folder is hidden, a lock, a backup copy or what an operating system keeps for itself."""
    return name.startswith((".", "~$")) or name.endswith("~") or name.casefold() in _HIDDEN


def is_archive(path: str) -> bool:
    """Whether the file is an archive whose files are documents."""
    return path.lower().endswith(".zip")


def is_records(path: str) -> bool:
    """Whether the file holds a record a line, each a document."""
    return path.lower().endswith(_RECORDS)


def ending_of(path: str) -> str:
    """The ending of a file's name, in lower case: ".pdf"."""
    return PurePosixPath(path).suffix.lower()


def name_of(path: str) -> str:
    """The name at the end of a path, without its ending: a title, if nothing better is known."""
    return path.rpartition("#")[2] if _RECORD.search(path) else PurePosixPath(path).stem or path


def no_document(path: str) -> Skipped | Refused | None:
    """Why the file at `path` is none that is read, going by its name; `None` if it is one."""
    ending = ending_of(path)
    if ending in FORMATS or is_archive(path) or is_records(path):
        return None
    if ending in _BESIDE or PurePosixPath(path).name == PROVENANCE:
        return Skipped(path, f"{ending} files are no documents")
    try:
        reader_of(ending)
    except IngestError as error:
        return Refused(path, str(error))
    return None


def listed(name: str) -> str:
    """A name as paths of items have it: composed letters, whatever the file system makes of them."""
    return unicodedata.normalize("NFC", name)
