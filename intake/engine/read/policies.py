"""`policies:` in a rule book: where authorities disagree, a clinic counts the rules of a policy stricter, never looser.

A policy names the rules that carry it; `rules:` narrows it to some of them. What it gives is what those rules count at.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from intake.engine.book.levels import Levels, Needling, Urgency
from intake.engine.book.rulebook import ALLOWED, AVOID, Note, Rule
from intake.engine.read.nodes import Mapping
from intake.engine.read.problems import Problems
from intake.engine.read.section import Section

AXES = ("needling", "urgency")
KEYS = (*AXES, "if_unknown", "electrical_stimulation", "rules")
LOOSER = "A clinic may be stricter, never looser; name the other rules in `rules`"


def applied(entries: list[Rule | Note], policies: Mapping, problems: Problems) -> list[Rule | Note]:
    """The same rules, those of the policies counted as they say; what would loosen one is a problem that names it."""
    known = {rule.policy for rule in entries if isinstance(rule, Rule) and rule.policy}
    for name, node in policies.entries.items():
        if name not in known:
            problems.unknown(policies.key_lines[name], "policy", name, known)
            continue
        policy = _Policy(name, Section(node, f"policy `{name}`", problems, optional=KEYS))
        covered = policy.covered(entries)
        entries = [policy.stricter(each) if each.id in covered else each for each in entries]
    return entries


@dataclass(frozen=True, slots=True)
class _Policy:
    """One policy as a clinic wants it."""

    name: str
    section: Section

    def covered(self, entries: list[Rule | Note]) -> frozenset[str]:
        """The ids of the rules that it is about."""
        mine = [rule.id for rule in entries if isinstance(rule, Rule) and rule.policy == self.name]
        named = self.section.several_of("rules", mine, f"rule of policy `{self.name}`")
        return frozenset(named if "rules" in self.section else mine)

    def stricter(self, rule: Rule | Note) -> Rule | Note:
        """The rule as the policy wants it counted."""
        if isinstance(rule, Note):
            return rule
        levels = self._levels(rule.id, self.section, rule.levels)
        unknown = rule.if_unknown
        open_levels = self.section.section("if_unknown", optional=AXES)
        if open_levels is not None:
            unknown = self._levels(rule.id, open_levels, unknown, "if unknown, ")
        self._check(rule, levels, unknown)
        return replace(rule, levels=levels, if_unknown=unknown, electrical_stimulation=self._stimulation(rule))

    def _stimulation(self, rule: Rule) -> str | None:
        key = "electrical_stimulation"
        word = self.section.one_of(key, (AVOID, ALLOWED), "word for electrical stimulation")
        if word == ALLOWED and rule.electrical_stimulation == AVOID:
            self._would_loosen(self.section, key, rule.id, "it forbids electrical stimulation")
        return AVOID if word == AVOID else rule.electrical_stimulation

    def _levels(self, rule: str, section: Section, own: Levels, when: str = "") -> Levels:
        """The levels that are given, the rule's own where none is, or a lower one."""
        needling = section.member("needling", Needling, own.needling)
        urgency = section.member("urgency", Urgency, own.urgency)
        for axis, wanted, stands in (("needling", needling, own.needling), ("urgency", urgency, own.urgency)):
            if wanted < stands:
                self._would_loosen(section, axis, rule, f"{when}{axis} is {stands.code} there, not {wanted.code}")
        return own.worst(Levels(needling, urgency))

    def _would_loosen(self, section: Section, key: str, rule: str, text: str) -> None:
        node = section.node(key)
        line = section.line if node is None else node.line
        section.problems.add(line, f"policy `{self.name}` would loosen rule `{rule}`: {text}. {LOOSER}")

    def _check(self, rule: Rule, levels: Levels, unknown: Levels) -> None:
        """What would make a rule that the language does not allow."""
        where, add = self.section.line, self.section.problems.add
        if unknown.worst(levels) != levels:
            add(where, f"policy `{self.name}`: rule `{rule.id}` would count more unknown than known")
        if levels.urgency > Urgency.NONE and rule.tell is None:
            add(where, f"policy `{self.name}`: rule `{rule.id}` has no words for the patient (`tell`)")
