"""All pages of the patient: importing this module puts every one of them on the blueprint."""

from __future__ import annotations

from intake.web.patient import copy, day, ending, invited, moving, views
from intake.web.patient.views import BLUEPRINT

__all__ = ["BLUEPRINT", "copy", "day", "ending", "invited", "moving", "views"]
