"""Publishing a rule book: draft, checked, compared, read, approved, live. Until then the one in force stays in force.

Nothing is skipped: checks and proofs are green, the report of what changes for whom was read by a person, every stop
that somebody would lose has a written reason, and a second person approved. The switch is one transaction. A report is
about the book that was in force when it was made: after another switch, examine again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from importlib.util import find_spec
from typing import TYPE_CHECKING

from intake.engine.book.rulebook import Rulebook
from intake.errors import PublishingError
from intake.storage import audit, publications, rulebooks, staff
from intake.storage.publications import Loss, Publication
from intake.workflow.clinic import Books
from intake.workflow.keeping import accounts
from intake.workflow.keeping.accounts import Account, Registry

if TYPE_CHECKING:
    from sqlalchemy import Connection

KIND = "rulebook"
RELEASE = "release"


class State(StrEnum):
    """How far a rule book has come."""

    DRAFT = "draft"
    CHECKED = "checked"
    COMPARED = "compared"
    READ = "read"
    APPROVED = "approved"
    LIVE = publications.LIVE
    RETIRED = "retired"
    WITHDRAWN = "withdrawn"


OPEN = (State.DRAFT, State.CHECKED, State.COMPARED, State.READ, State.APPROVED)
NEXT = {
    State.DRAFT: "it must be examined first: `rules examine {0} --by EMAIL`",
    State.CHECKED: "it must be examined again: `rules examine {0} --by EMAIL`",
    State.COMPARED: "its report must be read first: `rules report {0}`, then `rules acknowledge {0} --by EMAIL`",
    State.READ: "a second person must approve it first: `rules approve {0} --by EMAIL`",
    State.APPROVED: "it is approved, and waits for `rules publish {0} --by EMAIL`",
    State.LIVE: "it is in force",
    State.RETIRED: "it was in force once; draft it again to bring it back",
    State.WITHDRAWN: "it was withdrawn",
}


FRESH: Mapping[str, object] = {"base_sha256": None, "read_by": None, "approved_by": None}


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something at the press, and when."""

    registry: Registry
    books: Books
    by: Account
    now: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """One rule book with its losses, and everybody's address by number."""

    publication: Publication
    losses: tuple[Loss, ...]
    people: Mapping[int, str]


def person(registry: Registry, email: str) -> Account:
    """The active account with that address; raises PublishingError."""
    found = accounts.by_email(registry, email)
    if found is None or not found.active:
        known = accounts.known_email(email)
        raise PublishingError(f"No active account has the address {known}; `accounts list` shows them all.")
    return found


def draft(act: Act, book: Rulebook) -> int:
    """Take a rule book in (read over this program's vocabulary, without the overlay); its number."""
    with act.registry.db.begin() as connection:
        _refuse_twin(connection, act.books, book)
        _refuse_version(connection, act.books.shipped, book)
        number = _add(connection, book, act.by.id)
        _tell(act, connection, number, "drafted", {"sha256": book.sha256})
    return number


def offer_release(registry: Registry, shipped: Rulebook, now: datetime) -> int | None:
    """Draft the rule book of a new release where a published one is in force; None where there is nothing to offer."""
    with registry.db.begin() as connection:
        if publications.live_id(connection) is None or publications.holds(connection, shipped.sha256, tuple(State)):
            return None
        number = _add(connection, shipped, None)
        told = audit.Entry(now, RELEASE, "rulebook_drafted", KIND, str(number), {"sha256": shipped.sha256})
        audit.record(connection, registry.keys, told)
    return number


def examine(act: Act, number: int) -> tuple[str, ...]:
    """Check, prove and compare a draft with the book in force; its faults, none where it may go on.

    Raises PublishingError without z3, DataFileError where the draft cannot be read any more. Takes a minute.
    """
    if find_spec("z3") is None:
        raise PublishingError("The proofs need z3: install the development dependencies (requirements/dev.lock).")
    from intake.engine.prove.proofs import faults  # noqa: PLC0415 - z3 is a development extra

    book = act.books.read(_standing(act.registry, number, OPEN).publication.content)
    found = tuple(faults(book, act.now.date()))
    state = State.DRAFT if found else State.CHECKED
    _move(act, number, OPEN, state, "checked", values={"report": list(found), **FRESH}, details={"faults": len(found)})
    if not found:
        _compare(act, number, act.books.overlaid(book))
    return found


