"""The page before the questions of somebody who sent a form before: what may still be right, and what has changed.

Neither is a fact: an answer that is still right is stored as an answer given now, and what has changed since only says
which pages come first. Nothing is chosen beforehand, and every row may be left alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

from intake.engine.book.vocabulary import NOT_SURE
from intake.questions.pages import new_page
from intake.questions.radios import Radios
from intake.questions.rows import Grid
from intake.questions.wording import last_time as wording
from intake.questions.wording.last_time import CHANGED
from intake.questions.wording.question import Question

if TYPE_CHECKING:
    from intake.engine.book.vocabulary import Answers
    from intake.questions.control import Control
    from intake.questions.pages import PageForm, PageSection
    from intake.questions.steps import Step

LAST_TIME = "last_time"
SECTION: PageSection = (2, _("Since last time"))
SINCE = "since"
STILL = "still-"
CONFIRMED = "confirmed-"  # before the name of a fact, beside its answer: when the form that it is from was sent
TOPICS = tuple(row.fact for row in wording.SINCE.rows)


@dataclass(frozen=True, slots=True)
class OldAnswer:
    """An answer of last time in the patient's words: the page that asks it, its question, what was said."""

    page: str
    question: str
    words: tuple[str, ...]


def page_of(answers: Sequence[OldAnswer], day: str) -> type[PageForm]:
    """The page that offers these answers, and asks what has changed since a day (in words; empty: it is not known)."""
    rows: dict[str, Control] = {f"{STILL}{each.page}": _row(each) for each in answers}
    rows[SINCE] = Grid(wording.SINCE, optional=True)
    sent = _("You sent us this form on %(day)s.", day=day) if day else ""
    return new_page(LAST_TIME, SECTION, title=wording.TITLE, hint=f"{sent} {wording.HINT}".strip(), **rows)


def asked() -> frozenset[str]:
    """What is asked on the page beside old answers."""
    return frozenset(TOPICS)


def still_right(page: PageForm) -> tuple[str, ...]:
    """The pages of questions whose old answers a valid page says are still right."""
    said = page.to_answers()
    return tuple(name.removeprefix(STILL) for name in said if name.startswith(STILL) and said[name] == wording.RIGHT)


def offered(page: PageForm) -> frozenset[str]:
    """The pages of questions whose old answers a page offers."""
    return frozenset(control.name.removeprefix(STILL) for control in page.controls() if control.name != SINCE)


def first_topics(stored: Answers) -> frozenset[str]:
    """What is asked first: what changed, and what the patient is not sure of."""
    return frozenset(topic for topic in TOPICS if stored.get(topic) in (CHANGED, NOT_SURE))


def in_order(steps: Sequence[Step], topic_of: Mapping[str, str], first: Collection[str]) -> tuple[Step, ...]:
    """The same steps, those of these topics before the other topics; what belongs to none keeps its place before them.

    `topic_of`: the topic of each step that has one.
    """
    if not first:
        return tuple(steps)
    begins = next((place for place, step in enumerate(steps) if step.name in topic_of), len(steps))
    late = steps[begins:]
    early = [step for step in late if topic_of.get(step.name) in first]
    return (*steps[:begins], *early, *(step for step in late if topic_of.get(step.name) not in first))


def _row(answer: OldAnswer) -> Radios:
    words = "; ".join(answer.words)
    return Radios(Question(answer.question, wording.STILL, hint=words, not_sure=""), optional=True)
