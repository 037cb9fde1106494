"""Key files are private, whole or absent, never overwritten, and never replaced when they are lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from intake.errors import StorageError
from intake.storage import keyring, subjects
from intake.storage.crypto import Keys
from tests.support.small_clinic import SmallClinic

NAMES = {"audit-1", "index-1", "kek-1"}


def contents(keys: Keys) -> tuple[object, ...]:
    return (dict(keys.masters), keys.current, keys.index, keys.audit)


def test_the_first_start_draws_private_keys(tmp_path: Path) -> None:
    directory = tmp_path / "instance" / "keys"
    keys = keyring.read_or_create(directory)
    assert {path.name: path.stat().st_mode & 0o777 for path in directory.iterdir()} == dict.fromkeys(NAMES, 0o600)
    assert directory.stat().st_mode & 0o777 == 0o700
    assert len({keys.masters["kek-1"], keys.index, keys.audit}) == 3


def test_the_next_start_finds_the_same(tmp_path: Path) -> None:
    first = keyring.read_or_create(tmp_path / "keys")
    assert contents(keyring.read_or_create(tmp_path / "keys")) == contents(first)


def test_two_installations_have_different_keys(tmp_path: Path) -> None:
    one, two = (keyring.read_or_create(tmp_path / name) for name in ("one", "two"))
    assert not {*one.masters.values(), one.index, one.audit} & {*two.masters.values(), two.index, two.audit}


def test_a_first_start_that_was_cut_short_is_completed(tmp_path: Path) -> None:
    first = keyring.read_or_create(tmp_path / "keys")
    (tmp_path / "keys" / "kek-1").unlink()
    (tmp_path / "keys" / "audit-1").unlink()
    assert keyring.read_or_create(tmp_path / "keys").index == first.index


def test_threads_that_start_together_agree(tmp_path: Path) -> None:
    for number in range(5):
        with ThreadPoolExecutor(2) as pool:
            one, two = pool.map(keyring.read_or_create, [tmp_path / str(number)] * 2)
        assert contents(one) == contents(two)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda keys: (keys / "index-1").unlink(), r"index-1 is missing"),
        (lambda keys: (keys / "kek-1").chmod(0o640), r"open to other users"),
        (lambda keys: (keys / "kek-1").write_text("abc\n"), r"is not a key"),
        (lambda keys: (keys / "audit-1").write_text("A" * 64 + "\n"), r"is not a key"),
        (lambda keys: (keys / "audit-1").write_bytes(b"\xff" * 65), r"is not a key"),
    ],
)
def test_a_lost_or_spoilt_key_is_told_and_not_drawn_anew(
    tmp_path: Path, harm: Callable[[Path], object], words: str
) -> None:
    directory = tmp_path / "keys"
    keyring.read_or_create(directory)
    harm(directory)
    before = sorted(path.name for path in directory.iterdir())
    with pytest.raises(StorageError, match=words):
        keyring.read_or_create(directory)
    assert sorted(path.name for path in directory.iterdir()) == before


def test_reading_draws_nothing(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="No master key"):
        keyring.read(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_newest_master_wraps_from_now_on(tmp_path: Path) -> None:
    keyring.read_or_create(tmp_path / "keys")
    names = [keyring.add_master(tmp_path / "keys") for _ in range(9)]
    assert names[-1] == "kek-10"
    keys = keyring.read(tmp_path / "keys")
    assert (keys.current, len(keys.masters)) == ("kek-10", 10)


def test_a_rotated_master_opens_every_patient(clinic: SmallClinic) -> None:
    receipts = [clinic.sent(name=f"Patient {number}") for number in range(3)]
    both = Keys({**clinic.keys.masters, "kek-2": b"2" * 32}, "kek-2", clinic.keys.index, clinic.keys.audit)
    with clinic.database.begin() as connection:
        assert subjects.rewrap_all(connection, both) == len(receipts)
        assert subjects.rewrap_all(connection, both) == 0
    only_new = Keys({"kek-2": b"2" * 32}, "kek-2", clinic.keys.index, clinic.keys.audit)
    with clinic.database.read() as connection:
        ids = connection.scalars(subjects.SUBJECTS.select().with_only_columns(subjects.SUBJECTS.c.id)).all()
        names = {subjects.find(connection, subject_id).read_identity(only_new)["name"] for subject_id in ids}
    assert names == {"Patient 0", "Patient 1", "Patient 2"}
