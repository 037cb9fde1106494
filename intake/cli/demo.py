"""`flask --app wsgi demo seed`: an instance of its own with 60 invented patients of every tier and two staff accounts.

Refuses an instance that is not marked `demo`, and one that holds patients already: invented and real people never mix.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup, with_appcontext

from intake.cli.demo_patients import CALM, COURSES, FIRST, LAST, PLACES, PROFILES, WORDS
from intake.engine.book.calm import denial
from intake.engine.book.roles import THERAPIES_SEEN
from intake.engine.book.vocabulary import Answer, Vocabulary
from intake.engine.read.answers import parse_answers
from intake.settings import DEMO_MARK
from intake.storage import subjects
from intake.storage.files import write_new
from intake.web.services import services
from intake.web.staff.accounts import hashed, stamp
from intake.web.staff.signed_in import registry
from intake.workflow.keeping import accounts
from intake.workflow.keeping.accounts import NewAccount
from intake.workflow.patient import alarms, drafts, interview, submit

if TYPE_CHECKING:
    from intake.questions.questionnaire import Questionnaire
    from intake.questions.steps import Step
    from intake.settings import Settings
    from intake.workflow.patient.drafts import Draft

PATIENTS, UNFINISHED = 60, 2
STAFF = ("practitioner@demo.example", "lead@demo.example")
SEED = 20261122
CHANGED, CHANGES, TALKS = "strength", 5, 3  # every fifth changes an answer of that page, every third adds own words
IN_DANGER = tuple(profile for profile in PROFILES if "danger_signs" in profile)


def group(settings: Settings, questionnaire: Questionnaire) -> AppGroup:
    """The commands for these settings."""
    commands = AppGroup("demo", help="An instance with invented patients.")

    @commands.command("seed")
    @with_appcontext
    def seed() -> None:
        """Fill an empty instance, a demonstration from now on; one that is filled is left as it is."""
        if not settings.demo:
            raise click.ClickException(
                "This is not a demo instance: set INTAKE_DEMO=true and an INTAKE_INSTANCE of its own."
            )
        mark = settings.instance / DEMO_MARK
        if mark.exists():
            click.echo("The demo instance is filled already.")
            return
        if _in_use():
            raise click.ClickException(
                "This instance has accounts or patients: set INTAKE_INSTANCE to a folder of its own."
            )
        write_new(mark, b"Invented patients only.\n")
        for number in range(PATIENTS + UNFINISHED):
            _patient(questionnaire, random.Random(SEED + number), number)  # noqa: S311 - invented people, no secret
        for email in STAFF:
            click.echo(f"Staff account {email}, password {_account(email)}")
        click.echo(f"{PATIENTS} invented patients, {UNFINISHED} unfinished drafts with danger signs.")

    return commands


def _in_use() -> bool:
    """Whether anybody real may be in the database."""
    found = registry()
    with found.db.read() as connection:
        return subjects.exist(connection) or bool(accounts.everyone(found))


def _account(email: str) -> str:
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    accounts.add(registry(), NewAccount(email, hashed(password), stamp()), "demo", datetime.now(UTC))
    return password


def _patient(questionnaire: Questionnaire, dice: random.Random, number: int) -> None:
    """One invented person; the last ones stop after the danger signs and are left unfinished."""
    parts = services()
    now = datetime.now(UTC) - timedelta(hours=dice.randint(1, 72), minutes=dice.randint(0, 59))
    keys, database = parts.store.keys, parts.store.database
    draft = drafts.start(database, keys, now=now, draft_id=secrets.token_hex(16), token=secrets.token_urlsafe(20))
    stored = dict(_stored(parts.vocabulary, _facts(dice, number)))
    unfinished = number >= PATIENTS
    while (name := _next(questionnaire, draft)) is not None:
        step = questionnaire.step(name)
        if name == CHANGED and not number % CHANGES:
            draft = _answered(draft, step, {**stored, "pain_worst": 10}, {}, now - timedelta(minutes=1))
        draft = _answered(draft, step, stored, _person(dice, number), now)
        found = alarms.check(parts.rulebook, parts.vocabulary, draft.answers, draft.shown_alerts)
        if found:
            alarms.record(database, keys, parts.rulebook, draft, found, page=name, now=now)
        if unfinished:
            return
    if not number % TALKS:
        last = questionnaire.step(questionnaire.check.name)
        draft = _answered(draft, last, stored, {"anything_else": WORDS[number % len(WORDS)]}, now)
    visit = (datetime.now(UTC) + timedelta(days=dice.randint(0, 6))).replace(
        hour=dice.randint(8, 17), minute=dice.choice((0, 30))
    )
    reference = f"DEMO-{number:04d}"
    submit.send(
        database,
        keys,
        parts.rulebook,
        draft,
        now=now,
        intake_id=secrets.token_hex(16),
        reference=reference,
        visit_at=visit,
    )


def _next(questionnaire: Questionnaire, draft: Draft) -> str | None:
    return interview.next_step(questionnaire.vocabulary, questionnaire.steps, draft.answers, draft.passed)


def _answered(draft: Draft, step: Step, stored: Mapping[str, Answer], typed: dict[str, str], now: datetime) -> Draft:
    """The draft after one page, answered as the profile says; `typed` is who it is, or own words, as the page asks."""
    parts = services()
    wanted = (*step.facts, *((step.gate, f"{step.gate}_seen") if step.gate else ()), THERAPIES_SEEN)
    answers = {key: stored[key] for key in wanted if key in stored}
    identity, texts = (typed if step.name == page else {} for page in ("about", "check"))
    return drafts.save_step(parts.store.database, parts.store.keys, draft, step, answers, identity, texts, now)


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
    found = {**CALM, **own, "age_years": 19 + (number * 7) % 60, **course, **profile}
    regions = found["pain_regions"]
    return {"main_region": regions[0], **found} if isinstance(regions, list) and regions else found


def _stored(vocabulary: Vocabulary, facts: Mapping[str, object]) -> Iterator[tuple[str, Answer]]:
    """The answers as the pages would store them: facts, and the ticks of each gate."""
    known = parse_answers(vocabulary, facts)
    yield from known.items()
    for gate, items in vocabulary.gates.items():
        ticked = tuple(item for item, behind in items.items() if any(name in facts for name in behind))
        yield gate, ticked or (interview.NONE,)
        yield f"{gate}_seen", tuple(items)
        for item in ticked:
            behind = {name: denial(vocabulary.facts[name]) for name in items[item] if name not in facts}
            yield from ((name, answer) for name, answer in behind.items() if answer is not None)
    yield THERAPIES_SEEN, known[vocabulary.roles.therapies_tried]
