"""A patient is found by what a practitioner has in hand; whole words over everybody, parts over the newest."""

from __future__ import annotations

import pytest

from intake.workflow.review import search
from tests.support.small_clinic import SmallClinic

ADA = {"name": "Ada Núñez-Lovelace", "born": "1983-09-13", "phone": "01234 555 123", "email": "ada.l@home.example"}


@pytest.mark.parametrize(
    "text",
    [
        "ove",
        "ADA lov",
        "nunez",
        "13 Sep 1983",
        "13 September 1983",
        "13.9.1983",
        "1983-09-13",
        "1983",
        "555 123",
        "01234555123",
        "+44 1234 555 123",
        "ada 1983",
        "ada.l@home",
    ],
)
def test_a_part_is_enough(text: str) -> None:
    assert search.parse(text).fits(ADA)


@pytest.mark.parametrize("text", ["13 Sep 1984", "1984", "555 124", "ada grace", "bo@home", "31 Foo 1983"])
def test_what_is_not_hers_does_not_fit(text: str) -> None:
    assert not search.parse(text).fits(ADA)


def test_beyond_the_newest_a_whole_word_is_needed(clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "NEWEST", 1)
    clinic.sent(name="Ada Lovelace")
    clinic.sent(name="Grace Hopper")
    with clinic.database.read() as connection:
        found = {text: len(search.subjects(connection, clinic.keys, text)) for text in ("love", "lovelace", "hop", "")}
    assert found == {"love": 0, "lovelace": 1, "hop": 1, "": 0}
