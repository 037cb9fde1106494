"""One page looked at in every window that people open it in: what axe finds, and whether something is cut off.

With the variable SHOTS (a folder) it keeps a picture of each for a person to look at.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support import axe

if TYPE_CHECKING:
    from playwright.sync_api import Page as Window

Size = tuple[int, int]
SHOTS = os.environ.get("SHOTS")
# Which of the page's media queries match: windows for which all answer alike show one and the same layout.
LAYOUT = """(() => {
  const all = rules => [...rules].flatMap(rule => [rule, ...all(rule.cssRules ?? [])]);
  return all([...document.styleSheets].flatMap(sheet => [...sheet.cssRules]))
    .filter(rule => rule instanceof CSSMediaRule).map(rule => matchMedia(rule.conditionText).matches).join();
})()"""
CUT_OFF = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(slots=True)
class Inspection:
    """Looks at the page that is open in each window size, and keeps the faults with the page's address."""

    window: Window
    sizes: tuple[Size, ...]
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        axe.at_hand(self.window)

    def __call__(self, state: str = "") -> None:
        """In every size nothing may be cut off; axe runs once a layout."""
        layouts: set[str] = set()
        for width, height in self.sizes:
            self.window.set_viewport_size({"width": width, "height": height})
            if SHOTS:
                self.window.screenshot(path=Path(SHOTS) / f"{state or 'page'}-{width}.png", full_page=True)
            layout, cut_off = self.window.evaluate(f"[{LAYOUT}, {CUT_OFF}]")
            found = ["scrolls sideways"] if cut_off > 0 else []
            if layout not in layouts:
                layouts.add(layout)
                found += axe.violations(self.window)
            self.faults += [f"{self.window.url} {state} {width}: {fault}" for fault in found]
