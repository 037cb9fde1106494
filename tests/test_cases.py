"""Clinical cases that a practitioner can read: tests/cases/*.yaml, each a story, some answers and what must follow.

`base` names a complete set of benign answers in baselines.yaml; `facts` change it, null removes an answer. In `expect`,
an empty list of concepts means none at all; `at_least` gives lowest levels where other findings may add to the case,
`at_most` the highest label. `many` says why a case has more findings than a practitioner reads at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from ruamel.yaml import YAML

from intake.engine.book.decision import Decision, Status
from intake.engine.book.levels import Label, Level, Needling, Urgency
from intake.engine.book.rulebook import Rulebook
from intake.engine.book.vocabulary import Answers
from intake.engine.decide.decide import decide
from intake.engine.interpret.evidence import evidence
from intake.engine.interpret.truth import Intake
from intake.engine.read.answers import parse_answers
from intake.engine.read.load import load_rulebook, load_vocabulary
from intake.settings import RULEBOOK_PATH, VOCABULARY_PATH

CASES = Path(__file__).with_name("cases")
BASELINES = CASES / "baselines.yaml"
AXES: dict[str, type[Level]] = {"label": Label, "needling": Needling, "urgency": Urgency}
Check = Callable[[Decision, Any], None]
FEW, MANY = 2, 6  # findings: the median over all cases, and the most of any one


def read(path: Path) -> Any:  # noqa: ANN401 - YAML
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


@cache
def book() -> Rulebook:
    return load_rulebook(RULEBOOK_PATH, load_vocabulary(VOCABULARY_PATH))


@cache
def baselines() -> dict[str, dict[str, object]]:
    """Each baseline whole: the all-clear answers with its own in their place, without what is not asked of it."""
    file = read(BASELINES)
    whole = {name: {**file["all_clear"], **own} for name, own in file["baselines"].items()}
    return {name: {fact: said for fact, said in answers.items() if said is not None} for name, answers in whole.items()}


@cache
def cases() -> dict[str, dict[str, Any]]:
    """Every case of every file, by file:name."""
    files = [path for path in sorted(CASES.glob("*.yaml")) if path != BASELINES]
    return {f"{path.stem}:{case['name']}": case for path in files for case in read(path)}


def decided(raw: Mapping[str, object]) -> Decision:
    rulebook = book()
    return decide(rulebook, parse_answers(rulebook.vocabulary, raw))


def level(decision: Decision, axis: str) -> Level:
    return decision.label if axis == "label" else getattr(decision.levels, axis)


def with_status(decision: Decision, *statuses: Status) -> set[str]:
    return {finding.rule.concept for finding in decision.findings if finding.status in statuses}


def listed(decision: Decision, concepts: list[str], *statuses: Status) -> None:
    """Every listed concept has a finding of that status; an empty list: there is none of that status."""
    known(concepts, book().concepts)
    found = with_status(decision, *statuses)
    assert set(concepts) <= found, f"missing {sorted(set(concepts) - found)}"
    assert concepts or not found, f"expected none, found {sorted(found)}"


def known(words: list[str], vocabulary: tuple[str, ...]) -> None:
    """A misspelt concept or note would make `quiet` pass for ever."""
    assert not set(words) - set(vocabulary), f"unknown in a case: {sorted(set(words) - set(vocabulary))}"


def fires(decision: Decision, concepts: list[str]) -> None:
    listed(decision, concepts, Status.FIRES)


def asks(decision: Decision, concepts: list[str]) -> None:
    listed(decision, concepts, Status.ASKS)


def quiet(decision: Decision, concepts: list[str]) -> None:
    known(concepts, book().concepts)
    loud = with_status(decision, *Status) & set(concepts)
    assert not loud, f"not quiet: {sorted(loud)}"


def at_least(decision: Decision, lowest: Mapping[str, str]) -> None:
    for axis, code in lowest.items():
        assert level(decision, axis) >= AXES[axis][code.upper()], f"{axis} is only {level(decision, axis).code}"


def at_most(decision: Decision, highest: str) -> None:
    assert decision.label <= Label[highest.upper()], f"label is {decision.label.code}"


def regions(decision: Decision, wanted: Mapping[str, str]) -> None:
    assert {region: decision.regions[region].code for region in wanted} == wanted


def superficial(decision: Decision, wanted: Mapping[str, list[str]]) -> None:
    """A finding of the concept says "not deep here" for these regions."""
    for concept, places in wanted.items():
        shallow = [
            each for each in decision.findings if each.rule.depth == "superficial" and each.rule.concept == concept
        ]
        assert set(places) <= {region for each in shallow for region in each.where}, f"{concept} names no depth there"


def notes(decision: Decision, wanted: list[str]) -> None:
    known(wanted, tuple(note.id for note in book().notes))
    assert set(wanted) <= {note.id for note in decision.notes}


def exactly(axis: str) -> Check:
    def check(decision: Decision, code: str) -> None:
        assert level(decision, axis).code == code

    return check


def stimulation(decision: Decision, wanted: str) -> None:
    assert decision.electrical_stimulation == wanted


def causes(decision: Decision, answers: Answers) -> set[object]:
    """As the page shows them: one answer with several consequences is one."""
    intake = Intake(book().vocabulary, answers)
    reasons = [evidence(finding.rule, intake) for finding in decision.findings]
    return {why.deciding or why.open_facts for why in reasons}


def causes_of(raw: Mapping[str, object]) -> set[object]:
    return causes(decided(raw), parse_answers(book().vocabulary, raw))


CHECKS: dict[str, Check] = {
    **{axis: exactly(axis) for axis in AXES},
    "fires": fires,
    "asks": asks,
    "quiet": quiet,
    "at_least": at_least,
    "at_most": at_most,
    "regions": regions,
    "superficial": superficial,
    "notes": notes,
    "electrical_stimulation": stimulation,
}


def raw_of(case: Mapping[str, Any]) -> dict[str, object]:
    base = baselines()[case["base"]] if case["base"] is not None else {}
    return {**base, **case["facts"]}


@pytest.mark.parametrize("name", list(cases()))
def test_case(name: str) -> None:
    case = cases()[name]
    raw = raw_of(case)
    decision = decided(raw)
    expect = dict(case["expect"])
    most = expect.pop("max_findings", len(decision.findings))
    assert len(causes(decision, parse_answers(book().vocabulary, raw))) <= most
    if expect.pop("only_fires", False):
        assert with_status(decision, Status.FIRES) == set(expect["fires"])
    for key, wanted in expect.items():
        CHECKS[key](decision, wanted)


@pytest.mark.parametrize("name", list(baselines()))
def test_baseline_answers_everything_and_is_calm(name: str) -> None:
    decision = decided(baselines()[name])
    assert not with_status(decision, Status.ASKS)
    assert with_status(decision, Status.FIRES) <= {"region_thorax", "region_front_or_kidney"}
    assert decision.label <= Label.PRECAUTION


def test_every_concept_fires_in_one_case_and_is_quiet_in_another() -> None:
    for key in ("fires", "quiet"):
        named = {concept for case in cases().values() for concept in case["expect"].get(key, ())}
        assert not set(book().concepts) - named, f"in no case under `{key}`: {sorted(set(book().concepts) - named)}"


def test_findings_stay_few() -> None:
    """Causes, as the page shows them, in each case: a page with many is read less well."""
    counts = {name: len(causes_of(raw_of(case))) for name, case in cases().items()}
    assert median(counts.values()) <= FEW
    assert [name for name, count in counts.items() if count > MANY and not cases()[name].get("many")] == []
    assert [name for name, count in counts.items() if count <= MANY and cases()[name].get("many")] == []
