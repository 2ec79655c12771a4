"""What the bot costs: cold starts, warm answers, builds, memory and disk, on a corpus and on others of a known size.

Everything that has a first time is measured in a fresh process, with its files in the operating system's cache.
"""

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from evals.bench.build import BuildCost
from evals.bench.corpus import SampledCorpus
from evals.bench.machine import Machine
from evals.bench.process import run_task
from evals.bench.public import PublicAnswers, PublicSet, build_public, measure_public
from evals.bench.stages import Stage
from evals.bench.worker import Level, read_questions
from evals.jsonl import DataError
from evals.progress import Progress
from retrieval.encoder import ENCODER_FILES
from retrieval.generation import FORMAT, current_generation

__all__ = ["Bench", "ColdStart", "CorpusCosts", "Memory", "Method", "Place", "Range", "bench"]

_BUILD_RECORD = "build.json"


@dataclass(frozen=True, slots=True)
class Place:
    """A corpus and its index; `name` is what the results call it."""

    name: str
    corpus: Path
    index: Path


@dataclass(frozen=True, slots=True)
class Method:
    """How it is measured: `program` are the words that begin a command line of the bot, `cache` is a folder.

    One asks alone, and then each number of `askers` at a time; each of these levels ends after `most_questions` or
    `most_seconds`, whichever comes first.
    """

    program: tuple[str, ...]
    questions: Path
    cache: Path
    most_seconds: float
    most_questions: int = 1000
    starts: int = 5
    askers: tuple[int, ...] = (8, 32)


@dataclass(frozen=True, slots=True)
class Range:
    """The median of some measurements, the lowest and the highest."""

    median: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Range":
        """The range of `values`, to three decimals."""
        return cls(round(median(values), 3), round(min(values), 3), round(max(values), 3))


