"""Campaigns: a test with a few rounds in `make test`, always alike, and with many under a drawn seed in `make soak`.

A test that takes the fixture `campaign` is two: `[sample]` and `[soak]`. What a soak tried is printed at the end.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import pytest

SEED_OPTION = "--soak-seed"
SAMPLE_SEED = 20_261_122
HIGHEST_SEED = 2**32
TOLD = "campaign"


@dataclass(frozen=True, slots=True)
class Campaign:
    """How thorough this run of a test is, and its source of chance."""

    thorough: bool
    random: Random
    tell: Callable[[str, object], None]

    def rounds(self, few: int, many: int) -> int:
        """How many rounds: a few, or many in a soak."""
        return many if self.thorough else few

    def tried(self, what: str, number: int) -> None:
        """Say what was tried, for the summary of a soak."""
        if self.thorough:
            self.tell(TOLD, f"{number:,} {what}")


@pytest.fixture(params=["sample", pytest.param("soak", marks=pytest.mark.soak)])
def campaign(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Campaign:
    """A sample, or the whole of it."""
    thorough = request.param == "soak"
    seed = request.config.getoption(SEED_OPTION) if thorough else SAMPLE_SEED
    return Campaign(thorough, Random(f"{seed} {request.node.originalname}"), record_property)  # noqa: S311 - nothing secret


def add_option(parser: pytest.Parser) -> None:
    """The seed of a soak, to repeat one."""
    parser.addoption(SEED_OPTION, type=int, default=None, help="repeat the soak that printed this seed")


def draw_seed(config: pytest.Config) -> None:
    """One seed for the run; the workers are started with the same options."""
    if config.getoption(SEED_OPTION) is None:
        config.option.soak_seed = secrets.randbelow(HIGHEST_SEED)


def summarize(reporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """What each soak tried, and the seed that repeats it."""
    reports = [report for key in ("passed", "failed") for report in reporter.getreports(key)]
    lines = [
        f"{report.nodeid}: {told}"
        for report in reports
        if report.when == "call"
        for name, told in report.user_properties
        if name == TOLD
    ]
    if lines:
        reporter.section(f"soak, seed {config.getoption(SEED_OPTION)}")
        for line in sorted(lines):
            reporter.write_line(line)
