"""Reader 3: a condition -> a pair of z3 formulas, when it is TRUE and when it is FALSE (neither: UNKNOWN).

A `Record` is one symbolic intake: for each fact the variables that its stored answer can take, hidden answers included.
`facts_of` turns a solver's model back into an intake that `decide` can read.
Development only: z3 does not run the product.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, TypeAlias, assert_never

import z3

from intake.engine.book.tree import All, AllOf, AnyNode, AnyOf, AtLeast, Between, Condition, Count, Not, OneOf
from intake.engine.book.vocabulary import NOT_SURE, Answer, Fact, Kind, Vocabulary

Formula: TypeAlias = Any  # z3 ships no types
TRUE, FALSE = z3.BoolVal(True), z3.BoolVal(False)


@dataclass(frozen=True, slots=True)
class TruthPair:
    """When a condition is TRUE and when it is FALSE."""

    true: Formula
    false: Formula

    @property
    def unknown(self) -> Formula:
        """When it is neither."""
        return z3.Not(z3.Or(self.true, self.false))


@dataclass(frozen=True, slots=True)
class Variables:
    """One fact of a record: `codes` held, `open` where the rest is unknown, a number's `value`, `blank`: no answer."""

    codes: dict[str, Formula]
    open: Formula
    value: Formula = None
    blank: Formula = None


@dataclass(slots=True)
class SymbolicIntake:
    """One symbolic intake over a vocabulary; `prefix` keeps two records apart in one formula."""

    vocabulary: Vocabulary
    prefix: str
    variables: dict[str, Variables] = field(default_factory=dict)
    readings: dict[str, TruthPair] = field(default_factory=dict)

    def of(self, name: str) -> Variables:
        """The variables of a fact, made at first use."""
        if name not in self.variables:
            self.variables[name] = _variables(self.vocabulary.facts[name], f"{self.prefix}.{name}")
        return self.variables[name]


def _variables(fact: Fact, name: str) -> Variables:
    codes = {code: z3.Bool(f"{name}={code}") for code in fact.codes if code != fact.none or fact.kind is Kind.CHOICE}
    number = fact.kind in {Kind.NUMBER, Kind.SCORE}
    blank = z3.Bool(f"{name}.blank") if fact.kind is Kind.CHOICES else None
    return Variables(codes, z3.Bool(f"{name}.open"), z3.Real(f"{name}.value") if number else None, blank)


def shape(fact: Fact, own: Variables) -> Formula:
    """What holds of every answer that can be stored for the fact."""
    ticks = list(own.codes.values())
    match fact.kind:
        case Kind.CHOICE:
            return z3.And(z3.AtMost(*ticks, 1), own.open == z3.Not(z3.Or(ticks)))
        case Kind.CHOICES:
            some = TRUE if fact.none is not None else z3.Or(own.open, *ticks)
            return z3.And(some, z3.Implies(own.blank, z3.And(own.open, z3.Not(z3.Or(ticks)))))
        case Kind.REGIONS:
            return z3.Implies(own.open, z3.Not(z3.Or(ticks)))
        case Kind.NUMBER | Kind.SCORE:
            return _range(fact, own)
        case Kind.TEXT:
            return TRUE
        case _:
            assert_never(fact.kind)


def _bounds(own: Variables, low: float | None, below: float | None) -> list[Formula]:
    return [*([] if low is None else [own.value >= low]), *([] if below is None else [own.value < below])]


def _range(fact: Fact, own: Variables) -> Formula:
    low, high = (0, 10) if fact.kind is Kind.SCORE else (fact.low, fact.high)
    whole = [z3.IsInt(own.value)] if fact.kind is Kind.SCORE else []
    return z3.And(
        *whole, *([own.value >= low] if low is not None else []), *([own.value <= high] if high is not None else [])
    )


def applies(record: SymbolicIntake, name: str) -> TruthPair:
    """When the fact's question is asked, and when it does not apply."""
    if name not in record.readings:
        fact = record.vocabulary.facts[name]
        record.readings[name] = TruthPair(TRUE, FALSE) if fact.asked_if is None else pair(record, fact.asked_if)
    return record.readings[name]


def pair(record: SymbolicIntake, node: Condition) -> TruthPair:
    """The condition over the record: TRUE when, FALSE when. Kleene's strong logic."""
    match node:
        case All(nodes):
            return _every([pair(record, each) for each in nodes])
        case AnyNode(nodes):
            return _some([pair(record, each) for each in nodes])
        case Not(inner):
            part = pair(record, inner)
            return TruthPair(part.false, part.true)
        case AtLeast(count, nodes):
            return _counted([pair(record, each) for each in nodes], count)
        case OneOf() | AnyOf() | AllOf() | Count() | Between():
            return _leaf(record, node)
        case _:
            assert_never(node)


