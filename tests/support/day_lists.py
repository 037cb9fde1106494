"""Day lists as twenty booking systems might export them: invented people, real habits of writing."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from intake.interop.day_lists.read import ClinicDay

DAY = ClinicDay(date(2026, 11, 30), ZoneInfo("Europe/London"))


class Export(NamedTuple):
    """One file: its bytes, and the first visit that it names. `asks`: the questions that it leaves open."""

    name: str
    content: bytes
    begins: datetime
    who: str
    born: str
    phone: str = ""
    asks: tuple[str, ...] = ()


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in December."""
    return datetime(2026, 12, day, hour, minute)  # noqa: DTZ001 - on the clinic's clock


def calendar(*lines: str) -> bytes:
    """An iCalendar file of one event with these lines."""
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//EN", "BEGIN:VEVENT", "DTSTAMP:20261101T000000Z")
    return "\r\n".join((*head, *lines, "END:VEVENT", "END:VCALENDAR", "")).encode()


EXPORTS = (
    Export(
        "iso, comma, UTF-8",
        b"date,time,name,dob,phone\n2026-12-03,09:00,Ada Byron,1985-12-10,07700 900123\n",
        at(3, 9),
        "Ada Byron",
        "1985-12-10",
        "07700 900123",
    ),
    Export(
        "British, day over 12",
        b"Date,Time,Patient Name,DOB,Mobile\r\n14/12/2026,9:30am,Ada Byron,13/10/1985,07700 900123\r\n",
        at(14, 9, 30),
        "Ada Byron",
        "1985-10-13",
        "07700 900123",
    ),
    Export(
        "British, open order",
        b"Date,Time,Patient,Date of birth\n03/12/2026,09:00,Ada Byron,10/12/1985\n",
        at(3, 9),
        "Ada Byron",
        "1985-12-10",
        asks=("order-day", "order-born"),
    ),
    Export(
        "American",
        b'"Appointment Date","Start Time","First Name","Last Name","DOB"\n'
        b'"12/14/2026","2:15 PM","Ada","Byron","10/13/1985"\n',
        at(14, 14, 15),
        "Ada Byron",
        "1985-10-13",
    ),
    Export(
        "German Excel, Windows-1252",
        (
            "Datum;Uhrzeit;Nachname;Vorname;Geburtsdatum;Telefon\r\n"
            "14.12.2026;09:00;Müßig;Jörg;13.10.1985;030 1234567\r\n"
        ).encode("cp1252"),
        at(14, 9),
        "Jörg Müßig",
        "1985-10-13",
        "030 1234567",
    ),
    Export(
        "German with weekday and title rows",
        (
            "\ufeffTerminliste Praxis;;;\r\n;;;\r\n"
            "Termin;Patient;Geb.;Behandler\r\nMo 14.12.2026 08:30;Müller, Jörg;13.10.85;KG 1\r\n"
        ).encode(),
        at(14, 8, 30),
        "Jörg Müller",
        "1985-10-13",
    ),
    Export(
        "French, hour with h",
        (
            "Date;Heure;Nom;Prénom;Date de naissance;Praticien\n14/12/2026;9h15;Dubois;Inès;13/10/1985;L. Moreau\n"
        ).encode(),
        at(14, 9, 15),
        "Inès Dubois",
        "1985-10-13",
    ),
    Export(
        "French, months in letters",
        "Date;Heure;Nom complet;Naissance\n3 décembre 2026;14:00;Inès Dubois;10 déc. 1985\n".encode(),
        at(3, 14),
        "Inès Dubois",
        "1985-12-10",
    ),
    Export(
        "Spanish, tabs, UTF-16",
        (
            "Fecha\tHora\tNombre\tFecha de nacimiento\tMóvil\n"
            "14/12/2026\t10:00\tNúria Peña\t13/10/1985\t+34 612 345 678\n"
        ).encode("utf-16"),
        at(14, 10),
        "Núria Peña",
        "1985-10-13",
        "+34 612 345 678",
    ),
    Export(
        "Polish, Windows-1250",
        "Data;Godzina;Imię;Nazwisko;Data urodzenia\n14.12.2026;11:00;Łucja;Wójcik-Żak;13.10.1985\n".encode("cp1250"),
        at(14, 11),
        "Łucja Wójcik-Żak",
        "1985-10-13",
    ),
    Export(
        "Mac, old Excel",
        "Date;Time;Name;Born\r14 Dec 2026;11:00;Zoë Brontë;13 Oct 1985\r".encode("mac_roman"),
        at(14, 11),
        "Zoë Brontë",
        "1985-10-13",
        asks=("letters",),
    ),
    Export(
        "Dutch, range of times, bars",
        b"Datum|Tijd|Achternaam|Voornaam|Geboortedatum\n14-12-2026|09:00 - 09:30|de Vries|Sanne|13-10-1985\n",
        at(14, 9),
        "Sanne de Vries",
        "1985-10-13",
    ),
    Export(
        "start with a zone",
        b"id,starts_at,patient_name,date_of_birth,practitioner\n"
        b"bk_99121,2026-12-03T09:00:00Z,Ada Byron,1985-12-10,Dr Patel\n",
        at(3, 9),
        "Ada Byron",
        "1985-12-10",
    ),
    Export(
        "date and time in the day's column",
        b"Date,Client,DOB,Staff\n2026-12-03 16:45,Ada Byron,1985-12-10,Dr Patel\n",
        at(3, 16, 45),
        "Ada Byron",
        "1985-12-10",
    ),
    Export(
        "no day at all",
        b"Time,Name,DOB\n09:00,Ada Byron,1985-12-10\n",
        at(3, 9),
        "Ada Byron",
        "1985-12-10",
        asks=("day",),
    ),
    Export(
        "no column names",
        b"2026-12-03;09:00;Ada Byron;1985-12-10\n2026-12-03;09:30;Bo Moss;1990-01-02\n",
        at(3, 9),
        "Ada Byron",
        "1985-12-10",
        asks=("columns",),
    ),
    Export(
        "compact numbers and quotes in names",
        b'Date;Time;Name;DOB\n20261203;0930;"Ada ""Dee"" Byron";19851210\n',
        at(3, 9, 30),
        'Ada "Dee" Byron',
        "1985-12-10",
    ),
    Export(
        "calendar in UTC",
        calendar(
            "UID:77@x",
            "DTSTART:20261203T090000Z",
            "SUMMARY:Ada Byron",
            "DESCRIPTION:DOB: 1985-12-10\\nPhone: 07700 900123",
        ),
        at(3, 9),
        "Ada Byron",
        "1985-12-10",
        "07700 900123",
    ),
    Export(
        "calendar in another zone",
        calendar("UID:78@x", "DTSTART;TZID=Europe/Paris:20261203T100000", "SUMMARY:Inès Dubois", "LOCATION:Room 2"),
        at(3, 9),
        "Inès Dubois",
        "",
    ),
    Export(
        "calendar without zone, folded lines",
        calendar(
            "UID:79@x",
            "DTSTART:20261203T173000",
            "SUMMARY:Ada Augusta Byron Countess of",
            "  Lovelace",
            "DESCRIPTION:Born: 13/10/1985",
        ),
        at(3, 17, 30),
        "Ada Augusta Byron Countess of Lovelace",
        "1985-10-13",
    ),
    Export(
        "two-digit years, month first",
        b"Appt Date,Appt Time,Patient Name,Birthdate,Cell Phone\n12/14/26,8:00 AM,Ada Byron,10/13/85,(604) 555-0123\n",
        at(14, 8),
        "Ada Byron",
        "1985-10-13",
        "(604) 555-0123",
    ),
)
