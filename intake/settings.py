"""Every setting, typed and read once: `instance/settings.toml`, then `INTAKE_*` variables, which win.

Unknown names, wrong types and weak secrets are refused with a SettingsError that names the nearest right word.
"""

from __future__ import annotations

import difflib
import os
import secrets
import tomllib
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel import Locale
from sqlalchemy import URL, make_url

from intake import languages, time_zones
from intake.addresses import LOOPBACK, is_mail, is_public, is_safe_receiver, names_database
from intake.errors import SettingsError
from intake.storage.files import PRIVATE_DIRECTORY, is_open_to_others, private_directory, write_once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

VOCABULARY_PATH = Path(__file__).with_name("facts.yaml")
RULEBOOK_PATH = Path(__file__).with_name("rules.yaml")
ABOUT_PATH = Path(__file__).with_name("about.yaml")
AFTERCARE_PATH = Path(__file__).with_name("aftercare.yaml")
CONSENT_PATH = Path(__file__).with_name("consent.yaml")
ORDINARY_PATH = Path(__file__).with_name("ordinary.yaml")
FILE_NAME = "settings.toml"
OVERLAY_NAME = "overlay.yaml"
DATABASE_NAME = "intake.sqlite3"
LAST_PORT = 65_535
MOST_PROXIES = 9
DEMO_MARK = "demo"  # a file that makes an instance a demonstration for good: it holds invented patients
PREFIX = "INTAKE_"
SECRET_LENGTH = 32
MOST_STARTS = 1_000_000
DEFAULT_REGION = "GB"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a clinic may set. `public_url` is the https address of the proxy in front; needed beyond loopback."""

    instance: Path
    secret_key: str
    database_url: str = ""
    clinic_name: str = "Our clinic"
    phone: str = ""
    emergency_number: str = "112"
    urgent_line: str = ""
    crisis_line: str = ""
    language: str = "en-GB"
    country: str = ""
    time_zone: str = ""
    draft_days: int = 7
    starts_per_hour: int = 40
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    proxies: int = 1
    trusted_hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    demo: bool = False
    overlay: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = ""
    mail_from: str = ""
    duty_address: str = ""
    webhook_url: str = ""
    webhook_secret: str = ""

    @property
    def overlay_file(self) -> Path | None:
        """The clinic's overlay over the rule book: the one that is set, else `overlay.yaml` where there is one."""
        path = self.instance / (self.overlay or OVERLAY_NAME)
        return path if self.overlay or path.exists() else None

    @property
    def database(self) -> URL:
        """Where the database is: the address that is set, else a file in the instance, whatever signs its path has."""
        if self.database_url:
            return make_url(self.database_url)
        return URL.create("sqlite", database=str(self.instance.resolve() / DATABASE_NAME))

    @property
    def zone(self) -> ZoneInfo:
        """Whose clock the clinic lives by: the one that is set, else the machine's."""
        return time_zones.zone(self.time_zone or time_zones.machine())

    @property
    def region(self) -> str:
        """Whose phone numbers are written without a country's code: the country that is set, else the language's."""
        named = Locale.parse(self.language, sep="-").territory
        return (self.country or named or DEFAULT_REGION).upper()

    @property
    def keys_folder(self) -> Path:
        """Where the clinic's keys lie, outside the database."""
        return self.instance / "keys"

    @property
    def base(self) -> str:
        """The address at which the product is reached, without a slash at the end."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def prefix(self) -> str:
        """The path below which the proxy serves the product, without a slash at the end; empty on a host of its own."""
        return urlsplit(self.public_url).path.rstrip("/")

    @property
    def behind_tls(self) -> bool:
        """Whether patients reach the product over https only."""
        return self.public_url != ""

    @property
    def hosts(self) -> tuple[str, ...]:
        """Host names that requests may carry."""
        public = urlsplit(self.public_url).hostname
        return (*self.trusted_hosts, public) if public else self.trusted_hosts


def load(environment: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """Read the settings and make what is missing: the instance folder (0700) and its secret (0600)."""
    variables = os.environ if environment is None else environment
    instance = folder or Path(variables.get(f"{PREFIX}INSTANCE") or Path.cwd() / "instance")
    own_folder(instance)
    return combined(instance, from_file(instance / FILE_NAME), variables)


def combined(instance: Path, filed: Mapping[str, object], environment: Mapping[str, str]) -> Settings:
    """The settings of an instance whose file says this; raises SettingsError where they may not stand together."""
    values: dict[str, object] = {**filed, **from_environment(environment)}
    if (instance / DEMO_MARK).exists():
        values["demo"] = True
    if "secret_key" not in values:
        values["secret_key"] = secret_file(instance / "secret_key", lambda: secrets.token_urlsafe(SECRET_LENGTH))
    settings = Settings(instance=instance, **values)  # type: ignore[arg-type]  # each value was checked by its reader
    check(settings)
    return settings


def known() -> dict[str, object]:
    """The names that may be set, each with a value of its type."""
    samples: dict[str, object] = {"secret_key": ""}
    return samples | {each.name: each.default for each in fields(Settings) if each.default is not MISSING}


def from_file(path: Path) -> dict[str, object]:
    """The settings of one TOML file; a file that is not there sets nothing."""
    if not path.exists():
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not a TOML file: {error}") from error
    return {name: typed(name, value, str(path)) for name, value in values.items()}


def typed(name: str, value: object, place: str) -> object:
    """The value as its setting wants it."""
    sample = sample_of(name, place)
    if isinstance(sample, tuple) and isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    if type(value) is not type(sample):
        raise SettingsError(f"{place}: {name} must be {kind_of(sample)}, not {type(value).__name__}")
    return value


def from_environment(environment: Mapping[str, str]) -> dict[str, object]:
    """The settings of the `INTAKE_*` variables."""
    names = [name for name in environment if name.startswith(PREFIX) and name != f"{PREFIX}INSTANCE"]
    return {name.removeprefix(PREFIX).lower(): from_text(name, environment[name]) for name in names}


def from_text(variable: str, text: str) -> object:
    """One variable's text as its setting wants it."""
    sample = sample_of(variable.removeprefix(PREFIX).lower(), variable)
    try:
        return readers()[type(sample)](text)
    except (KeyError, ValueError) as error:
        raise SettingsError(f"{variable} must be {kind_of(sample)}") from error


