"""Invented people for matching: known ones, and the same or others as a second system writes them, with the truth."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from intake.workflow.desk.identity import Identity

FIRST = (
    "Ada", "Béla", "Chiara", "Dimitri", "Elif", "Farid", "Greta", "Hugo", "Inès", "Jörg", "Katarzyna", "Liam", "María",
    "Núria", "Oskar", "Priya", "Quentin", "Rosa", "Samir", "Thuy", "Usha", "Viktor", "Wanjiru", "Xiu", "Yusuf", "Zoë",
    "Mary Ann", "Jean-Paul", "Anne", "John", "Paul", "Sofia",
)  # fmt: skip
LAST = (
    "Smith", "Müller", "García", "Wójcik", "O'Neill", "de Vries", "Núñez-Ruiz", "Nguyen", "Okafor", "Lindqvist",
    "Haddad", "Tremblay", "Dubois", "Chen", "Silva", "Patel", "Rossi", "Novák", "Jones", "Kowalska", "Moreau", "Ali",
)  # fmt: skip
SAME = (
    "exact",
    "exact",
    "exact",
    "contact_written_otherwise",
    "typo",
    "order",
    "accents",
    "maiden",
    "swapped",
    "moved",
)
OTHERS = ("stranger_of_same_name_and_date", "twin", "child", "stranger")


class Case(NamedTuple):
    """A record of a second system: what was done to it, and the number of the known person it is (None: nobody)."""

    kind: str
    who: Identity
    truth: int | None


def known(dice: random.Random, count: int) -> list[Identity]:
    """So many people, no two of one name, birth date and contact."""
    return [_person(dice, number) for number in range(count)]


def cases(dice: random.Random, people: list[Identity]) -> list[Case]:
    """For each known person one record: the same person written in some way, or somebody else who is alike."""
    return [_case(dice, number, who) for number, who in enumerate(people)]


def _person(dice: random.Random, number: int) -> Identity:
    born = date(1940, 1, 1) + timedelta(days=dice.randrange(80 * 365))
    phone, mail = f"+447700{900000 + number:06d}"[:13], f"p{number}@mail.example"
    both = dice.random()
    name = f"{dice.choice(FIRST)} {dice.choice(LAST)}"
    return Identity(name, born.isoformat(), phone if both < 0.8 else "", mail if both > 0.3 else "")


def _case(dice: random.Random, number: int, who: Identity) -> Case:
    kind = dice.choice((*SAME, *OTHERS, OTHERS[0]))
    changed = _changed(dice, kind, number, who)
    return Case(kind, changed, number if kind in SAME else None)


def _changed(dice: random.Random, kind: str, number: int, who: Identity) -> Identity:  # noqa: PLR0911 - one return a kind
    other_phone, other_mail = f"+4420{79460000 + number % 10000:08d}", f"q{number}@other.example"
    first, _, last = who.name.partition(" ")
    match kind:
        case "contact_written_otherwise":
            phone = f"0{who.phone[3:7]} {who.phone[7:]}" if who.phone else ""
            return replace(who, name=who.name.upper(), phone=phone, email=who.email.upper())
        case "typo":
            place = dice.randrange(1, len(who.name) - 1)
            return replace(who, name=who.name[:place] + who.name[place + 1 :])
        case "order":
            return replace(who, name=f"{last} {first}".translate(str.maketrans("éèöüíáñóë", "eeouianoe")))
        case "maiden":
            return replace(who, name=f"{first} {dice.choice([each for each in LAST if each != last])}")
        case "swapped":
            year, month, day = who.born.split("-")
            return replace(who, born=f"{year}-{day}-{month}") if int(day) <= 12 else replace(who, phone="", email="")
        case "moved" | "stranger_of_same_name_and_date":
            return replace(who, phone=other_phone, email=other_mail)
        case "twin":
            return replace(who, name=f"{dice.choice([each for each in FIRST if each not in who.name])} {last}")
        case "child":
            return replace(who, born=(date.fromisoformat(who.born) + timedelta(days=9999)).isoformat())
        case "stranger":
            return replace(_person(dice, number + 50_000), phone=other_phone, email=other_mail)
        case _:
            return who
