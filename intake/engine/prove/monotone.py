"""P8: whoever is worse on some answers, and equal on the rest, is judged no lower: levels, regions, label.

A place that only the worse answer asks for is news about where: once it is told, its own rules leave the regions that
it does not name in peace. Nothing else may fall; `leaving` shows patients for whom that does. Needs z3.
"""

from __future__ import annotations

from collections.abc import Iterator

import z3

from intake.engine.book.decision import Finding
from intake.engine.book.levels import Level, Needling
from intake.engine.book.rulebook import Everywhere, Named, Regions, Rule, Rulebook, Where
from intake.engine.book.vocabulary import Fact, Vocabulary
from intake.engine.decide.decide import decide
from intake.engine.interpret import body
from intake.engine.interpret.truth import Intake
from intake.engine.prove.encoder import FALSE, Formula, applies
from intake.engine.prove.formulas import AXES
from intake.engine.prove.search import WORSE, Patient, Refutation, Search, fewest


def monotone(search: Search, rule: Rule) -> Iterator[Refutation]:
    """Where y is worse than x, this rule, or another one, counts as high in y, in every region that it covers in x."""
    near, proved = _near(search, rule), set[int]()
    for axis, levels in AXES:
        for level in list(levels)[1:]:
            if search.of_x.counts(rule, axis, level) is FALSE:
                continue
            claims = ((others, _lower(search, rule, others, axis, level)) for others in ((rule,), near))
            if all(_holds_of(search, others, claim, proved) for others, claim in claims):
                yield from _falls(search, rule, axis, level)


def _holds_of(search: Search, others: tuple[Rule, ...], claim: Formula, proved: set[int]) -> bool:
    """Some patients of whom y is the worse make the claim true; what was proved impossible is not tried again."""
    if claim.get_id() in proved:
        return False
    possible = search.possible(others, WORSE, claim)
    proved.update(() if possible else (claim.get_id(),))
    return possible


def _near(search: Search, rule: Rule) -> tuple[Rule, ...]:
    """The rule and those that cover its place and read one of its facts: they mostly catch what it lets fall."""
    facts = set(search.needed[rule.id])
    others = (other for other in search.book.rules if covers(other.where, rule.where))
    return (rule, *(other for other in others if other is not rule and not facts.isdisjoint(search.needed[other.id])))


def covers(wide: Where, narrow: Where) -> bool:
    """The needling level of one rule applies wherever that of the other does."""
    if isinstance(wide, Everywhere) or wide == narrow:
        return True
    return isinstance(wide, Regions) and isinstance(narrow, Regions) and set(narrow.codes) <= set(wide.codes)


def _lower(search: Search, rule: Rule, others: tuple[Rule, ...], axis: str, level: int) -> Formula:
    """The rule counts at a level in x, and none of the others does so in y, in a region where it does."""
    before = search.of_x.counts(rule, axis, level)
    after = [(other, search.of_y.counts(other, axis, level)) for other in others]
    lost = z3.Not(z3.Or([count for _, count in after]))
    whole = not isinstance(rule.where, Named) and all(covers(each.where, rule.where) for each in others)
    if whole or axis == "urgency":
        return z3.And(before, lost)
    if others == (rule,):
        return z3.And(before, z3.Or(lost, _moves(search, rule)))
    told, lower = _place_told(search, rule), []
    for region in search.book.vocabulary.regions:
        there = [z3.And(count, search.of_y.covers(other, region)) for other, count in after]
        left = z3.And(told, z3.Not(search.of_y.covers(rule, region)))
        lower.append(z3.And(search.of_x.covers(rule, region), z3.Not(z3.Or(left, *there))))
    return z3.And(before, z3.Or(lower))


def _moves(search: Search, rule: Rule) -> Formula:
    """The rule covers some region in x that it does not cover in y, and no place told says why."""
    return z3.And(z3.Not(_place_told(search, rule)), _leaves(search, rule))


def _leaves(search: Search, rule: Rule) -> Formula:
    """The rule covers some region in x that it does not cover in y; not where the place is told alike in both."""
    where, words = rule.where, search.book.vocabulary
    if not isinstance(where, Named) or _alike(words.facts[where.fact]):
        return FALSE
    key = (where.fact, *where.places.items())
    if key not in search.moves:
        pairs = ((search.of_x.covers(rule, each), search.of_y.covers(rule, each)) for each in words.regions)
        search.moves[key] = z3.Or([z3.And(before, z3.Not(after)) for before, after in pairs])
    return search.moves[key]


def _alike(fact: Fact) -> bool:
    """It is asked of all, and no answer to it is worse than another."""
    return fact.asked_if is None and fact.worse is None and fact.narrowed_by is None


