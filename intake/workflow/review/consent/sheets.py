"""The consent sheet of an intake: whom it is for, where the needle is to go, what can happen there, from the table.

It is plain data: shown to staff, on a tablet, on a phone, set in print, and kept as it was signed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from intake.engine.book.decision import Status
from intake.questions.consent.table import RaisedConcept, SheetPart
from intake.questions.wording.body import NAMES
from intake.workflow.review.findings import citations
from intake.workflow.review.folding import entries

if TYPE_CHECKING:
    from intake.engine.book.rulebook import Rulebook
    from intake.questions.consent.table import ConsentTable, SheetSentence
    from intake.storage.intakes import Stored
    from intake.storage.plans import Plan
    from intake.workflow.review.people import Person


EVERYWHERE, PLACES, ANSWERS = "everywhere", "places", "answers"


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One sentence; `where`: the places that it is about, in words."""

    say: str
    where: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsentSheet:
    """What is read before signing. `everywhere`, `places`, `answers`: risks of any needle, of a place, of an answer.

    `version`: the hash of every word of the table; `sources`: what the sentences cite, whole.
    """

    name: str
    born: str
    clinic: str
    regions: tuple[str, ...]
    stimulation: bool
    about: tuple[SheetLine, ...]
    everywhere: tuple[SheetLine, ...]
    places: tuple[SheetLine, ...]
    answers: tuple[SheetLine, ...]
    choices: tuple[SheetLine, ...]
    sources: tuple[str, ...]
    version: str

    @property
    def edition(self) -> str:
        """The version as people name it: eight signs."""
        return self.version[:8]

    def stored(self) -> dict[str, object]:
        """As JSON."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        return plain | {name: [[each.say, each.where, each.sources] for each in plain[name]] for name in LISTED}


LISTED = ("about", "everywhere", "places", "answers", "choices")


def restored(stored: Mapping[str, Any]) -> ConsentSheet:
    """The sheet that `stored` was made of."""
    lists = {
        name: tuple(SheetLine(say, tuple(where), tuple(keys)) for say, where, keys in stored[name]) for name in LISTED
    }
    rest = {name: tuple(stored[name]) for name in ("regions", "sources")}
    return ConsentSheet(**{**stored, **lists, **rest})


@dataclass(frozen=True, slots=True)
class SheetHead:
    """Whom a sheet is for, and whose it is."""

    who: Person
    clinic: str


def sheet_of(table: ConsentTable, book: Rulebook, stored: Stored, plan: Plan, head: SheetHead) -> ConsentSheet:
    """The sheet of an intake under a plan; what could not be evaluated counts as one more open point."""
    who = head.who
    sentences = table.text(plan.regions, raised(book, stored), stimulation=plan.stimulation)
    known = citations(book)
    short = {key: known[key].short for each in sentences for key in each.sources if key in known}
    whole = sorted({known[key].whole for key in short})
    under: dict[str, list[SheetLine]] = defaultdict(list)
    for each in sentences:
        under[_heading(each)].append(_said(each, short))
    return ConsentSheet(
        name=who.name,
        born=who.born.isoformat() if who.born else "",
        clinic=head.clinic,
        regions=_places(plan.regions),
        stimulation=plan.stimulation,
        about=tuple(under[SheetPart.ABOUT]),
        everywhere=tuple(under[EVERYWHERE]),
        places=tuple(under[PLACES]),
        answers=tuple(under[ANSWERS]),
        choices=tuple(under[SheetPart.CHOICES]),
        sources=tuple(whole),
        version=table.version,
    )


def _heading(sentence: SheetSentence) -> str:
    """Under which heading of the sheet a sentence stands."""
    if sentence.part is not SheetPart.RISKS:
        return sentence.part
    if sentence.answered:
        return ANSWERS
    return PLACES if sentence.where else EVERYWHERE


def raised(book: Rulebook, stored: Stored) -> tuple[RaisedConcept, ...]:
    """The findings of a stored intake as the table reads them."""
    if stored.decision is None:
        return (RaisedConcept("not evaluated", fires=False, where=frozenset(book.vocabulary.regions)),)
    return tuple(
        RaisedConcept(entry.concept, entry.status is Status.FIRES, frozenset(entry.where))
        for entry in entries(stored.decision)
    )


def _said(sentence: SheetSentence, short: Mapping[str, str]) -> SheetLine:
    keys = tuple(dict.fromkeys(short[key] for key in sentence.sources if key in short))
    return SheetLine(sentence.say, _places(sentence.where), keys)


def _places(codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(NAMES.get(code, code)) for code in codes)
