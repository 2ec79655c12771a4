"""The commands of `insights eval`: they read what the user names, run an evaluation and print what came of it.

Part of the composition root: with `ui/cli.py` the only place that wires evaluations to the bot.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.eval_bench import eval_bench
from ui.eval_load import eval_load
from ui.eval_misspellings import eval_misspellings
from ui.eval_public import eval_followups, eval_reading, eval_retrieval
from ui.eval_rewriting import eval_rewriting
from ui.eval_safety import eval_safety
from ui.inputs import CorpusOption, IndexOption, Places, RefuseOverdueOption

if TYPE_CHECKING:
    from corpus.model import Document
    from evals.answers import Outcome
    from retrieval.answer import Responder
    from retrieval.model import Reply

__all__ = ["evaluation", "write_json"]

evaluation = typer.Typer(
    help="Put a set of questions to the bot and measure its replies.",
    epilog="Example: insights eval answers --data evals/cases/dystonia-and-seizures.jsonl",
)

DataOption = Annotated[Path, typer.Option(metavar="FILE", help="Cases, one JSON object a line.")]
JsonOption = Annotated[
    Path | None, typer.Option("--json", metavar="FILE", help='Write the result as one JSON object; "-" is stdout.')
]


@evaluation.command(
    "answers",
    epilog="Example: insights eval answers --data evals/cases/dystonia-and-seizures.jsonl --out report "
    "--gates evals/gates.toml",
)
def eval_answers(
    *,
    data: DataOption,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write report.html, report.md and report.json there.")
    ] = None,
    json_file: JsonOption = None,
    gates: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Exit 1 if a figure misses its gate in this TOML file.")
    ] = None,
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="Write JUnit XML.")] = None,
    refuse_overdue: RefuseOverdueOption = False,
    corpus: CorpusOption = None,
    index: IndexOption = None,
) -> None:
    """Measure how often the bot answers, how often rightly, and how often when it must not, by kind of case."""
    from evals.gates import check, load_gates
    from evals.junit import write_junit
    from evals.measures import Table, measure
    from evals.report import Run, to_record, write_report
    from ui.terminal import show_figures

    wanted = load_gates(gates, _name(data)) if gates else []
    responder, documents, outcomes = _run(data, Places.of(corpus, index), refuse_overdue=refuse_overdue)
    table = Table.of(outcomes, documents)
    figures = measure(table)
    checked = check(wanted, figures)
    digests = {document.id: document.sha256 for document in documents.values()}
    policy = asdict(responder.policy)
    run = Run(_name(data), responder.index.manifest.name, policy, digests, outcomes, table, figures, checked)
    record = to_record(run)
    if out:
        write_report(record, out)
    if junit:
        write_junit(record, junit)
    if json_file:
        write_json(record, json_file)
    if str(json_file) != "-":
        show_figures(record["figures"])
    for missed in (gate for gate in checked if not gate.passed):
        typer.echo(f"insights: {missed}", err=True)
    if not all(gate.passed for gate in checked):
        raise typer.Exit(1)


@evaluation.command("compare", epilog="Example: insights eval compare before/report.json after/report.json")
def eval_compare(
    old: Annotated[Path, typer.Argument(metavar="OLD.json", help="What insights eval answers wrote before.")],
    new: Annotated[Path, typer.Argument(metavar="NEW.json", help="What it wrote after a change.")],
    *,
    json_file: JsonOption = None,
) -> None:
    """Show which cases changed between two runs, and whether that may be chance."""
    from evals.compare import compare, read_record
    from ui.terminal import show_comparison

    compared = asdict(compare(read_record(old), read_record(new)))
    if json_file:
        write_json(compared, json_file)
    if str(json_file) != "-":
        show_comparison(compared)


@evaluation.command("calibrate", epilog="Example: insights eval calibrate --data my-cases.jsonl --write my-policy.json")
def eval_calibrate(
    *,
    data: DataOption,
    risk: Annotated[float, typer.Option(min=0.001, max=0.999, help="What share of the answers may be wrong.")] = 0.05,
    sure: Annotated[
        float, typer.Option(min=0.5, max=0.9999, help="How certain the bound on other cases shall be.")
    ] = 0.95,
    guarantee: Annotated[
        bool, typer.Option("--guarantee", help="Keep the risk on other cases too, with that certainty.")
    ] = False,
    write: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the policy into this file.")] = None,
    json_file: JsonOption = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
) -> None:
    """Fit the thresholds of the policy to your own cases for a stated risk, and say how sure that is."""
    from evals.calibrate import answers_needed, calibrate, fit_quote_share
    from evals.files import write_text
    from evals.measures import Table
    from ui.progress import progress_bar

    # With the best sentence alone: whatever threshold and share are fitted, the first quote shows that and maybe more.
    responder, documents, outcomes = _run(data, Places.of(corpus, index), quote_share=1.0)
    found = calibrate(Table.of(outcomes, documents).judged, risk=risk, sure=sure, guarantee=guarantee)
    certainty = f"{100 * sure:.6g}% certainty"
    if found is None:
        needed = f"; it takes {answers_needed(risk, sure=sure)} right answers at the least" if guarantee else ""
        typer.echo(
            f"insights: {data}: at no threshold are at most {100 * risk:.6g}% of the answers wrong"
            f"{f' with {certainty}' if guarantee else ''}{needed}; add cases, or take a higher --risk; nothing was "
            "written",
            err=True,
        )
        raise typer.Exit(1)
    policy = replace(responder.policy, answer_threshold=found.threshold)
    with progress_bar() as progress:
        share = fit_quote_share(replace(responder, policy=policy), [outcome.case for outcome in outcomes], progress)
    policy = replace(policy, quote_share=share)
    if write:
        write_text(policy.to_text(), write)
    if json_file:
        write_json(asdict(found) | {"risk": found.risk, "sure": sure, "quote_share": policy.quote_share}, json_file)
    if str(json_file) != "-":
        typer.echo(
            f"answer_threshold {found.threshold:g}, quote_share {policy.quote_share:g}. On these {len(outcomes)} cases "
            f"{found.coverage:.1%} of the answerable questions are answered, and at most {found.wrong} of "
            f"{found.answers} answers are wrong ({found.risk:.1%}). On other cases of the same sort at most "
            f"{found.bound:.1%} are, with {certainty} (Clopper-Pearson over all thresholds), if nothing else was "
            "fitted to these."
        )
        if write:
            typer.echo(f"policy written to {write}; build the index with it: insights build --policy {write}")


def _run(
    data: Path, places: Places, *, quote_share: float | None = None, refuse_overdue: bool = False
) -> "tuple[Responder, dict[str, Document], list[Outcome]]":
    """The responder, the vetted documents as the corpus has them, and what comes of each case.

    The policy is that of the index, with another `quote_share` if one is given. With `refuse_overdue` nothing is quoted
    from documents whose review is overdue.
    """
    from corpus.store import load_corpus
    from evals.answers import Bot, run
    from evals.cases import load_cases
    from retrieval.answer import Responder
    from ui.progress import progress_bar
    from ui.wire import to_json

    responder = Responder.open(places.index, corpus=places.corpus)
    responder = replace(responder, refuses_overdue=refuse_overdue)
    if quote_share is not None:
        responder = replace(responder, policy=replace(responder.policy, quote_share=quote_share))
    index = responder.index
    cases = load_cases(data, index.documents, index.sentences_of)

    def show(reply: "Reply", elapsed_ms: float) -> dict[str, Any]:
        return to_json(reply, index=index.manifest.name, elapsed_ms=elapsed_ms, today=date.today())

    with progress_bar() as progress:
        outcomes = run(Bot.of(responder, show), cases, progress)
    return responder, dict(load_corpus(places.corpus).documents), outcomes


def _name(data: Path) -> str:
    """What a set of cases is called: its file's name without the endings."""
    return data.name.removesuffix(".gz").removesuffix(".jsonl")


