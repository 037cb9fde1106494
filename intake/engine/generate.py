"""A rule book -> Python source that says which rules fire or ask and which notes apply, and the functions it defines.

What is concluded of a rule is looked up by the answers that it depends on; what was not met before is drawn up by
`new`, from the tree. The source names only what `load` hands it and is made from a checked book alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import nan
from typing import Any, Protocol, TypeAlias

from intake.engine.explain import parts_read_apart
from intake.engine.expressions import SETS, Writer, frozen, set_of
from intake.engine.reasons import Reason
from intake.engine.rulebook import Finding, Literal, Named, Rule, Rulebook
from intake.engine.tree import Condition, facts_read
from intake.engine.truth import open_codes
from intake.engine.vocabulary import UNKNOWN_WORDS, Answer, Fact, Kind, facts_behind

Given: TypeAlias = Callable[[str], Answer | None]
Sides: TypeAlias = Callable[[str], tuple[frozenset[str], frozenset[str]]]
STEP = "    "
MOST_KEPT = 512


class Judge(Protocol):
    """The findings of one intake, in the order of the rules.

    `given` looks an answer up; `sides` tells which codes a fact holds, and which it holds or may hold; `new` draws a
    finding up for a rule (its place), whether it fires, and the key to keep it by.
    """

    def __call__(  # noqa: D102 - the class says it
        self, given: Given, sides: Sides, new: Callable[[int, bool, Any], Finding]
    ) -> list[Finding]: ...


@dataclass(frozen=True, slots=True)
class Way:
    """The way from a rule's key back to its evidence.

    `reason` reads the deciding answers, None: only the tree tells. `names_open`: while it asks, the names in the key
    are the open facts. `beside`: the rule's own key is the first of several.
    """

    reason: Reason | None
    names_open: bool
    beside: bool

    def deciding(self, key: Any) -> Sequence[Literal] | None:  # noqa: ANN401 - nested answers
        """The deciding answers of a rule that fires, in no order; None: see the tree."""
        return None if self.reason is None else self.reason(key[0] if self.beside else key)

    def open(self, key: Any) -> set[str] | None:  # noqa: ANN401
        """The open facts of a rule that asks; None: see the tree."""
        return set(_names(key[0] if self.beside else key)) if self.names_open else None


def _names(key: Any) -> Iterator[str]:  # noqa: ANN401
    if isinstance(key, str):
        yield key
    elif isinstance(key, tuple):
        for part in key:
            yield from _names(part)


@dataclass(frozen=True, slots=True)
class Reader:
    """The functions made from one rule book, and by rule the way back to the evidence and the findings so far."""

    judge: Judge
    notes: Callable[[Given, Sides], list[int]]
    fired: tuple[dict[Any, Finding], ...]
    asked: tuple[dict[Any, Finding], ...]
    ways: tuple[Way, ...]

    def keep(self, place: int, key: Any, finding: Finding, *, fires: bool) -> Finding:  # noqa: ANN401 - nested answers
        """Remember a finding; a rule's store that is full starts afresh."""
        kept = (self.fired if fires else self.asked)[place]
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[key] = finding
        return finding


def load(book: Rulebook) -> Reader:
    """The functions that `source` defines."""
    fired: tuple[dict[Any, Finding], ...] = tuple({} for _ in book.rules)
    asked: tuple[dict[Any, Finding], ...] = tuple({} for _ in book.rules)
    space: dict[str, Any] = {"nan": nan}
    for place in range(len(book.rules)):
        space[f"fired_{place}"], space[f"asked_{place}"] = fired[place].get, asked[place].get
    text, ways = _written(book)
    exec(compile(text, "<rule book>", "exec"), space)  # noqa: S102 - made from the checked tree alone
    return Reader(space["judge"], space["notes"], fired, asked, ways)


def source(book: Rulebook) -> str:
    """The Python source of `judge` and `notes`."""
    return _written(book)[0]


def _written(book: Rulebook) -> tuple[str, tuple[Way, ...]]:
    writer, ways = Writer(book.vocabulary), []
    rules: list[str] = []
    for place, rule in enumerate(book.rules):
        test, key, reason = _why(writer, rule.when)
        beside = [*_place(writer, rule), *(_raise(writer, each.when) for each in rule.raises)]
        rules += _rule(writer, place, rule, [test, key, *beside])
        asked = any(book.vocabulary.facts[name].asked_if is not None for name in facts_read(rule.when))
        ways.append(Way(reason, not asked, bool(beside)))
    judge = [*facts_read_by(writer), *rules]
    writer.facts.clear()
    notes = [
        line
        for place, note in enumerate(book.notes)
        for line in (f"if {writer.holds(note.when, surely=True)}:", f"{STEP}found.append({place})")
    ]
    notes = [*facts_read_by(writer), *notes]
    constants = (f"{name} = {spelled}" for spelled, name in writer.constants.items())
    functions = (*function("judge(given, sides, new)", judge), *function("notes(given, sides)", notes))
    return "\n".join([*constants, *functions, ""]), tuple(ways)


def function(head: str, lines: list[str]) -> Iterator[str]:
    """The lines of a function that gives back what its lines have `found`."""
    yield from ("", "", f"def {head}:")
    yield from (STEP + line for line in ("found = []", *lines, "return found"))


def _rule(writer: Writer, place: int, rule: Rule, why: list[str]) -> Iterator[str]:
    test, key, *beside = why
    yield f"# {rule.id!r}"
    yield f"if {writer.holds(rule.when, surely=False)}:"
    yield f"{STEP}if {test}:"
    yield from (STEP * 2 + line for line in _found("fired", place, [key, *beside]))
    yield f"{STEP}else:"
    yield from (STEP * 2 + line for line in _found("asked", place, [writer.open(rule.when), *beside]))


def _found(name: str, place: int, key: list[str]) -> Iterator[str]:
    yield f"key = {key[0]}" if len(key) == 1 else f"key = ({', '.join(key)})"
    yield f"found.append({name}_{place}(key) or new({place}, {name == 'fired'}, key))"


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
        f"{STEP}{answer}, {may} = sides({fact.name!r})",
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
