"""The complete MetaData: importing this module imports the module of every table."""

from __future__ import annotations

from intake.storage import alerts, audit, drafts, intakes, meta, name_index, reviews, rulebooks, staff, subjects, trail
from intake.storage.schema import METADATA

__all__ = [
    "METADATA",
    "alerts",
    "audit",
    "drafts",
    "intakes",
    "meta",
    "name_index",
    "reviews",
    "rulebooks",
    "staff",
    "subjects",
    "trail",
]
