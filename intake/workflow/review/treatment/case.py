"""The failing clinical case of an adverse event: what was answered, and the finding that should have warned.

It has the shape of the case bank (tests/cases): somebody writes the story and tightens it, then mends the rules until
it passes. It holds coded answers alone: no name, no birth date, no day, nothing in anybody's own words.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from intake.engine.book.vocabulary import Kind
from intake.errors import NotFoundError
from intake.storage import adverse_events, audit, intakes
from intake.workflow.review.treatment import record
from intake.workflow.review.treatment.events import EventGrade

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intake.engine.book.vocabulary import Vocabulary
    from intake.storage.adverse_events import AdverseEvent
    from intake.workflow.review.people import Practitioner
    from intake.workflow.shared.clinic import Clinic

CASE = """\
# The skeleton of a case, written from an adverse event. It fails as long as the finding does not fire.
# Before it goes into the case bank: say in `story` why the finding should have fired, without a word that could tell
# who it was, and take out of `facts` what has nothing to do with it.
- name: {name}
  story: {story}
  base: null
  facts:
{facts}
  expect: {{fires: [{concept}]}}
"""
STORY = "TO WRITE: what should have been known beforehand. Needled: {regions}."
NO_CASE = "No finding was named that should have warned, so that there is no case to write."


def of_event(clinic: Clinic, intake_id: str, event_id: str, practitioner: Practitioner) -> str:
    """The case as YAML; raises NotFoundError where there is no such event at this intake's visit, or no finding."""
    with clinic.database.begin() as connection:
        visit = record.visit_of(connection, intakes.by_id(connection, intake_id))
        events = adverse_events.of_visit(connection, visit.id) if visit else []
        event = next((each for each in events if each.id == event_id), None)
        if event is None or event.concept is None:
            raise NotFoundError(NO_CASE)
        facts = intakes.by_id(connection, event.intake_id).facts
        entry = audit.AuditEntry(clinic.clock(), practitioner.actor, "case_written", "intake", event.intake_id, {})
        audit.record(connection, clinic.keys, entry)
    return skeleton(clinic.vocabulary, facts, event)


def skeleton(vocabulary: Vocabulary, facts: Mapping[str, object], event: AdverseEvent) -> str:
    """The case of an event after which these facts were known before the needles."""
    coded = {
        name: said
        for name, said in facts.items()
        if name in vocabulary.facts and vocabulary.facts[name].kind is not Kind.TEXT
    }
    name = f"adverse event: {event.kind.replace('_', ' ')}, {EventGrade(event.grade).name.lower().replace('_', ' ')}"
    return CASE.format(
        name=json.dumps(name),
        story=json.dumps(STORY.format(regions=", ".join(event.regions))),
        facts="\n".join(f"    {fact}: {json.dumps(said)}" for fact, said in coded.items()) or "    {}",
        concept=event.concept,
    )
