"""Facts are found by their roles: what decides and shows intakes spells no fact's name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import intake
from intake.engine.read.roles import BEFORE_ROLES
from tests.support.small_clinic import vocabulary

HOUSE = Path(str(intake.__file__)).parent
ROOMS = ("engine", "workflow", "web")
# The names of roles themselves, and the facts that had them before they were named.
EXCEPT = {HOUSE / "engine" / "read" / "roles.py"}
MODULES = [path for room in ROOMS for path in sorted((HOUSE / room).rglob("*.py")) if path not in EXCEPT]


def spelled(source: str) -> Iterator[str]:
    """The facts of the vocabulary that a module names in a text of its own."""
    texts = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return (f"`{text}`" for text in texts if isinstance(text, str) and text in vocabulary().facts)


@pytest.mark.parametrize("room", ROOMS)
def test_no_module_spells_the_name_of_a_fact(room: str) -> None:
    here = [path for path in MODULES if path.is_relative_to(HOUSE / room)]
    names = [f"{path.relative_to(HOUSE)} spells {name}" for path in here for name in spelled(path.read_text("utf-8"))]
    assert len(here) > 10
    assert names == [], "give the fact a role in facts.yaml, and read it from there"


def test_a_module_that_spells_one_would_be_named() -> None:
    assert list(spelled('PAIN = {"pain_regions": 1}')) == ["`pain_regions`"]


def test_the_roles_of_before_are_the_names_that_stored_vocabularies_have() -> None:
    assert set(BEFORE_ROLES.values()) <= vocabulary().facts.keys()
