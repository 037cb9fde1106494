"""New versions of what was sent: a copy of the form with some answers changed, judged and sent in one transaction.

The copy has the trail and the alarms of the form before it, so that a danger sign that is taken back on the way counts
as taken back, and one that still stands is not told as news. What changes one version changes an unsent correction of
it too, and a check-in that was begun: neither what the patient answers there nor the newer answer is lost.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.engine.book.vocabulary import codes_in
from intake.errors import StaleError
from intake.storage import corrections, day_answers, intakes, lineages, reported, trail, visit_forms
from intake.storage import drafts as rows
from intake.storage.corrections import By
from intake.workflow.patient import drafts, interview, saving, unheld
from intake.workflow.patient.drafts import Post
from intake.workflow.patient.saving import LastPage
from intake.workflow.patient.unheld import Somebody

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import Connection

    from intake.engine.book.rulebook import Rulebook
    from intake.engine.book.vocabulary import Answer, Answers, Vocabulary
    from intake.storage.intakes import Receipt
    from intake.storage.reported import Report
    from intake.workflow.patient.drafts import Draft
    from intake.workflow.patient.submit import Sending
    from intake.workflow.shared.clinic import Clinic

    Also = Callable[[Connection, Receipt], None]

LIFE, ID_BYTES = timedelta(days=7), 16
STALE = "There is a newer version of this intake since the page was opened; nothing was saved."


@dataclass(frozen=True, slots=True, repr=False)
class Version:
    """The newest version of an intake, and the draft that it was sent from."""

    intake_id: str
    draft: Draft


@dataclass(frozen=True, slots=True, repr=False)
class Change:
    """What a new version changes, how it comes about, and who said what staff entered."""

    post: Post
    by: By
    sending: Sending
    reports: tuple[Report, ...] = ()


def newest(clinic: Clinic, intake_id: str) -> Version:
    """The newest version of an intake; raises NotFoundError."""
    with clinic.database.read() as connection:
        latest = lineages.newest(connection, intake_id)
        draft = drafts.sent_draft(connection, intakes.by_id(connection, latest).line.draft_id)
    return Version(latest, draft)


def add(clinic: Clinic, rulebook: Rulebook, base: Version, change: Change, also: Also) -> Receipt:
    """Make the next version, with its alarms and with what is `also` written in the same transaction.

    Raises StaleError, and writes nothing, where there is a newer version than the one that was read.
    """
    now = clinic.clock()
    with clinic.database.begin() as connection:
        lineages.hold(connection, base.intake_id)
        if lineages.newest(connection, base.intake_id) != base.intake_id:
            raise StaleError(STALE)
        unsent = corrections.unsent(connection, base.intake_id, By.FORM, By.CHECK_IN)
        made = copy(connection, clinic, base.draft, secrets.token_hex(ID_BYTES), max(base.draft.expires, now + LIFE))
        corrections.add(connection, made.id, base.intake_id, change.by, now)
        reported.add(connection, made.id, change.reports)
        last = LastPage(made, change.post, change.sending)
        receipt = saving.send_in(connection, clinic, rulebook, last)
        for waits in unsent:
            draft = drafts.sent_draft(connection, waits)
            saving.save_in(connection, clinic, rulebook, draft, change.post)
            reported.add(connection, waits, change.reports)
            corrections.follow(connection, waits, receipt.intake_id)
        also(connection, receipt)
    return receipt


def copy(connection: Connection, clinic: Clinic, sent: Draft, draft_id: str, expires_at: datetime) -> Draft:
    """A copy of a sent form that can be changed and sent."""
    now, old = clinic.clock(), sent.vault(clinic.keys)
    row = {
        "id": draft_id,
        "version": rows.BEGUN + 1,
        "changes": sent.changes,
        "answers": sent.answers,
        "passed": sent.passed,
        "started_at": now,
        "expires_at": expires_at,
        "shown": sent.shown,
        "earlier_id": sent.earlier,
    }
    vault = unheld.add(connection, clinic.keys, row, Somebody(sent.identity(clinic.keys), sent.texts(clinic.keys)))
    changes = trail.of_draft(connection, sent.id)
    trail.add(connection, draft_id, [drafts.moved_change(old, vault, sent.id, draft_id, each) for each in changes])
    reported.add(connection, draft_id, reported.of_draft(connection, sent.id))
    corrections.copy_alerts(connection, sent.id, draft_id, now)
    visit_id, begins = visit_forms.visit_of(connection, sent.id), visit_forms.start_of_draft(connection, sent.id)
    visit_forms.bind(connection, draft_id, visit_id, begins)
    day_answers.put(connection, draft_id, day_answers.of_draft(connection, sent.id))
    return drafts.sent_draft(connection, draft_id)


def reachable(vocabulary: Vocabulary, stored: Answers) -> frozenset[str]:
    """The facts that an answer can be given to: those that are asked, and those behind items of lists that apply."""
    now = interview.asked(vocabulary, stored)
    behind = (name for gate, items in now.items.items() for item in items for name in vocabulary.gates[gate][item])
    return frozenset((*now.facts, *behind))


def opening(vocabulary: Vocabulary, stored: Answers, names: Iterable[str]) -> dict[str, Answer]:
    """The ticks of the lists in front of these facts, so that answers to them count."""
    ticks: dict[str, Answer] = {}
    for name in names:
        if (gate := vocabulary.facts[name].gate) is not None and name not in interview.asked(vocabulary, stored).facts:
            list_name, item = gate
            seen = f"{list_name}_seen"
            ticked = codes_in(ticks.get(list_name, stored.get(list_name)))
            ticks[list_name] = tuple(dict.fromkeys((*(code for code in ticked if code != interview.NONE), item)))
            ticks[seen] = tuple(dict.fromkeys((*codes_in(ticks.get(seen, stored.get(seen))), item)))
    return ticks


def with_lists(vocabulary: Vocabulary, stored: Answers, post: Post) -> Post:
    """A post whose answers count, though the lists in front of them were answered with none, or not at all."""
    return replace(post, answers={**opening(vocabulary, stored, post.answers), **post.answers})
