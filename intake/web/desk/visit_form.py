"""A visit as it is typed: read into who comes and when, or refused with a sentence beside each control."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

from intake.questions.typed_text import NAME_LIMIT, OLDEST_YEARS, TypedError, is_seen, read_line
from intake.questions.views import PageProblem
from intake.web.services import services
from intake.workflow.desk.identity import Identity, read_email, read_phone
from intake.workflow.desk.visits import VisitKind, VisitPlan

if TYPE_CHECKING:
    from intake.workflow.desk.visits import Visit

WHO, WHEN = ("name", "born", "phone", "email"), ("day", "time", "practitioner", "place", "kind")
LABEL_LIMIT = 80


@dataclass(frozen=True, slots=True)
class Read:
    """What a form says; `problems` where it cannot be taken."""

    who: Identity
    plan: VisitPlan | None
    problems: tuple[PageProblem, ...]


def empty(day: date) -> dict[str, str]:
    """The values of a form for a new visit."""
    return {"day": day.isoformat(), "kind": VisitKind.FIRST}


def of(visit: Visit) -> dict[str, str]:
    """The values of a form that moves a visit."""
    begins = visit.plan.starts_at.astimezone(services().clinic.zone)
    return {
        "day": begins.date().isoformat(),
        "time": f"{begins:%H:%M}",
        "practitioner": visit.plan.practitioner,
        "place": visit.plan.place,
        "kind": visit.plan.kind,
    }


def read_new(form: Mapping[str, str]) -> Read:
    """Who comes, and when."""
    problems: list[PageProblem] = []
    who = Identity(_name(form, problems), _born(form, problems), _phone(form, problems), _email(form, problems))
    return Read(who, _plan(form, problems), tuple(problems))


def read_moved(form: Mapping[str, str]) -> Read:
    """When somebody comes now."""
    problems: list[PageProblem] = []
    return Read(Identity(""), _plan(form, problems), tuple(problems))


def _name(form: Mapping[str, str], problems: list[PageProblem]) -> str:
    name = _label(form, "name", problems, NAME_LIMIT)
    if not is_seen(name) and not problems:
        problems.append(PageProblem("name", _("Type the patient’s name.")))  # noqa: RUF001 - typographic quotes
    return name


def _born(form: Mapping[str, str], problems: list[PageProblem]) -> str:
    text = form.get("born", "").strip()
    if not text:
        return ""
    born, today = _day(text), services().clinic.today
    if born is None or born > today or today.year - born.year > OLDEST_YEARS:
        problems.append(PageProblem("born", _("Type a real birth date, or leave it empty.")))
        return ""
    return born.isoformat()


def _phone(form: Mapping[str, str], problems: list[PageProblem]) -> str:
    text = form.get("phone", "").strip()
    phone = read_phone(text[:NAME_LIMIT], services().clinic.country) if text else ""
    if phone is None:
        problems.append(PageProblem("phone", _("Type a phone number, with + and the country where it is another one.")))
    return phone or ""


def _email(form: Mapping[str, str], problems: list[PageProblem]) -> str:
    text = form.get("email", "").strip()
    email = read_email(text) if text else ""
    if email is None:
        problems.append(PageProblem("email", _("Type an e-mail address, for example name@example.org.")))
    return email or ""


def _plan(form: Mapping[str, str], problems: list[PageProblem]) -> VisitPlan | None:
    day, hour = _day(form.get("day", "")), _time(form.get("time", ""))
    if day is None:
        problems.append(PageProblem("day", _("Choose the day.")))
    if hour is None:
        problems.append(PageProblem("time", _("Type the time, for example 09:30.")))
    practitioner, place = (_label(form, name, problems, LABEL_LIMIT) for name in ("practitioner", "place"))
    kind = next((each for each in VisitKind if each == form.get("kind")), VisitKind.FIRST)
    if day is None or hour is None:
        return None
    begins = datetime.combine(day, hour, services().clinic.zone).astimezone(UTC)
    return VisitPlan(begins, practitioner, place, kind)


def _label(form: Mapping[str, str], name: str, problems: list[PageProblem], limit: int) -> str:
    try:
        return read_line(form.get(name, ""), limit)
    except TypedError as error:
        problems.append(PageProblem(name, error.sentence))
        return ""


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if 1800 < day.year < 9000 else None  # noqa: PLR2004 - years that a clock can be set to


def _time(text: str) -> time | None:
    try:
        hour = time.fromisoformat(text.strip())
    except ValueError:
        return None
    return hour.replace(second=0, microsecond=0, tzinfo=None)
