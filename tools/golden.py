"""Renews every file that is made from the product and kept beside it: `make golden`, then read the difference.

`tests/golden/routes.txt` (who may call which route), `docs/rules.html` (the rule book for readers), the body map where
shapely is installed, and `tests/golden/vocabulary.json` (the public names and codes: what is new is added; what stands
there is never changed or taken away). Exit status: 0 renewed, 1 the vocabulary breaks its contract.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from intake import settings
from intake.app import build
from intake.web import guards
from tests.support import golden

ROOT = Path(__file__).resolve().parent.parent
ROUTES = ROOT / "tests" / "golden" / "routes.txt"
BODY_MAP = ROOT / "tools" / "build_body_map.py"


def main() -> None:
    """Write the files; exits with 1, and says what would be lost, where the vocabulary breaks its contract."""
    with TemporaryDirectory() as folder:
        app = build(settings.load({}, Path(folder)))
        lines = [f"{route.guard:8}{route.methods:22}{route.path}\n" for route in guards.routes(app, {})]
        renew(ROUTES, "".join(lines))
        book = ROOT / "docs" / "rules.html"
        done = app.test_cli_runner().invoke(args=["rules", "book", str(book)], catch_exceptions=False)
        say(done.output.strip())
    body_map()
    golden.main()


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


if __name__ == "__main__":
    main()
