"""All versions of an intake are one line, on both databases: nothing that an older one holds open leaves it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import event, select

from intake.engine.book.levels import Levels, Needling, Urgency
from intake.engine.book.rulebook import Named
from intake.engine.book.tree import AnyOf
from intake.errors import StaleError
from intake.storage import alerts, audit, corrections, intakes, open_alerts
from intake.storage.closings import CLOSINGS, decision_item
from intake.storage.corrections import By
from intake.storage.intakes import State
from intake.storage.reviews import REVIEWS
from intake.workflow.patient import drafts, versions
from intake.workflow.review import alarms, closing, lineage, queue, verdicts
from intake.workflow.review import intake as reading
from intake.workflow.review.findings import Terms
from intake.workflow.review.held import Gone
from intake.workflow.review.held_line import from_json, to_json
from intake.workflow.review.intake_view import ReviewView
from intake.workflow.review.outcomes import Outcome, Reason
from intake.workflow.review.people import Practitioner
from intake.workflow.review.queue import Listing, QueueRow, Wanted
from intake.workflow.review.verdicts import Verdict
from tests.support.small_clinic import BROKEN, CALM_ANSWERS, DANGER, SOUND, SmallClinic, rule, rulebook
from tests.support.versions import correct, second_form, visit_of
from tests.workflow.review.test_story import Plain

ALL = replace(DANGER, facts=tuple(CALM_ANSWERS))
READY = Verdict(1, Outcome.READY, (Reason.CLEARED_WITH_PATIENT,), read=True)
CALL = Verdict(1, Outcome.CALL_FIRST, (Reason.PATIENT_WISH,), read=True)
CHEST, NONE = {"danger_signs": ("chest_pressure",)}, {"danger_signs": ("none",)}
REFUSES = {"wants_needling": "no"}


@pytest.fixture
def by(clinic: SmallClinic) -> Practitioner:
    return Practitioner(clinic.practitioner())


def rows(clinic: SmallClinic, by: Practitioner, listing: Listing = Listing.OPEN) -> tuple[QueueRow, ...]:
    return queue.page(clinic, Wanted(listing=listing), by).rows


def row(clinic: SmallClinic, by: Practitioner, listing: Listing = Listing.OPEN) -> QueueRow:
    (only,) = rows(clinic, by, listing)
    return only


def view(clinic: SmallClinic, intake_id: str, by: Practitioner) -> ReviewView:
    return reading.load(clinic, Terms(rulebook(), Plain()), intake_id, by)


def lineage_of(clinic: SmallClinic, intake_id: str) -> lineage.Lineage:
    with clinic.database.read() as connection:
        return lineage.read(connection, clinic.vocabulary, intake_id)


def told(clinic: SmallClinic, intake_id: str) -> list[str]:
    with clinic.database.read() as connection:
        return [entry.action for entry in audit.of_object(connection, "intake", intake_id)]


def decided(clinic: SmallClinic, intake_id: str, by: Practitioner, verdict: Verdict = READY) -> None:
    clinic.tick()
    assert verdicts.decide(clinic, intake_id, verdict, by) == ()


@pytest.mark.parametrize("moved", [timedelta(minutes=-1), timedelta(days=-1)])
def test_what_was_sent_last_is_the_newest_also_where_the_clock_stood_still_or_was_put_back(
    clinic: SmallClinic, by: Practitioner, moved: timedelta
) -> None:
    sent = [clinic.sent().intake_id]
    for by_whom in (By.STAFF, By.FORM, By.STAFF, By.DAY):
        clinic.clock.now += moved
        sent.append(correct(clinic, sent[0], {"wants_needling": "yes"}, by_whom))
        assert row(clinic, by).id == sent[-1]
    assert [each.id for each in lineage_of(clinic, sent[0]).versions] == sent


def test_versions_are_one_line_on_every_list_and_decided_before_is_not_decided_now(
    clinic: SmallClinic, by: Practitioner
) -> None:
    first, other = clinic.sent().intake_id, clinic.sent(name="Chi Else").intake_id
    decided(clinic, first, by)
    assert {each.id for each in rows(clinic, by, Listing.DECIDED)} == {first}
    second = correct(clinic, first, {"wants_needling": "yes"}, By.ASKED)
    third = correct(clinic, first, {"wants_needling": "yes"}, By.STAFF)
    assert [each.id for each in rows(clinic, by)] == [other, third]
    assert rows(clinic, by, Listing.DECIDED) == ()
    assert {each.id for each in rows(clinic, by, Listing.ALL)} == {third, other}
    counts = queue.page(clinic, Wanted(), by).counts
    assert (counts[Listing.OPEN], counts[Listing.DECIDED], counts[Listing.ALL]) == (2, 0, 2)
    held = rows(clinic, by)[1].held
    assert held is not None
    assert (held.number, held.decided) == (3, 1)
    places = [queue.neighbours(clinic, each, Wanted()) for each in (first, second, third)]
    assert [(each.place, each.total, each.following) for each in places] == [(2, 2, None)] * 3
    assert queue.neighbours(clinic, other, Wanted()).following == third


def test_a_finding_of_an_undecided_version_that_is_gone_leads_and_is_named_until_the_newest_is_decided(
    clinic: SmallClinic, by: Practitioner
) -> None:
    refuses, first = clinic.sent(REFUSES, name="Chi Refuses").intake_id, clinic.sent(CHEST).intake_id
    newest = second_form(clinic, first, {})
    assert [each.id for each in rows(clinic, by)] == [newest, refuses]
    line = rows(clinic, by)[0]
    assert line.levels == Levels(Needling.DO_NOT_NEEDLE, Urgency.EMERGENCY_NOW)
    assert line.own_levels == Levels(Needling.OK, Urgency.NONE)
    assert line.held is not None
    (gone,) = line.held.gone
    assert (gone.top["rule"], gone.number, gone.since_number, gone.how) == ("chest", 1, 2, Gone.NO_LONGER)
    assert gone.since == line.sent_at
    assert line.held.alarms == (), "the finding tells of it already"
    assert from_json(to_json(line.held)) == line.held
    page = view(clinic, newest, by)
    assert [(each.key, each.version.id) for each in page.older.gone] == [("was-chest", first)]
    assert (page.to_see, page.alarm_since is not None, page.newest) == (1, True, None)
    (wrong,) = verdicts.decide(clinic, newest, READY, by)
    assert wrong.field == "seen-was-chest"
    decided(clinic, newest, by, replace(READY, seen=frozenset({"was-chest"})))
    assert [each.id for each in rows(clinic, by)] == [refuses]
    done = row(clinic, by, Listing.DECIDED)
    assert (done.id, done.levels, done.held and done.held.gone) == (newest, Levels(Needling.OK, Urgency.NONE), ())
    with clinic.database.read() as connection:
        old = intakes.by_id(connection, first).line
        (entry,) = [each for each in audit.of_object(connection, "intake", first) if each.action == "superseded"]
        assert connection.scalars(select(REVIEWS.c.intake_id)).all() == [newest]
        assert open_alerts.count(connection).people == 0
    assert (old.state, old.version, old.decided_at) == (State.SUPERSEDED, 1, None)
    assert entry.details == {"by": newest, "number": 2, "rules": ["chest"]}
    assert "decided" not in told(clinic, first)


def test_a_finding_that_still_stands_or_was_decided_is_not_gone(clinic: SmallClinic, by: Practitioner) -> None:
    first = clinic.sent({**CHEST, **REFUSES}).intake_id
    correct(clinic, first, {"main_reason": "headache"})
    line = row(clinic, by)
    assert line.held is not None
    assert (line.held.gone, line.held.alarms) == ((), ())
    decided(clinic, line.id, by, replace(READY, seen=frozenset({"chest", "headache"})))
    last = row(clinic, by, Listing.DECIDED).id
    second_form(clinic, last, {})
    line = row(clinic, by)
    assert line.held is not None
    assert (line.held.decided, line.held.gone) == (2, ())
    assert line.levels == Levels(Needling.OK, Urgency.NONE)


def test_of_a_graver_finding_before_and_of_one_that_could_not_be_judged_now_the_line_tells_too(
    clinic: SmallClinic, by: Practitioner
) -> None:
    milder = replace(SOUND[3], levels=Levels(Needling.PRECAUTION, Urgency.NONE))
    first = clinic.sent(REFUSES).intake_id
    correct(clinic, first, {"main_reason": "headache"}, book=rulebook(*SOUND[:3], milder))
    held = row(clinic, by).held
    assert held is not None
    assert [(each.top["rule"], each.how) for each in held.gone] == [("unwilling", Gone.LESS)]
    correct(clinic, first, {}, book=rulebook(*SOUND[:3], BROKEN))
    line = row(clinic, by)
    assert line.held is not None
    assert line.levels is None
    assert [(each.top["rule"], each.how) for each in line.held.gone] == [
        ("headache", Gone.NOT_JUDGED),
        ("unwilling", Gone.NOT_JUDGED),
    ]


def test_an_answer_to_an_open_question_is_no_finding_that_went_and_another_place_is(
    clinic: SmallClinic, by: Practitioner
) -> None:
    limbs: dict[str, tuple[str, ...]] = {
        "leg_right": ("calf_right",),
        "arm_left": ("forearm_left",),
        "arm_right": ("forearm_right",),
    }
    swollen = rule("swollen", AnyOf("lymph", ("lymphoedema",)), Levels(Needling.AVOID_AREA, Urgency.NONE))
    book = rulebook(*SOUND, replace(swollen, where=Named("lymph_limbs", limbs)))
    first = clinic.sent({"pain_regions": ("forearm_left",)}).intake_id
    correct(clinic, first, {"lymph": ("lymphoedema",)}, By.STAFF, book=book)
    correct(clinic, first, {"lymph_limbs": ("leg_right",)}, By.STAFF, book=book)
    line = row(clinic, by)
    assert line.held is not None
    assert (line.held.gone, line.levels) == ((), Levels(Needling.PRECAUTION, Urgency.NONE)), "away from the pain"
    correct(clinic, first, {"lymph_limbs": ("arm_right",)}, By.STAFF, book=book)
    held = row(clinic, by).held
    assert held is not None
    assert [(each.top["rule"], each.number, each.how) for each in held.gone] == [("swollen", 3, Gone.LESS)]


def test_an_undecided_version_that_was_not_evaluated_keeps_the_line_on_top(
    clinic: SmallClinic, by: Practitioner
) -> None:
    urgent = clinic.sent(CHEST, name="Chi Else").intake_id
    first = clinic.sent().intake_id
    correct(clinic, first, REFUSES, book=rulebook(BROKEN))
    newest = second_form(clinic, first, {})
    assert [each.id for each in rows(clinic, by)] == [newest, urgent]
    line = rows(clinic, by)[0]
    assert (line.levels, line.own_levels) == (None, Levels(Needling.OK, Urgency.NONE))
    assert line.held is not None
    assert line.held.unevaluated == (2,)
    assert [each.number for each in view(clinic, newest, by).older.unevaluated] == [2]


def test_an_alarm_of_an_older_version_counts_and_is_named_until_somebody_takes_it(
    clinic: SmallClinic, by: Practitioner
) -> None:
    first = clinic.sent({"danger_signs": ("not_sure",)}).intake_id
    newest = correct(clinic, first, NONE, By.ASKED)
    line = row(clinic, by)
    assert line.levels is not None
    assert line.levels.urgency is Urgency.SAME_DAY
    assert line.held is not None
    assert [(each.number, each.urgency) for each in line.held.alarms] == [(1, Urgency.SAME_DAY)]
    assert view(clinic, newest, by).alarm_since == line.held.alarms[0].since
    with clinic.database.read() as connection:
        assert open_alerts.count(connection).people == 1
        assert [each.intake_id for each in open_alerts.listed(connection, 10)] == [newest]
    alarms.take(clinic, newest, by)
    line = row(clinic, by)
    assert line.levels == Levels(Needling.OK, Urgency.NONE)
    assert line.held is not None
    assert line.held.alarms == ()
    with clinic.database.read() as connection:
        assert open_alerts.count(connection).people == 0


def test_versions_with_open_alarms_are_one_person(clinic: SmallClinic) -> None:
    first = clinic.sent(CHEST).intake_id
    newest = second_form(clinic, first, {"danger_signs": ("fever",)})
    waiting = clinic.save(clinic.start("unsent"), DANGER, CHEST)
    with clinic.database.read() as connection:
        assert open_alerts.count(connection).people == 2
        listed = open_alerts.listed(connection, 10)
    assert [(each.draft_id == waiting.id, each.intake_id, each.signs) for each in listed] == [
        (False, newest, 2),
        (True, None, 1),
    ]


def test_a_sign_that_was_taken_back_is_one_item_of_all_versions_and_new_if_it_is_said_again(
    clinic: SmallClinic, by: Practitioner
) -> None:
    draft = clinic.save(clinic.start("back"), ALL, {**CALM_ANSWERS, **CHEST})
    first = clinic.send(clinic.save(draft, DANGER, NONE)).intake_id
    newest = correct(clinic, first, REFUSES)
    line = row(clinic, by)
    assert [sign.rule for sign in line.signs] == ["chest"]
    assert [(sign.rule, sign.version) for sign in view(clinic, newest, by).open_signs] == [("chest", None)]
    clinic.tick()
    assert closing.close(clinic, first, "chest", "A slip of the thumb.", by)
    line = row(clinic, by)
    assert line.held is not None
    assert ([alarm.title for alarm in line.held.alarms], line.signs) == (["Title of chest"], ())
    alarms.take(clinic, newest, by)
    line = row(clinic, by)
    assert (line.signs, line.levels) == ((), Levels(Needling.DO_NOT_NEEDLE, Urgency.NONE))
    (sign,) = view(clinic, newest, by).signs
    assert sign.closed is not None
    assert sign.closed.note == "A slip of the thumb."
    again = second_form(clinic, first, {}, taken_back=CHEST)
    line = row(clinic, by)
    assert (line.id, [sign.rule for sign in line.signs]) == (again, ["chest"])
    last = second_form(clinic, first, {})
    (sign,) = view(clinic, last, by).open_signs
    assert sign.version is not None
    assert (sign.version.id, sign.key) == (again, "chest-3")
    assert [wrong.field for wrong in verdicts.decide(clinic, last, READY, by)] == ["signs"]
    assert closing.close(clinic, again, "chest", "Asked: it was never there.", by)
    decided(clinic, last, by)
    assert rows(clinic, by) == ()


def test_a_sign_that_versions_repeat_stands_on_the_newest_also_where_the_clock_was_put_back(
    clinic: SmallClinic, by: Practitioner
) -> None:
    draft = clinic.save(clinic.start("back"), ALL, {**CALM_ANSWERS, **CHEST})
    first = clinic.send(clinic.save(draft, DANGER, NONE)).intake_id
    clinic.clock.now -= timedelta(days=1)
    newest = correct(clinic, first, REFUSES)
    assert [each.intake_id for each in lineage_of(clinic, first).signs] == [newest]
    assert [(sign.rule, sign.version) for sign in view(clinic, newest, by).open_signs] == [("chest", None)]


def test_a_sign_that_a_correction_takes_back_is_told_once(clinic: SmallClinic, by: Practitioner) -> None:
    first = clinic.sent(CHEST).intake_id
    correct(clinic, first, NONE)
    line = row(clinic, by)
    assert line.held is not None
    assert ([sign.rule for sign in line.signs], line.held.gone, line.held.alarms) == (["chest"], (), ())
    assert line.levels is not None
    assert line.levels.urgency is Urgency.EMERGENCY_NOW


def test_a_sign_of_before_does_not_stand_for_what_a_later_form_said(clinic: SmallClinic, by: Practitioner) -> None:
    draft = clinic.save(clinic.start("back"), ALL, {**CALM_ANSWERS, **CHEST})
    first = clinic.send(clinic.save(draft, DANGER, NONE)).intake_id
    second_form(clinic, first, CHEST)
    with clinic.database.begin() as connection:
        sent = drafts.sent_draft(connection, draft.id)
        versions.copy(connection, clinic, sent, "under-way", sent.expires)
        corrections.add(connection, "under-way", first, By.FORM, clinic.now)
    clinic.send(drafts.load_by_id(clinic, "under-way"))
    line = row(clinic, by)
    assert line.held is not None
    assert [sign.rule for sign in line.signs] == ["chest"]
    assert [(each.top["rule"], each.number) for each in line.held.gone] == [("chest", 2)]


def test_what_was_decided_on_an_older_version_waits_until_it_is_closed(clinic: SmallClinic, by: Practitioner) -> None:
    first = clinic.sent(REFUSES).intake_id
    decided(clinic, first, by, CALL)
    newest = correct(clinic, first, {"wants_needling": "unsure"})
    for listing in (Listing.OPEN, Listing.TO_DO):
        assert [each.id for each in rows(clinic, by, listing)] == [newest]
    line = row(clinic, by, Listing.TO_DO)
    assert line.held is not None
    assert (line.outcome, [(each.outcome, each.doer) for each in line.held.to_do]) == (
        None,
        [(Outcome.CALL_FIRST, by.id)],
    )
    by_outcome = Wanted(listing=Listing.TO_DO, outcome=Outcome.CALL_FIRST)
    assert [each.id for each in queue.page(clinic, by_outcome, by).rows] == [newest]
    decided(clinic, newest, by)
    assert row(clinic, by, Listing.OPEN).outcome is Outcome.READY
    (todo,) = view(clinic, newest, by).older.to_do
    assert closing.close(clinic, todo.version.id, decision_item(1), "Rang her, all well.", by)
    assert rows(clinic, by) == rows(clinic, by, Listing.TO_DO) == ()


def test_own_words_of_an_older_version_are_read_before_anything_is_decided(
    clinic: SmallClinic, by: Practitioner
) -> None:
    draft = clinic.save(clinic.start("words"), ALL, CALM_ANSWERS, {"name": "Ada"}, {"anything_else": "It burns."})
    first = clinic.send(draft).intake_id
    newest = second_form(clinic, first, {}, {"anything_else": ""})
    line = row(clinic, by)
    assert line.held is not None
    assert (line.quote, line.held.words) == ("", (1,))
    page = view(clinic, newest, by)
    assert [(version.number, text) for version, _question, text in page.older.words] == [(1, "It burns.")]
    assert page.unread_words
    (wrong,) = verdicts.decide(clinic, newest, replace(READY, read=False), by)
    assert wrong.field == "read"
    decided(clinic, newest, by)
    held = row(clinic, by, Listing.DECIDED).held
    assert held is not None
    assert held.words == ()


def test_an_older_version_cannot_be_decided(clinic: SmallClinic, by: Practitioner) -> None:
    first = clinic.sent().intake_id
    newest = correct(clinic, first, REFUSES)
    with pytest.raises(StaleError, match="newer version"):
        verdicts.decide(clinic, first, READY, by)
    assert "decided" not in told(clinic, first) + told(clinic, newest)
    page = view(clinic, first, by)
    assert page.newest is not None
    assert (page.newest.id, page.number, page.versions) == (newest, 1, 2)
    assert view(clinic, newest, by).newest is None


def test_a_form_that_turns_out_to_be_an_older_version_of_a_decided_one_opens_its_line(
    clinic: SmallClinic, by: Practitioner
) -> None:
    stray, first = clinic.sent(CHEST).intake_id, clinic.sent().intake_id
    decided(clinic, first, by)
    with clinic.database.begin() as connection:
        draft_id = intakes.by_id(connection, stray).line.draft_id
        corrections.add(connection, draft_id, first, By.VISIT, clinic.now)
        lineage.settle(connection, clinic.vocabulary, stray)
    line = row(clinic, by)
    assert line.held is not None
    assert (line.id, line.outcome, line.held.undecided) == (first, Outcome.READY, (1,))
    assert [each.top["rule"] for each in line.held.gone] == ["chest"]
    decided(clinic, first, by, replace(READY, version=2, seen=frozenset({"was-chest"})))
    assert rows(clinic, by) == ()


def test_what_a_search_names_on_an_older_version_finds_the_line(clinic: SmallClinic, by: Practitioner) -> None:
    first = clinic.sent(name="Ada Byron")
    newest = second_form(clinic, first.intake_id, {})
    for text in ("Byron", first.reference, "Lovelace"):
        assert [each.id for each in queue.page(clinic, Wanted(text=text), by).rows] == [newest], text


def test_versions_are_no_namesakes_and_another_intake_is_named_by_its_newest(
    clinic: SmallClinic, by: Practitioner
) -> None:
    first, other = clinic.sent().intake_id, clinic.sent().intake_id
    newest = correct(clinic, first, REFUSES)
    assert [each.id for each in view(clinic, other, by).namesakes] == [newest]
    assert [each.id for each in view(clinic, newest, by).namesakes] == [other]


def test_a_version_that_comes_while_the_one_before_is_decided_is_never_lost(
    clinic: SmallClinic, by: Practitioner
) -> None:
    for _ in range(5):
        first, together = clinic.sent().intake_id, Barrier(2)

        def decide(intake_id: str = first, together: Barrier = together) -> bool:
            together.wait()
            try:
                return verdicts.decide(clinic, intake_id, READY, by) == ()
            except StaleError:
                return False

        def send(intake_id: str = first, together: Barrier = together) -> str:
            together.wait()
            return correct(clinic, intake_id, CHEST)

        with ThreadPoolExecutor(2) as pool:
            deciding, sending = pool.submit(decide), pool.submit(send)
        line = next(each for each in rows(clinic, by) if each.id == sending.result())
        assert line.held is not None
        assert line.held.decided == (1 if deciding.result() else None)
        assert line.state is State.NEW


def test_a_page_of_lines_with_versions_takes_as_many_queries_as_one_without(
    clinic: SmallClinic, by: Practitioner
) -> None:
    firsts = [clinic.sent(CHEST).intake_id for _ in range(4)]
    before = statements(clinic, by)
    for first in firsts:
        visit_of(clinic, first)
        second_form(clinic, first, {})
        correct(clinic, first, REFUSES)
    assert statements(clinic, by) == before
    assert len(rows(clinic, by)) == len(firsts)


def statements(clinic: SmallClinic, by: Practitioner) -> int:
    """How many a page of the queue takes."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(clinic.database.engine, "before_cursor_execute", note)
    rows(clinic, by)
    event.remove(clinic.database.engine, "before_cursor_execute", note)
    return len(seen)


def test_the_alarm_of_an_older_version_is_taken_with_the_decision(clinic: SmallClinic, by: Practitioner) -> None:
    first = clinic.sent({"danger_signs": ("not_sure",)}).intake_id
    newest = correct(clinic, first, NONE, By.ASKED)
    decided(clinic, newest, by)
    with clinic.database.read() as connection:
        assert alerts.waiting(connection) == []
        assert connection.scalars(select(CLOSINGS.c.item)).all() == []
    assert clinic.now - row(clinic, by, Listing.DECIDED).sent_at < timedelta(hours=1)
