"""The command `insights corpus check`: the corpus, its index and evaluation cases looked through.

Part of the composition root.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.inputs import CorpusOption, IndexOption, Places, PrintJsonOption

if TYPE_CHECKING:
    from ingest.findings import Finding

__all__ = ["check_corpus"]


def check_corpus(
    *,
    cases: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Check that the gold of these cases occurs once; repeat it."),
    ] = None,
    soon: Annotated[int, typer.Option(min=0, metavar="DAYS", help="Tell of reviews that are due so soon.")] = 30,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 for warnings and notices too.")] = False,
    as_json: PrintJsonOption = False,
    corpus: CorpusOption = None,
    index: IndexOption = None,
) -> None:
    """Look the corpus through: provenance, reviews, dead ranges, copies and what they say against each other.

    Exit 1 if there is an error; warnings and notices are for a person to look at.
    """
    from ingest.findings import Severity
    from ui.corpus_views import finding_record, show_findings
    from ui.progress import progress_bar

    places = Places.of(corpus, index)
    with progress_bar() as progress:
        findings = sorted(
            _findings(places, cases or [], soon, progress), key=lambda one: list(Severity).index(one.severity)
        )
    if as_json:
        counts = {severity: sum(one.severity is severity for one in findings) for severity in Severity}
        records = [finding_record(one) for one in findings]
        typer.echo(json.dumps({"corpus": str(places.corpus), **counts, "findings": records}, ensure_ascii=False))
    else:
        show_findings(findings)
    if any(one.severity is Severity.ERROR for one in findings) or (strict and findings):
        raise typer.Exit(1)


def _findings(
    places: Places, cases: list[Path], soon: int, progress: Callable[[str, int, int], None]
) -> "Iterator[Finding]":
    from corpus.store import CorpusError, load_corpus
    from evals.cases import misplaced_gold
    from ingest.check import check_copies, check_provenance, check_versions
    from ingest.findings import Finding, Kind, Severity

    progress("Reading", 0, 0)
    try:
        documents = list(load_corpus(places.corpus).documents.values())
    except CorpusError as error:
        # What is vetted no longer is; nothing that is read of it can be relied on.
        yield Finding(Severity.ERROR, Kind.CORPUS, (), str(error))
        return
    yield from check_versions(places.corpus)
    yield from _index_findings(places)
    for path in cases:
        for line in misplaced_gold(path, documents):
            yield Finding(Severity.ERROR, Kind.GOLD, (), line)
    yield from check_provenance(documents, today=date.today(), soon_days=soon)
    yield from check_copies(documents, progress)


def _index_findings(places: Places) -> "Iterator[Finding]":
    from corpus.store import CorpusError
    from ingest.findings import Finding, Kind, Severity
    from retrieval.encoder import EncoderError
    from retrieval.generation import CURRENT, IndexFolderError
    from retrieval.policy import PolicyError
    from retrieval.verify import verify_index

    if not (places.index / CURRENT).exists():
        line = f"no index in {places.index} yet; run: insights build"
        yield Finding(Severity.NOTICE, Kind.INDEX, (), line)
        return
    try:
        wrong = verify_index(places.index, corpus=places.corpus)
    except (CorpusError, EncoderError, IndexFolderError, PolicyError) as error:
        wrong = [str(error)]
    for line in wrong:
        yield Finding(Severity.ERROR, Kind.INDEX, (), line)
