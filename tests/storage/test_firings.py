"""Which rules fired on which intake: written with the intake, counted by time, gone with the intake."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from intake.engine.book.decision import Status
from intake.storage import firings
from intake.storage.firings import FIRINGS, FiringCount
from intake.storage.intakes import INTAKES
from tests.support.small_clinic import BROKEN, NEEDLES, NOW, SmallClinic, rulebook

LONG = timedelta(days=400)
BEFORE, AFTER = NOW - LONG, NOW + LONG


def test_an_intake_and_its_firings_are_stored_together(clinic: SmallClinic) -> None:
    receipt = clinic.sent({"danger_signs": ("fever", "not_sure"), "wants_needling": "unsure"})
    with clinic.database.read() as connection:
        rows = {row.rule: row for row in connection.execute(select(FIRINGS))}
    assert {rule: row.status for rule, row in rows.items()} == {
        "fever": Status.FIRES,
        "chest": Status.ASKS,
        "undecided": Status.FIRES,
    }
    assert {row.intake_id for row in rows.values()} == {receipt.intake_id}


def test_firings_are_counted_by_the_time_of_sending(clinic: SmallClinic) -> None:
    first = clinic.sent({"danger_signs": ("fever",)})
    clinic.clock.now += timedelta(days=40)
    second = clinic.sent({"danger_signs": ("fever",)})
    clinic.sent({"danger_signs": ("not_sure",)})
    with clinic.database.read() as connection:
        everything = firings.counts(connection, BEFORE, AFTER)
        early = firings.counts(connection, BEFORE, second.sent_at)
        assert everything == {"fever": FiringCount(2, 1), "chest": FiringCount(0, 1)}
        assert early == {"fever": FiringCount(1, 0)}
        assert firings.counts(connection, second.sent_at, second.sent_at) == {}
        assert firings.evaluated(connection, BEFORE, AFTER) == 3
        assert firings.evaluated(connection, first.sent_at, second.sent_at) == 1


def test_an_intake_that_was_not_evaluated_counts_for_no_rule(clinic: SmallClinic) -> None:
    draft = clinic.save(clinic.start(), NEEDLES, {"wants_needling": "no"})
    clinic.send(draft, rulebook(BROKEN))
    with clinic.database.read() as connection:
        assert firings.counts(connection, BEFORE, AFTER) == {}
        assert firings.evaluated(connection, BEFORE, AFTER) == 0


def test_deleting_an_intake_deletes_its_firings(clinic: SmallClinic) -> None:
    receipt = clinic.sent({"danger_signs": ("fever",)})
    with clinic.database.begin() as connection:
        connection.execute(delete(INTAKES).where(INTAKES.c.id == receipt.intake_id))
        assert connection.execute(select(FIRINGS)).all() == []
