"""One intake: its page, its print sheet, its decision, and what keeps it on the list until somebody closes it.

Every view names its intake in its address; the session never holds a "current patient". `queue` has the lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from intake.engine.book.levels import Tier
from intake.errors import AnswerError, DamagedError, NotFoundError, StaleError
from intake.questions.views import PageProblem
from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.rendering import render
from intake.web.services import services
from intake.web.staff import filters, sheets, treatment_words, words
from intake.web.staff.signed_in import practitioner, terms
from intake.workflow.patient.aftercare import course
from intake.workflow.review import closing, lineage, verdicts
from intake.workflow.review import intake as reviews
from intake.workflow.review import queue as queues
from intake.workflow.review.outcomes import Outcome, Override, Reason
from intake.workflow.review.people import NO_NOTE
from intake.workflow.review.treatment import shown
from intake.workflow.review.verdicts import Verdict
from intake.workflow.shared import letters

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import Enum

    from flask.typing import ResponseReturnValue

    from intake.workflow.review.intake_view import ReviewView
    from intake.workflow.review.queue import QueueRow

BLUEPRINT = Blueprint("review", __name__, url_prefix="/review")
E = TypeVar("E", bound="Enum")


@BLUEPRINT.app_template_global()
def local(moment: datetime, pattern: str = "%a %d %b %Y, %H:%M") -> str:
    """A moment on the clinic's clock."""
    return moment.astimezone(services().clinic.zone).strftime(pattern)


@BLUEPRINT.app_template_global()
def unrecorded() -> bool:
    """Whether looks wait to be recorded, because nothing can be written."""
    return bool(services().clinic.unrecorded)


@dataclass(frozen=True, slots=True)
class DecisionForm:
    """The decision form as it stands: what was sent and refused, or nothing yet."""

    outcome: str = ""
    reason: str = ""
    note: str = ""
    doer: str = ""
    read: bool = False
    seen: frozenset[str] = frozenset()
    overrides: tuple[tuple[str, str], ...] = ()

    def override(self, key: str) -> str:
        """The reason chosen for a card."""
        return dict(self.overrides).get(key, "")


@dataclass(frozen=True, slots=True)
class CloseForm:
    """A closing that was refused: of which item, and its words."""

    item: str = ""
    note: str = ""


@BLUEPRINT.get("/<intake_id>")
@guard(Guard.STAFF)
def intake(intake_id: str) -> ResponseReturnValue:
    """One intake."""
    return intake_page(_load(intake_id), DecisionForm(), ())


@BLUEPRINT.get("/<intake_id>/print")
@guard(Guard.STAFF)
def sheet(intake_id: str) -> ResponseReturnValue:
    """One intake on one A4 page."""
    view = reviews.load(services().clinic, terms(), intake_id, practitioner(), "printed")
    now = services().clinic.clock()
    return render("review/sheet.html", **page_words(), view=view, printed=now, now=now, fit=sheets.fit(view))


@BLUEPRINT.post("/<intake_id>/decision")
@guard(Guard.STAFF)
@takes("version", "outcome", "reason", "note", "doer", "read", begins=("seen-", "override-"))
def decide(intake_id: str) -> ResponseReturnValue:
    """Record a decision and go on to the next intake of the list; or show what it lacks, or what changed meanwhile."""
    verdict, after = _verdict(), _following(intake_id)
    try:
        wrong = verdicts.decide(services().clinic, intake_id, verdict, practitioner())
    except StaleError:
        moved_on = _moved_on(intake_id)
        if moved_on is None:
            raise
        return moved_on
    if wrong:
        view = _load(intake_id)
        problems = tuple(PageProblem(each.field, each.sentence) for each in wrong)
        return intake_page(view, _draft(request.form), problems), HTTPStatus.UNPROCESSABLE_ENTITY
    return _go_on(after, {"saved": intake_id})


@BLUEPRINT.post("/<intake_id>/close")
@guard(Guard.STAFF)
@takes("item", "said")
def close(intake_id: str) -> ResponseReturnValue:
    """Close a danger sign that was taken back, or what a decision asked for, with what was said or done."""
    form = CloseForm(request.form.get("item", ""), request.form.get("said", ""))
    try:
        problem = _("Say what was said or done, in 2,000 characters at most.")
        closed = closing.close(services().clinic, intake_id, form.item, form.note, practitioner())
    except DamagedError:
        problem, closed = NO_NOTE, False
    except NotFoundError:  # a colleague was faster, or there is no such intake
        return _closing_page(intake_id, form, "")
    if not closed:
        problems = (PageProblem(f"said-{form.item}", problem),)
        return intake_page(_load(intake_id), DecisionForm(), problems, form), HTTPStatus.UNPROCESSABLE_ENTITY
    newest = lineage.newest(services().clinic, intake_id)
    return redirect(address("review.intake", {"intake_id": newest, "closed": "1"}), HTTPStatus.SEE_OTHER)


def resumed(intake_id: str, form: Mapping[str, str]) -> ResponseReturnValue:
    """The page of an intake with the decision form as it was sent after its session had ended."""
    view = _load(intake_id)
    problems = [PageProblem("outcome", signed_out())]
    if view.newest is not None:
        return _on_the_newest(view.newest.id, form)
    if form.get("version") != str(view.version):
        problems.insert(0, _decided_meanwhile())
    return intake_page(view, _draft(form), tuple(problems)), HTTPStatus.CONFLICT


def resumed_closing(intake_id: str, form: Mapping[str, str]) -> ResponseReturnValue:
    """The page of an intake with the words that were to close something of it, sent after the session had ended."""
    return _closing_page(intake_id, CloseForm(form.get("item", ""), form.get("said", "")), signed_out())


