"""The commands for who keeps the database: `db`, `backup`, `restore`, `purge`, `audit verify`, `keys rotate`.

Exit status: 0 done, 1 refused, with one sentence on standard error and nothing changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from intake.errors import IntakeError
from intake.settings import Settings
from intake.storage import audit, keyring, migrate, subjects
from intake.storage.crypto import Keys
from intake.storage.database import Database
from intake.storage.installation import open_keys
from intake.workflow.keeping import backup as backups
from intake.workflow.keeping import retention
from intake.workflow.keeping.backup import Manifest

KEYS_DIRECTORY = "keys"


def commands(settings: Settings) -> tuple[click.Command, ...]:
    """The commands for these settings."""
    return (_db(settings), _backup(settings), _restore(settings), _purge(settings), _audit(settings), _keys(settings))


def _db(settings: Settings) -> click.Group:
    group = click.Group("db", help="The database's tables.")

    @group.command("upgrade")
    def upgrade() -> None:
        """Bring the tables to this program's revision; make a backup first."""
        with _database(settings) as database:
            database.upgrade()
            click.echo(f"The database is at revision {migrate.head()}.")

    @group.command("check")
    def check() -> None:
        """Say whether the tables are at this program's revision; changes nothing."""
        with _database(settings) as database:
            database.check()
            click.echo(f"The database is at revision {migrate.head()}, as this program needs it.")

    return group


def _backup(settings: Settings) -> click.Command:
    @click.command("backup")
    @click.argument("directory", type=click.Path(path_type=Path))
    def backup(directory: Path) -> None:
        """Copy the database, in use or not, into the new DIRECTORY. The keys are not in it: keep them apart."""
        with _refusals():
            _tell(backups.backup(settings.database_url, directory, now=datetime.now(UTC)))

    return backup


def _restore(settings: Settings) -> click.Command:
    @click.command("restore")
    @click.argument("directory", type=click.Path(path_type=Path))
    @click.option("--verify", is_flag=True, help="Only check that the backup is as it was made.")
    def restore(directory: Path, *, verify: bool) -> None:
        """Put the backup in DIRECTORY where no database is."""
        with _refusals():
            _tell(backups.verify(directory) if verify else backups.restore(settings.database_url, directory))

    return restore


def _purge(settings: Settings) -> click.Command:
    @click.command("purge")
    def purge() -> None:
        """Forget drafts that are over and were never sent; run it daily."""
        with _opened(settings) as (database, keys):
            click.echo(f"Forgotten: {retention.purge(database, keys, now=datetime.now(UTC))} drafts.")

    return purge


def _audit(settings: Settings) -> click.Group:
    group = click.Group("audit", help="The record of who did what.")

    @group.command("verify")
    def verify() -> None:
        """Check that no entry was changed, moved or taken out; prints the head, to compare with an earlier one."""
        with _opened(settings) as (database, keys), database.read() as connection:
            broken = audit.first_broken(connection, keys)
            if broken is not None:
                raise click.ClickException(f"The audit is broken from entry {broken} on.")
            click.echo("The audit is whole. Head: {} {}".format(*audit.head(connection)))

    return group


def _keys(settings: Settings) -> click.Group:
    group = click.Group("keys", help="The keys that open names and own words.")

    @group.command("rotate")
    def rotate() -> None:
        """Draw a new master key and bring every patient's key under it; keep the old one for older backups."""
        with _opened(settings) as (database, _):
            name = keyring.add_master(settings.instance / KEYS_DIRECTORY)
            keys = keyring.read(settings.instance / KEYS_DIRECTORY)
            with database.begin() as connection:
                moved = subjects.rewrap_all(connection, keys)
                told = audit.Entry(datetime.now(UTC), "system", "keys_rotated", "keys", name, {"moved": moved})
                audit.record(connection, keys, told)
            click.echo(f"{name} wraps from now on; {moved} patients moved. Save the keys directory again.")

    return group


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except IntakeError as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    with _refusals():
        database = Database(settings.database_url)
        try:
            yield database
        finally:
            database.close()


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[Database, Keys]]:
    with _database(settings) as database:
        database.check()
        yield database, open_keys(database, settings.instance / KEYS_DIRECTORY)


def _tell(manifest: Manifest) -> None:
    held = manifest.contents
    click.echo(f"Backup of {manifest.made_at} ({manifest.backend}), revision {held.revision}: sound.")
    click.echo(f"Intakes: {held.counts['intakes']}. Drafts: {held.counts['drafts']}. Audit entries: {held.audit_seq}.")
