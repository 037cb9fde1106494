"""Hypothesis strategies over the small vocabulary: conditions, rules, raw answers (hidden ones included)."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.engine.reference import NEEDLING, REGIONS, SPEC, URGENCY, codes_of, exclusive, levels
from tests.engine.small import rule

READABLE = [name for name, spec in SPEC["facts"].items() if spec["kind"] != "text" and "narrows" not in spec]
PLACES = [
    "everywhere", "hand", "leg", ["neck", "calf_left"], {"fact": "skin_regions"}, {"fact": "pain_regions"},
    {"fact": "pain_regions", "in": "spine"}, {"fact": "main_region"}, {"fact": "main_region", "in": "arm"},
    {"fact": "lymph_limbs"}, {"fact": "lymph_limbs", "in": "arm"}, {"fact": "lung_side", "in": "spine"},
    {"fact": "lung_side", "in": ["arm", "head"]},
]  # fmt: skip


def countable(fact: str) -> list[str]:
    """The codes that a matcher may name."""
    return [code for code in codes_of(fact) if code != exclusive(fact) or SPEC["facts"][fact]["kind"] == "choice"]


@st.composite
def leaves(draw: st.DrawFn) -> dict[str, Any]:
    """A leaf on any fact that rules may read."""
    fact = draw(st.sampled_from(READABLE))
    kind = SPEC["facts"][fact]["kind"]
    if kind in {"number", "score"}:
        low = draw(st.integers(0, 9))
        bounds = [{"min": low}, {"below": low + 1}, {"min": low, "below": low + draw(st.integers(1, 5))}]
        return {fact: draw(st.sampled_from(bounds))}
    codes = countable(fact)
    some = draw(st.lists(st.sampled_from(codes), min_size=1, max_size=3, unique=True))
    if kind == "choice":
        return {fact: draw(st.sampled_from([some[0], {"in": some}]))}
    count = draw(st.integers(1, min(len(codes), 3)))
    return {fact: draw(st.sampled_from([some[0], {"any_of": some}, {"all_of": some}, {"count": count}]))}


def conditions() -> st.SearchStrategy[dict[str, Any]]:
    """A condition tree of a few leaves."""
    return st.recursive(leaves(), _combined, max_leaves=6)


def _combined(nodes: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    several = st.lists(nodes, min_size=1, max_size=3)
    at_least = several.flatmap(lambda of: st.integers(1, len(of)).map(lambda n: {"at_least": {"count": n, "of": of}}))
    return st.one_of(
        several.map(lambda of: {"all": of}),
        several.map(lambda of: {"any": of}),
        nodes.map(lambda of: {"not": of}),
        at_least,
    )


@st.composite
def level_keys(draw: st.DrawFn, needling: int = 4, urgency: int = 3) -> dict[str, str]:
    """Levels not above the given ones, both axes written."""
    return {
        "needling": NEEDLING[draw(st.integers(0, needling))],
        "urgency": URGENCY[draw(st.integers(0, urgency))],
    }


@st.composite
def raises(draw: st.DrawFn, base: tuple[int, int]) -> list[dict[str, Any]]:
    """Nothing, or a raise above the base levels, with or without levels of its own while it is open."""
    found = draw(level_keys())
    if draw(st.booleans()) or all(own <= low for own, low in zip(levels(found), base, strict=True)):
        return []
    said = draw(st.lists(st.sampled_from(["if_unknown", "while_asking"]), unique=True))
    return [{**found, "when": draw(conditions()), **{key: draw(level_keys(*levels(found))) for key in said}}]


@st.composite
def rules(draw: st.DrawFn, name: str = "one") -> dict[str, Any]:
    """A rule with levels, a place, perhaps a raise."""
    keys = draw(level_keys())
    own = levels(keys)
    spec = {
        **keys,
        "if_unknown": draw(level_keys(*own)),
        "where": draw(st.sampled_from(PLACES)),
        "raise": draw(raises(own)),
    }
    return rule(draw(conditions()), name, **spec)


@st.composite
def rulebooks(draw: st.DrawFn) -> list[dict[str, Any]]:
    """One to four rules."""
    return [draw(rules(f"rule-{number}")) for number in range(draw(st.integers(1, 4)))]


@st.composite
def answers(draw: st.DrawFn) -> dict[str, Any]:
    """Raw answers to any of the facts, asked or not; every state occurs."""
    named = draw(st.lists(st.sampled_from(list(SPEC["facts"])), unique=True))
    return {name: draw(values(name)) for name in named}


def values(fact: str) -> st.SearchStrategy[Any]:
    """Any answer that the fact takes."""
    spec = SPEC["facts"][fact]
    states = st.sampled_from(["not_sure", "declined"])
    match spec["kind"]:
        case "text":
            return st.text()
        case "number" | "score":
            return st.one_of(st.integers(0, 10), states)
        case "choice":
            codes = st.sampled_from(codes_of(fact))
            return codes if fact == "filled_by" else st.one_of(codes, codes, states)
        case "regions":
            regions = st.lists(st.sampled_from(REGIONS), unique=True, max_size=4)
            return st.one_of(regions, regions, states.map(lambda state: [state]))
        case _:
            return _ticked(fact, states)


def _ticked(fact: str, states: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    ticks = st.lists(st.sampled_from(countable(fact)), unique=True, min_size=1, max_size=4)
    unsure = ticks.map(lambda codes: [*codes, "not_sure"])
    none = (
        []
        if "narrows" in SPEC["facts"][fact] or exclusive(fact) not in codes_of(fact)
        else [st.just([exclusive(fact)])]
    )
    return st.one_of(ticks, unsure, states.map(lambda state: [state]), *none)
