"""Settings are typed, read once, and refused where they are unknown, of the wrong kind, weak or unsafe."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake import languages, settings
from intake.errors import SettingsError

SECRET = "kJ3-9fLq_Zx81bVnT0pWmR7sYcD2eG5h"  # noqa: S105 - of tests only
MAIL = "smtp_host = 'mail.example'\nmail_from = 'desk@x.example'\n"
HOOK = f"webhook_secret = '{SECRET}'\n"


def load(folder: Path, text: str = "", **environment: str) -> settings.Settings:
    """The settings of a folder with this file and these variables."""
    folder.mkdir(exist_ok=True)
    if text:
        (folder / "settings.toml").write_text(text)
    return settings.load({f"INTAKE_{name.upper()}": value for name, value in environment.items()}, folder)


def test_a_new_folder_and_its_secret_are_for_their_owner_only(tmp_path: Path) -> None:
    found = settings.load({}, tmp_path / "new" / "instance")
    assert (tmp_path / "new" / "instance").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "new" / "instance" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert len(found.secret_key) >= 32
    assert list((tmp_path / "new" / "instance").iterdir()) == [tmp_path / "new" / "instance" / "secret_key"]


def test_the_secret_is_made_once_and_never_twice_the_same(tmp_path: Path) -> None:
    first, second = load(tmp_path / "a"), load(tmp_path / "a")
    assert first.secret_key == second.secret_key
    assert load(tmp_path / "b").secret_key != first.secret_key


def test_a_folder_that_others_can_open_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o755)
    load(folder)
    assert folder.stat().st_mode & 0o077 == 0


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    load(tmp_path)
    (tmp_path / "secret_key").chmod(0o644)
    with pytest.raises(SettingsError, match="can be read by others"):
        load(tmp_path)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    found = load(tmp_path, 'clinic_name = "From the file"\ndraft_days = 3\n', clinic_name="From a variable")
    assert (found.clinic_name, found.draft_days) == ("From a variable", 3)


def test_every_type_can_be_written_in_both_places(tmp_path: Path) -> None:
    text = 'port = 8080\ndemo = true\ntrusted_hosts = ["a.example"]\n'
    found = load(tmp_path / "file", text)
    assert (found.port, found.demo, found.trusted_hosts) == (8080, True, ("a.example",))
    found = load(tmp_path / "variables", port="8080", demo="true", trusted_hosts="a.example, b.example")
    assert (found.port, found.demo, found.trusted_hosts) == (8080, True, ("a.example", "b.example"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('clinic_nam = "x"', "did you mean clinic_name?"),
        ('quite_other = "x"', "known settings:"),
        ("draft_days = 'seven'", "draft_days must be a whole number, not str"),
        ("demo = 1", "demo must be true or false, not int"),
        ("trusted_hosts = 'a'", "trusted_hosts must be a list of texts"),
        ("trusted_hosts = [1]", "trusted_hosts must be a list of texts"),
        ("secret_key = 'short'", "secret_key is too weak"),
        (f"secret_key = '{'ab' * 20}'", "secret_key is too weak"),
        ("starts_per_hour = 0", "starts_per_hour must be 1 to 1000000"),
        ("draft_days = 0", "draft_days must be 1 to 90"),
        ("clinic_name = ' '", "clinic_name must not be empty"),
        ("emergency_number = 'nine'", "emergency_number must be digits only"),
        ("language = 'qq-QQ'", "language must be a language code"),
        ("port = 0", "port must be 1 to 65535"),
        ("port = 70000", "port must be 1 to 65535"),
        ("proxies = 0", "proxies must be 1 to 9"),
        ("language = 'fr-CA'", "language fr-CA has no catalogue; there are: en"),
        ("public_url = 'https://x.example/in take'", "a host, with a plain path at most"),
        ("public_url = 'https://x.example/../intake'", "a host, with a plain path at most"),
        ("public_url = 'https://x.example/intake?a=1'", "a host, with a plain path at most"),
        ("public_url = 'https://'", "a host, with a plain path at most"),
        ("public_url = 'https://x.example:99999'", "a host, with a plain path at most"),
        ("time_zone = 'Europe/Zurick'", "did you mean Europe/Zurich?"),
        ("time_zone = '../etc/passwd'", "there is no time zone"),
        ("database_url = 'mysql://x'", "must name SQLite or PostgreSQL"),
        ("public_url = 'http://x.example'", "public_url must begin with https://"),
        ("country = 'Canada'", "a country's two letters"),
        ("host = '0.0.0.0'", "is open to the network: set public_url"),
        ("clinic_name = ", "not a TOML file"),
        ("smtp_host = 'mail.example'", "smtp_host needs mail_from"),
        ("duty_address = 'duty@x.example'", "duty_address needs smtp_host"),
        (f"{MAIL}duty_address = 'a@x.example, b@x.example'", "duty_address must be one mail address"),
        (f"{MAIL}duty_address = 'Duty <a@x.example>'", "duty_address must be one mail address"),
        (f'{MAIL}duty_address = "a@x.example\\nBcc: b@x.example"', "duty_address must be one mail address"),
        (f"{MAIL}smtp_user = 'clinic'", "smtp_user and smtp_password belong together"),
        (f"{MAIL}smtp_port = 0", "smtp_port must be 1 to 65535"),
        ("webhook_url = 'https://hooks.example/'", "webhook_url needs webhook_secret"),
        (f"{HOOK}webhook_url = 'http://hooks.example/'", "webhook_url must be an https address"),
        (f"{HOOK}webhook_url = 'http://169.254.169.254/latest'", "webhook_url must be an https address"),
        (f"{HOOK}webhook_url = 'https://user:word@hooks.example/'", "webhook_url must be an https address"),
        (f"{HOOK}webhook_url = 'https://hooks.example/#part'", "webhook_url must be an https address"),
        (f"{HOOK}webhook_url = 'file:///etc/passwd'", "webhook_url must be an https address"),
        (f"{HOOK}webhook_url = 'https:///path'", "webhook_url must be an https address"),
        (f'{HOOK}webhook_url = "https://hooks.example/a b"', "webhook_url must be an https address"),
    ],
)
def test_what_is_wrong_is_refused_with_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said.replace("?", r"\?")):
        load(tmp_path, text)


@pytest.mark.parametrize(("name", "value"), [("port", "eighty"), ("demo", "yes"), ("draft_day", "7")])
def test_a_variable_that_is_wrong_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"INTAKE_{name.upper()}"):
        load(tmp_path, **{name: value})


@pytest.mark.parametrize("url", ["https://hooks.example:8443/a?b=c", "http://127.0.0.1:9000/", "http://[::1]:9000/"])
def test_a_webhook_goes_over_https_or_to_this_machine(tmp_path: Path, url: str) -> None:
    assert load(tmp_path, f"{HOOK}webhook_url = '{url}'").webhook_url == url


def test_a_demonstration_needs_no_mail_server(tmp_path: Path) -> None:
    assert load(tmp_path, "demo = true\nduty_address = 'duty@x.example'").duty_address == "duty@x.example"


def test_an_open_address_is_taken_behind_a_proxy_with_tls(tmp_path: Path) -> None:
    found = load(tmp_path, f"host = '0.0.0.0'\npublic_url = 'https://intake.example'\nsecret_key = '{SECRET}'\n")
    assert found.behind_tls
    assert found.hosts[-1] == "intake.example"
    assert not (tmp_path / "secret_key").exists()


def test_the_machine_s_time_zone_counts_until_one_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/Vancouver")
    assert load(tmp_path).zone.key == "America/Vancouver"
    assert load(tmp_path, time_zone="Pacific/Auckland").zone.key == "Pacific/Auckland"
    monkeypatch.setenv("TZ", "of-our-own")
    assert load(tmp_path).zone.key == "UTC"


def test_a_file_may_begin_with_the_mark_that_windows_editors_write(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(b'\xef\xbb\xbfclinic_name = "Harbour"\n')
    assert load(tmp_path).clinic_name == "Harbour"


def test_a_language_with_a_catalogue_is_spoken_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "TRANSLATIONS", tmp_path / "translations")
    catalogue = tmp_path / "translations" / "fr" / "LC_MESSAGES" / "messages.mo"
    catalogue.parent.mkdir(parents=True)
    catalogue.touch()
    assert load(tmp_path / "a", language="fr-CA").language == "fr-CA"
    with pytest.raises(SettingsError, match="there are: en, fr"):
        load(tmp_path / "b", language="de")


def test_scripts_keep_the_line_ends_that_their_shell_reads() -> None:
    """Whatever a machine's git would do by itself."""
    lines = (Path(__file__).parent.parent / ".gitattributes").read_text(encoding="utf-8").splitlines()
    assert "* text=auto eol=lf" in lines
