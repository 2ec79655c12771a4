"""The policy file: what is read is what was written, and a bad one is refused in one line."""

import json
import math
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.policy import Policy, PolicyError, ReaderWeights, default_policy

NUMBER = st.floats(allow_nan=False, allow_infinity=False)
WEIGHTS = st.builds(ReaderWeights, *(NUMBER for _ in fields(ReaderWeights)))
COUNT = st.integers(1, 10**6)
POLICIES = st.builds(
    Policy, COUNT, NUMBER, NUMBER, NUMBER, NUMBER, WEIGHTS, NUMBER, NUMBER, NUMBER, COUNT, COUNT, NUMBER, NUMBER
)


@given(policy=POLICIES)
def test_a_written_policy_is_read_as_it_was(tmp_path_factory: pytest.TempPathFactory, policy: Policy) -> None:
    path = tmp_path_factory.getbasetemp() / "policy.json"
    path.write_text(policy.to_text(), encoding="utf-8")
    assert Policy.read(path) == policy


def test_the_committed_policy_is_written_as_it_would_be_now() -> None:
    committed = Path(__file__).parent.parent / "retrieval" / "policy.json"
    assert committed.read_text(encoding="utf-8") == default_policy().to_text()


def without(record: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != key}


GOOD = asdict(default_policy())


@pytest.mark.parametrize(
    "record",
    [
        without(GOOD, "k"),
        without(GOOD, "reader"),
        GOOD | {"reader": without(GOOD["reader"], "cosine")},
        GOOD | {"zorble": 1},
        GOOD | {"k": "8"},
        GOOD | {"k": 8.5},
        GOOD | {"k": 0},
        GOOD | {"max_quotes": 0},
        GOOD | {"max_quotes": True},
        GOOD | {"answer_threshold": None},
        GOOD | {"answer_threshold": math.nan},
        GOOD | {"reader": GOOD["reader"] | {"score": math.inf}},
        GOOD | {"reader": [1, 2]},
        [GOOD],
        "policy",
        None,
    ],
)
def test_a_policy_that_lacks_a_number_is_refused_with_the_remedy(record: object, tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(
        PolicyError, match=r"^[^\n]+policy\.json is no policy \([^\n]+\); restore it, or fit one: [^\n]+$"
    ):
        Policy.read(path)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"{}"])
def test_a_file_that_is_no_policy_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    path.write_bytes(content)
    with pytest.raises(PolicyError, match="is no policy"):
        Policy.read(path)


def test_a_missing_policy_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="is no policy"):
        Policy.read(tmp_path / "none.json")


def test_whole_numbers_may_stand_for_others() -> None:
    assert replace(default_policy(), rank_constant=60) == replace(default_policy(), rank_constant=60.0)
