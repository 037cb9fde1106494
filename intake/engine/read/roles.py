"""`roles:` in the vocabulary -> Roles: each role is played by one fact of the right kind, or by none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intake.engine.book.roles import Roles
from intake.engine.book.vocabulary import Fact, Kind
from intake.engine.read.section import Section

SCORES = ("scores", "peg")
LISTS = (*SCORES, "lasting", "at_arrival", "medicines")
KINDS = {
    "who_answers": Kind.CHOICE,
    "adult_comes": Kind.CHOICE,
    "agrees": Kind.CHOICE,
    "where_it_hurts": Kind.REGIONS,
    "worst_place": Kind.CHOICE,
    "danger_signs": Kind.CHOICES,
    "therapies_tried": Kind.CHOICES,
    "therapies_now": Kind.CHOICES,
    "therapies_helped": Kind.CHOICES,
    "therapies_no_change": Kind.CHOICES,
    "therapies_worse": Kind.CHOICES,
    "onset": Kind.CHOICE,
    "duration": Kind.CHOICE,
    "course": Kind.CHOICE,
    "pattern": Kind.CHOICES,
    "average_pain": Kind.SCORE,
    "worst_pain": Kind.SCORE,
    "sleep_unrefreshing": Kind.CHOICE,
    "goals": Kind.CHOICES,
    "quality": Kind.CHOICES,
    "seen_by_doctor": Kind.CHOICE,
    "needled_before": Kind.CHOICES,
    "visit_frequency": Kind.CHOICE,
    "pregnancy": Kind.CHOICE,
    "last_needled": Kind.CHOICE,
    "last_needled_where": Kind.REGIONS,
    "since_needled": Kind.CHOICES,
}
# Stored vocabularies that name no roles are from the time when the program spelled these names: they mean what they
# meant, so that a decision of that time is found again.
BEFORE_ROLES = {
    **{role: role for role in KINDS},
    "who_answers": "filled_by",
    "adult_comes": "guardian_present",
    "agrees": "understands_and_agrees",
    "where_it_hurts": "pain_regions",
    "worst_place": "main_region",
    "onset": "pain_onset",
    "duration": "pain_duration",
    "course": "pain_course",
    "pattern": "pain_pattern",
    "quality": "pain_quality",
    "needled_before": "past_needling",
    "average_pain": "pain_average",
    "worst_pain": "pain_worst",
    "last_needled": "last_needling",
    "last_needled_where": "last_needling_regions",
    "since_needled": "since_needling_signs",
}
SCORES_BEFORE_ROLES = ("pain_average", "pain_worst", "peg_enjoyment", "peg_activity", "psfs_score")


def read_roles(top: Section, facts: Mapping[str, Fact]) -> Roles:
    """The roles that the vocabulary names; those that facts had by their names where it names none at all."""
    section = top.section("roles", optional=(*KINDS, *LISTS))
    if section is None:
        return _before_roles(facts)
    players = {role: section.one_of(role, facts, "fact") or "" for role in KINDS}
    for role, name in players.items():
        _check_kind(section, role, name, KINDS[role], facts)
    lists = {role: section.several_of(role, facts, "fact") for role in LISTS}
    for role in SCORES:
        for name in lists[role]:
            _check_kind(section, role, name, Kind.SCORE, facts)
    return _roles(players, lists)


def _check_kind(section: Section, role: str, name: str, kind: Kind, facts: Mapping[str, Fact]) -> None:
    if name in facts and facts[name].kind is not kind:
        message = f"`{role}` wants a {kind} fact, and `{name}` is a {facts[name].kind} fact"
        section.problems.add(section.line_of(role), message)


def _before_roles(facts: Mapping[str, Fact]) -> Roles:
    players = {role: name for role, name in BEFORE_ROLES.items() if name in facts and facts[name].kind is KINDS[role]}
    scores = tuple(name for name in SCORES_BEFORE_ROLES if name in facts)
    return _roles(players, {"scores": scores})


def _roles(players: Mapping[str, str], lists: Mapping[str, tuple[str, ...]]) -> Roles:
    given: dict[str, Any] = {**players, **lists}
    return Roles(**given)
