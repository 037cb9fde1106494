"""A rule book -> Python source that says which rules fire or ask and which notes apply, and the functions it defines.

What is concluded of a rule is looked up by the answers that it depends on; what was not met before is drawn up by
`new`, from the tree. The source names only what `load` hands it and is made from a checked book alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import nan
from typing import Any, Protocol, TypeAlias

from intake.engine.book.rulebook import Finding, Literal, Named, Rule, Rulebook, Weight
from intake.engine.book.tree import Condition, facts_read
from intake.engine.book.vocabulary import UNKNOWN_WORDS, Answer, Fact, Kind, facts_behind
from intake.engine.decide.expressions import SETS, Writer, frozen, set_of
from intake.engine.decide.reasons import Reason
from intake.engine.interpret.explain import parts_read_apart
from intake.engine.interpret.truth import Intake, open_codes
from intake.engine.interpret.weighing import Total, total, weigh

Given: TypeAlias = Callable[[str], Answer | None]
STEP = "    "
MOST_KEPT = 512
MOST_TOTALS = 4096


Judged: TypeAlias = tuple[list[Finding], int, list[Finding]]


class Judge(Protocol):
    """The findings of one intake in the order of the rules, and what they weigh together.

    `given` looks an answer of the intake up; what was not met before, `load` was told how to draw up.
    What a rule weighs by itself is a bit: its number among `Reader.weights`. Findings that weigh what the answers say
    are given back once more.
    """

    def __call__(self, given: Given, intake: Intake) -> Judged: ...  # noqa: D102 - the class says it


@dataclass(frozen=True, slots=True)
class Way:
    """The way from a rule's key back to its evidence.

    `reason` reads the deciding answers, None: only the tree tells. `names_open`: while it asks, the names in the key
    are the open facts. `beside`: the rule's own key is the first of several. `weighs`: what a finding that fires, and
    one that asks, weighs whatever the answers say; None where they have a say.
    """

    reason: Reason | None
    names_open: bool
    beside: bool
    weighs: tuple[Weight | None, Weight | None]

    def deciding(self, key: Any) -> Sequence[Literal] | None:  # noqa: ANN401 - nested answers
        """The deciding answers of a rule that fires, in no order; None: see the tree."""
        return None if self.reason is None else self.reason(key[0] if self.beside else key)

    def open(self, key: Any) -> set[str] | None:  # noqa: ANN401
        """The open facts of a rule that asks; None: see the tree."""
        return _names(key[0] if self.beside else key) if self.names_open else None


def _names(key: Any) -> set[str]:  # noqa: ANN401
    names, parts = set(), [key]
    for part in parts:
        if isinstance(part, tuple):
            parts += part
        elif isinstance(part, str):
            names.add(part)
    return names


@dataclass(frozen=True, slots=True)
class Reader:
    """The functions made from one rule book, and by rule the way back to the evidence and the findings so far.

    `weights` are the bits of what rules weigh by themselves.
    """

    judge: Judge
    notes: Callable[[Given, Intake], list[int]]
    fired: tuple[dict[Any, Finding], ...]
    asked: tuple[dict[Any, Finding], ...]
    ways: tuple[Way, ...]
    weights: tuple[Weight, ...]
    totals: dict[int | tuple[int, frozenset[Weight]], Total] = field(default_factory=dict)

    def keep(self, place: int, key: Any, finding: Finding, *, fires: bool) -> Finding:  # noqa: ANN401 - nested answers
        """Remember a finding; a rule's store that is full starts afresh."""
        kept = (self.fired if fires else self.asked)[place]
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[key] = finding
        return finding

    def total(self, weighs: int, beside: list[Finding]) -> Total:
        """What all findings weigh together: the bits of those that weigh by themselves, and the others."""
        key = (weighs, frozenset([finding.weight for finding in beside])) if beside else weighs
        return self.totals.get(key) or self._add_up(key)

    def _add_up(self, key: int | tuple[int, frozenset[Weight]]) -> Total:
        bits, others = key if isinstance(key, tuple) else (key, ())
        if len(self.totals) >= MOST_TOTALS:
            self.totals.clear()
        fixed = (each for bit, each in enumerate(self.weights) if bits >> bit & 1)
        self.totals[key] = total((*fixed, *others))
        return self.totals[key]


