"""The rule book's pages: every rule in words, its use in this clinic, and answers that can be tried without a trace."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from intake.storage.tables import METADATA
from intake.web.staff.rules import PAGE, static_page
from intake.workflow.rules import trial
from tests.support import lint
from tests.support.practice import Practice

Counts = dict[str, int]


def rows(practice: Practice) -> Counts:
    with practice.clinic.database.read() as connection:
        tables = METADATA.sorted_tables
        return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def test_all_rules_stand_on_the_pages_of_the_book(practice: Practice) -> None:
    visitor = practice.practitioner()
    found: list[str] = []
    path = "/review/rules"
    while path:
        page = visitor.get(path)
        found += [lint.text_of(link) for cell in page.tree.iter("th") for link in cell.iter("a")]
        path = page.links.get("Next page", "")
    assert found == [rule.title for rule in practice.rulebook.rules]
    assert len(found) > PAGE


def test_the_book_is_filtered_by_tier_and_concept(practice: Practice) -> None:
    visitor = practice.practitioner()
    wanted = [rule for rule in practice.rulebook.rules if rule.concept == "anticoagulant_vka"]
    found = visitor.get("/review/rules?concept=anticoagulant_vka")
    assert f"Showing 1 to {len(wanted)} of {len(wanted)}." in found.main
    assert {rule.title for rule in wanted} <= set(found.links)
    assert "Severe fear of needles" not in found.links
    urgent = visitor.get("/review/rules?tier=urgent")
    assert "Severe fear of needles" not in urgent.links
    assert "No rule matches" in visitor.get("/review/rules?concept=anticoagulant_vka&tier=urgent").main
    assert "No rule matches" in visitor.get("/review/rules?concept=no_such_concept").main
    assert "Showing 1 to 40" in visitor.get("/review/rules?tier=no_such_tier&from=-7").main


def test_a_rule_tells_its_use_and_its_history(practice: Practice) -> None:
    practice.sent({"needle_fear": "9"})
    practice.sent()
    practice.clock.late = timedelta(minutes=1)
    page = practice.practitioner().get("/review/rules/needle-phobia-severe")
    assert page.heading == "Severe fear of needles"
    for words in (
        "Needle fear: 8 or more",
        "1 of 2 intakes",
        f"came with {practice.rulebook.version}",
        "Fires: Needle fear: 8 of 10.",
        "Asks: nothing was answered.",
        "the whole body",
    ):
        assert words in page.main


def test_every_rule_has_a_page_that_names_no_placeholder(practice: Practice) -> None:
    visitor = practice.practitioner()
    for rule in practice.rulebook.rules[::17]:
        main = visitor.get(f"/review/rules/{rule.id}").main
        assert "{" not in main
        assert rule.because in main
    assert visitor.get("/review/rules/no-such-rule").status == 404


def test_a_review_is_overdue_from_the_day_after(practice: Practice) -> None:
    visitor = practice.practitioner()
    assert "no review is overdue" in visitor.get("/review/rules").main
    practice.clock.late = practice.rulebook.rules[0].reviewed.again_by - practice.now().date() + practice.clock.late
    visitor = practice.practitioner()
    assert "no review is overdue" in visitor.get("/review/rules").main
    practice.clinic.clock.now = practice.clinic.now.replace(hour=23, minute=59)
    practice.clinic.tick()
    assert "overdue for review" in practice.practitioner().get("/review/rules").main


def test_answers_are_tried_and_nothing_is_written(practice: Practice) -> None:
    visitor = practice.practitioner()
    page = visitor.get("/review/rules/try")
    assert "Label: Routine" in page.main
    before = rows(practice)
    page = visitor.send(page, "/review/rules/try", danger_signs=["fever"], blood_thinners=["warfarin"])
    assert page.status == 200
    assert "Label: Urgent referral" in page.main
    assert "Blood thinners: Warfarin" in page.main
    assert "inr_status" in {control.get("name") for control in page.tree.iter("select")}, "it has come to apply"
    assert rows(practice) == before


def test_what_was_tried_stands_in_the_form_again(practice: Practice) -> None:
    visitor = practice.practitioner()
    page = visitor.send(visitor.get("/review/rules/try"), "/review/rules/try", needle_fear="9", age_years="70")
    fields = {name: value for name, value in page.form("/review/rules/try").fields if name != "csrf_token"}
    assert fields["age_years"] == "70"
    assert lint.ticked(page.tree)
    chosen = [option.get("value") for option in page.tree.iter("option") if option.get("selected") is not None]
    assert "9" in chosen


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"age_years": "300"}, "Age: type a whole number from 0 to 120."),
        ({"age_years": "soon"}, "Age: type a whole number from 0 to 120."),
        ({"danger_signs": ["none", "fever"]}, "Danger signs: these answers do not go together. Untick one of them."),
    ],
)
def test_answers_that_cannot_be_read_are_named(
    practice: Practice, answers: dict[str, str | list[str]], sentence: str
) -> None:
    visitor = practice.practitioner()
    page = visitor.send(visitor.get("/review/rules/try"), "/review/rules/try", **answers)
    assert page.status == 422
    assert page.errors == [sentence]


def test_an_example_can_be_tried_from_its_rule(practice: Practice) -> None:
    visitor = practice.practitioner()
    link = visitor.get("/review/rules/anticoagulant-vka").links["Try it with example 1"]
    assert "Takes a vitamin K antagonist" in visitor.get(link).main
    assert "Label: Routine" in visitor.get("/review/rules/try?rule=anticoagulant-vka&example=99").main


def test_nothing_answered_asks(practice: Practice) -> None:
    page = practice.practitioner().get("/review/rules/try?from=nothing").main
    assert "Not ruled out" in page
    assert "Wants needling: not answered. Ask: Would you like needling? If so (Does not want needling): Record" in page
    assert "Do:" not in page, "what a rule says to do is told as if somebody had answered so"


def test_the_form_cannot_be_sent_from_elsewhere(practice: Practice) -> None:
    visitor = practice.practitioner()
    response = visitor.client.post("/review/rules/try", data={"age_years": "40"})
    assert response.status_code in (400, 403)


def test_calm_answers_find_nothing(practice: Practice) -> None:
    from intake.engine.decide.decide import decide  # noqa: PLC0415 - the judge of this one test

    assert not decide(practice.rulebook, trial.calm(practice.rulebook)).findings


def test_a_finding_says_what_would_make_it_quiet_and_what_to_ask(practice: Practice) -> None:
    unsure = {"gate_devices": "not_sure", "devices": "not_sure", "recent_surgery": "none"}
    receipt = practice.sent({"needle_fear": "9", **unsure})
    page = practice.practitioner().get(f"/review/{receipt.intake_id}")
    assert "Needle fear: 9 of 10. Do: Do not persuade." in page.main
    assert "Ask: Implant, operation or injection? If so (Pacemaker, defibrillator, heart pump" in page.main
    assert "Strength: guideline. Checked on 2026-11-22 by" in page.main
    assert "It would be quiet with: Needle fear: 7 or less." in page.main
    assert "Ask by phone: Which devices? What matters: Pacemaker;" in page.main
    assert "/review/rules/needle-phobia-severe" in page.links.values()


def test_the_book_for_readers_is_whole(practice: Practice) -> None:
    with practice.app.app_context():
        text = static_page(practice.rulebook)
    tree = lint.parse(text)
    lint.check_ids(tree)
    assert not list(tree.iter("script"))
    ids = {element.get("id") for element in tree.iter("article")}
    assert ids == {rule.id for rule in practice.rulebook.rules} | {note.id for note in practice.rulebook.notes}
