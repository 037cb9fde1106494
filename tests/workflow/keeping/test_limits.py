"""Limits by network and in sum: what is within passes, what is beyond is refused, and time opens the way again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from intake.errors import LimitError, NotFoundError
from intake.storage import audit
from intake.storage.drafts import DRAFTS
from intake.storage.subjects import SUBJECTS
from intake.storage.tallies import TALLIES
from intake.workflow.keeping import limits
from intake.workflow.keeping.retention import purge
from intake.workflow.patient import drafts
from intake.workflow.patient.drafts import StartLimit
from tests.support.small_clinic import DANGER, SmallClinic

HERE = 10
ALL = HERE * drafts.ALL_NETWORKS


def start(clinic: SmallClinic, network: str = "203.0.113.7") -> str:
    """Press Start; the token."""
    number = clinic.number()
    drafts.start(clinic, draft_id=f"d{number}", token=f"t{number}", visit=StartLimit(network, HERE))
    return f"t{number}"


def rows(clinic: SmallClinic) -> int:
    """Drafts and patients in the database."""
    with clinic.database.read() as connection:
        return sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in (DRAFTS, SUBJECTS))


def test_one_network_starts_so_often_an_hour_and_the_others_go_on(clinic: SmallClinic) -> None:
    for _ in range(HERE):
        start(clinic)
    with pytest.raises(LimitError) as refused:
        start(clinic)
    assert refused.value.wait == limits.HOUR
    start(clinic, "198.51.100.9")
    clinic.clock.now += timedelta(minutes=61)
    start(clinic)


def test_all_together_start_so_often_an_hour_and_the_audit_tells_it_once(clinic: SmallClinic) -> None:
    for number in range(ALL):
        start(clinic, f"198.51.{number // 250}.{number % 250}")
    for _ in range(3):
        with pytest.raises(LimitError):
            start(clinic, "203.0.113.7")
    with clinic.database.read() as connection:
        assert [entry.action for entry in audit.of_object(connection, "limit", "start")] == ["limit_reached"]


def test_starting_for_days_leaves_a_bounded_number_of_rows(clinic: SmallClinic) -> None:
    most = 0
    for hour in range(10):
        clinic.clock.now += timedelta(minutes=61)
        for number in range(100):  # within the limit in sum
            start(clinic, f"10.{hour}.0.{number}")
        most = max(most, rows(clinic))
    assert most <= 2 * 2 * 100


def test_a_draft_with_a_page_in_it_outlives_the_empty_ones(clinic: SmallClinic) -> None:
    kept, empty = start(clinic), start(clinic)
    clinic.save(drafts.load(clinic, kept), DANGER, {"danger_signs": ("none",)})
    clinic.clock.now += timedelta(minutes=50)
    assert purge(clinic) == 0
    clinic.clock.now += timedelta(minutes=11)
    assert purge(clinic) == 1
    assert drafts.load(clinic, kept).version == 2
    with pytest.raises(NotFoundError):
        drafts.load(clinic, empty)


def test_the_purge_forgets_tallies_that_nobody_adds_to(clinic: SmallClinic) -> None:
    start(clinic)
    clinic.clock.now += limits.KEPT + timedelta(days=1)
    purge(clinic)
    with clinic.database.read() as connection:
        assert connection.execute(select(TALLIES)).all() == []


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2::"),
        ("2001:db8:1:2::1", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        (None, "unknown"),
        ("", "unknown"),
    ],
)
def test_a_household_is_one_network(address: str | None, network: str) -> None:
    assert limits.network_of(address) == network
