"""No account exists until the one-time token made the first; every change ends the sessions it should, under audit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from intake.errors import IntakeError, NotFoundError, StaleError
from intake.storage import audit, installation
from intake.workflow.keeping import accounts, passwords
from intake.workflow.keeping.accounts import Act, NewAccount
from tests.support.small_clinic import NOW, SmallClinic

ONCE = "one time only"
ANNA = NewAccount("Anna@Clinic.example", "hash", "stamp")


def act(number: int = 1) -> Act:
    return Act("system", f"stamp-{number}")


def audited(clinic: SmallClinic) -> list[str]:
    with clinic.database.read() as connection:
        return [entry.action for entry in audit.of_object(connection, "staff", "1")]


def test_there_is_no_account_at_first(clinic: SmallClinic) -> None:
    assert accounts.everyone(clinic) == ()


def test_the_token_makes_one_account_once(clinic: SmallClinic) -> None:
    assert accounts.offer_setup(clinic, ONCE)
    assert accounts.complete_setup(clinic, ONCE, ANNA) == 1
    with pytest.raises(NotFoundError):
        accounts.complete_setup(clinic, ONCE, NewAccount("b@clinic.example", "hash", "other"))
    assert [account.email for account in accounts.everyone(clinic)] == ["anna@clinic.example"]
    assert not accounts.offer_setup(clinic, "another")


def test_two_at_once_with_the_token_make_one_account(clinic: SmallClinic) -> None:
    accounts.offer_setup(clinic, ONCE)

    def come(number: int) -> None:
        try:
            accounts.complete_setup(clinic, ONCE, NewAccount(f"{number}@clinic.example", "hash", f"s{number}"))
        except IntakeError:
            refused.append(number)

    refused: list[int] = []
    threads = [Thread(target=come, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(accounts.everyone(clinic)), len(refused)) == (1, 7)


@pytest.mark.parametrize(("token", "late"), [("wrong", 0), (ONCE, 30), ("", 0)])
def test_a_wrong_or_old_token_opens_nothing(clinic: SmallClinic, token: str, late: int) -> None:
    accounts.offer_setup(clinic, ONCE)
    clinic.clock.now = NOW + timedelta(minutes=late)
    assert not accounts.setup_is_open(clinic, token)
    with pytest.raises(NotFoundError):
        accounts.complete_setup(clinic, token, ANNA)
    clinic.clock.now = NOW + timedelta(minutes=29)
    assert accounts.setup_is_open(clinic, ONCE)


def test_a_new_start_voids_the_old_token_and_stores_no_token(clinic: SmallClinic) -> None:
    accounts.offer_setup(clinic, ONCE)
    accounts.offer_setup(clinic, "newer")
    assert not accounts.setup_is_open(clinic, ONCE)
    with clinic.database.read() as connection:
        assert "newer" not in str(installation.read(connection, accounts.SETUP))


def test_an_account_made_otherwise_closes_the_offer(clinic: SmallClinic) -> None:
    accounts.offer_setup(clinic, ONCE)
    accounts.add(clinic, ANNA, "command line")
    assert not accounts.setup_is_open(clinic, ONCE)


def test_an_address_is_one_account_however_it_is_written(clinic: SmallClinic) -> None:
    accounts.add(clinic, ANNA, "system")
    with pytest.raises(StaleError, match=r"anna@clinic\.example has an account"):
        accounts.add(clinic, NewAccount(" ANNA@clinic.example ", "hash", "other"), "system")
    account = accounts.by_email(clinic, "anna@CLINIC.example")
    assert account is not None
    assert accounts.by_stamp(clinic, "stamp") == account


def test_every_change_ends_the_sessions_and_is_audited(clinic: SmallClinic) -> None:
    accounts.add(clinic, ANNA, "system")
    changes: tuple[Callable[[], None], ...] = (
        lambda: accounts.set_active(clinic, ANNA.email, act(1), active=False),
        lambda: accounts.set_active(clinic, ANNA.email, act(2), active=True),
        lambda: accounts.set_password(clinic, ANNA.email, "new hash", act(3)),
        lambda: accounts.sign_out(clinic, 1, "stamp-4"),
    )
    stamps = ("stamp", "stamp-1", "stamp-2", "stamp-3", "stamp-4")
    for number, change in enumerate(changes, start=1):
        change()
        assert [stamp for stamp in stamps if accounts.by_stamp(clinic, stamp)] == [stamps[number]]
    expected = ["account_added", "account_disabled", "account_enabled", "password_reset", "signed_out"]
    assert audited(clinic) == expected


def test_an_unknown_address_is_named(clinic: SmallClinic) -> None:
    with pytest.raises(NotFoundError, match="No account has the address"):
        accounts.set_active(clinic, "nobody@clinic.example", act(), active=False)


@pytest.mark.parametrize(
    "weak",
    [
        *("short", "kp7w2mxq9rth", "password12345678", "P@ssw0rd2024!!!!", "aaaaaaaaaaaaaaaa", "1234567890123456"),
        *("Physiotherapy2026", "annamorgan-x1-zzqkwf", "iloveyou-iloveyou", "qwertyuiopasdfgh", "DryNeedlingClinic1"),
        *("annamorgan@clinic.example", "AnnaMorgan.Clinic.Example", "1q2w3e4r5t6y7u8i", "abababababababab"),
    ],
)
def test_passwords_that_everybody_tries_are_refused(weak: str) -> None:
    assert passwords.problems(weak, "annamorgan@clinic.example")


@pytest.mark.parametrize(
    "strong",
    [
        "correct horse battery",
        "gentle-otter-walks-57",
        "kp7w2mxq9rthv4z",
        "тихие выдры гуляют",
        "سبعة طيور فوق الميناء",
    ],
)
def test_long_unlikely_passwords_pass(strong: str) -> None:
    assert passwords.problems(strong, "annamorgan@clinic.example") == ()


def test_the_popular_passwords_that_are_long_enough_are_refused_and_so_are_two_of_the_short_ones() -> None:
    popular = list(FREQUENCY_LISTS["passwords"])[:10_000]
    long = [word for word in popular if len(word) >= passwords.SHORTEST]
    doubled = [first + first for first in popular if 2 * len(first) >= passwords.SHORTEST][:300]

    assert len(popular) == 10_000
    assert long + doubled
    assert [word for word in long + doubled if not passwords.problems(word, "anna@clinic.example")] == []


@pytest.mark.parametrize("address", ["ada@b.example", "ada.b@clinic.example"])
def test_a_password_is_not_the_address(address: str) -> None:
    for password in (address, address.upper(), f"{address}-{address}", address.replace("@", " ").replace(".", "-")):
        assert passwords.problems(password, address), password
