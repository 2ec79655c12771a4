"""Items are read in processes of their own: in order, each for itself, and whatever becomes of the process."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ingest.items import Item
from ingest.raw import IngestError
from ingest.worker import Limits
from ingest.workers import isolated
from tests.misreading import items, misread

ROOT = Path(__file__).parent.parent
LIMITS = Limits(seconds=20.0, memory_bytes=10**9, processes=2)


def outcomes(*texts: str, limits: Limits = LIMITS) -> list[str]:
    """What becomes of each text: the result, or the words of the error."""
    return [str(outcome) for _, outcome in isolated(misread, ((None, item) for item in items(*texts)), limits)]


def test_results_come_in_the_order_of_what_was_asked_and_what_is_no_item_in_its_place() -> None:
    texts = [f"moth {number}" if number % 7 else "wait 0.01" for number in range(300)]
    asked = [(number, None if number % 5 == 0 else item) for number, item in enumerate(items(*texts))]
    wanted = [(number, None if number % 5 == 0 else text.upper()) for number, text in enumerate(texts)]
    assert list(isolated(misread, asked, LIMITS)) == wanted


def test_nothing_asked_is_nothing_done() -> None:
    assert list(isolated(misread, [], LIMITS)) == []


DAMAGED = "open it in the program that it was made with and save it again, or leave it out"


@pytest.mark.parametrize(
    ("order", "why"),
    [
        ("crash", f"its reader crashed (SIGSEGV); {DAMAGED}"),
        ("exit", f"its reader crashed; {DAMAGED}"),
        ("eat", "needed more than 1 GB of memory; split it"),
        ("fail", f"its reader failed (ValueError: no moth in here); {DAMAGED}"),
        ("refuse", "found reeds, wanted moths; look elsewhere"),
        ("print", "PRINT"),
    ],
)
def test_whatever_a_file_does_to_its_reader_is_one_line_and_the_rest_goes_on(
    order: str, why: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert outcomes("moth", order, "reed", order, "bell") == ["MOTH", why, "REED", why, "BELL"]
    assert capfd.readouterr() == ("", "")


def test_a_reader_that_hangs_is_ended_after_its_time_and_the_rest_goes_on() -> None:
    began_s = time.monotonic()
    found = outcomes("moth", "hang", "reed", "bell", limits=Limits(seconds=3.0, processes=1))
    assert found == ["MOTH", "took longer than 3 s to read; split it, or leave it out", "REED", "BELL"]
    assert time.monotonic() - began_s < 60


def test_a_large_item_and_a_large_result_pass_through() -> None:
    text = "moth " * 2_000_000
    assert outcomes("reed", text, text, "bell") == ["REED", text.upper(), text.upper(), "BELL"]


def test_no_more_is_fetched_than_fits_into_the_store() -> None:
    fetched = 0

    def large() -> Iterator[tuple[int, Item]]:
        nonlocal fetched
        for fetched in range(1, 41):
            yield fetched, Item("moths.txt", ".txt", b"m" * 2**24)

    with closing(isolated(misread, large(), LIMITS)) as read:
        next(read)
        assert fetched < 20


def test_processes_end_when_nobody_wants_the_rest() -> None:
    before = children()
    read = isolated(misread, ((None, item) for item in items("moth", *["hang"] * 4)), LIMITS)
    assert next(read) == (None, "MOTH")
    read.close()
    assert children() <= before


def test_an_error_of_the_source_ends_the_processes_and_is_raised() -> None:
    def source() -> Iterator[tuple[None, Item]]:
        yield None, items("hang")[0]
        raise IngestError("no more moths")

    before = children()
    with pytest.raises(IngestError, match="no more moths"):
        list(isolated(misread, source(), LIMITS))
    assert children() <= before


SCRIPT = """
from ingest.worker import Limits
from ingest.workers import isolated
from tests.misreading import items, misread
if __name__ == "__main__":
    asked = ((None, item) for item in items("moth", *["hang"] * 4))
    for _, outcome in isolated(misread, asked, Limits(seconds=4.0)):
        print(outcome, flush=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_whatever_ends_the_command_its_processes_end_too(number: signal.Signals, tmp_path: Path) -> None:
    script = tmp_path / "reads_moths.py"
    script.write_text(SCRIPT, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    # A session of its own stands for a terminal: Ctrl-C goes to all processes in it.
    process = subprocess.Popen(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "MOTH\n"
        os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
        assert process.stdout.read() == ""
        assert process.stderr.read().count("Traceback") == (1 if number == signal.SIGINT else 0)
    deadline_s = time.monotonic() + 30
    while session(process.pid) and time.monotonic() < deadline_s:
        time.sleep(0.1)
    assert session(process.pid) == []


def children() -> set[int]:
    """The processes that read for this one."""
    return {process.pid for process in multiprocessing.active_children() if process.pid}


def session(leader: int) -> list[str]:
    """The processes of a session that still run."""
    running = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = status.read_text(encoding="utf-8").rpartition(") ")
        except OSError:
            continue
        state, _, _, of_session = rest.split()[:4]
        if of_session == str(leader) and state != "Z":
            running.append(name)
    return running
