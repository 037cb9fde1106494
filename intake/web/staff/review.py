"""The practitioner's pages: the queue, one intake, its print sheet, its decision, and danger signs of unsent intakes.

Every view names its intake in its address; the session never holds a "current patient". A name that is searched for
travels in the body of a POST, never in an address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _

from intake.engine.book.levels import Tier
from intake.errors import AnswerError, StaleError
from intake.questions.views import PageProblem
from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.rendering import render
from intake.web.services import services
from intake.web.staff import sheets, words
from intake.web.staff.signed_in import practitioner, terms
from intake.workflow.review import intake as reviews
from intake.workflow.review import queue as queues
from intake.workflow.review import unsent as unfinished
from intake.workflow.review import verdicts
from intake.workflow.review.queue import Day, State, Wanted
from intake.workflow.review.verdicts import Outcome, Override, Reason, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import Enum

    from flask.typing import ResponseReturnValue

    from intake.workflow.review.intake import ReviewView

BLUEPRINT = Blueprint("review", __name__, url_prefix="/review")
E = TypeVar("E", bound="Enum")
DAY = timedelta(days=1)
FARTHEST = 1_000_000  # the first row of the last page that anybody may ask for
FILTERS = ("tier", "state", "day")


@BLUEPRINT.app_template_global()
def local(moment: datetime, pattern: str = "%a %d %b %Y, %H:%M") -> str:
    """A moment on the clinic's clock."""
    return moment.astimezone(services().clinic.zone).strftime(pattern)


@BLUEPRINT.app_template_global()
def unrecorded() -> bool:
    """Whether looks wait to be recorded, because nothing can be written."""
    return bool(services().clinic.unrecorded)


@dataclass(frozen=True, slots=True)
class Draft:
    """The decision form as it stands: what was sent and refused, or nothing yet."""

    outcome: str = ""
    reason: str = ""
    note: str = ""
    seen: frozenset[str] = frozenset()
    overrides: tuple[tuple[str, str], ...] = ()

    def override(self, key: str) -> str:
        """The reason chosen for a card."""
        return dict(self.overrides).get(key, "")


@BLUEPRINT.get("/")
@guard(Guard.STAFF)
def queue() -> ResponseReturnValue:
    """The queue, filtered by what stands in the address."""
    return _queue_page(_wanted())


@BLUEPRINT.post("/find")
@guard(Guard.STAFF)
@takes("text", "after", "from")
def find() -> ResponseReturnValue:
    """The queue of one name or reference, decided ones too."""
    return _queue_page(Wanted(text=request.form.get("text", "")[:80]))


@BLUEPRINT.get("/<intake_id>")
@guard(Guard.STAFF)
def intake(intake_id: str) -> ResponseReturnValue:
    """One intake."""
    return _intake_page(_load(intake_id), Draft(), ())


@BLUEPRINT.get("/<intake_id>/print")
@guard(Guard.STAFF)
def sheet(intake_id: str) -> ResponseReturnValue:
    """One intake on one A4 page."""
    view = reviews.load(services().clinic, terms(), intake_id, practitioner(), "printed")
    return render("review/sheet.html", **_words(), view=view, printed=services().clinic.clock(), fit=sheets.fit(view))


@BLUEPRINT.post("/<intake_id>/decision")
@guard(Guard.STAFF)
@takes("version", "outcome", "reason", "note", begins=("seen-", "override-"))
def decide(intake_id: str) -> ResponseReturnValue:
    """Record a decision and go on to the next intake; or show what it lacks, or what changed meanwhile."""
    verdict = _verdict()
    try:
        wrong = verdicts.decide(services().clinic, intake_id, verdict, practitioner())
    except StaleError:
        view = _load(intake_id)
        if not view.decisions:
            raise
        return _intake_page(view, _draft(request.form), (_decided_meanwhile(),)), HTTPStatus.CONFLICT
    if wrong:
        view = _load(intake_id)
        problems = tuple(PageProblem(each.field, each.sentence) for each in wrong)
        return _intake_page(view, _draft(request.form), problems), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(url_for("review.following", intake_id=intake_id), HTTPStatus.SEE_OTHER)


def resumed(intake_id: str, form: Mapping[str, str]) -> ResponseReturnValue:
    """The page of an intake with the decision form as it was sent after its session had ended."""
    view = _load(intake_id)
    problems = [PageProblem("outcome", _("You were signed out before this was saved. Check it, then save it again."))]
    if form.get("version") != str(view.version):
        problems.insert(0, _decided_meanwhile())
    return _intake_page(view, _draft(form), tuple(problems)), HTTPStatus.CONFLICT


@BLUEPRINT.get("/<intake_id>/next")
@guard(Guard.STAFF)
def following(intake_id: str) -> ResponseReturnValue:
    """The next open intake in the queue, or the queue."""
    found = queues.following(services().clinic, intake_id)
    return redirect(url_for("review.intake", intake_id=found) if found else url_for("review.queue"))


