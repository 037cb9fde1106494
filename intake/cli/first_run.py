"""The first start at a terminal asks what no default can know: the clinic's name, its phone, its time zone."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click

from intake import time_zones
from intake.cli import papers
from intake.errors import SettingsError
from intake.settings import FILE_NAME, Settings
from intake.storage.files import write_new


def ask(settings: Settings) -> None:
    """Ask, write settings.toml and start anew with it; nothing where it was asked before, or nobody is there to ask."""
    file = settings.instance / FILE_NAME
    if file.exists() or settings.phone or settings.demo or not sys.stdin.isatty():
        return
    click.echo(f"A first start. Three questions, kept in {file}; Enter takes what stands in brackets.")
    answers = {
        "clinic_name": click.prompt("Name of the clinic", default=settings.clinic_name),
        "phone": click.prompt("Phone that patients call", default="", show_default=False),
        "time_zone": click.prompt("Time zone of the clinic", default=settings.zone.key, value_proc=_zone),
    }
    write_new(file, papers.settings_text({name: answer.strip() for name, answer in answers.items() if answer.strip()}))
    start_again()


def start_again() -> NoReturn:
    """Run this very command anew, over the settings as they are now."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - this very command


def _zone(name: str) -> str:
    """A zone that there is, or the question again with the nearest right one."""
    try:
        return time_zones.zone(name.strip()).key
    except SettingsError as error:
        raise click.BadParameter(str(error)) from error
