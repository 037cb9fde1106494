"""The database fails at any one statement of a page or a sending: all of it is there afterwards, or nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, func, select

from intake.errors import StorageError
from intake.questions.steps import Step
from intake.storage.audit import AUDIT
from intake.storage.intakes import INTAKES
from intake.workflow.patient import drafts
from tests.support.campaigns import Campaign
from tests.support.durability import check_whole
from tests.support.small_clinic import CALM_ANSWERS, COOKIE, ELSE, NEEDLES, SmallClinic

EVERYTHING = Step("all", tuple(CALM_ANSWERS), None, optional=False)


class FailedError(StorageError):
    """What a test makes of a statement."""


@contextmanager
def failing(clinic: SmallClinic, number: int) -> Iterator[list[str]]:
    """The statement of that number fails, from 0; gives those that came so far."""
    statements: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: Any) -> None:  # noqa: ANN401 - the event's own
        statements.append(statement)
        if len(statements) == number + 1:
            raise FailedError(statement)

    event.listen(clinic.database.engine, "before_cursor_execute", count)
    try:
        yield statements
    finally:
        event.remove(clinic.database.engine, "before_cursor_execute", count)


def fail_at_each(clinic: SmallClinic, act: Callable[[], object], check: Callable[[], None]) -> int:
    """Try it with each statement failing in turn, until none does; how many failed."""
    for number in range(1000):
        try:
            with failing(clinic, number) as statements:
                act()
        except FailedError:
            check()
        else:
            assert len(statements) <= number
            return number
    pytest.fail("it never comes to an end")


def test_a_page_is_saved_whole_or_not_at_all(clinic: SmallClinic, campaign: Campaign) -> None:
    draft, faults = clinic.start(COOKIE), 0
    for number in range(campaign.rounds(1, 100)):
        step, answers = (NEEDLES, {"needle_fear": campaign.random.randrange(11)}) if number % 2 else (ELSE, {})
        texts = {} if answers else {"anything_else": f"Words {number}"}
        version = draft.version

        def save() -> None:
            nonlocal draft
            draft = clinic.save(draft, step, answers, {"name": f"N{number}"}, texts)  # noqa: B023 - called in this round

        def check() -> None:
            found = drafts.load(clinic, COOKIE)
            assert found.version == version  # noqa: B023 - called in this round
            check_whole(clinic, found)

        faults += fail_at_each(clinic, save, check)
        check_whole(clinic, draft)
    assert faults > 1
    campaign.tried("faults while a page was saved", faults)


def test_an_intake_is_sent_whole_or_not_at_all(clinic: SmallClinic, campaign: Campaign) -> None:
    faults = 0
    for number in range(campaign.rounds(1, 60)):
        draft = clinic.save(clinic.start(f"cookie-{number}"), EVERYTHING, CALM_ANSWERS, {"name": f"N{number}"})
        before = rows(clinic)

        def check() -> None:
            assert rows(clinic) == before  # noqa: B023 - called in this round
            assert not drafts.load(clinic, f"cookie-{number}").sent  # noqa: B023 - called in this round

        faults += fail_at_each(clinic, lambda: clinic.send(draft), check)  # noqa: B023 - called in this round
        assert rows(clinic) == tuple(count + 1 for count in before)
    assert faults > 5
    campaign.tried("faults while an intake was sent", faults)


def rows(clinic: SmallClinic) -> tuple[int, ...]:
    """How many intakes and how many lines of the audit there are."""
    with clinic.database.read() as connection:
        return tuple(connection.scalar(select(func.count()).select_from(table)) or 0 for table in (INTAKES, AUDIT))
