"""The PEG: the mean of exactly three scores, and never the mean of fewer."""

from __future__ import annotations

from itertools import combinations

import pytest

from intake.engine.book.roles import NO_ROLES
from intake.workflow.review import scores
from tests.support.small_clinic import vocabulary

ROLES = vocabulary().roles
WHOLE = {"pain_average": 6, "peg_enjoyment": 5, "peg_activity": 4}


def test_it_is_the_mean_of_average_pain_enjoyment_and_activity() -> None:
    assert scores.peg(ROLES, WHOLE) == 5
    assert scores.peg(ROLES, {**WHOLE, "pain_worst": 10, "psfs_score": 0}) == 5
    assert scores.peg(ROLES, dict.fromkeys(WHOLE, 0)) == 0


@pytest.mark.parametrize("few", [each for size in range(3) for each in combinations(WHOLE, size)])
def test_an_item_that_is_missing_or_a_state_leaves_no_mean(few: tuple[str, ...]) -> None:
    assert scores.peg(ROLES, {name: WHOLE[name] for name in few}) is None
    for state in ("not_sure", "declined"):
        assert scores.peg(ROLES, {**dict.fromkeys(WHOLE, state), **{name: WHOLE[name] for name in few}}) is None


def test_a_vocabulary_without_the_three_has_none() -> None:
    assert scores.peg(NO_ROLES, WHOLE) is None


def test_a_change_is_told_in_percent_and_from_nought_not_at_all() -> None:
    assert scores.change(6.0, 4.0) == pytest.approx(-100 / 3)
    assert scores.change(0.0, 4.0) is None
    assert scores.change(None, 4.0) is None
    assert scores.change(4.0, None) is None
