"""All that is proved or checked of a rule book, property by property (L1 to L5, P1 to P17 of docs/proofs.md).

What needs something other than the book (the form, other engines, random intakes) is held by a test, which is named.
Needs z3 (extra `rules`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from intake.engine.book.calm import calm_answer
from intake.engine.book.rulebook import Label, Needling, Rulebook, Urgency
from intake.engine.book.tree import Condition
from intake.engine.decide.decide import decide, truth
from intake.engine.interpret.evidence import evidence
from intake.engine.interpret.truth import Intake
from intake.engine.prove.exact import exactness
from intake.engine.prove.monotone import leaving
from intake.engine.prove.mutants import STATUS, Survivor, adequacy
from intake.engine.prove.refute import refutations
from intake.engine.prove.search import Patient, Refutation, Search, fewest, needed
from intake.engine.read import check
from intake.engine.read.answers import parse_answers, to_raw

SOLVED = {
    "P1": "reachable",
    "P2": "not constant",
    "P3": "no duplicate",
    "P4": "not shadowed",
    "P5": "no unknown suppresses",
    "P6": "nothing fires on a guess",
    "P8": "monotone: urgency, needling, every region, label",
    "P10": "hidden questions are safe",
    "placed": "a place is asked wherever a rule needs it",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a property ended: in a word, and each refutation; `shown`: patients who show how far it holds."""

    id: str
    name: str
    told: str
    refuted: tuple[Refutation, ...] = ()
    shown: tuple[Refutation, ...] = ()


