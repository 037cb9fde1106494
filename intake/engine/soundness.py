"""Everything that keeps a rule book from being published: broken examples, overdue reviews, refuted proofs.

Needs z3 (development extra).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from intake.engine import check
from intake.engine.decide import truth
from intake.engine.exact import exactness, reads_once
from intake.engine.mutants import adequacy
from intake.engine.prove import refutations
from intake.engine.rulebook import Rule, Rulebook
from intake.engine.search import Search
from intake.engine.truth import Truth
from intake.engine.vocabulary import Answers


def faults(book: Rulebook, today: date) -> Iterator[str]:
    """One sentence a fault; none: checks and proofs are green."""
    yield from (message for _, message in check.broken_examples(book))
    yield from (message for _, message in check.overdue_reviews(book, today))
    search = Search(book)
    for one in refutations(search):
        yield f"{one.id}: rule `{one.subject}`: {one.text}"
    for rule in book.rules:
        if not reads_once(book, rule) and exactness(book, rule, partial(_truth, book)).inexact is not None:
            yield f"P7: rule `{rule.id}`: it asks although every completion agrees"
    for survivor in adequacy(search).survivors:
        yield f"P14: rule `{survivor.rule}`: {survivor.change}: no example tells it apart"


def _truth(book: Rulebook, rule: Rule, answers: Answers) -> Truth:
    return truth(book.vocabulary, rule.when, answers)
