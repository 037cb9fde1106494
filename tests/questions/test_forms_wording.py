"""The words of the questionnaire: plain English by measure, nothing frightening, and how long it all takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from math import ceil
from statistics import median

import pytest
from flask import Flask

from intake.questions.control import Known
from intake.questions.last_time import OldAnswer, page_of
from intake.questions.views import FieldView, PageView
from intake.questions.wording.brief import BRIEF
from tests.support.readability import WORDS_A_MINUTE, grade, seconds, sentences, syllables, words
from tests.support.visitor import TODAY, Posted, Visitor, bare_app, denies, questionnaire, whole

SECONDS_A_CHOICE = 4
FEWEST_FOR_A_GRADE = 6  # the formula says nothing of shorter labels: their words are held to a list instead
LONGEST_SENTENCE = 20
SLACK = 20  # seconds that the path of somebody with nothing to report keeps for the next question
FORBIDDEN = (
    "contraindicat",
    "stop taking",
    "stop your",
    "do not take",
    "triage",
    "red flag",
    "needling axis",
    "precaution",
    "anticoagulant",
    "neurological",
    "lesion",
    "malignan",
    "syncope",
    "renal",
    "hepatic",
    "cardiac",
    "pulmonary",
    "suffer",
    "please note",
    "e.g.",
    "i.e.",
)
MEDICINES = """
acenocoumarol aclasta actemra advil aggrenox aimovig ajovy alendronate aleve alka-seltzer amiodarone anacin
anastrozole apixaban arava arixtra asasantin aspirin atorvastatin azathioprine bayer botox botulinum brilinta brilique
cartia celebrex celecoxib cellcept cilostazol citalopram clexane clopidogrel codeine cordarone cosentyx coumadin
dabigatran diclofenac dipyridamole disprin duloxetine dupixent ecotrin edoxaban effient efient eliquis emulgel enbrel
entrophen escitalopram excedrin exemestane fluindione fluoxetine fondaparinux forteo fosamax fragmin fraxiparine
ginkgo ginseng heparin humira ibrutinib ibuprofen imbruvica imuran inhixa innohep jantoven kesimpta keytruda
leflunomide letrozole lixiana lovenox marcoumar marevan methotrexate morphine mounjaro mycophenolate naproxen neoral
nu-seals nucala nurofen ocrevus olumiant opdivo oxycodone ozempic paroxetine pennsaid persantine phenprocoumon plavix
pletal pradaxa prasugrel prednisolone prednisone previscan prograf prolia remicade rinvoq rituximab rivaroxaban
rosuvastatin savaysa saxenda sertraline simvastatin sinthrome sintrom skyrizi stelara tacrolimus taltz ticagrelor
tramadol tremfya trulicity venlafaxine victoza voltaren warfarin wegovy xarelto xeljanz xolair
"""
# names of conditions, devices and treatments that people know their own by, or that stand in brackets after plain words
NAMES = """
acupuncture antibiotic antibiotics antifungal antiplatelets biologic chemotherapy chiropractic cholesterol
defibrillator diabetes dialysis ehlers-danlos emphysema endocarditis epilepsy haemophilia hepatitis lymphoedema
operation operations osteoporosis pacemaker physiotherapy pneumothorax polymyalgia prolotherapy psoriasis radiation
sclerosis stimulator tuberculosis varicose vascular
"""
EXEMPT, KNOWN = frozenset(MEDICINES.split()), frozenset(NAMES.split())


@pytest.fixture(scope="module", autouse=True)
def app() -> Iterator[Flask]:
    """Forms need a request."""
    made = bare_app()
    with made.test_request_context():
        yield made


def read_once(shown: FieldView) -> list[str]:
    """What is read of a control: answers that repeat from row to row count once."""
    options = [text for option in shown.options for text in (option.heading, option.label, option.hint)]
    rows = [text for row in shown.rows for text in (row.legend, row.low, row.high)]
    in_rows = [option.label for row in shown.rows for option in row.options]
    inputs = [part.label for part in shown.inputs]
    repeated = list(dict.fromkeys((*options, *rows, *in_rows)))
    return [shown.legend, shown.hint, shown.low, shown.high, *repeated, *inputs]


def read_on(view: PageView) -> list[str]:
    """What is read on a page; the folded reason is not."""
    texts = [view.title, view.hint, *(text for field in view.fields for text in read_once(field))]
    return [text for text in dict.fromkeys(texts) if text]


def every_string() -> list[str]:
    with bare_app().test_request_context():
        again = page_of([OldAnswer("therapies", "", ("Massage",))], "12 November 2026")
        views = [whole(page).view() for page in (*questionnaire().pages, questionnaire().check)]
        views.append(again(Known(TODAY, frozenset(again.facts))).view())
        texts = [text for view in views for text in (*read_on(view), view.why, view.section)]
    return sorted({text for text in texts if words(text)})


STRINGS = every_string()


def graded(text: str) -> list[float]:
    """The grade of a text without its medicine names; none of one that is too short for the formula."""
    rest = " ".join(word for word in text.split() if word.strip("().,").lower() not in EXEMPT)
    return [grade(rest, KNOWN)] if len(words(rest)) >= FEWEST_FOR_A_GRADE else []


def test_the_middle_page_string_reads_at_sixth_grade_or_below() -> None:
    grades = [school_grade for text in STRINGS for school_grade in graded(text)]
    assert len(grades) > 200
    assert median(grades) <= 6


def test_no_string_reads_above_eighth_grade() -> None:
    assert [(text, school_grade) for text in STRINGS for school_grade in graded(text) if school_grade > 8] == []


def test_a_long_word_is_a_name_that_people_know() -> None:
    long = {word.lower() for text in STRINGS for word in words(text) if syllables(word) > 3}
    assert long - EXEMPT - KNOWN == set()


def test_a_sentence_has_at_most_twenty_words() -> None:
    every = [sentence for text in STRINGS for sentence in sentences(text)]
    assert [sentence for sentence in every if len(sentence.split()) > LONGEST_SENTENCE] == []


def test_no_two_questions_share_their_brief_name() -> None:
    names = [str(words) for words in BRIEF.values()]
    assert [words for words, count in Counter(names).items() if count > 1] == []
    assert max(len(words.split()) for words in names) <= 4


@pytest.mark.parametrize("word", FORBIDDEN)
def test_no_page_says(word: str) -> None:
    assert [text for text in STRINGS if word in text.lower()] == []


def test_the_measure_tells_plain_from_hard() -> None:
    plain = "We keep needles away from places that need care."
    hard = "Contraindications necessitate multidisciplinary consideration before intramuscular stimulation."
    assert grade(plain) < 4
    assert grade(hard) > 20
    assert syllables("osteoporosis") > 3


@dataclass(frozen=True, slots=True)
class Walk:
    """What a simulated patient went through: pages met, controls answered, seconds of reading."""

    pages: int
    choices: int
    reading: float

    @property
    def minutes(self) -> float:
        """Reading at 200 words a minute, and 4 seconds for each answer."""
        return (self.reading + self.choices * SECONDS_A_CHOICE) / 60


def walk(answer: Callable[[FieldView], Posted], read: Callable[[PageView], Iterable[str]]) -> Walk:
    """A patient who answers each control with `answer` and reads `read` of each page."""
    visitor, pages, choices, reading = Visitor(), 0, 0, 0.0
    while (name := visitor.next()) is not None:
        view = visitor.page(name).view()
        posted = {key: value for field in view.fields for key, value in answer(field).items()}
        visitor.answer(name, posted)
        pages, choices = pages + 1, choices + len(posted)
        reading += sum(map(seconds, read(view)))
    return Walk(pages, choices, reading)


def usually_read_on(view: PageView) -> list[str]:
    """All words of the page, but not the list beside the body map, nor what is passed over as optional."""
    full = [field for field in view.fields if not field.optional]
    return list(dict.fromkeys([view.title, view.hint, *(text for field in full for text in beside_the_map(field))]))


def beside_the_map(shown: FieldView) -> list[str]:
    return [shown.legend, shown.hint] if shown.control == "bodymap" else read_once(shown)


def in_no_pain(shown: FieldView) -> Posted:
    """The answers of somebody who comes to stay well."""
    stays_well = {"pain_regions": "none", "main_reason": "prevention"}
    return {shown.name: stays_well[shown.name]} if shown.name in stays_well else denies(shown)


def too_many_words(walked: Walk, path: str, minutes: float) -> str:
    """What to say where a path takes longer than it may; "" where it does not."""
    over = walked.minutes * 60 - minutes * 60
    if over <= 0:
        return ""
    said = f"{walked.reading:.0f} s of reading and {walked.choices} answers, {minutes:g} min at most"
    return f"{ceil(over * WORDS_A_MINUTE / 60)} words too many on the path of {path} ({said})"


def test_a_patient_with_nothing_to_report_is_done_in_six_minutes_with_time_to_spare() -> None:
    walked = walk(in_no_pain, usually_read_on)
    assert walked.pages <= 17
    assert walked.choices <= 23
    assert not too_many_words(walked, "somebody who comes to stay well", 6 - SLACK / 60)


@pytest.mark.parametrize("place", ["low_back_right", "neck_left", "knee_left", "elbow_right", "foot_left"])
def test_a_patient_with_pain_and_nothing_else_to_report_meets_few_pages(place: str) -> None:
    in_pain = partial(denies, places=(place,))
    walked = walk(in_pain, usually_read_on)
    assert walked.pages <= 22
    assert walked.choices <= 34
    assert not too_many_words(walked, f"pain at {place}", 8.5 - SLACK / 60)
    assert not too_many_words(walk(in_pain, read_on), f"pain at {place} who reads every word", 10)


def test_a_path_that_is_too_long_says_by_how_many_words() -> None:
    walked = Walk(pages=17, choices=20, reading=270)
    assert not too_many_words(walked, "a test", 6)
    told = "67 words too many on the path of a test (270 s of reading and 20 answers, 5.5 min at most)"
    assert too_many_words(walked, "a test", 5.5) == told
