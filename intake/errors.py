"""Every error the product raises on purpose: one root, few leaves, messages written for the reader."""

from __future__ import annotations

from dataclasses import dataclass


class IntakeError(Exception):
    """Root of all errors that the product raises on purpose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a data file, at a place that the reader can open."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class DataFileError(IntakeError):
    """A vocabulary or rule file that cannot be used; `problems` names every fault at once."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class AnswerError(IntakeError):
    """An intake with a fact, code or value that the vocabulary does not know; never carries the patient's value of a text."""


class SettingsError(IntakeError):
    """A setting that is missing, unknown, of the wrong type or too weak."""


class StorageError(IntakeError):
    """The database cannot be used as it is: newer than the code, damaged or locked."""


class StaleError(IntakeError):
    """The record changed since the reader loaded it; nothing was written."""


class NotFoundError(IntakeError):
    """No such record, or not one that this reader may see: the two look alike on purpose."""
