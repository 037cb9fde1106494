"""Which questions apply to a patient: Python made of every `asked_if`, as `compiled` makes it of rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import cast

from intake.engine.book.vocabulary import NOT_SURE, Answers, Fact, Vocabulary
from intake.engine.decide.compiled import Given, function, module, run
from intake.engine.decide.expressions import STEP, Writer
from intake.engine.interpret.truth import Intake

Applying = Callable[[Given, Intake], list[str]]


def applying(vocabulary: Vocabulary, answers: Answers) -> frozenset[str]:
    """The facts whose question surely applies in the light of these answers."""
    asked_of_all, asking = _compiled(vocabulary)
    return asked_of_all.union(asking(answers.get, Intake(vocabulary, answers)))


@cache
def _compiled(vocabulary: Vocabulary) -> tuple[frozenset[str], Applying]:
    some = [fact for fact in vocabulary.facts.values() if fact.asked_if is not None or fact.narrows is not None]
    space = run(source(vocabulary, some), f"<questions {vocabulary.sha256[:12]}>")
    return frozenset(vocabulary.facts).difference(fact.name for fact in some), cast("Applying", space["applying"])


def source(vocabulary: Vocabulary, facts: Iterable[Fact]) -> str:
    """The Python source of `applying`: the names of those of the facts that surely apply."""
    writer = Writer(vocabulary)
    tests = [line for fact in facts for line in (f"if {_applies(writer, fact)}:", f"{STEP}found.append({fact.name!r})")]
    return module(writer, function("applying", writer, tests))


def _applies(writer: Writer, fact: Fact) -> str:
    if fact.narrows is not None:
        wide = _applies(writer, writer.vocabulary.facts[fact.narrows])
        return f"({wide} and {NOT_SURE!r} in (given({fact.narrows!r}) or ()))"
    return "True" if fact.asked_if is None else writer.holds(fact.asked_if, surely=True)
