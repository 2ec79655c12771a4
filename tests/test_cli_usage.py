"""Wrong commands end with one line and exit code 2, and every help has an example."""

import socket
from pathlib import Path

import pytest

from tests.commands import insights, insights_process
from tests.fiction import write
from tests.workshop import Workshop
from ui.inputs import listening, read_examples

COMMANDS = [[], ["ask"], ["serve"], ["ingest"], ["build"], ["verify"], ["train-reader"], ["train-resolver"]]
COMMANDS += [["eval"], ["eval", "answers"]]
COMMANDS += [
    ["eval", name]
    for name in (
        *("compare", "calibrate", "retrieval", "followups", "rewriting", "misspellings", "reading", "bench", "safety"),
    )
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_has_an_example_of_the_command(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    done = insights(capsys, *command, "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(" ".join(["Usage: insights", *command]))
    assert " ".join(["Example: insights", *command]) in " ".join(done.out.split())


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        ([], "Missing command; see: insights --help"),
        (["zork"], "No such command 'zork'; see: insights --help"),
        (["--zork"], "No such option: --zork; see: insights --help"),
        (["eval"], "Missing command; see: insights eval --help"),
        (["eval", "zork"], "No such command 'zork'; see: insights eval --help"),
        (["ask", "moths?", "--zork"], "No such option: --zork; see: insights ask --help"),
        (["ask", "moths?", "reeds?"], "Got unexpected extra argument(s) (reeds?); see: insights ask --help"),
        (["ask", "moths?", "--history"], "Option '--history' requires an argument; see: insights --help"),
        (["ingest"], "Missing argument 'PATH...'; see: insights ingest --help"),
        (["build", "extra"], "Got unexpected extra argument(s) (extra); see: insights build --help"),
        (["eval", "answers"], "Missing option '--data'; see: insights eval answers --help"),
    ],
)
def test_a_wrong_command_is_refused_in_one_line_that_names_the_help(
    arguments: list[str], refusal: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert insights(capsys, *arguments).refusal == refusal


@pytest.mark.parametrize("port", ["0", "65536", "-1", "moth", "7860.5", ""])
def test_a_port_that_is_none_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert insights(capsys, "serve", "--port", port).refusal.startswith("Invalid value for '--port': ")


@pytest.mark.enable_socket
def test_a_port_that_is_taken_is_said_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refusal = insights(capsys, "serve", "--no-browser", "--port", str(port)).refusal
    assert refusal == f"can't listen on 127.0.0.1 port {port}: Address already in use; choose another --port"


@pytest.mark.enable_socket
@pytest.mark.parametrize("host", ["192.0.2.1", "not a host", "::zork"])
def test_an_address_that_is_not_this_machines_is_refused(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert insights(capsys, "serve", "--no-browser", "--host", host).refusal.startswith(f"can't listen on {host} port ")


@pytest.mark.enable_socket
def test_serving_without_an_index_is_refused_with_the_remedy(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, vantor: Workshop
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    places: list[str | Path] = ["--corpus", vantor.corpus, "--index", tmp_path / "none"]
    refusal = insights(capsys, "serve", "--no-browser", "--port", port, *places).refusal
    assert refusal == f"no index in {tmp_path / 'none'} (No such file or directory); run: insights build"


def test_a_wrong_command_in_a_process_of_its_own_is_one_line_too() -> None:
    assert insights_process("zork").refusal == "No such command 'zork'; see: insights --help"


def test_examples_are_the_lines_of_a_file_that_need_not_be_there(tmp_path: Path) -> None:
    assert read_examples(tmp_path) == []
    write(tmp_path / "examples.txt", "What are moths?\n\n  \nHow do they shine?")
    assert read_examples(tmp_path) == ["What are moths?", "How do they shine?"]


@pytest.mark.enable_socket
def test_examples_that_are_no_text_are_refused(capsys: pytest.CaptureFixture[str], workshop: Workshop) -> None:
    (workshop.corpus / "examples.txt").write_bytes(b"caf\xe9?")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    places: list[str | Path] = ["--corpus", workshop.corpus, "--index", workshop.home]
    refusal = insights(capsys, "serve", "--no-browser", "--port", port, *places).refusal
    assert refusal.startswith(f"{workshop.corpus / 'examples.txt'} can't be read (")


@pytest.mark.usefixtures("socket_enabled")
def test_the_server_listens_on_a_socket_whose_small_replies_are_sent_at_once() -> None:
    # asyncio switches Nagle's algorithm off only for sockets of that protocol; with it each reply took 40 ms longer.
    with listening("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


@pytest.mark.parametrize(
    ("option", "value"),
    [("--allow-origin", "*"), ("--root-path", "bot"), ("--trusted-proxy", "*"), ("--rate-limit", "often")],
)
def test_a_wrong_setting_of_the_server_is_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], option: str, value: str
) -> None:
    refusal = insights(capsys, "serve", "--no-browser", option, value).refusal
    assert refusal.startswith(f"{option}: found {value!r}, wanted ")
