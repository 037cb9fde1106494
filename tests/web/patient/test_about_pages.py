"""The pages about needling: for everybody, fitted to what this patient marked, never after the form was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intake.app import pages_about_needling
from tests.support import lint
from tests.support.apps import CLINIC, Clock, make
from tests.support.client import Visitor
from tests.support.journeys import walk
from tests.support.weight import KB, weight

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.apps import MakeApp
    from tests.support.client import Page

SVG = "{http://www.w3.org/2000/svg}"
NAMES = [page.name for page in pages_about_needling().pages]
LUNG = "A hole in the lung"
MARK = "Marked on the map"
NO_SHOULDER = "Not each place marked on the map"


def links(page: Page) -> set[str]:
    return {element.get("href", "") for element in page.tree.iter("a")}


def after_marking(visitor: Visitor, *places: str) -> Visitor:
    """A patient who has marked these places and stands at the next page."""
    walk(visitor, "/q/reason", pain_where={"pain_regions": list(places)})
    return visitor


def test_they_are_found_from_the_start_without_a_form(visitor: Visitor) -> None:
    assert "/about/" in links(visitor.get("/"))
    assert links(visitor.get("/about/")) >= {f"/about/{name}" for name in NAMES}
    assert visitor.client.get_cookie("intake_draft") is None


def test_the_question_whether_needling_is_wanted_leads_to_them(visitor: Visitor) -> None:
    page = walk(visitor, "/q/needles")
    assert "/about/" in links(page)
    assert "/about/" not in links(visitor.get("/q/danger"))


def test_a_page_that_is_not_there_is_not_found(visitor: Visitor) -> None:
    assert visitor.get("/about/horses").status == 404


@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_small_and_names_its_sources_at_the_foot(visitor: Visitor, name: str) -> None:
    page = visitor.get(f"/about/{name}")
    assert weight(page) <= 14 * KB
    cites = [lint.text_of(element) for element in page.tree.iter("cite")]
    named = {part.strip(" ()") for text in cites if text.startswith("(") for part in text.split(";")}
    foot = {text.partition(":")[0] for text in cites if not text.startswith("(")}
    assert named == foot


def test_a_picture_says_the_same_in_words(visitor: Visitor) -> None:
    page = visitor.get("/about/works")
    picture = next(element for element in page.tree.iter(f"{SVG}svg") if element.get("role") == "img")
    words = " ".join(picture.get("aria-label", "").split())
    assert words == "25 felt better because of the needles. For 75, fake needles would have done the same."
    assert [use.get("class") for use in picture.iter(f"{SVG}use")].count("on") == 25


def test_without_a_form_every_risk_and_every_place_is_there(visitor: Visitor) -> None:
    assert LUNG in visitor.get("/about/risks").main
    works = visitor.get("/about/works").main
    assert MARK not in works
    assert "Other places" not in works


@pytest.mark.parametrize(
    ("places", "shown"),
    [
        (["knee_right"], False),
        (["knee_right", "upper_back_left"], True),
        (["low_back_left"], True),
        (["elbow_left"], True),
        (["not_sure"], True),
    ],
)
def test_the_lung_is_told_where_a_needle_may_go_near_it(visitor: Visitor, places: list[str], shown: bool) -> None:
    risks = after_marking(visitor, *places).get("/about/risks").main
    assert (LUNG in risks) is shown
    assert ("The lung is left out" in risks) is not shown


def test_the_marked_place_stands_first_and_the_others_fold(visitor: Visitor) -> None:
    page = after_marking(visitor, "neck_left").get("/about/works")
    folded = lint.text_of(next(page.tree.iter("details")))
    assert page.main.count(MARK) == 1
    assert "In 28 studies" in page.main
    assert "In 28 studies" not in folded
    assert "In 7 studies with 320 people" in folded
    assert NO_SHOULDER not in page.main


def test_a_marked_place_without_studies_is_said_to_have_none(visitor: Visitor) -> None:
    assert NO_SHOULDER in after_marking(visitor, "shoulder_left").get("/about/works").main


def test_nothing_of_the_patient_is_there_once_the_form_is_sent(visitor: Visitor) -> None:
    page = walk(visitor, pain_where={"pain_regions": ["low_back_left"]})
    assert MARK in visitor.get("/about/works").main
    visitor.send(page, "/send")
    assert MARK not in visitor.get("/about/works").main


def test_the_way_back_to_saved_answers_stays_open(visitor: Visitor) -> None:
    assert "/resume" not in links(visitor.get("/about/"))
    assert "/resume" in links(after_marking(visitor, "knee_right").get("/about/"))


def test_the_clinics_country_says_what_training_is_usual(make_app: MakeApp) -> None:
    canada = Visitor(make_app(country="CA").test_client(), CLINIC).get("/about/who").main
    assert "British Columbia" in canada
    assert "We have read none" not in canada


def test_elsewhere_it_is_said_that_nothing_was_read(visitor: Visitor) -> None:
    page = visitor.get("/about/who").main
    assert "We have read none" in page
    assert "British Columbia" not in page
    assert "We have not put this on the page yet" in page


def test_the_card_of_whoever_needles_here_is_shown(tmp_path: Path, database_url: str) -> None:
    instance = tmp_path / "clinic"
    instance.mkdir(mode=0o700)
    card = "{name: Rita Patel, profession: Physiotherapist, registration: PH 123, training: Gunn IMS, since: 2016}"
    (instance / "practitioners.yaml").write_text(f"practitioners:\n- {card}\n")
    app = make(instance, database_url, Clock())
    page = Visitor(app.test_client(), CLINIC).get("/about/who").main
    assert all(word in page for word in ("Rita Patel", "Physiotherapist", "PH 123", "Gunn IMS", "2016"))
    assert "We have not put this on the page yet" not in page
