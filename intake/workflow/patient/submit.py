"""Sending a draft: one transaction stores the intake, its decision with the rule book, and audit entry; once a draft.

Whatever goes wrong while deciding, the answers are stored: `not_evaluated`, on top of the queue. The only broad except
of the product is here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from sqlalchemy import Connection

from intake.engine.book.decision import Decision, Status
from intake.engine.book.levels import Needling, Urgency
from intake.engine.book.rulebook import Rule, Rulebook
from intake.engine.book.tree import facts_read
from intake.engine.book.vocabulary import NOT_SURE, Answers, Vocabulary, codes_in, facts_behind
from intake.engine.decide.decide import decide
from intake.engine.decide.outcome import to_dict
from intake.engine.interpret.evidence import Evidence, evidence
from intake.engine.interpret.truth import Intake
from intake.engine.replay.layout import layout_of
from intake.errors import EvaluationError, NotFoundError, StaleError
from intake.storage import (
    archive,
    audit,
    check_ins,
    corrections,
    day_answers,
    drafts,
    firings,
    intakes,
    invitations,
    lineages,
    name_index,
    rulebooks,
    taken_back,
    trail,
    visit_forms,
)
from intake.storage.day_answers import DayAnswer
from intake.storage.intakes import NewIntake, Receipt
from intake.storage.ranks import NOT_EVALUATED_RANK
from intake.storage.taken_back import TakenBack
from intake.storage.trail import TrailChange
from intake.workflow.desk import identity, people
from intake.workflow.desk.identity import Identity
from intake.workflow.patient import day_facts, withdrawn
from intake.workflow.patient.drafts import Draft
from intake.workflow.patient.interview import resolve
from intake.workflow.review import lineage, standing
from intake.workflow.review.folding import Card, circumstances, entries, fold
from intake.workflow.shared.clinic import Clinic

__all__ = ["Evaluation", "Receipt", "Sending", "evaluate", "receipt_of", "send"]
LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the rule book made of a draft; `decision` and its JSON form are None where it failed.

    `evidence`, by rule, is drawn for the rules that may tell the patient something, while answers still come in.
    `withdrawn`: danger signs that were said and taken back.
    """

    facts: Answers
    decision: Decision | None = None
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    outcome: dict[str, object] | None = None
    cards: tuple[Card, ...] = ()
    withdrawn: tuple[TakenBack, ...] = ()


@dataclass(frozen=True, slots=True)
class Sending:
    """What the new intake is called, for programs and for people; `actor`: who sends it, as the audit names them."""

    intake_id: str
    reference: str
    actor: str = "patient"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A draft, what the rule book made of it, the intake that it is to become, and who sends it."""

    draft: Draft
    evaluation: Evaluation
    new: NewIntake
    actor: str


@dataclass(frozen=True, slots=True, repr=False)
class DraftRecord:
    """What stands beside a draft's answers: its whole trail, what was `said` on the day, whether the patient came."""

    changes: Sequence[TrailChange]
    said: Mapping[str, DayAnswer]
    arrived: bool


def read(connection: Connection, draft_id: str) -> DraftRecord:
    """What is stored beside a draft; a check-in after the needles is not judged by the day of a visit."""
    arrived = visit_forms.has_arrived(connection, draft_id) and not check_ins.is_one(connection, draft_id)
    return DraftRecord(trail.of_draft(connection, draft_id), day_answers.of_draft(connection, draft_id), arrived)


def send(clinic: Clinic, rulebook: Rulebook, draft: Draft, sending: Sending) -> Receipt:
    """Store the draft as an intake; sent again, from anywhere, it gives the receipt of the first time.

    Raises StaleError, and writes nothing, where the draft was changed since it was read.
    """
    with clinic.database.read() as connection:
        record = read(connection, draft.id)
    prepared = prepare(clinic, rulebook, draft, sending, record)
    with clinic.database.begin() as connection:
        return store(connection, clinic, rulebook, prepared)


