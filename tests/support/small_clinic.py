"""A small clinic for tests of storage and workflow: the product's vocabulary, a few rules, short steps."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count

from sqlalchemy import insert

from intake.engine.book.levels import Levels, Needling, Urgency
from intake.engine.book.rulebook import Everywhere, Examples, Named, Rule, Rulebook, RuleReview, Strength
from intake.engine.book.tree import AllOf, AnyOf, Condition, OneOf
from intake.engine.book.vocabulary import Answers, Vocabulary
from intake.engine.read.load import load_vocabulary
from intake.questions.steps import Step
from intake.settings import VOCABULARY_PATH
from intake.storage import visit_forms
from intake.storage.staff import STAFF
from intake.workflow.desk import visits
from intake.workflow.desk.identity import Identity
from intake.workflow.desk.visits import NewVisit, VisitKind, VisitPlan
from intake.workflow.patient import drafts, saving, submit
from intake.workflow.patient.drafts import Draft, Post
from intake.workflow.patient.submit import Receipt, Sending
from intake.workflow.shared.clinic import Books, Clinic

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
COOKIE = "a-random-cookie"
MINUTE = timedelta(minutes=1)
CALM = Levels(Needling.OK, Urgency.NONE)
REVIEWED = RuleReview("A. Tester", date(2026, 1, 1), date(2027, 1, 1))
DANGER = Step("danger", ("danger_signs",), None, optional=False)
UNSURE = Step("danger_unsure", ("danger_signs_unsure",), None, optional=False)
REASON = Step("reason", ("main_reason", "pain_duration"), None, optional=False)
NEEDLES = Step("needles", ("needle_fear", "wants_needling"), None, optional=False)
GATE = Step("warning", ("feels_today",), "gate_warning", optional=False)
ABOUT = Step("about", ("age_years",), None, optional=False)
ELSE = Step("check", ("anything_else",), None, optional=True)


@cache
def vocabulary() -> Vocabulary:
    """The product's vocabulary."""
    return load_vocabulary(VOCABULARY_PATH)


def rule(name: str, when: Condition, levels: Levels, *, if_unknown: Levels = CALM) -> Rule:
    """A rule with everything that the product asks of one."""
    return Rule(
        id=name,
        concept=name,
        title=f"Title of {name}",
        when=when,
        levels=levels,
        where=Everywhere(),
        depth=None,
        electrical_stimulation=None,
        raises=(),
        if_unknown=if_unknown,
        because="Because.",
        do="Do.",
        tell=f"What {name} tells." if levels.urgency else None,
        tell_if_asking=(f"you have {name}",) if levels.urgency else (),
        sources=(),
        strength=Strength.CONSENSUS,
        policy=None,
        reviewed=REVIEWED,
        examples=Examples((), (), ()),
        line=1,
    )


CALM_ANSWERS: Answers = {"danger_signs": ("none",), "main_reason": "muscle_or_joint_pain", "wants_needling": "yes"}
STOP = Needling.DO_NOT_NEEDLE
WAIT = Levels(Needling.REVIEW_BEFORE, Urgency.SAME_DAY)
CHEST = rule("chest", AnyOf("danger_signs", ("chest_pressure",)), Levels(STOP, Urgency.EMERGENCY_NOW), if_unknown=WAIT)
FEVER = rule("fever", AnyOf("danger_signs", ("fever",)), Levels(STOP, Urgency.SAME_DAY), if_unknown=WAIT)
HEADACHE = rule("headache", OneOf("main_reason", ("headache",)), Levels(STOP, Urgency.SAME_DAY), if_unknown=WAIT)
UNWILLING = rule("unwilling", OneOf("wants_needling", ("no",)), Levels(STOP, Urgency.NONE))
UNDECIDED = rule("undecided", OneOf("wants_needling", ("unsure",)), Levels(Needling.PRECAUTION, Urgency.NONE))
BROKEN = replace(UNWILLING, id="broken", where=Named("no_such_fact", {}))
UNEXPLAINED = rule("unexplained", AllOf("danger_signs", ()), Levels(Needling.PRECAUTION, Urgency.NONE))
"""It is true of everybody, so it fires; which answer decides it cannot be said where there is none."""
SOUND = (CHEST, FEVER, HEADACHE, UNWILLING, UNDECIDED)


def rulebook(*rules: Rule) -> Rulebook:
    """A rule book of these rules, or of the sound ones."""
    chosen = rules or SOUND
    content = json.dumps({"rules": {"rules": [{"id": each.id} for each in chosen]}})
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    return Rulebook("2026.11.1", sha256, vocabulary(), (), chosen, (), {}, content)


@dataclass(slots=True)
class Clock:
    """The time of a small clinic; it stands still until somebody moves it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now


def small_books() -> Books:
    """The sound rules, with nothing over them."""
    return Books(rulebook(), lambda book: book)


@dataclass(frozen=True, slots=True)
class SmallClinic(Clinic):
    """A clinic of the sound rules, with a clock that moves a minute at every act."""

    books: Books = field(default_factory=small_books)
    clock: Clock = field(default_factory=Clock)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def now(self) -> datetime:
        """The time."""
        return self.clock.now

    def tick(self) -> datetime:
        """A minute later."""
        self.clock.now += MINUTE
        return self.now

    def number(self) -> int:
        """The next number."""
        return next(self.numbers)

    def practitioner(self) -> int:
        """The id of a new member of staff."""
        name = f"staff-{self.number()}@clinic.example"
        row = {"email": name, "active": True, "fs_uniquifier": name}
        with self.database.begin() as connection:
            return int(connection.execute(insert(STAFF).values(row).returning(STAFF.c.id)).scalar_one())

    def start(self, cookie: str = COOKIE) -> Draft:
        """A new draft."""
        self.tick()
        return drafts.start(self, draft_id=f"draft-{self.number()}", token=cookie)

    def save(
        self,
        draft: Draft,
        step: Step,
        answers: Answers | None = None,
        identity: Mapping[str, str] | None = None,
        texts: Mapping[str, str] | None = None,
        book: Rulebook | None = None,
    ) -> Draft:
        """Post one page."""
        self.tick()
        post = Post(step, answers or {}, identity or {}, texts or {})
        return saving.save_page(self, book or rulebook(), draft, post)

    def send(self, draft: Draft, book: Rulebook | None = None, visit_at: datetime | None = None) -> Receipt:
        """Send a draft under an id and a reference of its own."""
        number = self.number()
        if visit_at is not None:
            self.visit(draft, visit_at)
        self.tick()
        return submit.send(self, book or rulebook(), draft, Sending(f"{number:032x}", f"REF-{number}"))

    def visit(self, draft: Draft, begins: datetime) -> str:
        """A visit whose form a draft is; its id."""
        who = Identity.of(draft.identity(self.keys))
        name = f"visit-{self.number()}"
        new = NewVisit(name, f"{name}-subject", who, VisitPlan(begins, "", "", VisitKind.FIRST))
        with self.database.begin() as connection:
            visits.store(connection, [visits.seal(self, new, self.now)])
            visit_forms.bind(connection, draft.id, new.id, begins)
        return new.id

    def sent(self, answers: Answers | None = None, visit_at: datetime | None = None, **identity: str) -> Receipt:
        """A whole intake of a new patient, sent."""
        draft = self.start(f"cookie-{self.number()}")
        known = {"name": "Ada Lovelace", "born": "1985-12-10", **identity}
        everything = Step("all", tuple(CALM_ANSWERS), None, optional=False)
        return self.send(self.save(draft, everything, {**CALM_ANSWERS, **(answers or {})}, known), visit_at=visit_at)
