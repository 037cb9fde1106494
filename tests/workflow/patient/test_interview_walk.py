"""Patients who wander: random answers, pages met again, pain moved and moved back; nothing is lost or invented."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.engine.book.vocabulary import codes_in
from intake.engine.decide.decide import applies
from intake.questions.views import FieldView, OptionView
from intake.workflow.patient import interview
from tests.support.visitor import Posted, Visitor, bare_app, denies, vocabulary

V = vocabulary()
BRANCHING = ("warning", "pain_where", "reason", "began", "pattern", "region", "medicines", "conditions", "therapies")
QUIET = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module", autouse=True)
def app() -> Iterator[Flask]:
    """Forms need a request."""
    made = bare_app()
    with made.test_request_context():
        yield made


def any_answer(data: st.DataObject, shown: FieldView) -> Posted:
    """A valid answer to one control, drawn at random."""
    if shown.rows and not shown.optional:
        return {row.name: data.draw(st.sampled_from(row.options)).value for row in shown.rows}
    if not shown.options or shown.optional or shown.inputs:
        return denies(shown) if shown.control != "number" else {shown.name: "20"}
    if shown.control in {"radios", "score"}:
        return {shown.name: data.draw(st.sampled_from(shown.options)).value}
    return {shown.name: any_ticks(data, shown.options)}


def any_ticks(data: st.DataObject, options: tuple[OptionView, ...]) -> tuple[str, ...]:
    """Some boxes, or one that stands alone."""
    open_codes = [option.value for option in options if not option.apart]
    ends = [(option.value,) for option in options if option.apart]
    several = st.lists(st.sampled_from(open_codes), min_size=1, max_size=3, unique=True).map(tuple)
    return data.draw(st.one_of(several, st.sampled_from(ends)) if ends else several)


def answer_page(data: st.DataObject, visitor: Visitor, name: str) -> None:
    """Answer one page at random; what was stored elsewhere must stay exactly as it was."""
    before = dict(visitor.stored)
    posted: dict[str, str | tuple[str, ...]] = {}
    for shown in visitor.page(name).view().fields:
        posted |= any_answer(data, shown)
    page = visitor.answer(name, posted)
    own = {*page.to_answers(), *page.asked()}
    elsewhere = {fact: answer for fact, answer in before.items() if fact not in own}
    assert {fact: visitor.stored[fact] for fact in elsewhere} == elsewhere


def finish(data: st.DataObject, visitor: Visitor) -> None:
    """Answer whatever is still asked."""
    for _turn in range(300):
        name = visitor.next()
        if name is None:
            return
        answer_page(data, visitor, name)
    pytest.fail("the questionnaire does not come to an end")


@given(data=st.data())
@QUIET
def test_a_wandering_patient_ends_with_everything_answered_that_applies(data: st.DataObject) -> None:
    visitor = Visitor()
    finish(data, visitor)
    for _turn in range(data.draw(st.integers(0, 3))):
        answer_page(data, visitor, data.draw(st.sampled_from([n for n in BRANCHING if n in visitor.path()])))
    finish(data, visitor)
    facts = interview.resolve(V, visitor.stored)
    required = [name for name, fact in V.facts.items() if not fact.optional]
    assert [name for name in required if applies(V, name, facts) and name not in facts] == []


@given(data=st.data())
@QUIET
def test_pain_that_moves_and_moves_back_keeps_every_answer_and_never_denies_unseen(data: st.DataObject) -> None:
    visitor = Visitor()
    visitor.walk(lambda shown: denies(shown, ("head",)))
    answer_page(data, visitor, "region")
    finish(data, visitor)
    at_first, ticked = dict(visitor.stored), codes_in(visitor.stored["gate_region"])
    visitor.answer("pain_where", {"pain_regions": "knee_left"})
    finish(data, visitor)
    visitor.answer("pain_where", {"pain_regions": "head"})
    facts, seen = interview.resolve(V, visitor.stored), codes_in(visitor.stored["gate_region_seen"])
    for item in ("hands", "eyes", "headache"):
        (fact,) = V.gates["gate_region"][item]
        if item in ticked and item not in seen:
            assert facts[fact] == at_first[fact]
        elif item not in seen:
            assert fact not in facts
    assert visitor.next() == "region"


@given(data=st.data())
@QUIET
def test_a_page_shows_again_what_was_saved(data: st.DataObject) -> None:
    visitor = Visitor()
    finish(data, visitor)
    for name in visitor.path():
        controls = visitor.page(name).controls()
        posted = {key: values for control in controls for key, values in control.values.items() if any(values)}
        replayed = visitor.page(name, posted)
        assert replayed.validate(), (name, replayed.errors)
        saved = replayed.to_answers()
        assert saved == {fact: visitor.stored[fact] for fact in saved}, name
