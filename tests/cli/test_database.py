"""The commands of who keeps the database say what they did, or refuse with one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import text

from intake.settings import Settings
from intake.storage import audit, intakes, migrate
from intake.storage.database import Database
from intake.storage.installation import open_keys
from tests.support import terminal
from tests.support.small_clinic import ELSE, NOW, SmallClinic, small_books


@pytest.fixture
def settings(empty_url: str, tmp_path: Path) -> Settings:
    """A new installation."""
    return Settings(instance=tmp_path / "instance", secret_key="s" * 32, database_url=empty_url)


def run(settings: Settings, *words: str | Path) -> Result:
    return terminal.run(*words, books=small_books(), settings=settings)


def clinic_of(settings: Settings) -> SmallClinic:
    database = Database(settings.database_url)
    database.upgrade()
    return SmallClinic(database, open_keys(database, settings.instance / "keys"))


def test_a_new_database_is_brought_to_the_program_s_revision(settings: Settings) -> None:
    before = run(settings, "db", "check")
    assert (before.exit_code, before.stdout) == (1, "")
    assert "db upgrade" in before.stderr
    assert run(settings, "db", "upgrade").output == f"The database is at revision {migrate.head()}.\n"
    assert (
        run(settings, "db", "check").output
        == f"The database is at revision {migrate.head()}, as this program needs it.\n"
    )


def test_a_newer_database_is_refused(settings: Settings) -> None:
    clinic = clinic_of(settings)
    with clinic.database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    clinic.database.close()
    for words in (("db", "upgrade"), ("db", "check"), ("purge",)):
        done = run(settings, *words)
        assert (done.exit_code, done.stdout) == (1, "")
        assert "a newer release wrote it" in done.stderr


def test_a_backup_comes_back_into_an_empty_place_only(settings: Settings, tmp_path: Path) -> None:
    clinic = clinic_of(settings)
    clinic.sent()
    clinic.database.close()
    told = f"revision {migrate.head()}: sound.\nIntakes: 1. Drafts: 1. Audit entries: 1.\n"
    assert run(settings, "backup", tmp_path / "backup").output.endswith(told)
    assert run(settings, "restore", "--verify", tmp_path / "backup").output.endswith(told)
    refused = run(settings, "restore", tmp_path / "backup")
    assert refused.exit_code == 1
    assert "already" in refused.stderr


def test_a_restore_follows_a_check_of_the_empty_place(tmp_path: Path) -> None:
    old, new = (
        Settings(instance=tmp_path / name, secret_key="s" * 32, database_url=f"sqlite:///{tmp_path / name / 'x'}")
        for name in ("old", "new")
    )
    clinic_of(old).database.close()
    run(old, "backup", tmp_path / "backup")
    run(new, "db", "check")
    assert run(new, "restore", tmp_path / "backup").exit_code == 0
    assert run(new, "db", "check").exit_code == 0


def test_the_purge_tells_how_many_it_forgot(settings: Settings) -> None:
    clinic = clinic_of(settings)
    clinic.clock.now = NOW.replace(year=2020)
    clinic.save(clinic.start(), ELSE, texts={"anything_else": "Words"})
    clinic.database.close()
    assert run(settings, "purge").output == "Forgotten: 1 drafts.\n"
    assert run(settings, "purge").output == "Forgotten: 0 drafts.\n"


def test_a_whole_audit_is_told_from_a_broken_one(settings: Settings) -> None:
    clinic = clinic_of(settings)
    clinic.sent()
    with clinic.database.read() as connection:
        seq, mac = audit.head(connection)
    assert run(settings, "audit", "verify").output == f"The audit is whole. Head: {seq} {mac}\n"
    with clinic.database.begin() as connection:
        forged = {"seq": 2, "actor": "x", "action": "x", "kind": "x", "object_id": "x", "details": {}, "mac": "x"}
        connection.execute(audit.AUDIT.insert().values(at=NOW, **forged))
    clinic.database.close()
    done = run(settings, "audit", "verify")
    assert (done.exit_code, done.stderr) == (1, "Error: The audit is broken from entry 2 on.\n")


def test_lost_keys_are_not_drawn_anew(settings: Settings) -> None:
    clinic = clinic_of(settings)
    clinic.sent()
    clinic.database.close()
    keys = settings.instance / "keys"
    keys.rename(keys.with_name("elsewhere"))
    done = run(settings, "audit", "verify")
    assert done.exit_code == 1
    assert "put back the keys" in done.stderr
    assert not keys.exists()


def test_another_installation_s_keys_are_refused(settings: Settings, tmp_path: Path) -> None:
    clinic_of(settings).database.close()
    other = Database(f"sqlite:///{tmp_path / 'other' / 'x'}")
    other.upgrade()
    keys = settings.instance / "keys"
    keys.rename(keys.with_name("elsewhere"))
    open_keys(other, keys)
    other.close()
    done = run(settings, "audit", "verify")
    assert done.exit_code == 1
    assert "does not belong to this database" in done.stderr


def test_rotated_keys_open_what_the_old_ones_sealed(settings: Settings) -> None:
    clinic = clinic_of(settings)
    receipt = clinic.sent(name="Ada Lovelace")
    clinic.database.close()
    assert run(settings, "keys", "rotate").output.startswith("kek-2 wraps from now on; 1 patients moved.")
    keys = open_keys(clinic.database, settings.instance / "keys")
    with clinic.database.read() as connection:
        subject = intakes.by_id(connection, receipt.intake_id).line.subject
        assert audit.first_broken(connection, keys) is None
    clinic.database.close()
    assert subject.wrapped is not None
    assert (subject.wrapped.master, subject.read_identity(keys)["name"]) == ("kek-2", "Ada Lovelace")
