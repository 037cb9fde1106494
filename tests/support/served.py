"""A practice behind a server, for browser tests, and what every one of them types."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.support.practice import open_practice
from tests.support.server import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.support.practice import Practice


@contextmanager
def served_practice(folder: Path) -> Iterator[tuple[Practice, str]]:
    """A practice on a database of its own, and where it is served."""
    practice = open_practice(folder / "instance", f"sqlite:///{folder / 'db' / 'intake.sqlite3'}")
    with serving(practice.app) as origin:
        yield practice, origin
    practice.clinic.database.close()


def type_date(page: Page, day: str = "10") -> None:
    """Type a birth date of December 1985."""
    for name, value in (("day", day), ("month", "12"), ("year", "1985")):
        page.locator(f"#date_of_birth-{name}").fill(value)


def come_in(page: Page, link: str, day: str = "10") -> None:
    """Open a link and type the birth date."""
    page.goto(link)
    type_date(page, day)
    page.get_by_role("button", name="Continue").click()