# reader, intake, the rule's place, whether it fires, the key to keep the finding by
Draw: TypeAlias = Callable[[Reader, Intake, int, bool, Any], Finding]


def load(book: Rulebook, draw_up: Draw) -> Reader:
    """The functions that `source` defines; `draw_up` is the `new` in it."""
    fired: tuple[dict[Any, Finding], ...] = tuple({} for _ in book.rules)
    asked: tuple[dict[Any, Finding], ...] = tuple({} for _ in book.rules)
    space: dict[str, Any] = {"nan": nan}
    for place in range(len(book.rules)):
        space[f"fired_{place}"], space[f"asked_{place}"] = fired[place].get, asked[place].get
    text, ways, weights = _written(book)
    exec(compile(text, "<rule book>", "exec"), space)  # noqa: S102 - made from the checked tree alone
    reader = Reader(space["judge"], space["notes"], fired, asked, ways, weights)
    space["new"] = partial(draw_up, reader)
    return reader


def source(book: Rulebook) -> str:
    """The Python source of `judge` and `notes`."""
    return _written(book)[0]


def _written(book: Rulebook) -> tuple[str, tuple[Way, ...], tuple[Weight, ...]]:
    writer, ways = Writer(book.vocabulary), []
    rules: list[str] = []
    weights: dict[Weight, int] = {}
    for place, rule in enumerate(book.rules):
        test, key, reason = _why(writer, rule.when)
        beside = [*_place(writer, rule), *(_raise(writer, each.when) for each in rule.raises)]
        weighs = weigh(rule, fires=True), weigh(rule, fires=False)
        rules += _rule(writer, place, rule, [test, key, *beside], [_bit(each, weights) for each in weighs])
        asked = any(book.vocabulary.facts[name].asked_if is not None for name in facts_read(rule.when))
        ways.append(Way(reason, not asked, bool(beside), weighs))
    judge = [*facts_read_by(writer), *rules]
    writer.facts.clear()
    notes = [
        line
        for place, note in enumerate(book.notes)
        for line in (f"if {writer.holds(note.when, surely=True)}:", f"{STEP}found.append({place})")
    ]
    notes = [*facts_read_by(writer), *notes]
    constants = (f"{name} = {spelled}" for spelled, name in writer.constants.items())
    functions = (
        *function("judge(given, intake)", ["weighs, beside = 0, []", *judge], "found, weighs, beside"),
        *function("notes(given, intake)", notes),
    )
    return "\n".join([*constants, *functions, ""]), tuple(ways), tuple(weights)


def function(head: str, lines: list[str], gives: str = "found") -> Iterator[str]:
    """The lines of a function that gives back what its lines have `found`."""
    yield from ("", "", f"def {head}:")
    yield from (STEP + line for line in ("found = []", *lines, f"return {gives}"))


def _bit(weight: Weight | None, weights: dict[Weight, int]) -> int | None:
    return None if weight is None else 1 << weights.setdefault(weight, len(weights))


def _rule(writer: Writer, place: int, rule: Rule, why: list[str], weighs: list[int | None]) -> Iterator[str]:
    test, key, *beside = why
    yield f"# {rule.id!r}"
    yield f"if {writer.holds(rule.when, surely=False)}:"
    yield f"{STEP}if {test}:"
    yield from (STEP * 2 + line for line in _found("fired", place, [key, *beside], weighs[0]))
    yield f"{STEP}else:"
    yield from (STEP * 2 + line for line in _found("asked", place, [writer.open(rule.when), *beside], weighs[1]))


