"""The table of a consent sheet: lines with their places and concepts; which of them hold for a plan. Frozen, pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

ANOTHER = "another"  # the concept of the line for what the table does not know, such as a clinic's own rule


class SheetPart(StrEnum):
    """Where on the sheet a line stands."""

    ABOUT = "about"
    RISKS = "risks"
    CHOICES = "choices"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. `places`, `concepts` empty: of any place, of everybody.

    `say` where a concept fires, `ask` where it only asks; `keep`: words that no wording may lose. `sources` empty: it
    rests on consensus, or is the clinic's own.
    """

    id: str
    part: SheetPart
    say: str
    ask: str
    places: frozenset[str]
    concepts: frozenset[str]
    stimulation: bool
    sources: tuple[str, ...]
    keep: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RaisedConcept:
    """A finding as a sheet reads it: its concept, whether it fires (else it asks), the regions that it covers."""

    concept: str
    fires: bool
    where: frozenset[str]


@dataclass(frozen=True, slots=True)
class SheetSentence:
    """One line as it stands on a sheet. `where`: the planned regions that it is about, empty for all of them."""

    line: str
    part: SheetPart
    say: str
    where: tuple[str, ...]
    answered: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsentTable:
    """All lines in their order, and the concepts that the table says nothing of, with the reason."""

    lines: tuple[Line, ...]
    unsaid: Mapping[str, str]

    @property
    def version(self) -> str:
        """The hash of every word of the table, the clinic's own included."""
        words = [
            [each.id, each.say, each.ask, each.part, sorted(each.places), sorted(each.concepts)] for each in self.lines
        ]
        return hashlib.sha256(json.dumps(words).encode()).hexdigest()

    @property
    def known(self) -> frozenset[str]:
        """The concepts that have a line of their own, or a reason to have none."""
        return frozenset(self.unsaid).union(*(line.concepts for line in self.lines))

    def text(
        self, regions: Iterable[str], findings: Iterable[RaisedConcept], *, stimulation: bool
    ) -> tuple[SheetSentence, ...]:
        """The sentences of a sheet, each once, in the order of the table.

        Args:
            regions: the codes of the regions that are to be needled.
            findings: what fires or asks; one that covers none of these regions adds nothing.
            stimulation: whether electrical stimulation is planned.
        """
        planned = tuple(regions)
        raised = [self._known(finding) for finding in findings]
        lines = (line for line in self.lines if stimulation or not line.stimulation)
        sentences = (_sentence(line, planned, raised) for line in lines)
        return tuple(sentence for sentence in sentences if sentence is not None)

    def _known(self, finding: RaisedConcept) -> RaisedConcept:
        return finding if finding.concept in self.known else replace(finding, concept=ANOTHER)


def _sentence(line: Line, planned: Collection[str], raised: Iterable[RaisedConcept]) -> SheetSentence | None:
    here = tuple(region for region in planned if not line.places or region in line.places)
    if not here:
        return None
    where = here if line.places else ()
    if not line.concepts:
        return SheetSentence(line.id, line.part, line.say, where, answered=False, sources=line.sources)
    fires = {each.fires for each in raised if each.concept in line.concepts and not each.where.isdisjoint(here)}
    if not fires:
        return None
    words = line.say if True in fires else line.ask
    return SheetSentence(line.id, line.part, words, where, answered=True, sources=line.sources)
