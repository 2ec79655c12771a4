"""The command `insights eval misspellings`."""

from pathlib import Path
from typing import Annotated

import typer

from ui.inputs import CorpusOption, IndexOption, Places

__all__ = ["eval_misspellings"]


def eval_misspellings(
    *,
    data: Annotated[Path, typer.Option(metavar="FILE", help="Cases, one JSON object a line.")],
    queries: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help='More questions that should be left as they are: {"id", "text", "meta": {}} a line; repeat it.',
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Another one gives other slips.")] = 1,
    repeats: Annotated[int, typer.Option(min=1, help="Misspelt versions of a question with as many slips.")] = 5,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help='Write the result as one JSON object; "-" is stdout.')
    ] = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
) -> None:
    """Measure what slips of the finger in questions lose, and which questions the corrector changes without any."""
    from evals.beir import read_queries
    from evals.cases import load_cases
    from evals.misspellings import ask, changed, to_record, versions
    from retrieval.answer import Responder
    from ui.eval_commands import write_json
    from ui.progress import progress_bar
    from ui.terminal import show_changed_questions, show_means

    places = Places.of(corpus, index)
    responder = Responder.open(places.index, corpus=places.corpus)
    cases = load_cases(data, responder.index.documents, responder.index.sentences_of)
    clean = {str(data): [(case.id, case.question, case.history) for case in cases]}
    for path in queries or ():
        clean[str(path)] = [(query.id, query.text, query.history) for query in read_queries(path)]
    misspelt = versions(cases, data, repeats=repeats, seed=seed)
    with progress_bar() as progress:
        outcomes = ask(responder, misspelt, progress)
        found = changed(responder, clean, progress)
    counts = {source: len(questions) for source, questions in clean.items()}
    about = {"index": responder.index.manifest.name, "seed": seed, "repeats": repeats}
    record = to_record(outcomes, found, counts) | about
    if json_file:
        write_json(record, json_file)
    if str(json_file) != "-":
        show_means("Right first quotes and the share of them lost, with 95% intervals", record["figures"])
        show_changed_questions(record["changed"], counts)
