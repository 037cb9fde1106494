"""WebKit, the engine of iPads, as the tests drive it: on a screen of its own, with what it keeps in a folder.

The browser is our own window of WebKitGTK (`webkit_browser.py`): the one that comes with the driver keeps nothing while
it is driven, and so leaves nothing to search.
"""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

from selenium.webdriver import Remote
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.remote_connection import RemoteConnection
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

if TYPE_CHECKING:
    from collections.abc import Iterator

DRIVER, PYTHON = "/usr/bin/WebKitWebDriver", "/usr/bin/python3"
BROWSER = Path(__file__).with_name("webkit_browser.py")
SCREEN = "1280x1280x24"
PATIENCE = 30  # seconds
SESSION = "data/session"


@contextmanager
def screen() -> Iterator[str]:
    """A screen that nobody sees, on the first free number."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    process = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    assert number, "Xvfb did not start"
    try:
        yield f":{number}"
    finally:
        process.terminate()
        process.wait(timeout=60)


@contextmanager
def webkit(display: str, folder: Path, *, scripts: bool = True, restored: bool = False) -> Iterator[Remote]:
    """A browser whose cache, cookies and session stand below a folder; `restored`: with the session that was left."""
    homes = {f"XDG_{what}_HOME": str(folder / what.lower()) for what in ("DATA", "CACHE", "CONFIG")}
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = {"DISPLAY": display, "HOME": str(folder), "XDG_RUNTIME_DIR": str(runtime), "NO_AT_BRIDGE": "1", **homes}
    options = Options()
    options.binary_location = PYTHON
    for word in (BROWSER, folder, "scripts" if scripts else "none", "restored" if restored else "new"):
        options.add_argument(str(word))
    if restored:
        options.page_load_strategy = "none"  # a driver that waits for pages waits for ever for one that it did not open
    left = (folder / SESSION).stat().st_mtime_ns if restored else 0
    service = Service(DRIVER, env={**os.environ, **own})
    service.start()
    try:
        driver = Remote(RemoteConnection(client_config=ClientConfig(service.service_url)), options=options)
        if restored:
            until_renewed(folder / SESSION, left)
        driver.set_page_load_timeout(PATIENCE)
        yield driver
        driver.quit()
    finally:
        service.stop()


def until_renewed(session: Path, left: int) -> None:
    """Wait until the page of a session that was left at a time, in nanoseconds, has been opened and written down."""
    until = monotonic() + PATIENCE
    while session.stat().st_mtime_ns == left:
        assert monotonic() < until, "the session was not opened again"
        sleep(0.05)
