"""What a stranger types costs time in step with its length: sixteen times the text, at most twenty times the time."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from datetime import date

import pytest

from intake.questions import typed_text
from intake.questions.typed_text import TypedError
from intake.storage.name_index import name_parts
from intake.workflow.keeping import accounts, passwords
from intake.workflow.review.queue import from_text
from tests.support.visitor import bare_app

SHORT, LONG = 4 * 1024, 64 * 1024
MOST = 20
FLOOR = 200_000  # nanoseconds; below it a ratio measures the machine
TRIES = 30  # the quickest call of each counts: what else the machine does makes calls slower, never quicker
NEVER = 10**12
TODAY = date(2026, 11, 22)

READERS: dict[str, Callable[[str], object]] = {
    "line": lambda text: typed_text.read_line(text, typed_text.NAME_LIMIT),
    "text": lambda text: typed_text.clean_text(text, typed_text.TEXT_LIMIT),
    "number": lambda text: typed_text.read_number(text, 0, 10),
    "phone": typed_text.read_phone,
    "email": typed_text.read_email,
    "month": typed_text.read_month,
    "born": lambda text: typed_text.read_birth_date(text, text, text, TODAY),
    "born_month": lambda text: typed_text.read_birth_date("1", text, "1985", TODAY),
    "name_index": name_parts,
    "address": accounts.known_email,
    "password": lambda text: passwords.problems(text, "a@example.org"),
    "password_address": lambda text: passwords.problems("kestrel lamp orbit seven", text),
    "position": from_text,
}
TEXTS: dict[str, Callable[[int], str]] = {
    "marks": lambda size: "a" + "\u0316\u0301" * (size // 4),
    "marks_and_blanks": lambda size: " " * (size // 2) + "\u0316\u0301" * (size // 8),
    "letters": lambda size: "a" * size,
    "digits": lambda size: "1" * size,
    "digits_then_letter": lambda size: "1" * size + "a",
    "digits_between": lambda size: "a" + "1" * size + "a",
    "signs": lambda size: "a@." * (size // 3),
    "blanks": lambda size: " " * size + "x",
    "breaks": lambda size: "\r\n" * (size // 2),
    "wide": lambda size: "\ufdfa" * (size // 3),
    "jamo": lambda size: "\u1100\u1161" * (size // 6),
}


def cost(reader: Callable[[str], object], text: str) -> int:
    """Processor time of one call in nanoseconds."""
    begun = time.process_time_ns()
    with contextlib.suppress(TypedError, ValueError):
        reader(text)
    return time.process_time_ns() - begun


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("reader", READERS)
def test_a_long_text_costs_no_more_than_in_step_with_its_length(reader: str, text: str) -> None:
    short = long = NEVER
    with bare_app().test_request_context():
        for _try in range(TRIES):
            short, long = (
                min(best, cost(READERS[reader], TEXTS[text](size))) for best, size in ((short, SHORT), (long, LONG))
            )
            if long <= MOST * max(short, FLOOR):
                return
    pytest.fail(f"{LONG} characters cost {long / max(short, FLOOR):.0f} times what {SHORT} cost")


def test_a_name_that_comes_in_pieces_is_taken() -> None:
    assert typed_text.read_line("Zoe\u0308 " * 25, typed_text.NAME_LIMIT) == " ".join(["Zo\xeb"] * 25)
