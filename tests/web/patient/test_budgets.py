"""Pages are small: what a phone has to fetch, compressed as it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.journeys import walk
from tests.support.weight import KB, weight

if TYPE_CHECKING:
    from tests.support.client import Page, Visitor


def files(visitor: Visitor, page: Page) -> dict[str, int]:
    """The bytes of every file that the page asks for."""
    found = [e.get("href") or e.get("src") or "" for e in page.tree.iter() if e.tag in ("link", "script", "img")]
    sizes = {}
    for address in found:
        with visitor.client.get(address, headers={"Accept-Encoding": "gzip"}, buffered=True) as response:
            sizes[address.split(".")[0].rpartition("/")[2]] = len(response.data)
    return sizes


def test_the_first_page_and_all_its_files_fit_14_kb(visitor: Visitor) -> None:
    page = visitor.get("/")
    assert weight(page) + sum(files(visitor, page).values()) <= 14 * KB


def test_the_map_page_and_its_own_stylesheet_fit_14_kb(visitor: Visitor) -> None:
    page = walk(visitor, "/q/pain_where")
    assert weight(page) + files(visitor, page)["body-map"] <= 14 * KB


def test_the_check_page_fits_8_kb(visitor: Visitor) -> None:
    page = walk(visitor)
    assert weight(page) <= 8 * KB
