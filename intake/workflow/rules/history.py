"""When each rule came, changed or went, read from the rule books that decided something."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from intake.storage import rulebooks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

MOST_BOOKS = 64


class ChangeKind(StrEnum):
    """What a new rule book did to a rule."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One step in a rule's life: the version that brought it, and when that book first decided."""

    step: ChangeKind
    version: str
    at: datetime


def history(connection: Connection) -> dict[str, tuple[RuleChange, ...]]:
    """Per rule, what happened to it, oldest first. The first book that decided anything adds every rule it holds."""
    changes: dict[str, list[RuleChange]] = {}
    before: Mapping[str, str] = {}
    for book in rulebooks.history(connection):
        now = rules_of(book.content)
        for rule in sorted({*before, *now}):
            step = _step(before.get(rule), now.get(rule))
            if step is not None:
                changes.setdefault(rule, []).append(RuleChange(step, book.version, book.first_used_at))
        before = now
    return {rule: tuple(steps) for rule, steps in changes.items()}


def came_later(connection: Connection) -> dict[str, datetime]:
    """The rules that the first book did not hold yet, and when they first decided."""
    books = rulebooks.history(connection)
    first = rules_of(books[0].content) if books else {}
    since: dict[str, datetime] = {}
    for book in books[1:]:
        since |= {
            rule: book.first_used_at for rule in rules_of(book.content) if rule not in first and rule not in since
        }
    return since


def _step(before: str | None, now: str | None) -> ChangeKind | None:
    if before == now:
        return None
    if before is None:
        return ChangeKind.ADDED
    return ChangeKind.REMOVED if now is None else ChangeKind.CHANGED


@lru_cache(maxsize=MOST_BOOKS)
def rules_of(content: str) -> Mapping[str, str]:
    """The rules of a stored rule book, each with the lists, conditions and policy that it names, as canonical text."""
    book = json.loads(content)["rules"]
    named = {**book.get("lists", {}), **book.get("conditions", {})}
    policies = book.get("policies", {})
    return {
        entry["id"]: json.dumps([entry, _named(entry, named), _policy(entry, policies)], sort_keys=True)
        for entry in book["rules"]
    }


def _named(entry: Mapping[str, object], named: Mapping[str, object]) -> dict[str, object]:
    """What the conditions of a rule name, and what that names in turn."""
    definitions: dict[str, object] = {}
    waiting = [entry.get("when"), entry.get("raise")]
    while waiting:
        match waiting.pop():
            case dict() as node:
                waiting += node.values()
            case list() as nodes:
                waiting += nodes
            case str() as word if word in named and word not in definitions:
                definitions[word] = named[word]
                waiting.append(named[word])
            case _:
                pass
    return definitions


def _policy(entry: Mapping[str, object], policies: Mapping[str, Mapping[str, object]]) -> object:
    """What the rule's policy makes of it, if anything."""
    policy = policies.get(str(entry.get("policy")))
    covered = policy.get("rules") if policy else ()
    return policy if covered is None or (isinstance(covered, list) and entry["id"] in covered) else None
