"""A browser of one window on WebKit that a driver may drive; run by Debian's own Python, which has the bindings.

`webkit_browser.py FOLDER SCRIPTS RESTORED`: below FOLDER goes what it keeps: its cache, its cookies and, after each
page, the session: history, what stood in forms, what was sent. SCRIPTS is `scripts` or `none`. With RESTORED `restored`
the session is opened again, as on a tablet whose browser was ended.
"""

from __future__ import annotations

import sys
from pathlib import Path

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import GLib, Gtk, WebKit2  # noqa: E402 - their versions must be said first

NAME = "MiniBrowser"  # what a driver asks for
WIDTH, HEIGHT = 800, 1280


def storage(folder: Path) -> WebKit2.WebContext:
    """Where the browser keeps what it keeps."""
    manager = WebKit2.WebsiteDataManager(
        base_data_directory=str(folder / "data"), base_cache_directory=str(folder / "cache")
    )
    kind = WebKit2.CookiePersistentStorage.SQLITE
    manager.get_cookie_manager().set_persistent_storage(str(folder / "data/cookies.sqlite"), kind)
    manager.set_tls_errors_policy(WebKit2.TLSErrorsPolicy.IGNORE)
    return WebKit2.WebContext.new_with_website_data_manager(manager)


def opened(context: WebKit2.WebContext, session: Path, *, scripts: bool) -> WebKit2.WebView:
    """The window, which writes its session down after each page."""
    settings = WebKit2.Settings(enable_javascript=scripts)
    view = WebKit2.WebView(web_context=context, settings=settings, is_controlled_by_automation=True)

    def keep(_view: WebKit2.WebView, event: WebKit2.LoadEvent) -> None:
        if event is WebKit2.LoadEvent.FINISHED:
            session.write_bytes(view.get_session_state().serialize().get_data())

    view.connect("load-changed", keep)
    view.connect("close", Gtk.main_quit)
    window = Gtk.Window(default_width=WIDTH, default_height=HEIGHT)
    window.add(view)
    window.show_all()
    return view


def restore(view: WebKit2.WebView, session: Path) -> None:
    """Open the session again at the page where it stood."""
    view.restore_session_state(WebKit2.WebViewSessionState(GLib.Bytes(session.read_bytes())))
    view.go_to_back_forward_list_item(view.get_back_forward_list().get_current_item())


def let_drive(context: WebKit2.WebContext, view: WebKit2.WebView, session: Path | None) -> None:
    """Hand the window to the driver that asks for one, then open a session in it; one opened before would lose it."""

    def hand_over(_automation: WebKit2.AutomationSession) -> WebKit2.WebView:
        if session is not None:
            restore(view, session)
        return view

    def start(_context: WebKit2.WebContext, automation: WebKit2.AutomationSession) -> None:
        about = WebKit2.ApplicationInfo()
        about.set_name(NAME)
        automation.set_application_info(about)
        automation.connect("create-web-view", hand_over)

    context.connect("automation-started", start)
    context.set_automation_allowed(True)


def main(folder: Path, scripts: str, restored: str) -> None:
    """Open the window, and wait until it is closed."""
    session = folder / "data/session"
    session.parent.mkdir(parents=True, exist_ok=True)
    context = storage(folder)
    view = opened(context, session, scripts=scripts == "scripts")
    let_drive(context, view, session if restored == "restored" else None)
    Gtk.main()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
