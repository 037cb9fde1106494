"""The first run in the browser: clinic, country, phone, duty address, and a last look; open until it is finished.

Each step is a page of its own that keeps what it is told at once. Without JavaScript the country is chosen on one page
and what it sets is confirmed on the next: no number counts that nobody has looked at.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from babel import Locale
from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_security import current_user

from intake.errors import NotFoundError, SettingsError
from intake.questions.views import PageProblem
from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.rendering import render
from intake.web.services import services
from intake.web.staff import country_form
from intake.workflow.keeping import first_run
from intake.workflow.keeping.countries import countries
from intake.workflow.keeping.first_run import SetUpStep

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

BLUEPRINT = Blueprint("first_run", __name__, url_prefix="/staff/first-run")
MAIL = ("duty_address", "smtp_host", "smtp_port", "smtp_user", "smtp_password", "mail_from")
LONGEST = 200
STEPS = {
    SetUpStep.CLINIC: lazy_gettext("Clinic"),
    SetUpStep.COUNTRY: lazy_gettext("Country"),
    SetUpStep.PHONE: lazy_gettext("Phone"),
    SetUpStep.DUTY: lazy_gettext("Duty address"),
    SetUpStep.CHECK: lazy_gettext("Check"),
}
AFTER = dict(zip(STEPS, [*STEPS][1:], strict=False))


@BLUEPRINT.app_template_global("first_run_is_open")
def is_open() -> bool:
    """Whether the set-up is begun and not finished."""
    return first_run.is_open(services().clinic)


@BLUEPRINT.before_request
def refuse_finished() -> None:
    """A set-up that is over is not there."""
    if not is_open():
        raise NotFoundError(first_run.OVER)


@BLUEPRINT.get("/")
@guard(Guard.STAFF)
def begin() -> ResponseReturnValue:
    """To the first step that was not answered."""
    answered = first_run.done(_values())
    return redirect(_address(next((step for step in STEPS if step not in answered), SetUpStep.CHECK)))


@BLUEPRINT.get("/clinic")
@guard(Guard.STAFF)
def clinic() -> ResponseReturnValue:
    """The clinic's name."""
    return _page(SetUpStep.CLINIC, _values())


@BLUEPRINT.post("/clinic")
@guard(Guard.STAFF)
@takes("clinic_name")
def keep_clinic() -> ResponseReturnValue:
    """Keep the name."""
    name = " ".join(_sent("clinic_name").split())
    problems = [] if name else [PageProblem("clinic_name", _("Type the name that patients know."))]
    return _keep(SetUpStep.CLINIC, {"clinic_name": name}, problems)


@BLUEPRINT.get("/country")
@guard(Guard.STAFF)
def country() -> ResponseReturnValue:
    """Choose the country, then look at what it sets: `?country=` names the one that was chosen."""
    return _country_page(_values(), ())


@BLUEPRINT.post("/country/confirmed")
@guard(Guard.STAFF)
@takes("country", "emergency_number", "crisis_line", "time_zone", "language", "sure")
def keep_country() -> ResponseReturnValue:
    """Keep what a person has confirmed."""
    sent = {name: _sent(name) for name in country_form.NAMES}
    if sent["country"] not in countries():
        sent["country"] = country_form.ANOTHER
    problems = country_form.problems(sent, sure="sure" in request.form)
    return _keep(SetUpStep.COUNTRY, sent, problems)


@BLUEPRINT.get("/phone")
@guard(Guard.STAFF)
def phone() -> ResponseReturnValue:
    """The phone that patients call."""
    return _page(SetUpStep.PHONE, _values())


@BLUEPRINT.post("/phone")
@guard(Guard.STAFF)
@takes("phone")
def keep_phone() -> ResponseReturnValue:
    """Keep the phone."""
    number = _sent("phone")
    wrong = not country_form.is_number(number)
    problems = [PageProblem("phone", _("Type a phone number, for example 01632 960 001."))] if wrong else []
    return _keep(SetUpStep.PHONE, {"phone": number}, problems)


@BLUEPRINT.get("/duty")
@guard(Guard.STAFF)
def duty() -> ResponseReturnValue:
    """Who is told of alarms, and the mail server that tells them."""
    return _page(SetUpStep.DUTY, _values())


@BLUEPRINT.post("/duty")
@guard(Guard.STAFF)
@takes(*MAIL)
def keep_duty() -> ResponseReturnValue:
    """Keep them, and send a test mail at once."""
    sent = _mail_settings()
    needed = {"duty_address": _("Type the address."), "smtp_host": _("Type the name of the mail server.")}
    problems = [PageProblem(name, sentence) for name, sentence in needed.items() if not sent[name]]
    if not isinstance(sent["smtp_port"], int):
        problems.append(PageProblem("smtp_port", _("Type a number, for example 587.")))
    problems = problems or _kept(sent)
    if not problems:
        reason = first_run.send_test(services().clinic, _values())
        if not reason:
            return redirect(url_for("first_run.duty", _anchor="test"), HTTPStatus.SEE_OTHER)
        told = _("The test mail was not taken: %(reason)s. What you typed is kept.", reason=reason)
        problems = [PageProblem("smtp_host", told)]
    return _page(SetUpStep.DUTY, {**_values(), **sent}, problems)


