"""The commands of `insights eval` that measure on public sets."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from platformdirs import user_cache_path

from ui.inputs import UsageError, check_outputs

if TYPE_CHECKING:
    from evals.beir import Condition
    from evals.progress import Progress
    from evals.retrieval import Mean, Task
    from retrieval.index import PassageIndex

__all__ = ["eval_followups", "eval_reading", "eval_retrieval"]


class Run(StrEnum):
    """The rankings that can be compared; `evals/rankings.py` says what each is."""

    DENSE = "dense"
    BM25 = "bm25"
    RRF = "rrf"
    HYBRID = "hybrid"
    SHIPPED = "shipped"


class Reader(StrEnum):
    """The readers that can be compared; `evals/reading.py` says what each is."""

    SHIPPED = "shipped"
    COSINE = "cosine"


_CorpusOption = Annotated[
    Path, typer.Option("--corpus", metavar="FILE", help='Documents: {"id", "title", "text"} a line, .gz or not.')
]
_QueriesOption = Annotated[Path, typer.Option(metavar="FILE", help='Queries: {"id", "text", "meta": {}} a line.')]
_QrelsOption = Annotated[
    Path, typer.Option(metavar="FILE", help="Judgments: query, document and grade a line, with tabs between them.")
]
_WhereOption = Annotated[str | None, typer.Option(metavar="KEY=VALUE", help="Only queries whose meta has this value.")]
_RelevanceOption = Annotated[int, typer.Option(min=1, help="The smallest grade that counts as relevant.")]
_CondensedOption = Annotated[
    bool, typer.Option("--condensed", help="Measure on the documents alone that are judged and in the corpus.")
]
_EncoderOption = Annotated[
    str, typer.Option(metavar="NAME|DIR", help="Encoder: the default one, or a sentence-transformers folder.")
]
_CacheOption = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Where indexes of public sets are kept; else in the user's cache.")
]
_JsonOption = Annotated[
    Path | None, typer.Option("--json", metavar="FILE", help='Write the result as one JSON object; "-" is stdout.')
]


def eval_retrieval(
    *,
    corpus: _CorpusOption,
    queries: _QueriesOption,
    qrels: _QrelsOption,
    run: Annotated[
        list[Run] | None,
        typer.Option(
            help="Rank by vectors alone, by BM25 alone, by both fused by reciprocal rank, by the search as it ships, "
            "or by that and all that comes before and after it; repeat it. Else by all five."
        ),
    ] = None,
    where: _WhereOption = None,
    query_text: Annotated[
        str | None, typer.Option(metavar="KEY", help="Take the queries' text from this key of their meta.")
    ] = None,
    relevance: _RelevanceOption = 1,
    condensed: _CondensedOption = False,
    encoder: _EncoderOption = "all-MiniLM-L6-v2",
    cache: _CacheOption = None,
    json_file: _JsonOption = None,
    run_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the ranking in TREC's run format; with several runs the shipped one, and the others "
            "into files of their own beside it, named FILE.dense and so on.",
        ),
    ] = None,
) -> None:
    """Measure how well the search finds the relevant documents of a public set (BEIR's layout)."""
    from evals.beir import judged, read_queries
    from evals.files import write_text
    from evals.rankings import RUNS, rank_by
    from evals.retrieval import Task, check_trec_ids, means, to_record, trec_run
    from ui.eval_commands import write_json
    from ui.progress import progress_bar
    from ui.terminal import show_means

    check_outputs(json_file, run_file)
    wanted = judged(read_queries(queries, condition=_condition(where), text_key=query_text), qrels, relevance=relevance)
    rankings: dict[str, dict[str, list[str]]] = {}
    with progress_bar() as progress:
        index = _index(corpus, encoder, cache, progress)
        task = Task.of(index, wanted, relevance=relevance, condensed=condensed)
        if run_file:
            check_trec_ids(task)
        for name in dict.fromkeys(run or RUNS):
            texts = [query.text for query in task.judged.queries]
            found = rank_by(name, index, texts, progress)
            rankings[name] = {query.id: found[query.text] for query in task.judged.queries}
    if run_file:
        for name, ranked in rankings.items():
            write_text(trec_run(ranked, name), _file_of(name, run_file, [*rankings], shipped=Run.SHIPPED))
    per_query = {name: task.measure(ranked) for name, ranked in rankings.items()}
    runs = _figures({name: means(figures) for name, figures in per_query.items()})
    if json_file:
        about = {**to_record(task, corpus.name), "where": where, "query_text": query_text}
        write_json(about | {"runs": runs, "per_query": per_query}, json_file)
    if str(json_file) != "-":
        show_means("Means over queries and their 95% intervals", runs)
        _show_about(task)


def eval_followups(
    *,
    corpus: _CorpusOption,
    queries: _QueriesOption,
    qrels: _QrelsOption,
    where: _WhereOption = None,
    relevance: _RelevanceOption = 1,
    condensed: _CondensedOption = False,
    encoder: _EncoderOption = "all-MiniLM-L6-v2",
    cache: _CacheOption = None,
    json_file: _JsonOption = None,
) -> None:
    """Measure what follow-up questions find: as asked, as the bot rewrites them, and as a human did."""
    from evals.beir import judged, read_queries
    from evals.followups import follow_ups, measure_follow_ups
    from evals.retrieval import Task, to_record
    from retrieval.answer import Responder
    from ui.eval_commands import write_json
    from ui.progress import progress_bar
    from ui.terminal import show_means

    check_outputs(json_file)
    asked = read_queries(queries, condition=_condition(where))
    wanted = judged(follow_ups(asked, queries), qrels, relevance=relevance)
    with progress_bar() as progress:
        index = _index(corpus, encoder, cache, progress)
        task = Task.of(index, wanted, relevance=relevance, condensed=condensed)
        responder = Responder.over(index)
        found = measure_follow_ups(task, responder, partial(progress, "Searching"))
    changes, beside = found.changes(), _figures(found.beside_human())
    result = {
        **to_record(task, corpus.name),
        "where": where,
        "refused": len(found.refused),
        **asdict(changes),
        "forms": _figures(found.of_all()),
        "with_human_rewrite": {"queries": len(found.asked["human"]), "forms": beside},
        "per_query": found.per_query,
        "asked": found.asked,
    }
    if json_file:
        write_json(result, json_file)
    if str(json_file) != "-":
        show_means("Follow-ups: means and their 95% intervals", result["forms"])
        if beside:
            show_means("Those of them that a human rewrote", beside)
        share = changes.changed / len(task.judged.queries)
        typer.echo(
            f"rewritten: {changes.changed} of {len(task.judged.queries)} ({share:.0%}), of them better by nDCG@10: "
            f"{changes.better}, worse: {changes.worse}; refused by the bot: {len(found.refused)}"
        )
        _show_about(task)


def eval_reading(
    *,
    data: Annotated[Path, typer.Option(metavar="FILE", help='Rows: {"question", "passage", "answer_spans"} a line.')],
    corpus: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help='Passages {"id", "text"}, for rows with "context_id" and "answers" instead.'),
    ] = None,
    reader: Annotated[
        list[Reader] | None, typer.Option(help="The bot's own reader, or the floor; repeat it. Else both.")
    ] = None,
    encoder: _EncoderOption = "all-MiniLM-L6-v2",
    cache: _CacheOption = None,
    json_file: _JsonOption = None,
    predictions: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help='Write {"id", "answerable", "sentences", "selected"} a row, selected at the policy\'s threshold '
            "(cosine has none: at its best one); with several readers of the shipped one, and of the others in files "
            "of their own beside it, named FILE.cosine and so on.",
        ),
    ] = None,
) -> None:
    """Measure which sentences of a given passage answer a question, and whether the passage answers at all."""
    from evals.collection import IndexCache
    from evals.files import write_text
    from evals.reading import SUBJECTS, prediction_lines
    from evals.reading_measures import evaluate, to_record
    from evals.reading_rows import load_rows
    from retrieval.policy import default_policy
    from ui.eval_commands import write_json
    from ui.progress import progress_bar
    from ui.terminal import show_means

    rows = load_rows(data, corpus)
    check_outputs(json_file, predictions)
    folder = cache or user_cache_path("insights-help") / "evals"
    with progress_bar() as progress:
        index = IndexCache(folder, encoder, default_policy()).index((row.passage for row in rows), progress)
        results = {
            name.value: evaluate(SUBJECTS[name](index), rows, index, progress)
            for name in dict.fromkeys(reader or Reader)
        }
    record = to_record(data.name, results)
    if predictions:
        for name, result in results.items():
            path = _file_of(name, predictions, [*results], shipped=Reader.SHIPPED)
            write_text(prediction_lines(result.readings, result.threshold), path)
    if json_file:
        write_json(record, json_file)
    if str(json_file) != "-":
        show_means("Evidence reading: figures and their 95% intervals", record["readers"])
        typer.echo(
            f"rows: {record['rows']}, answered by their passage: {record['answerable']}, sentences: "
            f"{record['sentences']}; the best threshold is that of the best F1 on these rows: optimistic"
        )
    if record["without_sentences"]:
        typer.echo(
            f"insights: rows without a sentence, read with confidence 0: {record['without_sentences']}", err=True
        )


