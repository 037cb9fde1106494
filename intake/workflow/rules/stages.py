"""How far each rule book has come on its way into force, and what happened to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from intake.errors import PublishingError
from intake.storage import audit, publications, staff
from intake.storage.publications import Loss, Publication
from intake.workflow.shared.clinic import Clinic

KIND = "rulebook"


class Stage(StrEnum):
    """How far a rule book has come."""

    DRAFT = "draft"
    CHECKED = "checked"
    COMPARED = "compared"
    READ = "read"
    APPROVED = "approved"
    LIVE = publications.LIVE
    RETIRED = "retired"
    WITHDRAWN = "withdrawn"


OPEN = (Stage.DRAFT, Stage.CHECKED, Stage.COMPARED, Stage.READ, Stage.APPROVED)
NEXT = {
    Stage.DRAFT: "it must be examined first: `rules examine {0} --by EMAIL`",
    Stage.CHECKED: "it must be examined again: `rules examine {0} --by EMAIL`",
    Stage.COMPARED: "its report must be read first: `rules report {0}`, then `rules acknowledge {0} --by EMAIL`",
    Stage.READ: "a second person must approve it first: `rules approve {0} --by EMAIL`",
    Stage.APPROVED: "it is approved, and waits for `rules publish {0} --by EMAIL`",
    Stage.LIVE: "it is in force",
    Stage.RETIRED: "it was in force once; draft it again to bring it back",
    Stage.WITHDRAWN: "it was withdrawn",
}


@dataclass(frozen=True, slots=True)
class PublicationRecord:
    """One rule book with its losses, and everybody's address by number."""

    publication: Publication
    losses: tuple[Loss, ...]
    people: Mapping[int, str]


def record(clinic: Clinic, number: int, stages: Collection[Stage] = tuple(Stage)) -> PublicationRecord:
    """One rule book; raises PublishingError where there is none of that number, or it is at another stage."""
    with clinic.database.read() as connection:
        publication = publications.by_id(connection, number)
        losses, people = publications.losses(connection, number), staff.emails(connection)
    if publication is None:
        raise PublishingError(f"There is no rule book {number}; `rules status` shows them all.")
    if publication.state not in stages:
        raise PublishingError(f"Rule book {number}: {NEXT[Stage(publication.state)].format(number)}.")
    return PublicationRecord(publication, tuple(losses), people)


def everything(clinic: Clinic) -> list[PublicationRecord]:
    """Every rule book that was ever drafted, oldest first."""
    with clinic.database.read() as connection:
        people = staff.emails(connection)
        return [
            PublicationRecord(each, tuple(publications.losses(connection, each.id)), people)
            for each in publications.everything(connection)
        ]


def history(clinic: Clinic, number: int) -> list[audit.AuditEntry]:
    """What happened to one, oldest first."""
    with clinic.database.read() as connection:
        return audit.of_object(connection, KIND, str(number))
