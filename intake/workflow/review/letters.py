"""What mails from a practitioner say to a patient. Never an answer, a finding, a part of the body or a medicine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.storage.links import Purpose
from intake.workflow.review.outcomes import Outcome
from intake.workflow.shared.letters import day_in_full, short_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from intake.workflow.shared.duty import Duty

LINK_TEXT = """Hello {first_name}

{opening}

This link is for {name} alone:

    {link}

It asks for the date of birth of {first_name} first, so that nobody else reads it.
It works until the end of {until}, on any phone or computer.

Would you rather talk to us? Call us: {phone}

Nobody reads what you send at once. In an emergency, call {emergency_number}.

Is this mail not for you? Please delete it and call us.

{clinic}
"""
LINKED: Mapping[Purpose, tuple[str, str]] = {
    Purpose.QUESTION: (
        "One more question before your visit",
        "We read your form, and would like to ask one more thing.",
    ),
    Purpose.CONSENT: ("Your copy from your visit", "Here is your own copy of what was signed at your visit."),
    Purpose.AFTERCARE: ("For the days after your visit", "Here is what to know for the days after your visit."),
    Purpose.CHECKIN: ("How are you after your visit?", "Please tell us how you are after your visit."),
}
"""The subject line of a link's mail, and its first sentence."""


READ_TEXT = """Hello {first_name}

{reader} read your form on {day}.
{visit}
{then}

In an emergency, call {emergency_number}.

Is this mail not for you? Please delete it and call us.

{clinic}
{phone}
"""
COME = """We talk about it at your visit.
Please bring your list of what you take, and wear loose clothes.
Did anything change? Call us: {phone}"""
CALL = """We would like to talk to you before you come.
Please call us: {phone}"""


@dataclass(frozen=True, slots=True, repr=False)
class Read:
    """What the mail about a decision is made of: whose form, who read it, when (on the clinic's clock), the visit."""

    name: str
    reader: str
    at: datetime
    starts_at: datetime | None
    practitioner: str
    place: str


def read_letter(duty: Duty, read: Read, outcome: str) -> tuple[str, str]:
    """Subject and text of the mail that says that a form was read; all but a plain "ready" asks for a call."""
    then = COME if outcome == Outcome.READY else CALL
    text = READ_TEXT.format(
        first_name=short_name(read.name).split(" ")[0],
        reader=read.reader or "A practitioner",
        day=day_in_full(read.at.date()),
        visit=_visit(read),
        then=then.format(phone=duty.phone),
        emergency_number=duty.emergency_number,
        clinic=duty.clinic,
        phone=duty.phone,
    )
    return f"We read your form - {duty.clinic}", text


def _visit(read: Read) -> str:
    if read.starts_at is None:
        return ""
    when = f"{day_in_full(read.starts_at.date())}, {read.starts_at:%H:%M}"
    rows = (("Visit:  ", when), ("With:   ", read.practitioner), ("Where:  ", read.place))
    return "".join(f"\n{label}{said}" for label, said in rows if said) + "\n"


def link_letter(duty: Duty, purpose: Purpose, name: str, link: str, until: date) -> tuple[str, str]:
    """Subject and text of the mail that brings a link; `until`: the last day on which it opens."""
    subject, opening = LINKED[purpose]
    short = short_name(name)
    text = LINK_TEXT.format(
        first_name=short.split(" ")[0],
        name=short,
        opening=opening,
        link=link,
        until=day_in_full(until),
        phone=duty.phone,
        emergency_number=duty.emergency_number,
        clinic=duty.clinic,
    )
    return f"{subject} - {duty.clinic}", text
