"""A measurement in a process of its own: both ends of the pipe between it and the benchmark.

The child is given the task's name and its settings, one JSON object, as arguments. It writes lines to its stdout, each
a JSON object of one key: "progress" ([what, done, total]) as often as it likes, and at last "result" (an object), or
"refusal" (a line for the user).
"""

import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from corpus.store import CorpusError
from evals.jsonl import DataError
from evals.progress import Progress
from retrieval.encoder import EncoderError
from retrieval.generation import IndexFolderError
from retrieval.policy import PolicyError

__all__ = ["Task", "run_task", "serve"]

Task = Callable[[Mapping[str, Any], Progress], Mapping[str, Any]]


def run_task(module: str, task: str, settings: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """What a task of `module`, which ends with `serve`, gives back from a fresh process; that dies with this call.

    Raises:
        DataError: with the line of a refusal; or if the process ends without a result.
    """
    command = [sys.executable, "-P", "-m", module, task, json.dumps(settings)]
    # A process group of its own: Ctrl-C is for this process, which ends the child without a trace on the terminal.
    piped = subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8", process_group=0)  # noqa: S603 - our own
    with piped as process:
        try:
            for line in process.stdout or ():
                ((key, value),) = json.loads(line).items()
                if key == "progress":
                    progress(*value)
                elif key == "refusal":
                    raise DataError(value)
                else:
                    return dict(value)
        finally:
            process.kill()
    ended = signal.Signals(-process.returncode).name if process.returncode < 0 else f"code {process.returncode}"
    raise DataError(
        f"measuring ({task}) ended with {ended}, wanted a result; what it printed above says why, or memory ran out: "
        "free some, or measure a smaller corpus"
    )


def serve(tasks: Mapping[str, Task], arguments: Sequence[str]) -> None:
    """Runs the task that the arguments name and writes what `run_task` reads."""
    pipe = sys.stdout
    task, settings = arguments

    def tell(key: str, value: object) -> None:
        pipe.write(json.dumps({key: value}) + "\n")
        pipe.flush()

    # Whatever a library prints must not stand between the lines of the protocol.
    with contextlib.redirect_stdout(sys.stderr):
        try:
            result = tasks[task](json.loads(settings), lambda *step: tell("progress", step))
        except (CorpusError, DataError, EncoderError, IndexFolderError, PolicyError) as error:
            tell("refusal", str(error))
            return
    tell("result", result)
