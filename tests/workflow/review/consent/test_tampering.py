"""Whatever is changed of a consent from outside is found: text, answers, plan, signatures, times (10,000 in a soak)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from intake.storage.consents import CONSENTS
from intake.storage.intakes import INTAKES
from intake.storage.plans import PLANS
from intake.workflow.review.consent import verify
from tests.support.consents import DRAWN, at_the_visit, planned, signature, signed

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.support.campaigns import Campaign
    from tests.support.practice import Practice

FEW, MANY = 120, 10_000
MOST_MOVED = 10**12  # microseconds: eleven days
ANSWERS, PLAN = ("answers", "facts"), ("regions", "stimulation")
LEFT_OUT = (
    "id",
    "intake_id",
    "device_id",
    "placed_at",
    "ready",
    "refused",
)  # refused by the database, or no part of it
OF_CONSENT = tuple(name for name in CONSENTS.c.keys() if name not in LEFT_OUT)  # noqa: SIM118 - a collection of columns
EMPTY_AT_FIRST = ("withdrawn_at", "withdrawn_by")


@dataclass(frozen=True, slots=True)
class Forger:
    """Somebody with the database's password, and without the keys."""

    chance: Random
    now: datetime
    colleague: int

    def other(self, name: str, value: object) -> object:
        """Another value of the same kind."""
        if name in EMPTY_AT_FIRST:
            return self.now if name == "withdrawn_at" else "patient"
        if name in ("made_by", "countersigned_by"):
            return self.colleague
        return self._ways()[type(value)](value)

    def _ways(self) -> dict[type, Callable[[Any], object]]:
        """How each kind of value becomes another."""
        return {
            datetime: lambda value: value + timedelta(microseconds=self.chance.randrange(1, MOST_MOVED)),
            bytes: self.flipped,
            dict: self.another_answer,
            list: lambda value: [*value, "head"],
            bool: lambda value: not value,
            int: lambda value: value + self.chance.randrange(1, 1000),
            str: self.misspelt,
        }

    def flipped(self, value: bytes) -> bytes:
        """One bit is other."""
        place, bit = self.chance.randrange(len(value)), 1 << self.chance.randrange(8)
        return value[:place] + bytes([value[place] ^ bit]) + value[place + 1 :]

    def misspelt(self, value: str) -> str:
        """One sign is other, or gone."""
        place = self.chance.randrange(len(value))
        return value[:place] + self.chance.choice(("", chr(ord(value[place]) ^ 1))) + value[place + 1 :]

    def another_answer(self, answers: dict[str, Any]) -> dict[str, Any]:
        """One answer is other, gone or new."""
        key, kind = self.chance.choice(sorted(answers)), self.chance.randrange(3)
        kept = {name: value for name, value in answers.items() if name != key}
        match kind:
            case 0:
                return kept
            case 1:
                return {**answers, f"{key}_too": "yes"}
            case _:
                return {**kept, key: "declined" if answers[key] == "not_sure" else "not_sure"}


def test_every_change_from_outside_is_found(practice: Practice, campaign: Campaign) -> None:
    given = at_the_visit(practice)
    planned(practice, given)
    signed(practice, given, signature(drawing=DRAWN, helper="Sam"))
    forger = Forger(campaign.random, practice.clinic.now, practice.clinic.practitioner())
    database, rounds, tables = practice.clinic.database, campaign.rounds(FEW, MANY), (CONSENTS, INTAKES, PLANS)
    with database.read() as connection:
        rows = {table.name: dict(connection.execute(select(table)).mappings().one()) for table in tables}
    found = dict.fromkeys((*OF_CONSENT, *ANSWERS, *PLAN), 0)
    for number in range(rounds):
        name = campaign.random.choice((*OF_CONSENT, *ANSWERS * 3, *PLAN))
        table = INTAKES if name in ANSWERS else PLANS if name in PLAN else CONSENTS
        with database.begin() as connection:
            connection.execute(update(table).values({name: forger.other(name, rows[table.name][name])}))
        assert verify.verify(practice.clinic).faults, f"round {number}: {name} was changed, and not found"
        with database.begin() as connection:
            connection.execute(update(table).values({name: rows[table.name][name]}))
        found[name] += 1
    assert verify.verify(practice.clinic).sound
    assert all(found.values()), found
    campaign.tried("changes of text, answers, plan, signatures and times", rounds)
