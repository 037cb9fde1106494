"""Words that staff typed wait where their session ended or a colleague was faster: shown again, and not saved."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from intake.storage import lineages
from tests.support import lint
from tests.support.practice import EMAIL, PASSWORD, Practice, sign_in
from tests.web.staff.test_accounts import at_sign_in
from tests.web.staff.test_review import SIGNED_OUT, URGENT, decide
from tests.web.staff.test_what_matters import took_back

if TYPE_CHECKING:
    from tests.support.client import Page, Value, Visitor

OTHER = "other@harbour.example"
SAID = "Rang. A slip of the thumb,\nshe says."
MEANWHILE = "A colleague did this meanwhile. Not saved: “%s”"


def end_of_session(practice: Practice, visitor: Visitor, how: str) -> None:
    """The session of an open page ends: by time, or in another window, where the next one may have begun."""
    if how == "idle":
        practice.clock.late += timedelta(minutes=16)
        return
    visitor.send(visitor.get("/review/"), "/staff/logout")
    if how == "in again":
        sign_in(visitor)


def signed_in(visitor: Visitor, late: Page, how: str) -> Page:
    """The page behind the sign-in page, where there is one."""
    if how == "in again":
        return late
    assert (late.status, at_sign_in(late)) == (403, True)
    return visitor.send(late, email=EMAIL, password=PASSWORD)


def written(page: Page, name: str) -> str:
    """What stands in a text area."""
    (area,) = (each for each in page.tree.iter("textarea") if each.get("name") == name)
    return "".join(area.itertext()).strip()


@pytest.mark.parametrize("how", ["idle", "out", "in again"])
def test_the_words_that_close_a_sign_wait(practice: Practice, how: str) -> None:
    path = f"/review/{took_back(practice)}"
    visitor = practice.practitioner()
    page = visitor.get(path)
    end_of_session(practice, visitor, how)

    again = signed_in(visitor, visitor.send(page, f"{path}/close", said=SAID), how)

    assert (again.status, again.errors) == (409, [SIGNED_OUT])
    assert written(again, "said").split() == SAID.split()
    assert "A slip of the thumb" not in visitor.get(path).main, "nothing of it is saved"
    assert "Closed, with your words." in visitor.send(again, f"{path}/close").main
    assert "Rang. A slip of the thumb, she says." in visitor.get(path).main


@pytest.mark.parametrize("how", ["idle", "out", "in again"])
def test_who_takes_care_and_how_waits(practice: Practice, how: str) -> None:
    path, other = f"/review/unsent/{practice.unsent('Gus Waits')}", str(practice.account(OTHER))
    visitor = practice.practitioner()
    page = visitor.get(path)
    end_of_session(practice, visitor, how)

    again = signed_in(visitor, visitor.send(page, f"{path}/taken", who=other, what=SAID), how)

    assert (again.status, again.errors) == (409, [SIGNED_OUT])
    assert ("who", other) in again.form(f"{path}/taken").fields
    assert written(again, "what").split() == SAID.split()
    assert "Taken care of" not in visitor.get(path).main, "nothing of it is saved"
    visitor.send(again, f"{path}/taken")
    assert f"Taken care of by {OTHER}" in visitor.get(path).main


SAID_BY = {"said-who": "relative", "said-how": "letter", "said-day": "2026-11-20", "said-time": "08:15"}


@pytest.mark.parametrize("how", ["idle", "out", "in again"])
def test_an_answer_that_staff_enter_waits_also_where_the_session_ends_twice(practice: Practice, how: str) -> None:
    sent, visitor = practice.sent(), practice.practitioner()
    path = f"/review/{sent.intake_id}/answer"
    page = visitor.get(f"{path}?question=blood_thinners")
    end_of_session(practice, visitor, how)

    answers: dict[str, Value] = {"blood_thinners": ["apixaban", "aspirin_low_dose"], **SAID_BY}
    again = signed_in(visitor, visitor.send(page, path, **answers), how)
    assert (again.status, again.errors) == (409, [SIGNED_OUT])
    end_of_session(practice, visitor, how)
    twice = signed_in(visitor, visitor.send(again, path), how)

    assert (twice.status, twice.errors) == (409, [SIGNED_OUT])
    fields = twice.form(path).fields
    assert [text for name, text in fields if name == "blood_thinners"] == answers["blood_thinners"]
    assert {*SAID_BY.items()} <= {*fields}
    assert len(versions(practice, sent.intake_id)) == 1, "nothing of it is saved"
    saved = visitor.send(twice, path)
    assert "A relative said so by letter" in saved.main
    assert len(versions(practice, sent.intake_id)) == 2


def test_an_answer_that_waited_while_a_colleague_entered_another_says_so(practice: Practice) -> None:
    sent, visitor = practice.sent(), practice.practitioner()
    path = f"/review/{sent.intake_id}/answer"
    slow, quick = (visitor.get(f"{path}?question=blood_thinners") for _window in range(2))
    visitor.send(quick, path, blood_thinners=["warfarin"], **SAID_BY)
    end_of_session(practice, visitor, "out")
    again = signed_in(visitor, visitor.send(slow, path, blood_thinners=["apixaban"], **SAID_BY), "out")
    assert again.errors[0].startswith("There is a newer version of this intake.")
    assert again.errors[1:] == [SIGNED_OUT]
    assert ("blood_thinners", "apixaban") in again.form(path).fields


@pytest.mark.parametrize("how", ["idle", "out", "in again"])
def test_a_question_to_be_asked_back_waits(practice: Practice, how: str) -> None:
    sent = practice.sent({"gate_medicines": ("thinners",), "blood_thinners": ("not_sure",)})
    path, visitor = f"/review/{sent.intake_id}", practice.practitioner()
    page = visitor.get(path)
    card = dict(page.form(f"{path}/ask").fields)["card"]
    end_of_session(practice, visitor, how)
    for time in range(2):
        if time:
            end_of_session(practice, visitor, how)
        page = signed_in(visitor, visitor.send(page, f"{path}/ask", card=card, how="link"), how)
        assert (page.status, page.errors) == (409, [SIGNED_OUT])
        assert "Asked back" not in visitor.get(path).main, "nothing was sent"
        (opened,) = [each for each in page.tree.iter("details") if SIGNED_OUT in "".join(each.itertext())]
        assert opened.get("open") is not None
    assert "/l/" in visitor.send(page, f"{path}/ask", card=card, how="link").text


def versions(practice: Practice, intake_id: str) -> tuple[str, ...]:
    with practice.clinic.database.read() as connection:
        return lineages.of(connection, [intake_id])[intake_id]


def test_words_for_what_a_colleague_closed_meanwhile_stand_beside(practice: Practice) -> None:
    path = f"/review/{took_back(practice)}"
    visitor = practice.practitioner()
    slow, quick = visitor.get(path), visitor.get(path)
    visitor.send(quick, f"{path}/close", said="Done.")

    late = visitor.send(slow, f"{path}/close", said="Half an hour of typing.")

    assert (late.status, late.errors) == (409, [MEANWHILE % "Half an hour of typing."])
    assert "“Done.”" in late.main


def test_words_for_what_a_colleague_took_care_of_meanwhile_stand_beside(practice: Practice) -> None:
    path = f"/review/unsent/{practice.unsent('Gus Waits')}"
    visitor = practice.practitioner()
    slow, quick = visitor.get(path), visitor.get(path)
    visitor.send(quick, f"{path}/taken", what="Rang.")

    late = visitor.send(slow, f"{path}/taken", what="Half an hour of typing.")

    assert (late.status, late.errors) == (409, [MEANWHILE % "Half an hour of typing."])
    assert "“Rang.”" in late.main


def test_words_for_an_intake_that_is_not_there_are_a_page_not_found(practice: Practice) -> None:
    path = f"/review/{took_back(practice)}"
    visitor = practice.practitioner()
    fields = visitor.get(path).form(f"{path}/close").fill({"said": SAID})
    for nowhere in ("/review/ffff/close", "/review/unsent/ffff/taken"):
        sent = [
            (name if nowhere.endswith("close") else name.replace("said", "what"), text)
            for name, text in fields
            if name != "item" or nowhere.endswith("close")
        ]
        assert visitor.post(nowhere, sent).status == 404


def test_what_waits_leads_to_no_other_address(practice: Practice) -> None:
    practice.account()
    receipt = practice.sent(URGENT, "Ann Urgent")
    visitor = practice.practitioner()
    page = visitor.get(f"/review/{receipt.intake_id}")
    end_of_session(practice, visitor, "out")
    late = decide(visitor, page, outcome="refer", note=SAID)
    for address in ("/staff/logout", "//evil.example/review/x/close", "/review/x/nothing", "x"):
        fields = late.form().fill({"email": EMAIL, "password": PASSWORD, "waits-": address})
        answer = visitor.client.post("/staff/login", data=dict(fields))
        assert (answer.status_code, answer.headers["Location"]) == (303, "/review/")
        lint.check(visitor.client.get("/review/"), visitor.service)
        visitor.send(visitor.get("/review/"), "/staff/logout")
        late = visitor.get("/staff/login")
