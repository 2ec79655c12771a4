"""The corpus folder: what is written is what is loaded, and every fault of it is one clear line."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.model import Document, Heading, Source
from corpus.store import Corpus, CorpusError, digest, document_path, load_corpus, manifest_line, staged_path, stated
from tests.fiction import MOTHS, REEDS, SOURCE, document_of, write

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
sources = st.builds(
    Source,
    title=texts,
    url=st.none() | texts.filter(stated),
    publisher=st.none() | texts.filter(stated),
    licence=st.none() | texts.filter(stated),
    reviewed=st.none() | st.dates(),
    review_due=st.none() | st.dates(),
)
PROJECT = Path(str(resources.files("corpus")))


def stored(root: Path, *documents: Document) -> Path:
    """A corpus folder at `root`, written without the code under test but for the manifest's lines."""
    for document in documents:
        write(root / "documents" / f"{document.id}.txt", document.text)
    write(root / "manifest.jsonl", "".join(f"{manifest_line(document)}\n" for document in documents))
    return root


@given(source=sources, text=texts.filter(len), number=st.integers(0, 99))
@example(source=Source("Moths\u2028of\x85Vantor\r\n", publisher="not\x0bstated"), text="Moths.\r\n", number=1)
def test_what_a_manifest_says_is_what_is_loaded(
    tmp_path_factory: pytest.TempPathFactory, source: Source, text: str, number: int
) -> None:
    headings = (Heading(0, len(text), 1 + number % 6),) if number % 2 else ()
    document = Document(f"moth-{number}", source, digest(text), headings, text)
    root = stored(tmp_path_factory.mktemp("corpus"), document)
    loaded = load_corpus(root)
    assert loaded == Corpus(root, {document.id: document})
    assert loaded.documents[document.id].text == text


def test_documents_keep_the_order_of_the_manifest(tmp_path: Path) -> None:
    documents = [document_of(MOTHS, document_id=name) for name in ("reeds", "moths", "bells")]
    assert list(load_corpus(stored(tmp_path, *documents)).documents.values()) == documents


def test_a_manifest_line_says_not_stated_for_what_nobody_stated() -> None:
    line = json.loads(manifest_line(Document("moths", Source("Moths"), digest("Moths."), (), "Moths.")))
    assert line == {
        "id": "moths",
        "sha256": digest("Moths."),
        "title": "Moths",
        "url": "not stated",
        "publisher": "not stated",
        "licence": "not stated",
        "reviewed": "not stated",
        "review_due": "not stated",
        "headings": [],
        "places": [],
        "origin": None,
    }


@pytest.mark.parametrize(("text", "kept"), [(None, None), ("", None), ("not stated", None), ("CC0", "CC0")])
def test_what_is_empty_or_not_stated_is_none(text: str | None, kept: str | None) -> None:
    assert stated(text) == kept


def test_an_empty_manifest_is_a_corpus_without_documents(tmp_path: Path) -> None:
    write(tmp_path / "manifest.jsonl", "")
    assert load_corpus(tmp_path) == Corpus(tmp_path, {})


def test_the_digest_is_that_of_the_bytes_on_the_disk(tmp_path: Path) -> None:
    # SHA-256 of "abc", from FIPS 180-2, appendix B.1.
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    text = "Reeds\r\nand moths—🌒"
    document = Document("moths", SOURCE, digest(text), (), text)
    assert load_corpus(stored(tmp_path, document)).documents["moths"].text == text


def test_the_document_that_is_about_to_be_replaced_is_not_read(tmp_path: Path) -> None:
    moths, reeds = document_of(MOTHS), document_of(REEDS, document_id="reeds")
    stored(tmp_path, moths, reeds)
    write(document_path(tmp_path, "moths"), "Tampered.")
    assert load_corpus(tmp_path, without="moths").documents == {"reeds": reeds}


def test_a_text_counts_from_the_moment_that_the_manifest_vouches_for_it(tmp_path: Path) -> None:
    old, new = document_of(MOTHS), document_of(REEDS)
    stored(tmp_path, new)
    write(document_path(tmp_path, "moths"), old.text)
    write(staged_path(tmp_path, "moths", new.sha256), new.text)
    assert load_corpus(tmp_path).documents["moths"].text == new.text


def test_a_staged_text_that_was_cut_short_never_counts(tmp_path: Path) -> None:
    document = document_of(MOTHS)
    stored(tmp_path, document)
    write(staged_path(tmp_path, "moths", document.sha256), document.text[:40])
    assert load_corpus(tmp_path).documents["moths"].text == document.text


def edited(change: Callable[[dict[str, Any]], Any]) -> Callable[[Path], None]:
    """An edit of the first line of a manifest."""

    def edit(root: Path) -> None:
        manifest = root / "manifest.jsonl"
        first, *others = manifest.read_text(encoding="utf-8").splitlines()
        record = json.loads(first)
        write(manifest, "\n".join([json.dumps(change(record) or record), *others]) + "\n")

    return edit


