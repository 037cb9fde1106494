"""How consent stands: none, given, withdrawn, void. Computed from hashes at each look, never stored."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.storage import consents, intakes, lineages, plans
from intake.storage.crypto import seal_of_consent

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Connection

    from intake.storage.consents import Consent
    from intake.storage.crypto import Keys
    from intake.storage.plans import Plan

AGREE, REFUSE = "agree", "refuse"


class ConsentState(StrEnum):
    """Whether there is consent to the plan as it is now, resting on the answers as they are now."""

    NONE = "none"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class ConsentStanding:
    """The state, and the last sheet that the patient signed. `waits`: the second signature is missing.

    `refused`: the patient did not agree; `damaged`: the sheet is not as it was signed.
    """

    state: ConsentState
    consent: Consent | None = None
    waits: bool = False
    refused: bool = False
    damaged: bool = False


NOTHING = ConsentStanding(ConsentState.NONE)


def of_intakes(connection: Connection, keys: Keys, intake_ids: Collection[str]) -> dict[str, ConsentStanding]:
    """How consent stands for each of these intakes, whatever version of it was signed for."""
    if not intake_ids:
        return {}
    versions = lineages.of(connection, intake_ids)
    sheets = consents.of_intakes(connection, {each for some in versions.values() for each in some})
    found = dict.fromkeys(intake_ids, NOTHING)
    for intake_id, lineage in versions.items():
        signed = [sheet for sheet in sheets if sheet.intake_id in lineage and sheet.said]
        if signed:
            found[intake_id] = _standing(keys, signed[-1], current_basis(connection, keys, lineage))
    return found


def of_intake(connection: Connection, keys: Keys, intake_id: str) -> ConsentStanding:
    """How consent stands for one intake."""
    return of_intakes(connection, keys, [intake_id])[intake_id]


def current_basis(connection: Connection, keys: Keys, lineage: Sequence[str]) -> str:
    """The hash of the newest answers and the newest plan of an intake in all its versions; empty without a plan."""
    known = plans.of_intakes(connection, lineage)
    newest = intakes.by_id(connection, lineage[-1])
    return basis(keys, newest.answers, newest.facts, known[-1]) if known else ""


def basis(keys: Keys, answers: Mapping[str, object], facts: Mapping[str, object], plan: Plan) -> str:
    """The keyed hash of what a consent rests on: the answers as given and as read, and the plan."""
    content = ["basis", dict(answers), dict(facts), list(plan.regions), plan.stimulation]
    return seal_of_consent(keys, json.dumps(content, sort_keys=True, separators=(",", ":")).encode())


def _standing(keys: Keys, consent: Consent, now: str) -> ConsentStanding:
    if consent.said == REFUSE:
        return ConsentStanding(ConsentState.NONE, consent, refused=True)
    if consent.withdrawn_at is not None:
        return ConsentStanding(ConsentState.WITHDRAWN, consent)
    if not consent.fits(keys):
        return ConsentStanding(ConsentState.VOID, consent, damaged=True)
    if consent.basis != now:
        return ConsentStanding(ConsentState.VOID, consent)
    if consent.countersigned_at is None:
        return ConsentStanding(ConsentState.NONE, consent, waits=True)
    return ConsentStanding(ConsentState.GIVEN, consent)
