"""What a consent sheet says: for every region and concept the sentence of the table, and no other."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import Any

import pytest
import yaml

from intake.app import consent_table, rules
from intake.errors import DataFileError
from intake.questions.about.read import numbers_in
from intake.questions.consent.read import load_table
from intake.questions.consent.table import RaisedConcept
from intake.questions.consent.wording import with_wording
from intake.settings import CONSENT_PATH
from tests.support.readability import grade, sentences, words

RAW: dict[str, Any] = yaml.safe_load(CONSENT_PATH.read_text(encoding="utf-8"))
TABLE = consent_table()
VOCABULARY = rules().vocabulary
REGIONS = VOCABULARY.regions
KNOWN = frozenset({"acupuncture", "ibuprofen", "needle", "needles", "diabetes", "exercise", "medicines", "infection"})
FORBIDDEN = ("contraindicat", "stop taking", "stop your", "do not take", "triage", "red flag", "lesion")
LONGEST_SENTENCE = 20


def regions_of(group: str) -> set[str]:
    """The regions of a group of the file, by the vocabulary alone."""
    names = VOCABULARY.stems | VOCABULARY.groups
    return {region for stem in RAW["groups"][group] for region in names[stem]}


def expected(region: str, concept: str, *, fires: bool, stimulation: bool) -> list[str]:
    """What the file says of one region and one concept, read without the product."""
    said = []
    for line in RAW["lines"]:
        here = not line.get("places") or any(region in regions_of(group) for group in line["places"])
        meant = not line.get("concepts") or concept in line["concepts"]
        if here and meant and (stimulation or not line.get("stimulation")):
            said.append(line["say"] if fires or not line.get("concepts") else line["ask"])
    return said


@pytest.mark.parametrize("stimulation", [False, True])
@pytest.mark.parametrize("fires", [True, False])
def test_every_region_and_concept_has_the_sentence_of_the_table_and_no_other(*, fires: bool, stimulation: bool) -> None:
    whole = frozenset(REGIONS)
    pairs = 0
    for concept in rules().concepts:
        raised = (RaisedConcept(concept, fires, whole),)
        for region in REGIONS:
            text = TABLE.text((region,), raised, stimulation=stimulation)
            wanted = expected(region, concept, fires=fires, stimulation=stimulation)
            assert [each.say for each in text] == wanted, (region, concept)
            pairs += 1
    assert pairs == len(REGIONS) * len(rules().concepts) > 5000


def test_a_finding_elsewhere_adds_nothing_and_several_regions_add_up() -> None:
    far = RaisedConcept("joint_prosthesis_local", True, frozenset({"knee_left"}))
    plain = TABLE.text(("calf_left",), (), stimulation=False)
    assert TABLE.text(("calf_left",), (far,), stimulation=False) == plain
    both = TABLE.text(("calf_left", "knee_left"), (far,), stimulation=False)
    assert [each.line for each in both] == [*(each.line for each in plain), "new-joint"]
    lung = next(each for each in TABLE.text(("knee_left", "chest_right"), (), stimulation=False) if each.line == "lung")
    assert lung.where == ("chest_right",)


def test_what_fires_is_told_as_said_and_what_only_asks_is_told_with_if() -> None:
    whole = frozenset(REGIONS)
    both = (RaisedConcept("antiplatelet_dual", False, whole), RaisedConcept("anticoagulant_doac", True, whole))
    text = {each.line: each.say for each in TABLE.text(("knee_left",), both, stimulation=False)}
    assert text["thinner"].startswith("You take a blood thinner.")
    assert text["thinner-mixed"].startswith("If you take")
    for line in TABLE.lines:
        if line.concepts:
            assert line.ask.startswith("If ") or line.ask == line.say or line.id == "another-point", line.id
            assert not line.ask.startswith("You "), line.id


def test_what_the_table_does_not_know_is_never_silent() -> None:
    own = RaisedConcept("a_concept_of_the_clinic", True, frozenset(REGIONS))
    assert TABLE.text(("knee_left",), (own,), stimulation=False)[-1].line == "another-point"
    assert TABLE.text((), (own,), stimulation=True) == ()


def test_every_sentence_is_plain() -> None:
    texts = [text for line in TABLE.lines for text in {line.say, line.ask}]
    grades = {text: grade(text, KNOWN) for text in texts}
    assert median(grades.values()) <= 6
    assert {text: value for text, value in grades.items() if value > 6.9} == {}
    assert not [each for text in texts for each in sentences(text) if len(words(each)) > LONGEST_SENTENCE]
    assert not [(text, word) for text in texts for word in FORBIDDEN if word in text.lower()]


def test_a_number_is_that_of_the_note_and_a_sentence_has_its_source_or_says_consensus() -> None:
    for raw, line in zip(RAW["lines"], TABLE.lines, strict=True):
        assert bool(line.sources) != (raw.get("strength") == "consensus"), line.id
        assert set(raw.get("figures", {})) == set(numbers_in(line.say)), line.id
    assert sum(bool(numbers_in(line.say)) for line in TABLE.lines) > 5


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("sources: [imsvic]", "sources: [brady2014]", "no rule on these concepts rests on brady2014"),
        ("sources: [ubcims]", "", "it needs `sources`, or `strength: consensus`"),
        ("about 8 in 100", "about 9 in 100", "does not say where 9 stands"),
        ("concepts: [cpap_use]", "concepts: [cpap_yuse]", "cpap_use"),
        ("rf_suicidality: talked", "rf_thunderclap: talked", "`rf_suicidality` needs a line"),
        ("keep: [baby], say", "keep: [twins], say", "it does not hold what it keeps: `twins`"),
    ],
)
def test_a_table_with_a_gap_is_refused_with_its_line(tmp_path: Path, old: str, new: str, fault: str) -> None:
    text = CONSENT_PATH.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "consent.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataFileError) as refused:
        load_table(path, rules())
    assert any(fault in str(problem) and problem.line for problem in refused.value.problems), refused.value.problems


def own(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "consent.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_clinics_own_words_take_the_place_of_a_line_and_change_the_version(tmp_path: Path) -> None:
    said = "The lung is close. A hole in it is possible. Short of breath? Get help at once."
    wording = f'wording:\n  lung: {{say: "{said}"}}\nadd:\n- {{id: tea, say: "Eat before you come."}}\n'
    table = with_wording(TABLE, own(tmp_path, wording))
    text = table.text(("chest_left",), (), stimulation=False)
    assert [each.say for each in text if each.line in ("lung", "tea")] == [said, "Eat before you come."]
    assert len(table.lines) == len(TABLE.lines) + 1
    assert table.version != TABLE.version == with_wording(TABLE, tmp_path / "none.yaml").version


@pytest.mark.parametrize(
    ("wording", "line", "fault"),
    [
        (
            'wording:\n  lung: {say: "All is well. Short of breath? Call."}\n',
            2,
            "`lung` would lose a risk: it must still",
        ),
        ('wording:\n\n  bruise: {say: "A bruise may come."}\n', 3, "must name the numbers of the table"),
        ('wording:\n  lung: {say: " "}\n', 2, "`say` must be a text"),
        ("remove: [lung]\n", 1, "unknown key in the file `remove`"),
        ('wording:\n  thinner: {say: "You may bleed. Please keep taking it."}\n', 2, "lacks `ask`"),
        ('add:\n- {id: lung, say: "No risk."}\n', 2, "`lung` is a line of the table"),
        ('wording:\n  lungs: {say: "A lung. Breathe."}\n', 2, "lung"),
    ],
)
def test_the_clinics_own_words_cannot_remove_a_risk(tmp_path: Path, wording: str, line: int, fault: str) -> None:
    with pytest.raises(DataFileError) as refused:
        with_wording(TABLE, own(tmp_path, wording))
    assert [problem.line for problem in refused.value.problems if fault in str(problem)] == [line]
