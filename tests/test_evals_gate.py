"""The regression gate: what the committed policy makes of the committed questions about the project's own article."""

import pytest

from corpus.store import load_corpus
from evals.answers import Outcome
from evals.cases import load_cases
from ingest.sentences import sentences
from retrieval.policy import Policy, default_policy
from tests.own import CASES, OWN, outcomes, own_workshop
from tests.workshop import Workshop


@pytest.fixture(scope="module")
def replies(vantor: Workshop, tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, ...]:
    own = own_workshop(vantor, tmp_path_factory.getbasetemp())
    assert Policy.read(own.generation / "policy.json") == default_policy()
    return outcomes(own.home)


def share(outcomes_: list[bool]) -> float:
    return sum(outcomes_) / len(outcomes_)


# Measured on 2026-11-22 with the policy of that day: 2 of 122 (0.016), 53 of 90 (0.589), 45 of 53 (0.849).
def test_hardly_any_question_that_the_article_does_not_answer_gets_an_answer(replies: tuple[Outcome, ...]) -> None:
    assert share([outcome.answered for outcome in replies if not outcome.case.gold]) <= 0.05


def test_most_questions_that_the_article_answers_get_an_answer(replies: tuple[Outcome, ...]) -> None:
    assert share([outcome.answered for outcome in replies if outcome.case.gold]) >= 0.5


def test_the_first_quote_of_an_answer_is_mostly_right(replies: tuple[Outcome, ...]) -> None:
    answered = [outcome for outcome in replies if outcome.case.gold and outcome.answered]
    assert share([outcome.right_within(1) for outcome in answered]) >= 0.75


def test_no_small_talk_and_nothing_off_topic_gets_an_answer(replies: tuple[Outcome, ...]) -> None:
    chatter = [outcome for outcome in replies if outcome.case.kind in {"small-talk", "off-topic"}]
    assert len(chatter) == 40
    assert [outcome.case.question for outcome in chatter if outcome.answered] == []


@pytest.mark.parametrize("name", ["dystonia-and-seizures.jsonl", "dystonia-and-seizures.held-out.jsonl"])
def test_every_committed_file_of_cases_can_be_loaded(name: str) -> None:
    cases = load_cases(CASES.with_name(name), load_corpus(OWN).documents.values(), sentences)
    kinds = {case.kind for case in cases}
    assert {"answerable", "follow-up", "follow-up-unanswered", "off-topic", "topic-switch", "topical"} <= kinds
    assert all(
        bool(case.gold) == (case.kind in {"answerable", "follow-up"}) for case in cases if case.kind != "topic-switch"
    )
