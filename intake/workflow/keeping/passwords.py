"""Which passwords staff may choose: long, and none that everybody tries first. Pure."""

from __future__ import annotations

import re
from itertools import pairwise

SHORTEST = 12
LONGEST = 128
FEWEST_DIFFERENT = 5
LOOKALIKES = str.maketrans("013457@$!", "oleastasi")

# What is left of popular passwords when digits, signs and repetition are taken away.
COMMON = frozenset(
    """abc abcabc abcd abcdef abcdefgh abcdefghijkl access admin administrator adminadmin asdf asdfasdf asdfgh asdfghjkl
    azerty azertyuiop baseball basketball batman blink butterfly changeme changemenow charlie chocolate clinic computer
    dallas default demo doctor donald dragon dryneedling football freedom george guest hello helloworld hunter iloveyou
    iloveyouiloveyou internet intramuscular jennifer jesus jordan killer letmein letmeinletmein login manchester master
    michael monkey mustang needling nurse passpass password passwordpassword passphrase passwort patient physio
    physiotherapy pokemon practice princess qazwsx qazwsxedc qwerty qwertyqwerty qwertyuiop qwertyuiopasdf root secret
    secretsecret shadow soccer spring starwars summer sunshine superman superuser temp test testing testtest thomas
    trustno trustnoone user username welcome welcometoclinic welcomewelcome whatever winter zaqxsw zxcvbn zxcvbnm
""".split()  # noqa: SIM905 - a hundred quoted words are no easier to read
)


def problems(password: str, email: str) -> tuple[str, ...]:
    """What is wrong with a password, as sentences; empty: nothing."""
    plain = password.casefold()
    checks = (
        (len(password) < SHORTEST, f"Use at least {SHORTEST} characters."),
        (len(password) > LONGEST, f"Use at most {LONGEST} characters."),
        (len(set(plain)) < FEWEST_DIFFERENT or _common(plain), "This password is one of the first that others try."),
        (_name(email) in plain if _name(email) else False, "Leave your own name or email out of it."),
    )
    return tuple(sentence for wrong, sentence in checks if wrong)


def _common(plain: str) -> bool:
    letters = {re.sub(r"[^a-z]", "", text) for text in (plain, plain.translate(LOOKALIKES))}
    ends_cut = re.sub(r"[^a-z]", "", re.sub(r"^[\d\W_]+|[\d\W_]+$", "", plain).translate(LOOKALIKES))
    return bool(({*letters, ends_cut}) & COMMON) or _runs(plain)


def _runs(plain: str) -> bool:
    """Whether a password is keys in a row, up or down."""
    steps = [ord(right) - ord(left) for left, right in pairwise(plain)]
    return bool(steps) and sum(step in (-1, 0, 1) for step in steps) > len(steps) * 2 // 3


def _name(email: str) -> str:
    name = email.casefold().partition("@")[0]
    return name if len(name) >= FEWEST_DIFFERENT else ""
