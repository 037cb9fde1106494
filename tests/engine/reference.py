"""A second evaluator, slow and plain: it reads the rule language as written and raw answers, and shares no code.

Truth is a number: 1 true, 0 false, 0.5 unknown. `all` is min, `any` is max, `not` is 1 - x, `at_least n` is the n-th
largest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML

from tests.engine.small import RULEBOOKS

SPEC: dict[str, Any] = YAML(typ="safe").load(RULEBOOKS / "facts.yaml")
NEEDLING = ["ok", "precaution", "review_before", "avoid_area", "do_not_needle"]
URGENCY = ["none", "within_days", "same_day", "emergency_now"]
STATES = {"not_sure", "declined"}
STEMS = {
    stem: [f"{stem}_right", f"{stem}_left"] if sides == "both" else [stem]
    for stem, (sides, _) in SPEC["regions"].items()
}
REGIONS = [region for regions in STEMS.values() for region in regions]
GROUPS = {name: [region for stem in stems for region in STEMS[stem]] for name, stems in SPEC["region_groups"].items()}
LITERAL = tuple[str, str, bool]


def nth_largest(values: Iterable[float], n: int) -> float:
    ordered = sorted(values, reverse=True)
    return ordered[n - 1] if len(ordered) >= n else 0


def codes_of(fact: str) -> list[str]:
    spec = SPEC["facts"][fact]
    if spec["kind"] == "regions" or spec.get("codes") == "regions":
        return list(REGIONS)
    codes = spec.get("codes", [])
    return codes_of(codes) if isinstance(codes, str) else [code for code in codes if code != "+"]


def exclusive(fact: str) -> str:
    return {"faint": "never"}.get(fact, "none")


def named(words: str | list[str], own: Iterable[str] = ()) -> list[str]:
    """The codes that are meant: a fact's own code is itself, also where a group of regions has its name."""
    several = words if isinstance(words, list) else [words]
    return [
        code for word in several for code in ([word] if word in own else GROUPS.get(word) or STEMS.get(word) or [word])
    ]


@dataclass
class Patient:
    """Raw answers. With `only`, nothing is known but these literals."""

    raw: Mapping[str, Any]
    only: frozenset[LITERAL] | None = None
    kept: dict[str, float] = field(default_factory=dict)

    def said(self, fact: str) -> list[str] | None:
        """The words said about a coded fact; None if it was not answered."""
        value = self.raw.get(fact)
        return value if value is None or isinstance(value, list) else [value]

    def holds(self, fact: str, code: str) -> float:
        """Whether an applicable coded fact holds the code."""
        truth = self.as_said(fact, code)
        if self.only is None or truth == 0.5:
            return truth
        spoken = [literal for literal in self.only if literal[0] == fact]
        whole = any(holds and (word in ("", exclusive(fact)) or SPEC["facts"][fact]["kind"] == "choice")
                    for _, word, holds in spoken)  # fmt: skip
        return truth if whole or ((fact, code, truth == 1) in self.only and self.narrowing_known(fact, code)) else 0.5

    def narrowing_known(self, fact: str, code: str) -> bool:
        if fact != "danger" or "not_sure" not in self.raw["danger"] or code in self.raw["danger"]:
            return True
        return self.only is not None and ("danger_unsure", code, False) in self.only

    def as_said(self, fact: str, code: str) -> float:
        said = self.said(fact)
        if said is None or "declined" in said or (said == ["not_sure"] and fact != "danger"):
            return 0.5
        if code in said:
            return 1
        if "not_sure" not in said:
            return 0
        narrowed = self.said("danger_unsure") if fact == "danger" else None
        return 0.5 if not narrowed or STATES & set(narrowed) or code in narrowed else 0

    def number(self, fact: str) -> float | None:
        """The number said, None if there is none."""
        value = self.raw.get(fact)
        if value is None or value in STATES or (self.only is not None and (fact, "", True) not in self.only):
            return None
        return float(value)

    def applies(self, fact: str) -> float:
        """Whether the question applies."""
        asked_if = SPEC["facts"][fact].get("asked_if")
        return 1 if asked_if is None else self.truth(asked_if)

    def truth(self, condition: dict[str, Any]) -> float:
        ((word, value),) = condition.items()
        combine: dict[str, Callable[[], float]] = {
            "all": lambda: min(map(self.truth, value)),
            "any": lambda: max(map(self.truth, value)),
            "not": lambda: 1 - self.truth(value),
            "at_least": lambda: nth_largest(map(self.truth, value["of"]), value["count"]),
        }
        return combine[word]() if word in combine else self.leaf(word, value)

    def leaf(self, fact: str, matcher: Any) -> float:  # noqa: ANN401 - rule language
        applies = self.applies(fact)
        return applies if applies < 1 else self.matched(fact, matcher)

    def matched(self, fact: str, matcher: Any) -> float:  # noqa: ANN401 - rule language
        if not isinstance(matcher, dict):
            return max(self.holds(fact, code) for code in named(matcher, codes_of(fact)))
        if "min" in matcher or "below" in matcher:
            number = self.number(fact)
            return 0.5 if number is None else float(matcher.get("min", -1e9) <= number < matcher.get("below", 1e9))
        if "count" in matcher:
            countable = [code for code in codes_of(fact) if code != exclusive(fact)]
            return nth_largest((self.holds(fact, code) for code in countable), matcher["count"])
        ((kind, words),) = matcher.items()
        return (min if kind == "all_of" else max)(self.holds(fact, code) for code in named(words, codes_of(fact)))


