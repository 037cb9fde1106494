"""A decision and its evidence as the JSON that `triage` prints: codes of levels and regions, answers, sources.

Other programs read it: keys may be added, none is renamed.
"""

from __future__ import annotations

from intake.engine.book.decision import Decision, Finding
from intake.engine.book.levels import Levels
from intake.engine.book.rulebook import Note, RuleReview
from intake.engine.book.vocabulary import Answers
from intake.engine.interpret.evidence import Evidence, evidence
from intake.engine.interpret.explain import as_answers
from intake.engine.interpret.truth import Intake


def to_dict(decision: Decision, intake: Intake) -> dict[str, object]:
    """The decision on the intake as JSON-like data, with the evidence of every finding.

    Raises EvaluationError with the id of the rule whose evidence failed.
    """
    version = {"version": decision.rulebook_version}
    return {
        "label": decision.label.code,
        **_levels(decision.levels),
        "electrical_stimulation": decision.electrical_stimulation,
        "findings": [_finding(finding, intake) | version for finding in decision.findings],
        "notes": [_note(note) for note in decision.notes],
        "regions": {region: needling.code for region, needling in decision.regions.items()},
        "at_most": _levels(decision.at_most),
        "rulebook": {"version": decision.rulebook_version, "sha256": decision.rulebook_sha256},
    }


def _levels(levels: Levels) -> dict[str, str]:
    return {"needling": levels.needling.code, "urgency": levels.urgency.code}


def answers(why: Evidence, given: Answers) -> dict[str, object]:
    """The deciding answers as fact -> code, list of codes or number; every open fact is None."""
    return dict.fromkeys(why.open_facts) | as_answers(why.deciding, given)


def _finding(finding: Finding, intake: Intake) -> dict[str, object]:
    rule, why = finding.rule, evidence(finding.rule, intake)
    return {
        "rule": rule.id,
        "concept": rule.concept,
        "title": rule.title,
        "status": finding.status.value,
        **_levels(finding.levels),
        "at_most": _levels(finding.at_most),
        "where": list(finding.where),
        "depth": rule.depth,
        "electrical_stimulation": rule.electrical_stimulation,
        "because": rule.because,
        "do": rule.do,
        "tell": rule.tell,
        "answers": answers(why, intake.answers),
        "raised_by": as_answers(why.raised_by, intake.answers),
        "open": list(why.open_facts),
        "sources": list(rule.sources),
        "strength": rule.strength.value,
        "policy": rule.policy,
        "reviewed": _reviewed(rule.reviewed),
    }


def _note(note: Note) -> dict[str, object]:
    return {
        "rule": note.id,
        "title": note.title,
        "text": note.text,
        "certainty": note.certainty,
        "sources": list(note.sources),
        "strength": note.strength.value,
        "reviewed": _reviewed(note.reviewed),
    }


def _reviewed(review: RuleReview) -> dict[str, str]:
    return {"by": review.by, "on": review.on.isoformat(), "again_by": review.again_by.isoformat()}
