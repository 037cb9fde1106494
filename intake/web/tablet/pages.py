"""All pages of a tablet: importing this module puts every one of them on the blueprint."""

from __future__ import annotations

from intake.web.tablet import consent, form, leaving, start
from intake.web.tablet.blueprint import BLUEPRINT, check_tablet

__all__ = ["BLUEPRINT", "check_tablet", "consent", "form", "leaving", "start"]
