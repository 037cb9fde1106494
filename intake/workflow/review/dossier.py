"""All that is stored about one intake, read at once: what stands beside it, who is named in it, what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.storage import (
    alerts,
    audit,
    corrections,
    name_index,
    reported,
    reviews,
    staff,
    trail,
)
from intake.storage import queue as stored_queue
from intake.storage.corrections import Version
from intake.storage.intakes import Stored
from intake.storage.queue import Filters
from intake.storage.reported import Report
from intake.storage.typed_forms import TYPED
from intake.workflow.review import beside, lineage, reply, since
from intake.workflow.review.asking import Asked, asked
from intake.workflow.review.beside import Beside
from intake.workflow.review.consent import standing as consent
from intake.workflow.review.findings import Terms, book_of
from intake.workflow.review.intake_view import Event, Namesake, Paper
from intake.workflow.review.lineage import Lineage
from intake.workflow.review.people import opened, person
from intake.workflow.review.since import Since

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.engine.book.rulebook import Rulebook
    from intake.storage.crypto import Keys
    from intake.workflow.review.consent.standing import ConsentState
    from intake.workflow.review.story import Words
    from intake.workflow.shared.clinic import Clinic

MOST_NAMESAKES = 20


@dataclass(frozen=True, slots=True)
class Dossier:
    """An intake as stored, and what stands beside it. `people`: the address of each member of staff, by number.

    `whole`: all its versions; `books`: the rule books that judged those of which findings are gone, by number.
    """

    stored: Stored
    whole: Lineage
    book: Rulebook | None
    books: Mapping[int, Rulebook | None]
    people: Mapping[int, str]
    timeline: tuple[Event, ...]
    changes: list[trail.TrailChange]
    reviews: list[reviews.Review]
    replies: Mapping[int, reply.Reply]
    reports: tuple[Report, ...]
    asks: tuple[Asked, ...]
    cards: frozenset[tuple[str, str]]
    corrects: Namesake | None
    corrected: tuple[Namesake, ...]
    namesakes: tuple[Namesake, ...]
    alarm_since: datetime | None
    paper: Paper | None
    consent: ConsentState
    beside: Beside
    since: Since | None

    @property
    def is_newest(self) -> bool:
        """Whether no newer version was sent."""
        return self.whole.newest.id == self.stored.line.id

    def name(self, staff_id: int) -> str:
        """A member of staff by name."""
        return self.people.get(staff_id, f"staff:{staff_id}")


def read(connection: Connection, clinic: Clinic, terms: Terms, intake_id: str) -> Dossier:
    """Everything about one intake; raises NotFoundError."""
    whole = lineage.read(connection, terms.vocabulary, intake_id)
    stored = whole.of(intake_id).stored
    draft_id, people = stored.line.draft_id, staff.emails(connection)
    decided, before = reviews.of_intake(connection, intake_id), corrections.before(connection, draft_id)
    newest = whole.newest.id == intake_id
    alarms = [alarm for each in whole.versions if newest or each.id == intake_id for alarm in each.alarms]
    gone = {card.number for card in whole.gone} if newest else ()
    changes = trail.of_draft(connection, draft_id)
    return Dossier(
        stored=stored,
        whole=whole,
        book=book_of(connection, terms.rulebook, stored),
        books={number: book_of(connection, terms.rulebook, whole.versions[number - 1].stored) for number in gone},
        people=people,
        timeline=_timeline(connection, intake_id, people),
        changes=changes,
        reviews=decided,
        replies=reply.replies(connection, decided),
        reports=tuple(reported.of_draft(connection, draft_id)),
        asks=asked(connection, clinic, terms.words, intake_id, people),
        cards=alerts.cards_shown(connection, [each.stored.line.draft_id for each in whole.versions]),
        corrects=_version(before) if before else None,
        corrected=tuple(map(_version, corrections.after(connection, intake_id))),
        namesakes=_namesakes(connection, clinic.keys, whole, stored),
        alarm_since=min((alarm.at for alarm in alarms), default=None),
        paper=_paper(connection, terms.words, draft_id, people),
        consent=consent.of_intake(connection, clinic.keys, intake_id).state,
        beside=beside.load(connection, terms, stored),
        since=since.read(connection, terms.words, stored, changes),
    )


def _named(actor: str, people: Mapping[int, str]) -> str:
    """Who did something: a member of staff by address, anybody else as the audit names them."""
    return {f"staff:{number}": email for number, email in people.items()}.get(actor, actor)


def _timeline(connection: Connection, intake_id: str, people: Mapping[int, str]) -> tuple[Event, ...]:
    """What was done with the intake, the newest first."""
    events = audit.of_object(connection, "intake", intake_id)
    return tuple(Event(event.at, _named(event.actor, people), event.action) for event in reversed(events))


def _paper(connection: Connection, words: Words, draft_id: str, people: Mapping[int, str]) -> Paper | None:
    """Who typed the form; of a part that was typed twice, the last time says which marks do not agree."""
    typing = [event for event in audit.of_object(connection, "draft", draft_id) if event.action == TYPED]
    if not typing:
        return None
    by_part = {event.details.get("part"): event.details.get("contradicting") for event in typing}
    facts = [fact for some in by_part.values() if isinstance(some, list) for fact in some]
    who = dict.fromkeys(_named(event.actor, people) for event in typing)
    return Paper(tuple(who), tuple(words.question(fact) for fact in facts))


def _namesakes(connection: Connection, keys: Keys, whole: Lineage, stored: Stored) -> tuple[Namesake, ...]:
    """Other intakes of somebody with the same words of a name and the same date of birth, the newest first.

    Versions of the same intake are none.
    """
    subject = stored.line.subject
    nobody: dict[str, str] = {}
    known = nobody if subject.wrapped is None else opened(keys, lambda: subject.read_identity(keys), nobody)
    if not known.get("name") or not known.get("born"):
        return ()
    hashes = name_index.name_hashes(keys, known["name"]) | {name_index.birth_hash(keys, known["born"])}
    others = name_index.subjects_of(connection, hashes)
    lines = stored_queue.page(connection, Filters(subjects=others), MOST_NAMESAKES)
    versions = {each.id for each in whole.versions}
    parts = name_index.name_parts(known["name"])
    return tuple(
        Namesake(line.id, line.reference, line.sent_at)
        for line in sorted(lines, key=lambda line: line.sent_at, reverse=True)
        if line.id not in versions and name_index.name_parts(person(keys, line.subject).name) == parts
    )


def _version(version: Version) -> Namesake:
    receipt = version.receipt
    return Namesake(receipt.intake_id, receipt.reference, receipt.sent_at, version.by)
