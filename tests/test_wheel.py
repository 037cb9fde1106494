"""`pip install .` with the locked packages of `make run` alone, started from another folder: it serves and judges.

The wheel is made from a clean copy and put into an empty environment, which sees of all installed packages only those
of requirements/runtime.lock: no Polars, no z3, no development tools, no source tree.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import venv
from http import HTTPStatus
from importlib.metadata import distribution
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.server_process import answer, flask, free_port, started

ROOT = Path(__file__).parent.parent
SOURCE = ("pyproject.toml", "README.md", "LICENSE")
NOT_SEEN = ("polars", "z3", "pytest")


class Installed(NamedTuple):
    """The product as somebody else installs it: the interpreter, and an empty folder to start it in."""

    python: Path
    folder: Path

    def flask(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command of the product."""
        command = [*flask("intake", self.python), *words]
        return subprocess.run(command, cwd=self.folder, input=given, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("installed")
    home = folder / "venv"
    venv.create(home)
    python = home / "bin" / "python"
    packages = next((home / "lib").iterdir()) / "site-packages"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "--python", str(python)]
    run([*pip, "install", "--no-deps", "--no-index", str(wheel(folder))])
    locked = folder / "locked"
    see_locked(locked)
    (packages / "locked.pth").write_text(f"{locked}\n", encoding="utf-8")
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    return Installed(python, elsewhere)


def wheel(folder: Path) -> Path:
    """The product's wheel, made from a copy: what an earlier build left behind would hide a missing file."""
    source = folder / "source"
    shutil.copytree(ROOT / "intake", source / "intake", ignore=shutil.ignore_patterns("__pycache__"))
    for name in SOURCE:
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "wheel"]
    run([*pip, "--no-deps", "--no-index", "--no-build-isolation", "-w", str(folder), str(source)])
    return next(folder.glob("*.whl"))


def run(command: list[str]) -> None:
    """Run a program that must succeed, away from the source tree."""
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def see_locked(folder: Path) -> None:
    """A folder of links to the installed packages that requirements/runtime.lock names, and to nothing else."""
    folder.mkdir()
    lock = (ROOT / "requirements" / "runtime.lock").read_text(encoding="utf-8")
    for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", lock, re.MULTILINE):
        package = distribution(name)
        assert package.version == version, f"{name} {package.version} is installed, {version} is locked: `make check`"
        tops = {path.parts[0] for path in package.files or ()} - {"..", "__pycache__"}
        for top in sorted(tops):
            (folder / top).symlink_to(Path(str(package.locate_file(top))))


def test_it_sees_what_is_locked_and_nothing_else(installed: Installed) -> None:
    code = f"from importlib.util import find_spec; import intake; print(intake.__file__, *map(find_spec, {NOT_SEEN}))"
    done = subprocess.run(
        [installed.python, "-c", code], cwd=installed.folder, capture_output=True, text=True, check=True
    )
    file, *found = done.stdout.split()
    assert Path(file).is_relative_to(installed.python.parent.parent)
    assert found == ["None"] * len(NOT_SEEN)


def test_it_serves_a_page_with_its_files(installed: Installed) -> None:
    port, command = free_port(), flask("intake", installed.python)
    with started(command, installed.folder, installed.folder / "instance", port):
        status, _headers, page = answer(port, "GET", "/")
        assert status == HTTPStatus.OK
        files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
        assert files
        assert {answer(port, "GET", path)[0] for path in files} == {HTTPStatus.OK}


def test_it_checks_its_rule_book(installed: Installed) -> None:
    done = installed.flask("rules", "check")
    assert (done.returncode, done.stdout.split()[-2:]) == (0, ["0", "faults"]), done.stderr


def test_it_decides_an_intake(installed: Installed) -> None:
    done = installed.flask("triage", "-", given='{"blood_thinners": ["warfarin"], "inr_status": "above_target"}')
    assert json.loads(done.stdout)["needling"] == "do_not_needle", done.stderr


def test_it_prints_the_form_with_its_own_fonts(installed: Installed) -> None:
    done = installed.flask("paper", "print", "form.pdf")
    assert done.returncode == 0, done.stderr
    pdf = (installed.folder / "form.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert b"NotoSans" in pdf
