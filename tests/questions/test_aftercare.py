"""What patients read after the needles: by region, plain, no number without its source, nothing that reassures."""

from __future__ import annotations

import re
from pathlib import Path
from statistics import median

import pytest

from intake.app import aftercare_words, rules
from intake.engine.book.tree import AnyOf, leaves
from intake.errors import DataFileError
from intake.questions.about.aftercare import load_aftercare
from intake.questions.about.read import numbers_in
from tests.support.readability import grade, sentences, words

AFTERCARE = aftercare_words()
ALL = tuple(rules().vocabulary.regions)
STATEMENTS = list({each.say: each for region in ALL for each in AFTERCARE.statements([region])}.values())
TEXTS = [AFTERCARE.title, *(statement.say for statement in STATEMENTS)]
LONGEST_SENTENCE = 20
FEWEST_FOR_A_GRADE = 6
FORBIDDEN = ("contraindicat", "stop taking", "stop your", "do not take", "you are well", "triage")
DOC = Path(__file__).parents[2] / "docs" / "about-needling.md"


def test_every_text_is_plain() -> None:
    grades = [grade(text, frozenset()) for text in TEXTS if len(words(text)) >= FEWEST_FOR_A_GRADE]
    assert median(grades) <= 6
    assert max(grades) <= 6.9
    assert not [each for text in TEXTS for each in sentences(text) if len(words(each)) > LONGEST_SENTENCE]
    assert not [(text, word) for text in TEXTS for word in FORBIDDEN if word in text.lower()]


def test_every_number_stands_in_a_note_whose_sources_it_names() -> None:
    notes = {note.id: note for note in rules().notes}
    numbered = [each for each in STATEMENTS if numbers_in(each.say)]
    assert numbered
    for each in numbered:
        assert set(each.sources) <= set(notes[each.note].sources), each.say


@pytest.mark.parametrize(
    ("concept", "stem"), [("rf_post_needling_pneumothorax", "shoulder_top"), ("rf_post_needling_spinal", "low_back")]
)
def test_the_red_list_of_a_region_rests_on_the_sources_of_its_rule(concept: str, stem: str) -> None:
    (rule,) = (rule for rule in rules().rules if rule.concept == concept)
    red = AFTERCARE.after(rules().vocabulary.stems[stem])
    cited = {key for part in red if part.regions for says in part.says for key in says.sources}
    assert cited
    assert cited <= {key for rule in rules().rules if rule.concept.startswith("rf_post") for key in rule.sources}
    assert cited & set(rule.sources)


def test_the_lung_stands_where_the_lung_rule_reaches_and_always_somewhere() -> None:
    (rule,) = (rule for rule in rules().rules if rule.concept == "rf_post_needling_pneumothorax")
    reached = {
        code
        for leaf in leaves(rule.when)
        if isinstance(leaf, AnyOf) and leaf.fact == "last_needling_regions"
        for code in leaf.codes
    }
    assert reached
    for region in ALL:
        said = " ".join(each.say for part in AFTERCARE.after([region]) for each in part.tell)
        assert ("near my lung" in said) is (region in reached), region
        breath = " ".join(each.say for part in AFTERCARE.after([region]) for each in part.says)
        assert breath.count("short of breath") == 1, region


def test_what_no_source_stands_for_is_listed_for_sign_off() -> None:
    listed = {line.removeprefix("- ") for line in DOC.read_text(encoding="utf-8").splitlines() if line[:4] == "- « "}
    assert listed == {f"« {each.say}" for each in STATEMENTS if not each.sources}


def test_a_number_that_nothing_stands_for_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "aftercare.yaml"
    path.write_text('title: a\nred: []\nnormal: [{say: "For 3 days."}]\nhelps: []\ncall: []\n')
    with pytest.raises(DataFileError, match=re.escape("does not say where 3 stands")):
        load_aftercare(path, rules())
