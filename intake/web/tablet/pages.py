"""All pages of a tablet: importing this module puts every one of them on the blueprint."""

from __future__ import annotations

from intake.web.tablet import consent, day, enrolling, form, leaving, moving, start
from intake.web.tablet.blueprint import BLUEPRINT, check_tablet, language

__all__ = ["BLUEPRINT", "check_tablet", "consent", "day", "enrolling", "form", "language", "leaving", "moving", "start"]
