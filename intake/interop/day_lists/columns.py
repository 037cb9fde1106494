"""Which column is what, by its name in seven languages; what no name says is for a person to choose."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from intake.interop.day_lists.reading import Column

WORDS = {
    Column.DAY: "date day datum tag fecha dia data giorno jour dag dato termindatum appointmentdate visitdate "
    "dateofappointment apptdate bookingdate datedurendezvous daterdv afspraakdatum data_wizyty datawizyty",
    Column.TIME: "time start starttime begin uhrzeit zeit von heure hora ora tijd tid godzina from "
    "appointmenttime "
    "appttime starts beginn heurerdv horainicio debut inizio aanvang klockslag",
    Column.BEGINS: "starts_at startsat datetime startdatetime appointment appointmentstart termin rendezvous rdv cita "
    "appuntamento afspraak beginsat startdate dateandtime datetimestart begintijd wizyta",
    Column.NAME: "name patient patientname client clientname fullname patientenname nom_complet nomcomplet nombre "
    "nombrecompleto paziente patientnaam namn pacjent paciente kunde klient customer attendee nomprenom nominativo",
    Column.FIRST_NAME: "firstname forename givenname given vorname prenom voornaam fornamn imie primernombre "
    "nomepaziente clientfirstname patientfirstname",
    Column.LAST_NAME: "lastname surname familyname family nachname familienname nom apellidos apellido cognome "
    "achternaam efternamn nazwisko clientlastname patientlastname zuname",
    Column.BORN: "born dob dateofbirth birthdate birthday geburtsdatum gebdatum geboren geb datedenaissance naissance "
    "ddn fechadenacimiento nacimiento datadinascita nascita geboortedatum fodelsedatum dataurodzenia patientdob nele",
    Column.PHONE: "phone telephone tel telefon telefono mobile mobilephone cell cellphone handy mobil portable movil "
    "cellulare telefoon mobiel mobilnummer telefonnummer phonenumber mobilenumber contactnumber homephone telefone "
    "phonemobile gsm numerdetelefonu",
    Column.EMAIL: "email emailaddress mail courriel correo correoelectronico epost emailadresse adresseemail posta "
    "emailadres clientemail patientemail",
    Column.PRACTITIONER: "practitioner with provider clinician therapist physio physiotherapist doctor staff behandler "
    "therapeut arzt praticien therapeute profesional terapeuta behandelaar resource calendar mitarbeiter medico "
    "terapeut lekarz kine",
    Column.PLACE: "place room location site raum zimmer standort ort salle lieu cabinet sala lugar luogo kamer locatie "
    "rum gabinet praxis clinic studio ubicacion",
    Column.KIND: "kind type appointmenttype service visittype terminart leistung art motif typ tipo prestation soort "
    "appttype bookingtype behandlung treatment",
    Column.SOURCE: "id uid appointmentid bookingid apptid reference ref terminid terminnr nr numero bookingreference "
    "appointmentnumber idrdv",
}
MEANT = {word.replace("_", ""): column for column, words in WORDS.items() for word in words.split()}
NAMES_FIRST_AND_LAST = frozenset({Column.FIRST_NAME, Column.LAST_NAME})
RETURNS = ("follow", "review", "return", "kontroll", "suivi", "folge", "control", "seguim", "vervolg", "aterbesok")


@lru_cache(maxsize=2048)
def known(header: str) -> Column | None:
    """The column that a name means, if it is one of ours."""
    return MEANT.get(_plain(header)) if len(header) <= 40 else None  # noqa: PLR2004 - no name is longer


def assigned(headers: tuple[str, ...]) -> dict[int, Column]:
    """What each column holds, by its place; of two of one name the first counts, but for phones."""
    found: dict[int, Column] = {}
    for place, header in enumerate(headers):
        column = known(header)
        if column is not None and (column is Column.PHONE or column not in found.values()):
            found[place] = column
    return found


def is_enough(columns: dict[int, Column]) -> bool:
    """Whether names and times are there; a missing day can be asked for."""
    have = set(columns.values())
    named = Column.NAME in have or have >= NAMES_FIRST_AND_LAST
    return named and (Column.BEGINS in have or Column.TIME in have)


def kind_of(text: str) -> str:
    """`follow_up` where the words say so, `first` where they say anything else, empty where they say nothing."""
    plain = _plain(text)
    if not plain:
        return ""
    return "follow_up" if any(word in plain for word in RETURNS) else "first"


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return re.sub(r"[\W_]+", "", "".join(sign for sign in apart if not unicodedata.combining(sign)))