def acknowledge(act: Act, number: int) -> None:
    """Say that the report was read."""
    _refuse_stale(act, _standing(act.registry, number, (State.COMPARED,)))
    _move(act, number, (State.COMPARED,), State.READ, "read", values={"read_by": act.by.id})


def give_reason(act: Act, number: int, concept: str, reason: str) -> None:
    """Write down why the stops of a concept may be lost."""
    standing = _standing(act.registry, number, (State.COMPARED, State.READ))
    concepts = dict.fromkeys(loss.concept for loss in standing.losses)
    if concept not in concepts:
        raise PublishingError(f"Nobody would lose `{concept}`; what is lost: {', '.join(concepts) or 'nothing'}.")
    if not reason.strip():
        raise PublishingError("A reason needs words.")
    with act.registry.db.begin() as connection:
        publications.give_reason(connection, number, concept, reason.strip(), act.by.id)
        _tell(act, connection, number, "reason_given", {"concept": concept})


def approve(act: Act, number: int) -> None:
    """Say, as somebody else than its author, that the rule book may come into force."""
    standing = _standing(act.registry, number, (State.READ,))
    _refuse_stale(act, standing)
    first = standing.publication.drafted_by or standing.publication.read_by
    if first == act.by.id:
        raise PublishingError(f"{act.by.email} may not approve it: a second person must.")
    open_ones = dict.fromkeys(loss.concept for loss in standing.losses if loss.reason is None)
    if open_ones:
        wanted = ", ".join(open_ones)
        raise PublishingError(
            f"A lost stop needs a written reason: {wanted}. `rules reason {number} CONCEPT WORDS --by EMAIL`."
        )
    _move(act, number, (State.READ,), State.APPROVED, "approved", values={"approved_by": act.by.id})


def publish(act: Act, number: int) -> Rulebook:
    """Bring an approved rule book into force, in one transaction; gives it as it judges from now on.

    Raises DataFileError, and changes nothing, where it or the overlay over it cannot be read.
    """
    standing = _standing(act.registry, number, (State.APPROVED,))
    with act.registry.db.read() as connection:
        before = publications.live_id(connection)
    _refuse_stale(act, standing)
    book = act.books.overlaid(act.books.read(standing.publication.content))
    with act.registry.db.begin() as connection:
        unchanged = publications.live_id(connection) == before
        publications.retire(connection, State.RETIRED)
        if not (unchanged and publications.move(connection, number, (State.APPROVED,), {"state": State.LIVE})):
            raise PublishingError(
                f"Rule book {number} was changed meanwhile, or another one published; nothing was done."
            )
        rulebooks.keep(connection, book.sha256, book.version, book.content, act.now)
        _tell(act, connection, number, "published", {"sha256": book.sha256, "before": before})
    return book


def withdraw(act: Act, number: int) -> None:
    """Put a rule book away that is not in force."""
    _move(act, number, OPEN, State.WITHDRAWN, "withdrawn")


def standing(registry: Registry, number: int) -> Standing:
    """One rule book as it stands; raises PublishingError where there is none of that number."""
    return _standing(registry, number, tuple(State))


def everything(registry: Registry) -> list[Standing]:
    """Every rule book that was ever drafted, oldest first."""
    with registry.db.read() as connection:
        people = staff.emails(connection)
        return [
            Standing(each, tuple(publications.losses(connection, each.id)), people)
            for each in publications.everything(connection)
        ]


def history(registry: Registry, number: int) -> list[audit.Entry]:
    """What happened to one, oldest first."""
    with registry.db.read() as connection:
        return audit.of_object(connection, KIND, str(number))


