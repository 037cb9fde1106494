"""`policies:` in a rule book: where authorities disagree, a clinic counts the rules of a policy stricter, never looser.

A policy names the rules that carry it; `rules:` narrows it to some of them. What it gives is what those rules count at.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from intake.engine.book.rulebook import ALLOWED, AVOID, Levels, Needling, Note, Rule, Urgency
from intake.engine.read import yaml_values
from intake.engine.read.yaml_nodes import Mapping, Problems

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
        policy = _Policy(name, yaml_values.fields(node, f"policy `{name}`", problems, required=(), optional=KEYS))
        covered = policy.covered(entries, problems)
        entries = [policy.stricter(each, problems) if each.id in covered else each for each in entries]
    return entries


@dataclass(frozen=True, slots=True)
class _Policy:
    """One policy as a clinic wants it."""

    name: str
    given: Mapping

    def covered(self, entries: list[Rule | Note], problems: Problems) -> frozenset[str]:
        """The ids of the rules that it is about."""
        mine = [rule.id for rule in entries if isinstance(rule, Rule) and rule.policy == self.name]
        node = self.given.entries.get("rules")
        for item in yaml_values.items(node, "`rules`", problems):
            yaml_values.one_of(item, f"rule of policy `{self.name}`", mine, problems)
        return frozenset(mine if node is None else yaml_values.texts(node, "`rules`", Problems("")))

    def stricter(self, rule: Rule | Note, problems: Problems) -> Rule | Note:
        """The rule as the policy wants it counted."""
        if isinstance(rule, Note):
            return rule
        levels = self._levels(rule.id, self.given, rule.levels, problems)
        unknown = rule.if_unknown
        if "if_unknown" in self.given.entries:
            node = self.given.entries["if_unknown"]
            found = yaml_values.fields(node, "`if_unknown`", problems, required=(), optional=AXES)
            unknown = self._levels(rule.id, found, unknown, problems, "if unknown, ")
        self._check(rule, levels, unknown, problems)
        stimulation = self._stimulation(rule, problems)
        return replace(rule, levels=levels, if_unknown=unknown, electrical_stimulation=stimulation)

    def _stimulation(self, rule: Rule, problems: Problems) -> str | None:
        node = self.given.entries.get("electrical_stimulation")
        if node is None:
            return rule.electrical_stimulation
        word = yaml_values.one_of(node, "word for electrical stimulation", (AVOID, ALLOWED), problems)
        if word == ALLOWED and rule.electrical_stimulation == AVOID:
            self._would_loosen(node.line, rule.id, "it forbids electrical stimulation", problems)
        return AVOID if word == AVOID else rule.electrical_stimulation

    def _levels(self, rule: str, given: Mapping, own: Levels, problems: Problems, when: str = "") -> Levels:
        """The levels that are given, the rule's own where none is, or a lower one."""
        needling = yaml_values.member(given.entries.get("needling"), "needling", Needling, problems, own.needling)
        urgency = yaml_values.member(given.entries.get("urgency"), "urgency", Urgency, problems, own.urgency)
        for axis, wanted, stands in (("needling", needling, own.needling), ("urgency", urgency, own.urgency)):
            if wanted < stands:
                text = f"{when}{axis} is {stands.code} there, not {wanted.code}"
                self._would_loosen(given.entries[axis].line, rule, text, problems)
        return own.worst(Levels(needling, urgency))

    def _would_loosen(self, line: int, rule: str, text: str, problems: Problems) -> None:
        problems.add(line, f"policy `{self.name}` would loosen rule `{rule}`: {text}. {LOOSER}")

    def _check(self, rule: Rule, levels: Levels, unknown: Levels, problems: Problems) -> None:
        """What would make a rule that the language does not allow."""
        if unknown.worst(levels) != levels:
            problems.add(self.given.line, f"policy `{self.name}`: rule `{rule.id}` would count more unknown than known")
        if levels.urgency > Urgency.NONE and rule.tell is None:
            problems.add(
                self.given.line, f"policy `{self.name}`: rule `{rule.id}` has no words for the patient (`tell`)"
            )