def _every(parts: list[TruthPair]) -> TruthPair:
    return TruthPair(z3.And([part.true for part in parts]), z3.Or([part.false for part in parts]))


def _some(parts: list[TruthPair]) -> TruthPair:
    return TruthPair(z3.Or([part.true for part in parts]), z3.And([part.false for part in parts]))


def _counted(parts: list[TruthPair], count: int) -> TruthPair:
    if count > len(parts):
        return TruthPair(FALSE, TRUE)
    true = z3.AtLeast(*[p.true for p in parts], count)
    return TruthPair(true, z3.AtLeast(*[p.false for p in parts], len(parts) - count + 1))


def _leaf(record: SymbolicIntake, leaf: OneOf | AnyOf | AllOf | Count | Between) -> TruthPair:
    asked = applies(record, leaf.fact)
    raw = _raw(record, leaf)
    return TruthPair(z3.And(asked.true, raw.true), z3.Or(asked.false, z3.And(asked.true, raw.false)))


def _raw(record: SymbolicIntake, leaf: OneOf | AnyOf | AllOf | Count | Between) -> TruthPair:
    """The leaf over the stored answer alone."""
    own = record.of(leaf.fact)
    match leaf:
        case OneOf(_, codes):
            held = z3.Or([own.codes[code] for code in codes])
            return TruthPair(held, z3.And(z3.Not(own.open), z3.Not(held)))
        case AnyOf(_, codes):
            return _some([code_pair(record, leaf.fact, code) for code in codes])
        case AllOf(_, codes):
            return _every([code_pair(record, leaf.fact, code) for code in codes])
        case Count(_, count):
            return _counted([code_pair(record, leaf.fact, code) for code in own.codes], count)
        case Between(_, low, below):
            inside = z3.And(_bounds(own, low, below))
            return TruthPair(z3.And(z3.Not(own.open), inside), z3.And(z3.Not(own.open), z3.Not(inside)))
        case _:
            assert_never(leaf)


def code_pair(record: SymbolicIntake, name: str, code: str) -> TruthPair:
    """One code of a choices or regions fact: ticked, or known not to be (a narrowing fact says which ones are open)."""
    own = record.of(name)
    narrowing = _narrowing(record.vocabulary, name)
    if narrowing is None:
        return TruthPair(own.codes[code], z3.And(z3.Not(own.codes[code]), z3.Not(own.open)))
    which = record.of(narrowing)
    open_code = z3.And(own.open, z3.Or(own.blank, which.open, which.codes[code]))
    return TruthPair(own.codes[code], z3.And(z3.Not(own.codes[code]), z3.Not(open_code)))


def _narrowing(vocabulary: Vocabulary, name: str) -> str | None:
    return next((fact.name for fact in vocabulary.facts.values() if fact.narrows == name), None)


def facts_of(record: SymbolicIntake, model: Any, names: Collection[str]) -> dict[str, Answer]:  # noqa: ANN401 - z3 ships no types
    """The answers to facts that a solver's model describes (their `shape` holds); facts left open are not answered."""
    answers: dict[str, Answer] = {}
    for name, fact in record.vocabulary.facts.items():
        value = _answer(fact, record.of(name), model) if name in names else None
        if value is not None:
            answers[name] = value
    return answers


def _answer(fact: Fact, own: Variables, model: Any) -> Answer | None:  # noqa: ANN401
    ticked = tuple(code for code, tick in own.codes.items() if holds_in(model, tick))
    if holds_in(model, own.open):
        unsure = fact.kind is Kind.CHOICES and not holds_in(model, own.blank)
        return (*ticked, NOT_SURE) if unsure else None
    match fact.kind:
        case Kind.CHOICE:
            return ticked[0]
        case Kind.CHOICES | Kind.REGIONS:
            return ticked or _nothing(fact)
        case Kind.NUMBER | Kind.SCORE:
            return _number(model, own.value)
        case Kind.TEXT:
            return None
        case _:
            assert_never(fact.kind)


def _nothing(fact: Fact) -> Answer | None:
    """The answer that holds no code; none where there is no such answer."""
    if fact.kind is Kind.REGIONS:
        return ()
    return (fact.none,) if fact.none else None


def holds_in(model: Any, formula: Formula) -> bool:  # noqa: ANN401
    """Whether the model makes the formula true."""
    return bool(z3.is_true(model.eval(formula, model_completion=True)))


def _number(model: Any, formula: Formula) -> int | float:  # noqa: ANN401
    value = model.eval(formula, model_completion=True).as_fraction()
    return int(value) if value.denominator == 1 else float(value)
