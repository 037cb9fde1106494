"""The number of an intake that people read out."""

from __future__ import annotations

import secrets

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is read as another
HALF = 4


def new_reference() -> str:
    """A number that a person can read out."""
    letters = "".join(secrets.choice(LETTERS) for _letter in range(2 * HALF))
    return f"{letters[:HALF]}-{letters[HALF:]}"
