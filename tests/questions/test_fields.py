"""Each kind of control against what people tick, type, pass over and forge."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest
from flask import Flask

from intake.engine.book.vocabulary import Answer
from intake.engine.read.answers import parse_answers, to_raw
from intake.questions.pages import PageForm
from intake.questions.views import FieldView
from tests.support.visitor import Posted, Visitor, bare_app, denies, questionnaire, vocabulary, whole

V = vocabulary()
ALL_PAGES = (*questionnaire().pages, questionnaire().check)


@pytest.fixture(scope="module", autouse=True)
def app() -> Iterator[Flask]:
    """Forms need a request."""
    made = bare_app()
    with made.test_request_context():
        yield made


def fields_of(page: type[PageForm]) -> tuple[FieldView, ...]:
    with bare_app().test_request_context():
        return whole(page).view().fields


EVERY = [(page.name, shown) for page in ALL_PAGES for shown in fields_of(page)]
IDS = [shown.name for _page, shown in EVERY]
LISTS = [(page, shown) for page, shown in EVERY if shown.control in {"checks", "bodymap"}]
ABOUT = {
    "full_name": "Ada Example",
    "date_of_birth-day": "27",
    "date_of_birth-month": "March",
    "date_of_birth-year": "1985",
    "contact-phone": "01234 000 000",
    "contact-email": "",
}
REQUIRED = [(page, shown) for page, shown in EVERY if not shown.optional]


def error_of(page: str, field: str, posted: Posted) -> str:
    """What a page says about one of its controls."""
    sent = whole(questionnaire().page(page), posted)
    valid = sent.validate()
    (shown,) = [shown for shown in sent.view().fields if shown.name == field]
    assert not (valid and shown.error)
    return shown.error


def page_of(field: str) -> str:
    (page,) = [page for page, shown in EVERY if shown.name == field]
    return page


# ---- passed over, contradictory, forged


@pytest.mark.parametrize(("page", "shown"), REQUIRED, ids=[shown.name for _page, shown in REQUIRED])
def test_a_question_that_was_passed_over_says_so_and_is_linked(page: str, shown: FieldView) -> None:
    sent = whole(questionnaire().page(page), {})
    assert not sent.validate()
    view = sent.view()
    (found,) = [field for field in view.fields if field.name == shown.name]
    assert found.error
    ids = (
        [part.id for part in found.inputs]
        + [o.id for o in found.options]
        + [o.id for r in found.rows for o in r.options]
    )
    assert found.first_id in ids
    assert (found.first_id, found.error) in [(problem.first_id, problem.message) for problem in view.problems]


@pytest.mark.parametrize("page", [p.name for p in ALL_PAGES if p.optional] + ["check"])
def test_a_page_of_optional_questions_may_be_passed_over(page: str) -> None:
    sent = whole(questionnaire().page(page), {})
    assert sent.validate()
    assert sent.to_answers() == {}


CHOICES = [(page, shown) for page, shown in EVERY if shown.options and shown.control != "number"]


@pytest.mark.parametrize(("page", "shown"), CHOICES, ids=[shown.name for _page, shown in CHOICES])
def test_an_answer_that_is_not_on_the_page_is_refused(page: str, shown: FieldView) -> None:
    assert error_of(page, shown.name, {shown.name: "11; drop"})


@pytest.mark.parametrize(("page", "shown"), LISTS, ids=[shown.name for _page, shown in LISTS])
def test_what_stands_alone_is_refused_beside_a_tick_and_not_sure_is_not(page: str, shown: FieldView) -> None:
    tick = shown.options[0].value
    for option in (option for option in shown.options if option.apart):
        error = error_of(page, shown.name, {shown.name: (tick, option.value)})
        may_stand_beside = option.value == "not_sure" and shown.control == "checks"
        assert bool(error) != may_stand_beside, option.value
        assert may_stand_beside or option.label in error


@pytest.mark.parametrize(("page", "shown"), LISTS, ids=[shown.name for _page, shown in LISTS])
def test_none_beside_not_sure_is_refused(page: str, shown: FieldView) -> None:
    apart = tuple(option.value for option in shown.options if option.apart)
    assert len(apart) == 1 or error_of(page, shown.name, {shown.name: apart})


def test_a_field_that_is_not_on_the_page_refuses_the_form_but_keeps_what_was_typed() -> None:
    sent = Visitor().page("danger", {"danger_signs": "fever", "pregnancy": "yes"})
    assert not sent.validate()
    view = sent.view()
    assert view.refusal
    assert [option.value for option in view.fields[0].options if option.checked] == ["fever"]


def test_one_answer_sent_twice_refuses_the_form() -> None:
    posted: Posted = {"filled_by": ("self", "helper"), "understands_and_agrees": "yes"}
    sent = Visitor().page("who", posted)
    assert not sent.validate()
    assert sent.view().refusal


def test_a_question_that_does_not_apply_is_not_on_the_page() -> None:
    visitor = Visitor(stored={"limb_signs": ("none",), "gate_warning": ("limb",), "danger_signs": ("breathless",)})
    assert [shown.name for shown in visitor.page("limb_which").view().fields] == ["clot_risks"]


# ---- every answer comes back as it was given, and the engine takes it


@pytest.mark.parametrize(("page", "shown"), EVERY, ids=IDS)
def test_every_single_answer_is_one_that_the_engine_takes_and_is_shown_again(page: str, shown: FieldView) -> None:
    for posted in single_answers(shown):
        others: dict[str, str | tuple[str, ...]] = {}
        for field in whole(questionnaire().page(page)).view().fields:
            others |= denies(field)
        sent = whole(questionnaire().page(page), {**others, **posted})
        assert sent.validate(), (posted, sent.errors)
        answers = {name: answer for name, answer in sent.to_answers().items() if not name.startswith("gate_")}
        assert parse_answers(V, to_raw(answers)) == answers
        again = whole(questionnaire().page(page), answers=sent.to_answers())
        (found,) = [control for control in again.controls() if control.name == shown.name]
        (given,) = [control for control in sent.controls() if control.name == shown.name]
        if not shown.inputs or shown.control == "number":
            assert {name: set(values) for name, values in found.values.items()} == {
                name: set(values) for name, values in given.values.items()
            }


def single_answers(shown: FieldView) -> list[Posted]:
    """Every option of a control by itself."""
    if shown.rows:
        return [{row.name: option.value for row in shown.rows} for option in shown.rows[0].options]
    if shown.control == "number":
        return [{shown.inputs[0].name: "7"}, *({o.name: o.value, shown.inputs[0].name: ""} for o in shown.options)]
    if shown.inputs:
        return [denies(shown)]
    return [{shown.name: option.value} for option in shown.options]


# ---- the controls with rules of their own

NONE: Answer = ("none",)
LIMBS = [
    (("none",), NONE, NONE),
    (("arm_swollen",), ("arm_swollen",), NONE),
    (("leg_swollen",), ("leg_swollen",), ("swollen",)),
    (("leg_warm_or_red", "tingling_toes"), ("leg_warm_or_red",), ("warm_or_red", "tingling_toes")),
    (("tingling_toes",), NONE, ("tingling_toes",)),
    (("not_sure",), ("not_sure",), ("not_sure",)),
    (("arm_tight_and_painful", "not_sure"), ("arm_tight_and_painful", "not_sure"), ("not_sure",)),
]


@pytest.mark.parametrize(("ticked", "limb", "leg"), LIMBS)
def test_one_list_fills_limb_and_leg_signs_and_shows_both_again(
    ticked: tuple[str, ...], limb: Answer, leg: Answer
) -> None:
    sent = whole(questionnaire().page("limb"), {"limb_signs": ticked})
    assert sent.validate()
    assert sent.to_answers() == {"limb_signs": limb, "leg_signs": leg}
    field = whole(questionnaire().page("limb"), answers=sent.to_answers()).view().fields[0]
    assert {option.value for option in field.options if option.checked} == set(ticked)


def test_which_signs_is_asked_about_the_unticked_ones_only() -> None:
    visitor = Visitor(stored={"danger_signs": ("fever", "heart_racing", "not_sure")})
    offered = {option.value for option in visitor.page("danger_unsure").view().fields[0].options}
    assert offered == set(V.facts["danger_signs"].codes) - {"none", "fever", "heart_racing"} | {"not_sure"}


def test_the_main_place_is_one_of_the_marked_ones() -> None:
    visitor = Visitor(stored={"pain_regions": ("knee_left", "head")})
    options = next(each for each in visitor.page("reason").view().fields if each.name == "main_region").options
    assert [option.value for option in options] == ["head", "knee_left", "not_sure"]
    assert error_of("reason", "main_region", {"main_region": "nowhere"})
    assert not visitor.page("reason", {"main_region": "calf_left", "main_reason": "headache"}).validate()


@pytest.mark.parametrize(
    ("ticked", "stored"),
    [("none", ()), ("not_sure", ("not_sure",)), (("head", "knee_left"), ("head", "knee_left"))],
)
def test_a_body_map_gives_regions_or_says_that_there_is_none(ticked: str | tuple[str, ...], stored: Answer) -> None:
    sent = Visitor().page("pain_where", {"pain_regions": ticked})
    assert sent.validate()
    assert sent.to_answers() == {"pain_regions": stored}


def test_a_body_map_gives_each_box_the_id_that_the_picture_points_to() -> None:
    options = whole(questionnaire().page("pain_where")).view().fields[0].options
    assert {option.id for option in options if not option.apart} == {f"r-{code}" for code in V.regions}


def test_a_gate_keeps_what_was_ticked_and_what_was_seen() -> None:
    visitor = Visitor(stored={"pain_regions": ("low_back_left",), "pain_spread": "stays", "main_reason": "prevention"})
    sent = visitor.page("region", {"gate_region": ("weight", "not_sure")})
    assert sent.validate()
    assert sent.to_answers() == {"gate_region": ("weight", "not_sure"), "gate_region_seen": ("hands", "weight")}


def test_a_gate_keeps_a_tick_on_an_item_that_does_not_apply_now() -> None:
    knee: dict[str, Answer] = {"pain_regions": ("knee_left",), "pain_pattern": ("none",), "pain_spread": "stays"}
    earlier: dict[str, Answer] = {"gate_region": ("eyes",), "gate_region_seen": ("eyes", "hands")}
    visitor = Visitor(stored={**knee, **earlier, "main_reason": "prevention"})
    sent = visitor.page("region", {"gate_region": "none"})
    assert sent.validate()
    assert sent.to_answers() == {"gate_region": ("eyes",), "gate_region_seen": ("weight",)}


def test_the_effects_of_therapies_fill_four_facts() -> None:
    visitor = Visitor(stored={"therapies_tried": ("massage", "ims", "surgery")})
    posted: Posted = {
        "effects-massage": "helped",
        "effects-ims": "worse",
        "effects-surgery": "not_sure",
        "therapies_now": "ims",
    }
    sent = visitor.page("therapies_detail", posted)
    assert sent.validate()
    assert sent.to_answers() == {
        "therapies_helped": ("massage", "not_sure"),
        "therapies_no_change": ("not_sure",),
        "therapies_worse": ("ims", "not_sure"),
        "therapies_now": ("ims",),
        "gate_therapies_seen": ("massage", "ims", "surgery"),
    }


def test_a_row_that_was_passed_over_is_the_one_that_the_error_links_to() -> None:
    posted: Posted = {"pain_average": "3", "peg_enjoyment": "3", "peg_activity": "0", "pain_spread": "stays"}
    sent = whole(questionnaire().page("strength"), posted)
    assert not sent.validate()
    scores = sent.view().fields[0]
    assert [row.name for row in scores.rows if row.wrong] == ["pain_worst"]
    assert scores.first_id == "pain_worst-0"


def test_a_score_is_a_number_from_zero_to_ten() -> None:
    sent = whole(questionnaire().page("needles"), {"needle_fear": "10", "wants_needling": "no"})
    assert sent.validate()
    assert sent.to_answers() == {"needle_fear": 10, "wants_needling": "no"}
    assert error_of("needles", "needle_fear", {"needle_fear": "11"})


NUMBERS = [
    ({"pregnancy_weeks": "20"}, 20, "in range"),
    ({"pregnancy_weeks": " 7 "}, 7, "spaces do no harm"),
    ({"pregnancy_weeks": "٢٠"}, 20, "Eastern digits"),
    ({"pregnancy_weeks": "\u202d20\u202c"}, 20, "invisible marks of a paste"),
    ({"pregnancy_weeks": "30 weeks"}, 30, "the word"),
    ({"pregnancy_weeks": "30w"}, 30, "its letter"),
    ({"pregnancy_weeks": "30+2"}, 30, "whole weeks of weeks and days"),
    ({"pregnancy_weeks": "30 weeks and 6 days"}, 30, "whole weeks in words"),
    ({"pregnancy_weeks": "٣٠+٢"}, 30, "both in Eastern digits"),
    ({"pregnancy_weeks": "30w2d"}, 30, "letters alone"),
    ({"pregnancy_weeks": "30 2/7"}, 30, "sevenths"),
    ({"pregnancy_weeks": "305"}, None, "three digits"),
    ({"pregnancy_weeks": "1 2"}, None, "two numbers"),
    ({"pregnancy_weeks": "30+7"}, None, "no such day"),
    ({"pregnancy_weeks": "7 months"}, None, "months are no weeks"),
    ({"pregnancy_weeks": "30.5"}, None, "no whole number"),
    ({"pregnancy_weeks": "46+1"}, None, "out of range with days"),
    ({"pregnancy_weeks": "46"}, None, "out of range"),
    ({"pregnancy_weeks": "-1"}, None, "below zero"),
    ({"pregnancy_weeks": "9.5"}, None, "not whole"),
    ({"pregnancy_weeks": "1e1"}, None, "not digits"),
    ({"pregnancy_weeks-state": "not_sure"}, "not_sure", "the word"),
    ({"pregnancy_weeks": "20", "pregnancy_weeks-state": "not_sure"}, None, "both"),
    ({"pregnancy_weeks-state": "none"}, None, "a word that is not offered"),
    ({}, None, "nothing"),
]


@pytest.mark.parametrize(("posted", "answer", "why"), NUMBERS, ids=[why for *_rest, why in NUMBERS])
def test_a_number_is_a_whole_number_or_a_word(posted: Posted, answer: Answer | None, why: str) -> None:
    others = {"pregnancy_signs": "none", "pregnancy_high_risk": "no"}
    sent = whole(questionnaire().page("pregnancy_detail"), {**posted, **others})
    assert sent.validate() == (answer is not None), why
    assert answer is None or sent.to_answers()["pregnancy_weeks"] == answer


# ---- typed

BIRTHS = [
    ("27", "3", "1985", "1985-03-27", "numbers"),
    ("27", "March", "1985", "1985-03-27", "the name of the month"),
    ("1", "sept", "2001", "2001-09-01", "the first letters"),
    ("1", "MAY", "2001", "2001-05-01", "capitals"),
    ("1", "jan.", "2001", "2001-01-01", "a full stop"),
    ("22", "11", "2026", "2026-11-22", "today"),
    ("23", "11", "2026", "", "tomorrow"),
    ("29", "2", "2023", "", "no leap year"),
    ("29", "2", "2024", "2024-02-29", "a leap year"),
    ("1", "ju", "2001", "", "June or July"),
    ("1", "13", "2001", "", "no such month"),
    ("1", "3", "85", "", "two digits"),
    ("1", "3", "1900", "", "more than 120 years"),
    ("", "3", "1985", "", "no day"),
    ("x", "3", "1985", "", "no number"),
    ("999999999999999999999", "3", "1985", "", "far too large"),
]


@pytest.mark.parametrize(("day", "month", "year", "stored", "why"), BIRTHS, ids=[why for *_rest, why in BIRTHS])
def test_a_date_of_birth(day: str, month: str, year: str, stored: str, why: str) -> None:
    names = ("date_of_birth-day", "date_of_birth-month", "date_of_birth-year")
    posted = dict(zip(names, (day, month, year), strict=True))
    sent = whole(questionnaire().page("about"), {**posted, "full_name": "Ada", "contact-phone": "01234 000000"})
    assert sent.validate() == bool(stored), why
    assert not stored or sent.to_identity()["born"] == stored


def test_the_age_is_counted_in_full_years() -> None:
    for day, age in (("22", 41), ("23", 40)):
        posted = {"date_of_birth-day": day, "date_of_birth-month": "11", "date_of_birth-year": "1985"}
        sent = whole(questionnaire().page("about"), {**posted, "full_name": "Ada", "contact-phone": "01234 000000"})
        assert sent.validate()
        assert sent.to_answers() == {"age_years": age}


CONTACTS = [
    ("01234 000 000", "", True),
    ("+44 (0)1234-000.000", "", True),
    ("", "ada@example.org", True),
    ("01234 000 000", "ada@example.org", True),
    ("", "", False),
    ("12", "", False),
    ("call me", "", False),
    ("1234567890123456", "", False),
    ("", "ada", False),
    ("", "ada@example", False),
    ("", "a b@example.org", False),
    ("01234 000 000", "ada@", False),
]


@pytest.mark.parametrize(("phone", "email", "valid"), CONTACTS)
def test_phone_or_email(phone: str, email: str, valid: bool) -> None:
    posted: Posted = {
        "full_name": "Ada",
        "date_of_birth-day": "1",
        "date_of_birth-month": "1",
        "date_of_birth-year": "1980",
        "contact-phone": phone,
        "contact-email": email,
    }
    sent = whole(questionnaire().page("about"), posted)
    assert sent.validate() == valid
    assert not valid or sent.to_identity() == {"name": "Ada", "born": "1980-01-01", "phone": phone, "email": email}


TEXTS = [
    ("Zoë", "Zoë", "composed"),
    (unicodedata.normalize("NFD", "Zoë"), "Zoë", "decomposed"),
    ("عائشة", "عائشة", "right to left letters"),
    ("\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", None, "a joiner that spelling needs"),
    ("two\r\nlines", "two\nlines", "line break"),
    ("  space  ", "space", "trimmed"),
    ("<b>&amp;</b>", "<b>&amp;</b>", "mark-up is text"),
    ("😀 ok", "😀 ok", "a picture sign"),
    ("x" * 500, "x" * 500, "at the limit"),
    ("x" * 501, "", "over the limit"),
    ("a\x00b", "", "null"),
    ("a\x1bb", "", "escape"),
    ("abc\u202edef", "abcdef", "right-to-left override"),
    ("abc\u2066def\u2069", "abcdef", "isolate"),
    ("abc\u200fdef", "abcdef", "right-to-left mark"),
    ("\ufeffabc\u200bdef", "abcdef", "zero-width space"),
    ("\U0001faea tired", "\U0001faea tired", "a picture sign newer than the program"),
    ("abc\uffff", "", "no character"),
    ("abc\ue000def", "", "private"),
]


@pytest.mark.parametrize(("typed", "stored", "why"), TEXTS, ids=[why for *_rest, why in TEXTS])
def test_free_text(typed: str, stored: str | None, why: str) -> None:
    sent = whole(questionnaire().page("check"), {"anything_else": typed})
    wanted = typed if stored is None else stored
    assert sent.validate() == bool(wanted), why
    assert not wanted or sent.to_texts() == {"anything_else": wanted}


def test_a_refused_text_is_shown_again_as_typed_and_never_repeated_in_the_sentence() -> None:
    sent = whole(questionnaire().page("check"), {"anything_else": "secret\x00word"})
    assert not sent.validate()
    field = sent.view().fields[0]
    assert field.inputs[0].value == "secret\x00word"
    assert "secret" not in field.error


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "\u200b\u200d", "\u3164", "\u2800 \u115f", "Ada\ue000"])
def test_a_name_is_needed_and_clean(name: str) -> None:
    assert error_of("about", "full_name", {"full_name": name})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ada\u202e", "Ada"),
        ("\u2068\u0639\u0627\u2069", "\u0639\u0627"),
        ("\ufeffZoë \u200bB", "Zoë B"),
        ("O\u00adBrien", "OBrien"),
    ],
)
def test_a_pasted_name_loses_its_invisible_marks(typed: str, kept: str) -> None:
    sent = whole(questionnaire().page("about"), {**ABOUT, "full_name": typed})
    assert sent.validate(), sent.errors
    assert sent.to_identity()["name"] == kept


def test_a_pasted_birth_date_and_phone_number_lose_theirs() -> None:
    marked = {name: f"\u200e{value}\u200f" if value else "" for name, value in ABOUT.items()}
    sent = whole(questionnaire().page("about"), marked)
    assert sent.validate(), sent.errors
    plain = whole(questionnaire().page("about"), ABOUT)
    assert plain.validate()
    assert sent.to_identity() == plain.to_identity()
