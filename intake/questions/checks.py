"""Controls of several answers: lists of boxes, the gates in front of questions, the body map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

from intake.engine.book.vocabulary import DECLINED, NOT_SURE, Answer, codes_in
from intake.questions.control import Control, Known
from intake.questions.wording.body import JOINTS
from intake.questions.wording.question import Option

if TYPE_CHECKING:
    from collections.abc import Mapping


class Checks(Control):
    """Any number of boxes; none and "rather not say" stand alone, "not sure" may stand beside ticks."""

    control = "checks"
    single = False

    def restore(self, known: Known) -> None:
        """Tick every option of which a code is stored."""
        stored = {fact: codes_in(known.answers.get(fact)) for fact in self.facts}
        every = {code for codes in stored.values() for code in codes}
        ticked = [option.code for option in self.choices() if self.is_stored(option, stored)]
        states = [state for state in (NOT_SURE, DECLINED) if state in every]
        if not ticked and not states and self.question.none and self.question.none_code in every:
            states = [self.question.none_code]
        self.values = {self.name: (*ticked, *states)}

    def is_stored(self, option: Option, stored: Mapping[str, tuple[str, ...]]) -> bool:
        """Whether one of the codes that an option fills is stored."""
        return any(code in stored[fact] for fact, code in self.fills(option).items())

    def fills(self, option: Option) -> dict[str, str]:
        """The fact and code pairs of an option."""
        return dict(option.fills) or dict.fromkeys(self.facts, option.code)

    def problem(self) -> str:
        """Something ticked, all of it known, and what stands alone alone."""
        ticked, apart = set(self.ticked()), {option.code: option.label for option in self.apart()}
        if not ticked:
            return "" if self.optional else self.nothing_ticked()
        if not ticked <= {option.code for option in self.choices()} | set(apart):
            return str(_("Tick only answers on this page."))
        alone = [code for code in ticked & set(apart) if self.stands_alone(code)]
        if alone and len(ticked) > 1:
            return str(_("You ticked “%(words)s” and something else. Untick one of them.", words=apart[alone[0]]))
        return ""

    def stands_alone(self, code: str) -> bool:
        """Whether nothing else may be ticked beside this code."""
        return code != NOT_SURE

    def nothing_ticked(self) -> str:
        """The sentence for a list that was passed over."""
        words = self.question.none or self.question.not_sure
        if not words:
            return str(_("Tick at least one answer."))
        return str(_("Tick what applies to you, or tick “%(words)s”.", words=words))

    def answers(self) -> dict[str, Answer]:
        """For each fact the ticked codes, with its none where nothing of it is ticked."""
        ticked = self.ticked()
        return {fact: self.codes_of(fact, ticked) for fact in self.facts} if ticked else {}

    def codes_of(self, fact: str, ticked: tuple[str, ...]) -> tuple[str, ...]:
        """The codes that the ticks give to one fact."""
        options = [self.fills(option) for option in self.choices() if option.code in ticked]
        codes = tuple(dict.fromkeys(fills[fact] for fills in options if fact in fills))
        states = tuple(state for state in (NOT_SURE, DECLINED) if state in ticked)
        return codes + states or (self.question.none_code,)


class Unsure(Checks):
    """Which of the signs that were left unticked is the patient unsure about?"""

    denied: tuple[Option, ...] = ()

    def bind_to(self, known: Known) -> None:
        """Offer the signs that were not ticked."""
        ticked = codes_in(known.answers.get("danger_signs"))
        self.denied = tuple(option for option in self.question.options if option.code not in ticked)
        super().bind_to(known)

    def choices(self) -> tuple[Option, ...]:
        """The signs that were not ticked."""
        return self.denied


class Gate(Checks):
    """A checklist in front of questions: keeps which items were ticked and which were on the page."""

    leads_on = True
    asked_of_all = True
    shown: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    told: tuple[str, ...] = ()

    def bind_to(self, known: Known) -> None:
        """Show the items that apply and were not told before; a tick on an item that is not shown now is kept."""
        self.shown, self.told = known.items, known.told
        stored = codes_in(known.answers.get(self.name))
        items = {option.code for option in self.question.options}
        self.hidden = tuple(code for code in stored if code in items and code not in self.shown)
        super().bind_to(known)

    def choices(self) -> tuple[Option, ...]:
        """The items that apply to this patient."""
        return tuple(option for option in self.question.options if option.code in self.shown)

    def answers(self) -> dict[str, Answer]:
        """The ticks, and every item that the patient saw or was told of before."""
        ticked = self.codes_of(self.name, self.ticked())
        if self.hidden:
            ticked = tuple(code for code in ticked if code != self.question.none_code) + self.hidden
        seen = (*(option.code for option in self.choices()), *self.told)
        return {self.name: ticked, f"{self.name}_seen": seen}


class BodyMap(Checks):
    """Body regions, right and left; "none of these places" is the empty set."""

    control = "bodymap"

    def restore(self, known: Known) -> None:
        """Tick the stored regions; an empty set ticks the words for none."""
        super().restore(known)
        if known.answers.get(self.facts[0]) == ():
            self.values = {self.name: (self.question.none_code,)}

    def stands_alone(self, code: str) -> bool:
        """A place cannot be marked beside "not sure where"."""
        return bool(code)

    def codes_of(self, fact: str, ticked: tuple[str, ...]) -> tuple[str, ...]:
        """The regions; none is the empty set."""
        codes = super().codes_of(fact, ticked)
        return () if codes == (self.question.none_code,) else codes

    def option_id(self, name: str, code: str) -> str:
        """The id that the picture's labels point to."""
        return f"r-{code}" if code in {option.code for option in self.question.options} else f"{name}-{code}"


class JointMap(BodyMap):
    """The regions that are joints, and what was marked before."""

    offered: frozenset[str] = JOINTS

    def bind_to(self, known: Known) -> None:
        """Offer the joints, and regions that are stored."""
        self.offered = JOINTS.union(codes_in(known.answers.get(self.facts[0])))
        super().bind_to(known)

    def choices(self) -> tuple[Option, ...]:
        """The joints, in the order of the body map."""
        return tuple(option for option in self.question.options if option.code in self.offered)


class NewJointMap(JointMap):
    """The joints for somebody who has a new joint and no plates or screws; otherwise every region."""

    def bind_to(self, known: Known) -> None:
        """Offer every region unless plates and screws are ruled out."""
        said = frozenset(codes_in(known.answers.get("implants")))
        self.ruled_out = bool(said) and said.isdisjoint(("plates_or_screws", NOT_SURE, DECLINED))
        super().bind_to(known)

    def choices(self) -> tuple[Option, ...]:
        """The joints, or every region."""
        return super().choices() if self.ruled_out else self.question.options
