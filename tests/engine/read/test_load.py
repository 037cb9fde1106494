"""Loading: every key of the language is read as meant; every fault is named at its line (books in tests/rulebooks).

In a bad book each fault is announced on its own line: `# error: message`, several behind one another.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
import yaml

from intake.engine.book.levels import Levels, Needling, Urgency
from intake.engine.book.roles import Roles
from intake.engine.book.rulebook import Everywhere, Named, Raise, Regions, Rule, RuleReview, Source
from intake.engine.book.tree import AllOf, AnyNode, AnyOf, AtLeast, Between, Not, OneOf
from intake.engine.book.vocabulary import Kind, Vocabulary
from intake.engine.read.load import examine_rulebook, kept_rulebook, kept_vocabulary, load_rulebook, load_vocabulary
from intake.engine.read.nodes import canonical
from intake.engine.read.parse import parse_nodes
from intake.engine.read.problems import Problems
from intake.errors import DataFileError
from intake.settings import RULEBOOK_PATH, VOCABULARY_PATH
from tests.engine.small import RULEBOOKS, book, condition, rule, vocabulary

MARK = "# error: "


def announced(path: Path) -> list[tuple[int, str]]:
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    return [(number, message.strip()) for number, line in lines for message in line.split(MARK)[1:]]


def listed(faults: Iterable[tuple[int, str]]) -> str:
    return "\n".join(f"{line}: {message}" for line, message in sorted(faults))


def names(folder: str) -> list[str]:
    return sorted(path.name for path in (RULEBOOKS / folder).iterdir())


@pytest.mark.parametrize("name", names("bad"))
def test_a_bad_rule_book_is_refused_with_every_fault_at_its_line(name: str) -> None:
    path = RULEBOOKS / "bad" / name
    with pytest.raises(DataFileError) as caught:
        load_rulebook(path, vocabulary())
    problems = [(problem.line, problem.text) for problem in caught.value.problems]
    assert listed(problems) == listed(announced(path))
    assert str(caught.value).startswith(f"{path}:{problems[0][0]}: {problems[0][1]}")


@pytest.mark.parametrize("name", names("bad_facts"))
def test_a_bad_vocabulary_is_refused_with_every_fault_at_its_line(name: str) -> None:
    path = RULEBOOKS / "bad_facts" / name
    with pytest.raises(DataFileError) as caught:
        load_vocabulary(path)
    problems = [(problem.line, problem.text) for problem in caught.value.problems]
    assert listed(problems) == listed(announced(path))


@pytest.mark.parametrize("name", names("good"))
def test_a_good_rule_book_loads(name: str) -> None:
    assert load_rulebook(RULEBOOKS / "good" / name, vocabulary()).version


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"version: \xff", "not UTF-8: byte 9 cannot be read"),
        (b"a: " + b"[" * 50 + b"]" * 50, "nested deeper than 40 levels"),
        (b"\x00", "not YAML: "),
    ],
)
def test_a_file_that_cannot_be_read_as_yaml(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "rules.yaml"
    path.write_bytes(content)
    assert message in str(examine_rulebook(path, vocabulary())[1][0])


BOOKS = [
    *(RULEBOOKS / "bad" / name for name in names("bad")), *(RULEBOOKS / "good" / name for name in names("good")),
    RULEBOOK_PATH, VOCABULARY_PATH,
]  # fmt: skip


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.name)
def test_without_libyaml_the_same_document_is_read_with_the_same_faults(path: Path) -> None:
    text, fast, slow = path.read_text(encoding="utf-8"), Problems(path.name), Problems(path.name)
    assert parse_nodes(text, fast, yaml.CSafeLoader) == parse_nodes(text, slow, yaml.SafeLoader)
    assert fast.in_order() == slow.in_order()


def test_a_hint_stands_apart_from_what_is_wrong() -> None:
    with pytest.raises(DataFileError) as caught:
        load_rulebook(RULEBOOKS / "bad" / "words.yaml", vocabulary())
    first = caught.value.problems[0]
    assert (first.message, first.hint) == ("unknown key in the rule book `sorces`", "did you mean `sources`?")
    assert str(first) == f"{first.file}:{first.line}: {first.message}; {first.hint}"


def test_a_missing_file_is_a_fault_like_any_other(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="cannot be read: No such file"):
        load_vocabulary(tmp_path / "facts.yaml")


def everything() -> Rule:
    return load_rulebook(RULEBOOKS / "good" / "everything.yaml", vocabulary()).rules[0]


def test_a_rule_is_read_in_full() -> None:
    full = everything()
    assert full.when == AnyNode((AnyOf("thinners", ("warfarin",)), OneOf("inr", ("high", "unstable"))))
    assert (full.levels, full.if_unknown) == (
        Levels(Needling.REVIEW_BEFORE, Urgency.NONE),
        Levels(Needling.REVIEW_BEFORE, Urgency.NONE),
    )
    assert (full.depth, full.electrical_stimulation, full.policy, full.tell) == (
        "superficial", "avoid", "anticoagulants", "Call us.",
    )  # fmt: skip
    assert full.reviewed == RuleReview("B. Tester", date(2026, 2, 1), date(2026, 12, 1))
    assert full.examples.fires[1] == {"thinners": ["warfarin", "not_sure"], "inr": "good", "age": 40.5}
    assert full.examples.asks == ({}, {"thinners": None})
    assert (full.sources, full.line) == (("book2020",), 14)


def test_raises_take_their_own_defaults() -> None:
    stop, doctor = everything().raises
    closed = Levels(Needling.DO_NOT_NEEDLE, Urgency.NONE)
    assert stop == Raise(OneOf("inr", ("unstable",)), closed, closed, closed)
    assert (doctor.when, doctor.levels) == (
        AllOf("danger", ("numb", "weak")),
        Levels(Needling.DO_NOT_NEEDLE, Urgency.SAME_DAY),
    )
    assert doctor.if_unknown == Levels(Needling.OK, Urgency.NONE)


def test_lists_regions_and_groups_become_codes() -> None:
    second = load_rulebook(RULEBOOKS / "good" / "everything.yaml", vocabulary()).rules[1]
    arms_and_head = ("head", "shoulder_right", "shoulder_left", "hand_right", "hand_left")
    assert second.when == AtLeast(
        2,
        (
            AnyOf("danger", ("fever",)),
            Not(OneOf("pregnant", ("no",))),
            Between("age", 65, None),
            Between("fear", 1, 3),
            AnyOf("pain_regions", arms_and_head),
        ),
    )
    assert second.reviewed.by == "A. Tester"


def test_a_code_that_is_also_a_group_means_the_code() -> None:
    assert condition({"lymph_limbs": "head_and_neck"}) == AnyOf("lymph_limbs", ("head_and_neck",))
    assert condition({"pain_regions": "head_and_neck"}) == AnyOf("pain_regions", ("head", "neck_right", "neck_left"))


def test_sources_and_notes() -> None:
    rulebook = load_rulebook(RULEBOOKS / "good" / "everything.yaml", vocabulary())
    assert rulebook.sources == {"book2020": Source("book2020", "A Book, 2020", 2020, "textbook", "10.1000/1")}
    assert [(note.id, note.certainty) for note in rulebook.notes] == [("helps", "low")]
    assert rulebook.concepts == ("bleeding", "fever", "evidence_free")


def test_places() -> None:
    def where(spec: object) -> object:
        return book(rule({"danger": "fever"}, needling="precaution", where=spec)).rules[0].where

    assert where("everywhere") == Everywhere()
    assert where(["leg", "head"]) == Regions(("head", "knee_right", "knee_left", "calf_right", "calf_left"))
    assert where({"fact": "lung_side", "in": "spine"}) == Named(
        "lung_side", {"right": ("neck_right", "tailbone"), "left": ("neck_left", "tailbone")}
    )


def test_the_hash_follows_the_content_and_nothing_else(tmp_path: Path) -> None:
    text = (RULEBOOKS / "good" / "everything.yaml").read_text(encoding="utf-8")

    def sha(changed: str) -> str:
        path = tmp_path / "rules.yaml"
        path.write_text(changed, encoding="utf-8")
        return load_rulebook(path, vocabulary()).sha256

    assert sha("# a comment\n" + text) == sha(text) == sha(text.replace("title: Fever", 'title:   "Fever"'))
    assert len({sha(text), sha(text.replace("Measure.", "Measure it.")), sha(text.replace("min: 65", "min: 66"))}) == 3


def test_the_hash_follows_the_vocabulary() -> None:
    path = RULEBOOKS / "good" / "everything.yaml"
    other = replace(vocabulary(), content="{}")
    assert load_rulebook(path, other).sha256 != load_rulebook(path, vocabulary()).sha256


@pytest.mark.parametrize(
    ("rules", "facts"),
    [(RULEBOOK_PATH, VOCABULARY_PATH), (RULEBOOKS / "good" / "everything.yaml", RULEBOOKS / "facts.yaml")],
)
def test_a_kept_book_is_the_book_with_its_vocabulary_in_the_same_order(rules: Path, facts: Path) -> None:
    book = load_rulebook(rules, load_vocabulary(facts))
    kept = kept_rulebook(book.content)
    assert replace(kept, vocabulary=book.vocabulary) == book
    for each in fields(Vocabulary):
        was, now = getattr(book.vocabulary, each.name), getattr(kept.vocabulary, each.name)
        assert now == was
        assert not isinstance(was, dict) or list(now) == list(was)
    assert kept_rulebook(book.content, book.vocabulary) == book


def test_a_kept_book_with_a_fault_is_refused() -> None:
    content = load_rulebook(RULEBOOKS / "good" / "everything.yaml", vocabulary()).content
    with pytest.raises(DataFileError, match="the stored rule book:1: unknown needling `review_befor`"):
        kept_rulebook(content.replace("review_before", "review_befor"))


def test_the_small_vocabulary() -> None:
    words = vocabulary()
    facts = words.facts
    assert words.regions[:4] == ("head", "neck_right", "neck_left", "tailbone")
    assert words.groups["leg"] == ("knee_right", "knee_left", "calf_right", "calf_left")
    assert words.gates == {"gate_medicines": {"thinners": ("thinners",)}}
    assert (facts["danger"].codes, facts["danger"].none, facts["danger"].narrowed_by) == (
        ("none", "fever", "numb", "weak"), "none", "danger_unsure",
    )  # fmt: skip
    assert (facts["danger_unsure"].codes, facts["danger_unsure"].none) == (("fever", "numb", "weak"), None)
    assert (facts["faint"].none, facts["lung"].none, facts["pain_regions"].codes) == ("never", None, words.regions)
    assert (facts["main_region"].codes, facts["main_region"].may_be_unknown) == (words.regions, True)
    assert (facts["filled_by"].may_be_unknown, facts["age"].may_be_unknown, facts["pain_regions"].may_be_unknown) == (
        False, True, True,
    )  # fmt: skip
    assert (facts["fear"].low, facts["fear"].high, facts["age"].high) == (0, 10, 120)
    assert (facts["inr"].worse, facts["age"].worse, facts["weeks"].unit) == (("good", "high"), "higher", "weeks")
    assert (facts["danger"].safety, facts["pregnant"].optional, facts["weeks"].hidden_is_safe) == (
        True,
        True,
        "not pregnant",
    )
    assert facts["pregnant"].codes == ("no", "yes")


def test_the_product_s_vocabulary_has_54_regions_and_no_fault() -> None:
    words = load_vocabulary(VOCABULARY_PATH)
    assert len(words.regions) == 54
    assert {fact.kind for fact in words.facts.values()} == set(Kind)


def test_roles_are_those_that_the_vocabulary_names() -> None:
    roles = load_vocabulary(VOCABULARY_PATH).roles
    assert (roles.where_it_hurts, roles.worst_place) == ("pain_regions", "main_region")
    assert roles.therapy_effects == ("therapies_helped", "therapies_no_change", "therapies_worse")
    assert roles.scores[:2] == (roles.average_pain, roles.worst_pain)


def test_a_vocabulary_that_was_stored_before_roles_keeps_its_hash_and_the_roles_of_that_time() -> None:
    words = load_vocabulary(VOCABULARY_PATH)
    content = canonical({key: value for key, value in json.loads(words.content).items() if key != "roles"})
    stored = kept_vocabulary(content)
    assert (stored.content, stored.sha256) == (content, sha256(content.encode()).hexdigest())
    assert stored.roles == replace(words.roles, peg=(), lasting=(), at_arrival=(), medicines=())


def test_a_role_that_is_left_out_is_played_by_nobody() -> None:
    content = {**json.loads(load_vocabulary(VOCABULARY_PATH).content), "roles": {"where_it_hurts": "pain_regions"}}
    assert kept_vocabulary(canonical(content)).roles == Roles(where_it_hurts="pain_regions")
