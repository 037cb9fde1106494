"""Saving a page: the answers, the alarms they raise, the messages and the cards that these owe are one transaction.

So nobody is left with a stored danger sign that the clinic does not know of, or a card that was never shown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from intake.storage import alerts, audit
from intake.storage.alerts import Raised
from intake.workflow.keeping.messages import alarms as messages
from intake.workflow.patient import alarms, drafts, submit
from intake.workflow.patient.alarms import AlarmReading

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.engine.book.rulebook import Rulebook
    from intake.storage.crypto import Keys
    from intake.workflow.patient.alarms import Alarm, Changes
    from intake.workflow.patient.drafts import Draft, Edit, Post
    from intake.workflow.patient.submit import DraftRecord, Prepared, Receipt, Sending
    from intake.workflow.shared.clinic import Clinic

Also = Callable[["Connection"], None]


@dataclass(frozen=True, slots=True)
class AlarmPlace:
    """Where an alarm comes from: the draft, the page that was answered, and when."""

    draft_id: str
    page: str
    at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class LastPage:
    """The last page of a draft, and the intake that it makes of it."""

    draft: Draft
    post: Post
    sending: Sending


@dataclass(frozen=True, slots=True, repr=False)
class _Judged:
    """A last page as it is to be stored, what it alarms, and the intake."""

    edit: Edit
    news: Changes
    prepared: Prepared


def nothing(_connection: Connection) -> None:
    """Nothing else is written."""


def save_page(clinic: Clinic, rulebook: Rulebook, draft: Draft, post: Post, also: Also = nothing) -> Draft:
    """Store one page with its trail and its alarms; what the page asks and the post does not answer is withdrawn.

    `also` is written in the same transaction.

    Raises StaleError, and writes nothing, where the draft moved on or was sent. Where the answers cannot be judged the
    page is stored all the same, with an alarm that says so.
    """
    edit, news = _judged(clinic, rulebook, draft, post)
    with clinic.database.begin() as connection:
        _write(connection, clinic, rulebook, edit, news)
        also(connection)
    return _with_alarms(edit.after, news, post.step.name)


def send_page(clinic: Clinic, rulebook: Rulebook, draft: Draft, post: Post, sending: Sending) -> Receipt:
    """Store the last page and send: both, or nothing; raises StaleError where the draft moved on or was sent.

    What cannot be judged as a whole alarms, and so does again what was set aside as nobody's.
    """
    with clinic.database.read() as connection:
        before = submit.read(connection, draft.id)
    last = _judged_last(clinic, rulebook, LastPage(draft, post, sending), before)
    with clinic.database.begin() as connection:
        return _send(connection, clinic, rulebook, last)


def save_in(connection: Connection, clinic: Clinic, rulebook: Rulebook, draft: Draft, post: Post) -> None:
    """As `save_page`, within a transaction."""
    edit, news = _judged(clinic, rulebook, draft, post)
    _write(connection, clinic, rulebook, edit, news)


def send_in(connection: Connection, clinic: Clinic, rulebook: Rulebook, page: LastPage) -> Receipt:
    """As `send_page`, within a transaction."""
    before = submit.read(connection, page.draft.id)
    return _send(connection, clinic, rulebook, _judged_last(clinic, rulebook, page, before))


def note_card(clinic: Clinic, draft: Draft, rules: Collection[str]) -> Draft:
    """The patient went on from the card that told of these rules: they are owed no more."""
    with clinic.database.begin() as connection:
        alerts.mark_shown(connection, draft.id, rules, clinic.clock())
    seen = {rule: replace(each, owed=False) for rule, each in draft.alarms.items() if rule in rules}
    return replace(draft, alarms={**draft.alarms, **seen})


def _judged(clinic: Clinic, rulebook: Rulebook, draft: Draft, post: Post) -> tuple[Edit, Changes]:
    edit = drafts.apply(clinic.keys, draft, post, clinic.clock())
    return edit, alarms.changes(alarms.read(rulebook, edit.after.answers), draft.alarms)


def _judged_last(clinic: Clinic, rulebook: Rulebook, page: LastPage, before: DraftRecord) -> _Judged:
    edit, news = _judged(clinic, rulebook, page.draft, page.post)
    record = replace(before, changes=(*before.changes, *edit.changes))
    prepared = submit.prepare(clinic, rulebook, edit.after, page.sending, record)
    if prepared.new.not_evaluated and alarms.NOT_EVALUATED not in page.draft.alarms:
        failed = alarms.changes(AlarmReading(failed=True), page.draft.alarms)
        news = replace(news, alarms=(*news.alarms, *failed.alarms))
    return _Judged(edit, news, prepared)


def _send(connection: Connection, clinic: Clinic, rulebook: Rulebook, last: _Judged) -> Receipt:
    _write(connection, clinic, rulebook, last.edit, last.news)
    if alerts.bring_back(connection, last.edit.after.id):
        messages.announce(connection, clinic, last.edit.at)
    return submit.store(connection, clinic, rulebook, last.prepared)


def _write(connection: Connection, clinic: Clinic, rulebook: Rulebook, edit: Edit, news: Changes) -> None:
    drafts.write(connection, edit)
    raise_alarms(connection, clinic, rulebook, AlarmPlace(edit.after.id, edit.step.name, edit.at), news)


def raise_alarms(connection: Connection, clinic: Clinic, rulebook: Rulebook, place: AlarmPlace, news: Changes) -> None:
    """Tell the clinic what is news, and keep what was taken back."""
    raised = [_raise(connection, clinic.keys, rulebook, place, alarm) for alarm in news.alarms]
    if news.withdrawn:
        alerts.withdraw(connection, place.draft_id, news.withdrawn, place.at)
    if any(raised):
        messages.announce(connection, clinic, place.at)


def _raise(connection: Connection, keys: Keys, rulebook: Rulebook, place: AlarmPlace, alarm: Alarm) -> bool:
    page, draft, now = place.page, place.draft_id, place.at
    row = asdict(alarm) | {"draft_id": draft, "page": page, "at": now}
    if not alerts.add(connection, row):
        return False
    details = {"rule": alarm.rule, "page": page, "rulebook": rulebook.sha256}
    entry = audit.AuditEntry(now, "patient", "alerted", "draft", draft, details)
    audit.record(connection, keys, entry)
    return True


def _with_alarms(draft: Draft, news: Changes, page: str) -> Draft:
    back = {rule: replace(draft.alarms[rule], owed=True, withdrawn=True) for rule in news.withdrawn}
    new = {alarm.rule: Raised(page, alarm.status, alarm.urgency) for alarm in news.alarms}
    return replace(draft, alarms={**draft.alarms, **back, **new})
