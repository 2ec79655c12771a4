"""Gates: what a file of them must hold, and which figures pass."""

from pathlib import Path

import pytest

from evals.gates import Checked, Gate, check, load_gates
from evals.jsonl import DataError
from evals.measures import Table, measure
from tests.fiction import write
from tests.outcomes import DOCUMENTS, OUTCOMES


def test_the_gates_of_a_set_are_loaded_in_order(tmp_path: Path) -> None:
    text = """
        [moths.all]
        auroc = { at_least = 0.5, at_most = 1 }
        right_first = { at_least = 0 }
        [moths."far away"]
        false_alarms = { at_most = 0.25 }
        ["moths.held-out".all]
        auroc = { at_least = 0.8 }
    """
    path = write(tmp_path / "gates.toml", text)
    assert load_gates(path, "moths") == [
        *(Gate("all", "auroc", "at_least", 0.5), Gate("all", "auroc", "at_most", 1.0)),
        *(Gate("all", "right_first", "at_least", 0.0), Gate("far away", "false_alarms", "at_most", 0.25)),
    ]
    assert load_gates(path, "moths.held-out") == [Gate("all", "auroc", "at_least", 0.8)]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (None, " can't be read ([Errno 2] No such file or directory: "),
        ("", ": found gates for [], wanted some for 'moths'; add [\"moths\".all]"),
        ("[bells.all]\nauroc = { at_least = 0 }", ": found gates for ['bells'], wanted some for 'moths'; add"),
        ("moths = 1", ": found gates for ['moths'], wanted some for 'moths'; add [\"moths\".all]"),
        ("[moths.all]", ", 'moths', 'all': found {}, wanted figures with their bounds; add one, or take the kind out"),
        ("[moths]\nall = 0.5", ", 'moths', 'all': found 0.5, wanted figures with their bounds; add one"),
        ("[moths.all]\nrihgt = { at_least = 0 }", ", 'moths', 'all': found the figure 'rihgt', wanted one of right_fi"),
        ("[moths.all]\nauroc = 0.5", ", 'moths', 'all': found auroc = 0.5, wanted at_least or at_most a number; corr"),
        ("[moths.all]\nauroc = {}", ", 'moths', 'all': found auroc = {}, wanted at_least or at_most a number; corre"),
        ("[moths.all]\nauroc = { least = 0 }", ", 'moths', 'all': found auroc = {'least': 0}, wanted at_least or at"),
        ("[moths.all]\nauroc = { at_least = true }", ", 'moths', 'all': found auroc = {'at_least': True}, wanted at"),
        ("[moths.all]\nauroc = { at_most = nan }", ", 'moths', 'all': found auroc = {'at_most': nan}, wanted at_lea"),
        (f"[moths.all]\nauroc = {{ at_most = 1{'0' * 400} }}", ", 'moths', 'all': found auroc = {'at_most': 1000"),
        ("[moths.all", " can't be read ("),
        (f"moths = {'[' * 100_000}", " can't be read ("),
        ("# caf\udce9", " can't be read ('utf-8' codec can't decode byte 0xe9"),
    ],
)
def test_gates_that_cannot_be_checked_are_told_in_one_line(text: str | None, fault: str, tmp_path: Path) -> None:
    path = tmp_path / "gates.toml"
    if text is not None:
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(DataError) as error:
        load_gates(path, "moths")
    assert str(error.value).startswith(f"{path}{fault}")
    assert "\n" not in str(error.value)


def test_a_figure_passes_up_to_its_bound_and_one_of_no_case_never() -> None:
    gates = {
        Gate("all", "right_first", "at_least", 2 / 7): (2 / 7, True),
        Gate("all", "right_first", "at_most", 2 / 7): (2 / 7, True),
        Gate("all", "right_first", "at_least", 0.2858): (2 / 7, False),
        Gate("all", "right_first", "at_most", 0.2857): (2 / 7, False),
        Gate("plain", "emergency_recall", "at_least", 0): (None, False),
        Gate("moths", "false_alarms", "at_most", 1): (None, False),
    }
    checked = check([*gates], measure(Table.of(OUTCOMES, DOCUMENTS)))
    assert {one.gate: (one.value, one.passed) for one in checked} == gates


@pytest.mark.parametrize(
    ("bound", "limit", "value", "said"),
    [
        ("at_least", 0.5, 1 / 3, "found 0.333333, wanted at least 0.5"),
        ("at_most", 0.05, 10 / 199, "found 0.0502513, wanted at most 0.05"),
        ("at_most", 0, None, "found no case, wanted at most 0"),
    ],
)
def test_what_was_found_and_wanted_is_said(bound: str, limit: float, value: float | None, said: str) -> None:
    assert str(Checked(Gate("topical", "auroc", bound, limit), value)) == f"auroc of topical: {said}"