def readers() -> dict[type, Callable[[str], object]]:
    """How each type is written in a variable."""
    return {
        str: str,
        int: int,
        bool: {"true": True, "1": True, "false": False, "0": False}.__getitem__,
        tuple: lambda text: tuple(part.strip() for part in text.split(",") if part.strip()),
    }


def sample_of(name: str, place: str) -> object:
    """A value of the setting's type, or a refusal that names the nearest right word."""
    names = known()
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1)
        hint = f"did you mean {near[0]}?" if near else f"known settings: {', '.join(sorted(names))}"
        raise SettingsError(f"{place}: there is no setting {name!r}; {hint}")
    return names[name]


def kind_of(sample: object) -> str:
    """The type in a reader's words."""
    words = {str: "a text", int: "a whole number", bool: "true or false", tuple: "a list of texts"}
    return words[type(sample)]


def check(settings: Settings) -> None:
    """Refuse what would start and then be wrong or unsafe."""
    time_zones.zone(settings.time_zone or time_zones.machine())
    for wrong, message in (
        (weak(settings.secret_key), f"secret_key is too weak: use {SECRET_LENGTH} or more random characters"),
        (not 1 <= settings.draft_days <= 90, "draft_days must be 1 to 90"),  # noqa: PLR2004 - the sentence says the same
        (not 1 <= settings.starts_per_hour <= MOST_STARTS, f"starts_per_hour must be 1 to {MOST_STARTS}"),
        (not settings.clinic_name.strip(), "clinic_name must not be empty"),
        (not settings.emergency_number.isdigit(), "emergency_number must be digits only, for example 112"),
        (not languages.spoken(settings.language), "language must be a language code, for example en-GB or fr"),
        (
            languages.spoken(settings.language) and not languages.translated(settings.language),
            f"language {settings.language} has no catalogue; there are: {', '.join(languages.catalogues())}",
        ),
        (not is_country(settings.country), "country must be a country's two letters, for example GB or CA"),
        (not 1 <= settings.port <= LAST_PORT, f"port must be 1 to {LAST_PORT}"),
        (not 1 <= settings.proxies <= MOST_PROXIES, f"proxies must be 1 to {MOST_PROXIES}: how many stand in front"),
        (
            not names_database(settings.database_url),
            "database_url must name SQLite or PostgreSQL: sqlite:////a/path or postgresql://user@host/name",
        ),
        (
            settings.overlay and not (settings.instance / settings.overlay).is_file(),
            f"overlay names {settings.overlay}, and there is no such file (a relative path counts from the instance)",
        ),
        (settings.public_url and not settings.public_url.startswith("https://"), "public_url must begin with https://"),
        (
            settings.public_url and not is_public(settings.public_url),
            "public_url must be a host, with a plain path at most: https://intake.example, https://clinic.example/intake",
        ),
        (
            settings.host not in LOOPBACK and not settings.behind_tls,
            f"host {settings.host} is open to the network: set public_url to the https address of the proxy in front",
        ),
        *_wrong_ways_out(settings),
    ):
        if wrong:
            raise SettingsError(message)


