"""A rule that falls silent or surges against its own history is named; chance and small numbers are not."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from math import comb

import pytest

from intake.engine.book.levels import Levels, Needling, Urgency
from intake.engine.book.tree import AnyOf
from intake.storage import rulebooks
from intake.workflow.rules import sentinel
from intake.workflow.rules.sentinel import Drift, Window
from tests.support.copies import copy
from tests.support.small_clinic import SOUND, SmallClinic, rule, rulebook

DAY = timedelta(days=1)
SORE = rule("sore", AnyOf("danger_signs", ("sight_loss",)), Levels(Needling.PRECAUTION, Urgency.NONE))


def exact(recent: Window, history: Window, drift: Drift) -> Fraction:
    """Fisher's test with whole numbers."""
    fired, intakes = recent.fired + history.fired, recent.intakes + history.intakes
    counts = range(recent.fired + 1) if drift is Drift.SILENT else range(recent.fired, min(fired, recent.intakes) + 1)
    ways = sum(comb(recent.intakes, count) * comb(history.intakes, fired - count) for count in counts)
    return Fraction(ways, comb(intakes, fired))


@pytest.mark.parametrize("drift", list(Drift))
@pytest.mark.parametrize(
    ("recent", "history"),
    [((0, 40), (60, 240)), ((9, 40), (12, 240)), ((5, 20), (0, 20)), ((40, 40), (239, 240)), ((3, 30), (18, 180))],
)
def test_the_chance_is_fishers(drift: Drift, recent: tuple[int, int], history: tuple[int, int]) -> None:
    windows = Window(*recent), Window(*history)
    assert sentinel.fisher(*windows, drift) == pytest.approx(float(exact(*windows, drift)), rel=1e-9)


@pytest.mark.parametrize(
    ("recent", "history", "expected", "why"),
    [
        ((0, 40), (60, 240), Drift.SILENT, "ten were to be expected"),
        ((20, 40), (24, 240), Drift.SURGE, "from 10 % to 50 %"),
        ((12, 40), (60, 240), None, "about as often as before"),
        ((0, 40), (12, 240), None, "two were to be expected: silence says little"),
        ((0, 40), (24, 240), None, "four were to be expected: silence says little yet"),
        ((4, 40), (0, 240), None, "four firings are no surge yet"),
        ((0, 19), (180, 240), None, "too few intakes of late"),
        ((10, 10), (0, 19), None, "too few intakes before"),
        ((600, 2000), (2400, 12000), None, "certain, but not even doubled"),
        ((5, 40), (12, 240), None, "doubled, but chance may do that"),
    ],
)
def test_what_is_reported(recent: tuple[int, int], history: tuple[int, int], expected: Drift | None, why: str) -> None:
    signals = sentinel.judge({"one": (Window(*recent), Window(*history))})
    assert [signal.drift for signal in signals] == ([expected] if expected else []), why


def test_many_rules_need_stronger_proof() -> None:
    odd = Window(8, 40), Window(14, 240)
    calm = Window(4, 40), Window(24, 240)
    assert sentinel.judge({"odd": odd})
    assert not sentinel.judge({"odd": odd, **{f"calm-{number}": calm for number in range(200)}})


def test_the_database_is_read_by_its_windows(clinic: SmallClinic) -> None:
    clinic.sent()
    now = clinic.now + DAY
    days = [*range(1, 30), *range(31, 210), 250]
    with clinic.database.begin() as connection:
        for day in days:
            copy(connection, day, now - day * DAY, {"fever"} if day > 30 else {"chest"})
    with clinic.database.read() as connection:
        signals = {signal.rule: signal for signal in sentinel.watch(connection, rulebook(), now)}
    assert {rule: signal.drift for rule, signal in signals.items()} == {"fever": Drift.SILENT, "chest": Drift.SURGE}
    assert (signals["fever"].recent, signals["fever"].history) == (Window(0, 30), Window(179, 179))


def test_a_young_rule_is_compared_with_the_time_since_it_came(clinic: SmallClinic) -> None:
    clinic.sent()
    now = clinic.now + 200 * DAY
    newer = rulebook(*SOUND, SORE)
    with clinic.database.begin() as connection:
        rulebooks.keep(connection, newer.sha256, "2", newer.content, now - 100 * DAY)
        for day in range(1, 200):
            copy(connection, day, now - day * DAY, {"sore"} if day < 100 else set())
    with clinic.database.read() as connection:
        assert sentinel.watch(connection, newer, now) == ()