def prepare(clinic: Clinic, rulebook: Rulebook, draft: Draft, sending: Sending, record: DraftRecord) -> Prepared:
    """Judge a draft and make an intake of it; nothing is written.

    Of what holds on the day, what was asked then counts, and from arrival nothing else does.
    """

    def of_the_day(facts: Answers) -> Answers:
        return day_facts.judged(rulebook.vocabulary, facts, record.said, arrived=record.arrived)

    evaluation = evaluate(rulebook, draft.answers, changes=record.changes, adjust=of_the_day)
    return Prepared(draft, evaluation, _new(clinic, rulebook, draft, evaluation, sending), sending.actor)


def store(connection: Connection, clinic: Clinic, rulebook: Rulebook, prepared: Prepared) -> Receipt:
    """Write a prepared intake, or give the receipt of the one that its draft became; raises StaleError as `send`."""
    draft, new, facts = prepared.draft, prepared.new, prepared.evaluation.facts
    if not drafts.mark_sent(connection, draft.id, draft.version, new.id, new.reference):
        return _earlier(connection, draft)
    if not rulebooks.known(connection, rulebook.sha256):
        rulebooks.keep(connection, rulebook.sha256, rulebook.version, rulebook.content, new.sent_at)
    intakes.add(connection, new)
    taken_back.add(connection, new.id, prepared.evaluation.withdrawn)
    archive.add(connection, layout_of(rulebook.vocabulary), new.id, facts)
    firings.add(connection, new.id, new.sent_at, _statuses(prepared.evaluation))
    who = Identity.of(draft.identity(clinic.keys))
    name_index.replace(connection, draft.subject.id, identity.hashes(clinic.keys, who, clinic.country))
    told = audit.AuditEntry(new.sent_at, prepared.actor, "sent", "intake", new.id, _told(new))
    audit.record(connection, clinic.keys, told)
    _find_visit(connection, clinic, prepared, who)
    invitations.spend(connection, draft.id, new.sent_at)
    corrected = corrections.corrected_by(connection, draft.id)
    if corrected is not None:
        lineages.append(connection, new.id, corrected)
        entry = audit.AuditEntry(new.sent_at, prepared.actor, "corrected", "intake", corrected, {"by": new.id})
        audit.record(connection, clinic.keys, entry)
        lineage.settle(connection, rulebook.vocabulary, new.id)
    return Receipt(new.id, new.reference, new.sent_at)


def _find_visit(connection: Connection, clinic: Clinic, prepared: Prepared, who: Identity) -> None:
    """The intake takes the time of its visit; without one it becomes the form of whoever equal has one to come.

    Where the visit has an intake already, this one is its new version.
    """
    people.sent(connection, clinic, prepared.new.subject_id, who, prepared.new.sent_at)
    begins = visit_forms.start_of_draft(connection, prepared.draft.id)
    if begins is not None:
        intakes.set_visit(connection, prepared.draft.id, begins)
    corrections.follow_visit(connection, prepared.draft.id, prepared.new.sent_at)


def receipt_of(clinic: Clinic, draft: Draft) -> Receipt:
    """The receipt of a draft that was sent; raises NotFoundError where it was not."""
    with clinic.database.read() as connection:
        receipt = intakes.receipt_of(connection, draft.id)
    if receipt is None:
        raise NotFoundError("These answers were not sent.")
    return receipt


def _as_they_are(facts: Answers) -> Answers:
    return facts


