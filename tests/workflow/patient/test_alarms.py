"""What calls at once, from answers alone: what fires, what a "not sure" is about, and never what a later page asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from intake.engine.book.decision import Status
from intake.engine.book.levels import Levels, Needling, Urgency
from intake.engine.book.rulebook import Raise, Rule, Rulebook
from intake.engine.book.tree import All, AnyOf, Between, OneOf
from intake.engine.book.vocabulary import Answers
from intake.storage.alerts import Raised
from intake.workflow.patient import alarms
from intake.workflow.patient.alarms import NOT_EVALUATED, UNSURE_WHICH
from tests.support.small_clinic import BROKEN, CALM, CHEST, FEVER, HEADACHE, STOP, UNEXPLAINED, WAIT, rule, rulebook

NOTHING: Answers = {}
NEW: Mapping[str, Raised] = {}
TODAY, NOW = Urgency.SAME_DAY, Urgency.EMERGENCY_NOW


def calls(answers: Answers, book: Rulebook | None = None) -> list[tuple[str, Status]]:
    return [(call.rule.id, call.status) for call in alarms.read(book or rulebook(), answers).calls]


def news(answers: Answers, raised: Mapping[str, Raised] = NEW) -> dict[str, Urgency]:
    return {alarm.rule: alarm.urgency for alarm in alarms.changes(alarms.read(rulebook(), answers), raised).alarms}


@pytest.mark.parametrize(
    ("answers", "expected", "why"),
    [
        (NOTHING, [], "nothing asked yet"),
        ({"danger_signs": ("none",), "main_reason": "other"}, [], "denied"),
        ({"danger_signs": "declined"}, [], "declined is no doubt"),
        ({"danger_signs": ("fever",)}, [("fever", Status.FIRES)], "said"),
        ({"main_reason": "not_sure"}, [("headache", Status.ASKS)], "not sure, and counted as urgent"),
        ({"wants_needling": "no"}, [], "not urgent"),
        ({"wants_needling": "not_sure"}, [], "not sure, and not urgent"),
        (
            {"danger_signs": ("fever", "chest_pressure")},
            [("chest", Status.FIRES), ("fever", Status.FIRES)],
            "the most urgent first",
        ),
        ({"danger_signs": ("not_sure",)}, [], "the next page asks which one"),
        (
            {"danger_signs": ("not_sure",), "danger_signs_unsure": ("fever",)},
            [("fever", Status.ASKS)],
            "narrowed down to one",
        ),
        (
            {"danger_signs": ("not_sure",), "danger_signs_unsure": ("not_sure",)},
            [("chest", Status.ASKS), ("fever", Status.ASKS)],
            "not narrowed down",
        ),
        ({"danger_signs": ("fever", "not_sure")}, [("fever", Status.FIRES)], "said beside a doubt"),
    ],
)
def test_what_calls(answers: Answers, expected: list[tuple[str, Status]], why: str) -> None:
    assert calls(answers) == expected, why


def test_a_not_sure_that_counts_as_nothing_urgent_calls_for_nothing() -> None:
    quiet = replace(HEADACHE, if_unknown=CALM)
    assert calls({"main_reason": "not_sure"}, rulebook(quiet)) == []
    kind = replace(quiet, tell="Please call {crisis_line}.")
    assert calls({"main_reason": "not_sure"}, rulebook(kind)) == [("headache", Status.ASKS)]


def test_a_not_sure_waits_for_the_page_that_asks_what_would_decide_it() -> None:
    when = All((OneOf("main_reason", ("headache",)), OneOf("wants_needling", ("no",))))
    book, unsure = rulebook(rule("both", when, WAIT, if_unknown=WAIT)), {"main_reason": "not_sure"}
    assert calls(unsure, book) == []
    assert calls({**unsure, "wants_needling": "not_sure"}, book) == [("both", Status.ASKS)]
    assert calls({**unsure, "wants_needling": "no"}, book) == [("both", Status.ASKS)]
    assert calls({**unsure, "wants_needling": "yes"}, book) == []


@pytest.mark.parametrize(
    ("onset", "urgency"),
    [(None, None), ("fall_or_crash", NOW), ("gradual", None), ("not_sure", TODAY)],
)
def test_a_higher_level_waits_for_the_page_that_asks_what_would_raise_it(
    onset: str | None, urgency: Urgency | None
) -> None:
    low = Levels(Needling.REVIEW_BEFORE, Urgency.WITHIN_DAYS)
    higher = Raise(OneOf("pain_onset", ("fall_or_crash",)), Levels(STOP, NOW), WAIT, WAIT)
    raised = replace(rule("raised", OneOf("main_reason", ("headache",)), low), raises=(higher,))
    answers = {"main_reason": "headache"} | ({} if onset is None else {"pain_onset": onset})
    found = alarms.read(rulebook(raised), answers).calls
    assert [call.urgency for call in found] == ([] if urgency is None else [urgency])


def test_a_call_names_what_was_said_and_no_denial() -> None:
    told = (AnyOf("danger_signs", ("fever",)), OneOf("main_reason", ("headache",)))
    besides = (OneOf("feels_today", ("well",)), Between("age_years", 18, None))
    answers: Answers = {"danger_signs": ("fever",), "main_reason": "headache", "feels_today": "well", "age_years": 41}
    (call,) = alarms.read(rulebook(rule("sure", All((*told, *besides)), WAIT)), answers, answers).calls
    assert call.stated == (("main_reason", "headache"), ("danger_signs", "fever"))
    (asking,) = alarms.read(rulebook(), {"main_reason": "not_sure"}).calls
    assert asking.stated == ()


def test_each_alarm_is_raised_once() -> None:
    both: Answers = {"danger_signs": ("fever", "chest_pressure")}
    chest = {"chest": Raised("danger", Status.FIRES, NOW)}
    fever = {"fever": Raised("danger", Status.FIRES, TODAY)}
    assert news(both) == {"chest": NOW, "fever": TODAY}
    assert news(both, chest) == {"fever": TODAY}
    assert news(both, chest | fever) == {}


@pytest.mark.parametrize(
    "before",
    [
        Raised("danger", Status.FIRES, TODAY),
        Raised("danger", Status.ASKS, NOW),
        Raised("danger", Status.FIRES, NOW, withdrawn=True),
    ],
)
def test_an_alarm_is_news_again_where_it_is_worse_or_sure_or_said_again(before: Raised) -> None:
    assert news({"danger_signs": ("chest_pressure",)}, {"chest": before}) == {"chest": NOW}


def test_what_fires_no_more_was_taken_back_once() -> None:
    reading = alarms.read(rulebook(), {"danger_signs": ("none",)})
    fired = {"chest": Raised("danger", Status.FIRES, NOW), "fever": Raised("danger", Status.ASKS, TODAY)}
    assert alarms.changes(reading, fired).withdrawn == {"chest"}
    gone = {"chest": Raised("danger", Status.FIRES, NOW, withdrawn=True)}
    assert alarms.changes(reading, gone).withdrawn == frozenset()


@pytest.mark.parametrize("broken", [BROKEN, replace(UNEXPLAINED, tell="Tell.")])
def test_answers_that_cannot_be_judged_alarm_once_and_take_nothing_back(broken: Rule) -> None:
    with capture_logs() as logs:
        reading = alarms.read(rulebook(broken), {"wants_needling": "no"})
    assert [entry["rule"] for entry in logs] == [broken.id]
    fired = {"chest": Raised("danger", Status.FIRES, NOW)}
    changes = alarms.changes(reading, fired)
    assert [(alarm.rule, alarm.urgency) for alarm in changes.alarms] == [(NOT_EVALUATED, NOW)]
    assert changes.withdrawn == frozenset()
    assert alarms.changes(reading, {NOT_EVALUATED: Raised("danger", Status.ASKS, NOW)}).alarms == ()


def test_evidence_is_drawn_for_what_may_be_told_alone() -> None:
    with capture_logs() as logs:
        found = calls({"main_reason": "headache"}, rulebook(HEADACHE, UNEXPLAINED))
    assert (found, logs) == ([("headache", Status.FIRES)], [])


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"danger_signs": ("not_sure",)}, {UNSURE_WHICH: TODAY}),
        ({"danger_signs": ("fever", "not_sure")}, {"fever": TODAY, UNSURE_WHICH: TODAY}),
        ({}, {}),
        ({"danger_signs": ("none",)}, {}),
        ({"danger_signs": ("not_sure",), "danger_signs_unsure": ("chest_pressure",)}, {"chest": TODAY}),
    ],
)
def test_not_sure_which_sign_alarms_until_it_is_named(answers: Answers, expected: dict[str, Urgency]) -> None:
    assert news(answers) == expected


def test_rules_of_the_small_clinic_have_words_for_both() -> None:
    assert all(each.tell and each.tell_if_asking for each in (CHEST, FEVER, HEADACHE))


INR = rule("inr", OneOf("inr_status", ("unstable",)), CALM)
SURE = Raise(OneOf("inr_status", ("not_sure",)), Levels(STOP, NOW), CALM, CALM)


@pytest.mark.parametrize(
    ("changed", "may"),
    [
        (INR, False),
        (replace(INR, levels=Levels(STOP, Urgency.WITHIN_DAYS)), False),
        (replace(INR, levels=Levels(STOP, TODAY)), True),
        (replace(INR, if_unknown=Levels(STOP, TODAY)), True),
        (replace(INR, raises=(SURE,)), True),
        (replace(INR, tell="Call {crisis_line}."), True),
    ],
)
def test_what_may_call_is_read_by_a_rule_that_can(changed: Rule, *, may: bool) -> None:
    calling = alarms.may_call(rulebook(changed))
    assert ("inr_status" in calling) is may
    assert ("blood_thinners" in calling) is may, "it decides whether that is asked"
