"""Fitting: the weights rank what they were shown, and the probabilities mean what they say."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from scipy.optimize import minimize_scalar

from evals import fit
from evals.fit import Example, examples, figures, fit_weights, main
from retrieval.policy import Policy, default_policy
from retrieval.reader import CalibratedReader, Features
from retrieval.reader_network import shipped_network
from retrieval.training.rows import Topic, load_topics
from tests.fiction import write

WIDTH = len(Features.NAMES)


def example(kind: str, right: int | None, columns: npt.NDArray[np.float32], *, missing: bool = False) -> Example:
    """A question with some sentences by their features, of which one is right, or none."""
    size = len(columns)
    return Example(kind, Features(columns, np.full(size, missing)), np.arange(size) == (-1 if right is None else right))


def made_up(seed: int) -> list[Example]:
    """Right sentences stand out by the network and by their words, and are less central; noise is added."""
    random = np.random.default_rng(seed)
    made: list[Example] = []
    for number in range(60):
        columns = random.uniform(0, 0.5, (6, WIDTH)).astype(np.float32)
        right = int(random.integers(6)) if number % 2 else None
        if right is not None:
            columns[right] += np.array([0.6, 0.2, 0.3, 0.3, -0.2], np.float32)
        kind = "answerable" if right is not None else ("topical", "off-topic")[number // 2 % 2]
        made.append(example(kind, right, columns, missing=right is None and number % 4 == 0))
    return made


@pytest.mark.parametrize("seed", range(5))
def test_fitted_weights_rank_what_is_right_first_and_tell_it_from_what_is_not(seed: int) -> None:
    made = made_up(seed)
    weights = fit_weights(made)
    right = [e for e in made if e.right.any()]
    ranks = [int(np.argmax(e.features.scores(weights))) == int(np.argmax(e.right)) for e in right]
    assert sum(ranks) >= 0.9 * len(right)
    others = [e.features.probabilities(weights).max() for e in made if not e.right.any()]
    assert np.median([e.features.probabilities(weights).max() for e in right]) > 0.5 > np.median(others)
    assert weights.sentence_logit > 0
    assert weights.quantity_missing <= 0


def loss(weights: npt.NDArray[np.float64], made: list[Example], ridge: float) -> float:
    """The ranking's loss, written out: minus the log of the right ones' share in exp(scores), plus the ridge.

    One more entry stands for no answer, with the score that is best for these weights.
    """

    def with_none(none: float) -> float:
        total = ridge * float((weights**2).sum() + none**2)
        for one in made:
            scores = np.append(one.features.columns.astype(float) @ weights, none)
            right = np.append(one.right, not one.right.any())
            total -= float(np.log(np.exp(scores[right]).sum() / np.exp(scores).sum()))
        return total

    return float(minimize_scalar(with_none).fun)


def test_the_ranking_is_the_likeliest_one() -> None:
    made = made_up(3)
    fitted = fit_weights(made)
    best = np.array([getattr(fitted, name) for name in Features.NAMES])
    least = loss(best, made, 1e-3)
    for step in (*np.eye(WIDTH), *-np.eye(WIDTH), np.ones(WIDTH), -np.ones(WIDTH)):
        assert loss(best + 0.5 * step, made, 1e-3) > least


def test_fitting_is_deterministic_and_the_order_of_questions_hardly_matters() -> None:
    made = made_up(1)
    once, again, turned = fit_weights(made), fit_weights(made), fit_weights(made[::-1])
    assert once == again
    scores = [[e.features.probabilities(weights).max() for e in made] for weights in (once, turned)]
    assert scores[0] == pytest.approx(scores[1], abs=1e-2)


def test_a_missing_quantity_that_would_speak_for_an_answer_is_left_out() -> None:
    made = [replace(e, features=Features(e.features.columns, np.full(6, e.right.any()))) for e in made_up(2)]
    assert fit_weights(made).quantity_missing == 0.0


def test_figures_by_hand() -> None:
    columns = np.zeros((2, WIDTH), np.float32)
    found = [example("answerable", 0, columns), example("answerable", 0, columns), example("topical", None, columns)]
    found.append(example("off-topic", None, columns))
    judged = [np.array(row, np.float32) for row in ([0.9, 0.1], [0.2, 0.6], [0.7, 0.1], [0.1, 0.1])]
    assert figures(found, judged) == {
        "right first if always answered": 0.5,
        "coverage at 5% wrong": 0.5,
        "expected calibration error": pytest.approx((0.1 + 0.6 + 0.7 + 0.1) / 4, abs=1e-3),
        "AUROC against topical": 0.5,
        "AUROC against off-topic": 1.0,
    }


TEXTS = {
    "moths": "Glimmer moths rest on silver reeds by day. A glimmer moth shines for nine minutes. "
    "The keeper brings a lantern.",
    "bells": "The bells of Zorbia ring at dusk. Nine wardens ring the bells. A bell weighs as much as a boat.",
}


def topic_line(name: str, part: str, document: str, asked: dict[str, str | None]) -> str:
    text = TEXTS[document]
    questions = []
    for question, sentence in asked.items():
        start = -1 if sentence is None else text.index(sentence)
        answers = [] if sentence is None else [[0, start, start + len(sentence)]]
        questions.append({"question": question, "answers": answers})
    return json.dumps({"topic": name, "part": part, "documents": [document], "questions": questions}) + "\n"


MOTHS: dict[str, str | None] = {
    "Where do glimmer moths rest?": "Glimmer moths rest on silver reeds by day.",
    "How long does a glimmer moth shine?": "A glimmer moth shines for nine minutes.",
    "What do glimmer moths dream of?": None,
}
BELLS: dict[str, str | None] = {
    "When do the bells of Zorbia ring?": "The bells of Zorbia ring at dusk.",
    "Who rings them?": "Nine wardens ring the bells.",
    "What do the bells of Zorbia cost?": None,
}


@pytest.fixture
def topics(tmp_path: Path) -> list[Topic]:
    lines = [
        topic_line("Glimmer moths", part, "moths", MOTHS) + topic_line("Bells of Zorbia", part, "bells", BELLS)
        for part in ("calibration", "test")
    ]
    return load_topics(write(tmp_path / "topics.jsonl", "".join(lines)))


@pytest.fixture
def corpus(topics: list[Topic], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny_encoder: str) -> Path:
    """The file of the texts; the program fits to these topics and takes the small encoder."""
    monkeypatch.setattr(fit, "DEFAULT_ENCODER", tiny_encoder)
    monkeypatch.setattr(fit, "own_topics", lambda: topics)
    lines = (json.dumps({"id": key, "text": text}) + "\n" for key, text in TEXTS.items())
    return write(tmp_path / "corpus.jsonl", "".join(lines))


def test_each_question_is_put_to_its_own_topic_and_if_it_names_that_to_another(
    topics: list[Topic], corpus: Path, tmp_path: Path
) -> None:
    index = fit._opened(topics[:2], corpus, tmp_path / "cache", lambda *_: None)
    reader = CalibratedReader(index, shipped_network(), default_policy().reader)
    found = examples(reader, topics[:2], k=8)
    assert [one.kind for one in found] == [
        *("answerable", "off-topic", "answerable", "off-topic", "topical", "off-topic"),
        *("answerable", "off-topic", "answerable", "topical", "off-topic"),
    ]
    assert [one.right.tolist() for one in found[:3]] == [[True, False, False], [False] * 3, [False, True, False]]
    wanted = reader.features("Where do glimmer moths rest?", [index.passage(0)])
    assert found[0].features.columns.tolist() == wanted.columns.tolist()


def test_the_program_writes_a_policy_that_can_be_read_and_is_the_same_again(
    corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "policy.json"
    command = ["--corpus", str(corpus), "--cache", str(tmp_path / "cache")]
    main([*command, "--write", str(written)])
    report = json.loads(capsys.readouterr().out)
    main(command)
    assert json.loads(capsys.readouterr().out) == report
    policy = Policy.read(written)
    assert replace(policy, reader=default_policy().reader) == default_policy()
    assert [*report["figures"]] == ["reader", *(f"{name} alone" for name in Features.NAMES)]
    assert report["figures"]["reader"]["right first if always answered"] >= 0.5


@pytest.mark.usefixtures("corpus")
def test_texts_that_the_questions_are_not_on_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = write(tmp_path / "other.jsonl", '{"id": "reeds", "text": "Reeds grow."}\n')
    with pytest.raises(SystemExit, match="2"):
        main(["--corpus", str(other), "--cache", str(tmp_path / "cache")])
    assert "found no document 'moths'" in capsys.readouterr().err
