"""Which answers a synchronisation would change: the same cases, put to the index of now and to the one to come."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from corpus.store import Corpus
from evals.answers import Bot, run
from evals.cases import load_cases
from evals.compare import Comparison, compare
from evals.gates import Checked, Gate, check
from evals.measures import Table, measure
from evals.progress import Progress
from evals.report import Run, to_record
from retrieval.answer import Responder
from retrieval.generation import IndexFolderError
from retrieval.index import PassageIndex
from retrieval.model import Reply
from ui.wire import to_json

__all__ = ["Answered", "Questions", "answered", "compared", "index_of_now"]

_LOST: Final = "its gold is in no document"


@dataclass(frozen=True, slots=True)
class Questions:
    """A file of cases, what it is called, and the gates that its figures have to pass."""

    file: Path
    name: str
    gates: Sequence[Gate] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of the cases over one index; `lost` says by case which gold text isn't in its documents once."""

    record: Mapping[str, Any]
    gates: Sequence[Checked]
    lost: Mapping[str, str]

    @property
    def missed(self) -> list[str]:
        """What keeps the gates from being passed, a line each; a case that can't be judged any more does."""
        return [str(gate) for gate in self.gates if not gate.passed] + (list(self.lost.values()) if self.gates else [])


def index_of_now(home: Path, corpus: Corpus) -> PassageIndex | None:
    """The index of the corpus as it is now; `None` if there is none that can be asked."""
    try:
        return PassageIndex.over(home, corpus) if corpus.documents else None
    except IndexFolderError:
        return None


def answered(questions: Questions, index: PassageIndex, progress: Progress) -> Answered:
    """What comes of the cases over that index.

    Raises:
        DataError: if the file can't be used.
    """
    responder = Responder.over(index)
    lost: dict[str, str] = {}
    cases = load_cases(questions.file, index.documents, index.sentences_of, lost=lost)

    def show(reply: Reply, elapsed_ms: float) -> dict[str, Any]:
        return to_json(reply, index=index.manifest.name, elapsed_ms=elapsed_ms, today=date.today())

    outcomes = run(Bot.of(responder, show), cases, progress)
    documents = {document.id: document for document in index.documents}
    table = Table.of(outcomes, documents)
    figures = measure(table)
    checked = check(list(questions.gates), figures)
    digests = {document.id: document.sha256 for document in index.documents}
    policy = asdict(responder.policy)
    record = to_record(Run(questions.name, index.manifest.name, policy, digests, outcomes, table, figures, checked))
    return Answered(record | {"cases": [_judged(case, lost) for case in record["cases"]]}, checked, lost)


def compared(before: Answered, after: Answered) -> Comparison:
    """What is different between the two."""
    return compare(before.record, after.record)


def _judged(case: dict[str, Any], lost: Mapping[str, str]) -> dict[str, Any]:
    """The case, which can't be judged without its gold: it isn't one that nothing answers."""
    if case["id"] not in lost:
        return case
    return case | {"verdict": _LOST, "failed": True, "gold": [lost[case["id"]]]}
