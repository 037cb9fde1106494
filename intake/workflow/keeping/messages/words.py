"""What an alarm's message says: that there is something to read, since when, and where. Never of whom, never what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from intake.workflow.shared.duty import Duty

TEXT = """{first}

Alarms open now: {people}. The oldest is open since {since}.

Please sign in, read it now, and take it on this page:

    {page}

{again}
To open the page or to answer this mail does not count as taking an alarm.

{clinic}
"""


@dataclass(frozen=True, slots=True)
class Told:
    """Open alarms: of how many people, since when (on the clinic's clock), and whether they were told before."""

    people: int
    since: datetime
    again: bool


def mail(duty: Duty, told: Told, every: int) -> dict[str, object]:
    """Subject and text of a mail; it comes `every` so many minutes."""
    first = "An alarm is still open, and no practitioner has taken it." if told.again else "A new alarm is open."
    text = TEXT.format(
        first=first,
        people=told.people,
        since=told.since.strftime("%H:%M (%Z) on %A %d %B %Y"),
        page=duty.page,
        again=f"You are told again every {every} minutes until a practitioner has done so.",
        clinic=duty.clinic,
    )
    return {"subject": f"{'Still open' if told.again else 'Alarm'}: please look now - {duty.clinic}", "text": text}


def event(duty: Duty, told: Told, message_id: str) -> dict[str, object]:
    """What a webhook is sent."""
    return {
        "id": message_id,
        "event": "alarm_still_open" if told.again else "alarm",
        "clinic": duty.clinic,
        "open": told.people,
        "since": told.since.isoformat(),
        "page": duty.page,
    }
