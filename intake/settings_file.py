"""Changing `settings.toml` and leaving it readable: the rest of the file, comments included, stays as it was written.

A change is checked with all other settings before it is written, and put in place whole.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from intake import settings
from intake.errors import SettingsError
from intake.storage.files import replace

HEAD = """\
# The clinic's settings, filled in by the first run. Each name is explained in the README under "Configuration".
# What is changed here counts from the next start (or reload) of the program.
"""
WORDS = {
    "clinic_name": "What patients read on every page.",
    "country": "Two letters; whose numbers, dates and clock the lines below were filled in from.",
    "emergency_number": "What the red cards tell patients to call. Wrong, it costs minutes: ring nothing, look it up.",
    "crisis_line": "For somebody who thinks of killing themselves; empty: the emergency number.",
    "time_zone": "Whose day and clock count.",
    "language": "Of the pages, and how dates are written.",
    "phone": "The clinic's own phone; without it no patient can begin.",
    "duty_address": "Who is written to at once when an alarm opens.",
    "smtp_host": "The mail server, and the address that mails come from.",
}
CHANGING = Lock()


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """The settings of one instance as they would count from the next start."""

    instance: Path
    environment: Mapping[str, str]

    @property
    def path(self) -> Path:
        """Where the file is, or will be."""
        return self.instance / settings.FILE_NAME

    def read(self) -> dict[str, object]:
        """What is set, by name: in the file, or by the environment, which wins; raises SettingsError."""
        return {**settings.from_file(self.path), **settings.from_environment(self.environment)}

    def fixed(self) -> frozenset[str]:
        """The names that variables of the environment set: the file cannot change them."""
        return frozenset(settings.from_environment(self.environment))

    def change(self, values: Mapping[str, object]) -> None:
        """Write these; raises SettingsError, and changes nothing, where the whole would not start."""
        with CHANGING:
            before = self._text()
            after = amended(before, values, str(self.path))
            settings.combined(self.instance, {**settings.from_file(self.path), **values}, self.environment)
            try:
                replace(self.path, after.encode())
            except OSError as error:
                raise SettingsError(f"{self.path} cannot be written: {error.strerror}") from error

    def _text(self) -> str:
        try:
            return self.path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            return HEAD
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{self.path} cannot be read: {error}") from error


def amended(text: str, values: Mapping[str, object], place: str) -> str:
    """The file's text with these values: on the line that had the name, else below, under a comment of its own."""
    lines = text.splitlines()
    for name, value in values.items():
        at = _line_of(name, lines)
        if at is None:
            lines += [*_heading(name), f"{name} = {as_toml(value)}"]
        else:
            lines[at] = f"{name} = {as_toml(value)}{_comment(lines[at])}"
    new = "\n".join(lines) + "\n"
    if _parsed(new) != {**(_parsed(text) or {}), **values}:
        raise SettingsError(f"{place}: cannot be changed without losing something: write each value on one line")
    return new


def as_toml(value: object) -> str:
    """A setting as TOML writes it: JSON does it alike but for one sign."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _line_of(name: str, lines: list[str]) -> int | None:
    named = re.compile(rf"\s*[\"']?{re.escape(name)}[\"']?\s*=")
    return next((number for number, line in enumerate(lines) if named.match(line)), None)


def _comment(line: str) -> str:
    """What stands behind the value, from the blanks before its `#` on."""
    for found in re.finditer(r"\s*#", line):
        if _parsed(line[: found.start()]) is not None:
            return line[found.start() :]
    return ""


def _heading(name: str) -> list[str]:
    return ["", f"# {WORDS[name]}"] if name in WORDS else []


def _parsed(text: str) -> dict[str, object] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None
