"""A newer index is served without a restart and without a failed request; a broken one leaves the old one serving."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from retrieval.generation import IndexFolderError, current_generation
from tests.answering import of_keyword
from tests.browser.vantor import CORPUS, SITE, TOPICS, Keeper
from tests.workshop import POLICY, Workshop
from ui.edition import Edition
from ui.reloading import Shelf
from ui.server import create_app


def edition(name: str) -> Edition:
    return Edition(name, Keeper(), CORPUS, TOPICS)


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks for a newer index each time."""
    monkeypatch.setattr("ui.reloading._LOOK_S", 0.0)


@pytest.mark.usefixtures("quick")
def test_a_newer_edition_has_answered_before_it_is_served() -> None:
    newest = ["one"]
    keepers: list[Keeper] = []

    def opened() -> Edition:
        keepers.append(Keeper())
        return Edition(newest[0], keepers[-1], CORPUS, TOPICS)

    shelf = Shelf(opened, lambda: newest[0])
    assert shelf().index == "one"
    newest[0] = "two"
    until(lambda: shelf().index == "two")
    assert [keeper.asked for keeper in keepers] == [[(TOPICS[0].text, ())]] * 2


@pytest.mark.usefixtures("quick")
def test_one_that_cant_be_opened_is_said_once_and_the_old_one_is_served(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    newest = ["one"]

    def opened() -> Edition:
        if newest[0] == "broken":
            raise IndexFolderError("the index is damaged: moths\nrun: insights build")
        return edition(newest[0])

    shelf = Shelf(opened, lambda: newest[0])
    newest[0] = "broken"
    until(lambda: shelf().index == "one" and bool(caplog.messages))
    for _ in range(50):
        assert shelf().index == "one"
        time.sleep(0.002)
    newest[0] = "three"
    until(lambda: shelf().index == "three" and len(caplog.messages) == 2)
    assert caplog.messages == [
        "a newer index can't be served (the index is damaged: moths run: insights build); the index one still is",
        "the index three is served now",
    ]


@pytest.mark.usefixtures("quick")
def test_what_is_served_already_is_not_opened_again() -> None:
    opened: list[Edition] = []

    def once() -> Edition:
        opened.append(edition("one"))
        return opened[-1]

    shelf = Shelf(once, lambda: "one-0001")
    for _ in range(50):
        shelf()
        time.sleep(0.002)
    assert len(opened) == 1


def test_it_looks_at_most_once_a_second() -> None:
    looks: list[float] = []

    def newest() -> str:
        looks.append(time.monotonic())
        return "one"

    shelf = Shelf(lambda: edition("one"), newest)
    end = time.monotonic() + 1.5
    while time.monotonic() < end:
        shelf()
    assert len(looks) == 2  # at the beginning, and after a second


def test_it_looks_at_once_when_it_is_told_to() -> None:
    newest = ["one"]
    shelf = Shelf(lambda: edition(newest[0]), lambda: newest[0])
    newest[0] = "two"
    shelf.look()
    until(lambda: shelf().index == "two")


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
def test_no_question_fails_while_indexes_are_built_and_broken_under_load(workshop: Workshop) -> None:
    def opened() -> Edition:
        return Edition.of(of_keyword(workshop.open(), "glimmer"), workshop.corpus)

    shelf = Shelf(opened, lambda: current_generation(workshop.home).name)
    seen: list[tuple[int, str]] = []
    stop = threading.Event()
    with TestClient(create_app(SITE, shelf)) as client:

        def ask() -> None:
            while not stop.is_set():
                reply = client.post("/api/ask", json={"question": "What do glimmer moths rest on?"})
                seen.append((reply.status_code, reply.json().get("index", "")))

        askers = [threading.Thread(target=ask) for _ in range(4)]
        for asker in askers:
            asker.start()
        names = [shelf().index]
        for passages in (57, 58):
            workshop.build(replace(POLICY, k=passages))
            names.append(workshop.open().manifest.name)
            until(lambda: shelf().index == names[-1] and seen[-1][1] == names[-1])
        (workshop.home / "CURRENT").write_text("no-such\n", encoding="utf-8")
        before = len(seen)
        until(lambda: len(seen) > before + 20)
        stop.set()
        for asker in askers:
            asker.join()
    assert {status for status, _ in seen} == {200}
    assert list(dict.fromkeys(index for _, index in seen)) == names
