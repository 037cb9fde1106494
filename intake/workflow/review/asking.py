"""Asking back: from a finding that asks, a practitioner sends the patient the fewest questions that settle it.

The patient answers behind a link and the birth date; each answer makes a new version of the intake, which is judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.engine.interpret.settling import settling
from intake.engine.interpret.truth import Intake
from intake.engine.read.answers import from_raw
from intake.errors import NotFoundError
from intake.storage import asks, audit, intakes
from intake.storage.asks import Ask
from intake.workflow.review import links
from intake.workflow.review.links import Opens, Purpose, Standing
from intake.workflow.review.standing import cards_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection

    from intake.engine.book.rulebook import Rulebook
    from intake.storage.intakes import Stored
    from intake.workflow.review.people import Practitioner
    from intake.workflow.review.story import Words
    from intake.workflow.shared.clinic import Clinic

LIFE = timedelta(days=7)
NOTHING = "This finding asks nothing any more."


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked back, in words: the questions, by whom, when, how its link stands, and what came of it.

    `answer_id`: the newest version that an answer made.
    """

    id: str
    questions: tuple[str, ...]
    by: str
    at: datetime
    link: Standing | None
    answer_id: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be asked back: about the card of this key, under an id of its own, by mail or by a link to hand on."""

    ask_id: str
    card: str
    mail: bool


def ask(clinic: Clinic, rulebook: Rulebook, intake_id: str, question: Question, by: Practitioner) -> str:
    """Ask back; the link to hand on, empty where it goes by mail.

    Raises NotFoundError where the finding does not ask, or where no link or no mail can be.
    """
    now = clinic.clock()
    with clinic.database.begin() as connection:
        stored = intakes.by_id(connection, intake_id)
        rules = _asking(clinic, stored, question.card)
        names = to_settle(rulebook, stored, rules)
        if not names:
            raise NotFoundError(NOTHING)
        asks.add(connection, Ask(question.ask_id, intake_id, rules, names, by.id, now))
        details = {"ask": question.ask_id, "rules": list(rules), "questions": list(names)}
        entry = audit.AuditEntry(now, by.actor, "asked_back", "intake", intake_id, details)
        audit.record(connection, clinic.keys, entry)
        opens = _opens(intake_id, question.ask_id)
        if question.mail:
            links.mail(connection, clinic, opens, by)
            return ""
        return links.hand_on(connection, clinic, opens, by)


def take_back(clinic: Clinic, intake_id: str, ask_id: str, by: Practitioner) -> None:
    """Let the link of an ask open nothing any more; raises NotFoundError where there is no such ask."""
    with clinic.database.begin() as connection:
        found = asks.by_id(connection, ask_id)
        if found is None or found.intake_id != intake_id:
            raise NotFoundError("Nothing of this kind was asked back.")
        links.take_back(connection, clinic, _opens(intake_id, ask_id), by)


def to_settle(rulebook: Rulebook, stored: Stored, rules: Collection[str]) -> tuple[str, ...]:
    """The fewest facts that settle these rules as the book in force has them."""
    intake = Intake(rulebook.vocabulary, from_raw(stored.facts))
    names = {name for rule in rulebook.rules if rule.id in rules for name in settling(rule.when, intake)}
    return tuple(sorted(names, key=rulebook.vocabulary.places.__getitem__))


def asked(
    connection: Connection, clinic: Clinic, words: Words, intake_id: str, people: Mapping[int, str]
) -> tuple[Asked, ...]:
    """What was asked back about an intake, the newest first."""
    return tuple(
        Asked(
            each.id,
            tuple(words.question(name) for name in each.questions),
            people.get(each.by, f"staff:{each.by}"),
            each.at,
            links.standing(connection, Purpose.QUESTION, each.id, clinic.clock()),
            each.answer_id,
            each.answered_at,
        )
        for each in asks.of_intake(connection, intake_id)
    )


def _asking(clinic: Clinic, stored: Stored, key: str) -> tuple[str, ...]:
    card = next((card for card in cards_of(clinic.vocabulary, stored) if card.key == key and card.asks), None)
    if card is None:
        raise NotFoundError(NOTHING)
    return card.rules


def _opens(intake_id: str, ask_id: str) -> Opens:
    return Opens(Purpose.QUESTION, intake_id, ask_id, LIFE)
