"""The mail that says "we read it": one a decided version, with the decision or not at all, and nothing clinical."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from intake.errors import StaleError
from intake.storage import outbox
from intake.storage.outbox import Channel
from intake.workflow.review import intake as reading
from intake.workflow.review import reply, verdicts
from intake.workflow.review.findings import Terms
from intake.workflow.review.outcomes import Outcome, Reason
from intake.workflow.review.people import Practitioner
from intake.workflow.review.verdicts import Verdict
from intake.workflow.shared.clinic import Clinic
from intake.workflow.shared.duty import Duty
from tests.support.small_clinic import SmallClinic, rulebook
from tests.workflow.review.test_story import Plain

EMAIL = "ada@mail.example"
DUTY = Duty(sender="desk@clinic.example", clinic="Harbour Lane", phone="01234 555 000", emergency_number="999")
CLINICAL = re.compile(
    r"(?i)needl|pain|medic|drug|blood|pregnan|infect|danger|sign|finding|chest|suitab|refer|doctor|urgent|treat|symptom"
)


def mailing(clinic: SmallClinic) -> Clinic:
    return replace(clinic, duty=DUTY)


def mails(clinic: SmallClinic) -> list[tuple[str, dict[str, object]]]:
    with clinic.database.read() as connection:
        found = outbox.newest(connection, Channel.MAIL, 20)
    return [(each.read_recipient(clinic.keys), each.read_payload(clinic.keys)) for each in found]


def verdict(outcome: Outcome, version: int = 1) -> Verdict:
    return Verdict(version, outcome, (Reason.MEDICINE_OR_BLEEDING,), "Takes apixaban.", seen=frozenset({"chest"}))


@pytest.mark.parametrize("outcome", list(Outcome))
def test_each_decision_is_told_without_a_clinical_word(clinic: SmallClinic, outcome: Outcome) -> None:
    by = Practitioner(clinic.practitioner())
    begins = clinic.now + timedelta(days=3)
    sent = clinic.sent({"danger_signs": ("chest_pressure",)}, visit_at=begins, email=EMAIL)
    assert verdicts.decide(mailing(clinic), sent.intake_id, verdict(outcome), by) == ()
    ((to, mail),) = mails(clinic)
    said = f"{mail['subject']}\n{mail['text']}"
    assert to == EMAIL
    assert mail["subject"] == "We read your form - Harbour Lane"
    assert "staff-" in said
    assert "on Sunday 22 November 2026" in said
    assert "Visit:  Wednesday 25 November 2026, 09:" in said
    assert ("Please call us: 01234 555 000" in said) is (outcome is not Outcome.READY)
    assert ("Please bring" in said) is (outcome is Outcome.READY)
    assert CLINICAL.findall(said) == []
    assert "Lovelace" not in said
    assert "Ada" not in str(mail["subject"])


def test_there_is_one_mail_for_each_decided_version_under_an_id_that_stays(clinic: SmallClinic) -> None:
    by, sent = Practitioner(clinic.practitioner()), clinic.sent(email=EMAIL)
    verdicts.decide(mailing(clinic), sent.intake_id, verdict(Outcome.CALL_FIRST), by)
    with pytest.raises(StaleError):
        verdicts.decide(mailing(clinic), sent.intake_id, verdict(Outcome.READY), by)
    assert len(mails(clinic)) == 1
    clinic.tick()
    verdicts.decide(mailing(clinic), sent.intake_id, verdict(Outcome.READY, 2), by)
    ids = {str(mail["message_id"]) for _to, mail in mails(clinic)}
    assert ids == {f"<{reply.id_of(sent.intake_id, version)}@clinic.example>" for version in (1, 2)}


def test_a_decision_that_lacks_something_tells_nobody(clinic: SmallClinic) -> None:
    by, sent = Practitioner(clinic.practitioner()), clinic.sent(email=EMAIL)
    assert verdicts.decide(mailing(clinic), sent.intake_id, Verdict(1, None), by)
    assert mails(clinic) == []


def test_without_an_address_or_where_the_clinic_sends_no_mail_nobody_is_told(clinic: SmallClinic) -> None:
    by = Practitioner(clinic.practitioner())
    verdicts.decide(mailing(clinic), clinic.sent().intake_id, verdict(Outcome.READY), by)
    verdicts.decide(clinic, clinic.sent(email=EMAIL).intake_id, verdict(Outcome.READY), by)
    assert mails(clinic) == []


def test_a_visit_that_is_over_is_not_told(clinic: SmallClinic) -> None:
    by = Practitioner(clinic.practitioner())
    sent = clinic.sent(visit_at=clinic.now + timedelta(minutes=1), email=EMAIL)
    clinic.clock.now += timedelta(days=1)
    verdicts.decide(mailing(clinic), sent.intake_id, verdict(Outcome.READY), by)
    ((_to, mail),) = mails(clinic)
    assert "Visit:" not in str(mail["text"])


def test_the_page_says_whether_the_mail_went_out(clinic: SmallClinic) -> None:
    by, sent, terms = Practitioner(clinic.practitioner()), clinic.sent(email=EMAIL), Terms(rulebook(), Plain())
    assert not reading.load(clinic, terms, sent.intake_id, by).is_told
    assert reading.load(mailing(clinic), terms, sent.intake_id, by).is_told
    verdicts.decide(mailing(clinic), sent.intake_id, verdict(Outcome.READY), by)
    (decided,) = reading.load(clinic, terms, sent.intake_id, by).decisions
    assert decided.reply == reply.Reply(None, "")
    with clinic.database.begin() as connection:
        outbox.accept(connection, reply.id_of(sent.intake_id, 1), clinic.now)
    (decided,) = reading.load(clinic, terms, sent.intake_id, by).decisions
    assert decided.reply == reply.Reply(clinic.now, "")