def _wrong_ways_out(settings: Settings) -> Iterator[tuple[object, str]]:
    """What would keep messages from going out, or let one go where it must not."""
    addresses = {"mail_from": settings.mail_from, "duty_address": settings.duty_address}
    for name, address in addresses.items():
        yield address and not is_mail(address), f"{name} must be one mail address: name@clinic.example"
    yield not 1 <= settings.smtp_port <= LAST_PORT, f"smtp_port must be 1 to {LAST_PORT}"
    yield settings.smtp_host and not settings.mail_from, "smtp_host needs mail_from: the address that mails come from"
    unsent = settings.duty_address and not (settings.smtp_host or settings.demo)
    yield unsent, "duty_address needs smtp_host and mail_from: the server that takes its mails"
    yield bool(settings.smtp_user) != bool(settings.smtp_password), "smtp_user and smtp_password belong together"
    yield (
        settings.webhook_url and not is_safe_receiver(settings.webhook_url),
        "webhook_url must be an https address, or http on this machine, without a user name or a fragment",
    )
    yield (
        settings.webhook_url and weak(settings.webhook_secret),
        f"webhook_url needs webhook_secret: {SECRET_LENGTH} or more random characters that the receiver knows too",
    )


def is_country(code: str) -> bool:
    """Whether this is nothing (that of the language), or a country's two letters."""
    return not code or code.upper() in Locale("en").territories


def weak(secret: str) -> bool:
    """Too short, or too few different characters to be random."""
    return len(secret) < SECRET_LENGTH or len(set(secret)) < SECRET_LENGTH // 3


def own_folder(path: Path) -> None:
    """Make a folder that only its owner can open; an existing one keeps its contents and loses the rights of others."""
    try:
        private_directory(path)
        if is_open_to_others(path):
            path.chmod(PRIVATE_DIRECTORY)
    except OSError as error:
        raise SettingsError(f"cannot make the private folder {path}: {error.strerror}") from error


def secret_file(path: Path, make: Callable[[], str]) -> str:
    """The secret in `path`, made at first use; two processes that start at once agree on one."""
    if not path.exists():
        write_once(path, make().encode("ascii"))
    if is_open_to_others(path):
        raise SettingsError(f"{path} can be read by others: chmod 600 it, and consider the secret known")
    return path.read_text(encoding="ascii").strip()
