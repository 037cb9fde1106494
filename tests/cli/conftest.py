"""Rule books as files, for the commands that read one."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.settings import RULEBOOK_PATH

TEXT = RULEBOOK_PATH.read_text(encoding="utf-8")
REFUSED = "needling-refused"


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The shipped book without the rule on patients who do not want needles."""
    start = TEXT.index(f"- id: {REFUSED}\n")
    end = TEXT.index("\n- id: ", start) + 1
    file = tmp_path / "changed.yaml"
    file.write_text(TEXT[:start] + TEXT[end:], encoding="utf-8")
    return file


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A file that is no rule book."""
    file = tmp_path / "faulty.yaml"
    file.write_text("version: '1'\nrulez: []\n", encoding="utf-8")
    return file
