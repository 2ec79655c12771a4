"""Policy: every number that changes a reply; fitted by `evals/fit.py`, committed as policy.json, kept in each index."""

import json
import math
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path

__all__ = ["FusionWeights", "Policy", "PolicyError", "ReaderWeights", "default_policy"]


class PolicyError(Exception):
    """A policy file that can't be used; the message says what, found, wanted and the remedy."""


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """How much each of `retrieval.fuse.Signals` counts in the score of a passage.

    `reader` counts once the passages are read: how probable it is that the best sentence answers, as log odds.
    """

    passage_cosine: float
    sentence_cosine: float
    words: float
    headings: float
    reader: float


@dataclass(frozen=True, slots=True)
class ReaderWeights:
    """The weights of `CalibratedReader`.

    A sentence's score is the sum of its features, each times the weight of its name; its probability is the logistic
    function of `intercept + score * its score`, `+ quantity_missing` if the question asks for a quantity and the
    sentence has none.
    """

    sentence_logit: float
    passage_logit: float
    cosine: float
    term_similarity: float
    centrality: float
    intercept: float
    score: float
    quantity_missing: float


@dataclass(frozen=True, slots=True)
class Policy:
    """What is searched, read, quoted and refused.

    The `k` best passages by `fusion` are read; the other forms of a question's terms count by `other_forms_weight` in
    [0, 1]. A sentence answers if its probability reaches `answer_threshold`, and stands beside a better one if it
    reaches `quote_share` of that one's. From `sure_threshold` on the reply says that a quote very likely answers, below
    it that it may.
    """

    k: int
    fusion: FusionWeights
    other_forms_weight: float
    # How probable the resolver must find it that a follow-up needs words of earlier turns, and each of these words.
    need_threshold: float
    pick_threshold: float
    bm25_k1: float
    bm25_b: float
    reader: ReaderWeights
    answer_threshold: float
    sure_threshold: float
    quote_share: float
    max_quotes: int
    max_question_characters: int
    # A question is in another language if that language's log-likelihood a character is higher than English by this.
    language_margin: float
    # Below this many letters a word piece, words that the corpus hasn't got are taken for nonsense.
    nonsense_letters_per_piece: float

    @classmethod
    def read(cls, path: Path) -> "Policy":
        """Reads a policy file.

        Raises:
            PolicyError: if it is missing, no JSON, or lacks a number that can be reckoned with.
        """
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            nested = {"fusion": FusionWeights(**record["fusion"]), "reader": ReaderWeights(**record["reader"])}
            policy = cls(**{**record, **nested})
            _check(policy)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise PolicyError(f"{path} is no policy ({error}); restore it, or fit one: python -m evals.fit") from error
        return policy

    def to_text(self) -> str:
        """The policy as the JSON text that `read` takes."""
        return json.dumps(asdict(self), indent=1) + "\n"


def _check(policy: Policy) -> None:
    record = asdict(policy)
    for name, value in {**record.pop("fusion"), **record.pop("reader"), **record}.items():
        is_count = Policy.__annotations__.get(name) is int
        if type(value) is not int and (is_count or type(value) is not float or not math.isfinite(value)):
            raise ValueError(f"found {name} {value!r}, wanted a {'whole' if is_count else 'finite'} number")
        if is_count and value < 1:
            raise ValueError(f"found {name} {value!r}, wanted 1 or more")


def default_policy() -> Policy:
    """The policy that is committed with the project."""
    with resources.as_file(resources.files("retrieval") / "policy.json") as path:
        return Policy.read(path)
