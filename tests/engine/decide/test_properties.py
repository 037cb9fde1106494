"""Laws of every decision, on random rule books and answers: the reference, the interval, hidden answers, reasons."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from intake.engine.book.decision import Decision, Finding, Status
from intake.engine.book.levels import Levels
from intake.engine.decide.decide import decide
from intake.engine.decide.outcome import answers
from intake.engine.interpret.evidence import Evidence, evidence
from intake.engine.interpret.truth import Intake
from intake.engine.read.answers import parse_answers, to_raw
from tests.engine import reference, strategies
from tests.engine.small import book, rule, vocabulary


def run(specs: list[dict[str, Any]], raw: dict[str, Any]) -> Decision:
    return decide(book(*specs), parse_answers(vocabulary(), raw))


def explained(finding: Finding, raw: dict[str, Any]) -> Evidence:
    return evidence(finding.rule, Intake(vocabulary(), parse_answers(vocabulary(), raw)))


def pair(levels: Levels) -> tuple[int, int]:
    return levels.needling.value, levels.urgency.value


@given(strategies.rulebooks(), strategies.answers())
def test_decide_agrees_with_the_reference(specs: list[dict[str, Any]], raw: dict[str, Any]) -> None:
    ours, theirs = run(specs, raw), reference.decide(specs, raw)
    assert {finding.rule.id for finding in ours.findings} == theirs["findings"].keys()
    for finding in ours.findings:
        expected = theirs["findings"][finding.rule.id]
        assert (finding.status, list(finding.where)) == (expected["status"], expected["where"])
        assert pair(finding.levels) == expected["levels"]
    assert pair(ours.levels) == theirs["levels"]
    assert {region: level.value for region, level in ours.regions.items()} == theirs["regions"]
    assert ours.label.code == theirs["label"]


@given(strategies.rulebooks(), strategies.answers(), st.data())
def test_withdrawing_answers_keeps_the_decision_in_the_interval(
    specs: list[dict[str, Any]], raw: dict[str, Any], data: st.DataObject
) -> None:
    kept = data.draw(st.lists(st.sampled_from(sorted(raw)), unique=True)) if raw else []
    part_raw = {name: raw[name] for name in kept}
    full, part = run(specs, raw), run(specs, part_raw)
    surely = {finding.rule.id: finding for finding in full.findings}
    for finding in part.findings:
        if finding.status is Status.FIRES:
            assert surely[finding.rule.id].status is Status.FIRES
            assert at_least(finding.rule.id, specs, part_raw) <= surely[finding.rule.id].levels.needling
    possible = {finding.rule.id: finding for finding in part.findings}
    for finding in full.findings:
        assert finding.status is Status.ASKS or finding.rule.id in possible
        if finding.status is Status.FIRES:
            most = possible[finding.rule.id].at_most
            assert finding.levels.needling <= most.needling
            assert finding.levels.urgency <= most.urgency


def at_least(name: str, specs: list[dict[str, Any]], raw: dict[str, Any]) -> int:
    """The lower end of a rule that fires; an open place may still turn out to be none, which counts review_before."""
    spec = next(spec for spec in specs if spec["id"] == name)
    found = reference.finding(spec, reference.Patient(raw))
    assert found is not None
    sure: int = found["sure"][0]
    return min(sure, 2) if isinstance(spec["where"], dict) else sure


@given(strategies.rulebooks(), strategies.answers(), st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(specs: list[dict[str, Any]], raw: dict[str, Any], dice: Random) -> None:
    names = list(raw)
    dice.shuffle(names)
    shuffled = {
        name: dice.sample(raw[name], len(raw[name])) if isinstance(raw[name], list) else raw[name] for name in names
    }
    assert run(specs, shuffled) == run(specs, raw)


@given(strategies.rulebooks(), strategies.answers(), st.data())
def test_an_answer_to_a_question_that_does_not_apply_is_never_read(
    specs: list[dict[str, Any]], raw: dict[str, Any], data: st.DataObject
) -> None:
    patient = reference.Patient(raw)
    hidden = [name for name in reference.SPEC["facts"] if patient.applies(name) == 0]
    stored = {name: data.draw(strategies.values(name)) for name in hidden}
    without = {name: value for name, value in raw.items() if name not in hidden}
    assert run(specs, raw | stored) == run(specs, without)


@given(strategies.answers())
def test_answers_survive_storing(raw: dict[str, Any]) -> None:
    parsed = parse_answers(vocabulary(), raw)
    assert parse_answers(vocabulary(), to_raw(parsed)) == parsed


@given(strategies.conditions(), strategies.answers())
def test_what_decides_suffices_and_nothing_of_it_can_be_left_out(when: dict[str, Any], raw: dict[str, Any]) -> None:
    findings = run([rule(when)], raw).findings
    if not findings or findings[0].status is Status.ASKS:
        return
    deciding = frozenset(
        (literal.fact, literal.code, literal.holds) for literal in explained(findings[0], raw).deciding
    )
    assert reference.Patient(raw, deciding).truth(when) == 1
    for literal in deciding:
        assert reference.Patient(raw, deciding - {literal}).truth(when) < 1


@given(strategies.conditions(), strategies.answers())
def test_the_answers_shown_make_the_rule_fire_by_themselves(when: dict[str, Any], raw: dict[str, Any]) -> None:
    spec = rule(when)
    decision = run([spec], raw)
    for finding in decision.findings:
        if finding.status is Status.FIRES:
            again = run([spec], answers(explained(finding, raw), parse_answers(vocabulary(), raw))).findings
            assert [each.status for each in again] == [Status.FIRES]


@given(strategies.conditions(), strategies.answers())
def test_an_asking_rule_names_questions_that_are_open(when: dict[str, Any], raw: dict[str, Any]) -> None:
    for finding in run([rule(when)], raw).findings:
        if finding.status is Status.ASKS:
            patient = reference.Patient(raw)
            open_facts = explained(finding, raw).open_facts
            assert open_facts
            for fact in open_facts:
                assert patient.applies(fact) == 1
                assert is_open(fact, patient)


def is_open(fact: str, patient: reference.Patient) -> bool:
    if reference.SPEC["facts"][fact]["kind"] in {"number", "score"}:
        return patient.number(fact) is None
    return any(patient.as_said(fact, code) == 0.5 for code in reference.codes_of(fact))
