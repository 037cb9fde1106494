"""Fixtures for every test."""

from __future__ import annotations

from tests.support.apps import app, browser, clock, make_app, origin, visitor
from tests.support.databases import clinic, database, database_url, empty_url, keys, postgres, sqlite_template
from tests.support.practice import practice

__all__ = [
    "app",
    "browser",
    "clock",
    "make_app",
    "origin",
    "visitor",
    "clinic",
    "database",
    "database_url",
    "empty_url",
    "keys",
    "postgres",
    "practice",
    "sqlite_template",
]
