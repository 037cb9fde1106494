"""While nothing can be written, staff still read; the record of what they saw follows, and the machine is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from intake.storage import audit
from intake.storage.database import BUSY_SECONDS
from intake.workflow.keeping import health
from tests.support import disks
from tests.support.practice import Practice

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # a server has a disk of its own
NOTHING_SAVED = "Nothing can be saved at the moment."
Trouble = Callable[[Practice], AbstractContextManager[None]]


def full(_practice: Practice) -> AbstractContextManager[None]:
    return disks.full()


def locked(practice: Practice) -> AbstractContextManager[None]:
    return disks.locked(practice.clinic.database)


def actions(practice: Practice, intake_id: str) -> list[str]:
    with practice.clinic.database.read() as connection:
        return [entry.action for entry in audit.of_object(connection, "intake", intake_id)]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for a locked database waits shortly."""
    assert BUSY_SECONDS == 5
    monkeypatch.setattr("intake.storage.database.BUSY_SECONDS", 0.1)


@pytest.mark.parametrize("trouble", [full, locked])
def test_staff_read_the_queue_and_an_intake_while_nothing_can_be_written(practice: Practice, trouble: Trouble) -> None:
    receipt, draft_id = practice.sent({"danger_signs": ("fever",)}), practice.unsent()
    visitor = practice.practitioner()
    with trouble(practice):
        queue = visitor.get("/review/")
        intake = visitor.get(f"/review/{receipt.intake_id}")
        sheet = visitor.get(f"/review/{receipt.intake_id}/print")
        unsent = visitor.get(f"/review/unsent/{draft_id}")
        new = practice.practitioner().get("/review/")
    assert [page.status for page in (queue, intake, sheet, unsent, new)] == [200] * 5
    assert "Ada Lovelace" in queue.main
    assert "Ada Lovelace" in intake.main
    assert "Gus Waits" in unsent.main
    assert all(NOTHING_SAVED in page.text for page in (queue, intake, sheet, unsent))


@pytest.mark.parametrize("trouble", [full, locked])
def test_the_record_of_the_look_follows_once_and_in_its_own_time(
    practice: Practice, trouble: Trouble, capsys: pytest.CaptureFixture[str]
) -> None:
    receipt = practice.sent()
    visitor = practice.practitioner()
    with trouble(practice):
        visitor.get(f"/review/{receipt.intake_id}")
    at = practice.now()
    assert actions(practice, receipt.intake_id) == ["sent"]
    said = capsys.readouterr().out.splitlines()
    logged = [json.loads(line) for line in said if "look_not_recorded" in line]
    assert [(line["action"], line["object_id"]) for line in logged] == [("read", receipt.intake_id)]
    practice.clinic.tick()
    later = visitor.get("/review/")
    assert NOTHING_SAVED not in later.text
    visitor.get("/review/")
    assert actions(practice, receipt.intake_id) == ["sent", "read"]
    with practice.clinic.database.read() as connection:
        assert audit.of_object(connection, "intake", receipt.intake_id)[-1].at == at
        assert audit.first_broken(connection, practice.clinic.keys) is None


@pytest.mark.parametrize("trouble", [full, locked])
def test_the_machine_in_front_is_told(practice: Practice, trouble: Trouble) -> None:
    client = practice.app.test_client()
    assert client.get("/healthz").status_code == 200
    practice.clinic.tick()
    with trouble(practice):
        response = client.get("/healthz")
    assert response.status_code == 503
    assert response.text.startswith("nothing can be saved, staff can read. The database could not do this:")
    assert client.get("/healthz").text == "ok\n"


def test_a_disk_that_is_nearly_full_is_told_before_it_is(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LEAST_FREE", 1 << 60)
    response = practice.app.test_client().get("/healthz")
    assert (response.status_code, response.text) == (503, "the disk is nearly full: less than 16 MB are free.\n")


def test_a_decision_is_refused_while_nothing_can_be_written(practice: Practice) -> None:
    receipt = practice.sent()
    visitor = practice.practitioner()
    form = visitor.get(f"/review/{receipt.intake_id}").form(f"/review/{receipt.intake_id}/decision")
    with disks.full():
        page = visitor.post(form.action, form.fill({"outcome": "ready"}))
    assert page.status == 503
    assert actions(practice, receipt.intake_id) == ["sent", "read"]
