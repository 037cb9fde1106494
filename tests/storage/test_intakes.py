"""The queue: the worst first, then the soonest; pages that fit together; a decision that only one person makes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from threading import Barrier

import pytest
from sqlalchemy import Connection, event, text

from intake.engine.book.levels import Label, Levels, Needling, Tier, Urgency
from intake.errors import NotFoundError, StaleError
from intake.storage import drafts, intakes, name_index, queue, reviews, subjects
from intake.storage.crypto import new_vault
from intake.storage.intakes import NewIntake, Position, QueueLine, State
from intake.storage.name_index import name_hashes
from intake.storage.queue import Filters
from intake.storage.ranks import NOT_EVALUATED_RANK, levels_of, rank
from intake.storage.reviews import Review
from intake.storage.rulebooks import keep
from tests.support.small_clinic import NOW, SmallClinic

LEVELS = list(product(Urgency, Needling))
REVIEWERS = 12
DAY = timedelta(days=1)
ALL_AND_SOME = (Filters(), Filters(open=True), Filters(tier=Tier.URGENT), Filters(to_do=False))


def new(name: str, urgency: Urgency, needling: Needling, visit_at: datetime | None = None) -> NewIntake:
    return NewIntake(
        id=name,
        reference=f"REF-{name}",
        draft_id=name,
        subject_id=name,
        sent_at=NOW,
        visit_at=visit_at,
        answers={},
        facts={},
        texts=None,
        decision=None,
        rulebook_sha256="0" * 64,
        rulebook_version="1",
        label=Label.ROUTINE,
        urgency=urgency,
        needling=needling,
        rank=rank(urgency, needling),
        top=None,
        firing=0,
        asking=0,
        not_evaluated=False,
        unread_words=False,
    )


def store(clinic: SmallClinic, *rows: NewIntake) -> None:
    with clinic.database.begin() as connection:
        keep(connection, "0" * 64, "1", "{}", NOW)
        for row in rows:
            subjects.add(connection, row.subject_id, new_vault(clinic.keys, row.subject_id)[1])
            draft = {"id": row.draft_id, "subject_id": row.subject_id, "token_hash": row.id, "version": 1, "changes": 0}
            drafts.add(
                connection, {**draft, "started_at": NOW, "expires_at": NOW, "answers": {}, "passed": [], "shown": {}}
            )
            intakes.add(connection, row)


@pytest.fixture
def full(clinic: SmallClinic) -> SmallClinic:
    """A clinic with one intake of every pair of levels, for today and for yesterday, and one that was not evaluated."""
    rows = [
        new(f"{number:02}-{when}", *levels, visit_at=NOW - when * DAY)
        for number, levels in enumerate(LEVELS)
        for when in range(2)
    ]
    broken = new("99-0", Urgency.EMERGENCY_NOW, Needling.DO_NOT_NEEDLE)
    store(clinic, *rows, replace(broken, not_evaluated=True, rank=NOT_EVALUATED_RANK))
    return clinic


def listed(clinic: SmallClinic, filters: Filters, limit: int = 100, after: Position | None = None) -> list[QueueLine]:
    with clinic.database.read() as connection:
        return queue.page(connection, filters, limit, after)


def paged(clinic: SmallClinic, filters: Filters, limit: int) -> Iterator[QueueLine]:
    after: Position | None = None
    while lines := listed(clinic, filters, limit, after):
        yield from lines
        after = lines[-1].position


def test_the_queue_goes_by_urgency_then_needling_then_visit(full: SmallClinic) -> None:
    first, *lines = listed(full, Filters())
    assert first.not_evaluated
    assert lines == sorted(lines, key=lambda line: (-line.urgency, -line.needling, line.visit_at))
    assert len(lines) == len(LEVELS) * 2


@pytest.mark.parametrize("limit", [1, 7, 41, 100])
@pytest.mark.parametrize("filters", [Filters(), Filters(open=True), Filters(tier=Tier.URGENT), Filters(to_do=False)])
def test_pages_fit_together(full: SmallClinic, limit: int, filters: Filters) -> None:
    assert list(paged(full, filters, limit)) == listed(full, filters)


def test_a_new_arrival_neither_repeats_nor_hides_a_line(full: SmallClinic) -> None:
    first = listed(full, Filters(), 10)
    store(full, new("98-0", Urgency.EMERGENCY_NOW, Needling.OK), new("97-0", Urgency.NONE, Needling.OK))
    rest = listed(full, Filters(), 100, first[-1].position)
    assert not {line.id for line in first} & {line.id for line in rest}
    assert "97-0" in {line.id for line in rest}


def test_the_rank_orders_as_the_two_axes_do() -> None:
    assert sorted(LEVELS, key=lambda pair: rank(*pair)) == sorted(LEVELS, reverse=True)
    assert len({rank(*pair) for pair in LEVELS}) == len(LEVELS)


def tier_of(line: QueueLine) -> Tier:
    if line.urgency:
        return Tier.URGENT
    if line.needling >= Needling.AVOID_AREA:
        return Tier.DO_NOT_NEEDLE_YET
    return Tier.CAUTION if line.needling else Tier.NOTE


@pytest.mark.parametrize("tier", Tier)
def test_a_tier_holds_its_intakes_and_no_other(full: SmallClinic, tier: Tier) -> None:
    assert listed(full, Filters(tier=tier)) == [line for line in listed(full, Filters()) if tier_of(line) is tier]


def test_filters_narrow_down(full: SmallClinic) -> None:
    today = Filters(visit_from=NOW, visit_until=NOW + DAY)
    assert len(listed(full, today)) == len(LEVELS)
    assert len(listed(full, replace(today, tier=Tier.NOTE))) == 1
    assert [line.id for line in listed(full, Filters(reference="REF-03-1"))] == ["03-1"]
    assert listed(full, Filters(reference="REF-03-1", to_do=True)) == []
    assert listed(full, Filters(subjects=frozenset())) == []


def test_every_word_of_a_name_must_match(clinic: SmallClinic) -> None:
    both = clinic.sent(name="Ada King Lovelace")
    clinic.sent(name="Ada Byron")
    with clinic.database.read() as connection:
        subjects_named = name_index.subjects_of(connection, name_hashes(clinic.keys, "king ada"))
        assert name_index.subjects_of(connection, frozenset()) == frozenset(), "no word names nobody"
    found = listed(clinic, Filters(subjects=subjects_named))
    assert [line.id for line in found] == [both.intake_id]


def test_a_rank_tells_its_levels() -> None:
    assert [levels_of(rank(*pair)) for pair in LEVELS] == [Levels(needling, urgency) for urgency, needling in LEVELS]
    assert levels_of(NOT_EVALUATED_RANK) is None


def test_an_intake_stands_where_its_position_says(full: SmallClinic) -> None:
    lines = listed(full, Filters())
    with full.database.read() as connection:
        places = [queue.place(connection, Filters(), line.position) for line in lines]
    assert places == list(range(len(lines)))


def test_counting_stops_where_it_is_told(full: SmallClinic) -> None:
    with full.database.read() as connection:
        assert queue.count(connection, Filters()) == len(LEVELS) * 2 + 1
        assert queue.count(connection, Filters(), most=10) == 10
        assert queue.count(connection, Filters(to_do=True)) == 0


def test_an_opened_intake_is_seen_once_and_stays_current(clinic: SmallClinic) -> None:
    receipt = clinic.sent()
    with clinic.database.begin() as connection:
        assert intakes.mark_seen(connection, receipt.intake_id)
        assert not intakes.mark_seen(connection, receipt.intake_id)
        line = intakes.by_id(connection, receipt.intake_id).line
    assert (line.state, line.version) == (State.SEEN, 1)


def test_an_unknown_intake_is_not_found(clinic: SmallClinic) -> None:
    with clinic.database.read() as connection, pytest.raises(NotFoundError):
        intakes.by_id(connection, "0" * 32)


def test_of_those_who_decide_at_once_one_does(clinic: SmallClinic) -> None:
    receipt, together = clinic.sent(), Barrier(REVIEWERS)
    staff = [clinic.practitioner() for _ in range(REVIEWERS)]

    def decide(by: int) -> int | None:
        together.wait()
        review = Review(receipt.intake_id, 1, "cleared", ("seen_in_person",), {}, None, None, by, NOW)
        try:
            with clinic.database.begin() as connection:
                reviews.add(connection, review)
        except StaleError:
            return None
        return by

    with ThreadPoolExecutor(REVIEWERS) as pool:
        won = [by for by in pool.map(decide, staff) if by is not None]
    with clinic.database.read() as connection:
        (review,) = reviews.of_intake(connection, receipt.intake_id)
        line = intakes.by_id(connection, receipt.intake_id).line
    assert won == [review.by]
    assert (line.state, line.version) == (State.DECIDED, 2)


def test_a_note_opens_for_its_version_only(clinic: SmallClinic) -> None:
    receipt, by = clinic.sent(), clinic.practitioner()
    with clinic.database.begin() as connection:
        vault = intakes.by_id(connection, receipt.intake_id).line.subject.vault(clinic.keys)
        note = reviews.seal_note(vault, receipt.intake_id, 1, "Rang the doctor.")
        reviews.add(connection, Review(receipt.intake_id, 1, "deferred", (), {}, note, by, by, NOW))
        reviews.add(connection, Review(receipt.intake_id, 2, "cleared", (), {}, None, None, by, NOW))
        first, second = reviews.of_intake(connection, receipt.intake_id)
    assert (first.read_note(vault), second.read_note(vault)) == ("Rang the doctor.", "")


def explained(connection: Connection, verb: str, filters: Filters) -> str:
    """The database's plan for a page of the queue, from the statement that `page` sends."""
    sent: list[tuple[str, object]] = []

    def note(*told: object) -> None:
        sent.append((str(told[2]), told[3]))

    event.listen(connection, "before_cursor_execute", note)
    queue.page(connection, filters, 25, Position(3, NOW, "x"))
    event.remove(connection, "before_cursor_execute", note)
    statement, values = sent[-1]
    return str(connection.exec_driver_sql(verb + statement, values).all())  # type: ignore[arg-type]


@pytest.mark.parametrize("filters", [Filters(open=True), Filters(), Filters(open=True, tier=Tier.CAUTION)])
def test_the_queue_is_read_in_the_order_of_an_index(clinic: SmallClinic, filters: Filters) -> None:
    if clinic.database.engine.dialect.name == "postgresql":
        with clinic.database.begin() as connection:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            connection.execute(text("SET LOCAL enable_bitmapscan = off"))
            plan = explained(connection, "EXPLAIN ", filters)
            assert ("Sort" in plan, "ix_intakes_" in plan) == (False, True), plan
        return
    with clinic.database.read() as connection:
        plan = explained(connection, "EXPLAIN QUERY PLAN ", filters)
        assert ("TEMP B-TREE" in plan, "ix_intakes_" in plan) == (False, True), plan
