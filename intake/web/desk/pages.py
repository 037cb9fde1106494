"""All pages of the desk: importing this module puts every one of them on the blueprint."""

from __future__ import annotations

from intake.web.desk import (
    consent_views,
    day_views,
    invite_views,
    list_views,
    paper_entry,
    paper_views,
    people_views,
    tablet_views,
    views,
)
from intake.web.desk.blueprint import BLUEPRINT

__all__ = [
    "BLUEPRINT",
    "consent_views",
    "day_views",
    "invite_views",
    "list_views",
    "paper_entry",
    "paper_views",
    "people_views",
    "tablet_views",
    "views",
]
