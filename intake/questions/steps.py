"""A step: what a page of the questionnaire asks, without its words; routes, drafts and releases reason about steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intake.engine.book.vocabulary import Vocabulary

NEW_MEDICINE = "new_medicine"  # asked on the day of the visit; it is no fact, and opens facts again


@dataclass(frozen=True, slots=True)
class Step:
    """One page: the facts it asks, the gate it puts, whether all of it may be passed over.

    As a patient saw it: the vocabulary it was shown under, and the steps that it passes (its own if none is named).
    """

    name: str
    facts: tuple[str, ...] = ()
    gate: str | None = None
    optional: bool = False
    shown: Vocabulary | None = None
    passes: tuple[str, ...] = ()

    @property
    def questions(self) -> tuple[str, ...]:
        """The facts and the gate that the page puts."""
        return self.facts if self.gate is None else (*self.facts, self.gate)
