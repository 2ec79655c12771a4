"""Makes `retrieval/words.txt`: words that are words although the list of common English hasn't them.

python -m retrieval.training.words medquad/corpus.jsonl.gz retrieval/words.txt
"""

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from retrieval.spelling import is_english

__all__ = ["HEADER", "main", "words_of"]

HEADER = """\
# Words that are words although the list of common English hasn't them: those of health texts (MedQuAD, Ben Abacha and
# Demner-Fushman 2019, CC BY 4.0; in three documents or more) and whole words of the vocabulary of BERT (Devlin et al.
# 2019, Apache-2.0), most of them names. They are left alone, and never shown. Made by retrieval/training/words.py.
"""
# Not the abbreviations in capitals, of which there are enough to be near any word.
_WORD = re.compile(r"\b[A-Za-z]?[a-z]{3,}\b")
_LETTERS = re.compile(r"[a-z]{4,}")
_DOCUMENTS = 3


def words_of(texts: Iterable[str], vocabulary: Iterable[str]) -> list[str]:
    """Words of four letters or more that three of the texts have, or the vocabulary, and no common English; sorted."""
    documents = Counter(word for text in texts for word in {found.lower() for found in _WORD.findall(text)})
    of_texts = {word for word, count in documents.items() if count >= _DOCUMENTS}
    of_vocabulary = {word for word in vocabulary if _LETTERS.fullmatch(word)}
    return sorted(word for word in of_texts | of_vocabulary if not is_english(word))


def main() -> None:
    """Reads the texts, and the vocabulary of the reader that is shipped; writes the words."""
    corpus, out = map(Path, sys.argv[1:])
    tokenizer = json.loads((Path(__file__).parents[1] / "network" / "tokenizer.json").read_text("utf-8"))
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        texts = [f"{document['title']} {document['text']}" for document in map(json.loads, lines)]
    out.write_text(HEADER + "".join(f"{word}\n" for word in words_of(texts, tokenizer["model"]["vocab"])), "utf-8")


if __name__ == "__main__":
    main()
