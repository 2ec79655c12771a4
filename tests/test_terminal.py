"""What a terminal and a pipe are shown of a reply."""

import re
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from corpus.model import Span
from corpus.versions import version_name
from retrieval.model import Abstention, Answer, Notice, NoticeKind, Quote, Reason, Reply, Sureness
from tests.test_wire import BELLS, HUM, MOTHS, REPLIES, REST, RING
from ui.languages import catalogue
from ui.terminal import show, show_means
from ui.wire import to_json

ENGLISH = catalogue("en")

ANSWER = Answer(
    "where do they rest",
    "where do moths rest",
    (Quote(Span(MOTHS, 32, 73), (HUM,), 0.9, (RING,), Sureness.VERY_LIKELY),),
)
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def shown(reply: Reply, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    show(to_json(reply, index="ab12", elapsed_ms=1.0, today=date(2026, 6, 1)))
    return capsys.readouterr().out


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(REPLIES)
def test_a_pipe_gets_every_quote_verbatim_and_no_escape_codes(capsys: pytest.CaptureFixture[str], reply: Reply) -> None:
    printed = shown(reply, capsys)
    if isinstance(reply, Answer):
        assert all(f"{n}. “{quote.span.text}”\n" in printed for n, quote in enumerate(reply.quotes, start=1))
    else:
        assert ENGLISH.reply(reply.reason, limit=2000) in printed


def test_an_answer_is_shown_with_its_citation_and_the_other_places(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(ANSWER, capsys) == (
        "Looked up as: where do moths rest\n"
        "1. “Moths rest on reeds 🌒. They hum “softly”.”\n"
        "    Very likely answers your question\n"
        f"    Glimmer moths of Vantor, “Where they rest” ({version_name(MOTHS)}, characters 32-73); publisher: "
        "Vantor Moth Society; licence: CC BY 4.0; reviewed: 2025-03-12; its review is overdue\n"
        "    Original: https://vantor.example/moths\n"
        f"    Also said in: {version_name(BELLS)}, characters 0-11\n"
    )


def test_a_source_of_which_nothing_is_stated_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(Answer("ring", "ring", (Quote(RING, (RING,), 0.9),)), capsys) == (
        "1. “Bells ring.”\n"
        "    May answer your question: please check that it does\n"
        f"    Of bells ({version_name(BELLS)}, characters 0-11); publisher: not stated; licence: not stated; "
        "reviewed: not stated\n"
    )


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason is not Reason.TOPICS])
def test_an_abstention_is_its_fixed_sentence_and_shows_no_passage(
    reason: Reason, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shown(Abstention("  hm\n ", "hm", reason, (RING,)), capsys) == f"{ENGLISH.reply(reason, limit=2000)}\n"


def test_topics_are_listed_in_the_words_of_the_documents(capsys: pytest.CaptureFixture[str]) -> None:
    reply = Abstention("topics", "topics", Reason.TOPICS, (RING, REST))
    assert shown(reply, capsys) == (
        f"{ENGLISH.reply(Reason.TOPICS, limit=2000)}\n    - Bells ring.\n    - Moths rest on reeds 🌒.\n"
    )


def test_notices_come_first_with_their_link(capsys: pytest.CaptureFixture[str]) -> None:
    notices = (
        Notice(NoticeKind.EMERGENCY, "Call the wardens:", "tel:000"),
        Notice(NoticeKind.CRISIS, "Breathe.", numbers=("000", "111")),
    )
    reply = Abstention("hm", "hm", Reason.NO_EVIDENCE, notices=notices)
    assert shown(reply, capsys) == (
        f"Call the wardens: tel:000\nBreathe. Call 000, 111\n{ENGLISH.reply(Reason.NO_EVIDENCE, limit=2000)}\n"
    )


def test_nothing_in_a_question_is_taken_for_markup(capsys: pytest.CaptureFixture[str]) -> None:
    reply = Abstention("it", "[bold]moths[/bold] :bug: {x} *y*", Reason.NO_EVIDENCE)
    assert shown(reply, capsys).startswith("Looked up as: [bold]moths[/bold] :bug: {x} *y*\n")


def test_a_terminal_shows_the_evidence_in_bold_and_wraps_what_is_too_long(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"FORCE_COLOR": "1", "TERM": "xterm", "COLUMNS": "40"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_COLOR", raising=False)
    printed = shown(ANSWER, capsys)
    bold = "".join(re.findall(r"\x1b\[1m(.*?)\x1b", printed))
    assert bold.split() == HUM.text.split()
    lines = ESCAPE.sub("", printed).splitlines()
    assert max(map(len, lines)) <= 40
    assert [line for line in lines if line.startswith("    ")]


@pytest.mark.parametrize("columns", [1, 3, 5])
def test_nothing_is_cut_off_of_the_means_of_five_runs_in_80_columns(
    columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    runs = ("dense", "bm25", "rrf", "hybrid", "shipped")[:columns]
    mean = {"value": 0.6184, "low": 0.5, "high": 0.7216}
    none = {"value": None, "low": None, "high": None}
    show_means("Means and their 95% intervals", {run: {"nDCG@10": mean, "R@10": none} for run in runs})
    printed = capsys.readouterr().out
    assert "Means and their 95% intervals" in printed
    assert [run for run in runs if run not in printed] == []
    beside = "0.618 (0.500–0.722)"
    assert printed.count(beside) == (columns if columns <= 3 else 0)
    assert (printed.count("0.618"), printed.count("0.500–0.722")) == (columns, columns)
    assert "…" not in printed
    assert max(map(len, printed.splitlines())) <= 80
