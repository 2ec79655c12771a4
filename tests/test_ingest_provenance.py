"""Provenance: who states what of a document's source, and that every slip in corpus.toml is one clear line."""

from datetime import date
from pathlib import Path

import pytest

from corpus.model import Source
from ingest.provenance import Finding, Provenance
from ingest.raw import UNSTATED, IngestError
from tests.fiction import write

TOML = """
publisher = "Vantor Moth Society"
base_url = "https://vantor.example/leaflets"
review_due = 2031-03-12

[folders."keepers/ledgers"]
licence = "CC BY 4.0"
publisher = "Keepers of Vantor"

[folders.drafts]
skip = true

[files."drafts/moths.txt"]
skip = false

[files."keepers/moths.pdf"]
id = "glimmer-moths"
title = "The glimmer moths of Vantor"
reviewed = "2025-03-12"

[files."records.jsonl"]
base_url = "https://vantor.example/records/"
licence = "CC0"

[files."all.zip/bells.txt"]
title = "Bells"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files about Vantor with what is stated of them."""
    for path in ("keepers/ledgers/one.md", "keepers/moths.pdf", "drafts/moths.txt", "records.jsonl", "all.zip"):
        write(tmp_path / path, "")
    write(tmp_path / "corpus.toml", TOML)
    return tmp_path


def of(folder: Path, path: str, stated: Source = UNSTATED, everywhere: Source = UNSTATED) -> Source:
    return Provenance.read(folder, everywhere).of(path, stated)


SOCIETY, KEEPERS, DUE = "Vantor Moth Society", "Keepers of Vantor", date(2031, 3, 12)
SITE = "https://vantor.example/leaflets/"


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("réeds & co.md", Source("", f"{SITE}r%C3%A9eds%20%26%20co.md", SOCIETY, None, None, DUE)),
        ("keepers/moths.txt", Source("", f"{SITE}keepers/moths.txt", SOCIETY, None, None, DUE)),
        ("keepers/ledgers/one.md", Source("", f"{SITE}keepers/ledgers/one.md", KEEPERS, "CC BY 4.0", None, DUE)),
        ("keepers/ledgers/a/b.md", Source("", f"{SITE}keepers/ledgers/a/b.md", KEEPERS, "CC BY 4.0", None, DUE)),
        (
            "keepers/moths.pdf",
            Source("The glimmer moths of Vantor", f"{SITE}keepers/moths.pdf", SOCIETY, None, date(2025, 3, 12), DUE),
        ),
        ("records.jsonl#a b", Source("", "https://vantor.example/records/a%20b", SOCIETY, "CC0", None, DUE)),
        ("other.jsonl#1", Source("", None, SOCIETY, None, None, DUE)),
        ("all.zip/bells.txt", Source("Bells", None, SOCIETY, None, None, DUE)),
        ("all.zip/reeds.txt", Source("", None, SOCIETY, None, None, DUE)),
    ],
)
def test_defaults_are_of_folders_and_entries_of_files(folder: Path, path: str, wanted: Source) -> None:
    assert of(folder, path) == wanted


def test_the_command_line_counts_most_then_the_files_entry_then_the_file_then_folders(folder: Path) -> None:
    states = Source("Moths", "https://other.example", "Others", "Other", date(2020, 1, 1), date(2020, 1, 2))
    assert of(folder, "keepers/ledgers/one.md", states) == states
    assert of(folder, "keepers/moths.pdf", states) == Source(
        "The glimmer moths of Vantor", "https://other.example", "Others", "Other", date(2025, 3, 12), date(2020, 1, 2)
    )
    everywhere = Source("", None, "Everybody", None, date(2026, 1, 1))
    assert of(folder, "keepers/moths.pdf", states, everywhere) == Source(
        "The glimmer moths of Vantor", "https://other.example", "Everybody", "Other", date(2026, 1, 1), date(2020, 1, 2)
    )


def test_the_nearest_corpus_toml_counts_most(folder: Path) -> None:
    write(folder / "keepers" / "corpus.toml", 'publisher = "Nearer"\nbase_url = "http://near.example/"\n')
    write(folder / "keepers" / "ledgers" / "corpus.toml", '[files."one.md"]\nid = "one"\ntitle = "One"\n')
    assert of(folder, "keepers/moths.txt") == Source("", "http://near.example/moths.txt", "Nearer", None, None, DUE)
    one = Provenance.read(folder)
    assert one.of("keepers/ledgers/one.md", UNSTATED).title == "One"
    assert (one.id_of("keepers/ledgers/one.md"), one.id_of("keepers/moths.pdf"), one.id_of("x")) == (
        *("one", "glimmer-moths"),
        None,
    )
    alone = Provenance.read(folder, recursive=False)
    assert alone.id_of("keepers/ledgers/one.md") is None


