"""Drafts that no browser holds yet: begun for somebody who is known, by an invitation, a check-in or a new version."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from intake.storage import drafts as rows
from intake.storage import subjects
from intake.storage.crypto import new_vault, token_hash
from intake.workflow.patient.drafts import seal_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from intake.storage.crypto import Keys, Vault

TOKEN_BYTES = 32  # of the token that nobody is given
BLANK = {"version": rows.BEGUN, "changes": 0, "answers": {}, "passed": [], "shown": {}}


@dataclass(frozen=True, slots=True, repr=False)
class Somebody:
    """What is known of somebody before they fill in anything: who they are, and their own words, as given."""

    identity: Mapping[str, str]
    texts: Mapping[str, str] = field(default_factory=dict)


def add(connection: Connection, keys: Keys, row: Mapping[str, object], of: Somebody) -> Vault:
    """Begin a draft, sealed in a new vault, which is given back.

    `row`: columns by name, with `id`, `started_at` and `expires_at`; the others are blank if left out.
    """
    draft_id = str(row["id"])
    vault, wrapped = new_vault(keys, draft_id)
    subjects.add(connection, draft_id, wrapped)
    subjects.set_identity(connection, draft_id, subjects.seal_identity(vault, of.identity))
    sealed = {
        "subject_id": draft_id,
        "token_hash": token_hash(secrets.token_urlsafe(TOKEN_BYTES)),
        "texts": seal_texts(vault, draft_id, of.texts),
    }
    rows.add(connection, {**BLANK, **row, **sealed})
    return vault
