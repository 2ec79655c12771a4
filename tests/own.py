"""The project's own corpus with its index, and what the bot replies to the committed cases."""

import shutil
from functools import cache
from pathlib import Path

import corpus
import evals
from evals.cases import Case, load_cases
from retrieval.answer import Responder
from retrieval.model import Reply
from tests.workshop import Workshop

__all__ = ["OWN", "own_workshop", "replies"]

OWN = Path(corpus.__file__).parent
CASES = Path(evals.__file__).parent / "cases" / "dystonia-and-seizures.jsonl"


def own_workshop(vantor: Workshop, folder: Path) -> Workshop:
    """The project's own corpus and its index with the default encoder, built once in `folder`, to be read only."""
    own = Workshop(OWN, folder / "own-index", vantor.encoder)
    if not own.home.exists():
        shutil.copytree(vantor.home, own.home)  # a build takes the exported encoder from the generation before
        own.build()
    return own


@cache
def replies(home: Path) -> tuple[tuple[Case, Reply], ...]:
    """The committed cases with what the index in `home` replies to them."""
    responder = Responder.open(home, corpus=OWN)
    cases = load_cases(CASES, responder.index.documents, responder.index.sentences_of)
    return tuple((case, responder.answer(case.question, case.history)) for case in cases)
