"""Somebody who comes again: a form that was sent for an earlier visit, and an invitation to the next one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from intake.workflow.desk import invitations
from intake.workflow.desk.identity import Identity
from intake.workflow.desk.visits import Practitioner
from tests.support.desk import booked
from tests.support.invited import path_of
from tests.support.visitor import Posted

if TYPE_CHECKING:
    from tests.support.client import Value
    from tests.support.practice import Practice

EMAIL = "ada@mail.example"
ADA = Identity("Ada Lovelace", "1985-12-10", "01234 555 123", EMAIL)
OPERATED: Posted = {
    "gate_devices": ("spine_surgery",),
    "spine_surgery": "fusion_or_rods",
    "spine_surgery_regions": ("low_back_left",),
    "therapies_tried": ("physiotherapy", "massage"),
}
PAGE, FORM = "/q/last_time", "12 November 2026"
STILL: dict[str, Value] = {
    "still-about": "right",
    "still-spine_surgery": "right",
    "still-therapies": "right",
}


def sent_before(practice: Practice, said: Posted | None = None) -> str:
    """The form that Ada sent for an earlier visit; the intake's id."""
    practice.clock.now = practice.clock.now.replace(day=12)
    begins = practice.clock.now + timedelta(days=1)
    intake_id = practice.sent(OPERATED if said is None else said, visit_at=begins, email=EMAIL).intake_id
    practice.clock.now = practice.clock.now.replace(day=22, hour=9, minute=30)
    return intake_id


def invited_again(practice: Practice, who: Identity = ADA) -> tuple[str, str]:
    """Her next visit, and the path of a link to its form."""
    visit = booked(practice.clinic, who, practice.clock.now + timedelta(days=1))
    return visit, path_of(invitations.link(practice.clinic, visit, Practitioner(0)))
