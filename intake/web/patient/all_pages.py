"""All pages of the patient: importing this module puts every one of them on the blueprint."""

from __future__ import annotations

from intake.web.patient import aftercare, asked_back, consent, copy, day, ending, invited, linked, moving, views
from intake.web.patient.views import BLUEPRINT

__all__ = [
    "BLUEPRINT",
    "aftercare",
    "asked_back",
    "consent",
    "copy",
    "day",
    "ending",
    "invited",
    "linked",
    "moving",
    "views",
]
