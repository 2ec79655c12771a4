"""What is kept of evaluations on public sets: no single queries, and tables that the README shows as they are."""

import json
import re
from pathlib import Path

import pytest

import evals
from evals.results import main, tables

KEPT = Path(evals.__file__).parent / "results"
README = Path(evals.__file__).parent.parent / "README.md"
FIGURES = {name: {"value": 0.5, "low": 0.4, "high": 0.6} for name in ("nDCG@10", "R@5", "R@10", "RR@10", "AP")}


def test_results_are_kept_without_queries_and_tables_are_of_all_that_is_kept(tmp_path: Path) -> None:
    measured, kept = tmp_path / "measured", tmp_path / "kept"
    for folder, name in ((measured, "retrieval-moths"), (kept, "retrieval-reeds")):
        folder.mkdir()
        result = {"queries": 7, "runs": {"bm25": FIGURES}, "per_query": {"bm25": {"q": {}}}}
        (folder / f"{name}.json").write_text(json.dumps(result), encoding="utf-8")
    main([str(measured), str(kept)])
    assert json.loads((kept / "retrieval-moths.json").read_text(encoding="utf-8")) == {
        "queries": 7,
        "runs": {"bm25": FIGURES},
    }
    assert (kept / "public.md").read_text(encoding="utf-8").splitlines() == [
        "| set | queries | run | nDCG@10 | R@5 | R@10 | RR@10 | AP |",
        "|---|---|---|---|---|---|---|---|",
        "| moths | 7 | bm25 | 0.500 | 0.500 | 0.500 | 0.500 | 0.500 |",
        "| reeds | 7 | bm25 | 0.500 | 0.500 | 0.500 | 0.500 | 0.500 |",
    ]


def test_rewriting_has_a_table_of_its_own_between_retrieval_and_reading() -> None:
    figures = {name: {"value": 0.25, "low": 0.2, "high": 0.3} for name in ("recall", "f1", "left_alone")}
    none = dict.fromkeys(("value", "low", "high"))
    all_figures = {**figures, "precision": none, "topic_switches_left_alone": none}
    rewriting = {"turns": 4, "rewritings": {"last_turn": all_figures, "ours": all_figures}}
    reading = {"rows": 7, "readers": {}}
    retrieval = {"queries": 7, "runs": {"bm25": FIGURES}}
    given = {"rewriting-moths": rewriting, "reading-moths": reading, "retrieval-moths": retrieval}
    assert tables(given).splitlines()[3:] == [
        "",
        "| set | turns | rewriting | precision | recall | f1 | left alone | topic switches left alone |",
        "|---|---|---|---|---|---|---|---|",
        "| moths | 4 | last turn | – | 0.250 | 0.250 | 0.250 | – |",
        "| moths | 4 | ours | – | 0.250 | 0.250 | 0.250 | – |",
    ]


def test_nothing_measured_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main([str(tmp_path), str(tmp_path / "kept")])
    assert exit_.value.code == 2
    assert capsys.readouterr().err.startswith(f"evals.results: found no results in {tmp_path}")
    assert not (tmp_path / "kept").exists()


def test_the_committed_tables_are_those_of_the_committed_results() -> None:
    results = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(KEPT.glob("*.json"))}
    assert (KEPT / "public.md").read_text(encoding="utf-8") == tables(results)


def test_the_readme_shows_the_committed_tables() -> None:
    readme = README.read_text(encoding="utf-8")
    (shown,) = re.findall(r"<!-- evals/results/public.md -->\n\n(.*?)\n<!-- end -->", readme, re.DOTALL)
    assert shown == (KEPT / "public.md").read_text(encoding="utf-8")
