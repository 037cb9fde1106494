"""A patient's draft: begun, saved page by page, resumed. A saved page is durable, a stale one not saved.

Coded answers are kept as given; identity and own words are sealed, in the draft and in its trail.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar, cast

from intake.engine.book.vocabulary import Answers, Vocabulary
from intake.engine.read.answers import from_raw
from intake.errors import NotFoundError
from intake.storage import alerts, draft_keys, subjects, trail, vocabularies
from intake.storage import drafts as rows
from intake.storage.alerts import Raised
from intake.storage.crypto import Keys, Purpose, SealedPlace, Vault, new_vault, token_hash
from intake.storage.subjects import Subject
from intake.storage.trail import TrailChange
from intake.workflow.keeping import limits, retention
from intake.workflow.keeping.limits import Limit

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from intake.questions.steps import Step
    from intake.workflow.shared.clinic import Clinic

V = TypeVar("V")
LIFE = timedelta(days=7)
ALL_NETWORKS = 15  # how many times as often as one network all of them together may start
FORGOTTEN_PER_START = 3
IDENTITY_PREFIX = "identity."
GONE = "This questionnaire is not here any more: its time is over, or the link is not complete."


@dataclass(frozen=True, slots=True)
class StartLimit:
    """Where somebody starts: the network, and how many drafts it may begin in an hour."""

    network: str
    starts: int


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    """What was answered so far. `sent` is the reference of the intake it became.

    `alarms`: the rules that alarmed, each once. `shown`: which questions (facts, gates) were shown under which
    vocabulary (its hash). `earlier`: the intake of last time whose answers may be offered in it.
    """

    id: str
    version: int
    changes: int
    answers: Answers
    passed: tuple[str, ...]
    alarms: Mapping[str, Raised]
    sent: str | None
    expires: datetime
    subject: Subject
    sealed_texts: bytes | None
    shown: Mapping[str, Sequence[str]] = field(default_factory=dict)
    earlier: str | None = None

    @property
    def seen_at(self) -> datetime | None:
        """When a practitioner took the last of its alarms as real ones; None: one waits, or there is none."""
        times = [each.seen_at for each in self.alarms.values() if each.seen_at is not None]
        return max(times) if times and len(times) == len(self.alarms) else None

    def vault(self, keys: Keys) -> Vault:
        """The patient's opened subkeys."""
        return self.subject.vault(keys)

    def identity(self, keys: Keys) -> dict[str, str]:
        """Name, date of birth and contact, as far as given."""
        return self.subject.read_identity(keys)

    def texts(self, keys: Keys) -> dict[str, str]:
        """The patient's own words, by fact."""
        return _read_texts(self.vault(keys), self.id, self.sealed_texts)


@dataclass(frozen=True, slots=True, repr=False)
class Post:
    """One validly posted page: answers by fact, identity by field, own words by fact."""

    step: Step
    answers: Answers
    identity: Mapping[str, str]
    texts: Mapping[str, str]

    @property
    def asked(self) -> frozenset[str]:
        """What the page asks: what is missing from its post was withdrawn."""
        gate = () if self.step.gate is None else (self.step.gate, f"{self.step.gate}_seen")
        return frozenset((*self.step.facts, *gate))


@dataclass(frozen=True, slots=True, repr=False)
class Edit:
    """One page as it is to be stored: the draft before and after it, and what changed."""

    before: Draft
    after: Draft
    changes: tuple[TrailChange, ...]
    step: Step
    at: datetime


def start(
    clinic: Clinic, *, draft_id: str, token: str, life: timedelta = LIFE, visit: StartLimit | None = None
) -> Draft:
    """Begin a draft for a new patient; only the hash of the token is stored.

    Raises LimitError where too many were begun from a visitor's network within an hour, or from all of them together.
    So that empty drafts never pile up, each start forgets some that nobody wrote in for an hour.
    """
    now = clinic.clock()
    _, wrapped = new_vault(clinic.keys, draft_id)
    row = {
        "id": draft_id,
        "subject_id": draft_id,
        "token_hash": token_hash(token),
        "version": 1,
        "changes": 0,
        "answers": {},
        "passed": [],
        "started_at": now,
        "expires_at": now + life,
        "source": None if visit is None else limits.source_of(clinic.keys, visit.network),
        "shown": {},
    }
    with clinic.database.begin() as connection:
        if visit is not None:
            together = Limit("start", ALL_NETWORKS * visit.starts, limits.HOUR)
            limits.spend(connection, clinic.keys, together, limits.EVERYBODY, now)
            limits.spend(connection, clinic.keys, Limit("start_here", visit.starts, limits.HOUR), visit.network, now)
            retention.forget_empty(connection, now, FORGOTTEN_PER_START)
        subject = subjects.add(connection, draft_id, wrapped)
        rows.add(connection, row)
    return Draft(draft_id, 1, 0, {}, (), {}, None, now + life, subject, None)


