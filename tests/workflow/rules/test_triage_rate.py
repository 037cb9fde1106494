"""Ordinary patients under the shipped rules: few are held back, and a rule that holds many says why."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from random import Random

import pytest

from intake.engine.book.levels import Label
from intake.engine.book.vocabulary import codes_in
from intake.settings import ORDINARY_PATH
from intake.workflow.rules import trial
from intake.workflow.rules.frequencies import Frequencies, load_frequencies
from intake.workflow.rules.triage_rate import FEW, TriageRate, patient, triage_rate
from tests.test_cases import book

NUMBER = 2000
ONE_IN_TWENTY = 0.05


@cache
def frequencies() -> Frequencies:
    return load_frequencies(ORDINARY_PATH, book().vocabulary)


def dice(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - invented patients, no secret


@cache
def outcome() -> TriageRate:
    return triage_rate(book(), frequencies(), dice(1), NUMBER)


def test_no_more_than_one_in_twenty_are_held_back_by_no_row_of_the_evidence() -> None:
    assert outcome().by_no_row <= ONE_IN_TWENTY * NUMBER
    assert outcome().labels[Label.EMERGENCY] <= 0.005 * NUMBER


def test_a_rule_that_holds_more_than_one_in_a_hundred_says_why() -> None:
    assert [rate.rule.id for rate in outcome().without_reason] == []
    assert any(rate.above > FEW * NUMBER for rate in outcome().rates), "the sample is too calm to say anything"


def test_a_reason_that_is_taken_away_is_missed() -> None:
    often = next(rate for rate in outcome().rates if rate.above > FEW * NUMBER)
    bare = replace(often, rule=replace(often.rule, often=None))
    assert replace(outcome(), rates=(bare,)).without_reason == (bare,)


def test_the_same_seed_draws_the_same_patients() -> None:
    first, second, other = (
        [patient(book(), frequencies(), random) for _ in range(5)] for random in map(dice, (3, 3, 4))
    )
    assert first == second != other


def test_a_patient_answers_every_question_that_applies_and_no_other() -> None:
    for seed in range(20):
        answers = patient(book(), frequencies(), dice(seed))
        assert answers.keys() == trial.asked(book(), answers)
        assert answers["main_region"] in codes_in(answers["pain_regions"])


@pytest.mark.parametrize(("fact", "code", "percent"), [("smoking", "former", 12.7), ("diabetes", "yes", 2)])
def test_an_answer_is_given_as_often_as_its_figure_says(fact: str, code: str, percent: float) -> None:
    random, young = dice(5), Counter[bool]()
    for _ in range(1500):
        answers = patient(book(), frequencies(), random)
        if float(str(answers["age_years"])) < 45:
            young[answers[fact] == code] += 1
    share = 100 * young[True] / young.total()
    assert abs(share - percent) < 4 * (percent * (100 - percent) / young.total()) ** 0.5
