"""The commands for who keeps the database: `db`, `backup`, `restore`, `purge`, `audit`, `consent`, `keys`.

None of them brings a database to this program's revision but `db upgrade`. Exit status: 0 done, 1 refused, with one
sentence on standard error and nothing changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from intake.cli import papers
from intake.cli.console import ERROR, Exit, console, refusals, stop
from intake.storage import audit, keyring, migrate, subjects
from intake.storage.database import Database
from intake.storage.installation import open_keys
from intake.workflow.keeping import backup as backups
from intake.workflow.keeping import retention, upgrades
from intake.workflow.keeping.manifest import Manifest
from intake.workflow.review.consent import verify
from intake.workflow.shared.clinic import Clinic

db = AppGroup("db", help="The database's tables.")
audit_log = AppGroup("audit", help="The record of who did what.")
consent = AppGroup("consent", help="What patients have signed.")
keys = AppGroup("keys", help="The keys that open names and own words.")


@db.command("upgrade")
def upgrade() -> None:
    """Bring the tables to this program's revision, after a backup into `backups/` of the instance."""
    with _database() as database:
        made = upgrades.bring_forward(database, papers.before_upgrade(console().settings, console().clock))
        if made is not None:
            click.echo(f"Backed up before the upgrade: {made}")
        click.echo(f"The database is at revision {migrate.head()}.")


@db.command("check")
def check() -> None:
    """Say whether the tables are at this program's revision; changes nothing."""
    with _database() as database:
        database.check()
        click.echo(f"The database is at revision {migrate.head()}, as this program needs it.")


@click.command("backup")
@click.argument("directory", type=click.Path(path_type=Path))
@with_appcontext
def back_up(directory: Path) -> None:
    """Copy database, overlay and settings into the new DIRECTORY, in use or not. The keys are not in it: keep them."""
    settings = console().settings
    with refusals(Exit.FAULTS, ERROR):
        keys, kept = keyring.read(settings.keys_folder), papers.collect(settings)
        now = console().clock()
        _tell(backups.backup(settings.database, directory, keys=keys, papers=kept, now=now))


@click.command("restore")
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--verify", is_flag=True, help="Only check that the backup is as it was made.")
@with_appcontext
def restore(directory: Path, *, verify: bool) -> None:
    """Put the backup in DIRECTORY where no database is; the saved keys must be back before."""
    settings = console().settings
    told: list[str] = []
    with refusals(Exit.FAULTS, ERROR):
        keys = keyring.read(settings.keys_folder)
        if verify:
            found = backups.verify(directory, keys)
        else:
            found = backups.restore(
                settings.database, directory, keys=keys, put=lambda kept: told.extend(papers.put(settings, kept))
            )
    _tell(found.manifest)
    for line in told:
        click.echo(line)
    for name, patients in found.missing(keys).items():
        click.echo(f"Missing: {name}; names and own words of {patients} patients stay closed without it.", err=True)


@click.command("purge")
@click.option("--clock-is-right", is_flag=True, help="Nothing happened for days, and the clock is right.")
@with_appcontext
def purge(*, clock_is_right: bool) -> None:
    """Forget drafts that are over and were never sent; run it daily."""
    with _clinic() as clinic:
        click.echo(f"Forgotten: {retention.purge(clinic, clock_is_right=clock_is_right)} drafts.")


@audit_log.command("verify")
def verify_audit() -> None:
    """Check that no entry was changed, moved or taken out; prints the head, to compare with an earlier one."""
    with _clinic() as clinic, clinic.database.read() as connection:
        broken = audit.first_broken(connection, clinic.keys)
        if broken is not None:
            stop(f"The audit is broken from entry {broken} on.", Exit.FAULTS, ERROR)
        click.echo("The audit is whole. Head: {} {}".format(*audit.head(connection)))


@consent.command("verify")
def verify_consents() -> None:
    """Check that every consent is as it was signed: text, answers, plan, signatures, times; and that none is gone."""
    with _clinic() as clinic:
        report = verify.verify(clinic)
        lines = [f"{fault.consent_id}: {fault.sentence}." for fault in report.faults]
        if report.audit_broken is not None:
            lines.append(f"The audit is broken from entry {report.audit_broken} on.")
        if lines:
            stop("\n".join(lines), Exit.FAULTS, ERROR)
        click.echo(f"Consent sheets: {report.sheets}. All are as they were left.")


@keys.command("rotate")
def rotate() -> None:
    """Draw a new master key and bring every patient's key under it; keep the old one for older backups."""
    with _clinic() as clinic:
        folder = console().settings.keys_folder
        name = keyring.add_master(folder)
        renewed = keyring.read(folder)
        with clinic.database.begin() as connection:
            moved = subjects.rewrap_all(connection, renewed)
            entry = audit.AuditEntry(clinic.clock(), "system", "keys_rotated", "keys", name, {"moved": moved})
            audit.record(connection, renewed, entry)
        click.echo(f"{name} wraps from now on; {moved} patients moved. Save the keys directory again.")


@contextmanager
def _database() -> Iterator[Database]:
    """The database as it is."""
    with refusals(Exit.FAULTS, ERROR):
        database = Database(console().settings.database)
        try:
            yield database
        finally:
            database.close()


@contextmanager
def _clinic() -> Iterator[Clinic]:
    """The clinic over a database that must be at this program's revision already."""
    with _database() as database:
        database.check()
        own_keys = open_keys(database, console().settings.keys_folder)
        yield Clinic(database, own_keys, console().books, console().clock, console().settings.zone)


def _tell(manifest: Manifest) -> None:
    held = manifest.contents
    click.echo(f"Backup of {manifest.made_at} ({manifest.backend}), revision {held.revision}: sound.")
    click.echo(f"Intakes: {held.counts['intakes']}. Drafts: {held.counts['drafts']}. Audit entries: {held.audit_seq}.")
    click.echo(f"Files: {', '.join(sorted(manifest.files))}.")
