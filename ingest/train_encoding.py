"""Learns the token encoding that `ingest/tokens.py` ships, from a JSONL file with a `text` in each line.

    python -m ingest.train_encoding corpus.jsonl.gz ingest/encoding/medical_8k.tiktoken

Run once; its result is committed. Not part of ingesting or building.
"""

import base64
import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

from ingest.tokens import PATTERN

__all__ = ["train"]

RANKS = 8_000


def _texts(corpus: Path) -> Iterator[str]:
    with (
        gzip.open(corpus, "rt", encoding="utf-8") if corpus.suffix == ".gz" else corpus.open(encoding="utf-8") as lines
    ):
        for line in lines:
            yield json.loads(line)["text"]


def _bytes_of_characters() -> dict[str, int]:
    """The byte that each character of the byte-level alphabet stands for (the GPT-2 table, rebuilt)."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(256 + n): byte for n, byte in enumerate(others)}


def train(corpus: Path, out: Path) -> int:
    """Writes the ranks in tiktoken's format (`base64 rank` a line) and gives their number."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PATTERN), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=RANKS, initial_alphabet=alphabet, show_progress=True)
    tokenizer.train_from_iterator(_texts(corpus), trainer)

    to_byte = _bytes_of_characters()
    vocabulary = sorted(tokenizer.get_vocab().items(), key=lambda entry: entry[1])
    tokens = [bytes(to_byte[character] for character in token) for token, _ in vocabulary]
    out.write_text(
        "".join(f"{base64.b64encode(token).decode('ascii')} {rank}\n" for rank, token in enumerate(tokens)),
        encoding="ascii",
    )
    return len(tokens)


if __name__ == "__main__":
    sys.stdout.write(f"{train(Path(sys.argv[1]), Path(sys.argv[2]))} ranks\n")
