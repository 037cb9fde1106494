"""Danger signs while the patient is still answering: shown to the patient at once, recorded for the clinic at once.

A rule interrupts once a draft: when it fires, or when it asks because the patient is not sure; and once more where a
later answer makes it more urgent. A question that was not asked yet interrupts nobody. A "not sure" whose page "which
ones?" is still to come is told at once too, without a rule.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass

from intake.engine.book.decision import Finding, Status
from intake.engine.book.levels import Urgency
from intake.engine.book.rulebook import Rulebook
from intake.engine.book.vocabulary import NOT_SURE, Answers, Vocabulary, codes_in
from intake.storage import alerts, audit
from intake.workflow.clinic import Clinic
from intake.workflow.patient.drafts import Draft
from intake.workflow.patient.submit import Evaluation, evaluate

UNSURE_WHICH = "danger-sign-not-sure"


def check(
    rulebook: Rulebook,
    vocabulary: Vocabulary,
    answers: Answers,
    shown: Mapping[str, Urgency],
    resolved: Answers | None = None,
) -> list[Finding]:
    """Findings to interrupt for, the most urgent first; `shown`: how urgently the draft alerted for a rule already.

    `resolved`: the facts that `interview` has read out of the answers, where it has.
    """
    evaluation = evaluate(rulebook, answers, resolved, with_cards=False)
    if evaluation.decision is None:
        return []
    findings = [finding for finding in evaluation.decision.findings if finding.rule.tell is not None]
    new = [finding for finding in findings if urgency_of(finding) > shown.get(finding.rule.id, Urgency.NONE)]
    urgent = [finding for finding in new if _urgent(vocabulary, evaluation, finding)]
    return sorted(urgent, key=lambda finding: -urgency_of(finding))


def urgency_of(finding: Finding) -> Urgency:
    """How urgently it is told: as it counts where it fires; what it may be where the patient is not sure."""
    return finding.levels.urgency if finding.status is Status.FIRES else finding.at_most.urgency


def is_unsure_which(vocabulary: Vocabulary, answers: Answers, shown: Collection[str]) -> bool:
    """Whether the patient is not sure about a danger sign, has not said which, and the clinic was not told yet."""
    narrowed = (fact for fact in vocabulary.facts.values() if fact.narrowed_by is not None)
    unsure = (fact for fact in narrowed if NOT_SURE in codes_in(answers.get(fact.name)))
    return UNSURE_WHICH not in shown and any(fact.narrowed_by not in answers for fact in unsure)


def record_unsure(clinic: Clinic, rulebook: Rulebook, draft: Draft, *, page: str) -> None:
    """Tell the clinic that the patient is not sure about a danger sign."""
    told = _Told(UNSURE_WHICH, Status.ASKS, "Not sure about a danger sign, not told which yet", Urgency.SAME_DAY)
    _record(clinic, rulebook, draft, page, [told])


def record(clinic: Clinic, rulebook: Rulebook, draft: Draft, findings: Iterable[Finding], *, page: str) -> None:
    """Tell the clinic, in one transaction; a rule that this draft alerted for as urgently already is left as it is."""
    told = [_Told(each.rule.id, each.status, each.rule.title, urgency_of(each)) for each in findings]
    _record(clinic, rulebook, draft, page, told)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the clinic is told of: a rule, or the not sure that no rule can name yet."""

    rule: str
    status: Status
    title: str
    urgency: Urgency


def _record(clinic: Clinic, rulebook: Rulebook, draft: Draft, page: str, several: Iterable[_Told]) -> None:
    now = clinic.clock()
    with clinic.database.begin() as connection:
        for told in several:
            row = asdict(told) | {"draft_id": draft.id, "page": page, "at": now}
            if alerts.add(connection, row):
                details = {"rule": told.rule, "page": page, "rulebook": rulebook.sha256}
                entry = audit.AuditEntry(now, "patient", "alerted", "draft", draft.id, details)
                audit.record(connection, clinic.keys, entry)


def of_page(clinic: Clinic, draft: Draft, page: str) -> frozenset[str]:
    """The rules that alerted when one page was saved."""
    with clinic.database.read() as connection:
        return alerts.rules_of_page(connection, draft.id, page)


def _urgent(vocabulary: Vocabulary, evaluation: Evaluation, finding: Finding) -> bool:
    open_facts = evaluation.evidence[finding.rule.id].open_facts
    unsure = any(_said_unsure(vocabulary, evaluation.facts, fact) for fact in open_facts)
    return urgency_of(finding) >= Urgency.SAME_DAY and (finding.status is Status.FIRES or unsure)


def _said_unsure(vocabulary: Vocabulary, facts: Answers, name: str) -> bool:
    """Whether the patient said "not sure" and, where a further question narrows that down, has met it."""
    said = NOT_SURE in codes_in(facts.get(name))
    narrowing = vocabulary.facts[name].narrowed_by
    return said and (narrowing is None or narrowing in facts)