@BLUEPRINT.post("/duty/arrived")
@guard(Guard.STAFF)
@takes("digits")
def arrived() -> ResponseReturnValue:
    """Somebody at the duty address read the test mail: its digits say so."""
    if first_run.has_arrived(services().clinic, _sent("digits")):
        return redirect(_address(SetUpStep.CHECK), HTTPStatus.SEE_OTHER)
    problem = PageProblem("digits", _("These are not the digits of the last test mail."))
    return _page(SetUpStep.DUTY, _values(), [problem])


@BLUEPRINT.get("/check")
@guard(Guard.STAFF)
def check() -> ResponseReturnValue:
    """Everything once more, as patients will meet it."""
    return _page(SetUpStep.CHECK, _values())


@BLUEPRINT.post("/check")
@guard(Guard.STAFF)
@takes()
def finish() -> ResponseReturnValue:
    """Finish; the program begins anew with the settings, where it can do so by itself."""
    if first_run.missing(_values()):
        return redirect(url_for("first_run.begin"), HTTPStatus.SEE_OTHER)
    first_run.finish(services().clinic, f"staff:{current_user.id}")
    return render("staff/first_run/finished.html", anew=services().renew(), just_finished=True)


def _keep(step: SetUpStep, sent: Mapping[str, str], problems: Sequence[PageProblem]) -> ResponseReturnValue:
    """Keep what a step was told and go on to the next; or the page again, with what is wrong."""
    wrong = list(problems) or _kept(sent)
    if not wrong:
        return redirect(_address(AFTER[step]), HTTPStatus.SEE_OTHER)
    values = {**_values(), **sent}
    if step is SetUpStep.COUNTRY:
        return _country_page(values, wrong), HTTPStatus.UNPROCESSABLE_ENTITY
    return _page(step, values, wrong)


def _kept(values: Mapping[str, object]) -> list[PageProblem]:
    """Write it; where the program would not start with it, what the settings say against it."""
    try:
        first_run.keep(services().clinic, services().settings_file, values, f"staff:{current_user.id}")
    except SettingsError as error:
        named = next((name for name in values if name in str(error)), next(iter(values)))
        return [PageProblem(named, str(error))]
    return []


def _page(step: SetUpStep, values: Mapping[str, object], problems: Sequence[PageProblem] = ()) -> ResponseReturnValue:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK
    return _rendered(step, values, problems), status


def _country_page(values: Mapping[str, object], problems: Sequence[PageProblem]) -> str:
    said = request.values.get("country", values.get("country", "") if values.get("emergency_number") else None)
    chosen = said if said is None or said in countries() else country_form.ANOTHER
    offer = None if chosen is None else country_form.offer(str(chosen), values, services().clinic.clock())
    names = Locale("en").territories
    known = sorted(((code, names[code]) for code in countries()), key=lambda pair: pair[1])
    return _rendered(SetUpStep.COUNTRY, values, problems, offer=offer, chosen=chosen, known=known)


def _rendered(step: SetUpStep, values: Mapping[str, object], problems: Sequence[PageProblem], **more: object) -> str:
    paper = services().settings_file
    return render(
        f"staff/first_run/{step}.html",
        step=step,
        steps=[(each, name, _address(each)) for each, name in STEPS.items()],
        answered=first_run.done(_values()),
        missing=[STEPS[each] for each in first_run.missing(values)],
        values=values,
        fixed=paper.fixed(),
        problems=list(problems),
        test=first_run.last_test(services().clinic),
        zone=services().clinic.zone,
        **more,
    )


def _mail_settings() -> dict[str, object]:
    """What the page of the duty address sent; an empty password beside a user leaves the one that is kept."""
    sent: dict[str, object] = {name: _sent(name) for name in MAIL}
    port = _sent("smtp_port") or "587"
    sent["smtp_port"] = int(port) if port.isascii() and port.isdigit() else port
    if sent["smtp_user"] and not sent["smtp_password"]:
        sent["smtp_password"] = str(_values().get("smtp_password", ""))
    return sent


def _values() -> dict[str, object]:
    return services().settings_file.read()


def _sent(name: str) -> str:
    return request.form.get(name, "").strip()[:LONGEST]


def _address(step: SetUpStep) -> str:
    return url_for(f"first_run.{step}")
