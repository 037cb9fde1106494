"""The complete MetaData: importing this module imports the module of every table."""

from __future__ import annotations

from intake.storage import (
    alerts,
    archive,
    audit,
    closings,
    drafts,
    firings,
    installation,
    intakes,
    name_index,
    outbox,
    publications,
    reviews,
    rulebooks,
    staff,
    subjects,
    taken_back,
    tallies,
    trail,
    vocabularies,
)
from intake.storage.schema import METADATA

__all__ = [
    "METADATA",
    "alerts",
    "archive",
    "audit",
    "closings",
    "drafts",
    "firings",
    "installation",
    "intakes",
    "name_index",
    "outbox",
    "publications",
    "reviews",
    "rulebooks",
    "staff",
    "subjects",
    "taken_back",
    "tallies",
    "trail",
    "vocabularies",
]
