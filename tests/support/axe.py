"""axe-core, run in the page that is open."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

SOURCE = Path(__file__).parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async tags => {
  const {violations} = await axe.run(document, {runOnly: tags, resultTypes: ["violations"]});
  return violations.map(v => `${v.id}: ${v.nodes.map(n => n.target.join(" ")).slice(0, 4).join(", ")} (${v.help})`);
}"""


@cache
def source() -> str:
    """The library, as `npm ci` puts it there."""
    if not SOURCE.exists():
        raise FileNotFoundError(f"{SOURCE} is missing: run npm ci")
    return SOURCE.read_text(encoding="utf-8")


def at_hand(page: Page) -> None:
    """Have the library in every page that this window opens from now on; `violations` needs it."""
    page.add_init_script(source())


def violations(page: Page) -> list[str]:
    """What axe finds wrong, one line a rule."""
    found: list[str] = page.evaluate(RUN, TAGS)
    return found
