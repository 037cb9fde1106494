"""Fixtures for every test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.support import campaigns, databases
from tests.support.apps import app, browser, clock, make_app, origin, served, visitor
from tests.support.campaigns import campaign
from tests.support.databases import clinic, database, database_url, empty_url, keys, postgres, sqlite_template
from tests.support.mail import inbox
from tests.support.practice import earnest, practice
from tests.support.receiver import hook
from tests.support.scheduling import TogetherScheduling
from tests.support.scratch import use_memory

if TYPE_CHECKING:
    from xdist.remote import Producer

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
    "hook",
    "inbox",
    "keys",
    "make_app",
    "origin",
    "postgres",
    "practice",
    "served",
    "sqlite_template",
    "visitor",
]

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no counterexample
settings.register_profile("sample", UNHURRIED, max_examples=50)
settings.register_profile("soak", UNHURRIED, max_examples=1000)
settings.load_profile("sample")


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
    for item in filter(costs_much_to_trace, items):
        item.add_marker("no_cover")


def costs_much_to_trace(item: pytest.Item) -> bool:
    """Many random rounds, or Chromium's greenlets: examples must cover the lines, and these hold what they claim."""
    random = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    return random or item.get_closest_marker("browser") is not None or "campaign" in getattr(item, "fixturenames", ())


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> TogetherScheduling:
    """How several workers share the tests."""
    return TogetherScheduling(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """After the last test."""
    campaigns.summarize(terminalreporter, config)
