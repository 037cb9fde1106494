"""Whatever comes and is closed: no urgent thing of any version that nobody closed is missing from the queue."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from intake.engine.book.levels import Urgency
from intake.errors import NotFoundError
from intake.storage.alerts import ALERTS
from intake.storage.closings import CLOSINGS
from intake.storage.intakes import INTAKES
from intake.storage.taken_back import TAKEN_BACK
from intake.workflow.review import alarms, closing, queue, verdicts
from intake.workflow.review import intake as reading
from intake.workflow.review.findings import Terms
from intake.workflow.review.outcomes import Outcome, Reason
from intake.workflow.review.people import Practitioner
from intake.workflow.review.queue import Listing, Wanted
from intake.workflow.review.verdicts import Verdict
from tests.support.small_clinic import CALM_ANSWERS, SmallClinic, rulebook
from tests.support.versions import correct, second_form
from tests.workflow.review.test_story import Plain

if TYPE_CHECKING:
    from intake.engine.book.vocabulary import Answers
    from intake.workflow.review.intake_view import ReviewView

SAID: tuple[Answers, ...] = (
    {"danger_signs": ("chest_pressure",)},
    {"danger_signs": ("fever",)},
    {"danger_signs": ("not_sure",)},
    {"danger_signs": ("none",)},
    {"main_reason": "headache"},
    {"wants_needling": "no"},
)
SAYS, TAKES_BACK = st.sampled_from(SAID), st.none() | st.sampled_from(SAID[:2])
SENT = st.tuples(st.just("correct"), SAYS) | st.tuples(st.just("form"), SAYS, TAKES_BACK)
DONE = st.tuples(st.sampled_from(("decide", "call", "close", "take")))
STORY = st.lists(SENT | SENT | DONE, min_size=2, max_size=7)
FEW = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


@dataclass(frozen=True, slots=True)
class Urgent:
    """Something urgent that nobody closed, read from the tables alone."""

    rule: str
    title: str
    urgency: int


@given(first=SAYS, story=STORY)
@FEW
def test_no_urgent_thing_that_nobody_closed_is_missing(
    clinic: SmallClinic, first: Answers, story: list[tuple[object, ...]]
) -> None:
    by = Practitioner(clinic.practitioner())
    newest = clinic.sent({**CALM_ANSWERS, **first}).intake_id
    for act, *said in story:
        newest = ACTS[str(act)](clinic, newest, by, *said)
        check(clinic, newest, by)


def check(clinic: SmallClinic, newest: str, by: Practitioner) -> None:
    urgent = list(open_things(clinic, newest))
    rows = [row for row in open_lines(clinic, by) if row.id == newest]
    if not urgent:
        return
    (row,) = rows
    view = load(clinic, newest, by)
    named = {rule for shown in view.cards for rule in shown.card.rules} | {sign.rule for sign in view.open_signs}
    named |= {rule for each in view.older.gone for rule in each.shown.card.rules}
    titles = {alarm.title for alarm in view.older.alarms}
    for each in urgent:
        assert row.levels is None or row.levels.urgency >= each.urgency, each
        assert each.rule in named or each.title in titles, each


def open_lines(clinic: SmallClinic, by: Practitioner) -> Iterator[queue.QueueRow]:
    after = None
    while True:
        page = queue.page(clinic, Wanted(listing=Listing.OPEN), by, after)
        yield from page.rows
        if page.after is None:
            return
        after = page.after


def open_things(clinic: SmallClinic, newest: str) -> Iterator[Urgent]:
    """Alarms that nobody took on older versions, signs that nobody closed, urgent findings that nobody decided."""
    with clinic.database.read() as connection:
        name = connection.scalar(select(INTAKES.c.lineage).where(INTAKES.c.id == newest))
        versions = connection.execute(select(INTAKES).where(INTAKES.c.lineage == name)).all()
        ids = [each.id for each in versions]
        closings = connection.execute(select(CLOSINGS).where(CLOSINGS.c.intake_id.in_(ids))).all()
        signs = connection.execute(select(TAKEN_BACK).where(TAKEN_BACK.c.intake_id.in_(ids))).all()
        older = [each.draft_id for each in versions if each.id != newest]
        untaken = select(ALERTS).where(ALERTS.c.draft_id.in_(older), ALERTS.c.acknowledged_at.is_(None))
        alerts = connection.execute(untaken).all()
    for alert in alerts:
        yield Urgent(alert.rule, alert.title, alert.urgency)
    for sign in signs:
        if not any(each.item == sign.rule and each.at >= sign.taken_at for each in closings):
            yield Urgent(sign.rule, sign.title, sign.urgency)
    for version in versions:
        for finding in version.decision["findings"] if version.state in {"new", "seen"} else ():
            urgency = Urgency[finding["urgency"].upper()]
            taken_back = any(each.rule == finding["rule"] and each.taken_at >= version.sent_at for each in signs)
            if finding["status"] == "fires" and urgency and not taken_back:
                yield Urgent(finding["rule"], finding["title"], urgency)


def load(clinic: SmallClinic, intake_id: str, by: Practitioner) -> ReviewView:
    return reading.load(clinic, Terms(rulebook(), Plain()), intake_id, by)


def decide(clinic: SmallClinic, newest: str, by: Practitioner, outcome: Outcome = Outcome.READY) -> str:
    view = load(clinic, newest, by)
    seen = {shown.card.key for shown in view.urgent} | {each.key for each in view.older.gone}
    clinic.tick()
    verdict = Verdict(view.version, outcome, (Reason.CLEARED_WITH_DOCTOR,), "", frozenset(seen), read=True)
    verdicts.decide(clinic, newest, verdict, by)
    return newest


def call(clinic: SmallClinic, newest: str, by: Practitioner) -> str:
    return decide(clinic, newest, by, Outcome.CALL_FIRST)


def close(clinic: SmallClinic, newest: str, by: Practitioner) -> str:
    view = load(clinic, newest, by)
    clinic.tick()
    for sign in view.open_signs[:1]:
        assert closing.close(clinic, sign.version.id if sign.version else newest, sign.rule, "Asked.", by)
    for todo in () if view.open_signs else view.older.to_do[:1]:
        assert closing.close(clinic, todo.version.id, todo.item, "Rang.", by)
    return newest


def take(clinic: SmallClinic, newest: str, by: Practitioner) -> str:
    try:
        alarms.take(clinic, newest, by)
    except NotFoundError:
        assert load(clinic, newest, by).alarm_since is None
    return newest


def form(clinic: SmallClinic, newest: str, _by: Practitioner, answers: Answers, taken_back: Answers | None) -> str:
    return second_form(clinic, newest, answers, taken_back=taken_back)


def corrected(clinic: SmallClinic, newest: str, _by: Practitioner, answers: Answers) -> str:
    return correct(clinic, newest, answers)


ACTS: dict[str, Callable[..., str]] = {
    "correct": corrected,
    "form": form,
    "decide": decide,
    "call": call,
    "close": close,
    "take": take,
}
