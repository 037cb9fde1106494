"""The page with the questions of the day of a visit, as the patient's phone, the tablet and the desk put them."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from intake.questions.control import Known
from intake.web.references import new_reference
from intake.web.services import services
from intake.workflow.patient import arrival
from intake.workflow.patient.arrival import AskedAt, NewVersion, Told
from intake.workflow.patient.submit import Sending

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from werkzeug.datastructures import MultiDict

    from intake.questions.pages import PageForm
    from intake.questions.views import PageView
    from intake.workflow.patient.arrival import DayAnswer, DayForm

PATIENT = "patient"
ID_BYTES = 16


def asked(form: DayForm, extra: Collection[str], posted: MultiDict[str, str] | None = None) -> PageForm:
    """The page with the questions that are open, empty or as it was sent; `extra`: the other fields of its form."""
    known = Known(services().clinic.today, frozenset(form.open))
    return services().questionnaire.day(known, posted, extra)


def answered(said: Mapping[str, DayAnswer]) -> PageView:
    """The page as it was answered, to be read."""
    answers = {name: each.answer for name, each in said.items() if each.answer is not None}
    known = Known(services().clinic.today, frozenset(answers), answers=answers)
    return services().questionnaire.day(known).view()


def new_version(actor: str = PATIENT) -> NewVersion:
    """The names of a new version of an intake."""
    sending = Sending(secrets.token_hex(ID_BYTES), new_reference(), actor)
    return NewVersion(secrets.token_hex(ID_BYTES), sending)


def keep(form: DayForm, page: PageForm, place: AskedAt, actor: str = PATIENT) -> None:
    """Store what a valid page says, once."""
    told = Told(page.to_answers(), place)
    arrival.answer(services().clinic, services().rulebook, form.visit_id, told, new_version(actor))
