"""What is exported as JSON lines and taken in again are the same documents, whatever they were read from."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from corpus.store import load_corpus
from tests.commands import insights
from tests.made.docx import make_docx
from tests.made.epub import make_epub
from tests.made.html import make_html
from tests.made.markdown import make_markdown
from tests.made.pdf import PdfLook, make_pdf
from tests.made.plain import make_plain
from tests.made.text import Story, story

TOML = """publisher = "Vantor Moth Society"
licence = "CC0"
reviewed = 2026-03-01
review_due = 2027-03-01
base_url = "https://vantor.example/"
"""


@pytest.mark.parametrize("name", ["all.jsonl", "all.jsonl.gz"])
def test_exported_lines_that_are_taken_in_again_give_the_same_texts_ids_and_sources(
    name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = tmp_path / "leaflets"
    folder.mkdir()
    makers: Mapping[str, Callable[[Story], bytes]] = {
        "docx": make_docx,
        "epub": make_epub,
        "html": make_html,
        "md": make_markdown,
        "txt": make_plain,
    }
    for seed in range(3):
        for ending, make in makers.items():
            (folder / f"{ending}-{seed}.{ending}").write_bytes(make(story(seed)))
        (folder / f"pdf-{seed}.pdf").write_bytes(make_pdf(story(seed), PdfLook(1 + seed % 2, is_hyphenated=True)))
    (folder / "corpus.toml").write_text(TOML, encoding="utf-8")
    first, second = tmp_path / "first", tmp_path / "second"

    assert insights(capsys, "ingest", folder, "--corpus", first).code == 0
    assert insights(capsys, "corpus", "export", tmp_path / name, "--corpus", first).code == 0
    done = insights(capsys, "ingest", tmp_path / name, "--corpus", second)

    assert (done.code, done.err) == (0, "")
    before, after = load_corpus(first).documents, load_corpus(second).documents
    assert {key: one.text for key, one in after.items()} == {key: one.text for key, one in before.items()}
    assert {key: one.source for key, one in after.items()} == {key: one.source for key, one in before.items()}
