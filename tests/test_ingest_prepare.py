"""Items become documents that are ready for a corpus, each with its id and source; what is as it was isn't read."""

from dataclasses import replace
from datetime import date

import pytest

from corpus.model import Document, Heading, Origin, Source
from corpus.store import digest
from ingest import prepare as preparing
from ingest.ids import Known
from ingest.items import Item, Refused, Skipped, Unchanged
from ingest.prepare import Prepared, prepare, read_apart
from ingest.provenance import Finding, Provenance
from ingest.provenance_file import Entry
from ingest.raw import UNSTATED, IngestError
from ingest.worker import Limits

NOTHING = Known.nothing()
MOTHS = Item("leaflets/moths.md", ".md", b"# Moths\n\nMoths hum over the lake.\n", etag='"7"', modified="Mon")
PROVENANCE = Provenance(
    Source("", None, "Everybody"),
    {"leaflets/moths.md": (Entry("corpus.toml, moths", Source("", None, None, "CC0"), "glimmer-moths"),)},
    {"drafts": (Entry("corpus.toml, drafts", skip=True),)},
)


def prepared(
    *items: Item, provenance: Provenance = PROVENANCE, known: Known = NOTHING
) -> list[Prepared | Unchanged | Skipped | Refused]:
    return list(prepare(items, provenance, known))


def sha256_of(item: Item, provenance: Provenance = PROVENANCE) -> str:
    (one,) = prepared(item, provenance=provenance)
    assert isinstance(one, Prepared)
    return one.sha256


def test_an_item_becomes_a_document_with_its_source_and_its_origin() -> None:
    (one,) = prepared(MOTHS)
    assert isinstance(one, Prepared)
    source = Source("Moths", None, "Everybody", "CC0")
    assert (one.path, one.id, one.source) == ("leaflets/moths.md", "glimmer-moths", source)
    assert one.findings == (
        Finding("the command line", Source("", None, "Everybody")),
        Finding("corpus.toml, moths", Source("", None, None, "CC0")),
    )
    text = "Moths\n\nMoths hum over the lake."
    document = one.document("../leaflets")
    assert document == Document("glimmer-moths", source, digest(text), (Heading(0, 5, 1),), text)
    assert document.text == text
    assert document.origin == Origin("../leaflets", "leaflets/moths.md", one.sha256, '"7"', "Mon")


def test_a_title_is_the_stated_one_or_the_first_heading_or_the_name() -> None:
    text = b"Moths hum over the lake. They rest on reeds that lean towards the north."
    items = [
        Item("a/b.c.txt", ".txt", text),
        Item("r.jsonl#Bells 7", ".txt", text),
        Item("r.jsonl#8", ".txt", text, Source("Reeds", "https://vantor.example/8", reviewed=date(2025, 1, 1))),
    ]
    sources = [one.source for one in prepared(*items, provenance=Provenance()) if isinstance(one, Prepared)]
    assert sources == [
        Source("b.c"),
        Source("Bells 7"),
        Source("Reeds", "https://vantor.example/8", reviewed=date(2025, 1, 1)),
    ]


def test_order_is_kept_and_what_is_no_item_is_passed_on() -> None:
    found = [
        Refused("a", "is empty"),
        MOTHS,
        Skipped("b", "is a picture"),
        Item("drafts/c.txt", ".txt", b"Reeds."),
        Unchanged("d"),
        Item("e.txt", ".txt", b" -- "),
        Item("f.doc", ".doc", b"Reeds."),
    ]
    first, moths, *rest = prepare(found, PROVENANCE, NOTHING)
    assert (first, getattr(moths, "path", "")) == (Refused("a", "is empty"), MOTHS.path)
    assert rest[:-1] == [
        Skipped("b", "is a picture"),
        Skipped("drafts/c.txt", "left out by corpus.toml"),
        Unchanged("d"),
        Refused("e.txt", "holds no words, wanted a text to quote from; name another file"),
    ]
    assert isinstance(rest[-1], Refused)
    assert rest[-1].why.startswith("found the ending '.doc', wanted one of ")


def test_what_is_known_as_it_is_is_not_read_again() -> None:
    known = Known({MOTHS.path: ("old-id", sha256_of(MOTHS))}, frozenset())
    no_time = Limits(seconds=0.0)
    assert list(prepare([MOTHS], PROVENANCE, known, no_time)) == [Unchanged(MOTHS.path)]
    assert isinstance(next(prepare([replace(MOTHS, data=b"# Reeds")], PROVENANCE, known, no_time)), Refused)


def test_the_digest_is_of_all_that_bears_on_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    file = PROVENANCE.files[MOTHS.path][0]
    digests = {
        sha256_of(MOTHS),
        sha256_of(replace(MOTHS, data=MOTHS.data + b" ")),
        sha256_of(replace(MOTHS, ending=".txt")),
        sha256_of(replace(MOTHS, stated=Source("Moths"))),
        sha256_of(MOTHS, replace(PROVENANCE, everywhere=UNSTATED)),
        sha256_of(MOTHS, replace(PROVENANCE, files={MOTHS.path: (replace(file, id="other"),)})),
        sha256_of(MOTHS, replace(PROVENANCE, files={MOTHS.path: (replace(file, source=Source("Other")),)})),
        sha256_of(MOTHS, replace(PROVENANCE, folders={"": (Entry("", Source("", None, None, None, date.min)),)})),
    }
    monkeypatch.setattr(preparing, "READING_VERSION", 0)
    assert len({*digests, sha256_of(MOTHS)}) == 9
    monkeypatch.undo()
    # What says nothing about this document, or is another time's word for the same bytes, doesn't count.
    same = replace(PROVENANCE, folders={"other": (Entry("", Source("", None, "Others")),)})
    assert sha256_of(replace(MOTHS, etag=None, modified=None), same) == sha256_of(MOTHS)


def test_two_files_of_one_id_are_told_apart_and_a_stated_one_is_refused() -> None:
    twice = [replace(MOTHS, path="moths.md"), replace(MOTHS, path="moths.markdown")]
    assert [getattr(one, "id", None) for one in prepared(*twice)] == ["moths", "moths-1fe5a78e"]
    stated = replace(PROVENANCE, files={one.path: (Entry("", id="moths"),) for one in twice})
    assert prepared(*twice, provenance=stated)[1] == Refused(
        "moths.markdown", "its id 'moths' is that of moths.md already; state another"
    )


def test_one_item_is_read_apart_or_refused() -> None:
    assert read_apart(MOTHS, Limits()).canonical.text == "Moths\n\nMoths hum over the lake."
    with pytest.raises(IngestError, match="holds no words"):
        read_apart(replace(MOTHS, data=b"--"), Limits())
