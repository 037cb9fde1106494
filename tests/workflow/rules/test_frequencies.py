"""ordinary.yaml: every figure has its ground, no answer in it is above precaution alone, and faults are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.engine.book.calm import calm_answer, saying
from intake.engine.book.decision import Status
from intake.engine.book.levels import Needling, Urgency
from intake.engine.book.vocabulary import Answer, Fact, Kind
from intake.engine.decide.decide import decide
from intake.errors import DataFileError
from intake.settings import ORDINARY_PATH
from intake.workflow.rules import trial
from intake.workflow.rules.frequencies import Each, Normal, One, load_frequencies
from tests.engine.small import vocabulary
from tests.test_cases import book

SIDES = "sides: {right: 40, left: 40, both: 20, consensus: not found}\n"
GROUNDS = "sources: {a: {citation: A paper, seen: its table}}\n" + SIDES
THINNERS = "{fact: thinners, each: {warfarin: 10}, source: a}"
FREQUENCIES = load_frequencies(ORDINARY_PATH, book().vocabulary)


def write(path: Path, text: str) -> Path:
    file = path / "ordinary.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_each_shape_is_read_with_its_condition(tmp_path: Path) -> None:
    text = f"""{GROUNDS}draws:
- {{fact: age, normal: {{mean: 50, deviation: 10, least: 18, most: 90}}, source: a}}
- {{fact: fear, when: {{age: {{min: 40}}}}, one: {{"3": 20}}, consensus: not found}}
- {THINNERS}
together:
- {{when: {{thinners: warfarin}}, row: a row}}
"""
    read = load_frequencies(write(tmp_path, text), vocabulary())
    age, fear, thinners = (draw.shape for draw in read.draws)
    assert (age, fear, thinners) == (Normal(50, 10, 18, 90), One({"3": 20}), Each({"warfarin": 10}))
    assert read.sides == (40, 40, 20)
    assert [each.row for each in read.together] == ["a row"]


@pytest.mark.parametrize(
    ("draw", "fault"),
    [
        ("{fact: thinners, each: {warfarin: 10}}", "needs `source` or `consensus`, and not both"),
        ("{fact: thinners, each: {warfarin: 10}, source: a, consensus: b}", "and not both"),
        ("{fact: thinners, each: {warfarin: 10}, source: b}", "unknown source `b`"),
        ("{fact: thinners, source: a}", "needs one of `one`, `each` and `normal`"),
        ("{fact: thinners, each: {warfarn: 10}, source: a}", "unknown answer to `thinners` `warfarn`"),
        ("{fact: thinners, each: {warfarin: 101}, source: a}", "is not a percentage"),
        ("{fact: inr, one: {good: 60, high: 50}, source: a}", "more than all patients"),
        ("{fact: age, normal: {mean: 9, deviation: 1, least: 18, most: 90}, source: a}", "mean lies outside"),
        ("{fact: thiners, each: {warfarin: 10}, source: a}", "unknown fact `thiners`"),
    ],
)
def test_a_fault_is_named(draw: str, fault: str, tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=fault):
        load_frequencies(write(tmp_path, f"{GROUNDS}draws:\n- {draw}\n"), vocabulary())


ANSWERS = [
    (draw.fact, code)
    for draw in FREQUENCIES.draws
    if draw.fact.kind in {Kind.CHOICE, Kind.CHOICES} and not isinstance(draw.shape, Normal)
    for code in draw.shape.percents
]


BESIDE: dict[str, dict[str, Answer]] = {
    "arm_tight_and_painful": {"pain_regions": ("elbow_right",), "main_region": "elbow_right"},
    "plates_or_screws": {"joint_replacement_regions": ("ankle_left",)},
}
"""Answers that say where, so that a code is ordinary: the limb that hurts, a plate elsewhere."""


@pytest.mark.parametrize(("fact", "code"), ANSWERS, ids=lambda value: getattr(value, "name", value))
def test_no_answer_that_is_drawn_is_above_precaution_alone(fact: Fact, code: str) -> None:
    calm = {name: answer for name, each in book().vocabulary.facts.items() if (answer := calm_answer(each)) is not None}
    own: dict[str, Answer] = {**BESIDE.get(code, {}), "limb_signs_limbs": ("arm_right",), fact.name: saying(fact, code)}
    decision = decide(book(), trial.applying(book(), {**calm, **trial.calm(book()), **own}))
    firing = [finding for finding in decision.findings if finding.status is Status.FIRES]
    above = [f.rule.id for f in firing if f.levels.urgency > Urgency.NONE or f.levels.needling > Needling.PRECAUTION]
    assert above == []
