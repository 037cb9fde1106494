"""The commands of who keeps the database say what they did, or refuse with one sentence."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import text

from intake import settings as reading
from intake.settings import Settings
from intake.storage import audit, intakes, migrate
from intake.storage.database import Database
from intake.storage.installation import open_keys
from tests.support import terminal
from tests.support.small_clinic import ELSE, NOW, SmallClinic, small_books

pytestmark = pytest.mark.both_databases  # upgrades, backups and checks differ
NEXT = """revision, down_revision, branch_labels, depends_on = "9000", "0001", None, None


def upgrade() -> None:
    pass
"""


@pytest.fixture
def settings(empty_url: str, tmp_path: Path) -> Settings:
    """A new installation."""
    return Settings(instance=tmp_path / "instance", secret_key="s" * 32, database_url=empty_url)


def run(settings: Settings, *words: str | Path) -> Result:
    return terminal.run(*words, books=small_books(), settings=settings)


def clinic_of(settings: Settings) -> SmallClinic:
    database = Database(settings.database)
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
    told = (
        f"revision {migrate.head()}: sound.\nIntakes: 1. Drafts: 1. Audit entries: 1.\n"
        "Files: database, settings.toml.\n"
    )
    assert run(settings, "backup", tmp_path / "backup").output.endswith(told)
    assert run(settings, "restore", "--verify", tmp_path / "backup").output.endswith(told)
    refused = run(settings, "restore", tmp_path / "backup")
    assert refused.exit_code == 1
    assert "already" in refused.stderr


def instance(folder: Path, **changes: Any) -> Settings:  # noqa: ANN401 - settings of every type
    """A new installation on SQLite."""
    return Settings(instance=folder, secret_key="s" * 32, **changes)


def saved_of(settings: Settings, target: Path) -> Path:
    """A backup of a clinic with one intake, whose server is stopped."""
    clinic = clinic_of(settings)
    clinic.sent()
    clinic.database.close()
    assert run(settings, "backup", target).exit_code == 0
    return target


def with_keys_of(old: Settings, new: Settings) -> Settings:
    """The new installation, with the keys that were saved put back."""
    shutil.copytree(old.keys_folder, new.keys_folder)
    return new


def test_a_restore_follows_a_check_of_the_empty_place(tmp_path: Path) -> None:
    old, new = instance(tmp_path / "old"), instance(tmp_path / "new")
    saved = saved_of(old, tmp_path / "backup")
    run(new, "db", "check")
    with_keys_of(old, new)
    assert run(new, "restore", saved).exit_code == 0
    assert run(new, "db", "check").exit_code == 0
    assert run(new, "audit", "verify").exit_code == 0


def test_overlay_and_settings_come_back_and_no_secret_goes_along(tmp_path: Path) -> None:
    old, new = instance(tmp_path / "old", clinic_name='Harbour "Lane"', draft_days=3), instance(tmp_path / "new")
    old.instance.mkdir()
    (old.instance / "overlay.yaml").write_text("policies: []\n")
    cards = "practitioners:\n- {name: Rita Patel, profession: Physiotherapist}\n"
    (old.instance / "practitioners.yaml").write_text(cards)
    (old.instance / "consent.yaml").write_text("add: []\n")
    saved = saved_of(old, tmp_path / "backup")
    assert not any(b"s" * 32 in path.read_bytes() or b"database_url" in path.read_bytes() for path in saved.iterdir())
    done = run(with_keys_of(old, new), "restore", saved)
    assert (done.exit_code, done.stderr) == (0, "")
    assert (new.instance / "overlay.yaml").read_text() == "policies: []\n"
    assert (new.instance / "practitioners.yaml").read_text() == cards
    assert (new.instance / "consent.yaml").read_text() == "add: []\n"
    back = reading.from_file(new.instance / "settings.toml")
    assert (back["clinic_name"], back["draft_days"]) == ('Harbour "Lane"', 3)
    assert "overlay.yaml is put back" in done.stdout
    assert (new.instance / "settings.toml").stat().st_mode & 0o777 == 0o600


def test_an_overlay_that_the_settings_name_comes_back_under_the_usual_name(tmp_path: Path) -> None:
    old, new = instance(tmp_path / "old", overlay=str(tmp_path / "own.yaml")), instance(tmp_path / "new")
    (tmp_path / "own.yaml").write_text("policies: []\n")
    saved = saved_of(old, tmp_path / "backup")
    assert run(with_keys_of(old, new), "restore", saved).exit_code == 0
    assert (new.instance / "overlay.yaml").read_text() == "policies: []\n"
    assert "overlay" not in reading.from_file(new.instance / "settings.toml")


@pytest.mark.parametrize("there", ["policies: []\n", None])
def test_another_overlay_is_not_overwritten_nor_left_without_a_word(tmp_path: Path, there: str | None) -> None:
    old, new = instance(tmp_path / "old"), instance(tmp_path / "new")
    old.instance.mkdir()
    if there:
        (old.instance / "overlay.yaml").write_text(there)
    saved = saved_of(old, tmp_path / "backup")
    with_keys_of(old, new)
    (new.instance / "overlay.yaml").write_text("rules: []\n")
    done = run(new, "restore", saved)
    assert done.exit_code == 1
    assert "move it away first. Nothing was changed." in done.stderr
    assert not (new.instance / "intake.sqlite3").exists()
    assert (new.instance / "overlay.yaml").read_text() == "rules: []\n"


def test_settings_that_are_there_are_kept_and_what_differs_is_named(tmp_path: Path) -> None:
    old, new = instance(tmp_path / "old", phone="1"), instance(tmp_path / "new", phone="2")
    saved = saved_of(old, tmp_path / "backup")
    with_keys_of(old, new)
    (new.instance / "settings.toml").write_text('phone = "2"\n')
    done = run(new, "restore", saved)
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (
        0,
        "Check phone: it is set here otherwise than when the backup was made.",
    )
    assert (new.instance / "settings.toml").read_text() == 'phone = "2"\n'


def test_without_the_keys_nothing_is_restored(tmp_path: Path) -> None:
    new = instance(tmp_path / "new")
    saved = saved_of(instance(tmp_path / "old"), tmp_path / "backup")
    for words in (("restore", saved), ("restore", "--verify", saved), ("backup", tmp_path / "other")):
        done = run(new, *words)
        assert (done.exit_code, done.stdout) == (1, "")
        assert "put the saved keys back" in done.stderr
    assert not (new.instance / "intake.sqlite3").exists()


def test_a_missing_master_key_is_named_with_the_patients_who_need_it(tmp_path: Path) -> None:
    old, new = instance(tmp_path / "old"), instance(tmp_path / "new")
    saved = saved_of(old, tmp_path / "backup")
    run(old, "keys", "rotate")
    with_keys_of(old, new)
    (new.keys_folder / "kek-1").unlink()
    done = run(new, "restore", saved)
    assert done.stderr == "Missing: kek-1; names and own words of 1 patients stay closed without it.\n"


@pytest.mark.parametrize("name", ["a%41b", "a?b", "a#b", "a b", "a%3Fmode=memory"])
def test_an_instance_may_have_any_name(tmp_path: Path, name: str) -> None:
    old, new = reading.load({}, tmp_path / name), reading.load({}, tmp_path / "new" / name)
    saved = saved_of(old, tmp_path / name / "backup")
    assert run(with_keys_of(old, new), "restore", saved).exit_code == 0
    assert (tmp_path / name / "intake.sqlite3").exists()
    assert (tmp_path / "new" / name / "intake.sqlite3").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted({name, "new"})


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


def test_a_consent_that_is_as_it_was_left_is_told_from_one_that_is_gone(settings: Settings) -> None:
    clinic = clinic_of(settings)
    assert run(settings, "consent", "verify").output == "Consent sheets: 0. All are as they were left.\n"
    entry = audit.AuditEntry(NOW, "patient", "consent_signed", "consent", "f" * 32, {"mac": "0"})
    with clinic.database.begin() as connection:
        audit.record(connection, clinic.keys, entry)
    clinic.database.close()
    done = run(settings, "consent", "verify")
    assert (done.exit_code, done.stderr) == (1, f"Error: {'f' * 32}: it is missing.\n")


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


@pytest.fixture
def next_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A release with one more revision, as the database does not know it yet."""
    revisions = tmp_path / "migrations"
    shutil.copytree(migrate.MIGRATIONS, revisions)
    (revisions / "versions" / "9000_next.py").write_text(NEXT, encoding="utf-8")
    monkeypatch.setattr(migrate, "MIGRATIONS", revisions)


