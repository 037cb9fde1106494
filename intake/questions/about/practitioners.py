"""The cards of those who needle at this clinic: `practitioners.yaml` in the instance, in the clinic's own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.engine.read.nodes import EMPTY, Node
from intake.engine.read.parse import read_nodes
from intake.engine.read.problems import Problems
from intake.engine.read.section import Section

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "practitioners.yaml"
REQUIRED = ("name", "profession")
OPTIONAL = ("registration", "training", "since")


@dataclass(frozen=True, slots=True)
class PractitionerCard:
    """Who somebody is; an empty word is one that the clinic did not give. `since`: the year of the first needling."""

    name: str
    profession: str
    registration: str = ""
    training: str = ""
    since: str = ""


def load_cards(path: Path) -> tuple[PractitionerCard, ...]:
    """The cards in the file, none where there is no file; raises DataFileError."""
    if not path.exists():
        return ()
    problems = Problems(str(path))
    root = read_nodes(path, problems)
    problems.refuse()
    top = Section(root or EMPTY, "the file", problems, required=("practitioners",))
    cards = tuple(_card(node, problems) for node in top.items("practitioners"))
    problems.refuse()
    return cards


def _card(node: Node, problems: Problems) -> PractitionerCard:
    card = Section(node, "a practitioner", problems, required=REQUIRED, optional=OPTIONAL)
    since = str(card.whole("since", least=1900)) if "since" in card else ""
    return PractitionerCard(
        card.text("name"), card.text("profession"), card.text("registration"), card.text("training"), since
    )
