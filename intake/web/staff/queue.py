"""The lists of intakes, and the danger signs of those that nobody sent: found, taken care of, given back."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from intake.errors import DamagedError, NotFoundError
from intake.questions.views import PageProblem
from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.rendering import render
from intake.web.services import services
from intake.web.staff import aftercare, alarms, answering, filters
from intake.web.staff.review import BLUEPRINT, just_saved, nothing_left, page_words, signed_out
from intake.web.staff.signed_in import practitioner, terms
from intake.workflow.patient import unfinished
from intake.workflow.review import findings, signs
from intake.workflow.review import queue as queues
from intake.workflow.review import unsent as waiting
from intake.workflow.review.people import NO_NOTE
from intake.workflow.review.queue import Listing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask
    from flask.typing import ResponseReturnValue

    from intake.workflow.patient.unfinished import Unfinished
    from intake.workflow.review.findings import Headline
    from intake.workflow.review.queue import QueueRow
    from intake.workflow.review.signs import Withdrawn

__all__ = ["BLUEPRINT", "aftercare", "alarms", "answering", "install"]  # whose pages are on the blueprint

FARTHEST = 1_000_000  # the first row of the last page that anybody may ask for


def install(app: Flask) -> None:
    """Put the pages of the review into the application, the lists and the intakes."""
    app.register_blueprint(BLUEPRINT)


@BLUEPRINT.app_template_global()
def headline(top: Mapping[str, object]) -> Headline:
    """The first finding of an intake in words."""
    return findings.line(terms(), top)


@BLUEPRINT.app_template_global()
def withdrawn(row: QueueRow) -> Withdrawn:
    """The gravest danger sign of an intake that was taken back and not closed, in the patient's words."""
    sign = row.signs[0]
    return signs.in_words(terms(), sign, card=sign.rule in row.cards)


@BLUEPRINT.get("/")
@guard(Guard.STAFF)
def queue() -> ResponseReturnValue:
    """One page of the list that the address asks for."""
    wanted = filters.wanted()
    first = max(1, request.args.get("from", 1, type=int))
    page = queues.page(services().clinic, wanted, practitioner(), queues.from_text(request.args.get("after", "")))
    return render(
        "review/queue.html",
        **page_words(),
        wanted=wanted,
        Listing=Listing,
        page=page,
        first=first,
        now=services().clinic.clock(),
        chosen=filters.chosen(),
        saved=just_saved(),
        after={"after": queues.as_text(page.after), "from": str(first + queues.PAGE)} if page.after else {},
    )


@BLUEPRINT.get("/unsent")
@guard(Guard.STAFF)
def unsent_list() -> ResponseReturnValue:
    """Every intake with danger signs that was not sent and that nobody takes care of."""
    first = min(max(0, request.args.get("from", 0, type=int)), FARTHEST)
    listed = waiting.listed(services().clinic, practitioner(), first)
    return render("review/unsent_list.html", **page_words(), listed=listed, page=waiting.PAGE)


@BLUEPRINT.post("/unsent")
@guard(Guard.STAFF)
@takes("source", several=lambda: frozenset({"draft"}))
def not_real() -> ResponseReturnValue:
    """Somebody says that nobody is behind these."""
    waiting.not_real(services().clinic, request.form.getlist("draft"), request.form.get("source", ""), practitioner())
    return redirect(url_for("review.unsent_list"), HTTPStatus.SEE_OTHER)


@BLUEPRINT.get("/unsent/<draft_id>")
@guard(Guard.STAFF)
def unsent(draft_id: str) -> ResponseReturnValue:
    """Danger signs of an intake that was not sent."""
    return _unsent_page(_unsent(draft_id))


@BLUEPRINT.post("/unsent/<draft_id>/taken")
@guard(Guard.STAFF)
@takes("who", "what")
def taken_over(draft_id: str) -> ResponseReturnValue:
    """Somebody takes these danger signs over, and says who and what."""
    who, what = request.form.get("who", 0, type=int), request.form.get("what", "")
    try:
        problem = _("Say in a few words what is being done, in 2,000 characters at most.")
        taken = unfinished.take_over(services().clinic, draft_id, who, what, practitioner())
    except DamagedError:
        problem, taken = NO_NOTE, False
    except NotFoundError:  # a colleague was faster, or there is no such draft
        return resumed_care(draft_id, request.form)
    if not taken:
        return _unsent_page(
            _unsent(draft_id), (PageProblem("what", problem),), what, str(who)
        ), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(url_for("review.queue", list=Listing.UNSENT.value), HTTPStatus.SEE_OTHER)


def resumed_care(draft_id: str, form: Mapping[str, str]) -> ResponseReturnValue:
    """The page of these danger signs with what somebody wrote, sent after the session had ended or a colleague's."""
    view, what = _unsent(draft_id), form.get("what", "")
    problem = nothing_left(what) if view.care else PageProblem("what", signed_out())
    return _unsent_page(view, (problem,), what, form.get("who", "")), HTTPStatus.CONFLICT


@BLUEPRINT.post("/unsent/<draft_id>/back")
@guard(Guard.STAFF)
@takes()
def given_back(draft_id: str) -> ResponseReturnValue:
    """These danger signs wait for everybody again."""
    unfinished.give_back(services().clinic, draft_id, practitioner())
    return redirect(url_for("review.unsent", draft_id=draft_id), HTTPStatus.SEE_OTHER)


def _unsent(draft_id: str) -> Unfinished:
    return unfinished.load(services().clinic, terms(), draft_id, practitioner())


def _unsent_page(view: Unfinished, problems: tuple[PageProblem, ...] = (), what: str = "", who: str = "") -> str:
    return render(
        "review/unsent.html",
        **page_words(),
        view=view,
        people=unfinished.people(services().clinic),
        doer=who or str(current_user.id),
        what=what,
        problems=problems,
    )
