"""Which passwords staff may choose: long, and not soon guessed by somebody who knows the address. Pure.

zxcvbn counts the guesses: it knows 30,000 popular passwords, names, words, dates, keys in a row, and how people bend
them. What it knows about a password, others know first.
"""

from __future__ import annotations

import re

SHORTEST = 15
LONGEST = 128
JUDGED = 30  # letters that are judged: what stands behind them only makes a password better
FEWEST_GUESSES = 10**10  # zxcvbn's highest score: safe where a stolen hash is slow to try
SHORTEST_NAME = 5
TRADE = (
    "dry",
    "needling",
    "dryneedling",
    "intramuscular",
    "stimulation",
    "physio",
    "physiotherapy",
    "clinic",
    "intake",
)
FEWEST_DIFFERENT = 5


def problems(password: str, email: str) -> tuple[str, ...]:
    """What is wrong with a password, as sentences; empty: nothing. One of the wrong length is not looked at."""
    if len(password) < SHORTEST:
        return (f"Use at least {SHORTEST} characters.",)
    if len(password) > LONGEST:
        return (f"Use at most {LONGEST} characters.",)
    plain = password.casefold()
    checks = (
        (_names(plain, email), "Leave your own name or email out of it."),
        (
            _soon_guessed(plain, email),
            "This password is soon guessed: three or four words that do not go together are not.",
        ),
    )
    return tuple(sentence for wrong, sentence in checks if wrong)


def _names(plain: str, email: str) -> bool:
    """Whether the password holds the address, or the name in it."""
    address = email.strip()[: 2 * LONGEST].casefold()
    name = address.partition("@")[0]
    spelt = _letters(address)
    return bool(spelt) and ((len(name) >= SHORTEST_NAME and name in plain) or spelt in _letters(plain))


def _soon_guessed(plain: str, email: str) -> bool:
    from zxcvbn import zxcvbn  # noqa: PLC0415 - 14 MB of lists, which only the choice of a password needs

    if len(set(plain)) < FEWEST_DIFFERENT:
        return True
    known = [*TRADE, *re.findall(r"\w+", email[: 2 * LONGEST].casefold())]
    return bool(zxcvbn(plain[:JUDGED], user_inputs=known)["guesses"] < FEWEST_GUESSES)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text)
