"""Consents: a sheet as it was shown, both signatures, and what came of it; each row under a keyed hash of its own.

The hash covers every column but where the sheet lies at the moment (`device_id` since `placed_at`, `ready`, and
`refused`: what was sent of it and had faults); sealed columns as they stand, so that a row can be checked when the
patient's key is gone. Each step tells the audit its hash, so that a row put back as it was before shows as well
(`verify` in the workflow).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, String, Table, insert, select, update

from intake.errors import NotFoundError, StaleError
from intake.storage.crypto import Purpose, SealedPlace, seal_of_consent
from intake.storage.schema import METADATA, Moment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sqlalchemy import Connection, Row

    from intake.storage.crypto import Keys, Vault

CONSENTS = Table(
    "consents",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("intake_id", ForeignKey("intakes.id"), nullable=False, index=True),
    Column("plan_intake", String(32), nullable=False),
    Column("plan_version", Integer, nullable=False),
    Column("basis", String(64), nullable=False),
    Column("text_version", String(64), nullable=False),
    Column("sheet", LargeBinary, nullable=False),
    Column("way", String(8), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("made_by", ForeignKey("staff.id"), nullable=False),
    Column("said", String(8), nullable=False),
    Column("signed_at", Moment),
    Column("signature", LargeBinary),
    Column("countersigned_at", Moment),
    Column("countersigned_by", ForeignKey("staff.id")),
    Column("countersignature", LargeBinary),
    Column("copy", String(8)),
    Column("document", LargeBinary),
    Column("withdrawn_at", Moment),
    Column("withdrawn_by", String(80)),
    Column("device_id", ForeignKey("devices.id"), index=True),
    Column("placed_at", Moment),
    Column("ready", Boolean, nullable=False),
    Column("refused", LargeBinary),
    Column("mac", String(64), nullable=False),
)
SEALED = ("sheet", "signature", "countersignature", "document")
PASSING = ("device_id", "placed_at", "ready", "refused")  # where the sheet lies now: no part of what was agreed to
NOWHERE: Mapping[str, object] = {"device_id": None, "placed_at": None, "ready": False, "refused": None}
STALE = "This consent sheet changed since the page was opened; nothing was saved."


@dataclass(frozen=True, slots=True, repr=False)
class Consent:
    """One sheet as stored; its fields are the columns. `said` is empty, `agree` or `refuse`.

    `basis`: the keyed hash of the answers and the plan that it rests on; `plan_intake`: whose plan that is.
    """

    id: str
    intake_id: str
    plan_intake: str
    plan_version: int
    basis: str
    text_version: str
    sheet: bytes
    way: str
    made_at: datetime
    made_by: int
    said: str = ""
    signed_at: datetime | None = None
    signature: bytes | None = None
    countersigned_at: datetime | None = None
    countersigned_by: int | None = None
    countersignature: bytes | None = None
    copy: str | None = None
    document: bytes | None = None
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    device_id: str | None = None
    placed_at: datetime | None = None
    ready: bool = False
    refused: bytes | None = None
    mac: str = ""

    def fits(self, keys: Keys) -> bool:
        """Whether the row is as these keys sealed it."""
        return self.mac == mac(keys, self)

    def read(self, vault: Vault, column: str) -> Any:  # noqa: ANN401 - JSON
        """What one of the sealed columns holds."""
        return vault.open(Purpose.CLINICAL, _place(self.id, column), getattr(self, column))


def seal(vault: Vault, consent_id: str, column: str, value: object) -> bytes:
    """The sealed form of a column."""
    return vault.seal(Purpose.CLINICAL, _place(consent_id, column), value)


def mac(keys: Keys, consent: Consent) -> str:
    """The keyed hash of a row."""
    values = {name: _plain(getattr(consent, name)) for name in CONSENTS.c.keys() if name not in (*PASSING, "mac")}  # noqa: SIM118 - a collection of columns
    return seal_of_consent(keys, json.dumps(values, sort_keys=True, separators=(",", ":")).encode())


def add(connection: Connection, consent: Consent) -> None:
    """A new sheet, under its hash."""
    connection.execute(insert(CONSENTS).values(_row(consent)))


def change(connection: Connection, was: Consent, now: Consent) -> None:
    """Put a row in place of what was read; raises StaleError where it moved on meanwhile."""
    here = update(CONSENTS).where(CONSENTS.c.id == was.id, CONSENTS.c.mac == was.mac)
    if connection.execute(here.values(_row(now))).rowcount != 1:
        raise StaleError(STALE)


def place(connection: Connection, consent_id: str, device_id: str, at: datetime) -> None:
    """Let a sheet lie on a tablet; what was signed there before lies there no more."""
    signed = CONSENTS.c.device_id == device_id, CONSENTS.c.signed_at.is_not(None)
    connection.execute(update(CONSENTS).where(*signed).values(NOWHERE))
    here = update(CONSENTS).where(CONSENTS.c.id == consent_id)
    connection.execute(here.values({**NOWHERE, "device_id": device_id, "placed_at": at}))


def let_show(connection: Connection, consent: Consent, refused: bytes | None = None) -> None:
    """Let the sheet, and no other of its tablet, be shown there once, with what was sent of it and had faults."""
    beside = update(CONSENTS).where(CONSENTS.c.device_id == consent.device_id)
    connection.execute(beside.values(ready=False, refused=None))
    connection.execute(update(CONSENTS).where(CONSENTS.c.id == consent.id).values(ready=True, refused=refused))


def take(connection: Connection, consent_id: str) -> bool:
    """Spend the one showing of a sheet on its tablet; False where it was spent."""
    here = update(CONSENTS).where(CONSENTS.c.id == consent_id, CONSENTS.c.ready)
    return connection.execute(here.values(ready=False, refused=None)).rowcount == 1


def by_id(connection: Connection, consent_id: str) -> Consent:
    """One sheet; raises NotFoundError."""
    row = connection.execute(select(CONSENTS).where(CONSENTS.c.id == consent_id)).first()
    if row is None:
        raise NotFoundError("There is no such consent sheet.")
    return _consent(row)


def of_intakes(connection: Connection, intake_ids: Collection[str]) -> list[Consent]:
    """The sheets of these intakes, the newest last."""
    query = select(CONSENTS).where(CONSENTS.c.intake_id.in_(list(intake_ids)))
    return [_consent(row) for row in connection.execute(query.order_by(CONSENTS.c.made_at, CONSENTS.c.id))]


def on_device(connection: Connection, device_id: str) -> list[Consent]:
    """The sheets that lie on a tablet, the one that was put there last first."""
    query = select(CONSENTS).where(CONSENTS.c.device_id == device_id)
    return [_consent(row) for row in connection.execute(query.order_by(CONSENTS.c.placed_at.desc()))]


def every(connection: Connection) -> Iterator[Consent]:
    """All sheets, in the order of their making."""
    for row in connection.execute(select(CONSENTS).order_by(CONSENTS.c.made_at, CONSENTS.c.id)):
        yield _consent(row)


def _place(consent_id: str, column: str) -> SealedPlace:
    return SealedPlace("consents", consent_id, column)


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    return value.isoformat() if isinstance(value, datetime) else value


def _row(consent: Consent) -> Mapping[str, object]:
    return {name: getattr(consent, name) for name in CONSENTS.c.keys()}  # noqa: SIM118 - a collection of columns


def _consent(row: Row[Any]) -> Consent:
    return Consent(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
