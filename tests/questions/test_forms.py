"""The questionnaire against the vocabulary, and each kind of control against what people type, tick and forge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask

from intake.engine.book.vocabulary import Kind
from intake.questions.checks import BodyMap, Checks, Gate, Unsure
from intake.questions.control import Control
from intake.questions.numbers import Number
from intake.questions.pages import PageForm
from intake.questions.rows import Effects, Running
from intake.questions.typed import Typed
from intake.questions.wording.question import Question
from tests.support.visitor import bare_app, questionnaire, vocabulary, whole

V = vocabulary()
PAGES = questionnaire().pages
ALL_PAGES = (*PAGES, questionnaire().check)
ASKING = [(page, *asking) for page in ALL_PAGES for asking in page.questions()]
SENSITIVE = {
    "pregnancy",
    "breastfeeding",
    "pregnancy_signs",
    "pregnancy_weeks",
    "pregnancy_high_risk",
    "blood_health",
    "mental_crisis",
    "phq4",
    "self_harm_thoughts",
    "state_today",
    "infection_risks",
    "build",
    "open_claim",
    "gate_visit",
}
NO_NOT_SURE = {
    "filled_by": "everybody knows who they are",
    "wants_needling": "its own answer `unsure` says it",
}


@pytest.fixture(scope="module", autouse=True)
def app() -> Iterator[Flask]:
    """Forms need a request."""
    made = bare_app()
    with made.test_request_context():
        yield made


def control_of(page: type[PageForm], name: str) -> Control:
    return next(control for control in whole(page).controls() if control.name == name)


def ids(asking: tuple[type[PageForm], str, Question, tuple[str, ...]]) -> str:
    return asking[1]


# ---- against the vocabulary


def test_every_fact_is_asked_on_exactly_one_page() -> None:
    asked = Counter(fact for page in ALL_PAGES for fact in page.facts)
    assert asked == Counter(list(V.facts))


def test_every_gate_is_one_page_with_exactly_its_items() -> None:
    gates = {page.gate: page for page in PAGES if page.gate}
    assert set(gates) == set(V.gates)
    for gate, page in gates.items():
        (question,) = [question for name, question, _facts in page.questions() if name == gate]
        assert {option.code for option in question.options} == set(V.gates[gate])
        assert page.facts == ()


def test_no_gated_fact_stands_on_a_page_before_its_gate() -> None:
    place = {page.name: number for number, page in enumerate(PAGES)}
    gate_page = {page.gate: page.name for page in PAGES if page.gate}
    for page in PAGES:
        for fact in page.facts:
            gate = V.facts[fact].gate
            assert gate is None or place[gate_page[gate[0]]] < place[page.name], fact


CODED = [
    a for a in ASKING if any(V.facts[fact].kind in {Kind.CHOICE, Kind.CHOICES} for fact in a[3] if fact in V.facts)
]


@pytest.mark.parametrize(("page", "name", "question", "facts"), CODED, ids=[ids(a) for a in CODED])
def test_the_answers_offered_are_the_codes_of_the_fact(
    page: type[PageForm], name: str, question: Question, facts: tuple[str, ...]
) -> None:
    control = control_of(page, name)
    for fact in facts:
        offered = {
            option.fills.get(fact, option.code)
            for option in control.choices()
            if not option.fills or fact in option.fills
        }
        if isinstance(control, Effects):
            offered = {row.fact for row in control.rows()} | {"none"}
        elif question.none:
            offered |= {question.none_code}
        assert offered == set(V.facts[fact].codes) - ({"none"} if isinstance(control, Unsure) else set()), fact


MAPS = [a for a in ASKING if any(fact in V.facts and V.facts[fact].kind is Kind.REGIONS for fact in a[3])]


@pytest.mark.parametrize(("page", "name", "question", "facts"), MAPS, ids=[ids(a) for a in MAPS])
def test_a_body_map_offers_every_region_unless_the_question_is_about_the_spine(
    page: type[PageForm], name: str, question: Question, facts: tuple[str, ...]
) -> None:
    expected = V.groups["spine"] if facts == ("spine_surgery_regions",) else V.regions
    assert sorted(option.code for option in question.options) == sorted(expected)
    assert isinstance(control_of(page, name), BodyMap)


def test_right_and_left_are_named_for_what_they_are() -> None:
    (question,) = [question for name, question, _facts in questionnaire().page("pain_where").questions()]
    for option in question.options:
        words = str(option.label).lower()
        assert ("right" in words, "left" in words) == (option.code.endswith("_right"), option.code.endswith("_left"))


def test_optional_controls_are_the_optional_facts() -> None:
    optional = {
        fact for page in ALL_PAGES for control in whole(page).controls() if control.optional for fact in control.facts
    }
    assert optional == {name for name, fact in V.facts.items() if fact.optional}


def test_numbers_take_the_range_of_the_vocabulary() -> None:
    numbers = [control for page in PAGES for control in whole(page).controls() if isinstance(control, Number)]
    assert {c.name: (c.low, c.high) for c in numbers} == {
        c.name: (V.facts[c.name].low, V.facts[c.name].high) for c in numbers
    }


# ---- the house rules of a page


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.name)
def test_a_page_has_a_heading_a_reason_and_at_most_three_controls(page: type[PageForm]) -> None:
    view = whole(page).view()
    assert view.title
    assert view.why
    assert 1 <= len(view.fields) <= 3
    assert len(view.fields) == 1 or "title" in vars(page)
    assert sum(field.control == "bodymap" for field in view.fields) <= 1


def test_headings_are_unique() -> None:
    headings = Counter(str(page.title) for page in ALL_PAGES)
    assert [words for words, count in headings.items() if count > 1] == []


def test_sections_count_from_one_to_nine_in_page_order() -> None:
    steps = [page.section[0] for page in PAGES]
    assert steps == sorted(steps)
    assert set(steps) == set(range(1, 10))


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.name)
def test_nothing_is_chosen_before_the_patient_chooses(page: type[PageForm]) -> None:
    view = whole(page).view()
    options = [o for field in view.fields for o in (*field.options, *(o for row in field.rows for o in row.options))]
    assert not any(option.checked for option in options)
    assert not any(part.value for field in view.fields for part in field.inputs)


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.name)
def test_ids_and_values_on_a_page_are_unique(page: type[PageForm]) -> None:
    view = whole(page).view()
    options = [o for field in view.fields for o in (*field.options, *(o for row in field.rows for o in row.options))]
    every = [option.id for option in options] + [part.id for field in view.fields for part in field.inputs]
    assert len(every) == len(set(every))


def test_not_sure_is_offered_wherever_a_patient_may_not_know() -> None:
    asked = {name: control_of(page, name) for page, name, _question, _facts in ASKING}
    coded = {name: control for name, control in asked.items() if not isinstance(control, Typed)}
    assert {name for name, control in coded.items() if not offers(control, "not_sure")} == set(NO_NOT_SURE)


def offers(control: Control, state: str) -> bool:
    return state in {option.code for option in control.apart()}


def test_rather_not_say_is_offered_on_the_sensitive_questions_only() -> None:
    assert {name for _page, name, question, _facts in ASKING if question.declined} == SENSITIVE


def test_a_state_that_is_offered_is_one_that_the_fact_takes() -> None:
    for page, name, _question, facts in ASKING:
        states = {option.code for option in control_of(page, name).apart()} & {"not_sure", "declined"}
        assert not states or all(V.facts[fact].may_be_unknown for fact in facts if fact in V.facts), name


LISTS = [a for a in ASKING if a[2].none]


@pytest.mark.parametrize(("page", "name", "question", "facts"), LISTS, ids=[ids(a) for a in LISTS])
def test_a_list_ends_in_none_after_the_divider(
    page: type[PageForm], name: str, question: Question, facts: tuple[str, ...]
) -> None:
    options = control_of(page, name).view().options
    assert options[-1].value == question.none_code
    assert options[-1].apart
    assert not options[0].apart
    apart = [option.apart for option in options]
    assert apart == sorted(apart)
    assert len(str(question.none).split()) >= 3, f"the words for none repeat the question, {facts}"


def test_every_list_whose_fact_has_a_none_offers_it() -> None:
    for page, name, question, facts in ASKING:
        if type(control_of(page, name)) in {Checks, Gate, Running}:
            has_none = name == page.gate or any(V.facts[fact].none for fact in facts)
            assert bool(question.none) == has_none, name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_at_most_nine_answers_stand_under_one_heading(page: type[PageForm]) -> None:
    for field in whole(page).view().fields:
        if field.control in {"checks", "radios"} and field.name not in {"main_region", "danger_signs_unsure"}:
            under = Counter(option.heading for option in field.options if not option.apart)
            limit = 7 if len(under) > 1 else 12 if field.name.startswith(("therapies", "pain_pattern")) else 9
            assert max(under.values()) <= limit, field.name


# ---- the words that must be there

WORDS = {
    ("danger_signs", "worst_headache_sudden"): ["head or neck", "at its worst within 5 minutes"],
    ("danger_signs", "stroke_signs"): [
        "double vision",
        "slurred speech",
        "trouble swallowing",
        "numb on one side",
        "unsteady",
        "sudden fall without fainting",
    ],
    ("danger_signs", "breathless"): ["new"],
    ("danger_signs", "confused"): ["in the last few days"],
    ("danger_signs", "saddle_numbness"): ["between the legs"],
    ("danger_signs", "tearing_pain_back_or_belly"): ["sudden", "back or belly"],
    ("gate_warning", "weakness"): ["new weakness", "hand or foot that drops"],
    ("gate_warning", "limb"): ["one arm or leg", "newly", "swollen", "warm", "red", "tight", "cold or pale", "toes"],
    ("gate_warning", "joint"): ["hot", "swollen", "joint", "scar", "red or open"],
    ("gate_warning", "unwell"): [
        *("fever", "sweats", "weight loss", "tired", "thirst", "vomiting", "cough", "joints", "brown pee"),
    ],
    ("gate_warning", "infection"): ["infection", "antibiotics", "2 weeks"],
    ("gate_warning", "fall"): ["fall, crash or blow", "3 months"],
    ("gate_region", "hands"): ["clumsy hands", "unsteady", "electric shocks", "both arms or legs"],
    ("gate_region", "eyes"): ["eyelid", "pupil", "one side of the face", "blurred", "scalp", "jaw", "red eye"],
    ("gate_region", "headache"): ["new", "changed", "head injury", "cough", "stiff neck", "painkillers"],
    ("gate_medicines", "thinners"): ["blood thinner", "aspirin", "warfarin", "apixaban", "clopidogrel", "heparin"],
    ("gate_heart", "heart"): ["chest pain", "in the last month"],
    ("gate_heart", "vessels"): ["blood clot", "aneurysm", "varicose", "torn neck artery", "arm vein for dialysis"],
    ("gate_warning", "lump"): ["new", "beating"],
    ("gate_heart", "collapsed_lung"): ["collapsed lung", "ever"],
    ("gate_conditions", "epilepsy"): ["epilepsy, seizure or fit, ever"],
    ("gate_conditions", "lymph"): ["swollen by lymph", "lymph nodes removed"],
    ("gate_conditions", "cancer"): ["now or ever"],
    ("gate_devices", "devices"): ["pacemaker", "defibrillator", "heart pump", "nerve stimulator", "drug pump"],
    ("gate_devices", "implants"): ["joint", "breast", "mesh", "stoma", "port", "filler"],
    ("gate_devices", "recent_injections"): ["6 weeks"],
    ("gate_skin", "skin"): ["red and hot", "open", "rash", "shingles", "tattoo", "mole", "scar"],
    ("gate_skin", "reaction"): ["bad reaction to any needle", "left inside"],
    ("pain_pattern", "with_effort_eases_at_rest"): ["walk or climb stairs", "after i stop"],
    ("limb_signs", "arm_tight_and_painful"): ["hard", "far more than a strain"],
    ("limb_signs", "leg_cold_or_pale"): ["than the other side"],
    ("skin_problems", "scar_or_piercing"): ["under 3 months", "changed"],
    ("gate_skin", "faint"): ["faint", "needles or blood"],
    ("gate_visit", "crisis"): ["mental health crisis now", "hearing or seeing things others do not"],
    ("gate_visit", "today"): ["not eaten", "alcohol or drugs"],
    ("since_needling_signs", "breathless_or_chest_pain"): ["dry cough", "shoulder blade"],
    ("since_needling_signs", "tight_swollen_limb"): ["swollen or tight"],
    ("last_needling", "within_48_hours"): ["today", "2 days before"],
    ("platelets", "low_count_unknown"): ["do not know"],
    ("blood_thinners", "name_unknown"): ["i do not know its name"],
    ("weight_bearing", "cannot"): ["fewer than 4 steps"],
    ("new_weakness_onset", "hours_or_days"): ["last 7 days"],
    ("new_weakness_onset", "weeks"): ["1 to 6 weeks"],
    ("unwell_signs", "night_sweats"): ["day or night"],
    ("heart_conditions", "high_blood_pressure"): ["treated"],
}
SAID_OF_ALL = {
    "new_weakness": "hand or foot that drops",
    "platelets": "large spleen",
    "limb_signs": "new, and on one side",
    "blood_health": "does not change whether we treat you",
    "needling_reactions": "injections and blood tests",
    "recent_fall": "even if it did not start the pain",
    "mental_crisis": "hearing or seeing things that others do not",
}


@pytest.mark.parametrize(("name", "code"), WORDS, ids=lambda word: word)
def test_what_a_code_means_stands_in_its_words(name: str, code: str) -> None:
    (question,) = [question for _page, fact, question, _facts in ASKING if fact == name]
    (option,) = [option for option in question.options if option.code == code]
    words = f"{option.label} {option.hint}".lower()
    assert [part for part in WORDS[name, code] if part not in words] == []


@pytest.mark.parametrize("name", SAID_OF_ALL)
def test_what_a_question_means_stands_in_its_hint(name: str) -> None:
    (question,) = [question for _page, fact, question, _facts in ASKING if fact == name]
    assert SAID_OF_ALL[name] in f"{question.legend} {question.hint}".lower()


BRANDS = """
Coumadin Jantoven Marevan Sintrom Sinthrome Marcoumar Previscan Eliquis Xarelto Lixiana Savaysa Pradaxa Lovenox Clexane
Inhixa Fragmin Innohep Fraxiparine Arixtra Plavix Brilinta Brilique Effient Efient Persantine Aggrenox Asasantin Pletal
Bayer Entrophen Ecotrin Nu-Seals Cartia Disprin Alka-Seltzer Excedrin Anacin
"""


@pytest.mark.parametrize("brand", BRANDS.split())
def test_a_blood_thinner_is_found_by_its_brand(brand: str) -> None:
    view = whole(questionnaire().page("thinners")).view()
    assert any(brand in option.hint for option in view.fields[0].options)
