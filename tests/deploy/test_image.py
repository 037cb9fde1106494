"""The container's files, read as the build would: no builder runs here, so each step is held against the tree.

The step that installs the packages runs in `tests/test_wheel.py` (what is locked, and nothing else, serves a page).
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from intake import settings

ROOT = Path(__file__).parents[2]


def steps() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, each with its words on one line."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, " ".join(rest.split())) for word, _, rest in (line.partition(" ") for line in lines)]


def of(word: str) -> list[str]:
    """What stands behind an instruction, each time."""
    return [rest for name, rest in steps() if name == word]


def compose() -> dict[str, dict[str, dict[str, object]]]:
    """The services as Compose reads them."""
    found: dict[str, dict[str, dict[str, object]]] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return found


def sent_to_the_builder() -> set[str]:
    """What .dockerignore lets through, of the files that are kept under version control."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert rules[0] == "*", "all is left out that is not named"
    kept = [rule.removeprefix("!") for rule in rules if rule.startswith("!")]
    return {path for path in listed if any(path == name or path.startswith(f"{name}/") for name in kept)}


def test_every_copied_path_is_sent_and_nothing_beside() -> None:
    copied = [shlex.split(rest)[:-1] for rest in of("COPY") if not rest.startswith("--from")]
    paths = [path for each in copied for path in each]
    sent = sent_to_the_builder()
    assert {path for path in paths if (ROOT / path).is_file()} <= sent
    assert all((ROOT / path).exists() for path in paths)
    assert {path.split("/")[0] for path in sent} == {"intake", "requirements", "wsgi.py"}


def test_packages_come_from_the_lock_with_hashes_and_no_compiler() -> None:
    (install,) = [rest for rest in of("RUN") if "pip install" in rest]
    assert {"--require-hashes", "--only-binary", "-r"} <= set(shlex.split(install))
    assert not [rest for rest in of("RUN") if "apt" in rest]


def test_the_lock_has_a_hash_for_every_package() -> None:
    lock = (ROOT / "requirements" / "runtime.lock").read_text(encoding="utf-8")
    packages = re.findall(r"^[\w.-]+==.*?(?=^\S|\Z)", lock, re.MULTILINE | re.DOTALL)
    assert len(packages) > 30
    assert all("--hash=sha256:" in package for package in packages)


def test_it_runs_without_rights_and_keeps_its_instance_in_a_volume() -> None:
    (user,), (volume,) = of("USER"), of("VOLUME")
    assert user.isdigit()
    assert int(user) > 0
    assert f"INTAKE_INSTANCE={volume}" in " ".join(of("ENV"))
    after = [name for name, _rest in steps()]
    assert "RUN" not in after[after.index("USER") :]


def test_nothing_in_it_is_a_secret() -> None:
    said = " ".join(rest.lower() for name, rest in steps() if name in {"ENV", "ARG"})
    assert not [word for word in ("secret", "password", "token", "key=") if word in said]


def test_what_it_starts_are_commands_of_the_product() -> None:
    (command,) = of("CMD")
    *_shell, line = json.loads(command)
    for words in ("flask --app wsgi db upgrade", "exec flask --app wsgi serve"):
        assert words in line
    health = json.loads(of("HEALTHCHECK")[0].partition("CMD ")[2])
    compile(health[-1], "healthcheck", "exec")


def test_its_interpreter_is_one_that_the_product_takes_and_is_tested_on() -> None:
    images = {image.split(" ")[0] for image in of("FROM")}
    assert images == {"python:3.11-slim"}
    assert sys.version_info[:2] >= (3, 11)


def test_compose_sets_what_the_product_and_the_proxy_know() -> None:
    services = compose()["services"]
    own = services["intake"]["environment"]
    assert isinstance(own, dict)
    assert {name.removeprefix("INTAKE_").lower() for name in own} <= settings.known().keys()
    assert "ports" not in services["intake"], "nobody reaches it past the proxy"
    proxy = services["caddy"]["environment"]
    assert isinstance(proxy, dict)
    read = set(re.findall(r"\{\$(INTAKE_\w+)", (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")))
    assert set(proxy) <= read
    mounted = services["caddy"]["volumes"]
    assert isinstance(mounted, list)
    assert all((ROOT / each.split(":")[0]).exists() for each in mounted if each.startswith("./"))


@pytest.mark.parametrize("name", ["intake", "caddy"])
def test_compose_gives_no_more_rights_than_needed(name: str) -> None:
    service = compose()["services"][name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])


def test_the_unit_is_sound_but_for_what_is_not_installed_here() -> None:
    checked = subprocess.run(
        ["systemd-analyze", "verify", str(ROOT / "deploy" / "needling-intake.service")],
        capture_output=True,
        text=True,
        check=False,
    )
    complaints = [line for line in checked.stderr.splitlines() if "needling-intake.service" in line]
    assert all("/opt/needling-intake/.venv/bin/flask is not executable" in line for line in complaints), complaints
