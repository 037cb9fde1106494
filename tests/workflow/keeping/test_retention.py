"""What is over is forgotten, and only that."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.errors import NotFoundError, StorageError
from intake.storage import alerts as alert_rows
from intake.storage import audit, subjects
from intake.workflow.keeping.retention import purge
from intake.workflow.patient import drafts
from tests.support.small_clinic import DANGER, ELSE, SmallClinic

WORDS = "Since the fall I cannot sleep."


def test_the_purge_forgets_what_is_over_and_only_that(clinic: SmallClinic) -> None:
    over = clinic.save(clinic.start("over"), ELSE, texts={"anything_else": WORDS})
    sent = clinic.start("sent")
    clinic.send(sent)
    alive = clinic.save(clinic.start("alive"), DANGER, {"danger_signs": ("none",)})
    before, clinic.clock.now = clinic.now, over.expires + timedelta(seconds=1)
    assert purge(clinic, clock_is_right=True) == 1
    assert purge(clinic) == 0
    clinic.clock.now = before
    with clinic.database.read() as connection, pytest.raises(NotFoundError):
        subjects.find(connection, over.subject.id)
    with pytest.raises(NotFoundError):
        drafts.history(clinic, over.id)
    assert drafts.load(clinic, "alive") == alive
    assert drafts.history(clinic, sent.id) == []
    with clinic.database.read() as connection:
        entries = audit.of_object(connection, "drafts", "")
    assert [(entry.action, entry.details) for entry in entries] == [("drafts_purged", {"count": 1})]


def test_the_purge_waits_while_an_alert_waits_for_the_clinic(clinic: SmallClinic) -> None:
    draft = clinic.save(clinic.start(), DANGER, {"danger_signs": ("fever",)})
    clinic.clock.now = draft.expires + timedelta(days=1)
    assert purge(clinic, clock_is_right=True) == 0
    with clinic.database.begin() as connection:
        assert alert_rows.take(connection, draft.id, clinic.now) == 1
    assert purge(clinic) == 1


def test_a_clock_that_is_days_ahead_of_all_that_happened_forgets_nothing(clinic: SmallClinic) -> None:
    clinic.sent()
    alive = clinic.start("alive")
    clinic.clock.now += timedelta(days=400)
    with pytest.raises(StorageError, match="purge --clock-is-right"):
        purge(clinic)
    with clinic.database.read() as connection:
        assert subjects.find(connection, alive.subject.id)
    assert purge(clinic, clock_is_right=True) == 1


def test_a_clinic_where_nothing_happens_is_purged_every_day(clinic: SmallClinic) -> None:
    clinic.sent()
    for _day in range(20):
        clinic.clock.now += timedelta(days=1)
        assert purge(clinic) == 0
