"""The list for the people who will sign holds every rule that rests on consensus, in its own words, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from tests.test_cases import book

PAGE = Path(__file__).parents[2] / "docs" / "sign-off.md"


def test_every_rule_on_consensus_is_listed_with_its_sentence_and_a_question() -> None:
    listed = dict(
        re.findall(r"^\| `([a-z0-9-]+)` \| (.*?) \| .*\?[^|]* \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    )
    wanted = {rule.id: rule.because for rule in book().rules if rule.strength == "consensus"}
    assert listed == wanted


def test_what_is_missing_names_the_sources_of_the_rule_or_that_there_is_none() -> None:
    missing = dict(
        re.findall(
            r"^\| `([a-z0-9-]+)` \| .* \| (.*) \| [^|]*\? ?[^|]*\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
        )
    )
    for rule in book().rules:
        if rule.strength == "consensus":
            told = missing[rule.id]
            assert told.endswith(", ".join(rule.sources)) if rule.sources else told.startswith("no source"), rule.id
