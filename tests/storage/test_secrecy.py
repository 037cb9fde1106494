"""A stolen database, log or backup tells no name, phone number, birthday or own word, in any common encoding."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from intake.storage import closings, intakes, reviews
from intake.storage.closings import Closing
from intake.storage.reviews import Review
from intake.workflow.desk import imports
from intake.workflow.desk.identity import Identity
from intake.workflow.desk.visits import Practitioner
from intake.workflow.keeping import backup
from tests.support.campaigns import Campaign
from tests.support.desk import booked
from tests.support.postgres import Server
from tests.support.small_clinic import ABOUT, DANGER, ELSE, NEEDLES, NOW, SmallClinic

CANARIES = ("Zebulon", "Quixwick", "1931-07-13", "+44 7700 900913", "plummeted from a trapeze", "rang Dr Thistlewood")
CONTROL = "coughing_blood"
COOKIE = "cookie-canary-6f1d"


def encodings(word: str) -> Iterator[bytes]:
    """The word as it could stand in a file."""
    for raw in (word.encode(), word.encode("utf-16-le"), word.encode("utf-16-be")):
        yield raw
        yield raw.hex().encode()
        yield raw.hex().upper().encode()
        for shift in range(3):
            inner = base64.b64encode(b"\0" * shift + raw)
            yield inner[4 if shift else 0 : len(inner) // 4 * 4 - 4]


def found(words: Iterable[str], files: Iterable[Path]) -> set[tuple[str, str]]:
    patterns = [(word, pattern) for word in words for pattern in encodings(word)]
    contents = [(path.name, path.read_bytes()) for path in files if path.is_file()]
    return {(word, name) for name, content in contents for word, pattern in patterns if pattern in content}


def files_of(clinic: SmallClinic, request: pytest.FixtureRequest) -> list[Path]:
    """Every file that holds something of the database, its log of changes too."""
    if clinic.database.engine.dialect.name == "sqlite":
        return list(Path(str(clinic.database.url.database)).parent.iterdir())
    server: Server = request.getfixturevalue("postgres")
    with clinic.database.read() as connection:
        number = connection.scalar(text("SELECT oid FROM pg_database WHERE datname = current_database()"))
        connection.execute(text("CHECKPOINT"))
    data = server.socket / "data"
    return [*(data / "base" / str(number)).iterdir(), *(data / "pg_wal").iterdir()]


def live_through(clinic: SmallClinic, words: Sequence[str] = CANARIES, cookie: str = COOKIE) -> None:
    """Everything a patient and a practitioner type, changed and withdrawn on the way."""
    name, family, born, phone, story, note = words
    draft = clinic.start(cookie)
    draft = clinic.save(draft, DANGER, {"danger_signs": (CONTROL,)})
    draft = clinic.save(draft, ABOUT, {"age_years": 95}, {"name": name, "born": born, "phone": phone})
    draft = clinic.save(draft, ABOUT, {"age_years": 95}, {"name": f"{name} {family}"})
    draft = clinic.save(draft, ELSE, texts={"anything_else": f"I {story} twice."})
    draft = clinic.save(draft, ELSE, texts={"anything_else": ""})
    draft = clinic.save(draft, ELSE, texts={"anything_else": story})
    clinic.save(
        clinic.start(f"{cookie}-2"), NEEDLES, identity={"name": f"{name} {family}"}, texts={"anything_else": story}
    )
    receipt, by = clinic.send(draft), clinic.practitioner()
    with clinic.database.begin() as connection:
        vault = intakes.by_id(connection, receipt.intake_id).line.subject.vault(clinic.keys)
        sealed = reviews.seal_note(vault, receipt.intake_id, 1, note)
        reviews.add(connection, Review(receipt.intake_id, 1, "refer", (), {}, sealed, by, by, NOW))
        item = closings.decision_item(1)
        said = closings.seal_note(vault, receipt.intake_id, item, note)
        closings.add(connection, Closing(receipt.intake_id, item, said, by, NOW))
    row = f"2026-12-03,09:00,{name} {family},{born},{phone}"
    imports.receive(clinic, f"list-{clinic.number()}", f"date,time,name,dob,phone\n{row}\n".encode(), Practitioner(by))
    booked(clinic, Identity(f"{family} {name}", born, phone, f"{name}@mail.example"), NOW)


def test_the_files_tell_nothing(clinic: SmallClinic, request: pytest.FixtureRequest) -> None:
    live_through(clinic)
    files = files_of(clinic, request)
    assert {word for word, _ in found([CONTROL], files)} == {CONTROL}
    assert found([*CANARIES, COOKIE], files) == set()


def test_the_files_tell_nothing_of_many_lives(
    clinic: SmallClinic, request: pytest.FixtureRequest, campaign: Campaign
) -> None:
    """Names, numbers and words of all lengths, so that some lie across the pages of a file or in what was freed."""
    lives, told = campaign.rounds(2, 40), list[str]()
    for number in range(lives):
        name, family, story, note = (letters(campaign.random) for _word in range(4))
        born = f"19{campaign.random.randrange(10, 99)}-{campaign.random.randrange(1, 12):02}-{number % 28 + 1:02}"
        phone = f"+44 {campaign.random.randrange(10**9, 10**10)}"
        live_through(clinic, (name, family, born, phone, story, note), f"cookie-{number}-{name}")
        told += [name, family, phone, story, note]
    files = files_of(clinic, request)
    assert {word for word, _ in found([CONTROL], files)} == {CONTROL}
    assert found(told, files) == set()
    campaign.tried("lives, nothing of them in the files", lives)


def letters(random: Random) -> str:
    """A word that nobody has written before."""
    return "".join(random.choices("bcdfghklmnpqrstvwxz", k=random.randint(9, 60))).capitalize()


def test_a_backup_tells_nothing(clinic: SmallClinic, tmp_path: Path) -> None:
    live_through(clinic)
    target = tmp_path / "backup"
    backup.backup(clinic.database.url, target, keys=clinic.keys, papers={}, now=NOW)
    if clinic.database.engine.dialect.name == "postgresql":
        subprocess.run(["pg_restore", f"--file={target / 'unpacked'}", str(target / "database")], check=True)
    assert {word for word, _ in found([CONTROL], target.iterdir())} == {CONTROL}
    assert found([*CANARIES, COOKIE], target.iterdir()) == set()


@pytest.mark.parametrize("word", CANARIES)
def test_the_search_finds_every_encoding_that_it_looks_for(tmp_path: Path, word: str) -> None:
    raw = word.encode()
    planted = [raw, word.encode("utf-16"), raw.hex().encode(), base64.b64encode(b"xy" + raw + b"z")]
    for number, content in enumerate(planted):
        (tmp_path / str(number)).write_bytes(b"before" + content + b"after")
    assert found([word], tmp_path.iterdir()) == {(word, str(number)) for number in range(len(planted))}
