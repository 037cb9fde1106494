"""Renews every file that is made from the product and kept beside it: `make golden`, then read the difference.

`tests/golden/routes.txt` (who may call which route), `docs/rules.html` (the rule book for readers), the body map where
shapely is installed, and `tests/golden/vocabulary.json` (the public names and codes: what is new is added; what stands
there is never changed or taken away). Exit status: 0 renewed, 1 the vocabulary breaks its contract.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ruamel.yaml import YAML

from intake import settings
from intake.app import build
from intake.web import guards

ROOT = Path(__file__).resolve().parent.parent
ROUTES = ROOT / "tests" / "golden" / "routes.txt"
VOCABULARY = ROOT / "tests" / "golden" / "vocabulary.json"
BODY_MAP = ROOT / "tools" / "build_body_map.py"
PUBLIC = ("kind", "codes", "also", "unit", "narrows")
CONTRACT = "names and codes are a public contract (stored answers and exports hold them): add, never rename or remove"


def main() -> int:
    """Write the files; gives the exit status."""
    with TemporaryDirectory() as folder:
        app = build(settings.load({}, Path(folder)))
        lines = [f"{route.guard:8}{route.methods:22}{route.path}\n" for route in guards.routes(app, {})]
        renew(ROUTES, "".join(lines))
        book = ROOT / "docs" / "rules.html"
        done = app.test_cli_runner().invoke(args=["rules", "book", str(book)], catch_exceptions=False)
        say(done.output.strip())
    body_map()
    return vocabulary()


def renew(path: Path, text: str) -> None:
    """Write a file, and say so where it changes."""
    changed = not path.exists() or path.read_text(encoding="utf-8") != text
    path.write_text(text, encoding="utf-8")
    say(f"{path} is {'written' if changed else 'as it was'}.")


def say(line: str) -> None:
    """One line for the reader."""
    sys.stdout.write(f"{line}\n")


def body_map() -> None:
    """Draw the body map again, where that can be done."""
    if find_spec("shapely") is None:
        say("The body map stays as it is: drawing it needs shapely (pip install shapely).")
        return
    subprocess.run([sys.executable, str(BODY_MAP)], check=True)
    say("The body map is drawn.")


def vocabulary() -> int:
    """Add what is new to the contract; gives 1, and writes nothing, where something of it changed or is gone."""
    kept = json.loads(VOCABULARY.read_text(encoding="utf-8"))
    now = public(YAML(typ="safe").load(settings.VOCABULARY_PATH))
    broken = list(lost(kept, now))
    for line in broken:
        say(f"{VOCABULARY} is not written: {line}; {CONTRACT}.")
    if not broken:
        renew(VOCABULARY, written({part: merged(kept[part], now[part]) for part in kept}))
    return int(bool(broken))


def public(file: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What others rely on: the regions and groups, and of each fact its kind and codes."""
    facts = {name: {key: spec[key] for key in PUBLIC if key in spec} for name, spec in file["facts"].items()}
    return {"regions": file["regions"], "region_groups": file["region_groups"], "facts": facts}


def lost(kept: Any, now: Any, path: str = "") -> Iterator[str]:  # noqa: ANN401 - JSON
    """What stands in the contract and not in the vocabulary, each by its path."""
    if isinstance(kept, dict) and isinstance(now, dict):
        for name, value in kept.items():
            place = f"{path}.{name}".lstrip(".")
            yield from lost(value, now[name], place) if name in now else [f"{place} is gone"]
    elif path.endswith(".codes") and isinstance(kept, list) and isinstance(now, list):
        yield from (f"{path} has no {code} any more" for code in kept if code not in now)
    elif kept != now:
        yield f"{path} was {json.dumps(kept)} and is {json.dumps(now)}"


def merged(kept: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """The contract with what is new: its own order first."""
    return {**{name: now[name] for name in kept}, **now}


def written(parts: Mapping[str, Mapping[str, Any]]) -> str:
    """The contract as JSON, one entry a line, so that a difference is read at a glance."""
    blocks = []
    for part, entries in parts.items():
        lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in entries.items())
        blocks.append(f"{json.dumps(part)}: {{\n{lines}\n}}")
    return "{\n" + ",\n".join(blocks) + "\n}\n"


if __name__ == "__main__":
    sys.exit(main())