def _file_of(name: str, path: Path, names: Sequence[str], *, shipped: str) -> Path:
    """Where the output of one of several goes: what is shipped, or else the first, into the file that was named."""
    first = shipped if shipped in names else names[0]
    return path if name == first else path.with_name(f"{path.name}.{name}")


def _condition(where: str | None) -> "Condition | None":
    from evals.beir import Condition

    if where is None:
        return None
    key, equals, value = where.partition("=")
    if not key or not equals:
        raise UsageError(f"--where: found {where!r}, wanted KEY=VALUE; say: --where split=test")
    return Condition(key, value)


def _index(corpus: Path, encoder: str, cache: Path | None, progress: "Progress") -> "PassageIndex":
    """The index of a public corpus, with the project's policy."""
    from evals.collection import IndexCache, read_corpus
    from retrieval.policy import default_policy

    progress("Reading the corpus", 0, 0)
    documents = read_corpus(corpus)
    folder = cache or user_cache_path("insights-help") / "evals"
    return IndexCache(folder, encoder, default_policy()).index(documents, progress)


def _figures(means: "Mapping[str, Mapping[str, Mean]]") -> dict[str, Any]:
    return {row: {name: asdict(mean) for name, mean in figures.items()} for row, figures in means.items()}


def _show_about(task: "Task") -> None:
    typer.echo(
        f"queries: {len(task.judged.queries)} (left out, without a document judged {task.relevance} or more: "
        f"{task.judged.left_out}), documents: {len(task.index.documents)}, passages: {len(task.index)}, judgments of "
        f"documents that aren't in the corpus: {task.missing}"
        + ("; measured on the documents alone that are judged and in the corpus" if task.condensed else "")
    )
