"""What a page weighs: the bytes that a phone has to fetch, compressed as they are sent."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.client import Page

KB = 1024


def weight(page: Page) -> int:
    """The bytes of the page itself."""
    return len(gzip.compress(page.text.encode(), 6))
