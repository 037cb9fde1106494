"""Envelope encryption: a master key wraps a data key per patient, whose subkeys seal identity and text (AES-256-GCM).

Every sealed value is bound to its place (table|row|column|key id): moved anywhere else it no longer opens.
Nonces and data keys are drawn here and nowhere else, because a nonce that a caller could repeat would break the cipher.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from intake.errors import DamagedError, StorageError

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY_BYTES = 32
NONCE_BYTES = 12
FORMAT = b"\x01"


class Purpose(StrEnum):
    """What a subkey is for: who may read names need not read the story, and the reverse."""

    IDENTITY = "identity"
    CLINICAL = "clinical"


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """The clinic's keys: masters by id, the id that wraps from now on, and the keys of name index and audit chain.

    `damaged`: the places that did not open since the process began, as far as somebody wanted to read them.
    """

    masters: Mapping[str, bytes]
    current: str
    index: bytes
    audit: bytes
    damaged: set[str] = field(default_factory=set, compare=False)


@dataclass(frozen=True, slots=True)
class SealedPlace:
    """Where a sealed value stands."""

    table: str
    row: str
    column: str

    def bound_to(self, key_id: str) -> bytes:
        """The associated data of the value sealed here under that key."""
        return f"{self.table}|{self.row}|{self.column}|{key_id}".encode()


@dataclass(frozen=True, slots=True, repr=False)
class WrappedKey:
    """A patient's data key as stored: sealed under the master key named `master`."""

    master: str
    sealed: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Vault:
    """One patient's opened subkeys."""

    subject_id: str
    subkeys: Mapping[Purpose, bytes]

    def seal(self, purpose: Purpose, place: SealedPlace, value: object) -> bytes:
        """Encrypt a JSON value for one place."""
        return _encrypt(self.subkeys[purpose], _to_bytes(value), place.bound_to(self.subject_id))

    def open(self, purpose: Purpose, place: SealedPlace, sealed: bytes | None) -> object:
        """Decrypt what `seal` made for the same place; an empty place holds None."""
        if sealed is None:
            return None
        return json.loads(_decrypt(self.subkeys[purpose], sealed, place, self.subject_id))


def new_vault(keys: Keys, subject_id: str) -> tuple[Vault, WrappedKey]:
    """Draw a data key for a new patient."""
    data_key = os.urandom(KEY_BYTES)
    return _vault(subject_id, data_key), _wrap(keys, subject_id, data_key)


def open_vault(keys: Keys, subject_id: str, wrapped: WrappedKey | None) -> Vault:
    """Unwrap a patient's data key; a destroyed one stays destroyed."""
    if wrapped is None:
        raise StorageError("This person was erased: the key is destroyed and nothing can be read any more.")
    return _vault(subject_id, _unwrap(keys, subject_id, wrapped))


def clinic_vault(keys: Keys, master: str) -> Vault:
    """What seals the clinic's own messages, which belong to no patient, under a master key of that name."""
    if master not in keys.masters:
        raise _missing(keys, master)
    subkeys = {purpose: _subkey(keys.masters[master], f"clinic|{purpose}") for purpose in Purpose}
    return Vault(f"clinic:{master}", subkeys)


def rewrap(keys: Keys, subject_id: str, wrapped: WrappedKey) -> WrappedKey:
    """The same data key under the current master key."""
    return _wrap(keys, subject_id, _unwrap(keys, subject_id, wrapped))


def token_hash(token: str) -> str:
    """What is stored of a patient's random token: enough to recognise it, not enough to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def blind_index(keys: Keys, kind: str, value: str) -> str:
    """A keyed hash that finds equal values without telling them."""
    return hmac.new(keys.index, f"{kind}|{value}".encode(), hashlib.sha256).hexdigest()


def seal_of_backup(keys: Keys, content: bytes) -> str:
    """A keyed hash that shows whether a backup was made with these keys; a renewed master key does not change it."""
    return hmac.new(_subkey(keys.audit, "backup"), content, hashlib.sha256).hexdigest()


def seal_of_consent(keys: Keys, content: bytes) -> str:
    """A keyed hash that shows whether a consent, or what it rests on, is as it was signed."""
    return hmac.new(_subkey(keys.audit, "consent"), content, hashlib.sha256).hexdigest()


def _vault(subject_id: str, data_key: bytes) -> Vault:
    return Vault(subject_id, {purpose: _subkey(data_key, purpose) for purpose in Purpose})


def _subkey(key: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"intake|{purpose}".encode()).derive(key)


def _key_place(subject_id: str) -> SealedPlace:
    return SealedPlace("subjects", subject_id, "data_key")


def _wrap(keys: Keys, subject_id: str, data_key: bytes) -> WrappedKey:
    sealed = _encrypt(keys.masters[keys.current], data_key, _key_place(subject_id).bound_to(keys.current))
    return WrappedKey(keys.current, sealed)


def _unwrap(keys: Keys, subject_id: str, wrapped: WrappedKey) -> bytes:
    master = keys.masters.get(wrapped.master)
    if master is None:
        raise _missing(keys, wrapped.master)
    return _decrypt(master, wrapped.sealed, _key_place(subject_id), wrapped.master)


def _missing(keys: Keys, master: str) -> StorageError:
    there = ", ".join(keys.masters)
    return StorageError(f"The master key {master} is missing from the keys directory (there: {there}).")


def _to_bytes(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _encrypt(key: bytes, plain: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return FORMAT + nonce + AESGCM(key).encrypt(nonce, plain, bound)


def _decrypt(key: bytes, sealed: bytes, place: SealedPlace, key_id: str) -> bytes:
    start = len(FORMAT) + NONCE_BYTES
    if len(sealed) <= start or not sealed.startswith(FORMAT):
        raise _damaged(place)
    try:
        return AESGCM(key).decrypt(sealed[len(FORMAT) : start], sealed[start:], place.bound_to(key_id))
    except InvalidTag as error:
        raise _damaged(place) from error


def _damaged(place: SealedPlace) -> DamagedError:
    return DamagedError(f"{place.table}.{place.column} of {place.row}")
