"""The composition root: the only place that knows every concrete part.

A vocabulary, rule book or page about needling that does not load stops the start. The database is opened at first use:
`triage` needs none.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from babel import Locale
from flask import Flask, g, request
from flask_babel import Babel, get_locale, get_translations
from werkzeug.middleware.proxy_fix import ProxyFix

from intake import logs, settings
from intake.cli import http_server, papers, table
from intake.cli.console import Console
from intake.engine.read.load import load_rulebook, load_vocabulary
from intake.engine.read.overlay import read_overlay
from intake.forms import questionnaire
from intake.questions.about.aftercare import load_aftercare
from intake.questions.about.practitioners import FILE_NAME as CARDS_NAME
from intake.questions.about.practitioners import load_cards
from intake.questions.about.read import load_about
from intake.questions.consent import wording
from intake.questions.consent.read import load_table
from intake.settings import ABOUT_PATH, AFTERCARE_PATH, CONSENT_PATH, RULEBOOK_PATH, VOCABULARY_PATH
from intake.settings_file import SettingsFile
from intake.storage.database import Database
from intake.storage.installation import open_keys
from intake.web import errors, fields, guards, health, rendering, security, sessions
from intake.web.desk import pages as desk
from intake.web.guards import Guard
from intake.web.patient import about, all_pages, linked
from intake.web.patient import views as patient
from intake.web.services import EXTENSION, Services
from intake.web.staff import accounts, first_account, first_run, mail, queue, sign_in
from intake.web.staff import consent as consent_pages
from intake.web.staff import rules as rule_pages
from intake.web.tablet import pages as tablet
from intake.workflow.keeping import upgrades
from intake.workflow.shared.clinic import Books, Clinic
from intake.workflow.shared.duty import Duty

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from babel.support import NullTranslations

    from intake.engine.book.rulebook import Rulebook
    from intake.questions.about.aftercare import Aftercare
    from intake.questions.about.pages import About
    from intake.questions.consent.table import ConsentTable
    from intake.settings import Settings

DEMO_PHONE = "01632 960 123"  # of a range that nobody is given
DEMO_DUTY, DEMO_SENDER = "duty@demo.example", "desk@demo.example"
CHECKS = {
    Guard.PATIENT: patient.ask_for_draft,
    Guard.LINK: linked.ask_for_link,
    Guard.DESK: sign_in.check_staff,
    Guard.STAFF: sign_in.check_practitioner,
    Guard.SETUP: first_account.check_setup,
    Guard.TABLET: tablet.check_tablet,
}


class LazyClinic:
    """The clinic; its database is opened, and brought to this program's revision, when it is first wanted."""

    def __init__(self, chosen: Settings, books: Books, clock: Callable[[], datetime]) -> None:
        self._settings = chosen
        self._books = books
        self._clock = clock
        self._opening = Lock()
        self._clinic: Clinic | None = None

    def __call__(self) -> Clinic:
        """The clinic; raises StorageError where its database or its keys cannot be used."""
        with self._opening:
            if self._clinic is None:
                self._clinic = self._open()
            return self._clinic

    def _open(self) -> Clinic:
        with ExitStack() as undo:
            database = Database(self._settings.database)
            undo.callback(database.close)
            upgrades.bring_forward(database, papers.before_upgrade(self._settings, self._clock))
            keys = open_keys(database, self._settings.keys_folder)
            undo.pop_all()
            return Clinic(
                database,
                keys,
                self._books,
                self._clock,
                self._settings.zone,
                self._settings.region,
                duty_of(self._settings),
            )

    def close(self) -> None:
        """Let go of the database's connections."""
        if self._clinic is not None:
            self._clinic.database.close()


def build(
    found: Settings | None = None, clock: Callable[[], datetime] | None = None, shipped: Rulebook | None = None
) -> Flask:
    """The whole product; raises SettingsError, DataFileError or QuestionnaireError.

    `clock` tells the time (the machine's if not given), `shipped` judges in place of the product's own rule book.
    """
    chosen = found or settings.load()
    logs.configure()
    books = Books(shipped or rules(), overlay_of(chosen))
    tell_time = clock or utc_now
    open_clinic = LazyClinic(chosen, books, tell_time)
    details = details_of(chosen)
    questions = questionnaire(books.shipped.vocabulary)
    app = Flask("intake", static_folder=None)
    app.config.from_mapping(configuration(chosen))
    paper = SettingsFile(chosen.instance, os.environ)
    parts = Services(
        details,
        questions,
        books,
        aftercare_words(),
        wording.with_wording(consent_table(), chosen.instance / wording.FILE_NAME),
        open_clinic,
        paper,
        http_server.renew,
        secure=chosen.behind_tls,
    )
    app.extensions[EXTENSION] = parts
    if chosen.behind_tls:
        hops = chosen.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # the way that WSGI wrappers are put round Flask
    _install_pages(app, chosen, details)
    console = Console(
        settings=chosen,
        books=books,
        questionnaire=questions,
        clock=tell_time,
        open_clinic=open_clinic,
        hash_password=accounts.hashed,
        static_page=rule_pages.static_page,
        headers=security.HEADERS,
    )
    table.register(app, console)
    return app


