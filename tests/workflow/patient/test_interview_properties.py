"""Laws of the interview: whatever a patient ticks and takes back, nothing is lost, revived or made harmless."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from intake.engine.book.vocabulary import UNKNOWN_WORDS, Answer, Fact, Kind, codes_in
from intake.engine.decide.decide import applies
from intake.workflow.patient import interview
from tests.support.visitor import questionnaire, vocabulary

V = vocabulary()
STEPS = questionnaire().steps
GATED = [fact for fact in V.facts.values() if fact.gate]
Stored = dict[str, Answer]


def codes_of(fact: Fact) -> st.SearchStrategy[Answer]:
    """Any answer that a page could store for a fact."""
    states = list(UNKNOWN_WORDS) if fact.may_be_unknown else []
    several = st.lists(st.sampled_from(fact.codes or V.regions), min_size=1, max_size=3, unique=True).map(tuple)
    match fact.kind:
        case Kind.CHOICE:
            return st.sampled_from([*fact.codes, *states])
        case Kind.REGIONS:
            return st.one_of(st.just(()), several, st.just(("not_sure",)))
        case Kind.CHOICES:
            ticked = several.filter(lambda codes: fact.none not in codes)
            beside = ticked.map(lambda codes: (*codes, "not_sure"))
            alone = st.sampled_from([(code,) for code in (fact.none, *states) if code])
            return st.one_of(ticked, beside, alone)
        case _:
            return st.sampled_from([0, 5, 17, 40, *states])


def gate_answers(name: str) -> st.SearchStrategy[Stored]:
    """Any state of a gate: unanswered, or any ticks with any items seen."""
    items = list(V.gates[name])
    ticks = st.lists(st.sampled_from(items), unique=True).map(tuple)
    ends = st.sampled_from([(), ("not_sure",)])
    ticked = st.one_of(st.tuples(ticks, ends).map(lambda two: two[0] + two[1] or ("none",)), st.just(("declined",)))
    seen = st.one_of(st.just(tuple(items)), ticks)
    return st.one_of(st.just({}), st.tuples(ticked, seen).map(lambda two: {name: two[0], f"{name}_seen": two[1]}))


@st.composite
def drafts(draw: st.DrawFn) -> Stored:
    """Any stored answers, reachable by a patient or not: the laws do not lean on order."""
    names = draw(st.lists(st.sampled_from([n for n, f in V.facts.items() if f.kind is not Kind.TEXT]), unique=True))
    stored: Stored = {name: draw(codes_of(V.facts[name])) for name in names}
    for gate in V.gates:
        stored |= draw(gate_answers(gate))
    return stored


@given(drafts())
@settings(deadline=None)
def test_what_is_resolved_applies_and_what_does_not_apply_is_not_resolved(stored: Stored) -> None:
    facts = interview.resolve(V, stored)
    assert all(applies(V, name, facts) is True for name in facts)


@given(drafts())
@settings(deadline=None)
def test_no_answer_disappears_without_being_called_withdrawn(stored: Stored) -> None:
    facts, gone = interview.resolve(V, stored), interview.withdrawn(V, stored)
    answers = {name: answer for name, answer in stored.items() if name in V.facts}
    assert {name: answer for name, answer in answers.items() if facts.get(name) == answer} | gone == answers


@given(drafts(), st.sampled_from(GATED))
@settings(deadline=None)
def test_benign_needs_a_page_that_was_answered_with_the_item_on_it_unticked(stored: Stored, fact: Fact) -> None:
    assert fact.gate is not None
    name, item = fact.gate
    stored.pop(fact.name, None)
    if fact.name not in interview.resolve(V, stored):
        return
    assert item in codes_in(stored.get(f"{name}_seen"))
    assert codes_in(stored.get(name))
    assert item not in codes_in(stored.get(name))


@given(drafts(), st.sampled_from(list(V.gates)))
@settings(deadline=None)
def test_not_sure_on_a_gate_never_becomes_benign(stored: Stored, gate: str) -> None:
    unsure = stored | {gate: ("not_sure",), f"{gate}_seen": tuple(V.gates[gate])}
    facts = interview.resolve(V, unsure)
    behind = [name for names in V.gates[gate].values() for name in names if name in facts]
    assert all(facts[name] == stored[name] for name in behind if name in stored)
    assert {name for name in behind if name not in stored} <= set(V.roles.places)


@given(drafts())
@settings(deadline=None)
def test_a_page_is_on_the_path_exactly_when_it_has_something_to_ask(stored: Stored) -> None:
    now, path = interview.asked(V, stored), interview.route(V, STEPS, stored, ()).path
    for step in STEPS:
        items = now.items[step.gate] if step.gate else ()
        needed = [name for name in step.facts if name in now.facts and (step.optional or not V.facts[name].optional)]
        assert (step.name in path) == bool(items or needed)
