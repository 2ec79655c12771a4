"""Ranks the documents of a public set for its questions, in the ways that are compared."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from evals.progress import Progress
from retrieval.answer import Responder
from retrieval.index import PassageIndex
from retrieval.model import Hit
from retrieval.reader import EvidenceReader, read_hits

__all__ = ["DEPTH", "RUNS", "rank", "rank_by", "variant"]

# The documents of a ranking: enough for average precision, whose later terms hardly weigh.
DEPTH = 100
# By vectors alone; by BM25 alone; both fused by reciprocal rank; the search as it ships; and that with all that comes
# before and after it: the question as the bot understands it, and the passages in the order that the reader gives them.
RUNS = ("dense", "bm25", "rrf", "hybrid", "shipped")
# Signals that a run leaves out.
_WITHOUT: Mapping[str, Sequence[str]] = {
    "dense": ("words", "headings"),
    "bm25": ("passage_cosine", "sentence_cosine", "headings"),
}
# Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods",
# SIGIR 2009.
_RANK_CONSTANT = 60
# Questions that are encoded and searched together; beyond this they gain nothing and progress moves in jumps.
_BATCH = 64


def variant(index: PassageIndex, run: str) -> PassageIndex:
    """The index as "dense", "bm25" or "hybrid" searches it."""
    fusion = replace(index.policy.fusion, **dict.fromkeys(_WITHOUT.get(run, ()), 0.0))
    # The other forms of a question's terms belong to what ships, not to what it is compared with.
    weight = 0.0 if run in _WITHOUT else index.policy.other_forms_weight
    return replace(index, policy=replace(index.policy, fusion=fusion, other_forms_weight=weight))


def rank_by(run: str, index: PassageIndex, questions: Sequence[str], progress: Progress) -> dict[str, list[str]]:
    """The ids of `DEPTH` documents for each question by one of `RUNS`, best first; fewer if it doesn't find as many."""
    shown = partial(progress, f"Searching ({run})")
    if run == "rrf":
        parts = [rank(variant(index, part), questions, shown) for part in ("dense", "bm25")]
        return {question: _fused([part[question] for part in parts]) for question in questions}
    if run == "shipped":
        responder = Responder.over(index)
        understood = {question: responder.looked_up(question) or question for question in questions}
        found = rank(index, understood.values(), shown, reader=responder.reader)
        return {question: found[asked] for question, asked in understood.items()}
    return rank(variant(index, run), questions, shown)


def rank(
    index: PassageIndex,
    questions: Iterable[str],
    progress: Callable[[int, int], None],
    *,
    reader: EvidenceReader | None = None,
) -> dict[str, list[str]]:
    """The ids of `DEPTH` documents for each question, best first; fewer if the search doesn't find as many.

    A document stands where the best of its passages does; with a `reader` the first passages are those that it reads,
    in the order that it gives them. `progress` is called with the numbers of questions searched and to search.
    """
    distinct = list(dict.fromkeys(questions))
    # Passages that give `DEPTH` documents if each has as many as the mean one.
    k = DEPTH * math.ceil(len(index) / len(index.documents))
    rankings: dict[str, list[str]] = {}
    for start in range(0, len(distinct), _BATCH):
        progress(start, len(distinct))
        batch = distinct[start : start + _BATCH]
        for question, hits in zip(batch, _found(index, batch, k), strict=True):
            ordered = hits if reader is None else _read(index, reader, question, hits)
            rankings[question] = _documents(ordered)[:DEPTH]
    progress(len(distinct), len(distinct))
    return rankings


def _found(index: PassageIndex, questions: Sequence[str], k: int) -> list[list[Hit]]:
    """The `k` best passages, and twice as many for those questions that they don't suffice for."""
    found = index.search_all(questions, k=k)
    short = [number for number, hits in enumerate(found) if len(_documents(hits)) < DEPTH]
    if short and k < len(index):
        deeper = _found(index, [questions[number] for number in short], 2 * k)
        for number, hits in zip(short, deeper, strict=True):
            found[number] = hits
    return found


def _read(index: PassageIndex, reader: EvidenceReader, question: str, hits: Sequence[Hit]) -> list[Hit]:
    """The hits, of which the policy's `k` best are read."""
    k = index.policy.k
    best, _ = read_hits(reader, question, hits[:k], weight=index.policy.fusion.reader)
    return [*best, *hits[k:]]


def _documents(hits: Sequence[Hit]) -> list[str]:
    return list(dict.fromkeys(hit.passage.span.document.id for hit in hits))


def _fused(rankings: Sequence[Sequence[str]]) -> list[str]:
    """The documents by the sum of their reciprocal ranks."""
    scores: dict[str, float] = defaultdict(float)
    for ranking in rankings:
        for place, document in enumerate(ranking, start=1):
            scores[document] += 1 / (_RANK_CONSTANT + place)
    return sorted(scores, key=lambda document: -scores[document])[:DEPTH]
