"""A tablet in tests: enrolled at the desk, and whoever sits at it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.support.desk import at_the_desk
from tests.support.journeys import CALM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.support.client import Page, Value, Visitor
    from tests.support.practice import Practice

BORN = {"date_of_birth-day": "10", "date_of_birth-month": "12", "date_of_birth-year": "1985"}
CODE = re.compile(r"\b(\d{3}) (\d{3})\b")


def new_code(desk: Visitor, name: str = "Waiting room") -> str:
    """The code of a new tablet, as the desk reads it."""
    page = desk.send(desk.get("/desk/tablets"), "/desk/tablets", name=name)
    found = CODE.search(page.main)
    assert found is not None, page.main
    return "".join(found.groups())


def enrolled(practice: Practice, name: str = "Waiting room") -> Visitor:
    """A tablet that is enrolled."""
    tablet = practice.visitor()
    page = tablet.send(tablet.get("/tablet"), "/tablet/enrol", code=new_code(at_the_desk(practice), name))
    assert page.path == "/tablet", page.main
    return tablet


def begin(tablet: Visitor, letters: str = "Ad", born: Mapping[str, Value] = BORN) -> Page:
    """From the start page to where "Begin" leads."""
    return tablet.send(tablet.get("/tablet"), "/tablet/begin", **born, letters=letters)


def without_visit(tablet: Visitor) -> Page:
    """From the start page to the first question of somebody who is not on the list."""
    return tablet.send(begin(tablet, "Zz"), "/tablet/begin/without")


def page_form(page: Page) -> str:
    """Where the main form of a page goes."""
    found = next(form for form in page.tree.iter("form") if form.get("id") == "page")
    return found.get("action", "")


def name_of(page: Page) -> str:
    """The name of the question page."""
    return page_form(page).rpartition("/")[2]


def step(tablet: Visitor, page: Page, /, **other: Mapping[str, Value]) -> Page:
    """Answer the page that is shown, calm but for `other` answers by page."""
    action = page_form(page)
    if "/q/" not in action:
        return tablet.send(page, action)
    return tablet.send(page, action, **(other.get(name_of(page)) or CALM[name_of(page)]))


def walk(tablet: Visitor, page: Page, until: str, /, **other: Mapping[str, Value]) -> Page:
    """On to the page whose form goes to an address."""
    for _page in range(80):
        if page_form(page) == until:
            return page
        page = step(tablet, page, **other)
    raise AssertionError(f"never came to {until}")
