"""The red card: what a patient is told at once, with the clinic's numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from intake.engine.book.levels import Urgency
from intake.web.services import services
from intake.workflow.patient import alarms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake.engine.book.decision import Finding


@dataclass(frozen=True, slots=True)
class Advice:
    """What a red card says: the fixed texts with the clinic's numbers, and the number to call."""

    emergency: bool
    lines: tuple[str, ...]
    number: str


def unsure_card() -> Advice:
    """What a patient who is not sure about a danger sign reads before the page that asks which one."""
    clinic = services().details
    lines = (
        _("You are not sure about one of these signs. On the next page you can say which one."),
        _("If you feel worse, or a sign is clear, call %(number)s now.", number=clinic.emergency_number),
    )
    return Advice(emergency=False, lines=lines, number=clinic.urgent_line or clinic.phone)


def card(findings: Iterable[Finding]) -> Advice | None:
    """One red card for several findings: the most urgent decides its heading and its number."""
    told = list(findings)
    if not told:
        return None
    clinic = services().details
    emergency = any(alarms.urgency_of(finding) is Urgency.EMERGENCY_NOW for finding in told)
    texts = dict.fromkeys(_(finding.rule.tell).format_map(clinic.numbers()) for finding in told if finding.rule.tell)
    return Advice(emergency, tuple(texts), clinic.emergency_number if emergency else clinic.urgent_line or clinic.phone)
