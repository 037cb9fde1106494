"""Who somebody is, as a record says it, and when two records may be one person.

Equal, and joined by the program itself, are only records with the same name, birth date and phone or e-mail. All else
that is alike is for a person to decide: typing faults, the order of names, maiden names, day and month swapped, a
family on one phone, twins, strangers of one name and birth date.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberFormat
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from intake.storage import name_index
from intake.storage.crypto import Keys

SOUNDS_ALIKE = 82  # of 100, rapidfuzz's ratio of the words in order: two letters in a name of twelve
ONE_PART_ALIKE = 80
NEAR = 5  # points from which two records are shown beside each other
CONTACT_POINTS = 2


@dataclass(frozen=True, slots=True)
class Identity:
    """Name, birth date (ISO), phone and e-mail of a record; what is not known is empty."""

    name: str
    born: str = ""
    phone: str = ""
    email: str = ""

    @classmethod
    def of(cls, stored: Mapping[str, str]) -> Identity:
        """From the stored form, which patients fill in too."""
        return cls(*(stored.get(name, "") for name in ("name", "born", "phone", "email")))

    def stored(self) -> dict[str, str]:
        """The form that is sealed."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def birthday(self) -> date | None:
        """The birth date; None where it is not known or no day."""
        try:
            return date.fromisoformat(self.born)
        except ValueError:
            return None


class NameIs(StrEnum):
    """How the names of two records compare."""

    EQUAL = "equal"
    REORDERED = "reordered"
    ALIKE = "alike"
    PARTLY = "partly"
    OTHER = "other"


class BornIs(StrEnum):
    """How the birth dates of two records compare."""

    EQUAL = "equal"
    SWAPPED = "swapped"
    ONE_DIGIT = "one_digit"
    MISSING = "missing"
    OTHER = "other"


class ContactIs(StrEnum):
    """How the phones, or the e-mails, of two records compare."""

    EQUAL = "equal"
    MISSING = "missing"
    OTHER = "other"


NAME_POINTS = {NameIs.EQUAL: 4, NameIs.REORDERED: 4, NameIs.ALIKE: 3, NameIs.PARTLY: 2, NameIs.OTHER: 0}
BORN_POINTS = {BornIs.EQUAL: 4, BornIs.SWAPPED: 3, BornIs.ONE_DIGIT: 2, BornIs.MISSING: 1, BornIs.OTHER: 0}


@dataclass(frozen=True, slots=True)
class Likeness:
    """How two records compare, part by part."""

    name: NameIs
    born: BornIs
    phone: ContactIs
    email: ContactIs

    @property
    def equal(self) -> bool:
        """Whether the program may join them by itself."""
        return self.name is NameIs.EQUAL and self.born is BornIs.EQUAL and self._reached_alike

    @property
    def points(self) -> int:
        """How alike they are; `NEAR` or more is worth somebody's look."""
        contact = CONTACT_POINTS if self._reached_alike else 0
        return NAME_POINTS[self.name] + BORN_POINTS[self.born] + contact

    @property
    def near(self) -> bool:
        """Whether somebody should look at both."""
        return self.points >= NEAR

    @property
    def _reached_alike(self) -> bool:
        return ContactIs.EQUAL in (self.phone, self.email)


def compare(one: Identity, other: Identity, country: str) -> Likeness:
    """How two records compare; `country` reads phone numbers without their country's code."""
    return Likeness(
        name=_names(one.name, other.name),
        born=_births(one.born, other.born),
        phone=_contacts(phone_key(one.phone, country), phone_key(other.phone, country)),
        email=_contacts(email_key(one.email), email_key(other.email)),
    )


