"""The commands of the README and of the guides exist as these write them."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ui.cli import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDES = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
BLOCKS = re.findall(r"```sh\n(.*?)```", "\n".join([README, *GUIDES.values()]), flags=re.DOTALL)
COMMANDS = [line.split("#")[0].strip() for block in BLOCKS for line in block.splitlines()]


def _subcommand(words: list[str]) -> list[str]:
    return words[:2] if words[0] in {"corpus", "eval"} else words[:1]


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("insights ")])
def test_every_option_of_a_command_in_the_readme_is_in_its_help(command: str) -> None:
    words = shlex.split(command)[1:]
    shown = CliRunner().invoke(app, [*_subcommand(words), "--help"])
    assert shown.exit_code == 0
    assert [word for word in words if word.startswith("--") and word not in shown.output] == []


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("make ")])
def test_every_make_target_in_the_readme_is_in_the_makefile(command: str) -> None:
    target = command.split()[1]
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)


def test_the_readme_has_commands_to_check() -> None:
    assert {command.split()[0] for command in COMMANDS if command} == {"insights", "make", ".", "export"}


def test_what_the_readme_links_to_is_there() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []
    named = re.findall(r"`((?:evals|retrieval|ingest|corpus|ui|docs)/[\w./-]+)`", README)
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_what_the_guides_link_to_is_there() -> None:
    links = {link for text in GUIDES.values() for link in re.findall(r"\]\((?!http)([^)#]+)\)", text)}
    assert [link for link in sorted(links) if not (ROOT / "docs" / link).exists()] == []