def test_who_states_what_is_told(folder: Path) -> None:
    states = Source("Moths")
    found = Provenance.read(folder, Source("", None, "Everybody")).findings("keepers/moths.pdf", states)
    assert found == (
        Finding("the command line", Source("", None, "Everybody")),
        Finding(
            'corpus.toml, [files."keepers/moths.pdf"]',
            Source("The glimmer moths of Vantor", None, None, None, date(2025, 3, 12)),
        ),
        Finding("the file", states),
        Finding("corpus.toml", Source("", f"{SITE}keepers/moths.pdf", SOCIETY, None, None, DUE)),
    )


def test_what_is_to_be_left_out_is_the_nearest_entrys_word(folder: Path) -> None:
    provenance = Provenance.read(folder)
    paths = ["drafts/reeds.txt", "drafts/a/b.txt", "drafts/moths.txt", "moths.txt", "all.zip/moths.txt"]
    assert [provenance.skips(path) for path in paths] == [True, True, False, False, False]


def test_an_entry_of_what_is_not_there_is_a_warning(folder: Path) -> None:
    write(folder / "keepers" / "corpus.toml", '[files."mths.pdf"]\ntitle = "Moths"\n[folders.legders]\nskip = true\n')
    (folder / "drafts" / "moths.txt").unlink()
    remedy = "there is no such file or folder; mend the path or remove the entry"
    assert Provenance.read(folder).warnings == (
        f'corpus.toml, [files."drafts/moths.txt"]: {remedy}',
        f'keepers/corpus.toml, [files."mths.pdf"]: {remedy}',
        f'keepers/corpus.toml, [folders."legders"]: {remedy}',
    )


def test_where_nothing_is_stated_nothing_is_known(tmp_path: Path) -> None:
    assert Provenance.read(tmp_path) == Provenance()
    assert Provenance().of("moths.txt", UNSTATED) == UNSTATED


@pytest.mark.parametrize(
    ("toml", "why"),
    [
        (b"publisher = Vantor", "corpus.toml is no TOML in UTF-8 (Invalid value (at line 1, column 13)); mend it"),
        (b'publisher = "V\xff"', "corpus.toml is no TOML in UTF-8 ("),
        (b'publishr = "V"', "corpus.toml: found the key 'publishr', which says nothing here; did you mean publisher?"),
        (
            b'[files."a.txt"]\nmoths = 1',
            "corpus.toml, [files.\"a.txt\"]: found the key 'moths', which says nothing here; ",
        ),
        (b'title = "V"', 'corpus.toml: title belongs to one document; state it in [files."PATH"] of that'),
        (b'[files."a.zip"]\nid = "a"', 'corpus.toml, [files."a.zip"]: id belongs to one document; state it in '),
        (b'[files."a.txt"]\nbase_url = "https://a.example"', "base_url belongs to a folder; state the file's url"),
        (b"publisher = 3", 'corpus.toml: found publisher = 3, wanted a text; write publisher = "…"'),
        (b'licence = " "', "corpus.toml: found licence = ' ', wanted a text; "),
        (
            b'base_url = "vantor.example"',
            "found base_url = 'vantor.example', wanted an address; begin it with https://",
        ),
        (b'reviewed = "May"', "corpus.toml: found reviewed = 'May', wanted a date; write reviewed = 2026-03-01"),
        (b"reviewed = 2026-03-01T10:00:00", "found reviewed = '2026-03-01 10:00:00', wanted a date"),
        (b"skip = 1", "corpus.toml: found skip = 1, wanted true or false"),
        (b"[files.moths.pdf]\nskip = true", "corpus.toml, [files]: found moths.pdf; write names in quotation marks: "),
        (b'files = "moths.pdf"', "corpus.toml, [files]: found 'moths.pdf', wanted tables; write [files.\"moths.pdf\"]"),
        (b'[files]\n"moths.pdf" = true', "corpus.toml, [files]: found moths.pdf = True, wanted tables of files or "),
        (b'[files."../moths.pdf"]\nskip = true', "found the path '../moths.pdf', wanted one within the folder, with /"),
    ],
)
def test_every_slip_is_one_line_with_the_file_and_the_key(toml: bytes, why: str, tmp_path: Path) -> None:
    (tmp_path / "corpus.toml").write_bytes(toml)
    with pytest.raises(IngestError) as raised:
        Provenance.read(tmp_path)
    assert why in str(raised.value)
    assert str(raised.value).startswith("corpus.toml")
    assert "\n" not in str(raised.value)
