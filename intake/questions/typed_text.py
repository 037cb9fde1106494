"""Typed words, dates and numbers: a reader gives the clean value or raises `TypedError` with a sentence to show."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING

from babel.dates import get_month_names
from flask_babel import get_locale
from flask_babel import lazy_gettext as _

from intake.errors import IntakeError

if TYPE_CHECKING:
    from collections.abc import Iterable

NAME_LIMIT = 100
TEXT_LIMIT = 500
EMAIL_LIMIT = 254
OLDEST_YEARS = 120
MOST_UNSEEN = 2  # a text may be half invisible marks, as a word processor leaves them; longer ones are refused unread
MOST_UNCOMPOSED = (
    4  # code points that one letter may be typed in; form C makes them fewer, or at most three times as many
)
PHONE_DIGITS = range(6, 16)
MONTHS = range(1, 13)
SHORTEST_MONTH_NAME = 3
WEEKS_AND_DAYS = re.compile(
    r"""(\d{1,2}) (?:[ ]? (?:w|wks?|weeks?) \.?)?
    (?: (?:[ ]?\+[ ]? | [ ]and[ ] | (?<=[a-z.])) (?P<days>\d) (?:[ ]?(?:d|days?|/7))?
      | [ ] (?P<day>\d) [ ]?(?:d|days?|/7) )?""",
    re.VERBOSE,
)
DAYS_OF_A_WEEK = 7
BREAKS = ("\n", "\t")
# Cc control, Co private, Cs surrogate. Cn holds signs newer than this program, and no characters.
REFUSED_CATEGORIES = frozenset({"Cc", "Co", "Cs"})
NO_CHARACTERS = range(0xFDD0, 0xFDF0)  # and the last two of every plane
JOINERS = "\u200c\u200d"  # part of correct spelling in Persian and the languages of India
INVISIBLE_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"  # fillers, and the Braille pattern without a dot
UNSEEN = "CMZ"  # the kinds of characters that show nothing of themselves


class TypedError(IntakeError):
    """Typed text that cannot be taken; the message is the sentence to show, and never repeats what was typed."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


def clean_text(typed: str, limit: int) -> str:
    """The text in Unicode form C, trimmed, without invisible marks; control characters and long texts are refused."""
    typed = typed.strip()
    if len(typed) > limit * MOST_UNCOMPOSED * MOST_UNSEEN:
        raise _too_long(limit)
    text = composed(without_marks(typed.replace("\r\n", "\n")), limit).strip()
    if any(_is_refused(character) for character in text):
        raise TypedError(_("We cannot store some hidden signs in this text. Please type it again."))
    if len(text) > limit:
        raise _too_long(limit)
    return text


def composed(typed: str, limit: int) -> str:
    """The trimmed text in form C; one that cannot fit the limit is refused unread.

    Putting marks in order takes the square of their number: 63 kB of them held the server for 1.5 seconds.
    """
    text = typed.strip()
    if len(text) > limit * MOST_UNCOMPOSED:
        raise _too_long(limit)
    return unicodedata.normalize("NFC", text)


def _too_long(limit: int) -> TypedError:
    return TypedError(_("Please use %(limit)s letters or fewer.", limit=limit))


def without_marks(typed: str) -> str:
    """The text without format characters: bidi marks, zero-width blanks, soft hyphens; joiners stay."""
    return "".join(sign for sign in typed if sign in JOINERS or unicodedata.category(sign) != "Cf")


def is_seen(text: str) -> bool:
    """Whether a reader sees anything of it."""
    return any(unicodedata.category(sign)[0] not in UNSEEN and sign not in INVISIBLE_LETTERS for sign in text)


def _is_refused(character: str) -> bool:
    if character in BREAKS:
        return False
    number = ord(character)
    nothing = number in NO_CHARACTERS or number & 0xFFFE == 0xFFFE  # noqa: PLR2004 - as the standard writes it
    return nothing or unicodedata.category(character) in REFUSED_CATEGORIES


