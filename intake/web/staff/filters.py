"""What a list of intakes is asked for in an address: which list, tier, outcome, visit day, or what was looked for.

Every link between pages of the review carries it on, so that "Next" follows the list that one came from.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypeVar

from flask import request

from intake.engine.book.levels import Tier
from intake.web.services import services
from intake.workflow.review.outcomes import Outcome
from intake.workflow.review.queue import Day, Listing, Wanted

if TYPE_CHECKING:
    from enum import Enum

E = TypeVar("E", bound="Enum")
DAY = timedelta(days=1)
LISTING, FIND = "list", "find"
NARROWING = ("tier", "outcome", "day")
LONGEST_SEARCH = 80


def wanted() -> Wanted:
    """What the address asks for; a word that is none of ours asks for nothing."""
    args = request.args
    return Wanted(
        listing=one_of(Listing, args.get(LISTING, "")) or Listing.OPEN,
        tier=next((tier for tier in Tier if tier.code == args.get("tier")), None),
        outcome=one_of(Outcome, args.get("outcome", "")),
        day=_day(args.get("day", "")),
        text=args.get(FIND, "")[:LONGEST_SEARCH].strip(),
    )


def chosen() -> dict[str, str]:
    """The part of the address that says what is wanted, to be carried on."""
    asked = {name: request.args.get(name, "")[:LONGEST_SEARCH] for name in (LISTING, *NARROWING, FIND)}
    return {name: value for name, value in asked.items() if value}


def one_of(kind: type[E], code: str) -> E | None:
    """The member with that value."""
    return next((member for member in kind if member.value == code), None)


def _day(text: str) -> Day | None:
    """A day on the clinic's clock, which may be 23 or 25 hours long."""
    try:
        day = date.fromisoformat(text)
        midnights = (datetime.combine(each, time.min, services().clinic.zone) for each in (day, day + DAY))
        start, end = (midnight.astimezone(UTC) for midnight in midnights)
    except (ValueError, OverflowError):
        return None
    return Day(start, end)
