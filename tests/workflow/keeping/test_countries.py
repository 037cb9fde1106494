"""The table of countries: held against libphonenumber, the zones and the locales; a bad one is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel import Locale
from babel.dates import get_date_format
from phonenumbers import shortnumberinfo

from intake import languages, time_zones
from intake.errors import DataFileError
from intake.workflow.keeping.countries import Country, countries, load

ALL = sorted(countries().values(), key=lambda country: country.code)
SHOWN = [country.code for country in ALL]
UNION = [
    "AT",
    "BE",
    "BG",
    "HR",
    "CY",
    "CZ",
    "DK",
    "EE",
    "FI",
    "FR",
    "DE",
    "GR",
    "HU",
    "IE",
    "IT",
    "LV",
    "LT",
    "LU",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SK",
    "SI",
    "ES",
    "SE",
]


@pytest.mark.parametrize("country", ALL, ids=SHOWN)
def test_a_country_sets_what_there_is(country: Country) -> None:
    assert country.code in Locale("en").territories
    assert country.emergency.isdigit()
    for zone in country.zones:
        assert time_zones.zone(zone).key == zone
    assert languages.spoken(country.language)
    assert languages.translated(country.language)


@pytest.mark.parametrize("country", ALL, ids=SHOWN)
def test_the_language_writes_dates_in_the_country_s_order(country: Country) -> None:
    pattern = get_date_format("short", Locale.parse(country.language, sep="-")).pattern
    places = {"day": pattern.index("d"), "month": pattern.index("M"), "year": pattern.index("y")}
    assert "_".join(sorted(places, key=places.__getitem__)) == country.dates


@pytest.mark.parametrize("country", ALL, ids=SHOWN)
def test_every_emergency_number_is_one_as_libphonenumber_knows_it(country: Country) -> None:
    for number in (country.emergency, *country.also):
        assert shortnumberinfo.is_emergency_number(number, country.code), number


def test_the_union_has_its_one_number() -> None:
    assert {code for code in UNION if countries()[code].emergency != "112"} == set()


def test_a_crisis_line_stands_only_where_a_source_names_it() -> None:
    lines = [country.crisis for country in ALL if country.crisis]
    assert len(lines) == 6
    assert all(line.source.strength in {"law", "published"} and line.number in line.source.citation for line in lines)


def test_every_fault_of_a_table_is_told_with_its_line(tmp_path: Path) -> None:
    bad = tmp_path / "countries.yaml"
    bad.write_text(
        "sources:\n  law: {citation: x, strength: hearsay}\n"
        "countries:\n  GB: {emergency: '999', source: lore, dates: day_first, zones: [], language: en-GB}\n",
        encoding="utf-8",
    )
    with pytest.raises(DataFileError) as refused:
        load(bad)
    told = str(refused.value)
    for part in (":2", "hearsay", ":4", "lore", "day_first", "`GB` has no time zone"):
        assert part in told
