"""How often one may try, from one network and in sum: counted in the database, so that several processes share a limit.

A network is kept as a keyed hash. Reaching a limit leaves one entry in the audit, not one for each try after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from intake.errors import LimitError
from intake.storage import audit, tallies
from intake.storage.crypto import blind_index

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from intake.storage.crypto import Keys

HOUR = timedelta(hours=1)
KEPT = timedelta(days=90)  # a tally that was not touched for so long says nothing any more
EVERYBODY = ""
SOURCE_LETTERS = 16
HOME_BITS = 64  # one household or phone has all IPv6 addresses that begin alike


@dataclass(frozen=True, slots=True)
class Limit:
    """So often within a window, which begins with the first try."""

    name: str
    most: int
    window: timedelta


def network_of(address: str | None) -> str:
    """The network that a visitor's address belongs to; visitors without an address are one network."""
    try:
        known = ip_address(address or "")
    except ValueError:
        return address or "unknown"
    if isinstance(known, IPv6Address):
        return str(known.ipv4_mapped or ip_network((known, HOME_BITS), strict=False).network_address)
    return str(known)


def source_of(keys: Keys, network: str) -> str:
    """The mark by which what came from one network is known as that, and by which nobody finds the network."""
    return blind_index(keys, "source", network)[:SOURCE_LETTERS]


def key_of(keys: Keys, limit: Limit, who: str) -> str:
    """The tally of one limit for one network, account or everybody."""
    return blind_index(keys, f"limit-{limit.name}", who)


def wait(connection: Connection, keys: Keys, limit: Limit, who: str, now: datetime) -> timedelta:
    """How long it takes until the next try is within the limit."""
    tally = tallies.read(connection, key_of(keys, limit, who))
    if tally is None or tally.times < limit.most:
        return timedelta()
    return max(tally.since + limit.window - now, timedelta())


def count(connection: Connection, keys: Keys, limit: Limit, who: str, now: datetime) -> None:
    """Count a try; the one that reaches the limit is told to the audit."""
    tally = tallies.add(connection, key_of(keys, limit, who), now, limit.window)
    if tally.times == limit.most:
        details = {"most": limit.most, "seconds": int(limit.window.total_seconds())}
        audit.record(connection, keys, audit.AuditEntry(now, "system", "limit_reached", "limit", limit.name, details))


def spend(connection: Connection, keys: Keys, limit: Limit, who: str, now: datetime) -> None:
    """Count a try that is within the limit; raises LimitError, and counts nothing, for one that is not."""
    refuse(connection, keys, limit, who, now)
    count(connection, keys, limit, who, now)


def refuse(connection: Connection, keys: Keys, limit: Limit, who: str, now: datetime) -> None:
    """Raise LimitError where no try is left; nothing is counted."""
    left = wait(connection, keys, limit, who, now)
    if left:
        raise LimitError(left)


def forget(connection: Connection, now: datetime) -> None:
    """Forget what nobody tried for long."""
    tallies.remove_before(connection, now - KEPT)
