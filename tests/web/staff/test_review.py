"""The practitioner's pages through a real client: what they show and refuse; strangers get nothing of a patient."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import insert, select

from intake.engine.read.load import kept_rulebook
from intake.storage.drafts import DRAFTS
from intake.storage.intakes import INTAKES
from intake.workflow.keeping import accounts
from intake.workflow.keeping.accounts import Act
from intake.workflow.review.queue import PAGE
from tests.support.client import Page, Visitor, filled
from tests.support.practice import EMAIL, PASSWORD, Practice, sign_in
from tests.support.routes import address
from tests.web.staff.test_accounts import at_sign_in
from tests.web.test_routes import listed

CANARY = "Zyxwova"
WORDS = "kestrels over the harbour"
URGENT = {"danger_signs": ("saddle_numbness",), "gate_medicines": ("thinners",), "blood_thinners": ("apixaban",)}
MANY = 3000
DECIDED = "A colleague decided this intake after you opened it. Read that decision first."
SIGNED_OUT = "You were signed out before this was saved. Check it, then save it again."
LIGHTEST = 30 * 1024


def rows(page: Page) -> list[str]:
    return [" ".join("".join(line.itertext()).split()) for line in page.tree.iter("tr")][1:]


def ids(page: Page) -> set[str]:
    return {element.get("id", "") for element in page.tree.iter()}


def decision(page: Page, **answers: str | None) -> tuple[str, list[tuple[str, str]]]:
    """The decision form; what belongs to it stands elsewhere on the page, so that it is added by name."""
    form = next(form for form in page.tree.iter("form") if form.get("id") == "decision")
    hidden = [
        (field.get("name", ""), field.get("value", "")) for field in form.iter("input") if field.get("type") == "hidden"
    ]
    return form.get("action", ""), hidden + [(name, value) for name, value in answers.items() if value is not None]


def form_of(page: Page, name: str) -> list[tuple[str, str]]:
    """The fields of a form as a browser would send them, wherever on the page they stand."""
    inside = list(next(form for form in page.tree.iter("form") if form.get("id") == name).iter())
    return filled(each for each in page.tree.iter() if each in inside or each.get("form") == name)


def decide(visitor: Visitor, page: Page, **answers: str) -> Page:
    action, fields = decision(page)
    return visitor.post(action, fields + [(name.replace("__", "-"), value) for name, value in answers.items()])


def test_the_queue_leads_with_danger_and_says_why(practice: Practice) -> None:
    practice.sent({}, "Fay Calm")
    practice.sent({"wants_needling": "no"}, "Chi Refuses")
    practice.sent(URGENT, "Ann Urgent")
    practice.unsent()
    page = practice.practitioner().get("/review/")
    names = ["Gus Waits", "Ann Urgent", "Chi Refuses", "Fay Calm"]
    assert [line.split()[0] for line in rows(page)] == [name.split()[0] for name in names]
    assert "Now Possible" in rows(page)[1] or "Now" in rows(page)[1].split()
    assert "Do not needle yet Does not want needling" in rows(page)[2]
    assert "No finding" in rows(page)[3], "an optional question left open is no finding"
    assert "Unfinished, with danger signs: 1. 1 to 3 of 3, most urgent first." in page.main


def test_filters_stand_in_the_address_and_can_be_taken_off(practice: Practice) -> None:
    practice.sent(URGENT, "Ann Urgent")
    practice.sent({}, "Fay Calm")
    visitor = practice.practitioner()
    page = visitor.get("/review/?tier=urgent&outcome=&day=")
    assert [line.split()[0] for line in rows(page)] == ["Ann"]
    assert visitor.get(page.links["Remove filter Urgent"]).main.count("Ann Urgent") == 1
    assert rows(visitor.get("/review/?tier=caution")) == []
    assert len(rows(visitor.get("/review/?tier=rubbish&day=rubbish&after=rubbish"))) == 2


def look_for(visitor: Visitor, text: str) -> list[str]:
    """The lines of the queue that a search leaves."""
    return rows(visitor.get("/review/?" + urlencode({"find": text})))


def test_a_search_is_an_address_and_a_title_names_nobody(practice: Practice) -> None:
    receipt = practice.sent({}, f"Ada {CANARY}")
    visitor = practice.practitioner()
    page = visitor.get("/review/")
    (form,) = (form for form in page.tree.iter("form") if form.get("role") == "search")
    assert (form.get("method"), form.get("action")) == ("get", "/review/")
    assert [line.split()[1] for line in look_for(visitor, CANARY.lower())] == [CANARY]
    assert len(look_for(visitor, receipt.reference.lower())) == 1
    assert look_for(visitor, "nobody") == []
    for path in (f"/review/{receipt.intake_id}", f"/review/{receipt.intake_id}/print", f"/review/?find={CANARY}"):
        title = next(visitor.get(path).tree.iter("title"))
        assert CANARY not in "".join(title.itertext())


@pytest.mark.parametrize(
    "text",
    ["zyx", "ADA wov", "555 123", "01234555123", "+44 1234 555123", "1985", "10 Dec 1985", "10.12.1985", "da 1985"],
)
def test_a_patient_is_found_by_parts_of_a_name_phone_year_and_date_as_shown(practice: Practice, text: str) -> None:
    practice.sent({}, f"Ada {CANARY}")
    visitor = practice.practitioner()
    assert len(look_for(visitor, text)) == 1
    assert look_for(visitor, f"{text} 1986") == look_for(visitor, f"{text} bo") == []


def test_every_page_of_a_search_is_a_page_of_that_search(practice: Practice) -> None:
    smiths = [practice.sent({}, "Ida Smith").intake_id for _ in range(PAGE + 2)]
    practice.sent({}, "Bo Other")
    visitor = practice.practitioner()
    first = visitor.get("/review/?find=smit")
    last = visitor.get(first.links["Next page"])
    assert "26 to 27 of 27" in last.main
    led = [link.get("href", "") for page in (first, last) for cell in page.tree.iter("th") for link in cell.iter("a")]
    assert sorted(led) == sorted(f"/review/{intake}?find=smit" for intake in smiths)


def test_an_intake_is_read_in_the_patients_words(practice: Practice) -> None:
    receipt = practice.sent(URGENT, "Ann Urgent", texts={"anything_else": WORDS})
    visitor = practice.practitioner()
    page = visitor.get(f"/review/{receipt.intake_id}")
    for words in (
        "Danger signs: Numb between the legs",
        "Blood thinners: Apixaban",
        "Rule cauda-equina-signs",
        f"rule book {practice.rulebook.version}",
        "again by",
        "17 asked, 1 yes",
        "16 denied",
        "Do not needle: the whole body",
        "Pain here: R low back",
        WORDS,
        "01234 555 123",
    ):
        assert words in page.main, words
    assert "none" not in page.main.split("Danger signs:")[1][:20]
    assert visitor.get(f"/review/{receipt.intake_id}").main.count("opened it") == 1


@pytest.mark.both_databases
def test_a_decision_needs_the_urgent_seen_and_a_reason(practice: Practice) -> None:
    receipt = practice.sent(URGENT, "Ann Urgent")
    following = practice.sent({}, "Fay Calm")
    visitor = practice.practitioner()
    page = visitor.get(f"/review/{receipt.intake_id}")
    refused = decide(visitor, page, outcome="call_first", note="Rang twice.")
    assert (refused.status, refused.errors) == (
        422,
        ["Tick “Seen” on each urgent finding first.", "Choose a reason for this decision."],
    )
    assert "Rang twice." in refused.text
    assert {"seen-cauda-equina-signs", "reason"} <= ids(refused)
    done = decide(
        visitor, refused, outcome="call_first", reason="urgent_signs", note="Rang.", **{"seen-cauda-equina-signs": "1"}
    )
    assert done.path.partition("?")[0] == f"/review/{following.intake_id}"
    again = visitor.get(f"/review/{receipt.intake_id}")
    assert "Call first, Urgent signs. " + EMAIL in again.main
    assert f"Who does it: {EMAIL}." in again.main
    assert "“Rang.”" in again.main


def test_a_calm_intake_is_decided_in_one_form_and_then_the_queue_is_done(practice: Practice) -> None:
    receipt = practice.sent({}, "Fay Calm")
    visitor = practice.practitioner()
    done = decide(visitor, visitor.get(f"/review/{receipt.intake_id}"), outcome="ready")
    assert "No intake waits." in done.main
    assert "Saved: Fay Calm, ready to treat." in done.main
    assert visitor.get(done.links["Open it again"]).path == f"/review/{receipt.intake_id}"


@pytest.mark.both_databases
def test_a_stale_decision_is_refused_and_shows_what_changed(practice: Practice) -> None:
    receipt = practice.sent({}, "Fay Calm")
    practice.account("other@harbour.example")
    first, second = practice.practitioner(), practice.visitor()
    sign_in(second, "other@harbour.example")
    slow = second.get(f"/review/{receipt.intake_id}")
    decide(first, first.get(f"/review/{receipt.intake_id}"), outcome="refer", reason="patient_wish")
    page = decide(second, slow, outcome="ready", note="Half an hour of typing.")
    assert (page.status, page.errors) == (
        409,
        [DECIDED],
    )
    assert f"Refer, The patient’s wish. {EMAIL}" in page.main  # noqa: RUF001 - typographic quotes
    assert "Half an hour of typing." in page.text
    assert "Ready to treat." not in page.main


@pytest.mark.parametrize("meanwhile", [False, True])
def test_a_decision_sent_too_late_is_shown_again_after_signing_in(practice: Practice, meanwhile: bool) -> None:
    receipt = practice.sent(URGENT, "Ann Urgent")
    visitor = practice.practitioner()
    page = visitor.get(f"/review/{receipt.intake_id}")
    practice.clock.late += timedelta(minutes=16)
    said = {"outcome": "call_first", "reason": "urgent_signs", "note": "Rang.\nTwice.", "seen-cauda-equina-signs": "1"}
    late = decide(visitor, page, **said)
    assert (late.status, at_sign_in(late), "Ann Urgent" in late.text) == (403, True, False)
    if meanwhile:
        other = practice.practitioner()
        decide(other, other.get(page.path), outcome="refer", reason="urgent_signs", **{"seen-cauda-equina-signs": "1"})
    wrong = visitor.send(late, email=EMAIL, password="wrong password 1")  # noqa: S106 - a wrong one
    again = visitor.send(wrong, email=EMAIL, password=PASSWORD)
    assert again.errors == [DECIDED] * meanwhile + [SIGNED_OUT]
    own = form_of(again, "decision")
    assert said.items() <= dict(own).items()
    done = visitor.post(f"{page.path}/decision", own)
    assert "Saved: Ann Urgent, call first." in done.main
    assert "“Rang. Twice.”" in visitor.get(page.path).main


def test_what_waits_at_the_sign_in_opens_nothing_to_a_stranger(practice: Practice) -> None:
    receipt = practice.sent(URGENT, "Ann Urgent")
    stranger = practice.visitor()
    fields = [*stranger.get("/staff/login").form().fields, ("note", "mine")]
    late = stranger.post(f"/review/{receipt.intake_id}/decision", fields)
    assert (late.status, at_sign_in(late), "Ann Urgent" in late.text) == (403, True, False)
    assert at_sign_in(stranger.get(f"/review/{receipt.intake_id}"))


def test_a_stale_page_that_lacks_something_does_not_become_current(practice: Practice) -> None:
    receipt = practice.sent(URGENT, "Ann Urgent")
    visitor = practice.practitioner()
    slow, quick = (visitor.get(f"/review/{receipt.intake_id}") for _ in range(2))
    decide(visitor, quick, outcome="refer", reason="urgent_signs", **{"seen-cauda-equina-signs": "1"})
    assert decide(visitor, slow, outcome="refer").status == 409


@pytest.mark.parametrize(
    ("field", "value"),
    [("outcome", "perfect"), ("version", "x"), ("reason", "x"), ("override-nobody", "does_not_apply")],
)
def test_forged_fields_decide_nothing(practice: Practice, field: str, value: str) -> None:
    receipt = practice.sent({"wants_needling": "no"}, "Chi Refuses")
    visitor = practice.practitioner()
    action, fields = decision(visitor.get(f"/review/{receipt.intake_id}"))
    kept = [pair for pair in fields if pair[0] != field]
    page = visitor.post(action, [*kept, *({"outcome": "ready"} | {field: value}).items()])
    assert page.status in (400, 409, 422)
    assert "Refused" not in page.main


def test_an_overridden_finding_says_so_at_the_next_look(practice: Practice) -> None:
    receipt = practice.sent({"wants_needling": "no"}, "Chi Refuses")
    visitor = practice.practitioner()
    page = visitor.get(f"/review/{receipt.intake_id}")
    named = (element.get("id", "") for element in page.tree.iter("select"))
    key = next(name.removeprefix("override-") for name in named if name.startswith("override-"))
    decide(visitor, page, outcome="ready", **{f"override-{key}": "checked_with_patient"})
    assert "Last decision: overridden" in visitor.get(f"/review/{receipt.intake_id}").main
    kept = practice.sent({"wants_needling": "no"}, "Dee Refuses")
    decide(visitor, visitor.get(f"/review/{kept.intake_id}"), outcome="not_suitable_now", reason="patient_wish")
    practice.clock.late = timedelta(minutes=1)
    assert "Decided: kept1 Overridden1 (50 %)" in visitor.get("/review/rules/needling-refused").main


@pytest.mark.both_databases
def test_danger_signs_of_an_unfinished_intake_are_taken_over_by_name(practice: Practice) -> None:
    draft = practice.unsent("Gus Waits")
    visitor = practice.practitioner()
    page = visitor.get(f"/review/unsent/{draft}")
    assert "Chest pressure, or cold sweat with pain" in page.main
    refused = visitor.send(page, f"/review/unsent/{draft}/taken", what=" ")
    assert (refused.status, len(refused.errors)) == (422, 1)
    done = visitor.send(refused, f"/review/unsent/{draft}/taken", what="Rang; the ambulance is on its way.")
    assert "Taken care of" in rows(done)[0]
    assert rows(visitor.get("/review/")) == []
    assert [line.split()[0] for line in look_for(visitor, "gus wai")] == ["Gus"], "it stays findable"
    again = visitor.get(f"/review/unsent/{draft}")
    assert f"Taken care of by {EMAIL}" in again.main
    assert "“Rang; the ambulance is on its way.”" in again.main
    back = visitor.send(again, f"/review/unsent/{draft}/back")
    assert "Taken care of" not in back.main
    assert [line.split()[0] for line in rows(visitor.get("/review/"))] == ["Gus"]


def test_unfinished_danger_signs_obey_the_filters_and_are_counted_where_they_are_left_out(practice: Practice) -> None:
    practice.unsent("Gus Waits")
    visitor = practice.practitioner()
    assert len(rows(visitor.get("/review/?tier=urgent"))) == 1
    for asked in ("tier=note", "day=2026-11-23", "outcome=refer", "list=decided", "list=to_do", "find=somebody"):
        page = visitor.get(f"/review/?{asked}")
        assert rows(page) == [], asked
        assert "Not on this list: 1 unfinished with danger signs." in page.main
        assert len(rows(visitor.get(page.links["Show them"]))) == 1


def test_what_holds_on_the_day_of_the_visit_is_to_be_asked_then(practice: Practice) -> None:
    receipt = practice.sent({})
    for path in (f"/review/{receipt.intake_id}", f"/review/{receipt.intake_id}/print"):
        assert "Ask on the day: eaten? unwell? worn out? alcohol or drugs?" in practice.practitioner().get(path).main


def test_the_print_sheet_names_reference_rule_book_and_time(practice: Practice) -> None:
    receipt = practice.sent(URGENT, "Ann Urgent")
    page = practice.practitioner().get(f"/review/{receipt.intake_id}/print")
    for words in (
        receipt.reference,
        f"rule book {practice.rulebook.version}",
        "It is not a diagnosis",
        "cauda-equina-signs",
    ):
        assert words in page.main, words


def test_what_a_patient_writes_stays_text(practice: Practice) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"
    receipt = practice.sent({}, attack, texts={"anything_else": attack})
    visitor = practice.practitioner()
    for path in ("/review/", f"/review/{receipt.intake_id}", f"/review/{receipt.intake_id}/print"):
        page = visitor.get(path)
        assert "<script>alert" not in page.text
        assert "onerror=alert(1)>{{7*7}}" in page.main, path


def strangers(practice: Practice) -> dict[str, Visitor]:
    """Everybody who must not read: nobody, somebody who signed out, somebody whose account was disabled."""
    out = practice.practitioner()
    out.send(out.get("/review/"), "/staff/logout")
    practice.account("gone@harbour.example")
    gone = practice.visitor()
    sign_in(gone, "gone@harbour.example")
    accounts.set_active(practice.clinic, "gone@harbour.example", Act("test", "new"), active=False)
    return {"anonymous": practice.visitor(), "signed out": out, "disabled": gone}


def test_strangers_get_nothing_of_a_patient(practice: Practice) -> None:
    receipt = practice.sent(URGENT, CANARY, texts={"anything_else": WORDS})
    draft = practice.unsent(CANARY)
    assert CANARY in practice.practitioner().get(f"/review/{receipt.intake_id}").main
    for who, visitor in strangers(practice).items():
        for route in listed(practice):
            path = route.path.replace("<intake_id>", receipt.intake_id).replace("<draft_id>", draft)
            method = "POST" if "POST" in route.methods else "GET"
            token = dict(visitor.get("/staff/login").form().fields)
            response = visitor.client.open(address(path), method=method, data=token if method == "POST" else None)
            told = response.text + str(response.headers)
            for secret in (CANARY, WORDS, "555 123", receipt.reference):
                assert secret not in told, (who, route)


def test_another_intake_looks_like_none(practice: Practice) -> None:
    visitor = practice.practitioner()
    for path in ("/review/ffff", "/review/ffff/print", "/review/ffff/next", "/review/unsent/ffff"):
        assert visitor.get(path).status == 404


def test_the_queue_of_thousands_is_read_a_page_at_a_time(practice: Practice) -> None:
    practice.sent({"wants_needling": "no"}, "Chi Refuses")
    multiply(practice)
    visitor = practice.practitioner()
    page = visitor.get("/review/")
    assert len(rows(page)) == 25
    assert "1 to 25 of 1,000 or more" in page.main
    following = visitor.get(page.links["Next page"])
    assert "26 to 50" in following.main
    assert visitor.get(following.links["First page"]).main == page.main


def multiply(practice: Practice) -> None:
    """Thousands of copies of the one intake, each with a draft of its own."""
    with practice.clinic.database.begin() as connection:
        draft = dict(connection.execute(select(DRAFTS)).mappings().one())
        intake = dict(connection.execute(select(INTAKES)).mappings().one())
        numbers = range(MANY)
        drafts = [draft | {"id": f"copy-{n}", "token_hash": f"{n}", "intake_id": None} for n in numbers]
        copies = [{"id": f"{n + 2**20:032x}", "reference": f"COPY-{n}", "draft_id": f"copy-{n}"} for n in numbers]
        connection.execute(insert(DRAFTS), drafts)
        connection.execute(insert(INTAKES), [intake | copy for copy in copies])


def test_pages_are_light(practice: Practice) -> None:
    receipt = practice.sent(URGENT, "Ann Urgent")
    for number in range(25):
        practice.sent({}, f"Patient {number}")
    visitor = practice.practitioner()
    for path in ("/review/", f"/review/{receipt.intake_id}", f"/review/{receipt.intake_id}/print"):
        response = visitor.client.get(path, headers={"Accept-Encoding": "gzip"})
        assert len(response.get_data()) < LIGHTEST
        assert gzip.decompress(response.get_data())


def test_a_finding_of_an_older_rule_book_explains_itself_by_that_book(practice: Practice) -> None:
    kept = json.loads(practice.rulebook.content)
    renamed = json.loads(json.dumps(kept["rules"]).replace("Does not want needling", "Would rather not be needled"))
    older = kept_rulebook(json.dumps(kept | {"rules": renamed | {"version": "2025.1.1"}}))
    receipt = practice.sent({"wants_needling": "no", "pregnancy": "not_sure"}, "Chi Refuses", book=older)
    page = practice.practitioner().get(f"/review/{receipt.intake_id}").main
    assert f"Decided by rule book 2025.1.1 ({older.sha256[:8]}); {practice.rulebook.version} (" in page
    assert "Would rather not be needled" in page
    assert "It would be quiet with: Wants needling:" in page
    assert "Ask by phone: Are you pregnant" in page