FAULTS: dict[str, tuple[Callable[[Path], object], tuple[str, ...]]] = {
    "missing folder": (shutil.rmtree, ("no corpus in", "manifest.jsonl is missing", "insights ingest FILE --corpus")),
    "manifest a folder": (
        lambda root: (root / "manifest.jsonl").rename(root / "moths").with_name("manifest.jsonl").mkdir(),
        ("manifest.jsonl can't be read", "directory", "restore it"),
    ),
    "manifest not UTF-8": (
        lambda root: (root / "manifest.jsonl").write_bytes(b"\xff\xfe"),
        ("manifest.jsonl can't be read", "0xff", "restore it"),
    ),
    "no JSON": (
        lambda root: write(root / "manifest.jsonl", "moths!\n"),
        ("manifest.jsonl, line 1 is no JSON", "Expecting value", "vet the document again"),
    ),
    "no object": (
        lambda root: write(root / "manifest.jsonl", "[1]\n"),
        ("line 1 has list, wanted the keys", "'sha256'", "vet the document again"),
    ),
    "missing key": (
        edited(lambda record: record.pop("licence") and None),
        ("line 1 has ['headings', 'id', 'origin', 'places'", "wanted the keys", "'licence'", "vet the document again"),
    ),
    "number for a text": (edited(lambda record: record | {"title": 7}), ("line 1: wanted texts", "vet it again")),
    "bad id": (edited(lambda record: record | {"id": "../moths"}), ("line 1: wanted", "lower-case", "vet it again")),
    "same id twice": (
        lambda root: write(root / "manifest.jsonl", 2 * (root / "manifest.jsonl").read_text(encoding="utf-8")),
        ("line 3: id 'moths' stands twice", "keep one of the lines"),
    ),
    "bad date": (
        edited(lambda record: record | {"reviewed": "12.3.2025"}),
        ("line 1: Invalid isoformat string: '12.3.2025'", "dates are YYYY-MM-DD or 'not stated'"),
    ),
    "heading no range": (edited(lambda record: record | {"headings": [[0, 5]]}), ("line 1", "are ranges")),
    "heading no number": (edited(lambda record: record | {"headings": [[0, "5", 1]]}), ("line 1", "headings and")),
    "heading endless": (edited(lambda record: record | {"headings": [[0, 1e999, 1]]}), ("line 1", "headings and")),
    "heading outside": (
        edited(lambda record: record | {"headings": [[0, 9999, 1]]}),
        ("line 1: wanted headings in order", f"the text's {len(document_of(MOTHS).text)} characters", "vet the"),
    ),
    "heading empty": (edited(lambda record: record | {"headings": [[4, 4, 1]]}), ("wanted headings in order", "vet")),
    "headings overlap": (
        edited(lambda record: record | {"headings": [[0, 9, 1], [8, 12, 1]]}),
        ("line 1: wanted headings in order", "vet the document again"),
    ),
    "place no label": (edited(lambda record: record | {"places": [[0, 5, None]]}), ("line 1: found the place [0, 5",)),
    "place outside": (
        edited(lambda record: record | {"places": [[9999, "5", None]]}),
        ("line 1: wanted places in order", f"the text's {len(document_of(MOTHS).text)} characters", "vet the"),
    ),
    "places out of order": (
        edited(lambda record: record | {"places": [[9, "5", None], [4, "6", None]]}),
        ("line 1: wanted places in order", "vet the document again"),
    ),
    "origin of other keys": (
        edited(lambda record: record | {"origin": {"path": "moths.md"}}),
        ("line 1: found the origin {'path': 'moths.md'}, wanted the keys", "'root'"),
    ),
    "missing text": (
        lambda root: document_path(root, "moths").unlink(),
        ("moths.txt is missing, the manifest vouches for it", "restore it or insights ingest FILE --corpus"),
    ),
    "text not UTF-8": (
        lambda root: document_path(root, "reeds").write_bytes(b"\xff"),
        ("reeds.txt can't be read", "0xff", "restore it"),
    ),
    "changed text": (
        lambda root: write(document_path(root, "reeds"), document_of(REEDS).text + " "),
        (
            "reeds.txt was changed after it was vetted: found SHA-256 " + digest(document_of(REEDS).text + " ")[:12],
            "wanted " + digest(document_of(REEDS).text)[:12],
            "restore the file, or vet the new text: insights ingest FILE --id reeds --replace --corpus",
        ),
    ),
    "changed line end": (
        lambda root: write(document_path(root, "moths"), document_of(MOTHS).text.replace("\n", "\r\n")),
        ("moths.txt was changed after it was vetted",),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_one_line_that_says_what_and_the_remedy(tmp_path: Path, fault: str) -> None:
    harm, wanted = FAULTS[fault]
    harm(stored(tmp_path / "corpus", document_of(MOTHS), document_of(REEDS, document_id="reeds")))
    with pytest.raises(CorpusError) as raised:
        load_corpus(tmp_path / "corpus")
    message = str(raised.value)
    assert [part for part in wanted if part not in message] == []
    assert "\n" not in message


def test_the_projects_own_corpus_is_the_vetted_article_and_states_nothing_of_its_source() -> None:
    (document,) = load_corpus(PROJECT).documents.values()
    assert document.id == "dystonia-and-seizures"
    assert document.source == Source("Dystonia and Seizures Insights Help")
    assert [document.text[h.start : h.end] for h in document.headings] == 2 * ["Dystonia and Seizures Insights Help"]
    assert not document.source.overdue(date.max)