def load(clinic: Clinic, token: str) -> Draft:
    """The live draft of a token; raises NotFoundError where it is unknown or over."""
    with clinic.database.read() as connection:
        return _load(connection, token, clinic.clock())


def load_by_id(clinic: Clinic, draft_id: str) -> Draft:
    """A draft that a tablet holds or staff type; raises NotFoundError where it is over, and was not sent."""
    with clinic.database.read() as connection:
        found = sent_draft(connection, draft_id)
    if found.sent is None and found.expires <= clinic.clock():
        raise NotFoundError(GONE)
    return found


def sent_draft(connection: Connection, draft_id: str) -> Draft:
    """A draft by its id, whatever its time: what was sent from it stays; raises NotFoundError."""
    return _of_rows(rows.whole(connection, draft_id))


def lock(clinic: Clinic, draft: Draft, key: str, token: str) -> None:
    """Let no copy of this key open the draft any more; other keys, given by an invitation or a hand-over, still do.

    `token` is one that nobody is given: it takes the place of the one that the draft was begun with.
    """
    with clinic.database.begin() as connection:
        if not draft_keys.remove(connection, token_hash(key)):
            rows.set_token(connection, draft.id, token_hash(token))


def write(connection: Connection, edit: Edit) -> None:
    """Write a page with its trail; raises StaleError where the draft moved on or was sent."""
    draft, after, step = edit.before, edit.after, edit.step
    values = {
        "answers": after.answers,
        "passed": after.passed,
        "changes": after.changes,
        "texts": after.sealed_texts,
        "shown": after.shown,
    }
    if step.shown is not None and step.shown.sha256 not in draft.shown:
        vocabularies.keep(connection, step.shown.sha256, step.shown.content)
    rows.change(connection, draft.id, draft.version, values)
    trail.add(connection, draft.id, edit.changes)
    if after.subject.identity != draft.subject.identity:
        subjects.set_identity(connection, draft.subject.id, after.subject.identity)


def history(clinic: Clinic, draft_id: str) -> list[TrailChange]:
    """Every change of a draft in order, with the personal ones opened."""
    with clinic.database.read() as connection:
        row = rows.by_id(connection, draft_id)
        changes = trail.of_draft(connection, draft_id)
    if row is None:
        raise NotFoundError(GONE)
    vault = subjects.of_row(row).vault(clinic.keys)
    return [trail.opened_change(vault, draft_id, change, _purpose(change.key)) for change in changes]


def _load(connection: Connection, token: str, now: datetime) -> Draft:
    hashed = token_hash(token)
    return _of_rows(rows.by_token(connection, hashed, now) or draft_keys.by_key(connection, hashed, now))


def _of_rows(found: Sequence[Row[Any]]) -> Draft:
    if not found:
        raise NotFoundError(GONE)
    return _draft(found[0], {row.alerted: alerts.raised(row) for row in found if row.alerted is not None})


def _draft(row: Row[Any], alarms: Mapping[str, Raised]) -> Draft:
    return Draft(
        id=row.id,
        version=row.version,
        changes=row.changes,
        answers=from_raw(row.answers),
        passed=tuple(row.passed),
        alarms=alarms,
        sent=row.reference,
        expires=row.expires_at,
        subject=subjects.of_row(row),
        sealed_texts=row.texts,
        shown=row.shown,
        earlier=row.earlier_id,
    )


def apply(keys: Keys, draft: Draft, post: Post, now: datetime) -> Edit:
    """What a post makes of a draft; what the page asks and the post does not answer is withdrawn.

    So is an empty identity or text. Nothing is written.
    """
    after, changes = _apply_answers(draft, post, now)
    if post.identity or post.texts or draft.sealed_texts is not None:
        after, personal = _apply_personal(keys, after, post, now)
        changes += personal
    step = post.step
    passed = tuple(dict.fromkeys((*draft.passed, *(step.passes or (step.name,)))))
    shown = draft.shown if step.shown is None else after_showing(draft.shown, step.shown, step)
    after = replace(after, version=draft.version + 1, passed=passed, shown=shown)
    return Edit(draft, after, tuple(changes), step, now)