@BLUEPRINT.get("/unsent")
@guard(Guard.STAFF)
def unsent_list() -> ResponseReturnValue:
    """Every intake with danger signs that was not sent."""
    first = min(max(0, request.args.get("from", 0, type=int)), FARTHEST)
    listed = unfinished.listed(services().clinic, practitioner(), first)
    return render("review/unsent_list.html", **_words(), listed=listed, page=unfinished.PAGE)


@BLUEPRINT.post("/unsent")
@guard(Guard.STAFF)
@takes("source", several=lambda: frozenset({"draft"}))
def not_real() -> ResponseReturnValue:
    """Somebody says that nobody is behind these."""
    unfinished.not_real(
        services().clinic, request.form.getlist("draft"), request.form.get("source", ""), practitioner()
    )
    return redirect(url_for("review.unsent_list"), HTTPStatus.SEE_OTHER)


@BLUEPRINT.get("/unsent/<draft_id>")
@guard(Guard.STAFF)
def unsent(draft_id: str) -> ResponseReturnValue:
    """Danger signs of an intake that was not sent."""
    waiting = unfinished.waiting(services().clinic, draft_id, practitioner())
    rules = {rule.id: rule for rule in services().rulebook.rules}
    return render("review/unsent.html", **_words(), waiting=waiting, rules=rules)


@BLUEPRINT.post("/unsent/<draft_id>/taken")
@guard(Guard.STAFF)
@takes()
def taken(draft_id: str) -> ResponseReturnValue:
    """Somebody takes these danger signs over."""
    unfinished.take_over(services().clinic, draft_id, practitioner())
    return redirect(url_for("review.queue"), HTTPStatus.SEE_OTHER)


def _queue_page(wanted: Wanted) -> str:
    """The queue from where the address says, or the form: a search stays out of addresses on every page of it."""
    sent = request.form if wanted.text else request.args
    first = max(1, sent.get("from", 1, type=int))
    page = queues.page(services().clinic, wanted, practitioner(), queues.from_text(sent.get("after", "")))
    return render(
        "review/queue.html",
        **_words(),
        wanted=wanted,
        page=page,
        first=first,
        chosen={} if wanted.text else {key: value for key in FILTERS if (value := request.args.get(key))},
        after={"after": queues.as_text(page.after), "from": str(first + queues.PAGE)} if page.after else {},
    )


def _load(intake_id: str) -> ReviewView:
    return reviews.load(services().clinic, terms(), intake_id, practitioner())


def _intake_page(view: ReviewView, draft: Draft, problems: tuple[PageProblem, ...]) -> str:
    return render(
        "review/intake.html", **_words(), view=view, draft=draft, problems=problems, now=services().clinic.clock()
    )


def _decided_meanwhile() -> PageProblem:
    return PageProblem("decided", _("A colleague decided this intake after you opened it. Read that decision first."))


def _words() -> dict[str, object]:
    return {"words": words, "Tier": Tier, "rulebook": services().rulebook, "patient": terms().words}


def _wanted() -> Wanted:
    return Wanted(
        tier=next((tier for tier in Tier if tier.code == request.args.get("tier")), None),
        state=_one(State, request.args.get("state", "")),
        day=_day(request.args.get("day", "")),
    )


def _day(text: str) -> Day | None:
    """A day on the clinic's clock, which may be 23 or 25 hours long."""
    try:
        day = date.fromisoformat(text)
        midnights = (datetime.combine(each, time.min, services().clinic.zone) for each in (day, day + DAY))
        start, end = (midnight.astimezone(UTC) for midnight in midnights)
    except (ValueError, OverflowError):
        return None
    return Day(start, end)


def _draft(form: Mapping[str, str]) -> Draft:
    return Draft(
        outcome=form.get("outcome", ""),
        reason=form.get("reason", ""),
        note=form.get("note", ""),
        seen=frozenset(name.removeprefix("seen-") for name in form if name.startswith("seen-")),
        overrides=tuple((name.removeprefix("override-"), form[name]) for name in form if name.startswith("override-")),
    )


def _verdict() -> Verdict:
    draft = _draft(request.form)
    overrides = {key: found for key, code in draft.overrides if (found := _offered(Override, code))}
    reason = _offered(Reason, draft.reason)
    return Verdict(
        version=request.form.get("version", 0, type=int),
        outcome=_offered(Outcome, draft.outcome),
        reasons=(reason,) if reason else (),
        note=draft.note.strip(),
        seen=draft.seen,
        overrides=overrides,
    )


def _one(kind: type[E], code: str) -> E | None:
    return next((member for member in kind if member.value == code), None)


def _offered(kind: type[E], code: str) -> E | None:
    """The choice that was made, None where none was; raises AnswerError for one that no page offers."""
    found = _one(kind, code)
    if code and found is None:
        raise AnswerError(f"no {kind.__name__} that a page offers")
    return found
