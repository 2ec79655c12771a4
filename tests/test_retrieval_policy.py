"""The policy file: what is read is what was written, and a bad one is refused in one line."""

import json
import math
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.policy import FusionWeights, Policy, PolicyError, ReaderWeights, default_policy

NUMBER = st.floats(allow_nan=False, allow_infinity=False)
COUNT = st.integers(1, 10**6)
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "int": COUNT,
    "float": NUMBER,
    "FusionWeights": st.builds(FusionWeights, *(NUMBER for _ in fields(FusionWeights))),
    "ReaderWeights": st.builds(ReaderWeights, *(NUMBER for _ in fields(ReaderWeights))),
}
POLICIES = st.builds(Policy, *(KINDS[kind.__name__] for kind in Policy.__annotations__.values()))


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
        without(GOOD, "fusion"),
        without(GOOD, "other_forms_weight"),
        without(GOOD, "need_threshold"),
        without(GOOD, "pick_threshold"),
        GOOD | {"need_threshold": "0.5"},
        GOOD | {"pick_threshold": math.nan},
        GOOD | {"reader": without(GOOD["reader"], "cosine")},
        GOOD | {"reader": GOOD["reader"] | {"zorble": 1.0}},
        GOOD | {"fusion": without(GOOD["fusion"], "headings")},
        GOOD | {"fusion": GOOD["fusion"] | {"zorble": 1.0}},
        GOOD | {"fusion": GOOD["fusion"] | {"words": math.nan}},
        GOOD | {"fusion": GOOD["fusion"] | {"words": "0.5"}},
        GOOD | {"fusion": GOOD["fusion"] | {"reader": None}},
        GOOD | {"fusion": GOOD["fusion"] | {"reader": True}},
        GOOD | {"fusion": 0.5},
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


def test_whole_numbers_may_stand_for_others(tmp_path: Path) -> None:
    record = GOOD | {"bm25_b": 1, "fusion": GOOD["fusion"] | {"words": 1}}
    path = tmp_path / "policy.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    policy = default_policy()
    assert Policy.read(path) == replace(policy, bm25_b=1.0, fusion=replace(policy.fusion, words=1.0))
