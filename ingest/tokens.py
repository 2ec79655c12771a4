"""Token counts, by the encoding that the project ships; the only door to tiktoken.

The encoding has 8,000 byte-pair ranks learnt from public medical text (`ingest/encoding/README.md`), so that nothing is
fetched from the network. Counts are a budget for packing passages; whether a passage fits its encoder is checked with
the encoder's own tokenizer at build time.
"""

import base64
from functools import cache
from importlib import resources

import tiktoken

__all__ = ["PATTERN", "count_tokens"]

# Words with the space before them, numbers by up to three digits, runs of other signs, line ends, white space.
PATTERN = r"""'(?i:[sdmt]|ll|ve|re)| ?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+|\s*[\r\n]+|\s+(?!\S)|\s+"""


@cache
def _encoding() -> tiktoken.Encoding:
    lines = (resources.files("ingest") / "encoding" / "medical_8k.tiktoken").read_text("ascii").splitlines()
    # Not tiktoken's own loader: it keeps a copy of what it reads in a shared cache folder and would miss a new version.
    ranks = {base64.b64decode(token): int(rank) for token, rank in (line.split() for line in lines)}
    return tiktoken.Encoding("medical_8k", pat_str=PATTERN, mergeable_ranks=ranks, special_tokens={})


def count_tokens(text: str) -> int:
    """The number of tokens of `text`; text that looks like a special token counts as ordinary text."""
    return len(_encoding().encode_ordinary(text))
