"""Intake and triage questionnaire for intramuscular stimulation (IMS) and dry needling.

Over one store: patients answer (`web.patient`), rules decide (`engine`), practitioners review (`web.review`).
`engine` is pure: importing it needs no Flask. `app.py` is the only place that knows all concrete parts.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

VOCABULARY_PATH = Path(__file__).with_name("facts.yaml")
RULEBOOK_PATH = Path(__file__).with_name("rules.yaml")


def create_app() -> Flask:
    """The whole product, configured from `instance/` and the environment; where that fails, one line says why."""
    from intake.app import build  # noqa: PLC0415 - importing the engine must not need Flask
    from intake.errors import IntakeError  # noqa: PLC0415 - beside the other

    try:
        return build()
    except IntakeError as error:
        raise SystemExit(f"Cannot start: {error}") from None
