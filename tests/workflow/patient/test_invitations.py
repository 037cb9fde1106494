"""Invitations without HTTP, on both databases: one form whoever comes first, no usable token stored, limits hold."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from sqlalchemy import func, select

from intake.errors import NotFoundError
from intake.storage import invitations as rows
from intake.storage.drafts import DRAFTS
from intake.storage.invitations import INVITATIONS, TOKENS
from intake.storage.tables import METADATA
from intake.workflow.desk import invitations as desk
from intake.workflow.desk.identity import Identity
from intake.workflow.desk.visits import Practitioner
from intake.workflow.keeping import retention
from intake.workflow.patient import corrections, drafts, handover, invitations
from intake.workflow.patient.invitations import Entry
from intake.workflow.shared.birth_date import Entered
from tests.support.desk import booked
from tests.support.small_clinic import ABOUT, CALM_ANSWERS, DANGER, SmallClinic

BORN, OTHER = "1985-12-10", "1985-12-11"
BEGINS = datetime(2026, 12, 1, 9, tzinfo=UTC)
DEVICES = 8
RANDOM_TOKENS = 2000


def invited(clinic: SmallClinic, born: str = BORN) -> tuple[str, str]:
    """A visit and a token that opens its form."""
    visit = booked(clinic, Identity("Ada Byron", born), BEGINS)
    return visit, desk.link(clinic, visit, Practitioner(0)).rpartition("/")[2]


def entry(token: str, born: str | None = BORN) -> Entry:
    return Entry(token, born, secrets.token_urlsafe(32), secrets.token_hex(16))


def test_many_devices_at_once_open_one_form(clinic: SmallClinic) -> None:
    visit, token = invited(clinic)
    barrier, entries = Barrier(DEVICES), [entry(token) for _device in range(DEVICES)]

    def come(each: Entry) -> Entered:
        barrier.wait()
        return invitations.enter(clinic, each)

    with ThreadPoolExecutor(DEVICES) as devices:
        assert set(devices.map(come, entries)) == {Entered.OPEN}
    with clinic.database.read() as connection:
        count = select(func.count()).select_from(DRAFTS).where(DRAFTS.c.visit_id == visit)
        assert connection.scalar(count) == 1
    assert len({drafts.load(clinic, each.key).id for each in entries}) == 1


def test_many_wrong_dates_at_once_are_five(clinic: SmallClinic) -> None:
    _visit, token = invited(clinic)
    barrier = Barrier(DEVICES)

    def guess(number: int) -> Entered:
        barrier.wait()
        return invitations.enter(clinic, entry(token, f"1985-01-{number + 1:02d}"))

    with ThreadPoolExecutor(DEVICES) as devices:
        results = list(devices.map(guess, range(DEVICES)))
    assert Entered.OPEN not in results
    assert invitations.enter(clinic, entry(token)) is Entered.LOCKED
    with clinic.database.read() as connection:
        assert connection.scalar(select(INVITATIONS.c.tries)) == 5


def test_random_tokens_open_nothing(clinic: SmallClinic) -> None:
    invited(clinic)
    with clinic.database.read() as connection:
        for _guess in range(RANDOM_TOKENS):
            token = secrets.token_urlsafe(20)
            assert rows.by_token(connection, desk.hashed(clinic.keys, token)) is None


def test_nothing_that_is_stored_opens_a_form(clinic: SmallClinic) -> None:
    visit, token = invited(clinic)
    slip = desk.slip(clinic, visit, Practitioner(0))
    first = entry(token)
    invitations.enter(clinic, first)
    offer = handover.offer(clinic, drafts.load(clinic, first.key))
    with clinic.database.read() as connection:
        stored = {
            str(value)
            for table in METADATA.sorted_tables
            for row in connection.execute(select(table))
            for value in row
            if isinstance(value, str)
        }
    raw = (token, slip.link.rpartition("/")[2], slip.code, first.key, " ".join(offer.words))
    assert [value for value in stored if any(secret in value for secret in raw)] == []
    for value in stored:
        with pytest.raises(NotFoundError):
            invitations.find(clinic, value)
        with pytest.raises(NotFoundError):
            drafts.load(clinic, value)


def test_a_token_has_160_bits_and_ends_to_the_second(clinic: SmallClinic) -> None:
    _visit, token = invited(clinic)
    assert len(token) >= 27  # letters of base64 for 160 bits
    clinic.clock.now = datetime(2026, 12, 1, 23, 59, 59, tzinfo=UTC)
    assert not invitations.find(clinic, token).sent
    clinic.clock.now = datetime(2026, 12, 2, tzinfo=UTC)
    with pytest.raises(NotFoundError):
        invitations.find(clinic, token)


def test_where_no_birth_date_is_known_the_link_is_enough_until_the_form_knows_one(clinic: SmallClinic) -> None:
    _visit, token = invited(clinic, "")
    first = entry(token, None)
    assert invitations.enter(clinic, first) is Entered.OPEN
    clinic.save(drafts.load(clinic, first.key), ABOUT, identity={"name": "Ada Byron", "born": BORN})
    assert invitations.enter(clinic, entry(token, None)) is Entered.WRONG
    assert invitations.enter(clinic, entry(token)) is Entered.OPEN


def test_a_purge_forgets_an_unsent_form_with_its_ways_and_keeps_the_visit(clinic: SmallClinic) -> None:
    _visit, token = invited(clinic)
    invitations.enter(clinic, entry(token))
    clinic.clock.now = datetime(2027, 1, 15, tzinfo=UTC)
    assert retention.purge(clinic, clock_is_right=True) == 1
    with clinic.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(TOKENS)) == 0
        assert connection.scalar(select(func.count()).select_from(INVITATIONS)) == 1


def test_an_empty_invited_form_is_not_taken_for_one_that_nobody_is_behind(clinic: SmallClinic) -> None:
    _visit, token = invited(clinic)
    first = entry(token)
    invitations.enter(clinic, first)
    clinic.clock.now = clinic.now.replace(day=clinic.now.day + 2)
    assert retention.purge(clinic) == 0
    assert drafts.load(clinic, first.key).version == 1


def test_a_correction_is_begun_once_and_keeps_own_words_and_identity(clinic: SmallClinic) -> None:
    _visit, token = invited(clinic)
    first = entry(token)
    invitations.enter(clinic, first)
    draft = drafts.load(clinic, first.key)
    draft = clinic.save(draft, DANGER, CALM_ANSWERS, {"name": "Ada Byron", "born": BORN}, {"anything_else": "A word."})
    clinic.send(draft)
    sent, keys = drafts.load(clinic, first.key), [secrets.token_urlsafe(32) for _device in range(2)]
    for key in keys:
        corrections.begin(clinic, sent, key, secrets.token_hex(16))
    one, other = (drafts.load(clinic, key) for key in keys)
    assert one.id == other.id != sent.id
    assert (one.answers, one.texts(clinic.keys)) == (sent.answers, sent.texts(clinic.keys))
    assert one.identity(clinic.keys) == sent.identity(clinic.keys)
    history = [(each.key, each.old, each.new) for each in drafts.history(clinic, one.id)]
    assert history == [(each.key, each.old, each.new) for each in drafts.history(clinic, sent.id)]
