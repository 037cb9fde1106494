"""The visit as patients read it: whose form it is, when the visit is, until when the form can be filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import format_date, format_time

from intake.web.services import services
from intake.workflow.desk.visits import last_moment

if TYPE_CHECKING:
    from intake.workflow.patient.invitations import Found


@dataclass(frozen=True, slots=True)
class VisitWords:
    """What a page says of a visit."""

    name: str
    day: str
    time: str
    practitioner: str
    place: str
    until: str


def words_of(found: Found) -> VisitWords:
    """The words for a visit; the last day on which the form can be filled in is the one before it is over."""
    booked, last = found.booked, services().clinic.day_of(last_moment(found.expires_at))
    return VisitWords(
        name=booked.name,
        day=format_date(booked.starts_at.date(), "full"),
        time=format_time(booked.starts_at.timetz().replace(tzinfo=None), "short"),
        practitioner=booked.practitioner,
        place=booked.place,
        until=format_date(last, "full"),
    )