def _compare(act: Act, number: int, book: Rulebook) -> None:
    """Keep the report on what the book changes, and what would be lost; a reason that was given before stands."""
    from intake.workflow.rules.comparing import compared  # noqa: PLC0415 - z3 is a development extra

    base = act.books.in_force(act.registry.db, act.now)
    lines, found = compared(act.registry.db, base, book, act.now)
    before = {(loss.concept, loss.level): loss for loss in _standing(act.registry, number, OPEN).losses}
    losses = [_kept(loss, before.get((loss.concept, loss.level))) for loss in found]
    values = {"report": lines, "base_sha256": base.sha256}
    details = {"base": base.sha256, "lost": len(losses)}

    def keep(connection: Connection) -> None:
        publications.set_losses(connection, number, losses)

    _move(act, number, (State.CHECKED,), State.COMPARED, "compared", values=values, details=details, also=keep)


def _kept(loss: Loss, before: Loss | None) -> Loss:
    return loss if before is None else replace(loss, reason=before.reason, reason_by=before.reason_by)


# ---- steps


def _refuse_twin(connection: Connection, books: Books, book: Rulebook) -> None:
    live = publications.live_id(connection)
    twin = book.sha256 == books.shipped.sha256 if live is None else False
    if twin or publications.holds(connection, book.sha256, (State.LIVE,)):
        raise PublishingError("This rule book is in force already.")
    if publications.holds(connection, book.sha256, OPEN):
        raise PublishingError("This rule book was drafted already; `rules status` shows its number.")


def _refuse_version(connection: Connection, shipped: Rulebook, book: Rulebook) -> None:
    """A version names one book: people go by it, and every decision shows it."""
    named = publications.hashes(connection, book.version, (State.LIVE, State.RETIRED))
    named |= {shipped.sha256} if shipped.version == book.version else set()
    if named - {book.sha256}:
        raise PublishingError(f"Another rule book has version {book.version}: raise `version` in the file.")


def _add(connection: Connection, book: Rulebook, by: int | None) -> int:
    row = {
        "sha256": book.sha256,
        "version": book.version,
        "content": book.content,
        "state": State.DRAFT,
        "drafted_by": by,
    }
    return publications.add(connection, row)


def _standing(registry: Registry, number: int, states: Collection[State]) -> Standing:
    """One rule book; raises PublishingError where it is not there, or is in another state."""
    with registry.db.read() as connection:
        found = publications.by_id(connection, number)
        losses, people = publications.losses(connection, number), staff.emails(connection)
    if found is None:
        raise PublishingError(f"There is no rule book {number}; `rules status` shows them all.")
    if found.state not in states:
        raise PublishingError(f"Rule book {number}: {NEXT[State(found.state)].format(number)}.")
    return Standing(found, tuple(losses), people)


def _refuse_stale(act: Act, standing: Standing) -> None:
    """The report is about the change from the book that is in force."""
    if standing.publication.base_sha256 != act.books.in_force(act.registry.db, act.now).sha256:
        raise PublishingError(
            f"Rule book {standing.publication.id} was compared with a book that is not in force any more: "
            f"`rules examine {standing.publication.id} --by EMAIL` again."
        )


def _move(  # noqa: PLR0913 - one transition: from where, to where, what is kept, what is told
    act: Act,
    number: int,
    states: Collection[State],
    to: State,
    action: str,
    *,
    values: Mapping[str, object] | None = None,
    details: Mapping[str, object] | None = None,
    also: Callable[[Connection], None] = lambda _connection: None,
) -> None:
    """One step in one transaction; raises PublishingError where the rule book is in another state."""
    with act.registry.db.begin() as connection:
        moved = publications.move(connection, number, states, {"state": to, **(values or {})})
        if moved:
            also(connection)
            _tell(act, connection, number, action, details or {})
    if not moved:
        _standing(act.registry, number, states)
        raise PublishingError(f"Rule book {number} was changed meanwhile; nothing was done.")


def _tell(act: Act, connection: Connection, number: int, action: str, details: Mapping[str, object]) -> None:
    told = audit.Entry(act.now, f"staff:{act.by.id}", f"rulebook_{action}", KIND, str(number), details)
    audit.record(connection, act.registry.keys, told)
