"""Every command of the product, by name, in one table; `register` puts them into the application."""

from __future__ import annotations

from flask import Flask
from flask.cli import AppGroup

from intake.cli import (
    accounts,
    archive,
    database,
    messages,
    overlay,
    paper,
    proofs,
    publications,
    rates,
    rulebook,
    server,
    triage,
    uptake,
    visits,
)
from intake.cli.console import EXTENSION, Console, speak_any_terminal
from intake.cli.demo import seed

RULES = (
    rulebook.check_rules,
    rulebook.export_rules,
    rulebook.write_book,
    rates.rate_triage,
    proofs.prove_rules,
    proofs.compare_rules,
    overlay.show_overlay,
    publications.draft,
    publications.examine,
    publications.reason,
    publications.acknowledge,
    publications.approve,
    publications.publish,
    publications.withdraw,
    publications.show_status,
    publications.show_report,
    publications.show_history,
    archive.replay_rules,
    archive.verify_history,
    archive.watch_rules,
)
COMMANDS = (
    triage.triage,
    AppGroup("rules", help="Work on the rule book.", commands=list(RULES)),
    accounts.group,
    messages.group,
    uptake.command,
    visits.group,
    paper.group,
    server.serve,
    seed.group,
    database.db,
    database.back_up,
    database.restore,
    database.purge,
    database.audit_log,
    database.consent,
    database.keys,
)


def register(app: Flask, console: Console) -> None:
    """Add the commands to the application, with what they work with."""
    app.extensions[EXTENSION] = console
    speak_any_terminal()
    for command in COMMANDS:
        app.cli.add_command(command)
