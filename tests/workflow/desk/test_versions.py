"""The desk goes by the same version as the queue: the one that was sent last; an older one is nobody's form to come."""

from __future__ import annotations

from datetime import timedelta

from intake.storage import intakes, lineages, visit_forms
from intake.workflow.desk import people, visits
from intake.workflow.desk.identity import Identity
from intake.workflow.desk.visits import NewVisit, VisitKind, VisitPlan
from intake.workflow.patient import drafts
from tests.support.small_clinic import CALM_ANSWERS, SmallClinic
from tests.support.versions import EVERYTHING, correct


def test_a_visit_without_a_form_takes_the_newest_version_and_the_next_one_none(clinic: SmallClinic) -> None:
    first = clinic.sent().intake_id
    newest = correct(clinic, first, {"wants_needling": "no"})
    who = Identity.of({"name": "Ada Lovelace", "born": "1985-12-10"})
    plans = [VisitPlan(clinic.now + timedelta(days=day), "", "", VisitKind.FIRST) for day in (1, 2)]
    new = [NewVisit(f"to-come-{number}", f"subject-{number}", who, plan) for number, plan in enumerate(plans)]
    with clinic.database.begin() as connection:
        visits.store(connection, [visits.seal(clinic, each, clinic.now) for each in new])
        versions = {each: intakes.by_id(connection, each).line for each in (first, newest)}
        person = frozenset({line.subject.id for line in versions.values()} | {each.subject_id for each in new})
        assert [each.intake_id for each in visit_forms.sent_since(connection, clinic.now - timedelta(days=1), 9)] == [
            newest
        ]
        assert people.link_form(connection, clinic, person, clinic.now) == "to-come-0"
        assert people.link_form(connection, clinic, person, clinic.now) is None
        bound = {each: visit_forms.visit_of(connection, line.draft_id) for each, line in versions.items()}
    assert bound == {first: None, newest: "to-come-0"}


def test_of_two_forms_of_a_visit_the_one_sent_last_counts_whichever_was_begun_first(clinic: SmallClinic) -> None:
    begun_first, begun_last = clinic.start("cookie-one"), clinic.start("cookie-two")
    known = {"name": "Ada Lovelace", "born": "1985-12-10"}
    begun_first = clinic.save(begun_first, EVERYTHING, CALM_ANSWERS, known)
    begun_last = clinic.save(begun_last, EVERYTHING, CALM_ANSWERS, known)
    visit_id = clinic.visit(begun_first, clinic.now + timedelta(days=1))
    with clinic.database.begin() as connection:
        visit_forms.bind(connection, begun_last.id, visit_id, clinic.now + timedelta(days=1))
    earlier = clinic.send(drafts.load_by_id(clinic, begun_last.id)).intake_id
    later = clinic.send(drafts.load_by_id(clinic, begun_first.id)).intake_id
    with clinic.database.read() as connection:
        form = visit_forms.forms(connection, [visit_id])[visit_id]
        assert lineages.newest(connection, earlier) == later == form.intake_id
