"""Fixtures for every test."""

from __future__ import annotations

from tests.support.databases import database, database_url, empty_url, keys, postgres, sqlite_template

__all__ = ["database", "database_url", "empty_url", "keys", "postgres", "sqlite_template"]
