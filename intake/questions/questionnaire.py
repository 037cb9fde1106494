"""A questionnaire: its pages in order, the steps that they are, the words that patients read; made at the start."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

from intake.errors import NotFoundError, QuestionnaireError, nearest
from intake.questions import last_time
from intake.questions.last_time import LAST_TIME
from intake.questions.pages import new_page
from intake.questions.radios import Radios
from intake.questions.steps import NEW_MEDICINE, Step
from intake.questions.wording import person
from intake.questions.words import PatientWords

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from intake.engine.book.vocabulary import Vocabulary
    from intake.questions.control import Control
    from intake.questions.pages import PageForm, PageSection

DAY = "day"  # the page of the day of the visit
MORE = "more"  # the page with questions that came since the patient passed their pages
BEFORE_YOU_SEND = (9, _("Before you send"))


class Questionnaire:
    """The pages and their steps in order; `check` (the last question) and `day` (asked at arrival) are no steps.

    `topics` names the sections of which somebody who comes again says whether something has changed.
    Raises QuestionnaireError unless each fact and each gate of the vocabulary is asked on exactly one page.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        pages: Sequence[type[PageForm]],
        check: type[PageForm],
        topics: Mapping[str, PageSection] | None = None,
    ) -> None:
        problems = tuple(_problems(vocabulary, (*pages, check)))
        if problems:
            raise QuestionnaireError("\n".join(problems))
        self.vocabulary = vocabulary
        self.pages = tuple(pages)
        self.check = check
        self.steps = tuple(map(_step, pages))
        topic_of_section = {section: topic for topic, section in (topics or {}).items()}
        self._topics = {page.name: topic_of_section[page.section] for page in pages if page.section in topic_of_section}
        self.day = self._day_page()
        self.words = PatientWords((*pages, self.day))
        self._page_named = {page.name: page for page in (*pages, check)}
        self._step_named = {step.name: step for step in (*self.steps, _step(check))}

    def page(self, name: str) -> type[PageForm]:
        """The page of this name; raises NotFoundError where there is none."""
        if name not in self._page_named:
            raise NotFoundError("There is no such page.")
        return self._page_named[name]

    def more(self, names: Collection[str]) -> type[PageForm]:
        """One page with the controls that ask these facts or gates, in their order, whichever pages they stand on."""
        return new_page(MORE, BEFORE_YOU_SEND, title=person.MORE_TITLE, hint=person.MORE_HINT, **self._controls(names))

    def _day_page(self) -> type[PageForm]:
        """One page with what holds on the day of the visit alone, and whether a medicine is new since the form."""
        controls = self._controls(self.vocabulary.roles.at_arrival)
        controls[NEW_MEDICINE] = Radios(person.NEW_MEDICINE)
        return new_page(DAY, BEFORE_YOU_SEND, title=person.DAY_TITLE, hint=person.DAY_HINT, **controls)

    def _controls(self, names: Collection[str]) -> dict[str, Control]:
        """The controls that ask these facts or gates, in their order."""
        return {
            name: getattr(page, name)
            for page in self.pages
            for name, _question, asks in page.questions()
            if not {*asks}.isdisjoint(names)
        }

    def section(self, name: str) -> PageSection:
        """The section that a page belongs to; raises NotFoundError where there is no such page."""
        if name == LAST_TIME:
            return last_time.SECTION
        return BEFORE_YOU_SEND if name == MORE else self.page(name).section

    def in_order(self, first: Collection[str]) -> tuple[Step, ...]:
        """Every step, those of these topics first among the topics: an order alone, no step is left out."""
        return last_time.in_order(self.steps, self._topics, first)

    def step(self, name: str) -> Step:
        """The whole step of a page; raises KeyError where there is no such page."""
        return self._step_named[name]

    def step_of(self, page: PageForm) -> Step:
        """The step of a page as this patient saw it: saving it touches nothing that was not on the page."""
        if page.name != MORE:
            return replace(self.step(page.name), facts=page.asked(), shown=self.vocabulary)
        names = {*page.asked(), page.gate}
        passes = tuple(step.name for step in self.steps if not names.isdisjoint(step.questions))
        return Step(MORE, page.asked(), page.gate, shown=self.vocabulary, passes=passes)


def _step(page: type[PageForm]) -> Step:
    return Step(page.name, page.facts, page.gate, page.optional)


def _problems(vocabulary: Vocabulary, pages: Sequence[type[PageForm]]) -> Iterator[str]:
    """A sentence for each fact or gate that is asked nowhere or twice, and for each that is not in the vocabulary."""
    known = (*vocabulary.facts, *vocabulary.gates)
    times = Counter(name for page in pages for name in _step(page).questions)
    for name in known:
        if times[name] != 1:
            homes = " and ".join(f"`{page.name}`" for page in pages if name in _step(page).questions)
            asked = f"is asked on the pages {homes}" if homes else "is asked on no page"
            yield f"`{name}` of the vocabulary {asked}: the questionnaire must ask it on one page"
    for page in pages:
        for name in _step(page).questions:
            if name not in known:
                yield f"page `{page.name}` asks `{name}`, which the vocabulary does not have{nearest(name, known)}"
