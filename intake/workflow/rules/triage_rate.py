"""How often the rule book sends an ordinary patient to somebody: invented patients, drawn by frequencies and decided.

Ordinary is who gives no answer of class R or above; the frequencies hold no such answer. Some answers reach it together
(a fall, and thin bones): who is held above precaution by a row of the evidence that names them so is counted by that
row, and the rest are the alarms that cry wolf. Answers that are drawn independently meet more rarely, or more often,
than in people; the figures are an estimate of the rule book, not of a practice.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from intake.engine.book.calm import calm_answer
from intake.engine.book.levels import Label, Needling, Urgency
from intake.engine.book.vocabulary import Kind, codes_in
from intake.engine.decide.decide import decide
from intake.engine.interpret.truth import Intake
from intake.workflow.rules.frequencies import ALL, Each, Normal, One
from intake.workflow.rules.trial import applying

if TYPE_CHECKING:
    from random import Random

    from intake.engine.book.decision import Decision
    from intake.engine.book.rulebook import Rule, Rulebook
    from intake.engine.book.vocabulary import Answer, Answers
    from intake.workflow.rules.frequencies import Draw, Frequencies

NOT_PREGNANT = "does_not_apply"
FEW = 0.01
"""The share of ordinary patients from which on a rule above precaution owes its reason."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How many ordinary patients one rule holds above precaution, of how many it sends to a doctor."""

    rule: Rule
    above: int
    to_a_doctor: int


@dataclass(frozen=True, slots=True)
class TriageRate:
    """The outcome over `patients` ordinary patients; `by_row` counts those whom the evidence puts above precaution."""

    patients: int
    labels: Counter[Label]
    rates: tuple[Rate, ...]
    by_row: Counter[str]

    @property
    def above(self) -> int:
        """How many come out above precaution."""
        return sum(count for label, count in self.labels.items() if label > Label.PRECAUTION)

    @property
    def by_no_row(self) -> int:
        """How many of them no row of the evidence puts there."""
        return self.above - self.by_row.total()

    @property
    def without_reason(self) -> tuple[Rate, ...]:
        """The rates that are not few, of rules that give no reason."""
        return tuple(rate for rate in self.rates if rate.above > FEW * self.patients and not rate.rule.often)


def triage_rate(rulebook: Rulebook, frequencies: Frequencies, random: Random, number: int) -> TriageRate:
    """Draw and decide this many ordinary patients."""
    labels: Counter[Label] = Counter()
    above: Counter[str] = Counter()
    urgent: Counter[str] = Counter()
    by_row: Counter[str] = Counter()
    for _ in range(number):
        answers = patient(rulebook, frequencies, random)
        decision = decide(rulebook, answers)
        labels[decision.label] += 1
        above.update(_rules(decision, Needling.REVIEW_BEFORE))
        urgent.update(_rules(decision))
        if decision.label > Label.PRECAUTION:
            by_row.update(_row(Intake(rulebook.vocabulary, answers), frequencies))
    rates = (Rate(rule, above[rule.id], urgent[rule.id]) for rule in rulebook.rules if above[rule.id])
    return TriageRate(number, labels, tuple(sorted(rates, key=lambda rate: (-rate.above, rate.rule.id))), by_row)


def _rules(decision: Decision, needling: Needling | None = None) -> set[str]:
    """The rules that count at an urgency, or at this needling level or above."""
    return {
        finding.rule.id
        for finding in decision.findings
        if finding.levels.urgency > Urgency.NONE or (needling is not None and finding.levels.needling >= needling)
    }


def _row(intake: Intake, frequencies: Frequencies) -> list[str]:
    """The first row of the evidence that puts these answers at class R or above, if one does."""
    return [each.row for each in frequencies.together if intake.truth(each.when)][:1]


def patient(rulebook: Rulebook, frequencies: Frequencies, random: Random) -> dict[str, Answer]:
    """The answers of one drawn patient: every question that applies is answered, calmly where nothing was drawn."""
    vocabulary = rulebook.vocabulary
    roles = vocabulary.roles
    calm = {name: answer for name, fact in vocabulary.facts.items() if (answer := calm_answer(fact)) is not None}
    calm |= {roles.pregnancy: NOT_PREGNANT} if roles.pregnancy else {}
    drawn = {draw.fact.name for draw in frequencies.draws} | {roles.worst_place}
    answers = {name: answer for name, answer in calm.items() if name not in drawn}
    for draw in frequencies.draws:
        intake = Intake(vocabulary, answers)
        if intake.read(draw.fact.name).applies and intake.truth(draw.when):
            answers |= _drawn(draw, answers, Dice(random, frequencies.sides, vocabulary.stems, roles.where_it_hurts))
    places = answers.get(roles.where_it_hurts)
    if isinstance(places, tuple) and places:
        answers[roles.worst_place] = places[0]
    return applying(rulebook, calm | answers)


def _drawn(draw: Draw, answers: Answers, dice: Dice) -> dict[str, Answer]:
    """What one draw adds to the answers; nothing where the calm answer stands."""
    name, shape = draw.fact.name, draw.shape
    match shape:
        case Normal():
            return {name: dice.number(shape)}
        case One():
            return _more(draw, answers, dice, [code] if (code := dice.one(shape.percents)) else [])
        case Each():
            return _more(draw, answers, dice, dice.each(shape.percents))
        case _:
            assert_never(shape)


def _more(draw: Draw, answers: Answers, dice: Dice, codes: list[str]) -> dict[str, Answer]:
    name, kind = draw.fact.name, draw.fact.kind
    if not codes:
        return {}
    if kind in {Kind.NUMBER, Kind.SCORE}:
        return {name: int(codes[0])}
    if kind is Kind.CHOICE:
        return {name: codes[0]}
    if kind is Kind.REGIONS:
        codes = [place for stem in codes for place in dice.places(stem, answers)]
    before = codes_in(answers.get(name))
    return {name: tuple(dict.fromkeys((*before, *codes)))}


@dataclass(frozen=True, slots=True)
class Dice:
    """Chance, and what it needs to know of the body: the shares of the sides, the codes of each stem."""

    random: Random
    sides: tuple[float, float, float]
    stems: dict[str, tuple[str, ...]]
    where_it_hurts: str

    def number(self, shape: Normal) -> int:
        """A whole number of the normal distribution, within its bounds."""
        while True:
            number = round(self.random.gauss(shape.mean, shape.deviation))
            if shape.least <= number <= shape.most:
                return number

    def one(self, percents: dict[str, float]) -> str | None:
        """One of the codes by its share, None for the rest of the patients."""
        left = self.random.uniform(0, ALL)
        for code, percent in percents.items():
            left -= percent
            if left < 0:
                return code
        return None

    def each(self, percents: dict[str, float]) -> list[str]:
        """Every code that this patient has, each by its own share."""
        return [code for code, percent in percents.items() if self.random.uniform(0, ALL) < percent]

    def places(self, stem: str, answers: Answers) -> tuple[str, ...]:
        """The regions of a stem: where it hurts already, else one side or both by their shares."""
        codes = self.stems[stem]
        hurting = tuple(code for code in codes_in(answers.get(self.where_it_hurts)) if code in codes)
        if hurting or len(codes) == 1:
            return hurting or codes
        return self.random.choices((codes[:1], codes[1:], codes), self.sides)[0]
