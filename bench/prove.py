"""All proofs of a rule book: the shipped one, and one of 300 generated rules over 120 facts.

    python -m bench.prove [RULES]

Prints the seconds of each property by the clock, and the sum also of the processor; what the solver proves in one go
(P1 to P6, P8, P10) stands beside P1. The generated rules are random trees: before the clock starts the solver writes
each an example that fires, stays quiet and asks; the examples that P14 misses are found within the time.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from datetime import date

from bench import harness
from intake.engine.book.rulebook import Examples, Rule, Rulebook
from intake.engine.prove.encoder import Formula
from intake.engine.prove.proofs import Proofs
from intake.engine.prove.search import Search
from intake.engine.read.answers import to_raw
from intake.engine.read.load import load_rulebook, load_vocabulary
from intake.settings import RULEBOOK_PATH, VOCABULARY_PATH

FAMILY = 5  # rules of one concept


def main(rules: int = 300) -> None:
    """Prove both books."""
    prove(f"the shipped book ({RULEBOOK_PATH.name})", load_rulebook(RULEBOOK_PATH, load_vocabulary(VOCABULARY_PATH)))
    prove("a generated book", generated(rules))


def prove(name: str, book: Rulebook) -> None:
    """Print one line a property that took time, and the sum."""
    print(f"{name}: {len(book.rules)} rules, {len(book.vocabulary.facts)} facts")
    clock, processor = time.perf_counter(), time.process_time()
    begun = clock, processor
    for result in Proofs(book, date(2026, 11, 25)).results():
        took, clock = time.perf_counter() - clock, time.perf_counter()
        if took > 0.1:
            print(f"  {result.id:6} {took:6.2f} s  {result.name}: {result.summary}")
    print(f"  all    {clock - begun[0]:6.2f} s  ({time.process_time() - begun[1]:.2f} s of the processor)")


def generated(rules: int) -> Rulebook:
    """Random rules, `FAMILY` of them a concept, with the examples that the solver writes."""
    book = harness.rulebook(harness.vocabulary(), rules)
    search = Search(book)
    named = (replace(rule, concept=f"c{place // FAMILY}") for place, rule in enumerate(book.rules))
    return replace(book, rules=tuple(replace(rule, examples=examples(search, rule)) for rule in named))


def examples(search: Search, rule: Rule) -> Examples:
    """One example of each kind, where there is one."""
    own = search.in_x[rule.id]
    return Examples(*(example(search, rule, claim) for claim in (own.true, own.false, own.unknown)))


def example(search: Search, rule: Rule, claim: Formula) -> tuple[dict[str, object], ...]:
    """A patient of whom the claim holds."""
    found = search.find([rule], claim)
    return () if found is None else (to_raw(found[0]),)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
