"""Which worker runs which test: each goes to whoever is free, but modules that share what costs much stay whole."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

TOGETHER = (
    "tests/browser/test_patient.py",  # the longest; what is together starts first
    "tests/cli/test_demo.py",  # one worker fills a demonstration, once
    "tests/test_wheel.py",  # one worker makes the wheel, once
    "tests/web/test_every_page.py",  # one worker walks through every page, once
    "tests/web/test_languages.py",  # one worker gathers every word, once
)


class TogetherScheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """The tests of a module in TOGETHER go to one worker; every other test stands alone."""

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return module if module in TOGETHER else nodeid
