"""Fixtures for every test."""

from __future__ import annotations

from tests.support.databases import clinic, database, database_url, empty_url, keys, postgres, sqlite_template

__all__ = ["clinic", "database", "database_url", "empty_url", "keys", "postgres", "sqlite_template"]
