"""Guesses at passwords: slowed by a growing delay, without locking out whose password it is.

A delay belongs to one network and one account together: a stranger's wrong tries never hold up the member of staff, who
comes from elsewhere. One network tries so often in all; the networks that an account never signed in from try so often
at that account, all together. Right sign-ins count for nothing. Every try is counted before the password is looked at,
so that many at once are no way round; what failed is in the audit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from intake.errors import LimitError
from intake.storage import audit, tallies
from intake.storage.crypto import blind_index
from intake.workflow.keeping import limits
from intake.workflow.keeping.limits import Limit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from intake.storage.crypto import Keys
    from intake.workflow.shared.clinic import Clinic

FREE = 5  # wrong tries of one network at one account before the first delay
LONGEST_DELAY = timedelta(minutes=5)
PAIR_LIFE = timedelta(hours=12)
QUARTER = timedelta(minutes=15)
OF_NETWORK = Limit("guess_network", 30, QUARTER)
OF_STRANGERS = Limit("guess_account", 30, QUARTER)
SETUP = Limit("guess_setup", 30, QUARTER)


@dataclass(frozen=True, slots=True, repr=False)
class Guess:
    """Somebody in a network tries an account; `email` in the form in which accounts are found."""

    network: str
    email: str


def begin(clinic: Clinic, guess: Guess) -> None:
    """Count a try as wrong until `right` is called; raises LimitError, and counts nothing, while it has to wait."""
    now = clinic.clock()
    with clinic.database.begin() as connection:
        left = _wait(connection, clinic.keys, guess, now)
        if left:
            raise LimitError(left)
        tallies.add(connection, _pair(clinic.keys, guess), now, PAIR_LIFE)
        for limit, who in _limits(connection, clinic.keys, guess):
            limits.count(connection, clinic.keys, limit, who, now)


def wrong(clinic: Clinic, guess: Guess, account_id: int | None) -> None:
    """Tell the audit of a try that failed; what was typed as an address stays out: it may be a password."""
    _tell(clinic, "sign_in_failed", "staff", "" if account_id is None else str(account_id), guess.network)


def right(clinic: Clinic, guess: Guess) -> None:
    """Take the count back, and know the network as one that this account signs in from."""
    now = clinic.clock()
    with clinic.database.begin() as connection:
        for limit, who in _limits(connection, clinic.keys, guess):
            tallies.take_back(connection, limits.key_of(clinic.keys, limit, who))
        tallies.remove(connection, _pair(clinic.keys, guess))
        tallies.add(connection, _home(clinic.keys, guess), now, limits.KEPT)


def at_setup(clinic: Clinic, network: str) -> None:
    """Count a guess at the set-up link, and tell the audit; raises LimitError where there were too many."""
    with clinic.database.begin() as connection:
        limits.spend(connection, clinic.keys, SETUP, network, clinic.clock())
    _tell(clinic, "setup_refused", "installation", "setup", network)


def delay(times: int) -> timedelta:
    """How long after the last of so many wrong tries the next one may come: 1, 2, 4 ... seconds after the free ones."""
    if times < FREE:
        return timedelta()
    return min(timedelta(seconds=2 ** min(times - FREE, 20)), LONGEST_DELAY)


def _wait(connection: Connection, keys: Keys, guess: Guess, now: datetime) -> timedelta:
    tally = tallies.read(connection, _pair(keys, guess))
    own = timedelta() if tally is None else tally.last + delay(tally.times) - now
    others = (limits.wait(connection, keys, limit, who, now) for limit, who in _limits(connection, keys, guess))
    return max(own, *others, timedelta())


def _limits(connection: Connection, keys: Keys, guess: Guess) -> Iterator[tuple[Limit, str]]:
    """What a try of this network at this account counts for."""
    yield OF_NETWORK, guess.network
    if tallies.read(connection, _home(keys, guess)) is None:
        yield OF_STRANGERS, guess.email


def _pair(keys: Keys, guess: Guess) -> str:
    return blind_index(keys, "guess", f"{guess.network}|{guess.email}")


def _home(keys: Keys, guess: Guess) -> str:
    return blind_index(keys, "signed-in-from", f"{guess.network}|{guess.email}")


def _tell(clinic: Clinic, action: str, kind: str, object_id: str, network: str) -> None:
    details = {"source": limits.source_of(clinic.keys, network)}
    with clinic.database.begin() as connection:
        entry = audit.AuditEntry(clinic.clock(), "anonymous", action, kind, object_id, details)
        audit.record(connection, clinic.keys, entry)