def test_an_upgrade_is_backed_up_first_and_the_backup_is_the_database_before(
    settings: Settings, request: pytest.FixtureRequest
) -> None:
    clinic = clinic_of(settings)
    clinic.sent()
    clinic.database.close()
    before = migrate.head()
    request.getfixturevalue("next_release")
    done = run(settings, "db", "upgrade")
    assert done.exit_code == 0, done.stderr
    assert done.output.endswith("The database is at revision 9000.\n")
    (made,) = (settings.instance / "backups").iterdir()
    assert f"Backed up before the upgrade: {made}\n" in done.output
    assert f"revision {before}: sound." in run(settings, "restore", "--verify", made).output
    assert run(settings, "db", "upgrade").output == "The database is at revision 9000.\n"
    assert len(list((settings.instance / "backups").iterdir())) == 1


def test_without_a_backup_there_is_no_upgrade(settings: Settings, request: pytest.FixtureRequest) -> None:
    clinic_of(settings).database.close()
    before = migrate.head()
    (settings.instance / "keys").rename(settings.instance / "aside")
    request.getfixturevalue("next_release")
    refused = run(settings, "db", "upgrade")
    assert (refused.exit_code, "put the saved keys back" in refused.stderr) == (1, True)
    database = Database(settings.database)
    with database.read() as connection:
        assert migrate.revision(connection) == before
    database.close()
