"""Building: only what is new is encoded, only our own leftovers are swept, and one build at a time writes."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.store import load_corpus, manifest_path
from ingest.build import MAX_TOKENS, Built, build
from ingest.chunk import split
from ingest.tokens import count_tokens
from retrieval.generation import IndexFolderError
from retrieval.index import PassageIndex
from retrieval.verify import verify_index
from tests.fiction import MOTHS, REEDS, write
from tests.workshop import POLICY, Workshop

BELLS = """The bells of Vantor

The bells of Vantor ring when the ice breaks. Keepers tune them to the wind of the lake.
"""
OTHER_POLICY = replace(POLICY, k=3, bm25_k1=1.5)


def texts_of(index: PassageIndex) -> list[str]:
    return [index.passage(number).embedding_text for number in range(len(index))]


def assert_whole(workshop: Workshop) -> None:
    """Every passage of the corpus is in the index, in order and with its sentences, and every byte is as sealed."""
    index = workshop.open()
    documents = load_corpus(workshop.corpus).documents.values()
    assert [index.passage(number) for number in range(len(index))] == [
        passage for document in documents for passage in split(document, count_tokens, max_tokens=MAX_TOKENS)
    ]
    assert verify_index(workshop.home, corpus=workshop.corpus) == []


def assert_own_vectors(workshop: Workshop) -> None:
    """Each row is what the encoder gives for its text (rounded, if built so), encoded now or taken over."""
    index = workshop.open()
    wanted = index.encoder.encode_passages(texts_of(index))
    np.testing.assert_allclose(index.vectors.rows(0, len(index)), wanted, atol=2e-3)
    for number in range(len(index)):
        passage = index.passage(number)
        under = "".join(f"{heading.text}\n" for heading in passage.headings)
        wanted = index.encoder.encode_passages([under + sentence.text for sentence in passage.sentences])
        np.testing.assert_allclose(index.sentence_vectors(passage), wanted, atol=2e-3)


def test_a_first_build_encodes_everything_once(workshop: Workshop) -> None:
    progress: list[tuple[int, int]] = []
    fresh = replace(workshop, home=workshop.home.with_name("fresh"))
    built = build(
        load_corpus(workshop.corpus),
        fresh.home,
        POLICY,
        encoder=workshop.encoder,
        progress=lambda done, total: progress.append((done, total)),
    )
    index = fresh.open()
    texts = {*texts_of(index), *index.vocabulary.numbers}
    for number in range(len(index)):
        passage = index.passage(number)
        texts |= {"\n".join([*(h.text for h in passage.headings), s.text]) for s in passage.sentences}
    assert built == Built(index.manifest.name, documents=2, passages=4, encoded=len(texts), changed=True)
    assert [progress[0][0], progress[-1][0]] == [0, len(texts)]
    assert progress == sorted(progress)
    assert {total for _, total in progress} == {len(texts)}
    assert_whole(fresh)
    assert_own_vectors(fresh)


def test_an_unchanged_corpus_is_not_built_again(workshop: Workshop) -> None:
    before = {path: path.stat().st_mtime_ns for path in workshop.generation.rglob("*")}
    entries = workshop.entries
    assert workshop.build() == Built(workshop.open().manifest.name, 2, 4, encoded=0, changed=False)
    assert {path: path.stat().st_mtime_ns for path in workshop.generation.rglob("*")} == before
    assert workshop.entries == entries


def test_a_new_document_is_all_that_is_encoded(workshop: Workshop) -> None:
    known = {*workshop.open().vocabulary.numbers}
    workshop.vet("bells", BELLS)
    built = workshop.build()
    words = {*workshop.open().vocabulary.numbers} - known
    # Its words, its one passage and the two sentences of that.
    assert built == Built(built.name, documents=3, passages=5, encoded=len(words) + 3, changed=True)
    assert_whole(workshop)
    assert_own_vectors(workshop)


def test_a_document_that_goes_is_in_the_index_no_more_and_nothing_is_encoded(workshop: Workshop) -> None:
    lines = manifest_path(workshop.corpus).read_text(encoding="utf-8").splitlines()
    write(manifest_path(workshop.corpus), f"{lines[1]}\n")
    built = workshop.build()
    assert built == Built(built.name, documents=1, passages=1, encoded=0, changed=True)
    assert_whole(workshop)


def test_another_policy_is_another_index_and_nothing_is_encoded(workshop: Workshop) -> None:
    before = workshop.open()
    built = workshop.build(OTHER_POLICY)
    assert built == Built(built.name, documents=2, passages=4, encoded=0, changed=True)
    after = workshop.open()
    assert (after.policy, after.manifest.name != before.manifest.name) == (OTHER_POLICY, True)
    assert_whole(workshop)
    assert_own_vectors(workshop)


def test_another_reader_is_another_index_and_nothing_is_encoded(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = workshop.open().manifest
    monkeypatch.setattr("ingest.build.shipped_sha256", lambda: "0" * 64)
    built = workshop.build()
    assert built == Built(built.name, documents=2, passages=4, encoded=0, changed=True)
    after = workshop.open().manifest
    assert (after.reader_sha256, after.name != before.name) == ("0" * 64, True)


def test_the_same_corpus_policy_and_encoder_are_the_same_index(workshop: Workshop, tmp_path: Path) -> None:
    copied = workshop.copy(tmp_path / "elsewhere")
    assert copied.build().name == workshop.open().manifest.name


def test_another_encoder_encodes_everything_again(workshop: Workshop, tmp_path: Path) -> None:
    folder = tmp_path / "another encoder"
    shutil.copytree(workshop.encoder, folder)
    weights = folder / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    other = replace(workshop, encoder=str(folder))
    built = other.build()
    assert (built.changed, built.encoded > 50) == (True, True)
    assert other.open().encoder.settings.name == str(folder)
    assert_whole(other)


def test_a_damaged_index_is_built_anew_and_nothing_is_taken_over_from_it(workshop: Workshop) -> None:
    for name in ("vectors.faiss", "word_vectors.npy", "tokenizer.json"):
        data = bytearray((workshop.generation / name).read_bytes())
        data[len(data) // 2] ^= 1
        (workshop.generation / name).write_bytes(data)
    assert len(verify_index(workshop.home, corpus=workshop.corpus)) == 3
    built = workshop.build()
    assert (built.changed, built.encoded > 50) == (True, True)
    assert_whole(workshop)
    assert_own_vectors(workshop)


def test_the_generation_before_stays_for_those_who_read_it_and_older_ones_go(workshop: Workshop) -> None:
    first = workshop.generation.name
    reader = workshop.open()
    hits = reader.search("silver reeds", k=3)
    workshop.build(OTHER_POLICY)
    second = workshop.generation.name
    assert workshop.entries == sorted(["CURRENT", "build.lock", first, second])
    workshop.build(replace(POLICY, k=4))
    assert workshop.entries == sorted(["CURRENT", "build.lock", second, workshop.generation.name])
    assert reader.search("silver reeds", k=3) == hits


def test_what_killed_builds_left_is_swept_and_foreign_files_are_not(workshop: Workshop) -> None:
    first = workshop.generation.name
    for name in (".new-0123abcd/bm25/moths.npy", "0123456789abcdef-0123/index.json"):
        write(workshop.home / name, "{}")
    foreign = {
        "moths.txt": "Mine.",
        ".new-ideas/moths.txt": "Mine.",
        "notes/moths.txt": "Mine.",
        "0123456789abcdef-0123.txt": "Mine.",
        ".new-0123abce": "Mine.",
    }
    for name, text in foreign.items():
        write(workshop.home / name, text)
    workshop.build()
    assert not (workshop.home / ".new-0123abcd").exists()
    workshop.build(OTHER_POLICY)
    ours = ["CURRENT", "build.lock", first, workshop.generation.name]
    assert workshop.entries == sorted([*ours, *{name.split("/")[0] for name in foreign}])
    assert {name: (workshop.home / name).read_text(encoding="utf-8") for name in foreign} == foreign


def test_a_current_that_names_nothing_is_written_anew(workshop: Workshop) -> None:
    (workshop.home / "CURRENT").write_bytes(b"\xff\xfe")
    with pytest.raises(IndexFolderError):
        workshop.open()
    assert workshop.build().changed
    assert_whole(workshop)


def test_an_empty_corpus_is_refused(workshop: Workshop) -> None:
    write(manifest_path(workshop.corpus), "")
    with pytest.raises(IndexFolderError) as raised:
        workshop.build()
    assert str(raised.value) == (
        f"the corpus in {workshop.corpus} is empty; vet a document first: insights ingest FILE"
    )


def test_a_corpus_of_headings_only_is_refused(workshop: Workshop) -> None:
    document = workshop.vet("title", "Moths fly.")
    line = json.dumps({**json.loads(_line(workshop, document.id)), "headings": [[0, len(document.text), 1]]})
    write(manifest_path(workshop.corpus), f"{line}\n")
    with pytest.raises(IndexFolderError, match="has headings only; vet a document with sentences first"):
        workshop.build()


def _line(workshop: Workshop, document_id: str) -> str:
    lines = manifest_path(workshop.corpus).read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if json.loads(line)["id"] == document_id)


def test_a_document_without_content_words_can_be_indexed(workshop: Workshop) -> None:
    write(manifest_path(workshop.corpus), "")
    workshop.vet("so", "It is what it is.")
    assert workshop.build().passages == 1
    assert_whole(workshop)
    assert [hit.passage.span.text for hit in workshop.open().search("What is it?", k=3)] == ["It is what it is."]


def test_a_passage_beyond_the_encoders_window_is_refused_and_the_old_index_stays(workshop: Workshop) -> None:
    before = workshop.entries
    giant = "-".join(["moth"] * 200)
    workshop.vet("giant", f"The longest word of Vantor is short.\n\n{giant} is its name.")
    with pytest.raises(IndexFolderError) as raised:
        workshop.build()
    assert str(raised.value) == (
        f"giant, characters 38-{38 + len(giant)}: the passage exceeds the encoder's window of 256 tokens; shorten its "
        "headings, or break up its longest word"
    )
    assert workshop.entries == before


def test_a_second_build_at_the_same_time_is_refused_in_one_clear_line(workshop: Workshop) -> None:
    hold = "import sys; from filelock import FileLock\nwith FileLock(sys.argv[1]): print('held', flush=True); input()"
    lock = str(workshop.home / "build.lock")
    with subprocess.Popen(
        [sys.executable, "-c", hold, lock], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(IndexFolderError) as raised:
            workshop.build(OTHER_POLICY)
        holder.communicate("\n")
    assert str(raised.value) == (f"another build is writing to {workshop.home}; wait until it ends, then build again")
    assert workshop.build(OTHER_POLICY).changed


def test_a_home_that_is_a_file_is_one_clear_line(workshop: Workshop, tmp_path: Path) -> None:
    with pytest.raises(
        IndexFolderError, match=r"can't be written to .*File exists.*; name another folder with --index"
    ):
        replace(workshop, home=write(tmp_path / "moths.txt", MOTHS + REEDS)).build()
