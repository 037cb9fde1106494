"""Pages are small: what a phone has to fetch, compressed as it is sent."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from tests.support.journeys import begin, everything, name_of, walk
from tests.support.visitor import questionnaire

if TYPE_CHECKING:
    from tests.support.client import Page, Visitor

pytestmark = pytest.mark.xdist_group("every page")  # one worker meets, and lints, the same pages on both databases
KB = 1024


def weight(page: Page) -> int:
    """The bytes of the page itself."""
    return len(gzip.compress(page.text.encode(), 6))


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


def test_somebody_meets_every_page_there_is_and_no_other_weighs_more_than_5_kb(visitor: Visitor) -> None:
    page, heavy, met = begin(visitor), {}, set[str]()
    while page.path != "/check":
        met.add(name_of(page.path))
        if weight(page) > 5 * KB and "body-map" not in page.text:
            heavy[page.path] = weight(page)
        page = visitor.send(page) if page.path.endswith("/stop") else visitor.send(page, **everything(page))
        assert not page.errors, (page.path, page.errors)
    assert met >= {shown.name for shown in questionnaire().pages}
    assert not heavy


def test_the_check_page_fits_8_kb(visitor: Visitor) -> None:
    page = walk(visitor, therapies={"therapies_tried": ["none"]})
    assert weight(page) <= 8 * KB
