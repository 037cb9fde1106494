"""The safety map in words: every level names its places, in few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intake.engine.book.levels import Needling
from intake.workflow.review.safety import safety_map
from tests.support.small_clinic import vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

CARE, AVOID, FREE = Needling.PRECAUTION, Needling.AVOID_AREA, Needling.OK


@pytest.mark.parametrize(
    ("regions", "told"),
    [
        ({"head": FREE, "chest_left": FREE}, ()),
        ({"head": CARE, "chest_left": CARE}, ((CARE, ("the whole body",)),)),
        ({"head": CARE, "calf_left": AVOID, "chest_left": CARE}, ((AVOID, ("L calf",)), (CARE, ("everywhere else",)))),
        ({"head": FREE, "calf_left": AVOID, "chest_left": CARE}, ((AVOID, ("L calf",)), (CARE, ("L chest",)))),
    ],
)
def test_levels_in_words(regions: Mapping[str, Needling], told: tuple[object, ...]) -> None:
    found = safety_map({"regions": {code: level.code for code, level in regions.items()}}, {}, vocabulary().roles)
    assert found.legend == told
    assert found.regions == regions


def test_where_it_hurts_is_marked_and_said() -> None:
    found = safety_map(
        {"regions": {"head": "ok"}}, {"pain_regions": ("head",), "main_region": "head"}, vocabulary().roles
    )
    assert (found.pain, found.pain_in_words) == (("head",), ("head",))