def read_line(typed: str, limit: int) -> str:
    """One line of clean text; line breaks become spaces."""
    return " ".join(clean_text(typed, limit).split())


def read_number(typed: str, low: float, high: float) -> int:
    """A whole number from low to high, in the digits of any script."""
    return _in_range(re.fullmatch(r"(\d{1,6})", read_line(typed, NAME_LIMIT)), low, high)


def read_weeks(typed: str, low: float, high: float) -> int:
    """The whole weeks of weeks, or of weeks and days as they are written: 30, 30 weeks, 30+2, 30 weeks 2 days."""
    match = WEEKS_AND_DAYS.fullmatch(read_line(typed, NAME_LIMIT).casefold())
    days = int(match["days"] or match["day"] or 0) if match else 0
    return _in_range(match if days < DAYS_OF_A_WEEK else None, low, high)


def _in_range(match: re.Match[str] | None, low: float, high: float) -> int:
    if match is None or not low <= int(match[1]) <= high:
        raise TypedError(_("Type a whole number from %(low)s to %(high)s.", low=int(low), high=int(high)))
    return int(match[1])


def read_phone(typed: str) -> str:
    """A phone number as typed; 6 to 15 digits with the usual signs between them."""
    text = read_line(typed, NAME_LIMIT)
    digits = sum(character.isdecimal() for character in text)
    if not re.fullmatch(r"\+?[\d ()./\-]+", text) or digits not in PHONE_DIGITS:
        raise TypedError(_("Type a phone number, for example 01234 000 000."))
    return text


def read_email(typed: str) -> str:
    """An email address as typed: something, an @, a name with a dot."""
    text = read_line(typed, EMAIL_LIMIT)
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", text):
        raise TypedError(_("Type an email address, for example name@example.org."))
    return text


def read_birth_date(day: str, month: str, year: str, today: date) -> date:
    """A date of birth from three typed fields; the month may be a number or its name."""
    if max(map(len, (day, month, year))) > NAME_LIMIT:
        raise TypedError(_("This is not a real date. Type it like 27 3 1985."))
    day, month, year = (without_marks(part) for part in (day, month, year))
    if not (day.strip() and month.strip() and year.strip()):
        raise TypedError(_("Type the day, the month and the year, for example 27 3 1985."))
    if not re.fullmatch(r"\d{4}", year.strip()):
        raise TypedError(_("Type the year with 4 numbers, for example 1985."))
    born = _real_date(day, month, int(year))
    if born > today:
        raise TypedError(_("The date of birth must be in the past."))
    if today.year - born.year > OLDEST_YEARS:
        raise TypedError(_("Check the year. It is more than 120 years ago."))
    return born


def _real_date(day: str, month: str, year: int) -> date:
    try:
        return date(year, read_month(month), _small_number(day))
    except ValueError as error:
        raise TypedError(_("This is not a real date. Type it like 27 3 1985.")) from error


def read_month(typed: str) -> int:
    """1 to 12 from a number or from a month's name or its first letters; raises ValueError."""
    if len(typed) > NAME_LIMIT:
        raise ValueError("longer than any month's name")
    text = unicodedata.normalize("NFC", typed).strip().rstrip(".").casefold()
    if text.isdecimal():
        return _small_number(text)
    months = {number for number in MONTHS if any(_begins(name, text) for name in _month_names(number))}
    if len(months) != 1:
        raise ValueError("no such month")
    return months.pop()


def _small_number(typed: str) -> int:
    if not re.fullmatch(r"\d{1,2}", typed.strip()):
        raise ValueError("not one or two digits")
    return int(typed)


def _begins(name: str, text: str) -> bool:
    return len(text) >= min(SHORTEST_MONTH_NAME, len(name)) and name.casefold().startswith(text)


def _month_names(number: int) -> Iterable[str]:
    locales = {"en", str(get_locale() or "en")}
    return [get_month_names(width, locale=locale)[number] for locale in locales for width in ("wide", "abbreviated")]


def age_in_years(born: date, today: date) -> int:
    """Completed years on that day."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
