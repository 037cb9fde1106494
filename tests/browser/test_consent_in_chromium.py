"""Consent in Chromium: marked on the map, signed on the tablet with and without scripts, signed again; open to all."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from intake.workflow.desk import tablets
from intake.workflow.review.consent import opening, standing
from intake.workflow.review.consent.signatures import is_drawn
from intake.workflow.review.consent.signing import SigningWay
from tests.support.browser import PHONE, TABLET_UPRIGHT, person
from tests.support.consents import Given, at_the_visit, planned, prepared
from tests.support.page_inspection import Inspection
from tests.support.practice import Practice, enter, open_practice
from tests.support.server import serving
from tests.support.tablets import BORN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Window

pytestmark = pytest.mark.browser
KEY = "0f" * 20
DEVICE = "d" * 32
LAPTOP = (1366, 768)
PICTURES = os.environ.get("PICTURES", "")  # a folder for pictures of every page, where somebody wants to look at them


class Room(NamedTuple):
    """A clinic behind a server, with one tablet and a patient who has arrived."""

    practice: Practice
    origin: str
    given: Given


@pytest.fixture
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A room of the test's own."""
    folder = tmp_path_factory.mktemp("practice")
    practice = open_practice(folder / "instance", f"sqlite:///{folder / 'db' / 'intake.sqlite3'}")
    practice.account()
    given = at_the_visit(practice)
    tablets.add(practice.clinic, DEVICE, "Room 1", "123456", given.by)
    assert tablets.enrol(practice.clinic, "123456", KEY, "network")
    with serving(practice.app) as origin:
        yield Room(practice, origin, given)
    practice.clinic.database.close()


@contextmanager
def tablet(browser: Browser, room: Room, *, scripts: bool = True) -> Iterator[Window]:
    """The tablet's window."""
    with person(browser, room.origin, scripts=scripts, size=TABLET_UPRIGHT) as window:
        window.context.add_cookies([{"name": "intake_device", "value": KEY, "url": room.origin, "httpOnly": True}])
        yield window


def picture(window: Window, name: str) -> None:
    """A picture of the whole page, where somebody wants to look."""
    if PICTURES:
        window.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def open_sheet(window: Window) -> None:
    """From the start page of the tablet to the sheet, by birth date."""
    window.goto("/tablet")
    window.get_by_role("link", name="Sign a consent sheet").click()
    for name, value in BORN.items():
        window.locator(f"[name={name}]").fill(value)
    with window.expect_navigation():
        window.get_by_role("button", name="Open the sheet").click()
    window.wait_for_selector("text=Sign, one way or the other")


def state(room: Room) -> standing.ConsentStanding:
    with room.practice.clinic.database.read() as connection:
        return standing.of_intake(connection, room.practice.clinic.keys, room.given.intake_id)


def drawn(room: Room) -> str:
    """The drawing under the sheet that was signed last."""
    found = state(room).consent
    assert found is not None
    return opening.load(room.practice.clinic, found.id, "test").signature["drawing"]


def scribble(window: Window) -> None:
    """Draw on the pad."""
    window.locator(".pad svg").scroll_into_view_if_needed()
    box = window.locator(".pad svg").bounding_box()
    assert box is not None
    window.mouse.move(box["x"] + 20, box["y"] + 40)
    window.mouse.down()
    for step in range(1, 30):
        window.mouse.move(box["x"] + 20 + step * 8, box["y"] + 40 + (step % 5) * 9)
    window.mouse.up()


def test_from_the_map_to_both_signatures(room: Room, browser: Browser) -> None:
    with person(browser, room.origin, size=LAPTOP) as staff, tablet(browser, room) as window:
        enter(staff)
        staff.goto(f"/review/{room.given.intake_id}")
        staff.get_by_role("link", name="Plan and consent").click()
        for view, region in (("front", "shoulder_top_right"), ("back", "low_back_left")):
            staff.locator(f"#{view} [for=r-{region}]").click()
            assert staff.locator(f"#r-{region}").is_checked()
        staff.locator("label[for=stimulation-no]").click()
        staff.get_by_role("button", name="Save the plan").click()
        staff.wait_for_selector("#sheet")
        picture(staff, "staff-planned")
        staff.locator("label[for=talked]").click()
        staff.locator("label[for=way-tablet]").click()
        staff.get_by_role("button", name="Make the sheet").click()
        staff.wait_for_selector("text=A sheet waits for the patient")
        open_sheet(window)
        picture(window, "tablet-sheet")
        scribble(window)
        window.locator("label[for=copy-print]").click()
        picture(window, "tablet-drawn")
        with window.expect_navigation():
            window.get_by_role("button", name="I agree and sign").click()
        window.wait_for_selector("text=Please give the tablet back.")
        picture(window, "tablet-done")
        assert is_drawn(drawn(room))
        assert state(room).waits
        for _back in range(3):
            window.go_back(wait_until="load")
            assert "blood thinner" not in window.content()
        staff.reload()
        picture(staff, "staff-second")
        staff.get_by_label("Type your name").fill("Rita Patel")
        staff.locator("label[for=handed-print]").click()
        staff.get_by_role("button", name="Sign", exact=True).click()
        staff.wait_for_selector("text=Consent: given")
        picture(staff, "staff-given")
        staff.goto(f"/review/{room.given.intake_id}")
        picture(staff, "review-given")
        staff.goto("/desk?day=2026-11-23")
        picture(staff, "desk-given")
    assert state(room).state is standing.ConsentState.GIVEN


