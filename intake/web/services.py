"""What the views work with: the clinic, its details, questions, rule book; handed over by the composition root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import current_app, g, has_app_context

if TYPE_CHECKING:
    from intake.engine.book.rulebook import Rulebook
    from intake.engine.book.vocabulary import Vocabulary
    from intake.questions.about.aftercare import Aftercare
    from intake.questions.consent.table import ConsentTable
    from intake.questions.questionnaire import Questionnaire
    from intake.web.rendering import ClinicDetails
    from intake.workflow.keeping.first_run import SettingsEdit
    from intake.workflow.shared.clinic import Books, Clinic

EXTENSION = "intake"


@dataclass(frozen=True, slots=True)
class Services:
    """One application's parts. `secure`: reached over https only, so that cookies never travel without it.

    `renew` lets the server begin anew with the settings as they are now; False where it cannot.
    `consent`: what consent sheets say, in the clinic's words.
    """

    details: ClinicDetails
    questionnaire: Questionnaire
    books: Books
    aftercare: Aftercare
    consent: ConsentTable
    open_clinic: Callable[[], Clinic]
    settings_file: SettingsEdit
    renew: Callable[[], bool]
    secure: bool

    @property
    def clinic(self) -> Clinic:
        """The clinic, opened when it is first wanted; raises StorageError where it cannot be."""
        return self.open_clinic()

    @property
    def vocabulary(self) -> Vocabulary:
        """This program's vocabulary."""
        return self.books.shipped.vocabulary

    @property
    def rulebook(self) -> Rulebook:
        """The rule book in force; within one request always the same, also where another is published meanwhile."""
        if not has_app_context():
            return self.clinic.rulebook()
        if "rulebook" not in g:
            g.rulebook = self.clinic.rulebook()
        return cast("Rulebook", g.rulebook)


def services() -> Services:
    """The parts of the application that serves this request."""
    return cast("Services", current_app.extensions[EXTENSION])
