"""Data files -> checked types. Every fault of a file is reported at once, with its line and the nearest right word."""

from __future__ import annotations

import json
from pathlib import Path

from intake.engine.book.rulebook import Rulebook
from intake.engine.book.vocabulary import Vocabulary
from intake.engine.read.nodes import nodes
from intake.engine.read.parse import read_nodes
from intake.engine.read.problems import Problems
from intake.engine.read.rules import RuleReader
from intake.engine.read.vocabulary import read_vocabulary
from intake.errors import DataFileError, Problem


def load_vocabulary(path: Path) -> Vocabulary:
    """The vocabulary in the file; raises DataFileError."""
    problems = Problems(str(path))
    root = read_nodes(path, problems)
    problems.refuse()
    vocabulary = read_vocabulary(root, problems)
    problems.refuse()
    return vocabulary


def load_rulebook(path: Path, vocabulary: Vocabulary) -> Rulebook:
    """The rule book in the file; raises DataFileError."""
    rulebook, problems = examine_rulebook(path, vocabulary)
    if problems:
        raise DataFileError(problems)
    return rulebook


def examine_rulebook(path: Path, vocabulary: Vocabulary) -> tuple[Rulebook, tuple[Problem, ...]]:
    """What can be read of the rule book, and everything that is wrong with it."""
    problems = Problems(str(path))
    root = read_nodes(path, problems)
    unreadable = root is None and len(problems) > 0
    rulebook = RuleReader(vocabulary, Problems("") if unreadable else problems).read(root)
    return rulebook, problems.in_order()


def kept_rulebook(content: str, vocabulary: Vocabulary | None = None) -> Rulebook:
    """The rule book that `Rulebook.content` keeps, over its own vocabulary or another; raises DataFileError."""
    stored = json.loads(content)
    problems = Problems("the stored rule book")
    words = vocabulary or kept_vocabulary(stored["facts"])
    rulebook = RuleReader(words, problems, kept=True).read(nodes(stored["rules"]))
    problems.refuse()
    return rulebook


def kept_vocabulary(content: str) -> Vocabulary:
    """The vocabulary that `Vocabulary.content` keeps; raises DataFileError."""
    problems = Problems("the stored vocabulary")
    vocabulary = read_vocabulary(nodes(json.loads(content)), problems)
    problems.refuse()
    return vocabulary
