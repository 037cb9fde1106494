"""What a country sets, as a person confirms it: offered from the table, held against it when it is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_date, get_date_format
from flask_babel import gettext as _

from intake import languages, time_zones
from intake.errors import SettingsError
from intake.questions.views import PageProblem
from intake.workflow.keeping.countries import Country, countries

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES = ("country", "emergency_number", "crisis_line", "time_zone", "language")
NUMBER = re.compile(r"\+?[0-9][0-9 ()./-]{1,30}", re.ASCII)
ANOTHER = ""  # a country that the table does not have
DEFAULT_LANGUAGE = "en-GB"
EXAMPLE = (11, 23)  # a month and a day that cannot be taken for each other


@dataclass(frozen=True, slots=True)
class ListChoice:
    """One option of a list."""

    value: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class CountryOffer:
    """What the page shows for a country; `country` is None where the table does not have it."""

    country: Country | None
    emergency: str
    crisis: str
    zones: tuple[ListChoice, ...]
    zone: str
    languages: tuple[ListChoice, ...]


def offer(code: str, values: Mapping[str, object], now: datetime) -> CountryOffer:
    """The country's row, or what was kept or sent for this country already."""
    country = countries().get(code)
    kept = values if values.get("country", "") == code else {}
    value = {name: str(kept.get(name, preset)) for name, preset in _presets(country).items()}
    zone, language = value["time_zone"], value["language"]
    return CountryOffer(
        country,
        value["emergency_number"],
        value["crisis_line"],
        tuple(ListChoice(name, _clock(name, now), name == zone) for name in _zones(country, zone)),
        zone,
        tuple(ListChoice(tag, _dated(tag, now.date()), tag == language) for tag in _languages(country, language)),
    )


def _presets(country: Country | None) -> dict[str, str]:
    """What the fields hold before anybody typed; of several time zones none."""
    if country is None:
        other = {"time_zone": time_zones.machine(), "language": DEFAULT_LANGUAGE}
        return {"emergency_number": "", "crisis_line": "", **other}
    return {
        "emergency_number": country.emergency,
        "crisis_line": country.crisis.number if country.crisis else "",
        "time_zone": country.zones[0] if len(country.zones) == 1 else "",
        "language": country.language,
    }


def _zones(country: Country | None, zone: str) -> tuple[str, ...]:
    """The country's time zones, and the one that was chosen before."""
    zones = country.zones if country else ()
    return (*zones, zone) if zone and zones and zone not in zones else zones


def problems(sent: Mapping[str, str], *, sure: bool) -> list[PageProblem]:
    """What is wrong with what was sent; an emergency number that the table does not know needs a tick beside it."""
    country = countries().get(sent["country"])
    number, found = sent["emergency_number"], []
    if not (number.isascii() and number.isdigit()):
        found.append(PageProblem("emergency_number", _("Type the emergency number, digits only.")))
    elif not sure and not (country and country.answers(number)):
        told = _("We do not know %(number)s as an emergency number there. Check it, then tick the box.", number=number)
        found.append(PageProblem("sure", told))
    if sent["crisis_line"] and not is_number(sent["crisis_line"]):
        found.append(PageProblem("crisis_line", _("Type a phone number, or leave it empty.")))
    if not _is_zone(sent["time_zone"]):
        found.append(PageProblem("time_zone", _("Choose the time zone whose clock is yours.")))
    return found


def is_number(text: str) -> bool:
    """Whether a phone can dial it."""
    return NUMBER.fullmatch(text) is not None


def _languages(country: Country | None, kept: str) -> list[str]:
    """The languages to choose from: the country's own as it is, and every other that has a catalogue."""
    own = country.language if country else DEFAULT_LANGUAGE
    covered = {Locale.parse(tag, sep="-").language for tag in (own, kept)}
    others = [tag.replace("_", "-") for tag in languages.catalogues() if Locale.parse(tag).language not in covered]
    return [*dict.fromkeys((own, kept)), *others]


def _is_zone(name: str) -> bool:
    try:
        return bool(name) and bool(time_zones.zone(name))
    except SettingsError:
        return False


def _clock(name: str, now: datetime) -> str:
    return str(_("%(zone)s, now %(time)s", zone=name, time=now.astimezone(time_zones.zone(name)).strftime("%H:%M")))


def _dated(tag: str, today: date) -> str:
    """The language's name, and how it writes a date: 23 November shows which part is the day."""
    locale = Locale.parse(tag, sep="-")
    example = date(today.year, *EXAMPLE)
    short = format_date(example, get_date_format("short", locale).pattern, locale)
    name: str = locale.get_display_name("en") or tag
    return f"{name}: {short} = {format_date(example, 'd MMMM', locale)}"
