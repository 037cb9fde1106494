"""What the README says: every setting with its default, every command, and links that lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from intake import settings
from tests.support.apps import make

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
FLASKS_OWN = {"limiter", "routes", "run", "shell"}
WORKED_OUT = {
    "database_url",
    "time_zone",
    "overlay",
    "trusted_hosts",
    "clinic_name",
}  # told in words


def table(heading: str) -> list[list[str]]:
    """The cells of the table under a heading."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def commands(group: click.Group, path: str = "") -> Iterator[str]:
    """The whole names of a group's commands."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}"


def named(cell: str, known: set[str]) -> Iterator[str]:
    """The commands in one cell; a word that is no command by itself goes on with the group before it."""
    group = ""
    for code in re.findall(r"`([^`-][^`]*)`", cell):
        first, *rest = code.replace("\\|", "|").split()
        group = first if rest and first not in known else group
        names = (rest[0] if rest and first == group else first).split("|")
        yield from (name if name in known else f"{group} {name}" for name in names)


def test_every_setting_is_told_with_its_default() -> None:
    told = {
        name: default
        for names, defaults, _ in table("Configuration")
        for name, default in zip(re.findall(r"`(\w+)`", names), defaults.split(", "), strict=False)
    }
    known = {name: value for name, value in settings.known().items() if name != "secret_key"}
    assert sorted(told) == sorted(known)
    plain = {name: str(value).lower() or "none" for name, value in known.items() if name not in WORKED_OUT}
    assert {name: told[name].strip("`").lower() for name in plain} == plain


def test_every_command_is_told_and_there(tmp_path: Path) -> None:
    app = make(tmp_path / "app", f"sqlite:///{tmp_path / 'none.sqlite3'}")
    ours = {name for name in commands(app.cli) if name.split()[0] not in FLASKS_OWN}
    assert sorted(name for cell, _ in table("Commands") for name in named(cell, ours)) == sorted(ours)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []
