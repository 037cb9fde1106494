"""A day at the desk: its visits by time, who comes, how far the form is. No answer is read, and none is shown.

The form's state is derived at each look, so that it cannot be wrong: nobody was invited, somebody was, so many percent
of the pages are answered, or it was sent. Somebody may arrive with 40 %.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.storage import audit, day_answers, name_index, staff, visit_forms
from intake.storage import visits as rows
from intake.storage.visit_forms import Form
from intake.storage.visits import HERE, Visit, VisitState
from intake.workflow.desk import records
from intake.workflow.desk.identity import Identity
from intake.workflow.review.consent import standing
from intake.workflow.review.consent.standing import ConsentStanding, ConsentState
from intake.workflow.review.people import Practitioner
from intake.workflow.shared import looks

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.workflow.shared.clinic import Clinic

Progress = Callable[[Mapping[str, object], Sequence[str]], int]
"""How many percent of its pages a draft has behind it: from its answers and the pages passed."""
DAY = timedelta(days=1)


class FormState(StrEnum):
    """How far the questionnaire of a visit is."""

    NOT_INVITED = "not_invited"
    INVITED = "invited"
    BEGUN = "begun"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class DayFilter:
    """What the desk looks for on a day; empty: everything."""

    name: str = ""
    practitioner: str = ""
    place: str = ""
    form: FormState | None = None
    state: VisitState | None = None


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One visit as the desk sees it. `percent` counts where the form is begun; `speak_first`: who asks for that.

    `consent`: whether it is given, no more; `more`: how many other forms of it are begun and not sent; `to_ask`: the
    patient is there, and questions of the day are open.
    """

    visit: Visit
    who: Identity
    form: FormState
    percent: int
    sent_at: datetime | None
    speak_first: str
    consent: ConsentState
    more: int
    to_ask: bool


@dataclass(frozen=True, slots=True)
class DayPage:
    """The visits of a day that were looked for; `all` counts those of the whole day."""

    day: date
    lines: tuple[VisitLine, ...]
    all: int
    arrived: int
    sent: int
    not_invited: int
    practitioners: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Stored:
    """What is stored of a day's visits: the form of each, by draft what was asked on the day, by intake the consent."""

    booked: list[Visit]
    forms: Mapping[str, Form]
    asked: Mapping[str, Collection[str]]
    consents: Mapping[str, ConsentStanding]
    emails: Mapping[int, str]


def page(clinic: Clinic, day: date, sought: DayFilter, progress: Progress, by: Practitioner) -> DayPage:
    """One day, as it is now; the look is recorded."""
    now = clinic.clock()
    with clinic.database.read() as connection:
        stored = _read(connection, clinic, day)
    visits = [visit.id for visit in stored.booked]
    looks.record(clinic, audit.AuditEntry(now, by.actor, "listed", "day", day.isoformat(), {"visits": visits}))
    lines = [_line(clinic, visit, stored, progress) for visit in stored.booked]
    return DayPage(
        day=day,
        lines=tuple(line for line in lines if _fits(line, sought)),
        all=len(lines),
        arrived=sum(line.visit.state in HERE for line in lines),
        sent=sum(line.form is FormState.SENT for line in lines),
        not_invited=sum(line.form is FormState.NOT_INVITED for line in lines),
        practitioners=_labels(visit.plan.practitioner for visit in stored.booked),
        places=_labels(visit.plan.place for visit in stored.booked),
    )


def _read(connection: Connection, clinic: Clinic, day: date) -> _Stored:
    booked = rows.between(connection, *bounds(clinic, day))
    forms = visit_forms.forms(connection, [visit.id for visit in booked])
    sent = [form.intake_id for form in forms.values() if form.intake_id]
    return _Stored(
        booked,
        forms,
        day_answers.of_drafts(connection, [form.draft_id for form in forms.values()]),
        standing.of_intakes(connection, clinic.keys, sent),
        staff.emails(connection),
    )


def labels(clinic: Clinic) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The practitioners and the places that visits have named so far, for whoever types a new one."""
    with clinic.database.read() as connection:
        return rows.labels(connection, "practitioner"), rows.labels(connection, "place")


def bounds(clinic: Clinic, day: date) -> tuple[datetime, datetime]:
    """The moments between which a day lies on the clinic's clock."""
    start, end = (datetime.combine(each, time.min, clinic.zone).astimezone(UTC) for each in (day, day + DAY))
    return start, end


def _labels(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({each for each in found if each}))


def _line(clinic: Clinic, visit: Visit, stored: _Stored, progress: Progress) -> VisitLine:
    form = stored.forms.get(visit.id)
    state, speaks = _form_state(visit, form), stored.emails.get(visit.speak_first or 0, "")
    line = VisitLine(
        visit=visit,
        who=records.identity_of(clinic.keys, visit.subject),
        form=state,
        percent=0,
        sent_at=None,
        speak_first=speaks,
        consent=ConsentState.NONE,
        more=0,
        to_ask=False,
    )
    if form is None:
        return line
    consented = stored.consents.get(form.intake_id or "")
    return replace(
        line,
        percent=progress(form.answers, form.passed) if state is FormState.BEGUN else 0,
        sent_at=form.sent_at,
        consent=consented.state if consented else ConsentState.NONE,
        more=form.more,
        to_ask=_is_to_ask(clinic, visit, form, stored.asked.get(form.draft_id, ())),
    )


def _is_to_ask(clinic: Clinic, visit: Visit, form: Form, asked: Collection[str]) -> bool:
    """Whether the patient is there, the form is sent, and questions of the day are open."""
    is_there = form.sent_at is not None and visit.state in HERE
    return is_there and not set(asked) >= {*clinic.vocabulary.roles.at_arrival}


def _form_state(visit: Visit, form: Form | None) -> FormState:
    if form is not None and form.sent_at is not None:
        return FormState.SENT
    if form is not None and form.passed:
        return FormState.BEGUN
    return FormState.NOT_INVITED if form is None and visit.invited_at is None else FormState.INVITED


def _fits(line: VisitLine, sought: DayFilter) -> bool:
    plan, parts = line.visit.plan, name_index.name_parts(sought.name)
    name = " ".join(sorted(name_index.name_parts(line.who.name)))
    return (
        all(part in name for part in parts)
        and sought.practitioner in ("", plan.practitioner)
        and sought.place in ("", plan.place)
        and sought.form in (None, line.form)
        and sought.state in (None, line.visit.state)
    )
