"""Publishing a rule book: draft, checked, compared, read, approved, live. Until then the one in force stays in force.

Nothing is skipped: checks and proofs are green, the report of what changes for whom was read by a person, every stop
that somebody would lose has a written reason, and a second person approved. The switch is one transaction. A report is
about the book that was in force when it was made: after another switch, examine again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from intake.engine.book.rulebook import Rulebook
from intake.errors import PublishingError
from intake.storage import audit, publications, rulebooks
from intake.storage.publications import Loss
from intake.workflow.keeping import accounts
from intake.workflow.keeping.accounts import Account
from intake.workflow.rules import stages
from intake.workflow.rules.extra import require_rules_extra
from intake.workflow.rules.stages import KIND, OPEN, PublicationRecord, Stage
from intake.workflow.shared.clinic import Books, Clinic

if TYPE_CHECKING:
    from sqlalchemy import Connection

RELEASE = "release"
FRESH: Mapping[str, object] = {"base_sha256": None, "read_by": None, "approved_by": None}


def account_of(clinic: Clinic, email: str) -> Account:
    """The active account with that address; raises PublishingError."""
    account = accounts.by_email(clinic, email)
    if account is None or not account.active:
        known = accounts.known_email(email)
        raise PublishingError(f"No active account has the address {known}; `accounts list` shows them all.")
    return account


def draft(clinic: Clinic, by: Account, book: Rulebook) -> int:
    """Take a rule book in (read over this program's vocabulary, without the overlay); its number."""
    with clinic.database.begin() as connection:
        _refuse_twin(connection, clinic.books, book)
        _refuse_version(connection, clinic.books.shipped, book)
        number = _add(connection, book, by.id)
        audit.record(connection, clinic.keys, _entry(clinic.clock(), by, number, "drafted", {"sha256": book.sha256}))
    return number


def offer_release(clinic: Clinic) -> int | None:
    """Draft the rule book of a new release where a published one is in force; None where there is nothing to offer."""
    shipped, now = clinic.books.shipped, clinic.clock()
    with clinic.database.begin() as connection:
        if publications.live_id(connection) is None or publications.holds(connection, shipped.sha256, tuple(Stage)):
            return None
        number = _add(connection, shipped, None)
        entry = audit.AuditEntry(now, RELEASE, "rulebook_drafted", KIND, str(number), {"sha256": shipped.sha256})
        audit.record(connection, clinic.keys, entry)
    return number


def examine(clinic: Clinic, by: Account, number: int) -> tuple[str, ...]:
    """Check, prove and compare a draft with the book in force; its faults, none where it may go on.

    Raises MissingExtraError, and DataFileError where the draft cannot be read any more. Takes a minute.
    """
    require_rules_extra()
    from intake.engine.prove.proofs import faults  # noqa: PLC0415 - z3 is in the extra `rules`

    book = clinic.books.read(stages.record(clinic, number, OPEN).publication.content)
    problems = tuple(faults(book, clinic.today))
    stage = Stage.DRAFT if problems else Stage.CHECKED
    values = {"report": list(problems), **FRESH}
    _move(clinic, by, number, _Transition("checked", OPEN, stage, values, {"faults": len(problems)}))
    if not problems:
        _compare(clinic, by, number, clinic.books.overlaid(book))
    return problems


def acknowledge(clinic: Clinic, by: Account, number: int) -> None:
    """Say that the report was read."""
    _refuse_stale(clinic, stages.record(clinic, number, (Stage.COMPARED,)))
    _move(clinic, by, number, _Transition("read", (Stage.COMPARED,), Stage.READ, {"read_by": by.id}))


def give_reason(clinic: Clinic, by: Account, number: int, concept: str, reason: str) -> None:
    """Write down why the stops of a concept may be lost."""
    record = stages.record(clinic, number, (Stage.COMPARED, Stage.READ))
    concepts = dict.fromkeys(loss.concept for loss in record.losses)
    if concept not in concepts:
        raise PublishingError(f"Nobody would lose `{concept}`; what is lost: {', '.join(concepts) or 'nothing'}.")
    if not reason.strip():
        raise PublishingError("A reason needs words.")
    with clinic.database.begin() as connection:
        publications.give_reason(connection, number, concept, reason.strip(), by.id)
        entry = _entry(clinic.clock(), by, number, "reason_given", {"concept": concept})
        audit.record(connection, clinic.keys, entry)


def approve(clinic: Clinic, by: Account, number: int) -> None:
    """Say, as somebody else than its author, that the rule book may come into force."""
    record = stages.record(clinic, number, (Stage.READ,))
    _refuse_stale(clinic, record)
    first = record.publication.drafted_by or record.publication.read_by
    if first == by.id:
        raise PublishingError(f"{by.email} may not approve it: a second person must.")
    open_ones = dict.fromkeys(loss.concept for loss in record.losses if loss.reason is None)
    if open_ones:
        wanted = ", ".join(open_ones)
        raise PublishingError(
            f"A lost stop needs a written reason: {wanted}. `rules reason {number} CONCEPT WORDS --by EMAIL`."
        )
    _move(clinic, by, number, _Transition("approved", (Stage.READ,), Stage.APPROVED, {"approved_by": by.id}))


def publish(clinic: Clinic, by: Account, number: int) -> Rulebook:
    """Bring an approved rule book into force, in one transaction; gives it as it judges from now on.

    Raises DataFileError, and changes nothing, where it or the overlay over it cannot be read.
    """
    now, record = clinic.clock(), stages.record(clinic, number, (Stage.APPROVED,))
    with clinic.database.read() as connection:
        before = publications.live_id(connection)
    _refuse_stale(clinic, record)
    book = clinic.books.overlaid(clinic.books.read(record.publication.content))
    with clinic.database.begin() as connection:
        unchanged = publications.retire(connection, before, Stage.RETIRED)
        if not (unchanged and publications.move(connection, number, (Stage.APPROVED,), {"state": Stage.LIVE})):
            raise PublishingError(
                f"Rule book {number} was changed meanwhile, or another one published; nothing was done."
            )
        rulebooks.keep(connection, book.sha256, book.version, book.content, now)
        entry = _entry(now, by, number, "published", {"sha256": book.sha256, "before": before})
        audit.record(connection, clinic.keys, entry)
    return book


def withdraw(clinic: Clinic, by: Account, number: int) -> None:
    """Put a rule book away that is not in force."""
    _move(clinic, by, number, _Transition("withdrawn", OPEN, Stage.WITHDRAWN))


def _compare(clinic: Clinic, by: Account, number: int, book: Rulebook) -> None:
    """Keep the report on what the book changes, and what would be lost; a reason that was given before stands."""
    from intake.workflow.rules.comparing import compared  # noqa: PLC0415 - z3 is in the extra `rules`

    base = clinic.rulebook()
    lines, lost = compared(clinic, base, book)
    before = {(loss.concept, loss.level): loss for loss in stages.record(clinic, number, OPEN).losses}
    losses = [_with_reason(loss, before.get((loss.concept, loss.level))) for loss in lost]
    values = {"report": lines, "base_sha256": base.sha256}
    details = {"base": base.sha256, "lost": len(losses)}

    def keep(connection: Connection) -> None:
        publications.set_losses(connection, number, losses)

    _move(clinic, by, number, _Transition("compared", (Stage.CHECKED,), Stage.COMPARED, values, details, keep))


def _with_reason(loss: Loss, before: Loss | None) -> Loss:
    return loss if before is None else replace(loss, reason=before.reason, reason_by=before.reason_by)


# ---- steps


def _refuse_twin(connection: Connection, books: Books, book: Rulebook) -> None:
    live = publications.live_id(connection)
    twin = book.sha256 == books.shipped.sha256 if live is None else False
    if twin or publications.holds(connection, book.sha256, (Stage.LIVE,)):
        raise PublishingError("This rule book is in force already.")
    if publications.holds(connection, book.sha256, OPEN):
        raise PublishingError("This rule book was drafted already; `rules status` shows its number.")


def _refuse_version(connection: Connection, shipped: Rulebook, book: Rulebook) -> None:
    """A version names one book: people go by it, and every decision shows it."""
    named = publications.hashes(connection, book.version, (Stage.LIVE, Stage.RETIRED))
    named |= {shipped.sha256} if shipped.version == book.version else set()
    if named - {book.sha256}:
        raise PublishingError(f"Another rule book has version {book.version}: raise `version` in the file.")


def _add(connection: Connection, book: Rulebook, by: int | None) -> int:
    row = {
        "sha256": book.sha256,
        "version": book.version,
        "content": book.content,
        "state": Stage.DRAFT,
        "drafted_by": by,
    }
    return publications.add(connection, row)


def _refuse_stale(clinic: Clinic, record: PublicationRecord) -> None:
    """The report is about the change from the book that is in force."""
    if record.publication.base_sha256 != clinic.rulebook().sha256:
        raise PublishingError(
            f"Rule book {record.publication.id} was compared with a book that is not in force any more: "
            f"`rules examine {record.publication.id} --by EMAIL` again."
        )


@dataclass(frozen=True, slots=True)
class _Transition:
    """One step on the way: its name in the audit, from which stages, to which; what is kept, what is told of it."""

    action: str
    stages: Collection[Stage]
    to: Stage
    values: Mapping[str, object] = field(default_factory=dict)
    details: Mapping[str, object] = field(default_factory=dict)
    also: Callable[[Connection], None] = lambda _connection: None


def _move(clinic: Clinic, by: Account, number: int, step: _Transition) -> None:
    """Take one step in one transaction; raises PublishingError where the rule book is at another stage."""
    with clinic.database.begin() as connection:
        moved = publications.move(connection, number, step.stages, {"state": step.to, **step.values})
        if moved:
            step.also(connection)
            entry = _entry(clinic.clock(), by, number, step.action, step.details)
            audit.record(connection, clinic.keys, entry)
    if not moved:
        stages.record(clinic, number, step.stages)
        raise PublishingError(f"Rule book {number} was changed meanwhile; nothing was done.")


def _entry(now: datetime, by: Account, number: int, action: str, details: Mapping[str, object]) -> audit.AuditEntry:
    return audit.AuditEntry(now, f"staff:{by.id}", f"rulebook_{action}", KIND, str(number), details)
