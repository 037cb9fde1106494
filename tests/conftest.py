"""Fixtures for every test."""

from __future__ import annotations

from tests.support.apps import app, browser, clock, make_app, origin, served, visitor
from tests.support.databases import clinic, database, database_url, empty_url, keys, postgres, sqlite_template
from tests.support.practice import earnest, practice
from tests.support.scratch import use_memory

__all__ = [
    "app",
    "browser",
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


def pytest_configure() -> None:
    """Before the first temporary file."""
    use_memory()
