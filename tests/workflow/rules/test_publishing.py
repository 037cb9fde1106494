"""A rule book comes into force by every step in its order, by two people, in one transaction; or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from signal import SIGKILL
from threading import Barrier

import pytest
from sqlalchemy import update

from intake.engine.book.rulebook import Rulebook
from intake.engine.read.overlay import read_overlay
from intake.errors import DataFileError, IntakeError, MissingExtraError, Problem, PublishingError
from intake.storage import archive, audit, rulebooks
from intake.storage.publications import PUBLICATIONS
from intake.workflow.keeping import accounts
from intake.workflow.keeping.accounts import Account, NewAccount
from intake.workflow.rules import extra, publishing, stages
from intake.workflow.rules.stages import Stage
from intake.workflow.shared.clinic import Books
from tests.engine.small import CALM, REVIEWED
from tests.support import publisher
from tests.support.books import HEADACHE, MILD, REFUSES, book
from tests.support.small_clinic import NEEDLES, SmallClinic

AUTHOR, SECOND = "author@clinic.example", "second@clinic.example"
SHIPPED = book(REFUSES, HEADACHE)
SOFTER = book(MILD, HEADACHE, version="2")
WORDED = book({**REFUSES, "title": "In other words"}, HEADACHE, version="2")


@dataclass(slots=True)
class Press:
    """A clinic with two members of staff and rule books."""

    clinic: SmallClinic

    def act(self, email: str = AUTHOR) -> tuple[SmallClinic, Account]:
        self.clinic.tick()
        return self.clinic, publishing.account_of(self.clinic, email)

    def use(self, shipped: Rulebook, overlaid: Callable[[Rulebook], Rulebook] = lambda merged: merged) -> None:
        """Work with these rule books from now on."""
        self.clinic = replace(self.clinic, books=Books(shipped, overlaid))

    def in_force(self) -> Rulebook:
        return self.clinic.rulebook()

    def state(self, number: int) -> str:
        return stages.record(self.clinic, number).publication.state

    def reach(self, draft: Rulebook, state: Stage) -> int:
        """A draft that has come as far as that."""
        number = publishing.draft(*self.act(), draft)
        for step in STEPS[: ORDER.index(state)]:
            step(self, number)
        assert self.state(number) == state
        return number


def reason_and_read(press: Press, number: int) -> None:
    for loss in stages.record(press.clinic, number).losses:
        publishing.give_reason(*press.act(), number, loss.concept, "Agreed in the team meeting.")
    publishing.acknowledge(*press.act(), number)


ORDER = (Stage.DRAFT, Stage.COMPARED, Stage.READ, Stage.APPROVED, Stage.LIVE)
STEPS: tuple[Callable[[Press, int], object], ...] = (
    lambda press, number: publishing.examine(*press.act(), number),
    reason_and_read,
    lambda press, number: publishing.approve(*press.act(SECOND), number),
    lambda press, number: publishing.publish(*press.act(), number),
)
ACTS: dict[str, Callable[[Press, int], object]] = {
    "examine": STEPS[0],
    "acknowledge": lambda press, number: publishing.acknowledge(*press.act(), number),
    "reason": lambda press, number: publishing.give_reason(*press.act(), number, "wants_needling", "Because."),
    "approve": STEPS[2],
    "publish": STEPS[3],
    "withdraw": lambda press, number: publishing.withdraw(*press.act(), number),
}
ALLOWED = {
    Stage.DRAFT: {"examine", "withdraw"},
    Stage.COMPARED: {"examine", "withdraw", "acknowledge", "reason"},
    Stage.READ: {"examine", "withdraw", "reason", "approve"},
    Stage.APPROVED: {"examine", "withdraw", "publish"},
    Stage.LIVE: set[str](),
    Stage.RETIRED: set[str](),
    Stage.WITHDRAWN: set[str](),
}


@pytest.fixture
def press(clinic: SmallClinic) -> Press:
    for email in (AUTHOR, SECOND):
        clinic.tick()
        accounts.add(clinic, NewAccount(email, "", email), "test")
    press = Press(clinic)
    press.use(SHIPPED)
    return press


def test_the_shipped_book_is_in_force_and_kept_from_the_start(press: Press) -> None:
    assert press.in_force().sha256 == SHIPPED.sha256
    with press.clinic.database.read() as connection:
        assert rulebooks.content(connection, SHIPPED.sha256) == SHIPPED.content


def test_a_book_that_went_every_step_is_in_force_for_a_running_process(press: Press) -> None:
    assert press.in_force() is SHIPPED
    number = press.reach(SOFTER, Stage.LIVE)
    assert press.in_force().sha256 == SOFTER.sha256
    assert press.in_force() is press.in_force()
    with press.clinic.database.read() as connection:
        assert rulebooks.content(connection, SOFTER.sha256) == SOFTER.content
        assert audit.first_broken(connection, press.clinic.keys) is None
        entries = audit.of_object(connection, "rulebook", str(number))
    assert [(entry.action.removeprefix("rulebook_"), entry.actor) for entry in entries] == [
        ("drafted", "staff:1"),
        ("checked", "staff:1"),
        ("compared", "staff:1"),
        ("reason_given", "staff:1"),
        ("reason_given", "staff:1"),
        ("read", "staff:1"),
        ("approved", "staff:2"),
        ("published", "staff:1"),
    ]


def test_no_step_can_be_skipped_or_taken_twice(press: Press) -> None:
    number = press.reach(SOFTER, Stage.APPROVED)
    for state, allowed in ALLOWED.items():
        with press.clinic.database.begin() as connection:
            connection.execute(update(PUBLICATIONS).values(state=state))
        before = stages.record(press.clinic, number)
        for name in ACTS.keys() - allowed:
            with pytest.raises(PublishingError, match=f"Rule book {number}: "):
                ACTS[name](press, number)
        assert stages.record(press.clinic, number) == before


def test_faults_keep_a_draft_a_draft_and_are_told(press: Press) -> None:
    wrong = {**REFUSES, "examples": {**REFUSES["examples"], "fires": [{"wants_needling": "yes"}]}}
    late = book(
        wrong, HEADACHE, {**HEADACHE, "id": "twin"}, version="2", reviewed={**REVIEWED, "again_by": "2026-03-01"}
    )
    number = publishing.draft(*press.act(), late)
    faults = publishing.examine(*press.act(), number)
    assert any("example 1 of `fires` does not hold" in fault for fault in faults)
    assert any("was to be reviewed again by 2026-03-01" in fault for fault in faults)
    twins = "P3 no duplicate: main-reason-headache: fires exactly when twin does, at the same levels and place"
    assert f'{twins} (fires and fires); {{"main_reason": "headache"}}' in faults
    assert press.state(number) == Stage.DRAFT
    assert stages.record(press.clinic, number).publication.report == faults


def test_every_lost_stop_is_found_with_a_patient_and_the_intakes_that_lose_it(press: Press) -> None:
    for answer in ("no", "no", "yes"):
        press.clinic.send(
            press.clinic.save(
                press.clinic.start(answer + str(press.clinic.number())), NEEDLES, {"wants_needling": answer}
            ),
            SHIPPED,
        )
    number = press.reach(SOFTER, Stage.COMPARED)
    losses = stages.record(press.clinic, number).losses
    assert [(loss.concept, loss.level, loss.shown, loss.intakes) for loss in losses] == [
        ("wants_needling", "avoid_area", {"wants_needling": "no"}, 2),
        ("wants_needling", "do_not_needle", {"wants_needling": "no"}, 2),
    ]
    report = stages.record(press.clinic, number).publication.report
    assert "3 intakes, 2 change" in report
    assert "do_not_needle: given to others" in report


def test_without_the_solver_nothing_is_examined(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    number = press.reach(WORDED, Stage.DRAFT)
    monkeypatch.setattr(extra, "find_spec", lambda _name: None)
    with pytest.raises(
        MissingExtraError, match=r"This needs the extra `rules`: `pip install 'needling-intake\[rules\]'`"
    ):
        publishing.examine(*press.act(), number)
    assert press.state(number) == Stage.DRAFT


def test_a_place_that_is_free_again_is_a_loss_with_its_intakes(press: Press) -> None:
    avoided = {**REFUSES, "needling": "avoid_area", "where": ["neck"]}
    press.use(book(avoided, HEADACHE))
    draft = press.clinic.save(press.clinic.start(), NEEDLES, {"wants_needling": "no", "needle_fear": 3})
    press.clinic.send(draft, press.clinic.books.shipped)
    number = press.reach(book({**avoided, "where": ["tailbone"]}, HEADACHE, version="2"), Stage.COMPARED)
    losses = stages.record(press.clinic, number).losses
    assert [(loss.concept, loss.level, loss.intakes) for loss in losses] == [("wants_needling", "avoid_area", 1)]
    report = stages.record(press.clinic, number).publication.report or ()
    moved = "wants-needling-no fires (avoid_area, none), no longer at some places, at new places"
    assert {"1 intakes, 1 change", f"  {moved}: 1"} <= set(report)
    number = press.reach(
        book({**avoided, "needling": "precaution", "if_unknown": CALM}, HEADACHE, version="2"), Stage.COMPARED
    )
    (loss,) = stages.record(press.clinic, number).losses
    assert (loss.level, loss.intakes) == ("avoid_area", 1)


def test_a_lost_stop_without_a_reason_is_not_approved(press: Press) -> None:
    number = press.reach(SOFTER, Stage.COMPARED)
    publishing.acknowledge(*press.act(), number)
    with pytest.raises(PublishingError, match="needs a written reason: wants_needling"):
        publishing.approve(*press.act(SECOND), number)
    for words in ("", "  \n"):
        with pytest.raises(PublishingError, match="needs words"):
            publishing.give_reason(*press.act(), number, "wants_needling", words)
    with pytest.raises(PublishingError, match="Nobody would lose `main_reason`; what is lost: wants_needling"):
        publishing.give_reason(*press.act(), number, "main_reason", "Because.")
    publishing.give_reason(*press.act(), number, "wants_needling", "Agreed.")
    publishing.approve(*press.act(SECOND), number)
    assert press.state(number) == Stage.APPROVED


def test_a_reason_stands_when_the_draft_is_examined_again(press: Press) -> None:
    number = press.reach(SOFTER, Stage.APPROVED)
    publishing.examine(*press.act(), number)
    record = stages.record(press.clinic, number)
    assert {loss.reason for loss in record.losses} == {"Agreed in the team meeting."}
    assert (record.publication.state, record.publication.approved_by) == (Stage.COMPARED, None)


def test_its_author_cannot_be_the_second_person(press: Press) -> None:
    number = press.reach(SOFTER, Stage.READ)
    for spelling in (AUTHOR, AUTHOR.upper(), f" {AUTHOR.title()} "):
        with pytest.raises(PublishingError, match="a second person must"):
            publishing.approve(*press.act(spelling), number)
    assert press.state(number) == Stage.READ


def test_only_active_accounts_act(press: Press) -> None:
    accounts.set_active(press.clinic, SECOND, accounts.Act("test", "gone"), active=False)
    for email in (SECOND, "nobody@clinic.example"):
        with pytest.raises(PublishingError, match=f"No active account has the address {email}"):
            press.act(email)


def test_a_report_about_another_book_in_force_is_stale(press: Press) -> None:
    first, second = press.reach(SOFTER, Stage.COMPARED), press.reach(WORDED, Stage.APPROVED)
    third = press.reach(book(REFUSES, HEADACHE, version="3"), Stage.APPROVED)
    fourth = press.reach(book(REFUSES, HEADACHE, version="4"), Stage.READ)
    publishing.publish(*press.act(), second)
    stale = ((publishing.acknowledge, first), (publishing.publish, third), (publishing.approve, fourth))
    for step, number in stale:
        with pytest.raises(PublishingError, match="not in force any more"):
            step(*press.act(SECOND), number)
    assert press.in_force().sha256 == WORDED.sha256


def test_two_that_publish_at_once_bring_one_book_into_force(press: Press) -> None:
    numbers = [press.reach(each, Stage.APPROVED) for each in (SOFTER, WORDED)]
    (clinic, by), together = press.act(), Barrier(2)

    def publish(number: int) -> bool:
        together.wait()
        try:
            publishing.publish(clinic, by, number)
        except IntakeError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(publish, numbers))
    assert sorted(done) == [False, True]
    assert sorted(press.state(number) for number in numbers) == [Stage.APPROVED, Stage.LIVE]
    winner = (SOFTER, WORDED)[done.index(True)]
    assert press.in_force().sha256 == winner.sha256


@pytest.mark.parametrize("failing", ["content", "overlay", "audit"])
def test_where_anything_fails_the_old_book_stays_in_force(
    press: Press, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = press.reach(WORDED, Stage.APPROVED)
    if failing == "content":
        with press.clinic.database.begin() as connection:
            broken = WORDED.content.replace("do_not_needle", "do_not_noodle")
            connection.execute(update(PUBLICATIONS).values(content=broken))
    elif failing == "overlay":
        press.clinic.books.overlaid = refuse
    else:
        monkeypatch.setattr(audit, "record", lambda *_: refuse(WORDED))
    with pytest.raises(DataFileError):
        publishing.publish(*press.act(), number)
    monkeypatch.undo()
    assert press.state(number) == Stage.APPROVED
    press.clinic.books.overlaid = lambda merged: merged
    assert press.in_force().sha256 == SHIPPED.sha256


def test_a_process_killed_in_the_middle_of_publishing_leaves_the_old_book_in_force(press: Press) -> None:
    number = press.reach(WORDED, Stage.APPROVED)
    url, processes = press.clinic.database.url.render_as_string(hide_password=False), get_context("forkserver")
    processes.set_forkserver_preload(["tests.support.publisher"])
    for last in publisher.WRITES:
        killed = processes.Process(target=publisher.publish, args=(url, press.clinic.keys, number, AUTHOR, last))
        killed.start()
        killed.join()
        assert killed.exitcode == -SIGKILL, last
        assert press.state(number) == Stage.APPROVED
        assert press.in_force().sha256 == SHIPPED.sha256
        assert "published" not in [entry.action for entry in stages.history(press.clinic, number)]
    publishing.publish(*press.act(), number)
    assert press.in_force().sha256 == WORDED.sha256
    with press.clinic.database.read() as connection:
        assert audit.first_broken(connection, press.clinic.keys) is None


def test_a_published_book_is_kept_whether_or_not_anything_is_judged_by_it(press: Press) -> None:
    press.reach(WORDED, Stage.LIVE)
    with press.clinic.database.read() as connection:
        assert rulebooks.content(connection, WORDED.sha256) == WORDED.content


def test_a_draft_is_compared_with_the_overlay_over_it(press: Press, tmp_path: Path) -> None:
    shipped = book({**REFUSES, "policy": "wishes"}, HEADACHE)
    file = tmp_path / "overlay.yaml"
    file.write_text("policies: {wishes: {needling: do_not_needle}}\n", encoding="utf-8")
    press.use(shipped, read_overlay(file).over)
    number = press.reach(book({**MILD, "policy": "wishes"}, HEADACHE, version="2"), Stage.COMPARED)
    assert stages.record(press.clinic, number).losses == ()


def test_intakes_that_the_archive_lacks_are_compared_too(press: Press) -> None:
    draft = press.clinic.save(press.clinic.start(), NEEDLES, {"wants_needling": "no", "needle_fear": 3})
    press.clinic.send(draft, SHIPPED)
    with press.clinic.database.begin() as connection:
        archive.clear(connection)
    number = press.reach(SOFTER, Stage.COMPARED)
    assert {loss.intakes for loss in stages.record(press.clinic, number).losses} == {1}


def refuse(_: Rulebook) -> Rulebook:
    raise DataFileError((Problem("overlay.yaml", 1, "is wrong"),))


def test_a_process_that_cannot_read_the_new_book_keeps_the_old_one_but_does_not_start_with_it(press: Press) -> None:
    running = Books(SHIPPED, lambda merged: merged)
    running.in_force(press.clinic.database, press.clinic.now)
    press.reach(WORDED, Stage.LIVE)
    running.overlaid = refuse_worded
    assert running.in_force(press.clinic.database, press.clinic.now) is SHIPPED
    with pytest.raises(DataFileError):
        Books(SHIPPED, refuse_worded).in_force(press.clinic.database, press.clinic.now)


def refuse_worded(merged: Rulebook) -> Rulebook:
    return refuse(merged) if merged.sha256 == WORDED.sha256 else merged


def test_the_book_before_is_retired_and_can_be_drafted_again(press: Press) -> None:
    first = press.reach(WORDED, Stage.LIVE)
    press.reach(SHIPPED, Stage.LIVE)
    assert press.state(first) == Stage.RETIRED
    assert press.in_force().sha256 == SHIPPED.sha256
    press.reach(WORDED, Stage.LIVE)
    assert press.in_force().sha256 == WORDED.sha256


@pytest.mark.parametrize("twin", ["shipped", "open", "live"])
def test_a_book_that_is_there_already_is_not_drafted(press: Press, twin: str) -> None:
    if twin != "shipped":
        press.reach(WORDED, Stage.LIVE if twin == "live" else Stage.READ)
    with pytest.raises(PublishingError, match="already"):
        publishing.draft(*press.act(), SHIPPED if twin == "shipped" else WORDED)


def test_two_books_that_judge_have_not_one_version(press: Press) -> None:
    press.reach(SOFTER, Stage.LIVE)
    for another in (WORDED, book(MILD, HEADACHE)):
        with pytest.raises(PublishingError, match=f"Another rule book has version {another.version}"):
            publishing.draft(*press.act(), another)
    press.reach(book({**REFUSES, "title": "In other words"}, HEADACHE, version="3"), Stage.LIVE)
    press.reach(SOFTER, Stage.DRAFT)


def test_a_new_release_is_offered_as_a_draft_only_beside_a_published_book(press: Press) -> None:
    shipped = book(HEADACHE, version="2027.1")
    released = replace(press.clinic, books=Books(shipped, lambda merged: merged))
    assert publishing.offer_release(released) is None
    assert released.rulebook() is shipped
    press.reach(WORDED, Stage.LIVE)
    number = publishing.offer_release(released)
    assert number is not None
    assert publishing.offer_release(released) is None
    publication = stages.record(press.clinic, number).publication
    assert (publication.state, publication.drafted_by, publication.sha256) == (Stage.DRAFT, None, shipped.sha256)
    press.use(shipped)
    assert press.in_force().sha256 == WORDED.sha256
    publishing.examine(*press.act(), number)
    reason_and_read(press, number)
    with pytest.raises(PublishingError, match="a second person must"):
        publishing.approve(*press.act(), number)
    publishing.approve(*press.act(SECOND), number)


def test_losses_and_reports_hold_no_answer_of_a_patient(press: Press) -> None:
    press.clinic.send(
        press.clinic.save(press.clinic.start(), NEEDLES, {"wants_needling": "no", "needle_fear": 7}), SHIPPED
    )
    number = press.reach(SOFTER, Stage.COMPARED)
    record = stages.record(press.clinic, number)
    assert "needle_fear" not in json.dumps([record.publication.report, [dict(loss.shown) for loss in record.losses]])
