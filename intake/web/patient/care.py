"""The care card: what a patient is told at once. One headline, the number to call, at most three lines and 80 words.

It says of nobody what they did not say: what a rule tells where it fires on their answers, and "call if" where they are
not sure. Several findings are one card, worst first; what was taken back has a card of its own, once nothing is worse.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from flask_babel import get_locale
from flask_babel import gettext as _

from intake.engine.book.decision import Status
from intake.engine.book.levels import Urgency
from intake.engine.book.vocabulary import Kind
from intake.questions.wording.danger import CALL_IF
from intake.web.services import services
from intake.workflow.patient.alarms import NOT_EVALUATED, UNSURE_WHICH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from intake.workflow.patient.alarms import AlarmReading, Call

MOST_LINES = 3
MOST_WORDS = 80
FIRST_PERSON = ("I ", "I'")


class Tone(StrEnum):
    """How a card speaks; templates dress it by this word."""

    NOW = "now"
    IF = "if"
    KIND = "kind"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class CareCard:
    """What a card says; `rules` are the alarms that it settles once the patient goes on from it.

    `why` stands below a card that rests on no answer.
    """

    tone: Tone
    headline: str
    number: str
    emergency: bool = False
    said: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    bullets: tuple[str, ...] = ()
    why: str = ""
    rules: frozenset[str] = field(default_factory=frozenset)

    @property
    def print(self) -> dict[str, tuple[str, ...]]:
        """What it says, to tell whether that changed before the patient went on."""
        return {"card": (self.headline, *self.said, *self.lines, *self.bullets), "rules": tuple(sorted(self.rules))}

    @property
    def words(self) -> int:
        """How many words there are to read."""
        texts = (self.headline, self.number, *self.said, *self.lines, *self.bullets)
        return sum(len(text.split()) for text in texts) + FRAME_WORDS * bool(self.said)


FRAME_WORDS = 4  # "Call", and "You told us:"


def card(reading: AlarmReading, rules: Iterable[str], back: Mapping[str, Urgency]) -> CareCard | None:
    """One card for these rules, as far as the answers still call for them; None where there is nothing to say.

    `back`: rules whose answers were taken back, and how urgent they were.
    """
    wanted = frozenset(rules)
    standing = _standing(reading, wanted)
    if standing is not None:
        return replace(standing, rules=wanted)
    return replace(_taken_back(max(back.values())), rules=frozenset(back)) if back else None


def _standing(reading: AlarmReading, wanted: frozenset[str]) -> CareCard | None:
    """What is told because of the answers as they stand: what fires, else what may be, else the crisis line alone."""
    calls = [call for call in reading.calls if call.rule.id in wanted]
    kind = [call for call in calls if call.rule.is_about_crisis]
    bodily = [call for call in calls if not call.rule.is_about_crisis]
    firing = [call for call in bodily if call.status is Status.FIRES]
    if firing:
        return _firing(firing, kind)
    vague = not wanted.isdisjoint(_vague(reading))
    if bodily or vague:
        asking = _lines_if(bodily, all_signs=vague or reading.unsure_of_signs)
        return replace(_call_if(asking, kind), why=_why(unsure=bool(bodily) or reading.unsure_which))
    return _in_crisis(kind[0]) if kind else None


def _vague(reading: AlarmReading) -> Iterator[str]:
    """The alarms that rest on no rule: it is open which sign there is, or the rules could not be evaluated."""
    if reading.unsure_which:
        yield UNSURE_WHICH
    if reading.failed:
        yield NOT_EVALUATED


def _firing(calls: Sequence[Call], kind: Sequence[Call]) -> CareCard:
    """What the patient said, and what the worst rules tell, as far as it fits; nothing less urgent stands beside it."""
    emergency = calls[0].urgency is Urgency.EMERGENCY_NOW
    said, first = tuple(_said(calls)), _tell(calls[0])
    headline = _now() if emergency else _today()
    full = CareCard(Tone.NOW, headline, _number(emergency=emergency), emergency, said[:1], (first,))
    beside = [call for call in calls[1:] if call.urgency is calls[0].urgency]
    for line in (*map(_kind_line, kind[:1]), *map(_tell, beside)):
        if line not in full.lines and len(full.lines) < MOST_LINES - len(full.said):
            full = _shorter(replace(full, lines=(*full.lines, line)), full)
    for words in said[1:]:
        full = _shorter(replace(full, said=(*full.said, words)), full)
    return full


def _shorter(longer: CareCard, card: CareCard) -> CareCard:
    """The card with more on it, or as it was where that is too much to read."""
    return longer if longer.words <= MOST_WORDS else card


def _call_if(asking: CallIf, kind: Sequence[Call]) -> CareCard:
    """When to call, and whom."""
    number, lines = _number(emergency=asking.emergency), tuple(map(_kind_line, kind[:1]))
    headline = _now_if() if asking.emergency else _today_if()
    bullets = asking.bullets[: MOST_LINES - len(lines)]
    return CareCard(Tone.IF, headline, number, asking.emergency, lines=lines, bullets=bullets)


def _why(*, unsure: bool) -> str:
    return str(_("You were not sure here.") if unsure else _("We could not check your answers."))


@dataclass(frozen=True, slots=True)
class CallIf:
    """What cannot be ruled out, as lines that complete "Call ... if"."""

    emergency: bool
    bullets: tuple[str, ...]


def _lines_if(calls: Sequence[Call], *, all_signs: bool) -> CallIf:
    """The lines of the most urgent rules in turn; of all danger signs where more of them are open than fit."""
    worst = max((call.rule.most_urgent for call in calls), default=Urgency.EMERGENCY_NOW)
    several = [call.rule.tell_if_asking for call in calls if call.rule.most_urgent is worst]
    turns = (line for turn in range(MOST_LINES) for lines in several for line in lines[turn : turn + 1])
    bullets = tuple(dict.fromkeys(turns))[:MOST_LINES]
    if not bullets or (all_signs and len(several) > MOST_LINES):
        return CallIf(emergency=True, bullets=tuple(map(str, CALL_IF)))
    return CallIf(worst is Urgency.EMERGENCY_NOW, tuple(map(_, bullets)))


def _in_crisis(call: Call) -> CareCard:
    """Kind words and the crisis line; who is not sure is told of no thoughts that they did not name."""
    if call.status is Status.FIRES:
        return CareCard(Tone.KIND, _not_alone(), _crisis_line(), lines=(_tell(call),))
    danger = _("If you are in danger, call %(number)s now.", number=services().details.emergency_number)
    return CareCard(Tone.KIND, _not_alone(), _crisis_line(), lines=(_kind_line(call), danger))


def _kind_line(call: Call) -> str:
    if call.status is Status.FIRES:
        return _tell(call)
    return str(_("You can call %(number)s at any time to talk with someone.", number=_crisis_line()))


def _taken_back(urgency: Urgency) -> CareCard:
    number = _number(emergency=urgency is Urgency.EMERGENCY_NOW)
    headline = (
        _("You took this answer back. If it is true, call %(number)s.", number=number)
        if number
        else _("You took this answer back. If it is true, call us.")
    )
    return CareCard(Tone.WITHDRAWN, headline, number)


def _said(calls: Iterable[Call]) -> Iterator[str]:
    """The patient's own words for what they said: options they ticked, else the question and what they chose."""
    parts = services()
    pairs = dict.fromkeys(pair for call in calls for pair in call.stated)
    for fact, code in pairs:
        kind, words = parts.vocabulary.facts[fact].kind, parts.questionnaire.words
        if kind is Kind.CHOICES:
            yield _within_sentence(words.code(fact, code))
        elif kind is Kind.CHOICE:
            yield f"{words.asked(fact)} {words.code(fact, code)}"


def _within_sentence(label: str) -> str:
    """The label as it stands inside a sentence; a language with other rules for capitals keeps them."""
    english = str(get_locale() or "en").startswith("en")
    return label if not english or label.startswith(FIRST_PERSON) else label[:1].lower() + label[1:]


def _tell(call: Call) -> str:
    return str(_(call.rule.tell or "")).format_map(services().details.numbers())


def _number(*, emergency: bool) -> str:
    clinic = services().details
    return clinic.emergency_number if emergency else clinic.urgent_line or clinic.phone


def _crisis_line() -> str:
    return services().details.numbers()["crisis_line"]


def _not_alone() -> str:
    return str(_("You do not have to face this alone"))


def _now() -> str:
    number = services().details.emergency_number
    return str(_("Call %(number)s or go to an emergency department now", number=number))


def _today() -> str:
    return str(_("Speak to a doctor today"))


def _now_if() -> str:
    return str(_("Call %(number)s now if:", number=services().details.emergency_number))


def _today_if() -> str:
    line = services().details.urgent_line
    return str(_("Call %(number)s today if:", number=line) if line else _("Speak to a doctor today if:"))
