"""The project's own corpus with its index, and what the bot replies to the committed cases."""

import shutil
from functools import cache
from pathlib import Path

import corpus
import evals
from evals.answers import Outcome, run
from evals.cases import load_cases
from retrieval.answer import Responder
from tests.workshop import Workshop

__all__ = ["CASES", "OWN", "outcomes", "own_workshop"]

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
def outcomes(home: Path) -> tuple[Outcome, ...]:
    """What the index in `home` replies to the committed cases."""
    responder = Responder.open(home, corpus=OWN)
    cases = load_cases(CASES, responder.index.documents, responder.index.sentences_of)
    return tuple(run(responder.answer, cases))
