"""Day lists of other systems: read right, or asked about, or refused with a sentence; never guessed silently."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from intake.errors import ForeignFileError
from intake.interop.day_lists.read import ClinicDay, read
from intake.interop.day_lists.reading import MOST_ROWS, Choices, Column, ListReading, OmissionReason, Order
from tests.support.day_lists import DAY, EXPORTS, Export, calendar

HEAD = "date,time,name,dob\n"
CHOSEN = {
    "order-day": Choices(orders={"day": "day_first"}),
    "order-born": Choices(orders={"born": "day_first"}),
    "day": Choices(day=date(2026, 12, 3)),
    "columns": Choices(columns={0: "day", 1: "time", 2: "name", 3: "born"}),
}


def answered(export: Export, reading: ListReading) -> Choices:
    """What somebody who knows would choose."""
    choices = Choices()
    for question in export.asks:
        if question == "letters":
            right = next(o for o in reading.offers if any(word in export.who for word in o.samples if len(word) > 2))
            choices = replace(choices, letters=right.letters)
            continue
        chosen = CHOSEN[question]
        choices = replace(
            choices,
            orders={**choices.orders, **chosen.orders},
            day=chosen.day or choices.day,
            columns={**choices.columns, **chosen.columns},
        )
    return choices


@pytest.mark.parametrize("export", EXPORTS, ids=[export.name for export in EXPORTS])
def test_an_export_is_read_as_it_was_meant_or_asked_about(export: Export) -> None:
    first = read(export.content, Choices(), DAY)
    assert first.open == export.asks
    known = read(export.content, answered(export, first), DAY)
    assert (known.open, known.left_out) == ((), ())
    entry = known.entries[0]
    assert (entry.begins, entry.name, entry.born, entry.phone) == (export.begins, export.who, export.born, export.phone)


def rows(*lines: str, choices: Choices | None = None) -> ListReading:
    return read((HEAD + "\n".join(lines)).encode(), choices or Choices(), DAY)


def test_no_row_is_read_while_its_dates_are_open() -> None:
    reading = rows("03/12/2026,09:00,Ada Byron,1985-12-10", "04/12/2026,09:00,Bo Moss,1985-12-10")
    assert (reading.open, reading.entries, reading.left_out) == (("order-day",), (), ())
    found = reading.orders[0]
    assert found.readings == {Order.DAY_FIRST: date(2026, 12, 3), Order.MONTH_FIRST: date(2026, 3, 12)}


def test_one_day_over_twelve_tells_for_its_column_alone() -> None:
    reading = rows("03/12/2026,09:00,Ada Byron,10/12/1985", "03/12/2026,09:30,Bo Moss,25/12/1990")
    assert reading.open == ("order-day",)
    assert {found.column: (found.order, found.told_by) for found in reading.orders} == {
        Column.DAY: (None, ""),
        Column.BORN: (Order.DAY_FIRST, "25/12/1990"),
    }


def test_dates_that_contradict_each_other_are_asked_about() -> None:
    assert rows("14/12/2026,9:00,A B,", "12/15/2026,9:00,C D,").open == ("order-day",)
    chosen = rows("14/12/2026,9:00,A B,", "12/15/2026,9:00,C D,", choices=CHOSEN["order-day"])
    assert [(each.row, each.reason) for each in chosen.left_out] == [(3, OmissionReason.NO_SUCH_DAY)]


def test_a_date_that_reads_alike_both_ways_needs_no_answer() -> None:
    assert rows("12/12/2026,9:00,A B,").open == ()


@pytest.mark.parametrize(
    ("line", "reason", "column"),
    [
        ("2026-12-03,,Ada,", OmissionReason.NO_TIME, Column.TIME),
        (",09:00,Ada,", OmissionReason.NO_DAY, Column.DAY),
        ("2026-12-03,09:00,,", OmissionReason.NO_NAME, Column.NAME),
        ("2026-11-31,09:00,Ada,", OmissionReason.NO_SUCH_DAY, Column.DAY),
        ("2026-12-03,25:00,Ada,", OmissionReason.NO_SUCH_TIME, Column.TIME),
        ("2026-12-03,13:00 pm,Ada,", OmissionReason.NO_SUCH_TIME, Column.TIME),
        ("2026-12-03,9,Ada,", OmissionReason.NO_SUCH_TIME, Column.TIME),
        ("2027-03-28,01:30,Ada,", OmissionReason.NO_SUCH_TIME, Column.TIME),
        ("2026-12-03,09:00,Ada,2027-01-01", OmissionReason.BORN_AHEAD, Column.BORN),
        ("2026-12-03,09:00,Ada,1885-01-01", OmissionReason.BORN_AHEAD, Column.BORN),
        ("2026-12-03,09:00,Ada,1985-02-30", OmissionReason.NO_SUCH_DAY, Column.BORN),
        ("2026-12-03,09:00,=cmd|'/c calc'!A1,", OmissionReason.FORMULA, Column.NAME),
        ('2026-12-03,09:00,"=HYPERLINK(""http://x"",""y"")",', OmissionReason.FORMULA, Column.NAME),
        ("2026-12-03,09:00,@SUM(1+1),", OmissionReason.FORMULA, Column.NAME),
        ("2026-12-03,09:00,-cmd,", OmissionReason.FORMULA, Column.NAME),
        ("2026-12-03,09:00,+A1+2,", OmissionReason.FORMULA, Column.NAME),
        ("2026-12-03,09:00,Ada\x00\x07,", OmissionReason.HIDDEN_SIGNS, Column.NAME),
        (f"2026-12-03,09:00,{'A' * 400},", OmissionReason.TOO_LONG, Column.NAME),
    ],
)
def test_a_row_that_cannot_be_read_is_left_out_with_the_reason(
    line: str, reason: OmissionReason, column: Column
) -> None:
    reading = rows("2026-12-03,08:00,Bo Moss,1990-01-02", line)
    assert [entry.name for entry in reading.entries] == ["Bo Moss"]
    assert [(each.row, each.reason, each.column) for each in reading.left_out] == [(3, reason, column)]


def test_a_phone_number_with_its_country_is_no_formula() -> None:
    content = b"date,time,name,phone\n2026-12-03,09:00,Ada,+44 7700 900123\n"
    assert read(content, Choices(), DAY).entries[0].phone == "+44 7700 900123"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"\xd0\xcf\x11\xe0rest", "Excel workbook"),
        (b"\x1f\x8brest", "compressed"),
        (b"%PDF-1.7", "PDF"),
        (b"just one line of text", "no table"),
        (b'date,time,name\n2026-12-03,09:00,"' + b"x" * 140_000, "quotation mark"),
        (b"date,time,name\n" + b"2026-12-03,09:00,Ada\n" * 100_000, f"{MOST_ROWS:,} rows"),
        (b"date,time,name" + b",x" * 80 + b"\n2026-12-03,09:00,Ada\n", "columns"),
        (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "cannot be read"),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 6000 + b"END:VCALENDAR\r\n", "5,000 events"),
        (b"\x00\x01\x02\x03", "not text|letters|no table"),
    ],
)
def test_a_file_that_is_no_day_list_is_refused_in_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(ForeignFileError, match=words):
        read(content, Choices(), DAY)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("UID:1", "DTSTART:20261203T090000Z", "SUMMARY:A B", "RRULE:FREQ=SECONDLY"), OmissionReason.REPEATS),
        (("UID:1", "DTSTART:20261203T090000Z", "SUMMARY:A B", "STATUS:CANCELLED"), OmissionReason.CANCELLED),
        (("UID:1", "DTSTART;VALUE=DATE:20261203", "SUMMARY:A B"), OmissionReason.NO_TIME),
        (("UID:1", "DTSTART:20261203T090000Z"), OmissionReason.NO_NAME),
        (("UID:1", "DTSTART:20261203T090000Z", "SUMMARY:=1+1"), OmissionReason.FORMULA),
    ],
)
def test_an_event_that_is_no_single_visit_is_left_out(lines: tuple[str, ...], reason: OmissionReason) -> None:
    reading = read(calendar(*lines), Choices(), DAY)
    assert (reading.entries, [each.reason for each in reading.left_out]) == ((), [reason])


def test_times_are_those_of_the_clinic() -> None:
    vancouver = ClinicDay(date(2026, 11, 30), ZoneInfo("America/Vancouver"))
    entry = read(calendar("UID:1", "DTSTART:20261203T170000Z", "SUMMARY:A B"), Choices(), vancouver).entries[0]
    assert entry.begins == datetime(2026, 12, 3, 9)  # noqa: DTZ001 - on the clinic's clock


def test_letters_that_only_look_right_one_way_are_found_and_shown() -> None:
    content = "date;time;name\n2026-12-03;09:00;Иван Петров\n".encode("cp1251")
    reading = read(content, Choices(), DAY)
    assert "cp1251" in [offer.letters for offer in reading.offers]
    assert ("letters" in reading.open) == (len(reading.offers) > 1)
    chosen = read(content, Choices(letters="cp1251"), DAY)
    assert (chosen.entries[0].name, chosen.open) == ("Иван Петров", ())


def test_a_column_may_be_told_to_be_another_or_none() -> None:
    content = b"date,time,name,dob,phone\n2026-12-03,09:00,Ada,1985-12-10,07700 900123\n"
    chosen = read(content, Choices(columns={4: ""}), DAY)
    assert chosen.entries[0].phone == ""
