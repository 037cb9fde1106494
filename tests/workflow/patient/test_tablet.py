"""A tablet's form on both databases: a page is shown once, a wipe forgets what is nobody's and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from intake.errors import NotFoundError
from intake.workflow.desk import tablets
from intake.workflow.desk.identity import Identity
from intake.workflow.desk.visits import Practitioner
from intake.workflow.patient import drafts, tablet, tablet_start
from intake.workflow.patient.tablet import Sitting
from intake.workflow.patient.tablet_start import NewForm
from tests.support.desk import booked
from tests.support.small_clinic import CALM_ANSWERS, DANGER, NOW

if TYPE_CHECKING:
    from intake.workflow.patient.tablet import Device
    from tests.support.small_clinic import SmallClinic

KEY = "0f" * 20


def enrolled(clinic: SmallClinic) -> Device:
    tablets.add(clinic, "d" * 32, "Waiting room", "123456", Practitioner(clinic.practitioner()))
    assert tablets.enrol(clinic, "123456", KEY, "network")
    return tablet.device_of(clinic, KEY)


def begun(clinic: SmallClinic, device: Device, visit_id: str | None = None) -> Sitting:
    number = clinic.number()
    tablet_start.begin(clinic, device, NewForm(f"{number:032x}", f"token-{number}", timedelta(days=1), visit_id))
    return now_on(clinic, device)


def now_on(clinic: SmallClinic, device: Device) -> Sitting:
    found = tablet.sitting_of(clinic, device)
    assert found is not None
    return found


def test_a_page_is_shown_once(clinic: SmallClinic) -> None:
    device = enrolled(clinic)
    sitting = begun(clinic, device)
    assert [tablet.take(clinic, sitting) for _time in range(2)] == [True, False]
    tablet.show(clinic, tablet.load(clinic, sitting))
    assert tablet.take(clinic, now_on(clinic, device))


def test_a_wipe_forgets_a_form_without_visit_and_alarm_with_all_that_was_said(clinic: SmallClinic) -> None:
    device = enrolled(clinic)
    sitting = begun(clinic, device)
    draft = clinic.save(tablet.load(clinic, sitting), DANGER, CALM_ANSWERS, {"name": "Nobody Known"})
    assert tablet.wipe(clinic, sitting)
    assert tablet.sitting_of(clinic, device) is None
    with pytest.raises(NotFoundError):
        drafts.history(clinic, draft.id)


def test_a_wipe_keeps_an_alarm_that_was_taken_back(clinic: SmallClinic) -> None:
    sitting = begun(clinic, enrolled(clinic))
    draft = clinic.save(tablet.load(clinic, sitting), DANGER, {"danger_signs": ("chest_pressure",)})
    clinic.save(draft, DANGER, {"danger_signs": ("none",)})
    assert not tablet.wipe(clinic, sitting)
    assert drafts.history(clinic, draft.id)


def test_a_wipe_keeps_the_form_of_a_visit_even_an_empty_one(clinic: SmallClinic) -> None:
    device = enrolled(clinic)
    visit = booked(clinic, Identity("Ada Lovelace", "1985-12-10"), NOW)
    assert tablet_start.find(clinic, device, "1985-12-10", "ada") == visit
    assert not tablet.wipe(clinic, begun(clinic, device, visit))


def test_a_form_of_an_unclear_person_is_kept(clinic: SmallClinic) -> None:
    device = enrolled(clinic)
    visit = booked(clinic, Identity("Ada Lovelace", "1985-12-10"), NOW)
    sitting = begun(clinic, device, visit)
    draft = clinic.save(tablet.load(clinic, sitting), DANGER, CALM_ANSWERS, {"name": "Bo", "born": "1990-01-01"})
    tablet.check_person(clinic, device, draft)
    assert [(each.who.name, each.meant and each.meant.name) for each in tablets.unclear(clinic)] == [
        ("Bo", "Ada Lovelace")
    ]
    assert not tablet.wipe(clinic, sitting)
    tablets.attach(clinic, draft.id, visit, Practitioner(0))
    assert tablets.unclear(clinic) == []