def place(spec: Mapping[str, Any], patient: Patient) -> tuple[list[str], bool]:
    """The regions that a finding covers, and whether the fact that should say so names none."""
    where = spec.get("where", "everywhere")
    if where == "everywhere":
        return REGIONS, False
    if not isinstance(where, dict):
        return [region for region in REGIONS if region in named(where)], False
    pool = set(named(where["in"])) if "in" in where else set(REGIONS)
    covered = {region for code in possible(where["fact"], patient) for region in spelled(code, pool)}
    return ([region for region in REGIONS if region in covered], False) if covered else (REGIONS, True)


def possible(fact: str, patient: Patient) -> list[str]:
    applies = patient.applies(fact)
    if applies == 0:
        return []
    return [code for code in codes_of(fact) if applies == 0.5 or patient.as_said(fact, code) > 0]


def spelled(code: str, pool: set[str]) -> set[str]:
    if code in REGIONS:
        return {code} & pool
    if code in GROUPS:
        return set(GROUPS[code]) & pool
    group, _, side = code.rpartition("_")
    regions = set(GROUPS[group]) & pool if group else pool
    return {region for region in regions if not region.endswith({"right": "_left", "left": "_right"}[side])}


def levels(spec: Mapping[str, Any]) -> tuple[int, int]:
    urgency = URGENCY.index(spec.get("urgency", "none"))
    needling = NEEDLING.index(spec.get("needling", "do_not_needle" if urgency >= 2 else "ok"))
    return needling, urgency


def worst(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    several = list(pairs)
    return max((pair[0] for pair in several), default=0), max((pair[1] for pair in several), default=0)


def finding(spec: Mapping[str, Any], patient: Patient) -> dict[str, Any] | None:
    """What one rule finds: status, counted levels, upper end, lower end, where."""
    truth = patient.truth(spec["when"])
    if truth == 0:
        return None
    counted = [levels(spec) if truth == 1 else levels(spec["if_unknown"])]
    sure = [levels(spec)] if truth == 1 else []
    most = [levels(spec)]
    for each in spec.get("raise", ()):
        raised = patient.truth(each["when"])
        counted += [] if raised == 0 else [levels(each) if raised == 1 else while_open(each, truth)]
        sure += [levels(each)] if truth == raised == 1 else []
        most += [levels(each)] if raised > 0 else []
    where, lost = place(spec, patient)
    return {"status": "fires" if truth == 1 else "asks", "where": where, "levels": clipped(worst(counted), lost=lost),
            "sure": worst(sure), "at_most": clipped(worst(most), lost=lost), "lost": lost}  # fmt: skip


def while_open(spec: Mapping[str, Any], found: float) -> tuple[int, int]:
    """What an open raise counts at: `if_unknown`, but `while_asking` where the rule itself only asks."""
    unknown = spec.get("if_unknown", spec)
    return levels(unknown if found == 1 else spec.get("while_asking", unknown))


def clipped(pair: tuple[int, int], *, lost: bool) -> tuple[int, int]:
    return (2, pair[1]) if lost and pair[0] > 0 else pair


def label(pair: tuple[int, int], regions: Mapping[str, int], patient: Patient) -> str:
    if pair[1] > 0:
        return "emergency" if pair[1] == 3 else "urgent_referral"
    marked = [region for region in REGIONS if patient.as_said("pain_regions", region) == 1]
    avoided = [region for region in marked if regions[region] >= 3]
    main = patient.said("main_region") or [""]
    if pair[0] == 4 or set(main) & set(avoided) or (avoided and (avoided == marked or main[0] not in marked)):
        return "do_not_needle"
    limb = {region for limb in ("arm", "leg") for mark in marked if mark in GROUPS[limb] for region in GROUPS[limb]
            if region.rpartition("_")[2] == mark.rpartition("_")[2]}  # fmt: skip
    near = ({*marked} | limb) or set(REGIONS)
    if any(regions[region] >= 2 for region in near):
        return "needs_review_before_needling"
    return "precaution" if pair[0] > 0 else "routine"


def decide(specs: Iterable[Mapping[str, Any]], raw: Mapping[str, Any]) -> dict[str, Any]:
    """The decision in the words of the command line, as far as the reference knows it."""
    patient = Patient(raw)
    findings = {spec["id"]: finding(spec, patient) for spec in specs}
    present = {name: each for name, each in findings.items() if each}
    top = worst(each["levels"] for each in present.values())
    regions = {
        region: max((each["levels"][0] for each in present.values() if region in each["where"]), default=0)
        for region in REGIONS
    }
    return {"label": label(top, regions, patient), "levels": top, "regions": regions, "findings": present,
            "at_most": worst(each["at_most"] for each in present.values())}  # fmt: skip
