"""Where the files of a run stand: in memory where there is room; a disk is most of the cost of a database a test."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - the tests make private directories in it
ROOM = 2 * 1024**3  # bytes; a run needs less, containers often have 64 MB


def use_memory() -> None:
    """Make memory the place of temporary files, of started processes too, unless TMPDIR names another."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ROOM:
        return
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
