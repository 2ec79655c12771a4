"""Token counts: those of byte-pair encoding with the ranks that the project ships, without any network."""

import base64
import json
import os
import subprocess
import sys
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Regex, pre_tokenizers

from ingest.tokens import PATTERN, count_tokens
from ingest.train_encoding import train

RANKS = resources.files("ingest") / "encoding" / "medical_8k.tiktoken"
some_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.lists(
    st.sampled_from(
        ["moths", " moths", "Vantor", "reeds'", "12345", "—", "\n\n", "  ", "\r\n", "🌒", "e\u0301", "<|a|>"]
    ),
    max_size=30,
).map("".join)


def ranks_of(path: Path) -> dict[bytes, int]:
    lines = path.read_text("ascii").splitlines()
    return {base64.b64decode(token): int(rank) for token, rank in (line.split(" ") for line in lines)}


def merged(word: bytes, ranks: dict[bytes, int]) -> list[bytes]:
    """Byte-pair encoding as Sennrich et al. (2016) define it: merge the pair of the lowest rank, again and again."""
    parts = [bytes([byte]) for byte in word]
    while len(parts) > 1:
        pairs = [ranks.get(a + b, len(ranks)) for a, b in pairwise(parts)]
        best = min(pairs)
        if best == len(ranks):
            break
        at = pairs.index(best)
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return parts


@pytest.fixture(scope="module")
def ranks() -> dict[bytes, int]:
    with resources.as_file(RANKS) as path:
        return ranks_of(path)


@given(text=some_texts)
def test_a_count_is_what_byte_pair_encoding_gives_by_the_book(ranks: dict[bytes, int], text: str) -> None:
    words = [word for word, _ in pre_tokenizers.Split(Regex(PATTERN), "isolated").pre_tokenize_str(text)]
    assert "".join(words) == text
    assert count_tokens(text) == sum(len(merged(word.encode("utf-8"), ranks)) for word in words)


def test_the_counts_of_the_projects_own_document_are_those_of_the_book(ranks: dict[bytes, int]) -> None:
    text = (resources.files("corpus") / "documents" / "dystonia-and-seizures.txt").read_text("utf-8")
    words = [word for word, _ in pre_tokenizers.Split(Regex(PATTERN), "isolated").pre_tokenize_str(text)]
    assert count_tokens(text) == sum(len(merged(word.encode("utf-8"), ranks)) for word in words)


@pytest.mark.parametrize("text", ["<|endoftext|>", "<|fim_prefix|>", "[CLS]", "</s>"])
def test_what_looks_like_a_special_token_is_ordinary_text(text: str) -> None:
    assert count_tokens(text) > 1
    assert count_tokens(f"moths {text}") == count_tokens("moths") + count_tokens(f" {text}")


def test_nothing_is_no_token() -> None:
    assert count_tokens("") == 0


def test_there_are_8000_ranks_and_every_byte_has_one(ranks: dict[bytes, int]) -> None:
    assert sorted(ranks.values()) == list(range(8_000))
    assert {bytes([byte]) for byte in range(256)} <= ranks.keys()


def test_every_longer_token_is_made_of_two_of_lower_rank(ranks: dict[bytes, int]) -> None:
    orphans = [
        token
        for token, rank in ranks.items()
        if len(token) > 1
        and not any(max(ranks.get(token[:n], rank), ranks.get(token[n:], rank)) < rank for n in range(1, len(token)))
    ]
    assert orphans == []


def test_counting_needs_no_network_and_no_cache_folder(tmp_path: Path) -> None:
    script = """
import sys

def refuse(event, arguments):
    if event.startswith("socket.") or event == "tempfile.mkdtemp":
        raise SystemExit(f"{event} {arguments}")

sys.addaudithook(refuse)
from ingest.tokens import count_tokens
print(count_tokens("glimmer moths of Vantor"))
"""
    environment = os.environ | {"TIKTOKEN_CACHE_DIR": str(tmp_path / "cache"), "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, check=True, capture_output=True, text=True)
    assert int(done.stdout) == count_tokens("glimmer moths of Vantor")
    assert list(tmp_path.iterdir()) == []


def test_an_encoding_that_is_learnt_has_the_format_of_the_one_that_is_shipped(tmp_path: Path) -> None:
    texts = ["The glimmer moths of Vantor rest on silver reeds.", "Reeds—silver ones—lean towards the north 🌒."]
    source, out = tmp_path / "moths.jsonl", tmp_path / "moths.tiktoken"
    source.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    number = train(source, out)
    learnt = ranks_of(out)
    assert sorted(learnt.values()) == list(range(number))
    assert {bytes([byte]) for byte in range(256)} <= learnt.keys()
    assert b" moths" in learnt
