"""`insights eval answers`, `compare` and `calibrate` as a user meets them."""

import gzip
import json
from pathlib import Path

import pytest

from evals.calibrate import risk_bound
from evals.measures import MEASURES
from retrieval.policy import Policy
from tests.commands import Done, insights
from tests.fiction import write
from tests.outcomes import HUM, RING, answer, case, outcome, refusal
from tests.test_evals_compare import record_of
from tests.workshop import Workshop

# The first is answered rightly, the second refused, and it would be answered wrongly; the third has no answer.
RECORDS = [
    {"id": "1", "kind": "plain", "question": "How long do glimmer moths shine?", "gold": ["Glimmer moths shine"]},
    {
        "id": "2",
        "kind": "plain",
        "question": "How slowly does the plant by the water rise?",
        "gold": ["Silver reeds grow"],
    },
    {"id": "3", "kind": "elsewhere", "question": "Who rules Zorbia?", "gold": []},
]
LINES = [json.dumps(record | {"history": []}) for record in RECORDS]


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    return write(tmp_path / "moths.jsonl", "".join(f"{line}\n" for line in LINES))


def evaluated(capsys: pytest.CaptureFixture[str], vantor: Workshop, command: str, *options: str | Path) -> Done:
    return insights(capsys, "eval", command, *options, "--corpus", vantor.corpus, "--index", vantor.home)


def cells(printed: str, first: str) -> list[str]:
    """The cells of the row of a printed table that begins with `first`."""
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in printed.splitlines()]
    (row,) = [row for row in rows if row[:1] == [first]]
    return row


def test_the_whole_run_is_one_object(capsys: pytest.CaptureFixture[str], vantor: Workshop, cases: Path) -> None:
    done = evaluated(capsys, vantor, "answers", "--data", cases, "--json", "-")
    record = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    keys = "version data index policy documents figures gates risk_coverage calibration cases"
    assert list(record) == keys.split()
    verdicts = {found["id"]: found["verdict"] for found in record["cases"]}
    assert verdicts == {"2": "refused, must not", "1": "right", "3": "rightly refused"}
    assert [record["version"], record["data"], record["gates"]] == [1, "moths", []]
    assert sorted(record["documents"]) == ["moths", "reeds"]
    assert list(record["figures"]) == ["all", "elsewhere", "plain"]
    assert all(list(figures) == list(MEASURES) for figures in record["figures"].values())
    every = {name: (figure["value"], figure["cases"]) for name, figure in record["figures"]["all"].items()}
    assert {name: figure for name, figure in every.items() if name in BY_HAND} == BY_HAND


BY_HAND = {
    "right_first": (1 / 2, 2),
    "right_first_always": (1 / 2, 2),
    "answered_when_it_must_not": (0.0, 1),
    "abstained_when_it_must_not": (1 / 2, 2),
    "coverage_at_5_percent_wrong": (1 / 2, 3),
    "auroc": (1.0, 3),
    "follow_ups_right": (None, 0),
    "verbatim_violations": (0.0, 3),
}


def test_everything_asked_for_is_written_and_each_missed_gate_is_told_in_a_line(
    capsys: pytest.CaptureFixture[str], vantor: Workshop, cases: Path, tmp_path: Path
) -> None:
    gates = "[moths]\nall.right_first.at_least = 0.5\nall.auroc.at_most = 0.75\nbells.auroc.at_least = 0"
    report, new, limits = tmp_path / "report", tmp_path / "new", write(tmp_path / "gates.toml", gates)
    files: list[str | Path] = ["--out", report, "--json", new / "run.json", "--junit", new / "junit.xml"]
    done = evaluated(capsys, vantor, "answers", "--data", cases, "--gates", limits, *files)
    assert (done.code, done.err) == (
        1,
        "insights: auroc of all: found 1, wanted at most 0.75\n"
        "insights: auroc of bells: found no case, wanted at least 0\n",
    )
    assert cells(done.out, "right first") == ["right first", "0.500", "0.000 to 1.000", "2"]
    assert cells(done.out, "elsewhere") == ["elsewhere", *("–", "–", "0.000", "–", "1.000")]
    assert sorted(path.name for path in report.iterdir()) == ["report.html", "report.json", "report.md"]
    assert sorted(path.name for path in new.iterdir()) == ["junit.xml", "run.json"]
    written = (new / "run.json").read_bytes()
    assert written == (report / "report.json").read_bytes()
    assert [gate["passed"] for gate in json.loads(written)["gates"]] == [True, False, False]


def test_a_packed_file_loses_both_endings_and_gates_that_are_kept_exit_with_0(
    capsys: pytest.CaptureFixture[str], vantor: Workshop, cases: Path, tmp_path: Path
) -> None:
    packed = tmp_path / "bells.held-out.jsonl.gz"
    packed.write_bytes(gzip.compress(cases.read_bytes()))
    gates = write(tmp_path / "gates.toml", '["bells.held-out".plain]\nright_first = { at_least = 0.5, at_most = 0.5 }')
    done = evaluated(capsys, vantor, "answers", "--data", packed, "--gates", gates, "--json", "-")
    assert (done.code, done.err, json.loads(done.out)["data"]) == (0, "", "bells.held-out")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (None, " can't be read ("),
        ("", ": found no cases, wanted one JSON object a line; name another file"),
        (f"{LINES[0]}\nmoths\n", ", line 2: no JSON ("),
        (f'{LINES[0]}\n{{"id": "2"}}\n', ", line 2: found ['id'], wanted the keys ['gold', 'history', 'id', 'kind', "),
        (f"{LINES[0]}\n{LINES[0]}\n", ", line 2: id '1' stands twice; give each case its own"),
        (LINES[0].replace("Glimmer moths shine", "Zorbles"), ", line 1: gold 'Zorbles' occurs 0 times in the corpus, "),
    ],
)
def test_cases_that_cannot_be_used_are_refused_and_nothing_is_written(
    content: str | None, fault: str, capsys: pytest.CaptureFixture[str], vantor: Workshop, tmp_path: Path
) -> None:
    path = tmp_path / "cases.jsonl"
    if content is not None:
        write(path, content)
    for command, option in (("answers", "--junit"), ("calibrate", "--write")):
        written: list[str | Path] = ["--json", tmp_path / "out" / "run.json", option, tmp_path / "out" / "more"]
        assert evaluated(capsys, vantor, command, "--data", path, *written).refusal.startswith(f"{path}{fault}")
        assert not (tmp_path / "out").exists()


