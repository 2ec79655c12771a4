"""Gates: figures that a change must not make worse than what `gates.toml` says.

[dystonia-and-seizures.all]                      # the name of the set of cases, and a kind of them, or all
answered_when_it_must_not = { at_most = 0.05 }
right_first = { at_least = 0.5 }
"""

import json
import sys
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.intervals import Estimate
from evals.jsonl import DataError
from evals.measures import MEASURES, Figures

__all__ = ["Checked", "Gate", "check", "load_gates"]

_BOUNDS = ("at_least", "at_most")


@dataclass(frozen=True, slots=True)
class Gate:
    """A figure of a kind of case with its bound."""

    kind: str
    figure: str
    bound: str
    limit: float


@dataclass(frozen=True, slots=True)
class Checked:
    """A gate and what was found; a figure that rests on no case passes no gate."""

    gate: Gate
    value: float | None

    @property
    def passed(self) -> bool:
        """Whether the figure keeps within the bound."""
        if self.value is None:
            return False
        return self.value >= self.gate.limit if self.gate.bound == "at_least" else self.value <= self.gate.limit

    def __str__(self) -> str:
        """What was found and what is wanted."""
        found = "no case" if self.value is None else f"{self.value:g}"
        wanted = f"{self.gate.bound.replace('_', ' ')} {self.gate.limit:g}"
        return f"{self.gate.figure} of {self.gate.kind}: found {found}, wanted {wanted}"


def load_gates(path: Path, name: str, measures: Collection[str] = tuple(MEASURES)) -> list[Gate]:
    """The gates for the set of cases called `name`, on figures of `measures`.

    Raises:
        DataError: if the file can't be read, has none for this set or a kind of it, or has one that can't be checked.
    """
    try:
        sets = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise DataError(f"{path} can't be read ({error}); name a TOML file of gates") from error
    kinds = sets.get(name)
    if not isinstance(kinds, dict) or not kinds:
        remedy = f"add [{json.dumps(name, ensure_ascii=False)}.all]"  # quoted: a point in a bare name parts it
        raise DataError(f"{path}: found gates for {sorted(sets)}, wanted some for {name!r}; {remedy}")
    return [
        gate
        for kind, figures in kinds.items()
        for gate in _gates(kind, figures, measures, f"{path}, {name!r}, {kind!r}")
    ]


def check(gates: list[Gate], figures: Mapping[str, Figures | Mapping[str, Estimate]]) -> list[Checked]:
    """Each gate with what was found; a kind of which there is no case has no figures."""
    return [Checked(gate, figures[gate.kind][gate.figure].value if gate.kind in figures else None) for gate in gates]


def _gates(kind: str, figures: object, measures: Collection[str], where: str) -> list[Gate]:
    if not isinstance(figures, dict) or not figures:
        raise DataError(f"{where}: found {figures!r}, wanted figures with their bounds; add one, or take the kind out")
    gates: list[Gate] = []
    for figure, bounds in figures.items():
        if figure not in measures:
            raise DataError(f"{where}: found the figure {figure!r}, wanted one of {', '.join(measures)}; correct it")
        if not isinstance(bounds, dict) or not bounds or not all(map(_is_bound, bounds.items())):
            raise DataError(f"{where}: found {figure} = {bounds!r}, wanted at_least or at_most a number; correct it")
        gates += [Gate(kind, figure, bound, float(limit)) for bound, limit in bounds.items()]
    return gates


def _is_bound(entry: tuple[str, Any]) -> bool:
    bound, limit = entry
    is_number = isinstance(limit, int | float) and not isinstance(limit, bool)
    return bound in _BOUNDS and is_number and abs(limit) <= sys.float_info.max  # neither nan nor infinite
