"""Earlier releases, made from this one: its vocabulary without some facts, codes or gates."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import update

from intake.engine.book.roles import THERAPIES_SEEN
from intake.engine.book.vocabulary import UNKNOWN_WORDS, Vocabulary, codes_in
from intake.engine.read.load import kept_vocabulary
from intake.engine.read.nodes import canonical
from intake.questions.steps import Step
from intake.storage import vocabularies
from intake.storage.database import Database
from intake.storage.drafts import DRAFTS
from intake.workflow.patient.drafts import Draft
from intake.workflow.patient.interview import NONE
from tests.support.small_clinic import vocabulary
from tests.support.visitor import questionnaire


def earlier(
    facts: Collection[str] = (),
    codes: Mapping[str, Collection[str]] | None = None,
    ungated: Collection[str] = (),
    gone: Mapping[str, Sequence[str]] | None = None,
) -> Vocabulary:
    """The vocabulary as it was before these facts and codes came, and before these facts stood behind a gate.

    `gone`: codes that it had and this one has not.
    """
    content: dict[str, Any] = json.loads(vocabulary().content)
    specs = content["facts"]
    for name in facts:
        del specs[name]
    for name, added in (codes or {}).items():
        for key in {"codes", "worse"} & specs[name].keys():
            specs[name][key] = [code for code in specs[name][key] if code not in added]
    for name, lost in (gone or {}).items():
        specs[name]["codes"] = [*specs[name]["codes"], *lost]
    for name in ungated:
        del specs[name]["gate"]
    content["roles"] = {role: _there(names, specs) for role, names in content["roles"].items() if _there(names, specs)}
    return kept_vocabulary(canonical(content))


def _there(names: str | list[str], specs: Mapping[str, object]) -> str | list[str]:
    """The facts of a role that the release had."""
    if isinstance(names, str):
        return names if names in specs else ""
    return [name for name in names if name in specs]


def steps_of(before: Vocabulary) -> Sequence[Step]:
    """The pages as they were: without questions that were not there."""
    known = [
        replace(
            step,
            facts=tuple(name for name in step.facts if name in before.facts),
            gate=step.gate if step.gate in before.gates else None,
        )
        for step in questionnaire().steps
    ]
    return [step for step in known if step.facts or step.gate]


def leave_behind(db: Database, draft: Draft, before: Vocabulary) -> None:
    """Put a draft of this release back to what the earlier one had stored: its answers, what it had shown."""
    seen = {f"{gate}_seen": tuple(items) for gate, items in before.gates.items()}
    answers: dict[str, object] = {}
    for name, answer in draft.answers.items():
        if name in seen:
            answers[name] = [item for item in codes_in(answer) if item in seen[name]]
        elif name in before.gates:
            items = {*before.gates[name], NONE, *UNKNOWN_WORDS}
            answers[name] = [item for item in codes_in(answer) if item in items] or [NONE]
        elif name in before.facts or name == THERAPIES_SEEN:
            answers[name] = answer
    known = {*before.facts, *before.gates}
    shown = sorted(name for names in draft.shown.values() for name in names if name in known)
    row = update(DRAFTS).where(DRAFTS.c.id == draft.id)
    with db.begin() as connection:
        vocabularies.keep(connection, before.sha256, before.content)
        connection.execute(row.values(answers=answers, shown={before.sha256: shown}))
