"""The Nu HTML checker, as `npm ci` puts it there: what it finds wrong with pages, all of them in one run."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

JAR = Path(__file__).parent.parent.parent / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
JAVA = shutil.which("java")
needs_java = pytest.mark.skipif(JAVA is None, reason="the Nu HTML checker runs on Java, and there is none here")


def messages(pages: Mapping[str, str], folder: Path) -> list[str]:
    """What the checker says of pages (a name for each, its text), one line a message, as often as it occurs."""
    if not JAR.exists():
        raise FileNotFoundError(f"{JAR} is missing: run npm ci")
    assert JAVA is not None
    files = {folder / f"{place}.html": name for place, name in enumerate(pages)}
    for path, name in files.items():
        path.write_text(pages[name], encoding="utf-8")
    command = [JAVA, "-jar", str(JAR), "--stdout", "--exit-zero-always", "--format", "json", *map(str, files)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(run.stdout)["messages"]
    return [f"{files[Path(each['url'].removeprefix('file:'))]}: {each['message']}" for each in found]