def _apply_answers(draft: Draft, post: Post, now: datetime) -> tuple[Draft, list[TrailChange]]:
    answers = _merged(draft.answers, post.answers, post.asked)
    changes = _changes(draft, now, draft.answers, answers)
    return replace(draft, answers=answers, changes=draft.changes + len(changes)), changes


def _apply_personal(keys: Keys, draft: Draft, post: Post, now: datetime) -> tuple[Draft, list[TrailChange]]:
    vault = draft.vault(keys)
    draft, told = _apply_identity(vault, draft, post, now)
    draft, written = _apply_texts(vault, draft, post, now)
    return draft, told + written


def _apply_identity(vault: Vault, draft: Draft, post: Post, now: datetime) -> tuple[Draft, list[TrailChange]]:
    old = subjects.read_identity(vault, draft.subject.identity)
    new = _merged(old, post.identity, post.identity)
    changes = _changes(draft, now, _prefixed(old), _prefixed(new))
    if not changes:
        return draft, []
    subject = replace(draft.subject, identity=subjects.seal_identity(vault, new))
    after = replace(draft, subject=subject, changes=draft.changes + len(changes))
    return after, [trail.sealed_change(vault, draft.id, change, Purpose.IDENTITY) for change in changes]


def _apply_texts(vault: Vault, draft: Draft, post: Post, now: datetime) -> tuple[Draft, list[TrailChange]]:
    old = _read_texts(vault, draft.id, draft.sealed_texts)
    new = _merged(old, post.texts, post.asked | post.texts.keys())
    changes = _changes(draft, now, old, new)
    if not changes:
        return draft, []
    sealed = vault.seal(Purpose.CLINICAL, _texts_place(draft.id), new)
    after = replace(draft, sealed_texts=sealed, changes=draft.changes + len(changes))
    return after, [trail.sealed_change(vault, draft.id, change, Purpose.CLINICAL) for change in changes]


def _merged(old: Mapping[str, V], given: Mapping[str, V], asked: Container[str]) -> dict[str, V]:
    kept = {key: value for key, value in old.items() if key not in asked}
    return kept | {key: value for key, value in given.items() if value != ""}


def _changes(draft: Draft, now: datetime, old: Mapping[str, object], new: Mapping[str, object]) -> list[TrailChange]:
    keys = [key for key in dict.fromkeys((*old, *new)) if old.get(key) != new.get(key)]
    return [
        TrailChange(draft.changes + place, now, key, old.get(key), new.get(key))
        for place, key in enumerate(keys, start=1)
    ]


def _prefixed(identity: Mapping[str, str]) -> dict[str, str]:
    return {IDENTITY_PREFIX + key: value for key, value in identity.items()}


def _purpose(key: str) -> Purpose:
    return Purpose.IDENTITY if key.startswith(IDENTITY_PREFIX) else Purpose.CLINICAL


def _read_texts(vault: Vault, draft_id: str, sealed: bytes | None) -> dict[str, str]:
    return cast("dict[str, str]", vault.open(Purpose.CLINICAL, _texts_place(draft_id), sealed) or {})


def seal_texts(vault: Vault, draft_id: str, texts: Mapping[str, str]) -> bytes | None:
    """A draft's own words, sealed for it; None where there are none."""
    return vault.seal(Purpose.CLINICAL, _texts_place(draft_id), dict(texts)) if texts else None


def moved_change(old: Vault, new: Vault, draft_id: str, copy_id: str, change: TrailChange) -> TrailChange:
    """A change of one draft as it stands in the trail of its copy."""
    if change.sealed is None:
        return change
    purpose = _purpose(change.key)
    return trail.sealed_change(new, copy_id, trail.opened_change(old, draft_id, change, purpose), purpose)


def _texts_place(draft_id: str) -> SealedPlace:
    return SealedPlace("drafts", draft_id, "texts")


def after_showing(shown: Mapping[str, Sequence[str]], vocabulary: Vocabulary, step: Step) -> dict[str, list[str]]:
    """The record of a draft after a step was shown under a vocabulary and answered."""
    names, now = frozenset(step.questions), vocabulary.sha256
    rest = {name: sorted(set(before) - names) for name, before in shown.items() if name != now}
    return {name: before for name, before in rest.items() if before} | {now: sorted({*shown.get(now, ()), *names})}
