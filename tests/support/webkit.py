"""WebKit, the engine of iPads, as the tests drive it: on a screen of its own, with what it keeps in a folder.

The browser is our own window of WebKitGTK (`webkit_browser.py`): the one that comes with the driver keeps nothing while
it is driven, and so leaves nothing to search.
"""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from pathlib import Path
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
    service = Service(DRIVER, env={**os.environ, **own})
    service.start()
    try:
        driver = Remote(RemoteConnection(client_config=ClientConfig(service.service_url)), options=options)
        yield driver
        driver.quit()
    finally:
        service.stop()