def test_without_scripts_the_typed_name_counts_the_same(room: Room, browser: Browser) -> None:
    planned(room.practice, room.given)
    prepared(room.practice, room.given, SigningWay.TABLET, DEVICE)
    with tablet(browser, room, scripts=False) as window:
        open_sheet(window)
        assert not window.locator(".pad").is_visible()
        window.get_by_role("button", name="I agree and sign").click()
        window.wait_for_selector(".errors")
        picture(window, "tablet-refused")
        window.get_by_label("Type your name").fill("Alex Morgan")
        window.locator("label[for=copy-none]").click()
        window.get_by_role("button", name="I agree and sign").click()
        window.wait_for_selector("text=Please give the tablet back.")
    assert state(room).waits


def test_the_pad_takes_a_finger_and_can_be_emptied(room: Room, browser: Browser) -> None:
    planned(room.practice, room.given)
    prepared(room.practice, room.given, SigningWay.TABLET, DEVICE)
    with tablet(browser, room) as window:
        open_sheet(window)
        scribble(window)
        assert is_drawn(window.locator("[name=drawing]").input_value())
        window.get_by_role("button", name="Draw again").click()
        assert window.locator("[name=drawing]").input_value() == ""
        window.locator(".pad svg").evaluate(
            """pad => {
              const box = pad.getBoundingClientRect();
              pad.setPointerCapture = () => {};
              const send = (type, x, y) => pad.dispatchEvent(new PointerEvent(type, {pointerId: 7, pointerType: "touch",
                isPrimary: true, clientX: box.left + x, clientY: box.top + y, bubbles: true, cancelable: true}));
              send("pointerdown", 10, 10);
              for (let step = 0; step < 20; step++) send("pointermove", 10 + step * 5, 20 + step % 3);
              send("pointerup", 110, 20);
              send("pointermove", 5, 5);
            }"""
        )
        path = window.locator("[name=drawing]").input_value()
        assert is_drawn(path)
        assert path.count("M") == 1


def test_every_page_is_open_to_all_and_fits_every_window(room: Room, browser: Browser) -> None:
    with person(browser, room.origin) as staff:
        inspect = Inspection(staff, (PHONE, TABLET_UPRIGHT, LAPTOP))
        enter(staff)
        home = f"/review/{room.given.intake_id}/consent"
        staff.goto(home)
        inspect("without a plan")
        staff.get_by_role("button", name="Save the plan").click()
        staff.wait_for_selector(".errors")
        inspect("refused")
        planned(room.practice, room.given, stimulation=True)
        prepared(room.practice, room.given, SigningWay.PAPER)
        staff.goto(home)
        staff.locator("details").evaluate_all("all => all.forEach(details => { details.open = true })")
        inspect("to be signed on paper")
        picture(staff, "staff-paper")
        staff.set_viewport_size({"width": 360, "height": 740})
        picture(staff, "staff-phone")
        prepared(room.practice, room.given, SigningWay.TABLET, DEVICE)
        assert not inspect.faults, "\n".join(inspect.faults)
    with tablet(browser, room) as window:
        inspect = Inspection(window, (TABLET_UPRIGHT, (1280, 800), (768, 1024)))
        window.goto("/tablet/consent")
        inspect("birth date")
        picture(window, "tablet-whose")
        open_sheet(window)
        inspect("sheet")
    assert not inspect.faults, "\n".join(inspect.faults)


def test_on_the_patients_phone(room: Room, browser: Browser) -> None:
    planned(room.practice, room.given)
    consent_id = prepared(room.practice, room.given, SigningWay.PHONE)
    link = opening.link(room.practice.clinic, consent_id, room.given.by)
    with person(browser, room.origin) as phone:
        inspect = Inspection(phone, (PHONE, (320, 640)))
        phone.goto("/l/" + link.rpartition("/")[2])
        for name, value in BORN.items():
            phone.locator(f"[name={name}]").fill(value)
        phone.locator("main button[type=submit]").last.click()
        phone.wait_for_selector("text=Sign, one way or the other")
        inspect("sheet")
        phone.set_viewport_size({"width": 360, "height": 740})
        picture(phone, "phone-sheet")
        scribble(phone)
        phone.locator("label[for=copy-download]").click()
        phone.get_by_role("button", name="I agree and sign").click()
        phone.wait_for_selector("text=Your practitioner signs next")
        inspect("signed")
        picture(phone, "phone-signed")
    assert not inspect.faults, "\n".join(inspect.faults)
    assert state(room).waits
