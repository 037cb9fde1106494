"""Other people's engines for exported logic, run by Node; `npm ci` puts them there."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).parent / "js" / "engines.mjs"
PACKAGES = ("cql-execution", "feelin", "fhir")
LONGEST = 300


def run(engine: str, logic: object, inputs: object = ()) -> Any:  # noqa: ANN401 - JSON
    """What the engine (`elm`, `feel`, `fhir`) makes of the logic; skips the test where it is not installed."""
    node = shutil.which("node")
    missing = [name for name in PACKAGES if not (ROOT / "node_modules" / name).is_dir()]
    if node is None or missing:
        what = "Node is not installed" if node is None else f"{', '.join(missing)} missing: run npm ci"
        pytest.skip(f"exported rules are not tried in other engines: {what}")
    given = json.dumps({"logic": logic, "inputs": inputs})
    command = [node, str(SCRIPT), engine]
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=LONGEST, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)
