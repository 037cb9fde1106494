"""Danger signs while the patient is still answering: shown to the patient at once, recorded for the clinic at once.

A rule interrupts once a draft: when it fires, or when it asks because the patient is not sure. A question that was not
asked yet interrupts nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from intake.engine.rulebook import Finding, Rulebook, Status, Urgency
from intake.engine.vocabulary import NOT_SURE, Answers, Vocabulary
from intake.storage import alerts, audit
from intake.storage.crypto import Keys
from intake.storage.database import Database
from intake.workflow.drafts import Draft
from intake.workflow.submit import evaluate


def check(rulebook: Rulebook, vocabulary: Vocabulary, answers: Answers, shown: Collection[str]) -> list[Finding]:
    """Findings to interrupt for, the most urgent first; `shown` are rules that the draft alerted for already."""
    decision = evaluate(rulebook, answers, with_cards=False)
    if decision.decision is None:
        return []
    new = [f for f in decision.decision.findings if f.rule.tell is not None and f.rule.id not in shown]
    urgent = [f for f in new if _urgent(vocabulary, decision.facts, f)]
    return sorted(urgent, key=lambda finding: -finding.at_most.urgency)


def record(  # noqa: PLR0913 - each a plain value of the caller
    db: Database, keys: Keys, rulebook: Rulebook, draft: Draft, findings: Iterable[Finding], *, page: str, now: datetime
) -> None:
    """Tell the clinic, in one transaction; a rule that this draft alerted for already is left as it is."""
    with db.begin() as connection:
        for finding in findings:
            row = {
                "draft_id": draft.id,
                "rule": finding.rule.id,
                "page": page,
                "status": finding.status,
                "title": finding.rule.title,
                "urgency": finding.at_most.urgency,
                "rulebook_sha256": rulebook.sha256,
                "at": now,
            }
            if alerts.add(connection, row):
                told = {"rule": finding.rule.id, "page": page}
                audit.record(connection, keys, audit.Entry(now, "patient", "alerted", "draft", draft.id, told))


def of_page(db: Database, draft: Draft, page: str) -> frozenset[str]:
    """The rules that alerted when one page was saved."""
    with db.read() as connection:
        return alerts.rules_of_page(connection, draft.id, page)


def _urgent(vocabulary: Vocabulary, facts: Answers, finding: Finding) -> bool:
    if finding.status is Status.FIRES:
        return finding.levels.urgency >= Urgency.SAME_DAY
    unsure = any(_said_unsure(vocabulary, facts, fact) for fact in finding.open_facts)
    return unsure and finding.at_most.urgency >= Urgency.SAME_DAY


def _said_unsure(vocabulary: Vocabulary, facts: Answers, name: str) -> bool:
    """Whether the patient said "not sure" and, where a further question narrows that down, has met it."""
    answer = facts.get(name)
    said = NOT_SURE in answer if isinstance(answer, tuple) else answer == NOT_SURE
    narrowing = vocabulary.facts[name].narrowed_by
    return said and (narrowing is None or narrowing in facts)