@BLUEPRINT.get("/<intake_id>/next")
@guard(Guard.STAFF)
def following(intake_id: str) -> ResponseReturnValue:
    """The intake after this one on the list that one came from, or the list."""
    return _go_on(_following(intake_id), {})


def signed_out() -> str:
    """Why a form is shown again that was sent already."""
    return str(_("You were signed out before this was saved. Check it, then save it again."))


def nothing_left(words: str) -> PageProblem:
    """A colleague did meanwhile what these words were written for; they stand here and nowhere else."""
    return PageProblem("main", _("A colleague did this meanwhile. Not saved: “%(words)s”", words=words))


def page_words() -> dict[str, object]:
    """What every page of the review is told in."""
    return {"words": words, "Tier": Tier, "rulebook": services().rulebook, "patient": terms().words}


def just_saved() -> QueueRow | None:
    """The intake that was decided a moment ago, as the address says."""
    intake_id = request.args.get("saved", "")
    return queues.saved(services().clinic, intake_id) if intake_id else None


def address(endpoint: str, parts: Mapping[str, str]) -> str:
    """The address of a page of the review, on the list that one came from."""
    values: dict[str, Any] = {**filters.chosen(), **parts}
    return url_for(endpoint, **values)


def _following(intake_id: str) -> str | None:
    """The intake after this one on the list, as long as this one stands where it does."""
    return queues.neighbours(services().clinic, intake_id, filters.wanted()).following


def _go_on(after: str | None, saved: Mapping[str, str]) -> ResponseReturnValue:
    where = address("review.intake", {"intake_id": after, **saved}) if after else address("review.queue", saved)
    return redirect(where, HTTPStatus.SEE_OTHER)


def _load(intake_id: str) -> ReviewView:
    return reviews.load(services().clinic, terms(), intake_id, practitioner())


def intake_page(
    view: ReviewView, draft: DecisionForm, problems: tuple[PageProblem, ...], refused: CloseForm | None = None
) -> str:
    """An intake, with a form that was refused or waited; a problem that begins with "ask-" opens that question."""
    return render(
        "review/intake.html",
        **page_words(),
        view=view,
        draft=draft,
        refused=refused or CloseForm(),
        problems=problems,
        now=services().clinic.clock(),
        me=current_user.id,
        chosen=filters.chosen(),
        saved=just_saved(),
        can_mail=partial(letters.can_mail, services().clinic),
        over=course.read(services().clinic, terms().words, view.id),
        treated=shown.load(services().clinic, view.id),
        treatment_words=treatment_words,
        standing=queues.neighbours(services().clinic, view.id, filters.wanted()),
    )


def _closing_page(intake_id: str, form: CloseForm, problem: str) -> ResponseReturnValue:
    """An intake with words that closed nothing yet; where nothing of that name is open, the words alone."""
    view = _load(intake_id)
    items = {sign.rule for sign in view.open_signs} | {view.todo.item if view.todo else None}
    told = PageProblem(f"said-{form.item}", problem) if form.item in items else nothing_left(form.note)
    return intake_page(view, DecisionForm(), (told,), form), HTTPStatus.CONFLICT


def _moved_on(intake_id: str) -> ResponseReturnValue | None:
    """What is to be read first, with the words kept: a newer version, or the decision of a colleague; None: neither."""
    view = _load(intake_id)
    if view.newest is not None:
        return _on_the_newest(view.newest.id, request.form)
    if not view.decisions:
        return None
    return intake_page(view, _draft(request.form), (_decided_meanwhile(),)), HTTPStatus.CONFLICT


def _on_the_newest(intake_id: str, form: Mapping[str, str]) -> ResponseReturnValue:
    """The newest version with what was to be decided on an older one; nothing of it counts as seen or read."""
    sent = _draft(form)
    kept = DecisionForm(outcome=sent.outcome, reason=sent.reason, note=sent.note, doer=sent.doer)
    newer = _("A newer version of this intake exists; this is it. Nothing is decided yet. Read it, then decide.")
    return intake_page(_load(intake_id), kept, (PageProblem("decision", newer),)), HTTPStatus.CONFLICT


def _decided_meanwhile() -> PageProblem:
    return PageProblem("decided", _("A colleague decided this intake after you opened it. Read that decision first."))


def _draft(form: Mapping[str, str]) -> DecisionForm:
    return DecisionForm(
        outcome=form.get("outcome", ""),
        reason=form.get("reason", ""),
        note=form.get("note", ""),
        doer=form.get("doer", ""),
        read="read" in form,
        seen=frozenset(name.removeprefix("seen-") for name in form if name.startswith("seen-")),
        overrides=tuple((name.removeprefix("override-"), form[name]) for name in form if name.startswith("override-")),
    )


def _verdict() -> Verdict:
    draft = _draft(request.form)
    overrides = {key: override for key, code in draft.overrides if (override := _offered(Override, code))}
    reason = _offered(Reason, draft.reason)
    return Verdict(
        version=request.form.get("version", 0, type=int),
        outcome=_offered(Outcome, draft.outcome),
        reasons=(reason,) if reason else (),
        note=draft.note.strip(),
        seen=draft.seen,
        overrides=overrides,
        read=draft.read,
        doer=int(draft.doer) if draft.doer.isdecimal() else None,
    )


def _offered(kind: type[E], code: str) -> E | None:
    """The choice that was made, None where none was; raises AnswerError for one that no page offers."""
    choice = filters.one_of(kind, code)
    if code and choice is None:
        raise AnswerError(f"no {kind.__name__} that a page offers")
    return choice
