"""What an invitation's mail says: whose form, when the visit is, the link, whom to call. Never an answer or a finding.

The subject line holds no name: it is read over shoulders and on locked screens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.workflow.shared.letters import day_in_full

if TYPE_CHECKING:
    from intake.workflow.shared.duty import Duty

TEXT = """Hello {first_name}

{opening}

Visit:  {when}
{who_and_where}
This is your own link to the form:

    {link}

It asks for the date of birth of {first_name} first, so that nobody else reads the answers.
It works until the end of the day of the visit, on any phone or computer.
The form takes 8 to 15 minutes. You can stop, and go on later or on another device.
Please have your list of medicines at hand.

Would you rather not do this on a screen? Come 15 minutes early: you can use our tablet,
or somebody goes through it with you. Or call us: {phone}

Nobody reads the form at once. In an emergency, call {emergency_number}.

Is this mail not for you? Please delete it and call us.

{clinic}
{closing}
"""
FIRST = "Before the visit we ask about pain, health and medicines. Please fill in the form for {name}."
AGAIN = "The form for {name} has not reached us yet. Please fill it in before the visit."


@dataclass(frozen=True, slots=True, repr=False)
class Booked:
    """What a letter may say of a visit: who comes (first name and first letter of the last), when, to whom, where."""

    name: str
    starts_at: datetime
    practitioner: str
    place: str

    @property
    def first_name(self) -> str:
        """By which a letter greets."""
        return self.name.split(" ")[0]


def invitation(duty: Duty, booked: Booked, link: str, *, again: bool) -> tuple[str, str]:
    """Subject and text of the mail; `again`: the reminder, of which there is one."""
    day = day_in_full(booked.starts_at.date())
    with_and_where = (("With:   ", booked.practitioner), ("Where:  ", booked.place))
    text = TEXT.format(
        first_name=booked.first_name,
        opening=(AGAIN if again else FIRST).format(name=booked.name),
        when=f"{day}, {booked.starts_at:%H:%M}",
        who_and_where="".join(f"{label}{said}\n" for label, said in with_and_where if said),
        link=link,
        phone=duty.phone,
        emergency_number=duty.emergency_number,
        clinic=duty.clinic,
        closing="We do not remind you again." if again else "We remind you once at most.",
    )
    return f"{'Reminder: the' if again else 'Your'} form before the visit on {day}", text