@dataclass(frozen=True, slots=True)
class ColdStart:
    """Seconds in a fresh process: of `insights ask` from start to end, and of opening the index, without imports."""

    ask: Range
    open: Range


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident set in MiB of a process that only answers: opened and not yet asked, and the most it ever had."""

    idle: float
    peak: float


@dataclass(frozen=True, slots=True)
class CorpusCosts:
    """What one corpus costs. Of the bytes of the index, `encoder_bytes` are the same for any corpus.

    `distinct_sentences` is stated for a sampled corpus, in which each passage is one sentence. `stages` are those of
    the answers to one asker, the first of `askers`.
    """

    name: str
    documents: int
    passages: int
    rows: int
    distinct_sentences: int | None
    index_bytes: int
    encoder_bytes: int
    bytes_per_passage: float  # without the encoder
    build: BuildCost
    cold_start_s: ColdStart
    memory_mib: Memory
    askers: tuple[Level, ...]
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Bench:
    """The result; `busy_percent` is how busy the machine was with other things just before."""

    machine: Machine
    busy_percent: float
    starts: int
    most_questions: int
    most_seconds: float
    corpora: tuple[CorpusCosts, ...]
    public: PublicAnswers | None

    @property
    def levels(self) -> list[tuple[str, Level]]:
        """All levels, each with the name of its corpus."""
        found = [(costs.name, level) for costs in self.corpora for level in costs.askers]
        return [*found, *([("public", self.public.alone)] if self.public else [])]

    @property
    def stages(self) -> list[tuple[str, Stage]]:
        """The stages of answers to one asker, each with the name of its corpus."""
        found = [(costs.name, stage) for costs in self.corpora for stage in costs.stages]
        return [*found, *(("public", stage) for stage in (self.public.stages if self.public else ()))]

    @property
    def failures(self) -> list[str]:
        """A line for each level in which the bot raised an exception instead of replying."""
        return [
            f"{name}, {level.askers} at a time: {level.errors} of {level.questions} questions failed "
            f"({level.first_error})"
            for name, level in self.levels
            if level.errors
        ]

    @property
    def repeats(self) -> list[str]:
        """A line for each sampled corpus that has the same sentence more than once."""
        return [
            f"{costs.name}: there are {costs.distinct_sentences} distinct sentences for its {costs.passages} passages; "
            "they are repeated"
            for costs in self.corpora
            if (costs.distinct_sentences or costs.passages) < costs.passages
        ]

    def to_json(self) -> dict[str, Any]:
        """The object that is written."""
        return {"version": 1, **asdict(self)}


def bench(
    given: Place, samples: Sequence[SampledCorpus], public: PublicSet | None, method: Method, progress: Progress
) -> Bench:
    """Measures the corpus `given`, each sampled one and a public one, whose indexes get its encoder and its policy.

    Raises:
        DataError: if something is missing or broken, with what was found and the remedy.
    """
    _first_question(method.questions)  # a bad file is told before minutes have passed
    machine, busy_percent = Machine.here(), Machine.busy_percent()
    opened = _opened(given)
    method.cache.mkdir(parents=True, exist_ok=True)
    kept = _like(given) | {"cache": str(method.cache)}
    if public:
        build_public(public, kept, progress)  # a bad one of these files too
    with TemporaryDirectory(prefix=".new-", dir=method.cache) as scratch:
        build = _build(Place(given.name, given.corpus, Path(scratch) / "index"), given, progress)
    corpora = [_costs(given, build, None, method, progress)]
    conditions = {"machine": asdict(machine), "format": FORMAT} | {
        key: opened[key] for key in ("encoder_sha256", "policy")
    }
    for sample in samples:
        place = Place(f"sample of {sample.passages}", sample.corpus, sample.index)
        build = _sample_build(sample, place, given, conditions, progress)
        corpora.append(_costs(place, build, sample, method, progress))
    answered = measure_public(public, kept, progress) if public else None
    limits = (method.most_questions, method.most_seconds)
    return Bench(machine, busy_percent, method.starts, *limits, tuple(corpora), answered)


def _sample_build(
    sample: SampledCorpus, place: Place, like: Place, conditions: Mapping[str, Any], progress: Progress
) -> BuildCost:
    """Builds the index of a sampled corpus from nothing, unless that was done under the same conditions before."""
    path = sample.folder / _BUILD_RECORD
    if path.exists() and (record := json.loads(path.read_text(encoding="utf-8")))["conditions"] == conditions:
        return BuildCost(**record["build"])
    path.unlink(missing_ok=True)
    shutil.rmtree(place.index, ignore_errors=True)
    build = _build(place, like, progress)
    staged = path.with_suffix(".new")
    staged.write_text(json.dumps({"conditions": conditions, "build": asdict(build)}), encoding="utf-8")
    staged.replace(path)
    return build


def _build(place: Place, like: Place, progress: Progress) -> BuildCost:
    return BuildCost(
        **run_task("evals.bench.build", "build", _settings(place) | _like(like), _named(place.name, progress))
    )


def _costs(
    place: Place, build: BuildCost, sample: SampledCorpus | None, method: Method, progress: Progress
) -> CorpusCosts:
    """Measures a corpus whose index is built.

    Raises:
        DataError: if a sampled corpus hasn't the passages that it was laid out for.
    """
    show = _named(place.name, progress)
    asks, opens = [], []
    for number in range(method.starts):
        show("starting cold", number, method.starts)
        asks.append(_ask_s(place, method))
        opens.append(opened := _opened(place))
    if sample is not None and opened["passages"] != sample.passages:
        raise DataError(
            f"{place.corpus}: found {opened['passages']} passages, wanted {sample.passages}; remove {sample.folder}, "
            "and if that doesn't help sample another corpus"
        )
    warm = {key: getattr(method, key) for key in ("askers", "most_questions", "most_seconds")}
    warm |= {"questions": str(method.questions)}
    answered = run_task("evals.bench.worker", "answers", _settings(place) | warm, show)
    generation = current_generation(place.index)
    index_bytes = sum(path.stat().st_size for path in generation.rglob("*") if path.is_file())
    encoder_bytes = sum((generation / name).stat().st_size for name in ENCODER_FILES)
    return CorpusCosts(
        place.name,
        opened["documents"],
        opened["passages"],
        opened["rows"],
        sample.distinct_sentences if sample else None,
        index_bytes,
        encoder_bytes,
        round((index_bytes - encoder_bytes) / opened["passages"], 1),
        build,
        ColdStart(Range.of(asks), Range.of([opened["seconds"] for opened in opens])),
        Memory(**answered["memory"]),
        tuple(Level(**level) for level in answered["askers"]),
        tuple(Stage(**stage) for stage in answered["stages"]),
    )


def _ask_s(place: Place, method: Method) -> float:
    """Seconds that `insights ask` takes for the first question that can stand on a command line."""
    question = _first_question(method.questions)
    places = ["--corpus", str(place.corpus), "--index", str(place.index)]
    began = time.perf_counter()
    command = [*method.program, "ask", "--json", *places, "--", question]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)  # noqa: S603 - our own program
    seconds = time.perf_counter() - began
    if done.returncode:
        (*_, why) = ["no message", *done.stderr.splitlines()]
        raise DataError(
            f"insights ask {question!r} ended with code {done.returncode} ({why}), wanted a reply; see what it says "
            "when it is asked that by hand"
        )
    return seconds


def _first_question(path: Path) -> str:
    for question in read_questions(path):
        if question.text.isprintable():
            return question.text
    raise DataError(f"{path}: found no question in a line of text, wanted one to start the program with; add one")


def _opened(place: Place) -> dict[str, Any]:
    return run_task("evals.bench.worker", "open", _settings(place), lambda *_: None)


def _settings(place: Place) -> dict[str, Any]:
    return {"corpus": str(place.corpus), "index": str(place.index)}


def _like(place: Place) -> dict[str, Any]:
    """Whose encoder and policy another index gets."""
    return {"like": str(place.index), "like_corpus": str(place.corpus)}


def _named(name: str, progress: Progress) -> Callable[[str, int, int], None]:
    return lambda what, done, total: progress(f"{name}: {what}", done, total)
