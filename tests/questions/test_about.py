"""The pages about needling: no number without its study, none but the rule book's, and plain words."""

from __future__ import annotations

import re
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import pytest

from intake.app import pages_about_needling, rules
from intake.engine.book.vocabulary import codes_in
from intake.errors import DataFileError
from intake.questions.about.pages import short_name
from intake.questions.about.practitioners import PractitionerCard, load_cards
from intake.questions.about.read import load_about, numbers_in
from intake.settings import ABOUT_PATH
from tests.support.readability import grade, sentences, words

if TYPE_CHECKING:
    from intake.questions.about.pages import AboutPage

DOC = Path(__file__).parents[2] / "docs" / "about-needling.md"
PAGES = pages_about_needling().pages
STATEMENTS = [statement for page in PAGES for statement in page.statements()]
WITH_FIGURES = [statement for statement in STATEMENTS if numbers_in(statement.say)]
LONGEST_SENTENCE = 20
FEWEST_FOR_A_GRADE = 6
KNOWN = frozenset({"needling", "acupuncture", "pneumothorax", "physiotherapist", "columbia", "alberta", "exercise"})
FORBIDDEN = ("contraindicat", "stop taking", "stop your", "do not take", "triage", "red flag", "lesion", "efficacy")
FIRST = re.compile(r"\d[\d,]*(?:\.\d+)?|[a-z]+", re.IGNORECASE)
NUMBERS = {"twice": 2, "two": 2, "three": 3, "six": 6, "seven": 7, "eight": 8, "ten": 10, "eleven": 11, "thirteen": 13}
EVIDENCE_OF = {place.name: place for page in PAGES for part in page.parts for place in part.places}


def value(place: str) -> float:
    """The first number of a place in a note, in digits or in words."""
    said = next(
        word.lower().replace(",", "") for word in FIRST.findall(place) if word[0].isdigit() or word.lower() in NUMBERS
    )
    return float(NUMBERS.get(said, said))


def may_be_said_as(place: str, note: str) -> set[float]:
    """What a number may be rounded to.

    A per cent may be said per 1,000, or as the others of 100; a number needed to treat as people of 100.
    """
    number = value(place)
    said = {float(round(number))}
    if "%" in place:
        said |= {float(round(number * 10)), float(round(100 - number))}
    if note == "evidence-heel":
        said |= {float(round(100 / number)), float(round(100 - 100 / number))}
    return said


def test_every_number_is_one_of_the_rule_book() -> None:
    notes = {note.id: " ".join(note.text.split()) for note in rules().notes}
    assert len(WITH_FIGURES) > 30
    for statement in WITH_FIGURES:
        assert set(statement.figures) == set(numbers_in(statement.say)), statement.say
        for said, place in statement.figures.items():
            assert place in notes[statement.note], (statement.say, place)
            assert float(said.replace(",", "")) in may_be_said_as(place, statement.note), (statement.say, said, place)


def test_every_sentence_with_a_number_names_a_source_of_its_note() -> None:
    notes = {note.id: note for note in rules().notes}
    for statement in WITH_FIGURES:
        assert statement.sources, statement.say
        assert set(statement.sources) <= set(notes[statement.note].sources), statement.say


def test_a_source_of_its_own_is_none_of_the_rule_book() -> None:
    own = pages_about_needling().sources.keys() - rules().sources.keys()
    cited = {key for statement in STATEMENTS for key in statement.sources}
    assert own == {"cptbcroster"}
    assert own <= cited


def test_what_no_study_stands_for_is_listed_for_sign_off() -> None:
    listed = {line.removeprefix("- ") for line in DOC.read_text(encoding="utf-8").splitlines() if line[:3] == "- `"}
    bare = {f"`{page.name}`: {each.say}" for page in PAGES for each in page.statements() if not each.sources}
    risks = [(page.name, risk) for page in PAGES for part in page.parts for risk in part.risks]
    assert listed == bare | {f"`{name}`: {risk.name}: {risk.we}" for name, risk in risks}


def test_the_certainty_of_a_place_is_that_of_its_note() -> None:
    certainty = {note.id: note.certainty for note in rules().notes}
    assert EVIDENCE_OF["Jaw"].certainty == "Very low certainty"
    assert certainty["evidence-jaw"] == "very low"
    assert EVIDENCE_OF["Neck"].certainty == "Low certainty"
    assert certainty["evidence-neck-alone"].startswith("low ")
    assert all(place.certainty for place in EVIDENCE_OF.values())


def test_pictures_show_what_their_words_say() -> None:
    pictures = [part.people for page in PAGES for part in page.parts if part.people]
    assert len(pictures) == 2
    for picture in pictures:
        counts = (picture.on, picture.up_to, 100 - picture.up_to)
        said = {kind: numbers_in(statement.say) for kind, statement in picture.key}
        assert len(picture.kinds) == 100
        assert [numbers[0] for numbers in said.values()] == [str(n) for n in dict.fromkeys(counts)]
        assert picture.kinds.count("on") == picture.on


