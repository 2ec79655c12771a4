"""The journal of a build gives back what was written whole, and nothing else."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.journal import forget, journal
from ingest.layout import text_keys
from retrieval.encoder import EncoderSettings

SETTINGS = EncoderSettings("moth", "ab" * 32, dim=3, max_tokens=8, question_prompt="", passage_prompt="")
TEXTS = ["moths", "reeds", "bells", "stones", "masts"]
KEYS = text_keys(TEXTS)
ROWS = np.arange(15, dtype=np.float32).reshape(5, 3)
RECORD = 16 + 3 * 4 + 4


def written(home: Path) -> Path:
    """A journal of five texts, in two steps."""
    with journal(home, SETTINGS) as kept:
        kept.add(KEYS[:2], ROWS[:2])
        kept.add(KEYS[2:], ROWS[2:])
    (path,) = home.iterdir()
    return path


def assert_holds(home: Path, count: int) -> None:
    with journal(home, SETTINGS) as kept:
        assert kept.keys.tolist() == KEYS[:count].tolist()
        assert kept.rows.tolist() == ROWS[:count].tolist()


@given(st.integers(0, 5 * RECORD))
def test_a_journal_cut_off_anywhere_holds_what_was_whole_and_goes_on_there(cut: int) -> None:
    with TemporaryDirectory() as folder:
        home = Path(folder)
        path = written(home)
        data = path.read_bytes()
        path.write_bytes(data[: len(data) - cut])
        whole = (5 * RECORD - cut) // RECORD
        assert_holds(home, whole)
        with journal(home, SETTINGS) as kept:
            kept.add(KEYS[whole:], ROWS[whole:])
        assert path.read_bytes() == data


@given(st.integers(0, 5 * RECORD - 1), st.integers(1, 255))
def test_a_record_that_is_not_as_it_was_written_and_what_follows_is_not_taken(place: int, change: int) -> None:
    with TemporaryDirectory() as folder:
        home = Path(folder)
        path = written(home)
        data = bytearray(path.read_bytes())
        data[len(data) - 5 * RECORD + place] ^= change
        path.write_bytes(data)
        assert_holds(home, place // RECORD)


@pytest.mark.parametrize("other", [{"sha256": "cd" * 32}, {"dim": 4}])
def test_a_journal_of_another_encoder_is_begun_anew(tmp_path: Path, other: dict[str, object]) -> None:
    written(tmp_path)
    settings = EncoderSettings(
        "moth", str(other.get("sha256", SETTINGS.sha256)), int(str(other.get("dim", 3))), 8, "", ""
    )
    with journal(tmp_path, settings) as kept:
        assert kept.rows.shape == (0, settings.dim)
    assert_holds(tmp_path, 0)


def test_a_journal_that_is_forgotten_is_gone_and_one_that_is_not_there_can_be(tmp_path: Path) -> None:
    written(tmp_path)
    forget(tmp_path)
    forget(tmp_path)
    assert [*tmp_path.iterdir()] == []
