"""What somebody reads who filled in the form before: what may still be right, and what has changed since."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from intake.questions.wording.question import GridRow, Option, Question

RIGHT, AGAIN = "right", "again"
CHANGED, SAME = "changed", "same"

TITLE: str = _("Welcome back")
HINT: str = _("Some of it may have changed since. We ask about your safety again.")
PERSON: str = _("Name, date of birth, contact")
STILL = (Option(RIGHT, _("Still right")), Option(AGAIN, _("Answer again")))
SINCE = Question(
    _("What has changed since then?"),
    (Option(CHANGED, _("Changed")), Option(SAME, _("The same"))),
    hint=_("We ask first about what has changed. We ask the rest too."),
    rows=(
        GridRow("since-pain", _("Your pain")),
        GridRow("since-medicines", _("Medicines")),
        GridRow("since-health", _("Illnesses")),
        GridRow("since-implants", _("Implants, operations")),
        GridRow("since-needles", _("Skin, allergies, needles")),
        GridRow("since-treatment", _("Your treatment")),
    ),
    why=_("So that we begin with what is new."),
)
