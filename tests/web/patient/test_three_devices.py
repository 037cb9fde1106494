"""Three devices on one invited form, whatever they do: nothing acknowledged is lost, overwritten unseen, or sent twice.

A model keeps, for each page, the answers that were acknowledged last; every step is held against what is stored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from intake.storage.drafts import DRAFTS
from intake.storage.intakes import INTAKES
from intake.workflow.desk import invitations
from intake.workflow.desk.identity import Identity
from intake.workflow.desk.visits import Practitioner
from tests.support.desk import booked
from tests.support.invited import BORN, DAY, come_in, path_of
from tests.support.journeys import CALM, Answers, name_of

if TYPE_CHECKING:
    from random import Random

    from tests.support.campaigns import Campaign
    from tests.support.client import Page, Visitor
    from tests.support.practice import Practice

DEVICES = 3
STEPS_OF_ONE_FORM = 50
PAUSE = timedelta(days=7)
CHOICES: dict[str, list[Answers]] = {
    "began": [
        {"pain_onset": onset, "pain_course": course}
        for onset in ("gradual", "sport_or_strain")
        for course in ("same", "better")
    ],
    "strength": [{**CALM["strength"], "pain_average": number, "pain_worst": "9"} for number in ("2", "4", "6")],
    "pattern": [{"pain_spread": "stays", "pain_pattern": [pattern]} for pattern in ("with_movement", "touch_sore")],
}
FACTS = {"began": ("pain_onset", "pain_course"), "strength": ("pain_average",), "pattern": ("pain_pattern",)}


@dataclass
class Device:
    """A browser, whether it is in, and the page that it shows with what that page was filled from."""

    visitor: Visitor
    is_in: bool = False
    page: Page | None = None
    filled_from: Answers | None = None


@dataclass
class Form:
    """One form, its devices, and the model: the answers acknowledged last, by page."""

    practice: Practice
    random: Random
    visit: str
    link: str
    devices: list[Device]
    saved: dict[str, Answers] = field(default_factory=dict)
    sent: bool = False
    conflicts: int = 0

    def step(self) -> None:
        """One thing that one device does."""
        device = self.random.choice(self.devices)
        act = self.random.choices(
            (self.show, self.post, self.come, self.leave, self.hand_over, self.send, self.pause, self.revoke),
            (30, 40, 10, 4, 6, 2, 1, 1),
        )[0]
        act(device)
        self.check()

    def show(self, device: Device) -> None:
        """Open a page of questions, or reload it."""
        name = self.random.choice(sorted(CHOICES))
        page = device.visitor.get(f"/q/{name}")
        assert (page.path == f"/q/{name}") is (device.is_in and not self.sent), page.path
        device.page, device.filled_from = (page, self.saved[name]) if page.path == f"/q/{name}" else (None, None)

    def post(self, device: Device) -> None:
        """Send the page that is shown, however old it is; sometimes twice."""
        if device.page is None:
            return
        name = name_of(device.page.path)
        answers = self.random.choice(CHOICES[name])
        for _time in range(self.random.choice((1, 1, 2))):
            page = device.visitor.send(device.page, **answers)
            if not device.is_in or self.sent:
                assert page.path in {"/", "/done"}
            elif self.saved[name] in (device.filled_from, answers):
                assert (page.path, page.status) == ("/check", 200), page.main
                self.saved[name] = answers
            else:
                assert page.status == 409
                assert "Saved before" in page.main
                assert "Just sent from this page" in page.main
                self.conflicts += 1
                return

    def come(self, device: Device) -> None:
        """Come in by the link."""
        page = come_in(device.visitor, self.link, **DAY)
        assert page.path == ("/copy" if self.sent else "/check"), page.main
        device.is_in = True

    def leave(self, device: Device) -> None:
        """Take the way to the form off the device."""
        if device.is_in and not self.sent:
            device.visitor.send(device.visitor.get("/later"), "/leave")
            device.is_in = False

    def hand_over(self, device: Device) -> None:
        """Go on with another device by four words."""
        if not device.is_in or self.sent:
            return
        shown = device.visitor.send(device.visitor.get("/move"), "/move")
        words = next("".join(part.itertext()) for part in shown.tree.iter() if part.get("class") == "ref")
        other = self.random.choice(self.devices)
        assert other.visitor.send(other.visitor.get("/move/in"), "/move/in", words=words, **DAY).path == "/check"
        other.is_in = True
        self.practice.clock.now += timedelta(hours=1)  # so that 30 guesses in a quarter of an hour are not reached

    def send(self, device: Device) -> None:
        """Send the form, twice."""
        if not device.is_in or self.sent:
            return
        check = device.visitor.get("/check")
        for _time in range(2):
            assert device.visitor.send(check, "/send").path == "/done"
        self.sent = True

    def pause(self, _device: Device) -> None:
        """Nobody does anything for a week."""
        self.practice.clock.now += PAUSE

    def revoke(self, _device: Device) -> None:
        """The desk takes the invitation back, and invites again."""
        desk = Practitioner(0)
        invitations.revoke(self.practice.clinic, self.visit, desk)
        for each in self.devices:
            assert each.visitor.get("/resume").path == "/"
            each.is_in = False
        self.link = path_of(invitations.link(self.practice.clinic, self.visit, desk))

    def check(self) -> None:
        """One draft and at most one intake, with exactly what was acknowledged."""
        with self.practice.clinic.database.read() as connection:
            mine = select(DRAFTS.c.id, DRAFTS.c.answers).where(DRAFTS.c.visit_id == self.visit)
            (draft,) = connection.execute(mine).all()
            count = select(func.count()).select_from(INTAKES).where(INTAKES.c.draft_id == draft.id)
            assert connection.scalar(count) == int(self.sent)
        stored = {fact: plain(draft.answers[fact]) for name in self.saved for fact in FACTS[name]}
        assert stored == {fact: self.saved[name][fact] for name in self.saved for fact in FACTS[name]}


def plain(answer: object) -> object:
    """A stored answer as a form sends it."""
    return str(answer) if isinstance(answer, int) else answer


def new_form(practice: Practice, random: Random) -> Form:
    """A form that is answered up to the check page, on one of three devices."""
    begins = datetime(2030, 1, 1, 9, tzinfo=UTC)
    visit = booked(practice.clinic, Identity("Ada Byron", BORN), begins)
    link = path_of(invitations.link(practice.clinic, visit, Practitioner(0)))
    devices = [Device(practice.visitor()) for _device in range(DEVICES)]
    page = come_in(devices[0].visitor, link)
    while page.path != "/check":
        answers = CALM[name_of(page.path)]
        page = devices[0].visitor.send(page, **({**answers, **DAY} if page.path == "/q/about" else answers))
    devices[0].is_in = True
    return Form(practice, random, visit, link, devices, {name: CALM[name] for name in CHOICES})


@pytest.mark.both_databases
def test_three_devices_lose_nothing_and_overwrite_nothing_unseen(practice: Practice, campaign: Campaign) -> None:
    steps, conflicts, sent, done = campaign.rounds(100, 10_000), 0, 0, 0
    while done < steps:
        form = new_form(practice, campaign.random)
        for _step in range(STEPS_OF_ONE_FORM):
            form.step()
        done += STEPS_OF_ONE_FORM
        conflicts, sent = conflicts + form.conflicts, sent + form.sent
    assert conflicts > 0
    campaign.tried(
        f"steps of three devices, {conflicts:,} stale pages that showed both answers, {sent} forms sent", done
    )
