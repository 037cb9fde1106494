"""Changing the settings file leaves what a person wrote, and never what would not start."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.errors import SettingsError
from intake.settings_file import WORDS, SettingsFile, amended

WRITTEN = """\
# Harbour Lane, kept by R. Patel
clinic_name = "Harbour # Lane"   # as on the door
trusted_hosts = [
    "localhost",  # this machine
]

phone = "01632 960 001"# desk
"""


@pytest.fixture
def paper(tmp_path: Path) -> SettingsFile:
    """An instance's file, not there yet."""
    return SettingsFile(tmp_path, {})


def test_a_change_keeps_every_other_line_and_every_comment(paper: SettingsFile) -> None:
    paper.path.write_text(WRITTEN, encoding="utf-8")
    paper.change({"phone": "01632 960 002", "country": "GB"})
    after = paper.path.read_text(encoding="utf-8")
    assert after.startswith(WRITTEN.replace('"01632 960 001"# desk', '"01632 960 002"# desk'))
    assert after.endswith(f'\n# {WORDS["country"]}\ncountry = "GB"\n')


def test_a_value_on_several_lines_is_not_torn(paper: SettingsFile) -> None:
    paper.path.write_text(WRITTEN, encoding="utf-8")
    with pytest.raises(SettingsError, match="write each value on one line"):
        paper.change({"trusted_hosts": ["intake.example"]})
    assert paper.path.read_text(encoding="utf-8") == WRITTEN


def test_what_would_not_start_is_refused_and_nothing_is_written(paper: SettingsFile) -> None:
    with pytest.raises(SettingsError, match="emergency_number must be digits only"):
        paper.change({"emergency_number": "nine"})
    assert not paper.path.exists()


def test_the_file_is_the_owners_alone_and_nothing_lies_beside_it(paper: SettingsFile) -> None:
    paper.change({"phone": "1"})
    paper.change({"phone": "2"})
    assert paper.path.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in paper.instance.iterdir()} == {"settings.toml", "secret_key"}


def test_what_the_environment_sets_is_known_and_wins(tmp_path: Path) -> None:
    paper = SettingsFile(tmp_path, {"INTAKE_PHONE": "999 000", "PATH": os.defpath})
    paper.change({"phone": "1", "clinic_name": "Harbour"})
    assert paper.fixed() == {"phone"}
    assert paper.read() == {"phone": "999 000", "clinic_name": "Harbour"}


def test_a_disk_that_takes_nothing_is_told(tmp_path: Path) -> None:
    paper = SettingsFile(tmp_path, {})
    paper.path.mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        paper.change({"phone": "1"})


@given(st.text(max_size=40), st.text(alphabet='ab#"\\ \n=', max_size=20), st.text(alphabet="x#\"' ", max_size=9))
def test_any_value_comes_back_as_it_was_given(value: str, old: str, comment: str) -> None:
    value = value.encode("utf-8", "ignore").decode()
    text = f"phone = {json.dumps(old)} # {comment}\nclinic_name = 'here'\n"
    new = amended(text, {"phone": value}, "file")
    assert tomllib.loads(new) == {"phone": value, "clinic_name": "here"}
    assert f"# {comment}" in new
