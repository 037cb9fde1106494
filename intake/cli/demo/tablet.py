"""The tablet of a demonstration: a code to enrol it with, and somebody who is expected today."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from intake.workflow.desk import tablets
from intake.workflow.desk.visits import Practitioner
from intake.workflow.keeping import accounts
from intake.workflow.patient.tablet_start import EXPECTED

if TYPE_CHECKING:
    from intake.workflow.shared.clinic import Clinic

AT_THE_DESK = "desk@demo.example"
NAME = "Demonstration tablet"
CODES = 10**6


def invitation(clinic: Clinic, base: str) -> str:
    """How to try the tablet, with a code for ten minutes; empty where nobody of the demonstration works at the desk."""
    account = accounts.by_email(clinic, AT_THE_DESK)
    if account is None:
        return ""
    by = Practitioner(account.id)
    for line in tablets.lines(clinic):
        if line.device.name == NAME and line.device.enrolled_at is None:
            tablets.revoke(clinic, line.device.id, by)
    code = f"{secrets.randbelow(CODES):06}"
    tablets.add(clinic, secrets.token_hex(16), NAME, code, by)
    told = f"Try the tablet: open {base}/tablet in another browser, and type {code} within 10 minutes."
    booked = [who for visit, who in tablets.visits_today(clinic) if visit.state in EXPECTED and who.birthday]
    return told + (f" Expected today: {booked[0].name}, born {booked[0].born}." if booked else "")
