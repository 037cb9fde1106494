"""Links to what comes after the form, on both databases: one thing, a birth date, a time; no raw secret stored."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select, update

from intake.errors import NotFoundError
from intake.storage import audit, outbox
from intake.storage import links as rows
from intake.storage.links import KEYS, LINKS, Purpose
from intake.storage.outbox import Channel
from intake.storage.subjects import SUBJECTS
from intake.storage.tables import METADATA
from intake.workflow.keeping import retention
from intake.workflow.patient import links
from intake.workflow.review import links as given
from intake.workflow.review.links import Opens
from intake.workflow.review.people import Practitioner
from intake.workflow.shared.birth_date import Entered
from intake.workflow.shared.clinic import Clinic
from intake.workflow.shared.duty import Duty
from tests.support.small_clinic import SmallClinic

BORN, OTHER = "1985-12-10", "1985-12-11"
DEVICES, LIFE = 8, timedelta(days=3)
BY = Practitioner(0)


def handed_on(clinic: Clinic, intake_id: str, name: str = "ask-1", purpose: Purpose = Purpose.QUESTION) -> str:
    """The token of a link that staff hand on."""
    with clinic.database.begin() as connection:
        address = given.hand_on(connection, clinic, Opens(purpose, intake_id, name, LIFE), BY)
    return address.rpartition("/")[2]


def enter(clinic: Clinic, token: str, born: str | None = BORN) -> tuple[Entered, str]:
    key = secrets.token_urlsafe(32)
    return links.enter(clinic, token, born, key), key


def test_the_birth_date_opens_one_thing_for_half_an_hour(clinic: SmallClinic) -> None:
    sent = clinic.sent()
    token = handed_on(clinic, sent.intake_id, "consent-7", Purpose.CONSENT)
    found = links.find(clinic, token)
    assert (found.name, found.purpose, found.locked) == ("Ada L.", Purpose.CONSENT, False)
    entered, key = enter(clinic, token)
    assert entered is Entered.OPEN
    opened = links.opened(clinic, key)
    assert opened is not None
    assert (opened.purpose, opened.intake_id, opened.object_id) == (Purpose.CONSENT, sent.intake_id, "consent-7")
    clinic.clock.now += timedelta(minutes=29, seconds=59)
    assert links.opened(clinic, key) == opened
    clinic.clock.now += timedelta(seconds=1)
    assert links.opened(clinic, key) is None


def test_a_look_writes_nothing(clinic: SmallClinic) -> None:
    token = handed_on(clinic, clinic.sent().intake_id)
    with clinic.database.read() as connection:
        before = [*connection.execute(select(LINKS))], audit.newest(connection)
    for _look in range(20):
        links.find(clinic, token)
    with clinic.database.read() as connection:
        assert ([*connection.execute(select(LINKS))], audit.newest(connection)) == before


def test_many_wrong_dates_at_once_are_five_and_a_new_link_opens_again(clinic: SmallClinic) -> None:
    intake_id = clinic.sent().intake_id
    token, barrier = handed_on(clinic, intake_id), Barrier(DEVICES)

    def guess(number: int) -> Entered:
        barrier.wait()
        return enter(clinic, token, f"1985-01-{number + 1:02d}")[0]

    with ThreadPoolExecutor(DEVICES) as devices:
        assert Entered.OPEN not in set(devices.map(guess, range(DEVICES)))
    assert enter(clinic, token)[0] is Entered.LOCKED
    assert links.find(clinic, token).locked
    with clinic.database.read() as connection:
        assert connection.scalar(select(LINKS.c.tries)) == 5
        standing = given.standing(connection, Purpose.QUESTION, "ask-1", clinic.now)
    assert standing is not None
    assert standing.locked
    clinic.tick()
    assert enter(clinic, handed_on(clinic, intake_id))[0] is Entered.OPEN


def test_a_new_link_and_taking_back_close_the_link_before_and_every_browser_that_came_by_it(
    clinic: SmallClinic,
) -> None:
    intake_id = clinic.sent().intake_id
    first = handed_on(clinic, intake_id)
    key = enter(clinic, first)[1]
    other = enter(clinic, handed_on(clinic, intake_id, "ask-2"))[1]
    clinic.tick()
    second = handed_on(clinic, intake_id)
    assert links.opened(clinic, key) is None
    assert links.opened(clinic, other) is not None
    with pytest.raises(NotFoundError):
        links.find(clinic, first)
    key = enter(clinic, second)[1]
    with clinic.database.begin() as connection:
        given.take_back(connection, clinic, Opens(Purpose.QUESTION, intake_id, "ask-1", LIFE), BY)
    assert links.opened(clinic, key) is None
    with pytest.raises(NotFoundError):
        links.enter(clinic, second, BORN, "key")


def test_it_ends_to_the_second_and_so_does_who_came_by_it(clinic: SmallClinic) -> None:
    token = handed_on(clinic, clinic.sent().intake_id)
    clinic.clock.now += LIFE - timedelta(seconds=1)
    entered, key = enter(clinic, token)
    assert entered is Entered.OPEN
    clinic.clock.now += timedelta(seconds=1)
    assert links.opened(clinic, key) is None
    with pytest.raises(NotFoundError):
        links.find(clinic, token)


def test_nothing_that_is_stored_opens_anything(clinic: SmallClinic) -> None:
    token = handed_on(clinic, clinic.sent().intake_id)
    key = enter(clinic, token)[1]
    with clinic.database.read() as connection:
        stored = {
            str(value)
            for table in METADATA.sorted_tables
            for row in connection.execute(select(table))
            for value in row
            if isinstance(value, str)
        }
    assert [value for value in stored if token in value or key in value] == []
    for value in stored:
        assert links.opened(clinic, value) is None
        with pytest.raises(NotFoundError):
            links.find(clinic, value)


def test_without_a_birth_date_no_link_is_made_and_an_erased_person_is_reached_by_none(clinic: SmallClinic) -> None:
    with pytest.raises(NotFoundError, match="date of birth"):
        handed_on(clinic, clinic.sent(born="").intake_id)
    token = handed_on(clinic, clinic.sent().intake_id)
    with clinic.database.begin() as connection:
        connection.execute(update(SUBJECTS).values(data_key=None, identity=None, master=None))
    with pytest.raises(NotFoundError):
        links.find(clinic, token)
    with pytest.raises(NotFoundError):
        links.enter(clinic, token, "", "key")


@pytest.mark.parametrize("purpose", list(Purpose))
def test_the_mail_brings_the_link_and_says_nothing_of_the_form(clinic: SmallClinic, purpose: Purpose) -> None:
    sent = clinic.sent({"danger_signs": ("chest_pressure",)}, email="ada@mail.example")
    duty = Duty(sender="desk@clinic.example", base="https://form.example", clinic="Harbour Lane", phone="0123")
    mailing = replace(clinic, duty=duty)
    with clinic.database.begin() as connection:
        given.mail(connection, mailing, Opens(purpose, sent.intake_id, "ask-1", LIFE), BY)
    with clinic.database.read() as connection:
        (message,) = outbox.newest(connection, Channel.MAIL, 9)
        standing = given.standing(connection, purpose, "ask-1", clinic.now)
    assert standing is not None
    assert standing.mailed
    assert message.read_recipient(clinic.keys) == "ada@mail.example"
    mail = message.read_payload(clinic.keys)
    subject, text = str(mail["subject"]), str(mail["text"])
    assert "Ada" not in subject
    assert "Lovelace" not in text
    assert not {"chest", "pressure", "danger", "needl", "medicine", "pain", "needle"} & set(
        f"{subject} {text}".lower().split()
    )
    token = text.partition("https://form.example/l/")[2].split()[0]
    assert links.find(clinic, token).purpose is purpose


def test_no_mail_is_written_where_there_is_no_address_or_the_clinic_sends_none(clinic: SmallClinic) -> None:
    mailing = replace(clinic, duty=Duty(sender="desk@clinic.example"))
    for each, email in ((clinic, "ada@mail.example"), (mailing, "")):
        opens = Opens(Purpose.QUESTION, clinic.sent(email=email).intake_id, "ask-1", LIFE)
        with pytest.raises(NotFoundError), clinic.database.begin() as connection:
            given.mail(connection, each, opens, BY)
    with clinic.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(LINKS)) == 0


def test_a_purge_forgets_links_a_month_after_their_time_and_keys_at_once(clinic: SmallClinic) -> None:
    token = handed_on(clinic, clinic.sent().intake_id)
    enter(clinic, token)
    clinic.clock.now += timedelta(minutes=31)
    retention.purge(clinic)
    with clinic.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(KEYS)) == 0
        assert rows.by_hash(connection, given.hashed(clinic.keys, token)) is not None
    clinic.clock.now += LIFE + timedelta(days=31)
    retention.purge(clinic, clock_is_right=True)
    with clinic.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(LINKS)) == 0
