"""Fixtures for every test."""

from __future__ import annotations

import pytest

from tests.support import campaigns, databases
from tests.support.apps import app, browser, clock, make_app, origin, served, visitor
from tests.support.campaigns import campaign
from tests.support.databases import clinic, database, database_url, empty_url, keys, postgres, sqlite_template
from tests.support.practice import earnest, practice
from tests.support.scratch import use_memory

__all__ = [
    "app",
    "browser",
    "campaign",
    "clinic",
    "clock",
    "database",
    "database_url",
    "earnest",
    "empty_url",
    "keys",
    "make_app",
    "origin",
    "postgres",
    "practice",
    "served",
    "sqlite_template",
    "visitor",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--soak-seed`."""
    campaigns.add_option(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Before the first temporary file, and before the workers start."""
    use_memory()
    campaigns.draw_seed(config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Each test on the databases that it is about."""
    items[:], left_out = databases.only_needed(items)
    config.hook.pytest_deselected(items=left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """After the last test."""
    campaigns.summarize(terminalreporter, config)
