"""What was concluded from the same answers before: a rule reads few answers, and most patients give the same ones.

A conclusion is kept by the answers that it can depend on: those its conditions read, and those that make them apply.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeAlias, TypeVar

from intake.engine import tree
from intake.engine.vocabulary import Answer, Answers, Vocabulary

T = TypeVar("T")
Key: TypeAlias = tuple[Answer | None, ...]
MOST_KEPT = 256


class Memory(Generic[T]):
    """Conclusions by the answers to the facts that they depend on; when it is full it starts afresh."""

    __slots__ = ("_kept", "facts")

    def __init__(self, facts: tuple[str, ...]) -> None:
        self.facts = facts
        self._kept: dict[Key, T] = {}

    def recall(self, answers: Answers, conclude: Callable[[], T]) -> T:
        """The conclusion from these answers, drawn anew only if they have not been met."""
        key = tuple(map(answers.get, self.facts))
        try:
            return self._kept[key]
        except KeyError:
            conclusion = conclude()
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[key] = conclusion
        return conclusion


def facts_behind(names: Iterable[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The facts and all that their reading depends on: what makes them apply, what narrows them."""
    found: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        fact = vocabulary.facts[waiting.pop()]
        if fact.name in found:
            continue
        found[fact.name] = None
        waiting += [] if fact.asked_if is None else tree.facts_read(fact.asked_if)
        found.update({} if fact.narrowed_by is None else {fact.narrowed_by: None})
    return tuple(found)