def test_the_lung_is_left_out_only_where_no_lung_rule_reaches() -> None:
    far, vocabulary = pages_about_needling().far_from_lung, rules().vocabulary
    assert far
    for group in ("thorax", "head_and_neck"):
        assert far.isdisjoint(vocabulary.groups[group])
    for stem in ("shoulder", "low_back", "abdomen", "elbow"):
        assert far.isdisjoint(vocabulary.stems[stem])


def test_every_text_is_plain() -> None:
    for page in PAGES:
        texts = list(page.words())
        grades = [grade(text, KNOWN) for text in texts if len(words(text)) >= FEWEST_FOR_A_GRADE]
        assert median(grades) <= 6, page.name
        assert max(grades) <= 6.9, page.name
        assert grade(" . ".join(texts), KNOWN) <= 6, page.name
        long = [each for text in texts for each in sentences(text) if len(words(each)) > LONGEST_SENTENCE]
        assert not long
        assert not [(text, word) for text in texts for word in FORBIDDEN if word in text.lower()]


def test_no_page_tells_anybody_to_stop_a_medicine() -> None:
    about_medicine = [s.say for s in STATEMENTS if re.search(r"medicine|thinner", s.say)]
    assert any("keep taking it" in text for text in about_medicine)
    assert not [text for text in about_medicine if re.search(r"\bstop\b", text) and "Do not stop" not in text]


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ('{say: "9 in 100 treatments.", sources: [brady2014]}', "does not say where 9 stands"),
        ('{say: "9 in 100.", note: side-effects, figures: {"9": "0.88 %"}}', "a number needs `sources`"),
        ('{say: "9 in 100.", sources: [brady2014], note: side-effects, figures: {"9": "9.9 %"}}', "`9.9 %` does not"),
        ('{say: "Some.", sources: [brady2014], note: side-effects, figures: {"9": "0.88 %"}}', "not in the words"),
        ('{say: "Some.", sources: [brady2041]}', "brady2014"),
    ],
)
def test_a_number_that_nothing_stands_for_is_refused(tmp_path: Path, statement: str, fault: str) -> None:
    path = tmp_path / "about.yaml"
    path.write_text(
        f"sources: {{}}\nfar_from_lung: []\ncertainties: {{}}\npages:\n"
        f"- {{name: a, link: a, title: a, lead: [{statement}], parts: []}}\n"
    )
    with pytest.raises(DataFileError, match=re.escape(fault)):
        load_about(path, rules())


def test_numbers_are_told_from_what_they_are_counted_in() -> None:
    assert numbers_in("5 to 16 in 100 treatments, 4 in 100,000 and 2 of 10.") == ("5", "16", "4", "2", "10")
    assert numbers_in("None in 7,629. Think of 100 people.") == ("7,629",)


def test_the_file_is_read_whole() -> None:
    names = [page.name for page in load_about(ABOUT_PATH, rules()).pages]
    assert names == ["what", "kinds", "works", "risks", "hurts", "often", "together", "prevent", "who"]


def test_a_source_is_named_by_author_and_year() -> None:
    sources = pages_about_needling().sources
    assert short_name(sources["brady2014"]) == "Brady et al. 2014"
    assert short_name(sources["halle2016a"]) == "Halle and Halle 2016"
    assert short_name(sources["niceng193"]) == "NICE 2021"


def test_a_country_has_its_own_sentences() -> None:
    about = pages_about_needling()
    assert "cptbcroster" in {source.key for source in about.cited(page_in("CA"))}
    assert about.cited(page_in("GB")) == ()
    assert about.page("nowhere", "GB") is None


def page_in(country: str) -> AboutPage:
    found = pages_about_needling().page("who", country)
    assert found is not None
    return found


def test_the_cards_of_practitioners_are_read(tmp_path: Path) -> None:
    path = tmp_path / "practitioners.yaml"
    assert load_cards(path) == ()
    path.write_text("practitioners:\n- {name: Rita Patel, profession: Physiotherapist, since: 2016}\n")
    assert load_cards(path) == (PractitionerCard("Rita Patel", "Physiotherapist", since="2016"),)
    path.write_text("practitioners:\n- {name: Rita Patel, proffession: Physiotherapist}\n")
    with pytest.raises(DataFileError, match="profession"):
        load_cards(path)


def test_the_regions_of_a_place_are_those_of_its_note() -> None:
    vocabulary = rules().vocabulary
    assert EVIDENCE_OF["Neck"].regions == frozenset(vocabulary.stems["neck"])
    for note in rules().notes:
        place = next((each for name, each in EVIDENCE_OF.items() if note.id == f"evidence-{name.lower()}"), None)
        for example in note.examples.fires if place else ():
            marked = frozenset(codes_in(example.get("pain_regions")))  # type: ignore[arg-type]  # raw facts
            assert not marked or not place or place.regions & marked, note.id
