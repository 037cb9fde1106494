"""The front desk in tests: somebody who works there, visits that are booked, the rows of a day."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from intake.workflow.desk import visits
from intake.workflow.desk.identity import Identity
from intake.workflow.desk.visits import NewVisit, Practitioner, VisitKind, VisitPlan
from intake.workflow.keeping import accounts
from intake.workflow.keeping.accounts import Role
from tests.support import lint
from tests.support.practice import PASSWORD, sign_in

if TYPE_CHECKING:
    from tests.support.client import Page, Visitor
    from tests.support.practice import Practice
    from tests.support.small_clinic import SmallClinic

DESK = "s.reed@harbour.example"


def at_the_desk(practice: Practice) -> Visitor:
    """A browser of somebody at the front desk; the account is made if need be."""
    if accounts.by_email(practice.clinic, DESK) is None:
        practice.account(DESK, role=Role.DESK)
    visitor = practice.visitor()
    page = sign_in(visitor, DESK, PASSWORD)
    assert page.path == "/desk", page.main
    return visitor


def book(
    practice: Practice, name: str, *, born: str = "", phone: str = "", email: str = "", hour: int = 9, **label: str
) -> str:
    """A visit on Monday; its id."""
    return booked(
        practice.clinic, Identity(name, born, phone, email), datetime(2026, 11, 23, hour, tzinfo=UTC), **label
    )


def booked(
    clinic: SmallClinic, who: Identity, begins: datetime, practitioner: str = "Dr Patel", place: str = "Room 1"
) -> str:
    """A visit; its id."""
    number = clinic.number()
    plan = VisitPlan(begins, practitioner, place, VisitKind.FIRST)
    new = NewVisit(f"{number:032x}", f"subject-{number}", who, plan)
    visits.add(clinic, new, Practitioner(0))
    return new.id


def rows_of(page: Page) -> list[str]:
    """What the rows of a day say, without the line that says now."""
    bodies = list(page.tree.iter("tbody"))
    return [lint.text_of(row) for row in bodies[0].iter("tr") if row.get("id")]
