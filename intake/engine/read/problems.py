"""What is wrong in a file: every fault with its line, collected while reading goes on, told all at once."""

from __future__ import annotations

from collections.abc import Iterable

from intake.errors import DataFileError, Problem, did_you_mean

MOST = 500  # problems of one file that are told; to look for the nearest right word takes its time


class Problems:
    """Everything wrong in one file so far."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._noted: list[Problem] = []

    def __len__(self) -> int:
        return len(self._noted)

    def add(self, line: int, message: str, hint: str = "") -> None:
        """Note one problem and, where it is known, what to write instead."""
        if len(self._noted) == MOST:
            self._noted.append(Problem(self.file, line, f"more than {MOST} problems: mend these first"))
        if len(self._noted) > MOST:
            return
        self._noted.append(Problem(self.file, line, message, hint))

    def unknown(self, line: int, what: str, word: str, known: Iterable[str]) -> None:
        """Note a word that nothing is called by, with the right word nearest to it."""
        hint = did_you_mean(word, known) if len(self._noted) < MOST else ""
        self.add(line, f"unknown {what} `{word}`", hint)

    def in_order(self) -> tuple[Problem, ...]:
        """All problems from the top of the file down, each once."""
        return tuple(sorted(dict.fromkeys(self._noted), key=lambda problem: problem.line))

    def refuse(self) -> None:
        """Raise DataFileError if anything is wrong."""
        if self._noted:
            raise DataFileError(self.in_order())
