"""What the review page shows of one intake: frozen plain data, in the words of the questionnaire."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from intake.engine.book.levels import Tier
from intake.storage.corrections import By
from intake.storage.intakes import State
from intake.storage.reported import How, Who
from intake.workflow.review.asking import Asked
from intake.workflow.review.beside import Beside
from intake.workflow.review.consent.standing import ConsentState
from intake.workflow.review.findings import Citation, Shown
from intake.workflow.review.held import Gone
from intake.workflow.review.held_line import OpenAlarm
from intake.workflow.review.outcomes import Outcome, Override, Reason
from intake.workflow.review.people import Person
from intake.workflow.review.reply import Reply
from intake.workflow.review.safety import SafetyMap
from intake.workflow.review.signs import Closed, OlderVersion, Withdrawn
from intake.workflow.review.since import Since
from intake.workflow.review.story import Said, Story


@dataclass(frozen=True, slots=True)
class Advice:
    """A suitability note with its certainty."""

    rule: str
    title: str
    text: str
    certainty: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """A changed or withdrawn answer, and when; of one that is no longer asked, when it was given."""

    question: str
    old: str
    new: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Entered:
    """An answer that staff entered: what stood before, what was said, by whom, how and when, and who entered it."""

    question: str
    own: str
    answer: str
    who: Who
    how: How
    said_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision, as recorded. `overrides`: titles of findings that it set aside, and why.

    `item`: what it asks for, while nobody has closed it; `closed`: what came of it. `reply`: the mail to the patient.
    """

    outcome: Outcome
    reasons: tuple[Reason, ...]
    overrides: tuple[tuple[str, Override], ...]
    note: str
    doer: str
    by: str
    at: datetime
    item: str
    closed: Closed | None
    reply: Reply | None


@dataclass(frozen=True, slots=True)
class GoneShown:
    """A finding that only an older version has, in words: of which it was, and since which it is gone."""

    key: str
    version: OlderVersion
    since_number: int
    since: datetime
    how: Gone
    shown: Shown


@dataclass(frozen=True, slots=True)
class OlderToDo:
    """What was decided on an older version and waits to be done."""

    version: OlderVersion
    item: str
    outcome: Outcome
    doer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Older:
    """What older versions still hold open, on the page of the newest.

    `words`: version, question and text of own words that nobody read and the newest does not repeat.
    """

    gone: tuple[GoneShown, ...] = ()
    alarms: tuple[OpenAlarm, ...] = ()
    to_do: tuple[OlderToDo, ...] = ()
    words: tuple[tuple[OlderVersion, str, str], ...] = ()
    unevaluated: tuple[OlderVersion, ...] = ()
    undecided: tuple[OlderVersion, ...] = ()
    decided: OlderVersion | None = None

    @property
    def lines(self) -> int:
        """How many things are held open."""
        return sum(map(len, (self.gone, self.alarms, self.to_do, self.words, self.unevaluated)))


@dataclass(frozen=True, slots=True)
class Namesake:
    """Another intake under the same name and date of birth, or another version of the same and how it came about."""

    id: str
    reference: str
    sent_at: datetime
    by: By | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the audit."""

    at: datetime
    who: str
    action: str


@dataclass(frozen=True, slots=True)
class Paper:
    """That a form on paper was typed in: by whom, and at which questions its marks do not agree with each other."""

    by: tuple[str, ...]
    contradicting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewView:
    """Everything on the review page. `decision` is None where the intake could not be evaluated.

    `corrects`: the version before it; `corrected`: those after it, the newest first. `alarm_since`: since when an alarm
    is open that nobody has taken. `paper`: None where the patient used a screen. `is_told`: decisions go out by mail.
    `beside`: who helped on a tablet, whether it is clear whose form it is, other forms of the visit. `number`: which
    of `versions` versions this is; `newest`: the one to decide, None: this one; `older`: what those before hold open.
    `since`: what the patient said has changed since the form of last time; None: that was not asked.
    """

    id: str
    reference: str
    number: int
    versions: int
    newest: Namesake | None
    older: Older
    version: int
    state: State
    evaluated: bool
    person: Person
    is_told: bool
    age: int | None
    filled_by: str
    sent_at: datetime
    visit_at: datetime | None
    rulebook_version: str
    rulebook_sha256: str
    rules_changed: bool
    stimulation: str
    cards: tuple[Shown, ...]
    advice: tuple[Advice, ...]
    advice_withheld: bool
    map: SafetyMap
    story: Story
    denied: tuple[str, ...]
    open: tuple[Said, ...]
    signs: tuple[Withdrawn, ...]
    corrects: Namesake | None
    corrected: tuple[Namesake, ...]
    namesakes: tuple[Namesake, ...]
    people: tuple[tuple[int, str], ...]
    unread_words: bool
    revisions: tuple[Revision, ...]
    entered: tuple[Entered, ...]
    asked: tuple[Asked, ...]
    answers: tuple[Said, ...]
    own_words: tuple[tuple[str, str], ...]
    decisions: tuple[Decided, ...]
    alarm_since: datetime | None
    paper: Paper | None
    consent: ConsentState
    beside: Beside
    since: Since | None
    timeline: tuple[Event, ...]

    @property
    def urgent(self) -> tuple[Shown, ...]:
        """The cards that must be ticked as seen."""
        return tuple(shown for shown in self.cards if shown.card.tier is Tier.URGENT)

    @property
    def to_see(self) -> int:
        """How many urgent findings must be ticked as seen, those that only older versions have among them."""
        return len(self.urgent) + sum(each.shown.card.tier is Tier.URGENT for each in self.older.gone)

    @property
    def open_signs(self) -> tuple[Withdrawn, ...]:
        """The danger signs that were taken back and that nobody has closed."""
        return tuple(sign for sign in self.signs if sign.closed is None)

    @property
    def still_denied(self) -> int:
        """How many danger signs were denied, and not only after they had been said."""
        return self.story.danger.denied - sum(len(sign.listed) for sign in self.open_signs)

    @property
    def todo(self) -> Decided | None:
        """The last decision, while what it asks for is open."""
        last = self.decisions[0] if self.decisions else None
        return last if last and last.item and last.closed is None else None

    @property
    def revised(self) -> tuple[tuple[str, tuple[Revision, ...]], ...]:
        """The questions whose answers were changed or withdrawn, each once, with what became of them."""
        questions = dict.fromkeys(each.question for each in self.revisions)
        return tuple((name, tuple(each for each in self.revisions if each.question == name)) for name in questions)

    @property
    def weightless(self) -> tuple[Shown, ...]:
        """Open questions that change no level by themselves, such as optional ones: kept in sight, out of the way."""
        return tuple(shown for shown in self.cards if shown.card.asks and shown.card.tier is Tier.NOTE)
