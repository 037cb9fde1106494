"""The clinic's papers in a backup: overlay, own words, settings without secrets; taken, and put into an instance.

Not among them: the keys, `secret_key`, `database_url` and the passwords of mail server and webhook. A paper that is
there already is never overwritten.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from pathlib import Path

from intake.errors import StorageError
from intake.questions.about.practitioners import FILE_NAME as CARDS_NAME
from intake.questions.consent.wording import FILE_NAME as CONSENT_NAME
from intake.settings import FILE_NAME, OVERLAY_NAME, Settings
from intake.settings_file import as_toml
from intake.storage import keyring
from intake.storage.files import write_new
from intake.workflow.keeping.backup import Papers, backup
from intake.workflow.keeping.upgrades import Upgrade

PASSWORDS = ("secret_key", "database_url", "smtp_password", "webhook_secret")
OWN_WORDS = (CARDS_NAME, CONSENT_NAME)
SECRET = frozenset({"instance", "overlay", *PASSWORDS})  # an overlay goes under its usual name


def collect(settings: Settings) -> dict[str, bytes]:
    """The papers of the instance that is in force, settings from the environment included."""
    papers = {FILE_NAME: settings_text(_portable(settings))}
    if settings.overlay_file is not None:
        papers[OVERLAY_NAME] = settings.overlay_file.read_bytes()
    own = ((name, settings.instance / name) for name in OWN_WORDS)
    papers |= {name: place.read_bytes() for name, place in own if place.exists()}
    return papers


def before_upgrade(settings: Settings, clock: Callable[[], datetime]) -> Upgrade:
    """What an upgrade of this instance keeps of it first."""

    def copy(target: Path) -> None:
        keys = keyring.read(settings.keys_folder)
        backup(settings.database, target, keys=keys, papers=collect(settings), now=clock())

    return Upgrade(settings.instance / "backups", clock(), copy)


def settings_text(values: Mapping[str, object]) -> bytes:
    """Settings as their file holds them."""
    return "".join(f"{name} = {as_toml(value)}\n" for name, value in values.items()).encode()


def put(settings: Settings, papers: Papers) -> list[str]:
    """Bring papers into an instance; says what it kept and what differs; raises StorageError over another overlay."""
    _refuse_other_overlay(settings, papers)
    told = []
    for name, content in papers.items():
        place = settings.instance / name
        if not place.exists() and not (name == OVERLAY_NAME and settings.overlay_file):
            write_new(place, content)
            told.append(f"{place} is put back.")
    return [*told, *_differences(settings, papers)]


def _refuse_other_overlay(settings: Settings, papers: Papers) -> None:
    """Patients must not be judged by other rules than before without a word."""
    here = settings.overlay_file
    if here is not None and here.read_bytes() != papers.get(OVERLAY_NAME):
        there = "another one is in the backup" if OVERLAY_NAME in papers else "there is none in the backup"
        raise StorageError(f"{here} is the overlay here, and {there}: move it away first. Nothing was changed.")


def _differences(settings: Settings, papers: Papers) -> Iterator[str]:
    """What is set here, in the file or the environment, otherwise than when the backup was made."""
    before = tomllib.loads(papers[FILE_NAME].decode())
    defaults = {each.name: each.default for each in fields(Settings)}
    for name, value in _portable(settings).items():
        said_here = value != defaults[name]
        if said_here and as_toml(value) != as_toml(before.get(name, defaults[name])):
            yield f"Check {name}: it is set here otherwise than when the backup was made."


def _portable(settings: Settings) -> dict[str, object]:
    return {each.name: getattr(settings, each.name) for each in fields(Settings) if each.name not in SECRET}
