"""Ids out of paths: of letters, digits and hyphens, none twice, and the same from one run to the next."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Document, Origin, Source
from ingest.ids import Ids, Known
from ingest.raw import IngestError

PATHS = st.lists(st.text(st.sampled_from("aB1é-_. /#фzip"), min_size=1, max_size=12), unique=True, max_size=12)


def ids_of(paths: list[str], known: Known | None = None) -> dict[str, str]:
    ids = Ids(known or Known.nothing())
    return {path: ids.of(path, None) for path in paths}


def known(ids: dict[str, str], *taken: str) -> Known:
    return Known({path: (document_id, "digest") for path, document_id in ids.items()}, frozenset(taken))


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("moths.txt", "moths"),
        ("leaflets/Glimmer Moths.pdf", "leaflets-glimmer-moths"),
        ("all.zip/leaflets/moths.docx", "all-leaflets-moths"),
        ("records.jsonl#Vantor_0001.2", "vantor-0001-2"),
        ("all.zip/records.jsonl.gz#7", "7"),
        ("https://www.vantor.example/moths/", "vantor-example-moths"),
        ("https://vantor.example/moths.html?page=2", "vantor-example-moths-html-page-2"),
        ("moths.v2.md", "moths-v2"),
        ("--.txt", "document-1a474d3d"),
        ("فراشات.pdf", "document-700ff86f"),
    ],
)
def test_an_id_is_made_of_the_words_of_its_path(path: str, wanted: str) -> None:
    assert ids_of([path])[path] == wanted


def test_a_path_whose_words_are_taken_is_told_apart_by_a_hash_of_its_own() -> None:
    first = ids_of(["a/moths.pdf", "a/moths.txt", "a-moths.md"])
    assert first == {"a/moths.pdf": "a-moths", "a/moths.txt": "a-moths-dbe2d765", "a-moths.md": "a-moths-1ee93931"}
    alone = ids_of(["a/moths.txt", "a-moths.md"], known({"a/moths.txt": first["a/moths.txt"]}, "a-moths"))
    assert alone == {"a/moths.txt": first["a/moths.txt"], "a-moths.md": first["a-moths.md"]}


def test_a_file_named_like_an_id_with_a_hash_takes_nobodys() -> None:
    ids = ids_of(["moths-9c29ddd8.txt", "moths.md", "moths.txt"])
    assert ids == {"moths-9c29ddd8.txt": "moths-9c29ddd8", "moths.md": "moths", "moths.txt": "moths-9c29ddd82"}


def test_a_long_path_gets_a_short_id() -> None:
    ids = ids_of(["m" * 300 + ".txt", "m" * 301 + ".txt"])
    assert [len(one) for one in ids.values()] == [100, 100]
    assert len(set(ids.values())) == 2


@given(PATHS, PATHS)
def test_whatever_other_files_come_and_go_an_id_stays(first: list[str], second: list[str]) -> None:
    before = ids_of(first)
    after = ids_of(sorted({*first[1:], *second}), known(before))
    assert {path: after[path] for path in first[1:]} == {path: before[path] for path in first[1:]}
    for ids in (before, after):
        assert len(set(ids.values())) == len(ids)
        assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one) for one in ids.values())


def test_a_stated_id_counts_and_is_nobody_elses() -> None:
    ids = Ids(known({"moths.txt": "moths"}, "bells"))
    assert ids.of("moths.txt", "glimmer-moths") == "glimmer-moths"
    for stated, why in [
        ("bells", "its id 'bells' is that of another document of the corpus already; state another"),
        ("glimmer-moths", "its id 'glimmer-moths' is that of moths.txt already; state another"),
        ("Bells", "its id 'Bells' is none, wanted lower-case letters, digits and hyphens, 100 at most; state another"),
    ]:
        with pytest.raises(IngestError) as raised:
            ids.of("reeds.txt", stated)
        assert str(raised.value) == why


def test_what_a_corpus_knows_of_a_root_leaves_the_ids_of_documents_without_an_origin_to_newcomers() -> None:
    source = Source("Moths")
    documents = [
        Document("moths", source, "0", (), "", (), Origin("leaflets", "moths.txt", "1")),
        Document("reeds", source, "0", (), "", (), Origin("elsewhere", "reeds.txt", "2")),
        Document("bells", source, "0", (), ""),
    ]
    found = Known.of(documents, "leaflets")
    assert found == Known({"moths.txt": ("moths", "1")}, frozenset({"reeds"}))
    assert found.has("moths.txt", "1")
    assert not found.has("moths.txt", "2")
    assert not found.has("reeds.txt", "2")
    assert ids_of(["bells.txt"], found) == {"bells.txt": "bells"}
