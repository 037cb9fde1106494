"""What mails from a practitioner say to a patient. Never an answer, a finding, a part of the body or a medicine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.storage.links import Purpose
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
