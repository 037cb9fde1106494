"""The form of last time, for whoever comes again by an invitation: what stays may be confirmed, what changed is named.

It is offered in drafts alone that an invitation began once the birth date was given: never by the open link, nor in an
empty form of a tablet. What is confirmed is an answer given now, and the trail says of which form. A "no" and a "not
sure" of last time are never offered, so that every question about safety is put again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from intake.engine.book.calm import denies
from intake.engine.book.tree import facts_read
from intake.engine.book.vocabulary import UNKNOWN_WORDS, codes_in
from intake.questions.last_time import CONFIRMED, LAST_TIME, TOPICS
from intake.questions.steps import Step
from intake.storage import check_ins, devices, intakes, visit_forms, visits
from intake.storage import drafts as rows
from intake.workflow.desk import people, records
from intake.workflow.patient import drafts, interview, versions
from intake.workflow.patient.drafts import Post

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from intake.engine.book.vocabulary import Answer, Answers, Vocabulary
    from intake.storage.subjects import Subject
    from intake.storage.visits import Visit
    from intake.workflow.patient.drafts import Draft
    from intake.workflow.shared.clinic import Clinic


@dataclass(frozen=True, slots=True, repr=False)
class LastTime:
    """The draft of the form that was sent last, and when it was sent."""

    draft: Draft
    sent_at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Confirmed:
    """Answers of last time that are still right: the page that asks them, as they count now, who it is."""

    page: str
    answers: Answers
    identity: Mapping[str, str]


def find(connection: Connection, clinic: Clinic, visit: Visit) -> str | None:
    """The intake that whoever comes to a visit sent last, for an earlier one; None: there is none that may be offered.

    A check-in repeats answers, and is none. Nor is a form of which it is not clear whose it is, or that names another
    birth date than the visit.
    """
    of_person = people.person(connection, visit.subject.id)
    sent = [each for each in visit_forms.sent_by(connection, of_person) if each.visit_id != visit.id]
    repeats = check_ins.among(connection, [each.draft_id for each in sent])
    clear = (each for each in sent if each.draft_id not in repeats and not _is_unclear(connection, each.draft_id))
    newest = next(clear, None)
    return newest.intake_id if newest and _were_born_together(clinic, visit.subject, newest.subject) else None


def _were_born_together(clinic: Clinic, one: Subject, other: Subject) -> bool:
    """Whether two records name the same birth date; one that is erased or damaged names none."""
    born = records.identity_of(clinic.keys, one).born
    return bool(born) and born == records.identity_of(clinic.keys, other).born


def _is_unclear(connection: Connection, draft_id: str) -> bool:
    sitting = devices.of_draft(connection, draft_id)
    return sitting is not None and sitting.unclear_at is not None


def is_due(draft: Draft) -> bool:
    """Whether the page of last time stands before the questions of a draft."""
    return draft.earlier is not None and draft.sent is None and LAST_TIME not in draft.passed


def read(clinic: Clinic, draft: Draft) -> LastTime | None:
    """The form of last time, as long as its answers may be shown: until the page was answered, and to the same person.

    Where the two records are joined no more, one of them is damaged, or the form left its visit, nothing is shown.
    """
    if draft.earlier is None or not is_due(draft):
        return None
    with clinic.database.read() as connection:
        visit_id, line = visit_forms.visit_of(connection, draft.id), intakes.by_id(connection, draft.earlier).line
        if visit_id is None:
            return None
        subject = visits.by_id(connection, visit_id).subject
        if line.subject.id not in people.person(connection, subject.id):
            return None
        if not _were_born_together(clinic, subject, line.subject):
            return None
        return LastTime(drafts.sent_draft(connection, line.draft_id), line.sent_at)


def let_go(clinic: Clinic, draft: Draft) -> Draft:
    """Offer nothing of last time any more: the form was opened by less than a code and the birth date."""
    if not is_due(draft):
        return draft
    passed = (*draft.passed, LAST_TIME)
    with clinic.database.begin() as connection:
        rows.change(connection, draft.id, draft.version, {"passed": passed})
    return replace(draft, passed=passed, version=draft.version + 1)


def lasting(vocabulary: Vocabulary, earlier: Answers, now: Answers) -> frozenset[str]:
    """The facts whose answers of last time may be offered: they stay, were said, deny nothing, and are open now."""
    before = interview.asked(vocabulary, earlier)
    names = (name for name in vocabulary.roles.lasting if name in before.facts and name not in now)
    return frozenset(name for name in names if _may_stand(vocabulary, name, before.answers.get(name)))


def _may_stand(vocabulary: Vocabulary, name: str, answer: Answer | None) -> bool:
    if answer is None or answer == () or not set(UNKNOWN_WORDS).isdisjoint(codes_in(answer)):
        return False
    return not denies(vocabulary.facts[name], answer)


def goes_with(vocabulary: Vocabulary, name: str) -> frozenset[str]:
    """The lasting facts that a lasting fact is about: they stand in its row, and count if that does."""
    asked_if = vocabulary.facts[name].asked_if
    read_by = frozenset[str]() if asked_if is None else frozenset(facts_read(asked_if))
    return read_by.intersection(vocabulary.roles.lasting)


def post(
    vocabulary: Vocabulary, draft: Draft, marks: Answers, confirmed: Sequence[Confirmed], last: LastTime | None
) -> Post:
    """What the page of last time stores: what has changed, and what is confirmed and was not answered meanwhile.

    Ticks of the checklists in front go with the answers, so that they count. A page is passed where nothing of it is
    left to ask; no page is passed for what has not changed.
    """
    fresh = [each for each in confirmed if not any(name in draft.answers for name in each.answers)]
    said: dict[str, Answer] = {name: answer for each in fresh for name, answer in each.answers.items()}
    opened = versions.opening(vocabulary, draft.answers, said)
    day = "" if last is None else last.sent_at.isoformat()
    of_form: dict[str, Answer] = {f"{CONFIRMED}{name}": day for name in said}
    identity = {name: value for each in fresh for name, value in each.identity.items()}
    step = Step(LAST_TIME, (*said, *TOPICS), shown=vocabulary)
    return Post(step, {**marks, **opened, **said, **of_form}, identity, {})


def passed_by(post: Post, steps: Iterable[Step]) -> Post:
    """The same post, that passes the pages of which it answers everything."""
    whole = (step.name for step in steps if step.gate is None and step.facts and set(step.facts) <= post.answers.keys())
    return replace(post, step=replace(post.step, passes=(*whole, LAST_TIME)))


def told_before(vocabulary: Vocabulary, draft: Draft, gate: str, page: str) -> tuple[str, ...]:
    """The items of a checklist that was not shown yet whose own questions were answered on the page of last time."""
    if page in draft.passed or draft.earlier is None:
        return ()
    seen = codes_in(draft.answers.get(f"{gate}_seen"))
    return tuple(item for item in vocabulary.gates[gate] if item in seen)
