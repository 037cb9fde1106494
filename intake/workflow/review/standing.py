"""Where an intake stands in the queue: its rank, and the line that says why, kept as codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.engine.book.levels import Tier
from intake.engine.read.answers import from_raw
from intake.storage import ranks
from intake.workflow.review.folding import circumstances, entries, fold, worst

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake.engine.book.vocabulary import Vocabulary
    from intake.storage.intakes import Stored
    from intake.storage.taken_back import TakenBack
    from intake.workflow.review.folding import Card, Circumstances


def rank(cards: Iterable[Card], signs: Iterable[TakenBack]) -> int:
    """The rank of findings and of danger signs that were taken back and that nobody has closed."""
    levels = worst(cards)
    urgency = max([levels.urgency, *(sign.urgency for sign in signs)])
    return ranks.rank(urgency, levels.needling)


def top(cards: Iterable[Card], about: Circumstances) -> dict[str, object] | None:
    """What the queue says of the first card: its finding as stored, and where it hurts; None: no finding counts."""
    first = next((card for card in cards if not (card.asks and card.tier is Tier.NOTE)), None)
    if first is None:
        return None
    entry = first.entries[0]
    return {
        "rule": entry.rule,
        "title": entry.title,
        "status": entry.status.value,
        "needling": entry.levels.needling.code,
        "urgency": entry.levels.urgency.code,
        "answers": dict(entry.answers),
        "raised_by": dict(entry.raised_by),
        "where": list(entry.where),
        "questions": list(first.questions),
        "several": len(first.entries) > 1,
        "marked": sorted(about.marked),
    }


def cards_of(vocabulary: Vocabulary, stored: Stored) -> tuple[Card, ...]:
    """The findings of a stored intake, folded for people."""
    return fold(entries(stored.decision or {}), circumstances(vocabulary, from_raw(stored.answers)))
