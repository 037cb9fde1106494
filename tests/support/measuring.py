"""Coverage of the processes that tests start: they are the product as well."""

from __future__ import annotations

from pathlib import Path

from coverage import Coverage

SETTINGS = Path(__file__).parents[2] / "pyproject.toml"


def measured() -> dict[str, str]:
    """The variables under which a Python process measures itself as this one does; none where this one does not."""
    here = Coverage.current()
    if here is None:
        return {}
    return {"COVERAGE_PROCESS_START": str(SETTINGS), "COVERAGE_FILE": str(Path(here.config.data_file).absolute())}