def evaluate(  # noqa: PLR0913 - each is something that the judgement stands on
    rulebook: Rulebook,
    answers: Answers,
    resolved: Answers | None = None,
    *,
    with_cards: bool = True,
    changes: Sequence[TrailChange] = (),
    adjust: Callable[[Answers], Answers] = _as_they_are,
) -> Evaluation:
    """Resolve and decide what a draft holds, with evidence; a failure is logged by rule and type alone: no decision.

    `adjust`: what else makes the facts that count of the resolved ones.
    """
    facts: Answers = resolved or {}
    try:
        facts = resolved or adjust(resolve(rulebook.vocabulary, answers))
        decision = decide(rulebook, facts)
        intake = Intake(rulebook.vocabulary, facts)
        if not with_cards:
            return Evaluation(facts, decision, _evidence(decision, intake))
        outcome = to_dict(decision, intake)
        cards = fold(entries(outcome), circumstances(rulebook.vocabulary, answers))
        signs = withdrawn.taken_back(rulebook, changes, decision)
        return Evaluation(facts, decision, outcome=outcome, cards=cards, withdrawn=signs)
    except Exception as error:  # noqa: BLE001 - no failure of the rules may cost the patient the answers
        rule, cause = (error.rule, error.cause) if isinstance(error, EvaluationError) else ("", type(error).__name__)
        LOG.error("not_evaluated", rule=rule, error=cause, version=rulebook.version)  # noqa: TRY400 - a traceback can quote answers
        return Evaluation(facts)


def _evidence(decision: Decision, intake: Intake) -> dict[str, Evidence]:
    """The evidence of what may be told: what fires; and what asks, where the patient is not sure of an answer to it."""
    unsure = {name for name, answer in intake.answers.items() if NOT_SURE in codes_in(answer)}
    rules = (
        finding.rule
        for finding in decision.findings
        if finding.rule.tell is not None
        and (finding.status is Status.FIRES or _reads(finding.rule, unsure, intake.vocabulary))
    )
    return {rule.id: evidence(rule, intake) for rule in rules}


def _reads(rule: Rule, names: set[str], vocabulary: Vocabulary) -> bool:
    return bool(names) and not names.isdisjoint(facts_behind(facts_read(rule.when), vocabulary))


def _earlier(connection: Connection, draft: Draft) -> Receipt:
    receipt = intakes.receipt_of(connection, draft.id)
    if receipt is None:
        raise StaleError("The answers were changed elsewhere since this page was opened; nothing was sent.")
    return receipt


def _new(clinic: Clinic, rulebook: Rulebook, draft: Draft, evaluation: Evaluation, sending: Sending) -> NewIntake:
    keys = clinic.keys
    decision = evaluation.decision
    texts = draft.texts(keys)
    return NewIntake(
        id=sending.intake_id,
        reference=sending.reference,
        draft_id=draft.id,
        subject_id=draft.subject.id,
        sent_at=clinic.clock(),
        visit_at=None,  # `store` sets it, in whose transaction the visit cannot move
        answers=draft.answers,
        facts=evaluation.facts,
        texts=intakes.seal_texts(draft.vault(keys), sending.intake_id, texts),
        decision=evaluation.outcome,
        rulebook_sha256=rulebook.sha256,
        rulebook_version=rulebook.version,
        label=decision.label if decision else None,
        urgency=decision.levels.urgency if decision else Urgency.EMERGENCY_NOW,
        needling=decision.levels.needling if decision else Needling.DO_NOT_NEEDLE,
        rank=standing.rank(evaluation.cards, evaluation.withdrawn) if decision else NOT_EVALUATED_RANK,
        top=standing.top(evaluation.cards, circumstances(rulebook.vocabulary, draft.answers)),
        firing=sum(not card.asks for card in evaluation.cards),
        asking=sum(card.asks for card in evaluation.cards),
        not_evaluated=decision is None,
        unread_words=any(texts.values()),
    )


def _statuses(evaluation: Evaluation) -> dict[str, Status]:
    findings = evaluation.decision.findings if evaluation.decision else ()
    return {finding.rule.id: finding.status for finding in findings}


def _told(new: NewIntake) -> dict[str, object]:
    return {"draft": new.draft_id, "rulebook": new.rulebook_sha256, "not_evaluated": new.not_evaluated}
