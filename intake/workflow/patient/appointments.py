"""The visit in the patient's own calendar: when, where, at which clinic; that there is a form, and nothing of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from intake.interop.appointments import Appointment, to_calendar

if TYPE_CHECKING:
    from intake.workflow.keeping.messages.letters import Booked
    from intake.workflow.shared.clinic import Clinic

LENGTH = timedelta(hours=1)  # the clinic's day list names no end


def calendar_entry(clinic: Clinic, booked: Booked, name: str) -> str:
    """The visit as iCalendar; `name` is the same for the same visit, so that a calendar holds it once."""
    with_whom = f" ({booked.practitioner})" if booked.practitioner else ""
    visit = Appointment(
        uid=f"{name}@needling-intake",
        begins=booked.starts_at,
        ends=booked.starts_at + LENGTH,
        summary=f"{clinic.duty.clinic}{with_whom}",
        place=booked.place,
    )
    return to_calendar(visit, clinic.clock())