def _place_told(search: Search, rule: Rule) -> Formula:
    """Only the worse answer asks for the place of the rule, and it is told."""
    where = rule.where
    if not isinstance(where, Named) or search.book.vocabulary.facts[where.fact].asked_if is None:
        return FALSE
    before, after = (applies(record, where.fact).true for record in (search.x, search.y))
    return z3.And(z3.Not(before), after, z3.Not(search.y.of(where.fact).open))


# ---- as `decide` shows it


def _falls(search: Search, rule: Rule, axis: str, level: Level) -> Iterator[Refutation]:
    """The rule and its neighbours fall: does the whole book?"""
    rules = search.book.rules
    patients = search.find(rules, WORSE, _lower(search, rule, rules, axis, level))
    if patients is not None:
        smallest = fewest(patients, lambda pair: any(_fallen(search.book, pair, axis, level)))
        fall = next(_fallen(search.book, smallest, axis, level), "")
        yield Refutation("P8", rule.id, f"a worse answer lowers {axis} below {level.code}{fall}", smallest, bool(fall))


def _fallen(book: Rulebook, patients: tuple[Patient, ...], axis: str, level: Level) -> Iterator[str]:
    """Where the second patient is lower than the first, and no place told says why."""
    x, y = (decide(book, patient) for patient in patients)
    if axis == "urgency":
        if x.levels.urgency >= level > y.levels.urgency:
            yield f": {x.levels.urgency.code}, then {y.levels.urgency.code}"
        return
    high = [finding for finding in x.findings if finding.levels.needling >= level]
    left = {finding.rule.id: _left_by(book.vocabulary, finding.rule, *patients) for finding in high}
    for region, was in x.regions.items():
        if was >= level > y.regions[region] and any(region in f.where and region not in left[f.rule.id] for f in high):
            yield f" on {region}: {was.code}, then {y.regions[region].code}"


def _left_by(words: Vocabulary, rule: Rule, x: Patient, y: Patient) -> frozenset[str]:
    """The regions that the rule leaves in peace because its place is told in y, and not asked for in x."""
    if not isinstance(rule.where, Named):
        return frozenset()
    before, after = (Intake(words, each) for each in (x, y))
    place = after.read(rule.where.fact)
    if before.read(rule.where.fact).applies is True or place.applies is not True or not place.known:
        return frozenset()
    return frozenset(words.regions).difference(body.place(rule.where, Needling.OK, after)[0])


# ---- what does fall


def leaving(search: Search, calm: Patient) -> Iterator[Refutation]:
    """For each rule whose place, told, leaves regions in peace: patients who show it, beside what `calm` says."""
    for rule in search.book.rules:
        told = _place_told(search, rule)
        claims = (WORSE, told, search.of_x.counts(rule, "needling", Needling.PRECAUTION), _leaves(search, rule))
        patients = None if told is FALSE else search.find([rule], *claims)
        if patients is not None:
            yield _left(search, rule, patients, calm)


def _left(search: Search, rule: Rule, patients: tuple[Patient, ...], calm: Patient) -> Refutation:
    words, own = search.book.vocabulary, {*search.needed[rule.id], *search.places[rule.id]}
    base = {name: answer for name, answer in calm.items() if name not in own}

    def left(pair: tuple[Patient, ...]) -> frozenset[str]:
        finding = _finding(search.book, rule, pair[0])
        covered = finding.where if finding is not None and finding.levels.needling > Needling.OK else ()
        return _left_by(words, rule, *pair).intersection(covered)

    smallest = fewest(patients, lambda pair: bool(left(pair)))
    x, y = (decide(search.book, base | patient) for patient in smallest)
    falls = sorted(left(smallest), key=lambda region: (y.regions[region] - x.regions[region], region))
    findings = ", then ".join(_in_words(_finding(search.book, rule, patient)) for patient in smallest)
    there = (f"; {one} is {x.regions[one].code}, then {y.regions[one].code}" for one in falls[:1])
    asked = tuple(_asked(words, each) for each in smallest)
    return Refutation("told", rule.id, findings + "".join(there), asked, bool(falls))


def _finding(book: Rulebook, rule: Rule, patient: Patient) -> Finding | None:
    return next((finding for finding in decide(book, patient).findings if finding.rule.id == rule.id), None)


def _in_words(finding: Finding | None) -> str:
    if finding is None:
        return "quiet"
    return f"{finding.status} on {len(finding.where)} region{'s'[: len(finding.where) - 1]}"


def _asked(words: Vocabulary, patient: Patient) -> Patient:
    """The answers to questions that apply: the others are not read."""
    intake = Intake(words, patient)
    return {name: answer for name, answer in patient.items() if intake.read(name).applies is True}
