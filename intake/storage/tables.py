"""The complete MetaData: importing this module imports the module of every table."""

from __future__ import annotations

from intake.storage import (
    alerts,
    archive,
    audit,
    closings,
    day_lists,
    drafts,
    firings,
    installation,
    intakes,
    matches,
    name_index,
    publications,
    reviews,
    rulebooks,
    staff,
    subjects,
    taken_back,
    tallies,
    trail,
    visits,
    vocabularies,
)
from intake.storage.schema import METADATA

__all__ = [
    "METADATA",
    "alerts",
    "archive",
    "audit",
    "closings",
    "day_lists",
    "drafts",
    "firings",
    "installation",
    "intakes",
    "matches",
    "name_index",
    "publications",
    "reviews",
    "rulebooks",
    "staff",
    "subjects",
    "taken_back",
    "tallies",
    "trail",
    "visits",
    "vocabularies",
]