def read_phone(text: str, country: str) -> str | None:
    """A phone number as the whole world dials it (`+44 7700 900123`); None where it is none."""
    try:
        number = phonenumbers.parse(text, country or None)
    except NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def read_email(text: str) -> str | None:
    """An e-mail address in its normal form; None where it is none. Nobody is asked whether mail arrives there."""
    try:
        address = validate_email(text.strip(), check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return None
    return address.normalized if "." in address.domain else None


@lru_cache(maxsize=4096)
def phone_key(text: str, country: str) -> str:
    """What equal phone numbers have in common, however they are written; empty where there is none."""
    try:
        number = phonenumbers.parse(text, country or None)
    except NumberParseException:
        return "".join(sign for sign in text if sign.isdecimal())
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def email_key(text: str) -> str:
    """What equal addresses have in common: capitals tell nobody apart."""
    return unicodedata.normalize("NFC", text).strip().casefold()


def name_key(text: str) -> str:
    """What equal names have in common; accents, hyphens and the order of words count."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def hashes(keys: Keys, who: Identity, country: str) -> frozenset[str]:
    """What a record leaves in the index: its name's words, whole birth date, whole phone number, whole address."""
    return name_index.name_hashes(keys, who.name) | _whole(keys, who, country, (who.born,))


def hashes_sought(keys: Keys, who: Identity, country: str) -> frozenset[str]:
    """What records that may be the same person left in the index: the birth date with day and month swapped, too."""
    return name_index.name_hashes(keys, who.name) | hashes_strong(keys, who, country)


def hashes_strong(keys: Keys, who: Identity, country: str) -> frozenset[str]:
    """Of what is sought, the parts of which one alone is worth a look; of a name's words it takes two."""
    return _whole(keys, who, country, (who.born, swapped(who.born)))


def swapped(born: str) -> str:
    """A birth date with day and month swapped; empty where that is no other day."""
    try:
        day = date.fromisoformat(born)
        other = day.replace(month=day.day, day=day.month)
    except ValueError:
        return ""
    return "" if other == day else other.isoformat()


def with_readable_contacts(who: Identity, country: str) -> tuple[Identity, tuple[str, ...]]:
    """The record with phone and e-mail in their normal form, and which of them could not be read and is left out."""
    phone = read_phone(who.phone, country) if who.phone else ""
    email = read_email(who.email) if who.email else ""
    unread = tuple(name for name, value in (("phone", phone), ("email", email)) if value is None)
    return replace(who, phone=phone or "", email=email or ""), unread


def _whole(keys: Keys, who: Identity, country: str, births: Iterable[str]) -> frozenset[str]:
    phone, email = phone_key(who.phone, country), email_key(who.email)
    found = {name_index.birth_hash(keys, born) for born in births if born}
    found |= {name_index.contact_hash(keys, "phone", phone)} if phone else set()
    found |= {name_index.contact_hash(keys, "email", email)} if email else set()
    return frozenset(found)


def _names(one: str, other: str) -> NameIs:
    first, second = name_key(one), name_key(other)
    if not first or not second:
        return NameIs.OTHER
    if first == second:
        return NameIs.EQUAL
    parts, others = name_index.name_parts(one), name_index.name_parts(other)
    if parts == others:
        return NameIs.REORDERED
    if fuzz.ratio(" ".join(sorted(parts)), " ".join(sorted(others))) >= SOUNDS_ALIKE:
        return NameIs.ALIKE
    alike = any(_same_part(part, another) for part in parts for another in others)
    return NameIs.PARTLY if alike else NameIs.OTHER


def _same_part(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) > 3 and fuzz.ratio(one, other) >= ONE_PART_ALIKE)  # noqa: PLR2004 - shorter words are alike by chance


def _births(one: str, other: str) -> BornIs:
    if not one or not other:
        return BornIs.MISSING
    if one == other:
        return BornIs.EQUAL
    if swapped(one) == other:
        return BornIs.SWAPPED
    return BornIs.ONE_DIGIT if Levenshtein.distance(one, other) == 1 else BornIs.OTHER


def _contacts(one: str, other: str) -> ContactIs:
    if not one or not other:
        return ContactIs.MISSING
    return ContactIs.EQUAL if one == other else ContactIs.OTHER
