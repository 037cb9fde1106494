"""What must be said to this patient now: the card that is owed, what a page calls for, that the clinic has seen it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g
from flask_babel import format_date, format_time
from flask_babel import gettext as _

from intake.web.patient import journey
from intake.web.patient.care import card
from intake.web.services import services
from intake.workflow.patient import alarms

if TYPE_CHECKING:
    from intake.web.patient.care import CareCard
    from intake.workflow.patient.alarms import AlarmReading
    from intake.workflow.patient.drafts import Draft


def is_complete(found: Draft) -> bool:
    """Whether all is answered, every care card was read, and nothing is sent yet."""
    return not found.sent and journey.next_page(found) is None and owed(found) is None


def owed(found: Draft) -> str | None:
    """The page whose care card this patient has not gone on from; None: no card is owed that still says anything."""
    page = next((each.page for each in found.alarms.values() if each.owed), None)
    return None if page is None or care_card(found, page) is None else page


def care_card(found: Draft, name: str) -> CareCard | None:
    """What the patient is to read now: every card that is owed, as one; else the card of the page, read again."""
    owed_rules = {rule: each for rule, each in found.alarms.items() if each.owed}
    alarms = owed_rules or {rule: each for rule, each in found.alarms.items() if each.page == name}
    back = {rule: each.urgency for rule, each in alarms.items() if each.withdrawn}
    return card(_reading(found), alarms.keys() - back.keys(), back)


def last_card(found: Draft) -> CareCard | None:
    """What the answers as a whole call for, at the end; what was taken back is not said again."""
    reading = _reading(found)
    rules = (*(call.rule.id for call in reading.calls), alarms.UNSURE_WHICH, alarms.NOT_EVALUATED)
    return card(reading, rules, {})


def seen(found: Draft) -> str:
    """That somebody at the clinic has taken every alarm of this patient, and when; nothing while one waits."""
    if found.seen_at is None:
        return ""
    time, clinic = format_time(found.seen_at, "short"), services().clinic
    if clinic.day_of(found.seen_at) == clinic.today:
        return str(_("Somebody at the clinic has seen this at %(time)s.", time=time))
    day = format_date(found.seen_at, "long")
    return str(_("Somebody at the clinic has seen this at %(time)s on %(day)s.", time=time, day=day))


def _reading(found: Draft) -> AlarmReading:
    """What the rules say of these answers, worked out once a request: what is owed is asked more than once."""
    kept: tuple[Draft, AlarmReading] | None = g.get("reading")
    if kept is None or kept[0].answers is not found.answers:
        kept = g.reading = found, alarms.read(services().rulebook, found.answers, journey.route(found).asked.answers)
    return kept[1]
