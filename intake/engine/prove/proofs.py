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
from intake.engine.book.levels import Label, Needling, Urgency
from intake.engine.book.rulebook import Rulebook
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
class ProofResult:
    """How a property ended: in a word, and each refutation; `shown`: patients who show how far it holds."""

    id: str
    name: str
    summary: str
    refuted: tuple[Refutation, ...] = ()
    shown: tuple[Refutation, ...] = ()


@dataclass(slots=True)
class Proofs:
    """The proofs of one book; `survivors` are the mutants that no example tells apart, once P14 was tried."""

    book: Rulebook
    today: date
    survivors: tuple[Survivor, ...] = field(default=(), init=False)

    def results(self) -> Iterator[ProofResult]:
        """Every property in turn."""
        yield from self._checked()
        search = Search(self.book)
        refuted = list(refutations(search))
        for name, title in SOLVED.items():
            yield _result(name, title, "proved", (one for one in refuted if one.id == name))
        yield self._left(search)
        yield self._exact()
        yield ProofResult("P9", "interval", "follows from P5 and P6; tests/engine/decide/test_properties.py")
        yield _result("P11", "no contradictory advice", "holds beside every rule", self._contradictions())
        yield _result("P12", "calm baseline", "the all-clear record is routine", self._unrest())
        yield _result("P13", "examples", "hold", self._faulty("P13", check.broken_examples(self.book)))
        yield self._adequate(search)
        yield ProofResult("P15", "trace", "tests/engine/interpret/test_explanations_of_the_book.py, test_properties.py")
        yield ProofResult(
            "P16", "agreement", "tests/engine/decide/test_three_readers.py, test_compiled.py, tests/interop"
        )
        yield ProofResult("P17", "semantic difference", "of two books: rules compare")

    def _checked(self) -> Iterator[ProofResult]:
        warnings = list(check.warnings(self.book))
        twice = sum(line > 0 for line, _ in warnings)
        overdue = check.overdue_reviews(self.book, self.today)
        yield ProofResult("L1", "vocabulary", "holds: the book was loaded")
        yield ProofResult("L2", "form and facts", "tests/questions/test_forms.py")
        yield _result("L3", "metadata and reviews", "complete, none overdue", self._faulty("L3", overdue))
        yield ProofResult("L4", "read-once", f"{twice} rules read an answer twice (rules check); P7 proves them exact")
        yield ProofResult("L5", "dead vocabulary", f"{len(warnings) - twice} warnings (rules check)")

    def _faulty(self, name: str, faults: Iterable[check.Fault]) -> Iterator[Refutation]:
        for one in faults:
            patient = parse_answers(self.book.vocabulary, one.patient)
            yield Refutation(name, f"line {one.entry.line}", one.message, (patient,))

    def _left(self, search: Search) -> ProofResult:
        pairs = list(leaving(search, all_clear(self.book)))
        summary = f"{len(pairs)} rules leave other regions in peace, beside the all-clear record"
        confirmed, refuted = (tuple(one for one in pairs if one.confirmed is sure) for sure in (True, False))
        return ProofResult("told", "a place told after a worse answer", summary, refuted, confirmed)

    def _exact(self) -> ProofResult:
        cases, refuted = 0, list[Refutation]()
        for rule in self.book.rules:
            for when in rule.conditions:
                exact = exactness(self.book, when)
                cases += exact.cases
                refuted += self._in_vain(rule.id, when, *exact.inexact)
        return _result("P7", "exact", f"proved over {cases:.1e} partial intakes", refuted)

    def _in_vain(self, rule: str, when: Condition, *patients: Patient) -> Iterator[Refutation]:
        """A partial intake and one completion: what all of them say is not worth asking."""
        if patients:
            statuses = [truth(self.book.vocabulary, when, patient) for patient in patients]
            text = f"{STATUS[statuses[0]]}, and {STATUS[statuses[1]]} however it is completed"
            yield Refutation("P7", rule, text, patients, statuses[0] is None and statuses[1] is not None)

    def _contradictions(self) -> Iterator[Refutation]:
        """The all-clear record gets notes; with the first example of any rule that stops, it must not."""
        clear = all_clear(self.book)
        for rule in self.book.rules:
            patient = clear | parse_answers(self.book.vocabulary, rule.examples.fires[0])
            if self._advised(patient):
                patients = fewest((patient,), lambda one: self._advised(*one) != "")
                yield Refutation("P11", rule.id, self._advised(*patients), patients)

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

    def _adequate(self, search: Search) -> ProofResult:
        adequate = adequacy(search)
        self.survivors = adequate.survivors
        summary = f"{adequate.mutants} mutants told apart, {adequate.equivalent} of them proved equivalent"
        return _result("P14", "adequacy of the examples", summary, map(_survives, adequate.survivors))


def faults(book: Rulebook, today: date) -> Iterator[str]:
    """One sentence a fault that keeps the book from being published; none: checks and proofs are green."""
    for result in Proofs(book, today).results():
        yield from (f"{result.id} {result.name}: {as_line(one)}" for one in result.refuted)


def all_clear(book: Rulebook) -> Patient:
    """Every question answered as well as can be, by an adult."""
    answers = ((name, calm_answer(fact)) for name, fact in book.vocabulary.facts.items())
    return {name: answer for name, answer in answers if answer is not None}


def _result(name: str, title: str, proved: str, refuted: Iterable[Refutation]) -> ProofResult:
    disproofs = tuple(refuted)
    return ProofResult(name, title, f"{len(disproofs)} refuted" if disproofs else proved, disproofs)


def _survives(one: Survivor) -> Refutation:
    text = f"no example tells it from itself with {one.change}; this one would ({one.status})"
    return Refutation("P14", one.rule, text, (one.example,))


def as_line(one: Refutation) -> str:
    """A refutation in a line, with its patients."""
    doubt = "" if one.confirmed else " (NOT CONFIRMED by the interpreter: report this)"
    return f"{one.subject}: {one.text}{doubt}" + "".join(f"; {json.dumps(to_raw(patient))}" for patient in one.patients)
