"""Runs the command line as a user does: in this process for speed, or as one of its own."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from ui.cli import main

__all__ = ["PROGRAM", "Done", "insights", "insights_process"]

PROGRAM = [sys.executable, "-c", "from ui.cli import main; main()"]
_ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def refusal(self) -> str:
        """The one line of a user's mistake, without what every such line begins with."""
        assert (self.code, self.out) == (2, ""), self
        return self.complaint

    @property
    def complaint(self) -> str:
        """The one line on stderr."""
        (line,) = self.err.splitlines()
        assert "Traceback" not in self.err
        assert self.err.endswith("\n")
        return line.removeprefix("insights: ")


def insights(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Done:
    """Runs a command in this process."""
    capsys.readouterr()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["insights", *map(str, arguments)])
        with pytest.raises(SystemExit) as exit_:
            main()
    printed = capsys.readouterr()
    return Done(int(exit_.value.code or 0), printed.out, printed.err)


def insights_process(*arguments: str | bytes | Path, environment: Mapping[str, str] | None = None) -> Done:
    """Runs a command in a process of its own, with its output in pipes."""
    done = subprocess.run(
        [*PROGRAM, *arguments], cwd=_ROOT, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    return Done(done.returncode, done.stdout, done.stderr)
