"""The clinic's time zone: by its name, or the machine's own."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from intake.errors import SettingsError

LOCAL_TIME = Path("/etc/localtime")
ZONES = "zoneinfo/"
NONE_KNOWN = "UTC"
UNKNOWN = (ZoneInfoNotFoundError, ValueError, OSError)


def zone(name: str) -> ZoneInfo:
    """The zone of that name; raises SettingsError with the nearest right one."""
    try:
        return ZoneInfo(name)
    except UNKNOWN as error:
        near = get_close_matches(name, available_timezones(), n=1)
        hint = f"did you mean {near[0]}?" if near else "for example America/Vancouver or Europe/London"
        raise SettingsError(f"time_zone: there is no time zone {name!r}; {hint}") from error


def machine() -> str:
    """The name of the machine's zone; UTC where it cannot be told."""
    named = os.environ.get("TZ", "").removeprefix(":") or str(LOCAL_TIME.resolve()).rpartition(ZONES)[2]
    try:
        return ZoneInfo(named).key
    except UNKNOWN:
        return NONE_KNOWN
