"""Every error the product raises on purpose: one root, few leaves, messages written for the reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches


class IntakeError(Exception):
    """Root of all errors that the product raises on purpose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a data file, at a place that the reader can open; `hint` says what to write instead."""

    file: str
    line: int
    message: str
    hint: str = ""

    @property
    def text(self) -> str:
        """What is wrong, and what to write instead."""
        return f"{self.message}; {self.hint}" if self.hint else self.message

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class DataFileError(IntakeError):
    """A vocabulary or rule file that cannot be used; `problems` names every fault at once."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class QuestionnaireError(IntakeError):
    """Pages that do not ask exactly what the vocabulary holds; the message has one line for each fact."""


class AnswerError(IntakeError):
    """An intake with a fact, code or value that the vocabulary does not know; never carries the text of a patient."""


class SettingsError(IntakeError):
    """A setting that is missing, unknown, of the wrong type or too weak."""


class StorageError(IntakeError):
    """The database cannot be used as it is: newer than the code, damaged or locked."""


class DamagedError(StorageError):
    """One sealed value that does not open: it was damaged, or moved here from another place. The others stand.

    `place` is its table, row and column.
    """

    def __init__(self, place: str) -> None:
        self.place = place
        super().__init__(f"{place} cannot be opened: it is damaged, or was moved from another place.")


class StaleError(IntakeError):
    """The record changed since the reader loaded it; nothing was written."""


class NotFoundError(IntakeError):
    """No such record, or not one that this reader may see: the two look alike on purpose."""


class ForeignFileError(IntakeError):
    """A file of another system that cannot be read at all; the message says what to send instead."""


class PublishingError(IntakeError):
    """A rule book may not take this step towards being in force; nothing was changed."""


class MissingExtraError(IntakeError):
    """A part of the program that this installation goes without; the message says how to get it."""


class LimitError(IntakeError):
    """Too many tries in a short time; `wait` is the time until the next one may be within the limit."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(f"too many tries; the next one counts in {int(wait.total_seconds())} seconds")


class DeliveryError(IntakeError):
    """A message that was not accepted, and in a few words of ours why; `is_whole`: no other one would be either."""

    def __init__(self, reason: str, *, is_whole: bool = False) -> None:
        self.reason = reason
        self.is_whole = is_whole
        super().__init__(reason)


class EvaluationError(IntakeError):
    """Deciding an intake failed; carries the rule and the type of the cause, never an answer."""

    def __init__(self, rule: str, cause: str) -> None:
        self.rule = rule
        self.cause = cause
        super().__init__(f"`{rule}` could not be evaluated ({cause})")


LONGEST_WORD = 80  # letters of a wrong word that are compared: to compare takes the square of them


def nearest(word: str, known: Iterable[str]) -> str:
    """The closing words of a message about an unknown word: the right word that looks most like it."""
    hint = did_you_mean(word, known)
    return f"; {hint}" if hint else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The question that names the right word which looks most like this one; empty if nothing is known."""
    matches = get_close_matches(word[:LONGEST_WORD].lower(), list(known), n=1, cutoff=0)
    return f"did you mean `{matches[0]}`?" if matches else ""
