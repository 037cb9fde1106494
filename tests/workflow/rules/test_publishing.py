"""A rule book comes into force by every step in its order, by two people, in one transaction; or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from signal import SIGKILL
from threading import Barrier

import pytest
from sqlalchemy import update

from intake.engine.book.rulebook import Rulebook
from intake.engine.read.overlay import read_overlay
from intake.errors import DataFileError, IntakeError, Problem, PublishingError
from intake.storage import archive, audit, rulebooks
from intake.storage.publications import PUBLICATIONS
from intake.workflow.clinic import Books
from intake.workflow.keeping import accounts
from intake.workflow.keeping.accounts import NewAccount, Registry
from intake.workflow.rules import publishing
from intake.workflow.rules.publishing import Act, State
from tests.engine.small import CALM, REVIEWED
from tests.support import publisher
from tests.support.books import HEADACHE, MILD, REFUSES, book
from tests.support.tiny import NEEDLES, Clinic

AUTHOR, SECOND = "author@clinic.example", "second@clinic.example"
SHIPPED = book(REFUSES, HEADACHE)
SOFTER = book(MILD, HEADACHE, version="2")
WORDED = book({**REFUSES, "title": "In other words"}, HEADACHE, version="2")


@dataclass(slots=True)
class Press:
    """A clinic with two members of staff and rule books."""

    clinic: Clinic
    registry: Registry
    books: Books

    def act(self, email: str = AUTHOR) -> Act:
        return Act(self.registry, self.books, publishing.person(self.registry, email), self.clinic.tick())

    def in_force(self) -> Rulebook:
        return self.books.in_force(self.clinic.db, self.clinic.now)

    def state(self, number: int) -> str:
        return publishing.standing(self.registry, number).publication.state

    def reach(self, draft: Rulebook, state: State) -> int:
        """A draft that has come as far as that."""
        number = publishing.draft(self.act(), draft)
        for step in STEPS[: ORDER.index(state)]:
            step(self, number)
        assert self.state(number) == state
        return number


def reason_and_read(press: Press, number: int) -> None:
    for loss in publishing.standing(press.registry, number).losses:
        publishing.give_reason(press.act(), number, loss.concept, "Agreed in the team meeting.")
    publishing.acknowledge(press.act(), number)


ORDER = (State.DRAFT, State.COMPARED, State.READ, State.APPROVED, State.LIVE)
STEPS: tuple[Callable[[Press, int], object], ...] = (
    lambda press, number: publishing.examine(press.act(), number),
    reason_and_read,
    lambda press, number: publishing.approve(press.act(SECOND), number),
    lambda press, number: publishing.publish(press.act(), number),
)
ACTS: dict[str, Callable[[Press, int], object]] = {
    "examine": STEPS[0],
    "acknowledge": lambda press, number: publishing.acknowledge(press.act(), number),
    "reason": lambda press, number: publishing.give_reason(press.act(), number, "wants_needling", "Because."),
    "approve": STEPS[2],
    "publish": STEPS[3],
    "withdraw": lambda press, number: publishing.withdraw(press.act(), number),
}
ALLOWED = {
    State.DRAFT: {"examine", "withdraw"},
    State.COMPARED: {"examine", "withdraw", "acknowledge", "reason"},
    State.READ: {"examine", "withdraw", "reason", "approve"},
    State.APPROVED: {"examine", "withdraw", "publish"},
    State.LIVE: set[str](),
    State.RETIRED: set[str](),
    State.WITHDRAWN: set[str](),
}


@pytest.fixture
def press(clinic: Clinic) -> Press:
    registry = Registry(clinic.db, clinic.keys)
    for email in (AUTHOR, SECOND):
        accounts.add(registry, NewAccount(email, "", email), "test", clinic.tick())
    return Press(clinic, registry, Books(SHIPPED, lambda merged: merged))


def test_the_shipped_book_is_in_force_and_kept_from_the_start(press: Press) -> None:
    assert press.in_force().sha256 == SHIPPED.sha256
    with press.clinic.db.read() as connection:
        assert rulebooks.content(connection, SHIPPED.sha256) == SHIPPED.content


def test_a_book_that_went_every_step_is_in_force_for_a_running_process(press: Press) -> None:
    assert press.in_force() is SHIPPED
    number = press.reach(SOFTER, State.LIVE)
    assert press.in_force().sha256 == SOFTER.sha256
    assert press.in_force() is press.in_force()
    with press.clinic.db.read() as connection:
        assert rulebooks.content(connection, SOFTER.sha256) == SOFTER.content
        assert audit.first_broken(connection, press.clinic.keys) is None
        told = audit.of_object(connection, "rulebook", str(number))
    assert [(entry.action.removeprefix("rulebook_"), entry.actor) for entry in told] == [
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
    number = press.reach(SOFTER, State.APPROVED)
    for state, allowed in ALLOWED.items():
        with press.clinic.db.begin() as connection:
            connection.execute(update(PUBLICATIONS).values(state=state))
        before = publishing.standing(press.registry, number)
        for name in ACTS.keys() - allowed:
            with pytest.raises(PublishingError, match=f"Rule book {number}: "):
                ACTS[name](press, number)
        assert publishing.standing(press.registry, number) == before


def test_faults_keep_a_draft_a_draft_and_are_told(press: Press) -> None:
    wrong = {**REFUSES, "examples": {**REFUSES["examples"], "fires": [{"wants_needling": "yes"}]}}
    late = book(
        wrong, HEADACHE, {**HEADACHE, "id": "twin"}, version="2", reviewed={**REVIEWED, "again_by": "2026-03-01"}
    )
    number = publishing.draft(press.act(), late)
    faults = publishing.examine(press.act(), number)
    assert any("example 1 of `fires` does not hold" in fault for fault in faults)
    assert any("was to be reviewed again by 2026-03-01" in fault for fault in faults)
    twins = "P3 no duplicate: main-reason-headache: fires exactly when twin does, at the same levels and place"
    assert f'{twins} (fires and fires); {{"main_reason": "headache"}}' in faults
    assert press.state(number) == State.DRAFT
    assert publishing.standing(press.registry, number).publication.report == faults


def test_every_lost_stop_is_found_with_a_patient_and_the_intakes_that_lose_it(press: Press) -> None:
    for answer in ("no", "no", "yes"):
        press.clinic.send(
            press.clinic.save(
                press.clinic.start(answer + str(press.clinic.number())), NEEDLES, {"wants_needling": answer}
            ),
            SHIPPED,
        )
    number = press.reach(SOFTER, State.COMPARED)
    losses = publishing.standing(press.registry, number).losses
    assert [(loss.concept, loss.level, loss.shown, loss.intakes) for loss in losses] == [
        ("wants_needling", "avoid_area", {"wants_needling": "no"}, 2),
        ("wants_needling", "do_not_needle", {"wants_needling": "no"}, 2),
    ]
    report = publishing.standing(press.registry, number).publication.report
    assert "3 intakes, 2 change" in report
    assert "do_not_needle: given to others" in report


def test_without_the_solver_nothing_is_examined(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    number = press.reach(WORDED, State.DRAFT)
    monkeypatch.setattr(publishing, "find_spec", lambda _name: None)
    with pytest.raises(PublishingError, match=r"The proofs need z3: install the development dependencies"):
        publishing.examine(press.act(), number)
    assert press.state(number) == State.DRAFT


def test_a_place_that_is_free_again_is_a_loss_with_its_intakes(press: Press) -> None:
    avoided = {**REFUSES, "needling": "avoid_area", "where": ["neck"]}
    press.books = Books(book(avoided, HEADACHE), lambda merged: merged)
    draft = press.clinic.save(press.clinic.start(), NEEDLES, {"wants_needling": "no", "needle_fear": 3})
    press.clinic.send(draft, press.books.shipped)
    number = press.reach(book({**avoided, "where": ["tailbone"]}, HEADACHE, version="2"), State.COMPARED)
    losses = publishing.standing(press.registry, number).losses
    assert [(loss.concept, loss.level, loss.intakes) for loss in losses] == [("wants_needling", "avoid_area", 1)]
    report = publishing.standing(press.registry, number).publication.report or ()
    moved = "wants-needling-no fires (avoid_area, none), no longer at some places, at new places"
    assert {"1 intakes, 1 change", f"  {moved}: 1"} <= set(report)
    number = press.reach(
        book({**avoided, "needling": "precaution", "if_unknown": CALM}, HEADACHE, version="2"), State.COMPARED
    )
    (loss,) = publishing.standing(press.registry, number).losses
    assert (loss.level, loss.intakes) == ("avoid_area", 1)


def test_a_lost_stop_without_a_reason_is_not_approved(press: Press) -> None:
    number = press.reach(SOFTER, State.COMPARED)
    publishing.acknowledge(press.act(), number)
    with pytest.raises(PublishingError, match="needs a written reason: wants_needling"):
        publishing.approve(press.act(SECOND), number)
    for words in ("", "  \n"):
        with pytest.raises(PublishingError, match="needs words"):
            publishing.give_reason(press.act(), number, "wants_needling", words)
    with pytest.raises(PublishingError, match="Nobody would lose `main_reason`; what is lost: wants_needling"):
        publishing.give_reason(press.act(), number, "main_reason", "Because.")
    publishing.give_reason(press.act(), number, "wants_needling", "Agreed.")
    publishing.approve(press.act(SECOND), number)
    assert press.state(number) == State.APPROVED


def test_a_reason_stands_when_the_draft_is_examined_again(press: Press) -> None:
    number = press.reach(SOFTER, State.APPROVED)
    publishing.examine(press.act(), number)
    standing = publishing.standing(press.registry, number)
    assert {loss.reason for loss in standing.losses} == {"Agreed in the team meeting."}
    assert (standing.publication.state, standing.publication.approved_by) == (State.COMPARED, None)


def test_its_author_cannot_be_the_second_person(press: Press) -> None:
    number = press.reach(SOFTER, State.READ)
    for spelling in (AUTHOR, AUTHOR.upper(), f" {AUTHOR.title()} "):
        with pytest.raises(PublishingError, match="a second person must"):
            publishing.approve(press.act(spelling), number)
    assert press.state(number) == State.READ


def test_only_active_accounts_act(press: Press) -> None:
    accounts.set_active(press.registry, SECOND, accounts.Act("test", press.clinic.now, "gone"), active=False)
    for email in (SECOND, "nobody@clinic.example"):
        with pytest.raises(PublishingError, match=f"No active account has the address {email}"):
            press.act(email)


def test_a_report_about_another_book_in_force_is_stale(press: Press) -> None:
    first, second = press.reach(SOFTER, State.COMPARED), press.reach(WORDED, State.APPROVED)
    third = press.reach(book(REFUSES, HEADACHE, version="3"), State.APPROVED)
    fourth = press.reach(book(REFUSES, HEADACHE, version="4"), State.READ)
    publishing.publish(press.act(), second)
    stale = ((publishing.acknowledge, first), (publishing.publish, third), (publishing.approve, fourth))
    for step, number in stale:
        with pytest.raises(PublishingError, match="not in force any more"):
            step(press.act(SECOND), number)
    assert press.in_force().sha256 == WORDED.sha256


def test_two_that_publish_at_once_bring_one_book_into_force(press: Press) -> None:
    numbers = [press.reach(each, State.APPROVED) for each in (SOFTER, WORDED)]
    acts, together = [press.act(), press.act()], Barrier(2)

    def publish(pair: tuple[Act, int]) -> bool:
        together.wait()
        try:
            publishing.publish(*pair)
        except IntakeError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(publish, zip(acts, numbers, strict=True)))
    assert sorted(done) == [False, True]
    assert sorted(press.state(number) for number in numbers) == [State.APPROVED, State.LIVE]
    winner = (SOFTER, WORDED)[done.index(True)]
    assert press.in_force().sha256 == winner.sha256


@pytest.mark.parametrize("failing", ["content", "overlay", "audit"])
def test_where_anything_fails_the_old_book_stays_in_force(
    press: Press, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = press.reach(WORDED, State.APPROVED)
    if failing == "content":
        with press.clinic.db.begin() as connection:
            broken = WORDED.content.replace("do_not_needle", "do_not_noodle")
            connection.execute(update(PUBLICATIONS).values(content=broken))
    elif failing == "overlay":
        press.books.overlaid = refuse
    else:
        monkeypatch.setattr(audit, "record", lambda *_: refuse(WORDED))
    with pytest.raises(DataFileError):
        publishing.publish(press.act(), number)
    monkeypatch.undo()
    assert press.state(number) == State.APPROVED
    press.books.overlaid = lambda merged: merged
    assert press.in_force().sha256 == SHIPPED.sha256


def test_a_process_killed_in_the_middle_of_publishing_leaves_the_old_book_in_force(press: Press) -> None:
    number = press.reach(WORDED, State.APPROVED)
    url, processes = press.clinic.db.url.render_as_string(hide_password=False), get_context("forkserver")
    processes.set_forkserver_preload(["tests.support.publisher"])
    for last in publisher.WRITES:
        killed = processes.Process(target=publisher.publish, args=(url, press.clinic.keys, number, AUTHOR, last))
        killed.start()
        killed.join()
        assert killed.exitcode == -SIGKILL, last
        assert press.state(number) == State.APPROVED
        assert press.in_force().sha256 == SHIPPED.sha256
        assert "published" not in [entry.action for entry in publishing.history(press.registry, number)]
    publishing.publish(press.act(), number)
    assert press.in_force().sha256 == WORDED.sha256
    with press.clinic.db.read() as connection:
        assert audit.first_broken(connection, press.clinic.keys) is None


def test_a_published_book_is_kept_whether_or_not_anything_is_judged_by_it(press: Press) -> None:
    press.reach(WORDED, State.LIVE)
    with press.clinic.db.read() as connection:
        assert rulebooks.content(connection, WORDED.sha256) == WORDED.content


def test_a_draft_is_compared_with_the_overlay_over_it(press: Press, tmp_path: Path) -> None:
    shipped = book({**REFUSES, "policy": "wishes"}, HEADACHE)
    file = tmp_path / "overlay.yaml"
    file.write_text("policies: {wishes: {needling: do_not_needle}}\n", encoding="utf-8")
    press.books = Books(shipped, read_overlay(file).over)
    number = press.reach(book({**MILD, "policy": "wishes"}, HEADACHE, version="2"), State.COMPARED)
    assert publishing.standing(press.registry, number).losses == ()


def test_intakes_that_the_archive_lacks_are_compared_too(press: Press) -> None:
    draft = press.clinic.save(press.clinic.start(), NEEDLES, {"wants_needling": "no", "needle_fear": 3})
    press.clinic.send(draft, SHIPPED)
    with press.clinic.db.begin() as connection:
        archive.clear(connection)
    number = press.reach(SOFTER, State.COMPARED)
    assert {loss.intakes for loss in publishing.standing(press.registry, number).losses} == {1}


def refuse(_: Rulebook) -> Rulebook:
    raise DataFileError((Problem("overlay.yaml", 1, "is wrong"),))


def test_a_process_that_cannot_read_the_new_book_keeps_the_old_one_but_does_not_start_with_it(press: Press) -> None:
    running = Books(SHIPPED, lambda merged: merged)
    running.in_force(press.clinic.db, press.clinic.now)
    press.reach(WORDED, State.LIVE)
    running.overlaid = refuse_worded
    assert running.in_force(press.clinic.db, press.clinic.now) is SHIPPED
    with pytest.raises(DataFileError):
        Books(SHIPPED, refuse_worded).in_force(press.clinic.db, press.clinic.now)


def refuse_worded(merged: Rulebook) -> Rulebook:
    return refuse(merged) if merged.sha256 == WORDED.sha256 else merged


def test_the_book_before_is_retired_and_can_be_drafted_again(press: Press) -> None:
    first = press.reach(WORDED, State.LIVE)
    press.reach(SHIPPED, State.LIVE)
    assert press.state(first) == State.RETIRED
    assert press.in_force().sha256 == SHIPPED.sha256
    press.reach(WORDED, State.LIVE)
    assert press.in_force().sha256 == WORDED.sha256


@pytest.mark.parametrize("twin", ["shipped", "open", "live"])
def test_a_book_that_is_there_already_is_not_drafted(press: Press, twin: str) -> None:
    if twin != "shipped":
        press.reach(WORDED, State.LIVE if twin == "live" else State.READ)
    with pytest.raises(PublishingError, match="already"):
        publishing.draft(press.act(), SHIPPED if twin == "shipped" else WORDED)


def test_two_books_that_judge_have_not_one_version(press: Press) -> None:
    press.reach(SOFTER, State.LIVE)
    for another in (WORDED, book(MILD, HEADACHE)):
        with pytest.raises(PublishingError, match=f"Another rule book has version {another.version}"):
            publishing.draft(press.act(), another)
    press.reach(book({**REFUSES, "title": "In other words"}, HEADACHE, version="3"), State.LIVE)
    press.reach(SOFTER, State.DRAFT)


def test_a_new_release_is_offered_as_a_draft_only_beside_a_published_book(press: Press) -> None:
    released = Books(book(HEADACHE, version="2027.1"), lambda merged: merged)
    now = press.clinic.now
    assert publishing.offer_release(press.registry, released.shipped, now) is None
    assert released.in_force(press.clinic.db, now) is released.shipped
    press.reach(WORDED, State.LIVE)
    number = publishing.offer_release(press.registry, released.shipped, now)
    assert number is not None
    assert publishing.offer_release(press.registry, released.shipped, now) is None
    found = publishing.standing(press.registry, number).publication
    assert (found.state, found.drafted_by, found.sha256) == (State.DRAFT, None, released.shipped.sha256)
    assert Books(released.shipped, lambda merged: merged).in_force(press.clinic.db, now).sha256 == WORDED.sha256
    press.books = Books(released.shipped, lambda merged: merged)
    publishing.examine(press.act(), number)
    reason_and_read(press, number)
    with pytest.raises(PublishingError, match="a second person must"):
        publishing.approve(press.act(), number)
    publishing.approve(press.act(SECOND), number)


def test_losses_and_reports_hold_no_answer_of_a_patient(press: Press) -> None:
    press.clinic.send(
        press.clinic.save(press.clinic.start(), NEEDLES, {"wants_needling": "no", "needle_fear": 7}), SHIPPED
    )
    number = press.reach(SOFTER, State.COMPARED)
    standing = publishing.standing(press.registry, number)
    assert "needle_fear" not in json.dumps(
        [standing.publication.report, [dict(loss.shown) for loss in standing.losses]]
    )
