"""What a synchronisation plans: what changed and nothing else, and never what isn't its own."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.model import Document, Source
from corpus.store import digest
from ingest.items import Refused, Skipped, Unchanged
from ingest.merge import documents_of
from ingest.plan import Before, Plan, Synced, plan
from ingest.publish import publish, writing
from ingest.raw import IngestError
from ingest.web.model import Gone, Partial
from ingest.words import words_changed
from tests.fiction import write
from tests.syncing import planned_of, texts_of

BY_HAND = Document("by-hand", Source("By hand"), digest("Kept by hand."), (), "Kept by hand.")


def put(root: Path, planned: Plan) -> None:
    with writing(root, patience_s=0):
        publish(root, planned.before, planned.after)


def synchronised(folder: Path, root: Path) -> Plan:
    """The plan for the folder, put into effect."""
    planned = planned_of(folder, root)
    put(root, planned)
    return planned


def ids(documents: tuple[Document, ...]) -> list[str]:
    return [one.id for one in documents]


def counts(planned: Plan) -> tuple[int, ...]:
    listed = (planned.added, planned.replaced, planned.removed, planned.refused)
    return (*map(len, listed), planned.unchanged)


@pytest.fixture
def leaflets(tmp_path: Path) -> Path:
    """A folder of three files, which a corpus beside it has."""
    folder = tmp_path / "leaflets"
    write(folder / "moths.txt", "Glimmer moths\n\nThey rest on reeds by day.")
    write(folder / "bells.md", "# Bells\n\nThey ring at dusk.")
    write(folder / "lake" / "water.txt", "The lake is deep.")
    return folder


@pytest.fixture
def root(leaflets: Path) -> Path:
    """The corpus, with a document that was vetted by hand besides."""
    root = leaflets.with_name("corpus")
    with writing(root, patience_s=0):
        publish(root, {}, {BY_HAND.id: BY_HAND})
    planned = synchronised(leaflets, root)
    assert counts(planned) == (3, 0, 0, 0, 0)
    assert sorted(texts_of(root)) == ["bells", "by-hand", "lake-water", "moths"]
    return root


def test_where_nothing_has_changed_nothing_is_read_or_written(leaflets: Path, root: Path) -> None:
    planned = planned_of(leaflets, root)
    assert (counts(planned), planned.writes) == ((0, 0, 0, 0, 3), False)


def test_what_changed_is_added_replaced_or_removed_and_the_rest_stays(leaflets: Path, root: Path) -> None:
    before = documents_of(root)
    write(leaflets / "moths.txt", "Glimmer moths\n\nThey rest on stones by day.")
    write(leaflets / "new.txt", "A new leaflet.")
    (leaflets / "bells.md").unlink()
    planned = planned_of(leaflets, root)
    assert [ids(planned.added), ids(planned.removed)] == [["new"], ["bells"]]
    ((old, new),) = [(one.old, one.new) for one in planned.replaced]
    assert (old, old.id, new.id) == (before["moths"], "moths", "moths")
    assert [*planned.after] == ["by-hand", "lake-water", "moths", "new"]
    assert planned.unchanged == 1


def test_the_same_text_at_another_path_is_the_same_document(leaflets: Path, root: Path) -> None:
    (leaflets / "bells.md").rename(leaflets / "lake" / "rung.md")
    planned = synchronised(leaflets, root)
    assert counts(planned) == (0, 1, 0, 0, 2)
    moved = documents_of(root)["bells"]
    assert moved.origin is not None
    assert moved.origin.path == "lake/rung.md"
    assert planned_of(leaflets, root).writes is False


def test_a_moved_file_with_other_words_is_another_document(leaflets: Path, root: Path) -> None:
    (leaflets / "bells.md").unlink()
    write(leaflets / "rung.md", "# Bells\n\nThey ring at dawn.")
    planned = planned_of(leaflets, root)
    assert [ids(planned.added), ids(planned.removed)] == [["rung"], ["bells"]]


def test_a_file_that_is_refused_this_time_keeps_its_document(leaflets: Path, root: Path) -> None:
    (leaflets / "moths.txt").write_bytes(b"Moths\0")
    planned = planned_of(leaflets, root)
    assert counts(planned) == (0, 0, 0, 1, 2)
    assert (sorted(planned.kept), planned.writes) == (["moths.txt"], False)


def test_other_bytes_that_say_the_same_are_nothing_to_tell_of(leaflets: Path, root: Path) -> None:
    write(leaflets / "moths.txt", "Glimmer moths\n\n\n\nThey  rest on reeds by day.\n")
    planned = synchronised(leaflets, root)
    assert (counts(planned), planned.shows_change, planned.writes) == ((0, 0, 0, 0, 3), False, True)
    assert planned_of(leaflets, root).writes is False


def test_an_emptied_folder_removes_nothing_unless_that_is_said(leaflets: Path, root: Path) -> None:
    shutil.rmtree(leaflets)
    leaflets.mkdir()
    with pytest.raises(IngestError, match=r"where there were 3; nothing was removed; .*--allow-empty"):
        planned_of(leaflets, root)
    planned = planned_of(leaflets, root, allow_empty=True)
    assert (sorted(ids(planned.removed)), [*planned.after]) == (["bells", "lake-water", "moths"], ["by-hand"])


def test_a_folder_that_is_not_there_is_an_error(leaflets: Path, root: Path) -> None:
    shutil.rmtree(leaflets)
    with pytest.raises(IngestError, match="is no folder, file or address; nothing was changed"):
        planned_of(leaflets, root)


def test_another_folder_takes_no_id_and_removes_nothing_of_this_one(leaflets: Path, root: Path, tmp_path: Path) -> None:
    write(tmp_path / "papers" / "moths.txt", "Other moths.")
    write(tmp_path / "papers" / "by-hand.txt", "Not by hand.")
    planned = synchronised(tmp_path / "papers", root)
    assert counts(planned) == (2, 0, 0, 0, 0)
    assert not {*ids(planned.added)} & {"moths", "by-hand"}
    assert counts(planned_of(leaflets, root)) == (0, 0, 0, 0, 3)


def test_a_folder_that_was_moved_goes_on_with_its_documents(leaflets: Path, root: Path) -> None:
    papers = leaflets.rename(leaflets.with_name("papers"))
    write(papers / "moths.txt", "Glimmer moths\n\nThey rest on stones by day.")
    (papers / "bells.md").unlink()
    planned = synchronised(papers, root)
    assert counts(planned) == (0, 1, 0, 0, 1)
    assert ids(planned.left) == ["bells"]
    assert sorted(texts_of(root)) == ["bells", "by-hand", "lake-water", "moths"]
    assert counts(planned_of(papers, root)) == (0, 0, 0, 0, 2)


def of_web(root: Path, *found: Synced) -> Plan:
    """The plan where those were found of the leaflets."""
    before = Before.of(documents_of(root), "../leaflets", root)
    return plan(before, found, stated_id=lambda _: None)


REST = (Unchanged("moths.txt"), Unchanged("lake/water.txt"))


@pytest.mark.parametrize(
    ("found", "removed", "kept"),
    [
        ((), ["bells"], set()),
        ((Skipped("bells.md", "is left out"),), ["bells"], set()),
        ((Gone("bells.md", "isn't there"),), ["bells"], set()),
        ((Refused("bells.md", "the server is busy"),), [], {"bells.md"}),
        ((Partial("list", "was cut off"),), [], {"bells.md"}),
        ((Partial("list", "was cut off"), Gone("bells.md", "isn't there")), ["bells"], set()),
    ],
)
def test_only_what_is_certainly_gone_is_removed(
    root: Path, found: tuple[Synced, ...], removed: list[str], kept: set[str]
) -> None:
    planned = of_web(root, *REST, *found)
    assert (ids(planned.removed), {*planned.kept}) == (removed, kept)


@pytest.mark.parametrize("refused", ["lake", "lake/", "lake/water.txt"])
def test_what_lies_in_something_that_cant_be_read_stays(root: Path, refused: str) -> None:
    found = (Unchanged("moths.txt"), Unchanged("bells.md"), Refused(refused, "can't be read"))
    planned = of_web(root, *found)
    assert (planned.removed, sorted(planned.kept), planned.writes) == ((), ["lake/water.txt"], False)


NAMES = st.sampled_from(["a.txt", "b.txt", "deep/a.txt", "deep/c.txt", "A.txt"])
TEXTS = st.sampled_from(["They rest by day.", "They shine by night.", "The bells ring.", "Reeds grow."])
FOLDERS = st.dictionaries(NAMES, TEXTS, min_size=1)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FOLDERS, min_size=1, max_size=4))
def test_after_each_synchronisation_the_corpus_has_what_the_folder_has(
    tmp_path_factory: pytest.TempPathFactory, states: list[dict[str, str]]
) -> None:
    place = tmp_path_factory.mktemp("states")
    folder, root = place / "leaflets", place / "corpus"
    by_path: dict[str, tuple[str, str]] = {}
    for state in states:
        shutil.rmtree(folder, ignore_errors=True)
        for name, text in state.items():
            write(folder / name, text)
        planned = synchronised(folder, root)
        found = {one.origin.path: (one.id, one.text) for one in documents_of(root).values() if one.origin}
        assert {path: text for path, (_, text) in found.items()} == state
        assert len({document_id for document_id, _ in found.values()}) == len(state)
        # Whatever lies at the same path is the same document, and whatever has the same words at one path only.
        assert all(found[path][0] == by_path[path][0] for path in found.keys() & by_path.keys())
        assert len(planned.added) + len(planned.replaced) + planned.unchanged == len(state)
        assert planned_of(folder, root).writes is False
        by_path = found


def test_words_that_went_and_came_are_counted() -> None:
    assert words_changed("The moths rest.\n\nThey hum.", "The moths rest.\n\nThey hum.") == (0, 0)
    assert words_changed("The moths rest.\n\nThey hum.", "The moths sleep well.\n\nThey hum.") == (1, 2)
    assert words_changed("", "They hum.") == (0, 2)
    assert words_changed("They hum.\n\nThey rest.", "They rest.") == (2, 0)