def write_json(result: Mapping[str, Any], path: Path) -> None:
    """Writes one JSON object into a file, or to stdout if that is called "-"."""
    from evals.files import write_text

    if str(path) == "-":
        typer.echo(json.dumps(result, ensure_ascii=False))
    else:
        write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", path)


evaluation.command(
    "retrieval",
    epilog="Example: insights eval retrieval --corpus corpus.jsonl --queries queries.jsonl --qrels qrels.tsv",
)(eval_retrieval)
evaluation.command(
    "followups",
    epilog="Example: insights eval followups --corpus corpus.jsonl --queries queries.jsonl --qrels qrels.tsv",
)(eval_followups)
evaluation.command("rewriting", epilog="Example: insights eval rewriting --data conversations.jsonl")(eval_rewriting)
evaluation.command("bench", epilog="Example: insights eval bench --out bench")(eval_bench)
evaluation.command("reading", epilog="Example: insights eval reading --data reading.jsonl")(eval_reading)
evaluation.command(
    "misspellings",
    epilog="Example: insights eval misspellings --data evals/cases/dystonia-and-seizures.jsonl",
)(eval_misspellings)
evaluation.command("load", epilog="Example: insights eval load --url http://127.0.0.1:7860 --askers 32 --seconds 30")(
    eval_load
)
evaluation.command(
    "safety",
    epilog="Example: insights eval safety --data evals/cases/safety.jsonl --gates evals/gates.toml",
)(eval_safety)
