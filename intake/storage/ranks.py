"""Ranks: both axes as one number, the worst first, so that one index pages the `queue` and a tier is a range of it."""

from __future__ import annotations

from intake.engine.book.levels import Levels, Needling, Urgency

NOT_EVALUATED_RANK = -1


def rank(urgency: Urgency, needling: Needling) -> int:
    """One ascending number for (urgency, then needling), the worst first."""
    return (max(Urgency) - urgency) * len(Needling) + (max(Needling) - needling)


def levels_of(order: int) -> Levels | None:
    """The levels that a rank stands for; None: they could not be evaluated."""
    if order == NOT_EVALUATED_RANK:
        return None
    urgency, needling = divmod(order, len(Needling))
    return Levels(Needling(max(Needling) - needling), Urgency(max(Urgency) - urgency))
