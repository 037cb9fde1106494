"""One ruler for how long the form takes: what a patient sees on rendered pages, and each choice made on the way.

200 words a minute and 4 seconds a choice. Every visible word of a page counts, the frame around it and the check page
included; folded text (`details`) counts half. What only a screen reader hears, and numbers alone, do not count.
Pressing Continue is no choice and takes no time; so a tap that goes on by itself saves none, and its hint is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.support import lint
from tests.support.journeys import CALM, begin, name_of
from tests.support.readability import WORDS_A_MINUTE, words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

    from tests.support.client import Page, Value, Visitor

SECONDS_A_CHOICE = 4
FOLDED = 0.5
NOT_SEEN = ("head", "script", "svg", "template")
HIDDEN = {"vh", "skip"} | {"unanswer", "face"}  # heard only; shown after an answer, or in place of the map's switch
NOTHING = ("none", "never", "no", "nothing")
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Measured:
    """One way through the form: pages met, choices made, words seen on each page (a folded word is half)."""

    pages: int
    choices: int
    words: Mapping[str, float] = field(default_factory=dict)

    @property
    def minutes(self) -> float:
        """The time from the first question to sending."""
        return sum(self.words.values()) / WORDS_A_MINUTE + self.choices * SECONDS_A_CHOICE / 60


def seen_words(element: Element) -> float:
    """How many words of an element and all it holds are seen."""
    if element.tag in NOT_SEEN or _is_hidden(element) or HIDDEN & set(element.get("class", "").split()):
        return 0
    share = FOLDED if element.tag == "details" and element.get("open") is None else 1
    inside = [_words_of_child(child, share) for child in element]
    return share * len(words(element.text or "")) + sum(inside)


def _is_hidden(element: Element) -> bool:
    """Hidden, and not shown by scripts as soon as the page is open."""
    return "hidden" in element.attrib and "data-tap" not in element.attrib


def _words_of_child(child: Element, share: float) -> float:
    own = seen_words(child)
    return (own if child.tag == "summary" else share * own) + share * len(words(child.tail or ""))


def measure(visitor: Visitor, answers: Mapping[str, Value]) -> Measured:
    """Walk from the first question to the check page and send; `answers` by control, otherwise nothing to report."""
    page, met, choices = begin(visitor), dict[str, float](), 0
    for _page in range(LONGEST):
        met[name_of(page.path)] = seen_words(page.tree)
        chosen = {} if page.path.endswith("/stop") or page.path == "/check" else _answers_to(page, answers)
        choices += sum(bool(given) if isinstance(given, str) else len(given or ()) for given in chosen.values())
        if page.path == "/check":
            return Measured(len(met), choices, met)
        page = visitor.send(page, **chosen)
        assert not page.errors, (page.path, page.errors)
    raise AssertionError(f"never came to the check page; the last page was {page.path}")


def _answers_to(page: Page, answers: Mapping[str, Value]) -> dict[str, Value]:
    controls = list(lint.controls(next(page.tree.iter("main"))))
    boxes: dict[str, list[Element]] = {}
    for control in controls:
        boxes.setdefault(control.get("name", ""), []).append(control)
    calm = CALM.get(name_of(page.path))
    return {
        name: _answer(name, offered, answers if name in answers or calm is None else calm)
        for name, offered in boxes.items()
        if not (calm is not None and name not in answers and name not in calm)
    }


def _answer(name: str, offered: list[Element], answers: Mapping[str, Value]) -> Value:
    if name in answers:
        return answers[name]
    values = [box.get("value", "") for box in offered]
    if offered[0].get("type") not in ("radio", "checkbox"):
        return "20"
    nothing = next((value for value in NOTHING if value in values), values[0])
    return nothing if offered[0].get("type") == "radio" else [nothing]