@dataclass(slots=True)
class Proofs:
    """The proofs of one book; `survivors` are the mutants that no example tells apart, once P14 was tried."""

    book: Rulebook
    today: date
    survivors: tuple[Survivor, ...] = field(default=(), init=False)

    def outcomes(self) -> Iterator[Outcome]:
        """Every property in turn."""
        yield from self._checked()
        search = Search(self.book)
        found = list(refutations(search))
        for name, title in SOLVED.items():
            yield _outcome(name, title, "proved", (one for one in found if one.id == name))
        yield self._left(search)
        yield self._exact()
        yield Outcome("P9", "interval", "follows from P5 and P6; tests/engine/decide/test_properties.py")
        yield _outcome("P11", "no contradictory advice", "holds beside every rule", self._contradictions())
        yield _outcome("P12", "calm baseline", "the all-clear record is routine", self._unrest())
        yield _outcome("P13", "examples", "hold", self._faulty("P13", check.broken_examples(self.book)))
        yield self._adequate(search)
        yield Outcome("P15", "trace", "tests/engine/interpret/test_explanations_of_the_book.py, test_properties.py")
        yield Outcome("P16", "agreement", "tests/engine/decide/test_three_readers.py, test_compiled.py, tests/interop")
        yield Outcome("P17", "semantic difference", "of two books: rules compare")

    def _checked(self) -> Iterator[Outcome]:
        warnings = list(check.warnings(self.book))
        twice = sum(line > 0 for line, _ in warnings)
        overdue = check.overdue_reviews(self.book, self.today)
        yield Outcome("L1", "vocabulary", "holds: the book was loaded")
        yield Outcome("L2", "form and facts", "tests/questions/test_forms.py")
        yield _outcome("L3", "metadata and reviews", "complete, none overdue", self._faulty("L3", overdue))
        yield Outcome("L4", "read-once", f"{twice} rules read an answer twice (rules check); P7 proves them exact")
        yield Outcome("L5", "dead vocabulary", f"{len(warnings) - twice} warnings (rules check)")

    def _faulty(self, name: str, faults: Iterable[check.Fault]) -> Iterator[Refutation]:
        for one in faults:
            patient = parse_answers(self.book.vocabulary, one.patient)
            yield Refutation(name, f"line {one.entry.line}", one.message, (patient,))

    def _left(self, search: Search) -> Outcome:
        found = list(leaving(search, all_clear(self.book)))
        told = f"{len(found)} rules leave other regions in peace, beside the all-clear record"
        shown, refuted = (tuple(one for one in found if one.confirmed is sure) for sure in (True, False))
        return Outcome("told", "a place told after a worse answer", told, refuted, shown)

    def _exact(self) -> Outcome:
        cases, refuted = 0, list[Refutation]()
        for rule in self.book.rules:
            for when in rule.conditions:
                found = exactness(self.book, when)
                cases += found.cases
                refuted += self._in_vain(rule.id, when, *found.inexact)
        return _outcome("P7", "exact", f"proved over {cases:.1e} partial intakes", refuted)

    def _in_vain(self, rule: str, when: Condition, *patients: Patient) -> Iterator[Refutation]:
        """A partial intake and one completion: what all of them say is not worth asking."""
        if patients:
            seen = [truth(self.book.vocabulary, when, patient) for patient in patients]
            text = f"{STATUS[seen[0]]}, and {STATUS[seen[1]]} however it is completed"
            yield Refutation("P7", rule, text, patients, seen[0] is None and seen[1] is not None)

    def _contradictions(self) -> Iterator[Refutation]:
        """The all-clear record gets notes; with the first example of any rule that stops, it must not."""
        clear = all_clear(self.book)
        for rule in self.book.rules:
            patient = clear | parse_answers(self.book.vocabulary, rule.examples.fires[0])
            if self._advised(patient):
                shown = fewest((patient,), lambda one: self._advised(*one) != "")
                yield Refutation("P11", rule.id, self._advised(*shown), shown)

    def _advised(self, patient: Patient) -> str:
        """The note beside a decision that stops, if there is one."""
        decision = decide(self.book, patient)
        beside = decision.notes[:1] if decision.label >= Label.DO_NOT_NEEDLE else ()
        return "".join(f"{note.id} is shown beside {decision.label.code}" for note in beside)

    def _unrest(self) -> Iterator[Refutation]:
        record = all_clear(self.book)
        intake = Intake(self.book.vocabulary, record)
        for finding in decide(self.book, record).findings:
            open_facts = evidence(finding.rule, intake).open_facts
            if open_facts or (finding.levels.needling, finding.levels.urgency) > (Needling.OK, Urgency.NONE):
                rule = finding.rule
                read = {name: record[name] for name in needed(self.book.vocabulary, rule) if name in record}
                says = STATUS[truth(self.book.vocabulary, rule.when, read)]
                yield Refutation(
                    "P12", rule.id, f"{finding.status} on the all-clear record", (read,), says == finding.status
                )

    def _adequate(self, search: Search) -> Outcome:
        found = adequacy(search)
        self.survivors = found.survivors
        told = f"{found.mutants} mutants told apart, {found.equivalent} of them proved equivalent"
        return _outcome("P14", "adequacy of the examples", told, map(_survives, found.survivors))


def faults(book: Rulebook, today: date) -> Iterator[str]:
    """One sentence a fault that keeps the book from being published; none: checks and proofs are green."""
    for outcome in Proofs(book, today).outcomes():
        yield from (f"{outcome.id} {outcome.name}: {told(one)}" for one in outcome.refuted)


def all_clear(book: Rulebook) -> Patient:
    """Every question answered as well as can be, by an adult."""
    answers = ((name, calm_answer(fact)) for name, fact in book.vocabulary.facts.items())
    return {name: answer for name, answer in answers if answer is not None}


def _outcome(name: str, title: str, proved: str, refuted: Iterable[Refutation]) -> Outcome:
    found = tuple(refuted)
    return Outcome(name, title, f"{len(found)} refuted" if found else proved, found)


def _survives(one: Survivor) -> Refutation:
    text = f"no example tells it from itself with {one.change}; this one would ({one.status})"
    return Refutation("P14", one.rule, text, (one.example,))


def told(one: Refutation) -> str:
    """A refutation in a line, with its patients."""
    doubt = "" if one.confirmed else " (NOT CONFIRMED by the interpreter: report this)"
    return f"{one.subject}: {one.text}{doubt}" + "".join(f"; {json.dumps(to_raw(patient))}" for patient in one.patients)
