"""Intake and triage questionnaire for intramuscular stimulation (IMS) and dry needling.

One folder for each use and each person; a folder's docstring says its claim and the order of reading. From the ground
up: `engine` (rules over facts: pure, without Flask), `questions` and `forms` (the questionnaire as a patient meets it),
`storage` (rows), `workflow` (what the clinic does, without HTTP), `interop`, `web` (`patient`, `desk`, `staff`), `cli`;
and `app`, the only place that knows all concrete parts. `facts.yaml` is the vocabulary, `rules.yaml` the rule book;
`settings`, `languages`, `time_zones`, `logs` and `errors` are what one installation is told and says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def create_app() -> Flask:
    """The whole product, configured from `instance/` and the environment; where that fails, one line says why."""
    from intake.app import build  # noqa: PLC0415 - importing the engine must not need Flask
    from intake.errors import IntakeError  # noqa: PLC0415 - beside the other

    try:
        return build()
    except IntakeError as error:
        raise SystemExit(f"Cannot start: {error}") from None
    except OSError as error:
        foreign = "does it belong to the user who starts this, and may it be written?"
        raise SystemExit(f"Cannot start: {error.filename}: {error.strerror}; {foreign}") from None
