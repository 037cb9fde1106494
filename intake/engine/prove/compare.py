"""What a change of the rule book changes, proved: each rule and each label is equal, or patients show the difference.

The solver proposes a patient for every level and label at which the books part; `decide` under both books confirms it,
and answers that do not matter are taken away. Needs z3 (extra `rules`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import partial

import z3

from intake.engine.book.decision import Decision, Finding, Status
from intake.engine.book.levels import Label, Needling
from intake.engine.book.rulebook import AVOID, Note, Rule, Rulebook
from intake.engine.book.tree import facts_read
from intake.engine.book.vocabulary import facts_behind
from intake.engine.decide.decide import decide
from intake.engine.prove.encoder import FALSE, TRUE, Formula, SymbolicIntake, TruthPair, facts_of, shape
from intake.engine.prove.formulas import AXES, Judgement
from intake.engine.prove.search import Patient, fewest

JUDGING = frozenset(("when", "levels", "if_unknown", "raises", "where", "electrical_stimulation"))


@dataclass(frozen=True, slots=True)
class Witness:
    """A patient whose outcome changes: at which level or label, the two outcomes, whether `decide` sees it as well."""

    at: str
    patient: Patient
    before: str
    after: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class EquivalenceResult:
    """One rule, note or label: proved equal (no witness), or who shows the difference. `text`: what else changed."""

    subject: str
    text: str
    witnesses: tuple[Witness, ...] = ()


@dataclass(frozen=True, slots=True)
class _Parting:
    """A way in which two outcomes can differ: for the solver, and as `decide` shows it."""

    at: str
    claim: Formula
    view: Callable[[Decision], object]


def compare(old: Rulebook, new: Rulebook) -> Iterator[EquivalenceResult]:
    """Every rule and note that is not literally the same in both books, then every label."""
    if old.vocabulary != new.vocabulary:
        raise ValueError("rule books over two vocabularies cannot be compared")
    comparison = Comparison(old, new)
    before, after = _by_id(old), _by_id(new)
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield comparison.one(name, before.get(name), after.get(name))
    yield from comparison.labels()


def _by_id(book: Rulebook) -> dict[str, Rule | Note]:
    return {rule.id: rule for rule in book.rules} | {note.id: note for note in book.notes}


class Comparison(Judgement):
    """One symbolic patient, judged under both books."""

    def __init__(self, old: Rulebook, new: Rulebook) -> None:
        super().__init__(SymbolicIntake(old.vocabulary, "x"))
        self.old, self.new = old, new
        self.solvers: dict[frozenset[str], z3.Solver] = {}

    def one(self, name: str, before: Rule | Note | None, after: Rule | Note | None) -> EquivalenceResult:
        """The verdict on a rule or note that was added, removed or changed; one that is not there is quiet."""
        match before, after:
            case Rule() | None, Rule() | None:
                return self._rule(name, before, after)
            case Note() | None, Note() | None:
                return self._note(name, before, after)
            case _:
                return EquivalenceResult(name, "was a rule and a note: another kind now")

    def _rule(self, name: str, before: Rule | None, after: Rule | None) -> EquivalenceResult:
        changed = _changed(before, after)
        if not JUDGING.intersection(changed):
            return EquivalenceResult(name, f"judges as before; changed: {', '.join(changed)}")
        names = self.needed(*(rule for rule in (before, after) if rule is not None))
        tried = (
            self._witness(names, each, lambda d: _in_words(d, name)) for each in self._partings(name, before, after)
        )
        witnesses = tuple(one for one in tried if one is not None)
        return EquivalenceResult(
            name, _with_changes(before, after, "judges otherwise" if witnesses else "proved equal"), witnesses
        )

    def _note(self, name: str, before: Note | None, after: Note | None) -> EquivalenceResult:
        changed = _changed(before, after)
        if "when" not in changed:
            return EquivalenceResult(name, f"shown as before; changed: {', '.join(changed)}")
        facts = (name for note in (before, after) if note is not None for name in facts_read(note.when))
        names = frozenset(facts_behind(facts, self.words))
        was, now = self._pair(before), self._pair(after)
        parting = _Parting("shown", was.true != now.true, lambda d: name in {note.id for note in d.notes})
        witness = self._witness(names, parting, lambda d: "shown" if parting.view(d) else "not shown")
        text = _with_changes(before, after, "shown to others" if witness else "proved equal")
        return EquivalenceResult(name, text, () if witness is None else (witness,))

    def _partings(self, name: str, before: Rule | None, after: Rule | None) -> Iterator[_Parting]:
        """Every way in which the outcome of a rule can differ, one a level."""
        was, now = self._pair(before), self._pair(after)
        yield _Parting("fires", was.true != now.true, lambda d: _status(d, name) is Status.FIRES)
        yield _Parting("quiet", was.false != now.false, lambda d: _status(d, name) is None)
        avoids = [z3.Not(pair.false) if _forbids(rule) else FALSE for rule, pair in ((before, was), (after, now))]
        yield _Parting("electrical stimulation", avoids[0] != avoids[1], partial(_avoids, name))
        for axis, levels in AXES:
            for level in list(levels)[1:]:
                counts = [FALSE if rule is None else self.counts(rule, axis, level) for rule in (before, after)]
                yield _Parting(level.code, counts[0] != counts[1], partial(_reaches, name, axis, level))
        if before is not None and after is not None and before.where != after.where:
            yield from (self._moved(before, after, level) for level in list(Needling)[1:])

    def _pair(self, entry: Rule | Note | None) -> TruthPair:
        return TruthPair(FALSE, TRUE) if entry is None else self.pair(entry.when)

    def _moved(self, before: Rule, after: Rule, level: Needling) -> _Parting:
        """The rule counts at the level elsewhere on the body."""
        was, now = self.counts(before, "needling", level), self.counts(after, "needling", level)
        parts = [
            z3.And(was, self.covers(before, region)) != z3.And(now, self.covers(after, region))
            for region in self.words.regions
        ]
        return _Parting(f"{level.code} on the body", z3.Or(parts), partial(_places, before.id, level))

    def labels(self) -> Iterator[EquivalenceResult]:
        """The verdict on each label."""
        if judgements(self.old) == judgements(self.new):
            yield from (EquivalenceResult(label.code, "proved equal: no rule judges otherwise") for label in Label)
            return
        names = self.needed(*self.old.rules, *self.new.rules, extra=self.old.vocabulary.roles.places)
        alike, *own = self._apart()
        shared = self.worst(alike)
        was, now = (self.label(shared, self.worst(rules)) for rules in own)
        for label in Label:
            parting = _Parting(label.code, was[label] != now[label], partial(_has_label, label))
            witness = self._witness(names, parting, lambda d: d.label.code)
            yield EquivalenceResult(
                label.code, "given to others" if witness else "proved equal", () if witness is None else (witness,)
            )

    def _apart(self) -> tuple[list[Rule], list[Rule], list[Rule]]:
        """The rules that both books judge by alike, and those that only the old and only the new one judges by."""
        before, after = judgements(self.old), judgements(self.new)
        alike = {name for name in before if before[name] == after.get(name)}
        shared = [rule for rule in self.old.rules if rule.id in alike]
        old, new = ([rule for rule in book.rules if rule.id not in alike] for book in (self.old, self.new))
        return shared, old, new

    # ---- patients

    def _witness(self, names: frozenset[str], parting: _Parting, words: Callable[[Decision], str]) -> Witness | None:
        """A patient of whom the claim holds, confirmed and cut down; None: proved that there is none."""
        patient = self.find(names, parting.claim, partial(self._parted, parting))
        if patient is None:
            return None
        before, after = decide(self.old, patient), decide(self.new, patient)
        return Witness(parting.at, patient, words(before), words(after), self._parted(parting, patient))

    def find(self, names: frozenset[str], claim: Formula, holds: Callable[[Patient], bool]) -> Patient | None:
        """A patient of whom the claim holds, cut down to answers without which `holds` fails; None: proved none."""
        solver = self._solver(names)
        if solver.check(claim) == z3.unsat:
            return None
        (patient,) = fewest((facts_of(self.record, solver.model(), names),), lambda one: holds(*one))
        return patient

    def _solver(self, names: frozenset[str]) -> z3.Solver:
        if names not in self.solvers:
            solver = self.solvers[names] = z3.Solver()
            solver.add(*(shape(self.words.facts[name], self.record.of(name)) for name in names))
        return self.solvers[names]

    def _parted(self, parting: _Parting, patient: Patient) -> bool:
        return parting.view(decide(self.old, patient)) != parting.view(decide(self.new, patient))


def _changed(before: Rule | Note | None, after: Rule | Note | None) -> list[str]:
    """The names of what was changed; all of them where one is not there."""
    one = before or after
    names = [field.name for field in fields(one) if field.compare] if one is not None else []
    return [name for name in names if getattr(before, name, None) != getattr(after, name, None)]


def _with_changes(before: Rule | Note | None, after: Rule | Note | None, text: str) -> str:
    if before is None or after is None:
        return "added" if before is None else "removed"
    return f"{text}; changed: {', '.join(_changed(before, after))}"


def _forbids(rule: Rule | None) -> bool:
    return rule is not None and rule.electrical_stimulation == AVOID


def judgements(book: Rulebook) -> dict[str, tuple[object, ...]]:
    """What of each rule can change an outcome; the rest is wording."""
    return {rule.id: tuple(getattr(rule, name) for name in sorted(JUDGING)) for rule in book.rules}


# ---- what a decision says, where two books can part


def _finding(decision: Decision, rule: str) -> Finding | None:
    return next((finding for finding in decision.findings if finding.rule.id == rule), None)


def _status(decision: Decision, rule: str) -> Status | None:
    finding = _finding(decision, rule)
    return None if finding is None else finding.status


def _reaches(rule: str, axis: str, level: int, decision: Decision) -> bool:
    finding = _finding(decision, rule)
    return finding is not None and getattr(finding.levels, axis) >= level


def _places(rule: str, level: Needling, decision: Decision) -> tuple[str, ...]:
    finding = _finding(decision, rule)
    return () if finding is None or finding.levels.needling < level else finding.where


def _avoids(rule: str, decision: Decision) -> bool:
    finding = _finding(decision, rule)
    return finding is not None and finding.rule.electrical_stimulation == AVOID


def _has_label(label: Label, decision: Decision) -> bool:
    return decision.label is label


def _in_words(decision: Decision, rule: str) -> str:
    """What a decision says of one rule."""
    finding = _finding(decision, rule)
    if finding is None:
        return "quiet"
    where = "everywhere" if len(finding.where) == len(decision.regions) else f"on {', '.join(finding.where)}"
    current = ", no electrical stimulation" if _avoids(rule, decision) else ""
    return f"{finding.status}: {finding.levels.needling.code}, {finding.levels.urgency.code}, {where}{current}"