def test_what_changed_between_two_runs_is_shown_case_by_case(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    before = [outcome(case(1, "plain", HUM), answer(0.9, RING, HUM)), outcome(case(2, "other"), refusal())]
    after = [outcome(case(1, "plain", HUM), answer(0.9, HUM)), outcome(case(3, "other"), refusal())]
    old, new = (
        write(tmp_path / f"{name}.json", json.dumps(record_of(run))) for name, run in (("old", before), ("new", after))
    )
    done = insights(capsys, "eval", "compare", old, new)
    assert (done.code, done.err) == (0, "")
    paired = "right first quote, answerable cases"
    assert cells(done.out, paired) == [paired, "1", "0", "1", "1", "0", "1.000"]
    assert done.out.endswith(
        "1 (plain): quote lost: question 1\n"
        "right, but not first → right\n"
        "  - Bells ring.\n  - Moths hum.\n  + Moths hum.\n"
        "changed: 1, unchanged: 0\n"
        "only in the old run: 2\n"
        "only in the new run: 3\n"
    )
    same = json.loads(insights(capsys, "eval", "compare", new, new, "--json", "-").out)
    assert (same["changes"], same["unchanged"], [test["p_value"] for test in same["tests"]]) == ([], 2, [1.0, 1.0, 1.0])
    assert insights(capsys, "eval", "compare", old, tmp_path / "no.json").refusal.startswith(f"{tmp_path / 'no.json'} ")
    (tmp_path / "folder").mkdir()
    refused = insights(capsys, "eval", "compare", old, new, "--json", tmp_path / "folder")
    assert refused.refusal.endswith("make room or name another place, then try again")
    assert list(tmp_path.glob(".*")) == [], "no half-written file is left"


def test_a_policy_is_fitted_that_an_index_takes_and_that_does_what_was_said(
    capsys: pytest.CaptureFixture[str], vantor: Workshop, cases: Path, tmp_path: Path
) -> None:
    own, written = vantor.copy(tmp_path / "own"), tmp_path / "new" / "policy.json"
    done = evaluated(capsys, own, "calibrate", "--data", cases, "--write", written)
    policy = Policy.read(written)
    bound = f"{risk_bound(0, 1, sure=0.95):.1%}"
    assert done == Done(
        0,
        f"answer_threshold {policy.answer_threshold:g}, quote_share {policy.quote_share:g}. On these 3 cases 50.0% of "
        "the answerable questions are answered, and at most 0 of 1 answers are wrong (0.0%). On other cases of the "
        f"same sort at most {bound} are, with 95% certainty (Clopper-Pearson over all thresholds), if nothing else was "
        f"fitted to these.\npolicy written to {written}; build the index with it: insights build --policy {written}\n",
        "",
    )
    half = evaluated(capsys, own, "calibrate", "--data", cases, "--risk", "0.5", "--write", written, "--json", "-")
    found = json.loads(half.out)
    assert {name: found[name] for name in ("answers", "wrong", "coverage", "risk", "sure")} == {
        "answers": 2, "wrong": 1, "coverage": 1.0, "risk": 0.5, "sure": 0.95
    }  # fmt: skip
    assert insights(capsys, "build", "--policy", written, "--corpus", own.corpus, "--index", own.home).code == 0
    run = json.loads(evaluated(capsys, own, "answers", "--data", cases, "--json", "-").out)
    assert run["policy"]["answer_threshold"] == found["threshold"] < policy.answer_threshold
    assert [one["verdict"] for one in run["cases"]] == ["wrong quotes", "right", "rightly refused"]


def test_a_risk_that_no_threshold_keeps_writes_nothing(
    capsys: pytest.CaptureFixture[str], vantor: Workshop, cases: Path
) -> None:
    out, sure = cases.parent / "policy.json", ("--guarantee", "--sure", "0.9999")
    done = evaluated(capsys, vantor, "calibrate", "--data", cases, *sure, "--write", out, "--json", "-")
    assert (done.code, done.out, out.exists()) == (1, "", False)
    assert done.complaint == (  # log(0.0001 / 99) / log(0.95) = 269.1
        f"{cases}: at no threshold are at most 5% of the answers wrong with 99.99% certainty; it takes 270 right "
        "answers at the least; add cases, or take a higher --risk; nothing was written"
    )


@pytest.mark.parametrize(("option", "value"), [("--risk", "0"), ("--risk", "1"), ("--risk", "nan"), ("--sure", "1")])
def test_a_share_that_is_none_is_refused(
    option: str, value: str, capsys: pytest.CaptureFixture[str], vantor: Workshop, cases: Path
) -> None:
    done = evaluated(capsys, vantor, "calibrate", "--data", cases, option, value)
    assert done.refusal.startswith(f"Invalid value for '{option}': ")
