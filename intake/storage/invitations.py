"""Invitations: a visit whose patient may fill in the form from any device, until the visit is over.

One invitation has several tokens, one for each way that it went (mail, reminder, slip, copied link); of each only a
keyed hash is stored. It is spent by sending alone: afterwards its tokens open what was sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, delete, insert, select, update

from intake.storage.drafts import DRAFTS
from intake.storage.schema import METADATA, Moment
from intake.storage.tries import Counter

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row

INVITATIONS = Table(
    "invitations",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("visit_id", ForeignKey("visits.id"), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("spent_at", Moment),
    Column("tries", Integer, nullable=False),
    Column("remind_at", Moment, index=True),
    Index("ix_invitations_visit_id", "visit_id", "made_at"),
)
TOKENS = Table(
    "invitation_tokens",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("invitation_id", ForeignKey("invitations.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("way", String(8), nullable=False),
    Column("made_at", Moment, nullable=False),
)


class Way(StrEnum):
    """How a token went to the patient; `code`: what is typed from a slip."""

    MAIL = "mail"
    REMINDER = "reminder"
    SLIP = "slip"
    CODE = "code"
    COPIED = "copied"


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation as stored. `tries`: wrong birth dates since the last right one."""

    id: str
    visit_id: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    spent_at: datetime | None
    tries: int
    remind_at: datetime | None

    def is_live(self, now: datetime) -> bool:
        """Whether its tokens open anything."""
        return self.revoked_at is None and now < self.expires_at


def add(connection: Connection, invitation: Invitation) -> None:
    """Invite somebody; the tokens follow."""
    row = {name: getattr(invitation, name) for name in INVITATIONS.c.keys()}  # noqa: SIM118 - a collection of columns
    connection.execute(insert(INVITATIONS).values(row))


def add_token(connection: Connection, hashed: str, invitation_id: str, way: Way, at: datetime) -> None:
    """Let a token open an invitation."""
    row = {"hash": hashed, "invitation_id": invitation_id, "way": way, "made_at": at}
    connection.execute(insert(TOKENS).values(row))


def by_token(connection: Connection, hashed: str, *, hold: bool = False) -> Invitation | None:
    """The invitation that a token opens, live or not; `hold`: nobody else comes in before this transaction ends."""
    query = select(INVITATIONS).join(TOKENS, TOKENS.c.invitation_id == INVITATIONS.c.id).where(TOKENS.c.hash == hashed)
    row = connection.execute(query.with_for_update() if hold else query).first()
    return None if row is None else _invitation(row)


def of_visit(connection: Connection, visit_id: str) -> Invitation | None:
    """The newest invitation to a visit; one that was taken back only where there is no other."""
    query = select(INVITATIONS).where(INVITATIONS.c.visit_id == visit_id)
    row = connection.execute(query.order_by(*_LIVE_FIRST)).first()
    return None if row is None else _invitation(row)


def of_draft(connection: Connection, draft_id: str, *, hold: bool = False) -> Invitation | None:
    """The invitation, as `of_visit`, to the visit whose form a draft is; `hold` as in `by_token`."""
    query = select(INVITATIONS).join(DRAFTS, DRAFTS.c.visit_id == INVITATIONS.c.visit_id).where(DRAFTS.c.id == draft_id)
    ordered = query.order_by(*_LIVE_FIRST)
    row = connection.execute(ordered.with_for_update() if hold else ordered).first()
    return None if row is None else _invitation(row)


def ways(connection: Connection, invitation_id: str) -> frozenset[Way]:
    """The ways that tokens of an invitation went."""
    query = select(TOKENS.c.way).where(TOKENS.c.invitation_id == invitation_id).distinct()
    return frozenset(map(Way, connection.scalars(query)))


def counter(invitation_id: str) -> Counter:
    """Where the wrong birth dates that came with an invitation are counted."""
    return Counter(INVITATIONS.c.id, invitation_id)


def keep_draft(connection: Connection, invitation: Invitation, draft_id: str) -> None:
    """Let the form of an invitation live at least as long."""
    shorter = update(DRAFTS).where(DRAFTS.c.id == draft_id, DRAFTS.c.expires_at < invitation.expires_at)
    connection.execute(shorter.values(expires_at=invitation.expires_at))


def revoke(connection: Connection, visit_id: str, at: datetime) -> None:
    """Close every invitation to a visit."""
    live = update(INVITATIONS).where(INVITATIONS.c.visit_id == visit_id, INVITATIONS.c.revoked_at.is_(None))
    connection.execute(live.values(revoked_at=at, remind_at=None))


def spend(connection: Connection, draft_id: str, at: datetime) -> None:
    """The form of an invitation was sent."""
    visit = select(DRAFTS.c.visit_id).where(DRAFTS.c.id == draft_id).scalar_subquery()
    mine = update(INVITATIONS).where(INVITATIONS.c.visit_id == visit, INVITATIONS.c.spent_at.is_(None))
    connection.execute(mine.values(spent_at=at, remind_at=None))


def move(connection: Connection, visit_id: str, expires_at: datetime, remind_at: datetime) -> None:
    """The visit was planned anew: its invitations, and the form of one, live until it is over."""
    mine = INVITATIONS.c.visit_id == visit_id
    connection.execute(update(INVITATIONS).where(mine).values(expires_at=expires_at))
    waits = update(INVITATIONS).where(mine, INVITATIONS.c.remind_at.is_not(None))
    connection.execute(waits.values(remind_at=remind_at))
    invited = select(INVITATIONS.c.visit_id).where(mine)
    shorter = update(DRAFTS).where(DRAFTS.c.visit_id.in_(invited), DRAFTS.c.expires_at < expires_at)
    connection.execute(shorter.values(expires_at=expires_at))


def remind_at(connection: Connection, invitation_id: str, at: datetime) -> None:
    """Set when somebody is reminded."""
    connection.execute(update(INVITATIONS).where(INVITATIONS.c.id == invitation_id).values(remind_at=at))


def to_remind(connection: Connection, now: datetime, most: int) -> list[Invitation]:
    """Whose reminder is due."""
    due = select(INVITATIONS).where(INVITATIONS.c.remind_at <= now).order_by(INVITATIONS.c.remind_at)
    return [_invitation(row) for row in connection.execute(due.limit(most))]


def take_reminder(connection: Connection, invitation_id: str) -> bool:
    """Whether this call is the one that reminds: nobody is reminded twice."""
    due = update(INVITATIONS).where(INVITATIONS.c.id == invitation_id, INVITATIONS.c.remind_at.is_not(None))
    return connection.execute(due.values(remind_at=None)).rowcount == 1


def forget_tokens(connection: Connection, before: datetime) -> None:
    """Forget the tokens of invitations that were over before a moment."""
    over = select(INVITATIONS.c.id).where(INVITATIONS.c.expires_at < before)
    connection.execute(delete(TOKENS).where(TOKENS.c.invitation_id.in_(over)))


_LIVE_FIRST = (INVITATIONS.c.revoked_at.is_not(None), INVITATIONS.c.made_at.desc(), INVITATIONS.c.id)


def _invitation(row: Row[Any]) -> Invitation:
    return Invitation(**{name: row._mapping[name] for name in INVITATIONS.c.keys()})  # noqa: SIM118, SLF001 - columns; SQLAlchemy's public name