def _install_pages(app: Flask, chosen: Settings, details: rendering.ClinicDetails) -> None:
    """Every page, with what stands around pages: words, headers, errors, sessions, guards."""
    rendering.install(app, details, chosen.instance, chosen.prefix)
    speak(app)
    security.install(app)
    errors.install(app)
    app.register_blueprint(health.BLUEPRINT)
    app.register_blueprint(all_pages.BLUEPRINT)
    about.install(
        app, about.AboutReading(pages_about_needling(), load_cards(chosen.instance / CARDS_NAME), chosen.region)
    )
    app.session_interface = sessions.Sessions()
    accounts.install(app)
    sign_in.install(app)
    queue.install(app)
    app.register_blueprint(rule_pages.BLUEPRINT)
    app.register_blueprint(consent_pages.BLUEPRINT)
    app.register_blueprint(mail.BLUEPRINT)
    app.register_blueprint(desk.BLUEPRINT)
    app.register_blueprint(first_run.BLUEPRINT)
    app.register_blueprint(tablet.BLUEPRINT)
    guards.enforce(app, CHECKS, {})
    fields.enforce(app)


@cache
def rules() -> Rulebook:
    """The product's rule book with its vocabulary, read once a process."""
    return load_rulebook(RULEBOOK_PATH, load_vocabulary(VOCABULARY_PATH))


@cache
def pages_about_needling() -> About:
    """What patients may read of needling, over the product's own rule book, read once a process."""
    return load_about(ABOUT_PATH, rules())


@cache
def aftercare_words() -> Aftercare:
    """What patients read after the needles, over the product's own rule book, read once a process."""
    return load_aftercare(AFTERCARE_PATH, rules())


@cache
def consent_table() -> ConsentTable:
    """What consent sheets say, over the product's own rule book, read once a process."""
    return load_table(CONSENT_PATH, rules())


def overlay_of(found: Settings) -> Callable[[Rulebook], Rulebook]:
    """What the clinic's overlay makes of a rule book; read once, so that a change counts from the next start."""
    if found.overlay_file is None:
        return lambda book: book
    return read_overlay(found.overlay_file).over


def duty_of(found: Settings) -> Duty:
    """Who is told of alarms; in a demonstration somebody whose mails are caught."""
    return Duty(
        address=found.duty_address or (DEMO_DUTY if found.demo else ""),
        webhook=found.webhook_url,
        sender=(found.mail_from if found.smtp_host else "") or (DEMO_SENDER if found.demo else ""),
        clinic=" ".join(found.clinic_name.split()),
        page=f"{found.base}/review/alarms",
        base=found.base,
        phone=found.phone or (DEMO_PHONE if found.demo else ""),
        emergency_number=found.emergency_number,
    )


def utc_now() -> datetime:
    """The machine's time."""
    return datetime.now(UTC)


def configuration(found: Settings) -> Mapping[str, object]:
    """Flask's own settings."""
    return {
        "SECRET_KEY": found.secret_key,
        "TRUSTED_HOSTS": list(found.hosts),
        "PUBLIC_HOST": urlsplit(found.public_url).netloc,
        "MAX_CONTENT_LENGTH": security.BODY_LIMIT,
        "SESSION_COOKIE_NAME": "intake_session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": found.behind_tls,
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: no page is refused because a clock was put back
        "WTF_CSRF_SSL_STRICT": False,  # `security` compares the origin itself, on http too
        "BABEL_DEFAULT_TIMEZONE": found.zone.key,
        "BABEL_DEFAULT_LOCALE": found.language.replace("-", "_"),
    }


def details_of(found: Settings) -> rendering.ClinicDetails:
    """The clinic's words, from the settings."""
    return rendering.ClinicDetails(
        name=found.clinic_name,
        phone=found.phone or (DEMO_PHONE if found.demo else ""),
        emergency_number=found.emergency_number,
        urgent_line=found.urgent_line,
        crisis_line=found.crisis_line,
        draft_days=found.draft_days,
        starts_per_hour=found.starts_per_hour,
        demo=found.demo,
        time_zone=found.zone.key,
    )


def catalog() -> NullTranslations:
    """The words of this request's language."""
    if "catalog" not in g:
        g.catalog = get_translations()
    return cast("NullTranslations", g.catalog)


def speak(app: Flask) -> None:
    """Give the pages their language and its direction; the catalog of a request is looked up once, not once a word."""
    Babel(app, locale_selector=tablet.language)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the i18n extension brings it
        gettext=lambda text: catalog().ugettext(text),
        ngettext=lambda one, several, count: catalog().ungettext(one, several, count),
        newstyle=True,
    )

    @app.context_processor
    def words() -> dict[str, object]:
        locale = get_locale() or Locale("en")
        return {
            "language": str(locale).replace("_", "-"),
            "direction": locale.text_direction,
            "big": request.cookies.get("big") == "1",
        }
