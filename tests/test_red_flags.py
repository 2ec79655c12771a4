"""Which red flags the classifier adds to the table's, and what keeps it silent."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from retrieval.index import PassageIndex
from retrieval.model import NoticeKind
from retrieval.red_flags import Classifier, parts_of, red_flags_of, shipped_classifier
from retrieval.safety import safety_of, shipped_safety

EMERGENCY, CRISIS = NoticeKind.EMERGENCY, NoticeKind.CRISIS
UNSEEN = "the epileptic turn has not let go of my boy"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (UNSEEN, (EMERGENCY,)),
        (f"When do glimmer moths hum? {UNSEEN}. The reeds of Vantor are silver", (EMERGENCY,)),
        (f"In my novel: {UNSEEN}", ()),
        (f"Last year {UNSEEN}", ()),
        ("When do glimmer moths hum?", ()),
        ("", ()),
        ("?!", ()),
    ],
)
def test_what_the_table_has_no_words_for_is_noticed_unless_it_speaks_against_it(
    vantor_index: PassageIndex, question: str, expected: tuple[NoticeKind, ...]
) -> None:
    assert shipped_safety().kinds(question) == ()
    assert safety_of(vantor_index.encoder).kinds(question) == expected


@pytest.mark.parametrize("text", ["\ud800", "\ud800 she\udfff hums", "moths " * 50_000, "moth. " * 5_000])
def test_no_text_is_too_strange_or_too_long(vantor_index: PassageIndex, text: str) -> None:
    assert safety_of(vantor_index.encoder).kinds(text) == ()


def test_where_the_table_alarms_no_vector_is_asked_for(vantor_index: PassageIndex) -> None:
    safety = safety_of(vantor_index.encoder)
    assert safety.red_flags is not None
    broken = replace(safety, red_flags=replace(safety.red_flags, encoder=None))  # type: ignore[arg-type]
    assert broken.kinds("She can't breathe") == (EMERGENCY,)


def test_the_classifier_is_left_out_for_another_encoder(vantor_index: PassageIndex) -> None:
    encoder = vantor_index.encoder
    assert red_flags_of(encoder) is not None
    other = replace(encoder, settings=replace(encoder.settings, sha256="another"))
    assert red_flags_of(other) is None
    assert safety_of(other).kinds("She can't breathe") == (EMERGENCY,)


def test_more_sentences_than_eight_share_their_vectors() -> None:
    whole, parts = parts_of(" ".join(f"moth {number}." for number in range(20)))
    assert (len(parts), whole[:9]) == (8, "moth 0. m")
    assert ". ".join(parts) == ". ".join(f"moth {number}" for number in range(20))


def test_a_score_is_the_machines_sum_written_out_and_survives_the_file(tmp_path: Path) -> None:
    shipped = shipped_classifier()
    vector = np.eye(1, shipped.support.shape[1], dtype=np.float32)
    written = sum(
        float(weight) * np.exp(-shipped.gamma * float(((vector[0] - row) ** 2).sum()))
        for weight, row in zip(shipped.weights, shipped.support, strict=True)
    )
    assert shipped.scores(vector)[0] == pytest.approx(written + shipped.intercept, abs=1e-4)
    shipped.save(tmp_path / "again.npz")
    assert Classifier.open(tmp_path / "again.npz").scores(vector) == pytest.approx(shipped.scores(vector))