def _found(name: str, place: int, key: list[str], weighs: int | None) -> Iterator[str]:
    yield f"key = {key[0]}" if len(key) == 1 else f"key = ({', '.join(key)})"
    yield f"found.append({name}_{place}(key) or new(intake, {place}, {name == 'fired'}, key))"
    yield "beside.append(found[-1])" if weighs is None else f"weighs |= {weighs}"


def _why(writer: Writer, condition: Condition) -> tuple[str, str, Reason | None]:
    """Test, key and the way back. Where one answer may decide several parts at once, all answers are key."""
    if parts_read_apart(condition, writer.vocabulary):
        why = writer.why(condition, value=True)
        return why.test, why.key or "None", why.reason
    behind = facts_behind(facts_read(condition), writer.vocabulary)
    return writer.holds(condition, surely=True), writer.given(behind), None


def _place(writer: Writer, rule: Rule) -> Iterator[str]:
    """The key of where a finding stands: the codes that say so."""
    if isinstance(rule.where, Named):
        fact = writer.vocabulary.facts[rule.where.fact]
        writer.facts[fact.name] = None
        yield writer.answer(fact)
        yield from (writer.may(fact),) if fact.kind in SETS else ()


def _raise(writer: Writer, when: Condition) -> str:
    test, key, _ = _why(writer, when)
    told = f"{test} and (1, {key}) or (0, {writer.open(when)})"
    return f"({writer.holds(when, surely=False)} and ({told}))"


# ---- reading the answers


def facts_read_by(writer: Writer) -> Iterator[str]:
    """Every fact that the expressions written so far read, behind those that make it apply."""
    done: set[str] = set()
    for name in tuple(writer.facts):
        yield from _fact(writer, writer.vocabulary.facts[name], done)


def _fact(writer: Writer, fact: Fact, done: set[str]) -> Iterator[str]:
    if fact.name in done:
        return
    done.add(fact.name)
    for name in facts_read(fact.asked_if) if fact.asked_if is not None else ():
        yield from _fact(writer, writer.vocabulary.facts[name], done)
    yield from _set(writer, fact) if fact.kind in SETS else _value(writer, fact)


def _value(writer: Writer, fact: Fact) -> Iterator[str]:
    """A choice or a number: None while UNKNOWN; a choice may keep the words for that."""
    answer, words = writer.answer(fact), f"given({fact.name!r})"
    if fact.asked_if is not None:
        yield f"{writer.asked(fact)} = {writer.holds(fact.asked_if, surely=True)}"
        may_be = writer.holds(fact.asked_if, surely=False)
        words += f" if {writer.asked(fact)} else None if {may_be} else {'nan' if _is_number(fact) else repr('')}"
    yield f"{answer} = {words}"
    if _is_number(fact):
        yield f"if {answer} in {set_of(UNKNOWN_WORDS)}:"
        yield f"{STEP}{answer} = None"


def _is_number(fact: Fact) -> bool:
    return fact.kind in {Kind.NUMBER, Kind.SCORE}


def _set(writer: Writer, fact: Fact) -> Iterator[str]:
    answer, may = writer.answer(fact), writer.may(fact)
    unknown = f"{answer}, {may} = (), {writer.constant(fact, frozen(tuple(sorted(open_codes(fact)))))}"
    told = [
        f"{answer} = {may} = given({fact.name!r})",
        f"if {answer} is None:" if fact.kind is Kind.REGIONS else f"if not {answer}:",
        STEP + unknown,
        f"elif {' or '.join(f'{word!r} in {answer}' for word in UNKNOWN_WORDS)}:",
        f"{STEP}{answer}, {may} = intake.sides({fact.name!r})",
    ]
    if fact.asked_if is None:
        yield from told
        return
    yield f"{writer.asked(fact)} = {writer.holds(fact.asked_if, surely=True)}"
    yield f"if {writer.asked(fact)}:"
    yield from (STEP + line for line in told)
    yield from (
        f"elif {writer.holds(fact.asked_if, surely=False)}:",
        STEP + unknown,
        "else:",
        f"{STEP}{answer} = {may} = ()",
    )
