"""`rules export` writes the rule book for other systems, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import Result
from flask import Flask

from intake.cli import commands
from intake.engine.read.load import load_rulebook
from intake.interop import elm, feel
from intake.interop.plan_definition import plan_definition
from tests.engine.small import RULEBOOKS, vocabulary

BOOK = load_rulebook(RULEBOOKS / "good" / "everything.yaml", vocabulary())
EXPORTS = {"plan-definition": plan_definition, "elm": elm.library, "feel": feel.export}


def export(*words: str | Path) -> Result:
    app = Flask("small")
    app.extensions["intake"] = SimpleNamespace(rulebook=BOOK)
    commands.register(app)
    return app.test_cli_runner().invoke(args=["rules", "export", *map(str, words)])


@pytest.mark.parametrize("form", EXPORTS)
def test_it_is_written_to_standard_output_or_to_a_file(form: str, tmp_path: Path) -> None:
    shown = export("--format", form)
    assert (shown.exit_code, json.loads(shown.stdout)) == (0, EXPORTS[form](BOOK))
    assert export("--format", form, tmp_path / "out.json").exit_code == 0
    assert (tmp_path / "out.json").read_text(encoding="utf-8") == shown.stdout


def test_other_formats_and_places_are_refused(tmp_path: Path) -> None:
    refused = export("--format", "drools")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "plan-definition" in refused.stderr
    assert export("--format", "elm", tmp_path / "nowhere" / "out.json").exit_code == 1
