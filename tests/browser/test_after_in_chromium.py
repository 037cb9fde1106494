"""From the treatment to a check-in with a red flag, in Chromium: with and without scripts, in every window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from intake.storage.links import Purpose
from intake.workflow.patient.aftercare import check_in
from intake.workflow.review.people import Practitioner
from intake.workflow.review.treatment import sending
from tests.support.browser import PHONE, TABLET_UPRIGHT, person
from tests.support.invited import mails
from tests.support.page_inspection import Inspection
from tests.support.practice import Practice, enter
from tests.support.served import come_in, served_practice
from tests.support.treated import arrive, mailing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
DESKTOP = (1366, 768)
SIZES = (PHONE, TABLET_UPRIGHT, DESKTOP)


class Served:
    """A practice behind a server, with somebody who has arrived."""

    def __init__(self, practice: Practice, origin: str) -> None:
        self.practice, self.origin = practice, origin
        self.by = Practitioner(practice.account())
        self.intake_id = practice.sent({"wants_needling": "unsure"}, email="ada@mail.example").intake_id
        arrive(practice.clinic, self.intake_id)

    def later(self) -> str:
        """A later form of the same person, with less pain and one finding less."""
        self.practice.clock.now += timedelta(minutes=5)
        return self.practice.sent({"pain_average": "2"}, email="ada@mail.example").intake_id

    def link(self, purpose: Purpose) -> str:
        """The path of a link that staff hand on."""
        made = sending.show(self.practice.clinic, self.intake_id, purpose, self.by)
        return made.removeprefix(self.practice.clinic.duty.base)

    def mailed(self) -> str:
        """The path of the link in the newest mail."""
        text = str(mails(self.practice)[0]["text"])
        return text[text.index("/l/") :].split(maxsplit=1)[0]


@pytest.fixture
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A practice of the test's own."""
    with served_practice(tmp_path_factory.mktemp("practice")) as (practice, origin):
        yield Served(practice, origin)


def mark(page: Page, *regions: str) -> None:
    """Open the list of the map, and tick regions in it."""
    closed = page.locator(".list details:not([open]) summary")
    while closed.count():
        closed.first.click()
    for region in regions:
        page.locator(f"#r-{region}").check(force=True)


def record(page: Page) -> None:
    """Record a treatment: six needles in, six out."""
    page.get_by_role("link", name="Record what was done").click()
    page.wait_for_url("**/treatment")
    mark(page, "shoulder_top_right", "low_back_left")
    page.get_by_label("In", exact=True).fill("6")
    page.get_by_label("Out", exact=True).fill("6")
    page.locator("#stimulation-no").check(force=True)
    page.locator("#reactions-none").check(force=True)
    page.get_by_role("button", name="Save the record").click()
    page.wait_for_selector("#treated dl")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_the_needles_to_a_red_flag_two_days_later(served: Served, browser: Browser, *, scripts: bool) -> None:
    practice = served.practice
    with (
        person(browser, served.origin, scripts=scripts, size=DESKTOP) as desk,
        person(browser, served.origin, scripts=scripts) as phone,
    ):
        enter(desk)
        desk.goto(f"/review/{served.intake_id}")
        record(desk)
        assert "6 in, 6 out" in desk.locator("#treated").inner_text()
        practice.clock.now += timedelta(hours=48)
        check_in.ask(mailing(practice.clinic))
        enter(desk)
        desk.goto(f"/review/{served.intake_id}")
        assert "Not answered" in desk.locator("#treated").inner_text()
        come_in(phone, served.mailed())
        phone.get_by_role("button", name="Start").click()
        phone.wait_for_url("**/q/since_needling")
        phone.locator("input[value='breathless_or_chest_pain']").check(force=True)
        phone.get_by_role("button", name="Continue").click()
        phone.wait_for_url("**/q/since_needling/stop")
        assert "Call 112" in phone.locator("main").inner_text()
        desk.goto("/review/alarms")
        assert "Ada Lovelace" in desk.locator("main").inner_text()
        desk.goto(f"/review/{served.intake_id}")
        assert "Begun, not sent" in desk.locator("#treated").inner_text()


def of_staff(page: Page, inspect: Inspection, served: Served) -> None:
    """The record, empty, refused and kept; the event, refused and kept; a link that is shown once."""
    enter(page)
    page.goto(f"/review/{served.intake_id}/treatment")
    page.locator("details").evaluate_all("all => all.forEach(details => { details.open = true })")
    inspect("empty")
    page.get_by_role("button", name="Save the record").click()
    page.wait_for_selector(".errors")
    inspect("refused")
    page.goto(f"/review/{served.intake_id}")
    record(page)
    page.goto(f"/review/{served.intake_id}/event")
    page.get_by_role("button", name="Record it").click()
    page.wait_for_selector(".errors")
    inspect("event refused")
    page.locator("#kind-lung").check(force=True)
    page.locator("#grade-3").check(force=True)
    page.get_by_label("What happened, and what was done").fill("Breathless at night; drain in hospital.")
    page.locator("#concept").select_option("prior_pneumothorax")
    page.get_by_role("button", name="Record it").click()
    page.wait_for_selector("#treated dl")
    inspect("recorded")
    page.goto("/review/check-ins")
    inspect("check-ins")
    page.goto(f"/review/{served.later()}")
    assert "Found on 22 Nov 2026, and not now" in page.locator("#vanished").inner_text()
    assert page.locator("#course tbody tr").nth(0).inner_text().split()[-2:] == ["4", "3.3"]
    assert page.locator("#course tbody tr").nth(1).inner_text().split()[-2:] == ["4", "2"]
    inspect("course")
    page.goto(f"/review/{served.intake_id}")
    page.get_by_role("button", name="Link to what to know").click()
    page.get_by_role("heading", name="A link to hand on").wait_for()
    inspect("link")


def of_the_patient(page: Page, inspect: Inspection, served: Served) -> None:
    """What to know, and the check-in: before it, its question, its card, afterwards."""
    come_in(page, served.link(Purpose.AFTERCARE))
    page.wait_for_url("**/l/aftercare")
    inspect("aftercare")
    come_in(page, served.link(Purpose.CHECKIN))
    page.wait_for_url("**/l/check-in")
    inspect("check-in")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/q/since_needling")
    inspect("question")
    page.locator("input[value='new_weakness']").check(force=True)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_selector(".care")
    inspect("card")


def test_every_page_is_open_to_all_and_fits_every_window(served: Served, browser: Browser) -> None:
    with person(browser, served.origin) as page:
        inspect = Inspection(page, SIZES)
        of_staff(page, inspect, served)
        of_the_patient(page, inspect, served)
    assert not inspect.faults, "\n".join(inspect.faults)
