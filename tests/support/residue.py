"""What one person may leave on a tablet for the next: words that nobody else types, and the search for them on disk."""

from __future__ import annotations

import base64
import os
import signal
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, quote_plus

from intake.workflow.desk.identity import Identity
from tests.support.desk import booked
from tests.support.journeys import CALM
from tests.support.small_clinic import NOW
from tests.support.tablets import begin, page_form, walk

if TYPE_CHECKING:
    from tests.support.client import Visitor
    from tests.support.journeys import Answers
    from tests.support.practice import Practice

DEVICE = "intake_device"
START, FORM, CHECK = "/tablet", "/tablet/form", "/tablet/send"
BEGUN = "Fill in your health form before your visit"  # the heading of the start page
BACKS = 20


class Patient(NamedTuple):
    """Who sits down, and words that nobody else would type."""

    name: str
    year: str
    words: str
    phone: str

    @property
    def born(self) -> dict[str, str]:
        """The boxes of the birth date."""
        return {"date_of_birth-day": "27", "date_of_birth-month": "3", "date_of_birth-year": self.year}

    @property
    def answers(self) -> dict[str, Answers]:
        """What this patient says on the pages where it differs from others."""
        about: Answers = {**CALM["about"], "full_name": self.name, **self.born, "contact-phone": self.phone}
        return {"about": about, "feel": {**CALM["feel"], "psfs_activity": self.words}}

    @property
    def planted(self) -> tuple[str, ...]:
        """What must be found nowhere."""
        return (self.name.split()[1], self.words, self.phone)


ADA = Patient("Zebulon Quagga", "1931", "Juggling xylophones", "07700 900461")
BEN = Patient("Wilhelmina Okapi", "1944", "Polishing sousaphones", "07700 900387")


def expect(practice: Practice) -> None:
    """Both are on the list of today."""
    for who in (ADA, BEN):
        booked(practice.clinic, Identity(who.name, f"{who.year}-03-27"), NOW + timedelta(hours=2))


def ahead(practice: Practice, key: str, who: Patient, until: str, **other: Answers) -> Visitor:
    """A tablet without a screen: somebody answered every page before one, and left; `other` answers by page."""
    visitor = practice.visitor()
    visitor.client.set_cookie(DEVICE, key, path="/")
    page = begin(visitor, who.name[:3], who.born)
    if page_form(page) != until:
        walk(visitor, page, until, **{**who.answers, **other})
    visitor.get(START)
    return visitor


def planted_in(text: str, *people: Patient) -> list[str]:
    """The planted words that a text holds."""
    return [word for who in people for word in who.planted if word in text]


def traces(profile: Path, *people: Patient) -> list[str]:
    """The files of a profile in which a planted word stands, in any of the forms that browsers write."""
    found = []
    forms = {form for who in people for word in who.planted for form in written(word)}
    for path in profile.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            found += [f"{path.relative_to(profile)}: {form!r}" for form in forms if form in content]
    return found


def written(word: str) -> set[bytes]:
    """A word as utf-8, utf-16, URL-coded, and in base64 at each of the three places it may begin at."""
    plain = {word.encode(), word.encode("utf-16-le"), quote(word).encode(), quote_plus(word).encode()}
    coded = set()
    for shift in range(3):
        first, last = (
            -(-shift * 8 // 6),
            (shift + len(word.encode())) * 8 // 6,
        )
        coded.add(base64.b64encode(b"x" * shift + word.encode())[first:last])
    return plain | coded


def kill(argument: str) -> int:
    """Kill -9 every process that was started with this argument; how many there were."""
    processes = [entry for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    pids = [int(process.name) for process in processes if _is_of(process, argument.encode())]
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return len(pids)


def _is_of(process: Path, argument: bytes) -> bool:
    try:
        return argument in (process / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
