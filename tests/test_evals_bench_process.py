"""The two ends of the pipe to a measurement in a fresh process."""

import io
import json
import sys
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import psutil  # noqa: TID251 - another look at the processes
import pytest

from evals.bench.process import run_task, serve
from evals.jsonl import DataError
from evals.progress import Progress
from tests.workshop import Workshop


def silent(*_: object) -> None:
    """Progress that nobody looks at."""


def test_a_task_writes_its_progress_and_its_result_and_nothing_that_is_printed_comes_between() -> None:
    def count(given_: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
        for number in range(given_["moths"]):
            progress("counting", number, 2)
            sys.stdout.write("a library prints\n")
        return {"moths": "🌒"}

    with redirect_stdout(io.StringIO()) as pipe:
        serve({"count": count}, ["count", '{"moths": 2}'])
    assert [json.loads(line) for line in pipe.getvalue().splitlines()] == [
        {"progress": ["counting", 0, 2]},
        {"progress": ["counting", 1, 2]},
        {"result": {"moths": "🌒"}},
    ]


def test_a_task_that_is_refused_says_why_and_one_that_breaks_breaks() -> None:
    def refuse(*_: object) -> dict[str, Any]:
        raise DataError("found no moths, wanted one; count again")

    with redirect_stdout(io.StringIO()) as pipe:
        serve({"count": refuse}, ["count", "{}"])
        with pytest.raises(ZeroDivisionError):
            serve({"count": lambda *_: {"moths": 1 // 0}}, ["count", "{}"])
    assert [json.loads(line) for line in pipe.getvalue().splitlines()] == [
        {"refusal": "found no moths, wanted one; count again"}
    ]


def at(workshop: Workshop) -> dict[str, str]:
    return {"corpus": str(workshop.corpus), "index": str(workshop.home)}


def test_opening_is_measured_in_a_fresh_process(workshop: Workshop) -> None:
    opened = run_task("evals.bench.worker", "open", at(workshop), silent)
    index = workshop.open()
    assert 0 < opened.pop("seconds") < 60
    assert opened == {
        "documents": 2,
        "passages": len(index),
        "rows": index.vectors.index.ntotal,
        "encoder_sha256": index.manifest.encoder_sha256,
        "policy": index.policy.to_text(),
    }


def test_what_a_fresh_process_refuses_is_refused_here(workshop: Workshop, tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        run_task("evals.bench.worker", "open", at(workshop) | {"index": str(tmp_path)}, silent)
    assert str(error.value) == f"no index in {tmp_path} (No such file or directory); run: insights build"


def test_a_fresh_process_that_breaks_or_is_killed_is_no_result(
    workshop: Workshop, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(DataError) as error:
        run_task("evals.bench.worker", "zork", {}, silent)
    assert str(error.value).startswith("measuring (zork) ended with code 1, wanted a result; ")
    assert "KeyError: 'zork'" in capfd.readouterr().err

    others = {*psutil.Process().children()}  # a browser's driver, say

    def kill(*_: object) -> None:
        for child in {*psutil.Process().children()} - others:
            child.kill()

    with pytest.raises(DataError) as error:
        run_task("evals.bench.build", "build", build_settings(workshop, tmp_path), kill)
    assert str(error.value).startswith("measuring (build) ended with SIGKILL, wanted a result; ")


def test_a_fresh_process_dies_with_the_call(workshop: Workshop, tmp_path: Path) -> None:
    others = {*psutil.Process().children()}
    children: list[psutil.Process] = []

    def stop(*_: object) -> None:
        children.extend({*psutil.Process().children()} - others)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_task("evals.bench.build", "build", build_settings(workshop, tmp_path), stop)
    assert len(children) == 1
    assert not children[0].is_running()


def build_settings(workshop: Workshop, folder: Path) -> dict[str, str]:
    like = {"like": str(workshop.home), "like_corpus": str(workshop.corpus)}
    return at(workshop) | {"index": str(folder / "built")} | like
