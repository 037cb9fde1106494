"""`flask --app wsgi demo seed`: an instance of its own with 60 invented patients, a day of twelve visits, and accounts.

Refuses an instance that is not marked `demo`, and one that holds patients already: invented and real people never mix.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup

from intake.cli.console import ERROR, Exit, console, stop
from intake.cli.demo import day
from intake.cli.demo.patients import CALM, COURSES, FIRST, LAST, PLACES, PROFILES, WORDS
from intake.engine.book.calm import denial
from intake.engine.book.roles import THERAPIES_SEEN
from intake.engine.book.vocabulary import Answer, Vocabulary
from intake.engine.read.answers import parse_answers
from intake.settings import DEMO_MARK
from intake.storage import subjects
from intake.storage.files import write_new
from intake.workflow.keeping import accounts
from intake.workflow.keeping.accounts import NewAccount, Role
from intake.workflow.patient import drafts, interview, progress, saving, submit
from intake.workflow.patient.drafts import Draft, Post
from intake.workflow.patient.submit import Sending
from intake.workflow.review.people import Practitioner
from intake.workflow.shared.clinic import Clinic

if TYPE_CHECKING:
    from intake.questions.steps import Step

PATIENTS, UNFINISHED = 60, 2
STAFF = {
    "practitioner@demo.example": Role.PRACTITIONER,
    "lead@demo.example": Role.PRACTITIONER,
    "desk@demo.example": Role.DESK,
}
SEED = 20261122
CHANGED, CHANGES, TALKS = "strength", 5, 3  # every fifth changes an answer of that page, every third adds own words
TAKES_BACK = {1: "saddle_numbness", 34: "fever"}  # who first ticks a danger sign that they take back
PAGE_TIME = timedelta(seconds=20)
IN_DANGER = tuple(profile for profile in PROFILES if "danger_signs" in profile)

group = AppGroup("demo", help="An instance with invented patients.")


@group.command("seed")
def seed() -> None:
    """Fill an empty instance, a demonstration from now on; one that is filled is left as it is."""
    settings = console().settings
    if not settings.demo:
        refused = "This is not a demo instance: set INTAKE_DEMO=true and an INTAKE_INSTANCE of its own."
        stop(refused, Exit.FAULTS, ERROR)
    mark = settings.instance / DEMO_MARK
    if mark.exists():
        click.echo("The demo instance is filled already.")
        return
    clinic = console().clinic
    if _in_use(clinic):
        refused = "This instance has accounts or patients: set INTAKE_INSTANCE to a folder of its own."
        stop(refused, Exit.FAULTS, ERROR)
    write_new(mark, b"Invented patients only.\n")
    told, by = _accounts(clinic)
    for number in range(PATIENTS + UNFINISHED):
        _patient(clinic, random.Random(SEED + number), number, by)  # noqa: S311 - invented people, no secret
    for place, slot in enumerate(day.BEGUN):
        number = PATIENTS + UNFINISHED + place
        draft = _begun(clinic, random.Random(SEED + number), number, day.BEGUN_SHARES[place])  # noqa: S311 - as above
        day.step(clinic, day.of_slot(clinic, draft, slot, number), slot, by)
    day.only_booked(clinic, by)
    click.echo("\n".join(told))
    click.echo(f"{PATIENTS} invented patients, {UNFINISHED} unfinished drafts with danger signs.")


def _in_use(clinic: Clinic) -> bool:
    """Whether anybody real may be in the database."""
    with clinic.database.read() as connection:
        return subjects.exist(connection) or bool(accounts.everyone(clinic))


def _accounts(clinic: Clinic) -> tuple[list[str], Practitioner]:
    """What to tell of the staff accounts, and the practitioner among them."""
    told, ids = [], []
    for email, role in STAFF.items():
        password = "-".join(secrets.token_hex(2) for _ in range(4))
        new = NewAccount(email, console().hash_password(password), accounts.new_stamp(), role)
        ids.append(accounts.add(clinic, new, "demo"))
        told.append(f"Staff account {email}, password {password}")
    return told, Practitioner(ids[0])


def _begun(clinic: Clinic, dice: random.Random, number: int, percent: int) -> Draft:
    """An invented person who stopped after so many percent of the pages, without a danger sign."""
    rulebook, vocabulary, questionnaire = clinic.rulebook(), clinic.vocabulary, console().questionnaire
    draft = drafts.start(clinic, draft_id=secrets.token_hex(16), token=secrets.token_urlsafe(20))
    stored = dict(
        _stored(vocabulary, {**CALM, "pain_regions": PLACES[0], "main_region": PLACES[0][0], "age_years": 40})
    )
    while progress.percent(vocabulary, questionnaire.steps, draft.answers, draft.passed) < percent:
        name = interview.next_step(vocabulary, questionnaire.steps, draft.answers, draft.passed)
        step = questionnaire.step(name or questionnaire.check.name)
        draft = saving.save_page(clinic, rulebook, draft, _post(step, stored, _person(dice, number)))
    return draft


def _patient(clinic: Clinic, dice: random.Random, number: int, by: Practitioner) -> None:
    """One invented person; the last ones stop after the danger signs and are left unfinished."""
    rulebook, vocabulary = clinic.rulebook(), clinic.vocabulary
    questionnaire = console().questionnaire
    now = clinic.clock() - timedelta(hours=dice.randint(1, 72), minutes=dice.randint(0, 59))
    then = _at(clinic, now)
    draft = drafts.start(then, draft_id=secrets.token_hex(16), token=secrets.token_urlsafe(20))
    stored = dict(_stored(vocabulary, _facts(dice, number)))
    while (name := interview.next_step(vocabulary, questionnaire.steps, draft.answers, draft.passed)) is not None:
        step = questionnaire.step(name)
        if name in draft.passed:
            raise click.ClickException(
                f"The invented patient {number} has no answer to all that the page {name!r} asks."
            )
        for said in _tries(step, number, stored, vocabulary.roles.danger_signs):
            now += PAGE_TIME
            then = _at(clinic, now)
            draft = saving.save_page(then, rulebook, draft, _post(step, said, _person(dice, number)))
        if number >= PATIENTS:
            return
    if not number % TALKS:
        last = questionnaire.step(questionnaire.check.name)
        draft = saving.save_page(
            then, rulebook, draft, _post(last, stored, {"anything_else": WORDS[number % len(WORDS)]})
        )
    slot = day.SENT.get(number)
    if slot is None:
        later = clinic.today + timedelta(days=dice.randint(1, 6))
        day.of_draft(clinic, draft, day.moment(clinic, later, time(dice.randint(8, 17), dice.choice((0, 30)))), number)
    visit_id = "" if slot is None else day.of_slot(clinic, draft, slot, number)
    submit.send(then, rulebook, draft, Sending(secrets.token_hex(16), f"DEMO-{number:04d}"))
    if slot is not None:
        day.step(clinic, visit_id, slot, by)


def _tries(step: Step, number: int, stored: Mapping[str, Answer], signs: str) -> Iterator[Mapping[str, Answer]]:
    """What the person says on a page: some change an answer, some take a danger sign back."""
    if step.name == CHANGED and not number % CHANGES:
        yield {**stored, "pain_worst": 10}
    if signs in step.facts and number in TAKES_BACK:
        yield {**stored, signs: (TAKES_BACK[number],)}
    yield stored


def _at(clinic: Clinic, moment: datetime) -> Clinic:
    """The clinic at a moment of the past."""
    return replace(clinic, clock=lambda: moment)


def _post(step: Step, stored: Mapping[str, Answer], typed: dict[str, str]) -> Post:
    """One page, answered as the profile says; `typed` is who it is, or own words, as the page asks."""
    wanted = (*step.facts, *((step.gate, f"{step.gate}_seen") if step.gate else ()), THERAPIES_SEEN)
    answers = {key: stored[key] for key in wanted if key in stored}
    identity, texts = (typed if step.name == page else {} for page in ("about", "check"))
    return Post(step, answers, identity, texts)


def _person(dice: random.Random, number: int) -> dict[str, str]:
    born = date(2026, 11, 22) - timedelta(days=365 * (19 + (number * 7) % 60) + dice.randint(0, 364))
    name = f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]}"
    return {"name": name, "born": born.isoformat(), "phone": f"01234 555 {100 + number}"}


def _facts(dice: random.Random, number: int) -> dict[str, object]:
    profile = IN_DANGER[number - PATIENTS] if number >= PATIENTS else PROFILES[number % len(PROFILES)]
    place = PLACES[number % len(PLACES)]
    pain = min(10, 3 + dice.randint(0, 4))
    own = {"pain_regions": place, "pain_average": pain, "pain_worst": min(10, pain + dice.randint(0, 3))}
    course = COURSES[number % len(COURSES)]
    facts = {**CALM, **own, "age_years": 19 + (number * 7) % 60, **course, **profile}
    regions = facts["pain_regions"]
    return {"main_region": regions[0], **facts} if isinstance(regions, list) and regions else facts


def _stored(vocabulary: Vocabulary, facts: Mapping[str, object]) -> Iterator[tuple[str, Answer]]:
    """The answers as the pages would store them: facts, the ticks of each gate, a no to what is asked without one."""
    known = parse_answers(vocabulary, facts)
    yield from known.items()
    for gate, items in vocabulary.gates.items():
        ticked = tuple(item for item, behind in items.items() if any(name in facts for name in behind))
        yield gate, ticked or (interview.NONE,)
        yield f"{gate}_seen", tuple(items)
        behind = {
            name: denial(vocabulary.facts[name]) for names in items.values() for name in names if name not in facts
        }
        yield from ((name, answer) for name, answer in behind.items() if answer is not None)
    yield THERAPIES_SEEN, known[vocabulary.roles.therapies_tried]
