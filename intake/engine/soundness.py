"""All that is proved or checked of a rule book, property by property (L1 to L5, P1 to P17 of docs/proofs.md).

What needs something other than the book (the form, other engines, random intakes) is held by a test, which is named.
Needs z3 (development extra).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from intake.engine import check
from intake.engine.answers import parse_answers, to_raw
from intake.engine.decide import decide, truth
from intake.engine.exact import exactness
from intake.engine.mutants import Survivor, adequacy
from intake.engine.prove import Refutation, refutations
from intake.engine.rulebook import Label, Needling, Rulebook, Urgency
from intake.engine.search import Patient, Search
from intake.engine.vocabulary import Answer, Fact, Kind

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
ADULT = 40


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a property ended: in a word, and one line for each refutation, with a patient who shows it."""

    id: str
    name: str
    told: str
    refuted: tuple[str, ...] = ()


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
            yield _outcome(name, title, "proved", (_told(one) for one in found if one.id == name))
        yield self._exact()
        yield Outcome("P9", "interval", "follows from P5 and P6; tests/engine/test_properties.py")
        yield _outcome(
            "P11",
            "no contradictory advice",
            "holds beside every rule",
            self._contradictions(),
        )
        yield _outcome("P12", "calm baseline", "the all-clear record is routine", self._unrest())
        yield _outcome("P13", "examples", "hold", (f"line {n}: {text}" for n, text in check.broken_examples(self.book)))
        yield self._adequate(search)
        yield Outcome("P15", "trace", "tests/engine/test_explanations_of_the_book.py, test_properties.py")
        yield Outcome("P16", "agreement", "tests/engine/test_three_readers.py, test_generate.py, tests/interop")
        yield Outcome("P17", "semantic difference", "of two books: rules compare")

    def _checked(self) -> Iterator[Outcome]:
        warnings = list(check.warnings(self.book))
        twice = sum(line > 0 for line, _ in warnings)
        overdue = (text for _, text in check.overdue_reviews(self.book, self.today))
        yield Outcome("L1", "vocabulary", "holds: the book was loaded")
        yield Outcome("L2", "form and facts", "tests/test_forms.py")
        yield _outcome("L3", "metadata and reviews", "complete, none overdue", overdue)
        yield Outcome("L4", "read-once", f"{twice} rules read an answer twice (rules check); P7 proves them exact")
        yield Outcome("L5", "dead vocabulary", f"{len(warnings) - twice} warnings (rules check)")

    def _exact(self) -> Outcome:
        cases, refuted = 0, []
        for rule in self.book.rules:
            for when in (rule.when, *(each.when for each in rule.raises)):
                found = exactness(self.book, when)
                cases += found.cases
                if found.inexact is not None:
                    seen = truth(self.book.vocabulary, when, found.inexact)
                    text = f"{rule.id} asks although every completion agrees ({seen}): {_json(found.inexact)}"
                    refuted.append(text)
        return Outcome("P7", "exact", f"proved over {cases:.1e} partial intakes", tuple(refuted))

    def _contradictions(self) -> Iterator[str]:
        """The all-clear record gets notes; with the first example of any rule that stops, it must not."""
        clear = all_clear(self.book)
        for rule in self.book.rules:
            patient = clear | parse_answers(self.book.vocabulary, rule.examples.fires[0])
            decision = decide(self.book, patient)
            if decision.notes and decision.label >= Label.DO_NOT_NEEDLE:
                yield f"{decision.notes[0].id} is shown beside {decision.label.code}: {_json(patient)}"

    def _unrest(self) -> Iterator[str]:
        record = all_clear(self.book)
        decision = decide(self.book, record)
        for finding in decision.findings:
            if finding.open_facts or (finding.levels.needling, finding.levels.urgency) > (Needling.OK, Urgency.NONE):
                yield f"{finding.rule.id} {finding.status} on the all-clear record: {_json(record)}"

    def _adequate(self, search: Search) -> Outcome:
        found = adequacy(search)
        self.survivors = found.survivors
        told = f"{found.mutants} mutants told apart, {found.equivalent} of them proved equivalent"
        lines = (f"{one.rule}: {one.change}: only {_json(one.example)} tells it apart" for one in found.survivors)
        return _outcome("P14", "adequacy of the examples", told, lines)


def faults(book: Rulebook, today: date) -> Iterator[str]:
    """One sentence a fault that keeps the book from being published; none: checks and proofs are green."""
    for outcome in Proofs(book, today).outcomes():
        yield from (f"{outcome.id} {outcome.name}: {text}" for text in outcome.refuted)


def all_clear(book: Rulebook) -> Patient:
    """Every question answered as well as can be, by an adult."""
    answers = ((name, _best(fact)) for name, fact in book.vocabulary.facts.items())
    return {name: answer for name, answer in answers if answer is not None}


def _best(fact: Fact) -> Answer | None:
    match fact.kind:
        case Kind.CHOICE:
            order = fact.worse if isinstance(fact.worse, tuple) else ("no",) if "no" in fact.codes else fact.codes
            return fact.benign or order[0]
        case Kind.CHOICES:
            return None if fact.none is None else (fact.none,)
        case Kind.REGIONS:
            return ()
        case Kind.NUMBER:
            return max(fact.low or 0, min(ADULT, fact.high or ADULT))
        case Kind.SCORE:
            return 0
        case Kind.TEXT:
            return None


def _outcome(name: str, title: str, told: str, refuted: Iterable[str]) -> Outcome:
    lines = tuple(refuted)
    return Outcome(name, title, f"{len(lines)} refuted" if lines else told, lines)


def _told(one: Refutation) -> str:
    return f"{one.subject}: {one.text}" + "".join(f"; {_json(patient)}" for patient in one.patients)


def _json(patient: Patient) -> str:
    return json.dumps(to_raw(patient))
