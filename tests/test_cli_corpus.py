"""`insights ingest`, `build` and `verify` as a user meets them."""

import os
from pathlib import Path

import pytest

from corpus.store import load_corpus
from tests.commands import Done, insights, insights_process
from tests.fiction import MOTHS, write
from tests.workshop import Workshop

BELLS = "Nine bells hang over the lake of Vantor, and each of them has a name of its own."


def at(workshop: Workshop) -> list[str | Path]:
    return ["--corpus", workshop.corpus, "--index", workshop.home]


def ingested(capsys: pytest.CaptureFixture[str], path: Path, *options: str | Path) -> Done:
    return insights(capsys, "ingest", path, "--corpus", path.parent / "corpus", *options)


@pytest.mark.parametrize(("name", "text"), [("moths.txt", MOTHS), ("Glimmer Moths.md", "# Moths\n\nMoths *hum*.\n")])
def test_a_vetted_file_is_in_the_corpus_and_the_next_step_is_named(
    name: str, text: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = write(tmp_path / name, text)
    stated = ["--publisher", "Vantor Moth Society", "--reviewed", "2026-03-01", "--url", "https://vantor.example"]
    done = ingested(capsys, path, *stated)
    ((document_id, document),) = load_corpus(tmp_path / "corpus").documents.items()
    assert done == Done(
        0,
        f"{document_id}: {len(document.text)} characters, SHA-256 {document.sha256[:12]}…, vetted into "
        f"{tmp_path / 'corpus'}; now run: insights build\n",
        "",
    )
    assert (document.source.publisher, str(document.source.reviewed)) == ("Vantor Moth Society", "2026-03-01")
    assert (document.source.licence, document.source.review_due) == (None, None)


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("none.txt", None, "is no file; name a file that exists"),
        ("moths.doc", b"Moths hum.", "epub; open it in a word processor and save it as .docx"),
        ("moths.txt", b"", "is empty, 0 bytes"),
        ("moths.txt", b" \n--\n", "holds no words"),
        ("moths.txt", b"Moths\0hum.", "it holds NUL bytes"),
        ("moths.txt", b"Moths \xff hum.", "its encoding can't be told: it isn't UTF-8"),
    ],
)
def test_a_file_that_cannot_be_vetted_is_refused_and_nothing_is_written(
    name: str, content: bytes | None, refusal: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    assert refusal in ingested(capsys, tmp_path / name).refusal
    assert not (tmp_path / "corpus").exists()


@pytest.mark.parametrize(
    ("option", "value", "refusal"),
    [
        ("--id", "The Moths", "id 'The Moths': wanted lower-case letters, digits and hyphens; give another --id"),
        ("--reviewed", "yesterday", "--reviewed: found 'yesterday', wanted a date; write it as YYYY-MM-DD"),
        ("--review-due", "2026-02-30", "--review-due: found '2026-02-30', wanted a date; write it as YYYY-MM-DD"),
    ],
)
def test_an_option_that_cannot_be_used_is_refused_and_nothing_is_written(
    option: str, value: str, refusal: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert ingested(capsys, write(tmp_path / "moths.txt", MOTHS), option, value).refusal == refusal
    assert not (tmp_path / "corpus").exists()


def test_another_text_under_the_same_name_is_refused_until_it_is_said_to_replace(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = write(tmp_path / "moths.txt", MOTHS)
    assert ingested(capsys, path).code == 0
    assert ingested(capsys, path).code == 0, "the same again is no fault"
    write(path, BELLS)
    assert "replace it with --replace, or keep both with --id OTHER" in ingested(capsys, path).refusal
    assert ingested(capsys, path, "--replace").code == 0
    assert ingested(capsys, path, "--id", "bells").code == 0
    assert [document.text for document in load_corpus(tmp_path / "corpus").documents.values()] == [BELLS, BELLS]


def test_a_corpus_that_cannot_be_written_to_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = write(tmp_path / "moths.txt", MOTHS)
    write(tmp_path / "corpus", "a file where a folder is wanted")
    assert str(tmp_path / "corpus") in ingested(capsys, path).refusal


def test_building_twice_says_that_the_index_is_up_to_date(
    capsys: pytest.CaptureFixture[str], workshop: Workshop
) -> None:
    write(workshop.corpus.parent / "bells.txt", BELLS)
    insights(capsys, "ingest", workshop.corpus.parent / "bells.txt", "--corpus", workshop.corpus)
    command = ["build", *at(workshop), "--encoder", workshop.encoder]
    first, second = insights(capsys, *command), insights(capsys, *command)
    name = workshop.open().manifest.name
    assert (first.code, first.err, second.code, second.err) == (0, "", 0, "")
    assert first.out.startswith(f"index {name} built in {workshop.home}; documents: 3, passages: ")
    assert second.out.startswith(f"index {name} is up to date in {workshop.home}; documents: 3, passages: ")
    assert second.out.endswith(", texts encoded: 0\n")


@pytest.mark.parametrize(
    ("option", "value", "refusal"),
    [
        (
            "--encoder",
            "/none",
            "encoder '/none': /none/model.safetensors can't be read (No such file or directory); name",
        ),
        ("--policy", "/none.json", "/none.json is no policy ("),
        ("--corpus", "/none", "no corpus in /none: manifest.jsonl is missing; vet a document: insights ingest FILE"),
        ("--index", "/dev/null/index", "/dev/null/index can't be written to ("),
    ],
)
def test_what_a_build_cannot_use_is_refused(
    option: str, value: str, refusal: str, capsys: pytest.CaptureFixture[str], workshop: Workshop
) -> None:
    command = ["build", *at(workshop), "--encoder", workshop.encoder, option, value]
    assert insights(capsys, *command).refusal.startswith(refusal)


def test_an_index_as_it_was_built_is_verified(capsys: pytest.CaptureFixture[str], workshop: Workshop) -> None:
    done = insights(capsys, "verify", *at(workshop))
    said = f"as vetted and built: {workshop.corpus} (documents: 2) and its index in {workshop.home}\n"
    assert done == Done(0, said, "")


def test_a_document_that_was_tampered_with_fails_the_verification_and_every_question(
    capsys: pytest.CaptureFixture[str], workshop: Workshop
) -> None:
    path = workshop.corpus / "documents" / "moths.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("nine minutes", "nine hours"), encoding="utf-8")
    done = insights(capsys, "verify", *at(workshop))
    assert (done.code, done.out) == (1, "")
    assert done.complaint.startswith(f"{path} was changed after it was vetted: found SHA-256 ")
    assert insights(capsys, "ask", "How long do moths shine?", *at(workshop)).refusal == done.complaint


@pytest.mark.parametrize(
    "name", ["vectors.faiss", "sentences.npy", "policy.json", "encoder.onnx", "bm25/vocab.index.json"]
)
def test_an_index_file_that_was_tampered_with_fails_the_verification(
    name: str, capsys: pytest.CaptureFixture[str], workshop: Workshop
) -> None:
    path = workshop.generation / name
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)
    done = insights(capsys, "verify", *at(workshop))
    assert (done.code, done.out) == (1, "")
    assert done.complaint == f"{path} was changed after it was built; run: insights build"


def test_what_is_not_there_fails_the_verification(
    capsys: pytest.CaptureFixture[str], workshop: Workshop, tmp_path: Path
) -> None:
    done = insights(capsys, "verify", "--corpus", workshop.corpus, "--index", tmp_path / "none")
    assert (done.code, done.out) == (1, "")
    assert done.complaint.startswith(f"no index in {tmp_path / 'none'} (")


def test_a_process_builds_with_nothing_on_stdout_but_the_result(workshop: Workshop) -> None:
    done = insights_process("build", *at(workshop), "--encoder", workshop.encoder, environment=dict(os.environ))
    assert (done.code, done.err, len(done.out.splitlines())) == (0, "", 1)
