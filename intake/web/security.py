"""What every request must pass and every answer must carry: limits, same origin, clean text, strict headers.

Nothing here knows a page. A request that fails is refused before any view runs, with a status that says why.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import IO, TYPE_CHECKING, TypeVar
from urllib.parse import unquote_to_bytes

from flask import Request, abort, current_app, request
from flask_wtf import CSRFProtect

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask import Flask, Response

View = TypeVar("View", bound="Callable[..., object]")
CSRF = CSRFProtect()
BODY_LIMIT = 64 * 1024
FIELD_LIMIT = 200
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
FORM_TYPE, FILE_TYPE = "application/x-www-form-urlencoded", "multipart/form-data"
# No control character but blanks and line ends, no lone surrogate, no mark of bytes that were not text.
UNREADABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")

OWN = ("script-src", "style-src", "img-src", "font-src", "connect-src", "form-action", "manifest-src")
NOBODY = ("default-src", "frame-ancestors", "base-uri")
CONTENT_SECURITY_POLICY = "; ".join([*(f"{what} 'none'" for what in NOBODY), *(f"{what} 'self'" for what in OWN)])
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb", "serial")
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
}
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"


class InMemory(Request):
    """A request whose file never touches the disk: a day list in a temporary file would lie there unsealed."""

    def _get_file_stream(self, *_args: object, **_kwargs: object) -> IO[bytes]:
        """Where a file of a form is kept; the limit of its body has been checked."""
        return BytesIO()


def install(app: Flask) -> None:
    """Guard every request and dress every response of the application."""
    app.request_class = InMemory
    app.before_request(refuse_unsound_body)
    app.before_request(refuse_other_origins)
    app.before_request(refuse_unreadable_text)
    CSRF.init_app(app)
    app.after_request(dress)


def takes_file(limit: int) -> Callable[[View], View]:
    """Declare that the view's form may bring a file, and a body of so many bytes."""

    def declare(view: View) -> View:
        setattr(view, "file_limit", limit)  # noqa: B010 - a function has no typed place for it
        return view

    return declare


def refuse_unsound_body() -> None:
    """A body needs a stated length within the limit, and a form's type, where there is somebody to read it."""
    if request.method in SAFE_METHODS or request.endpoint is None:
        return
    if request.content_length is None:
        abort(411)
    file_limit = _file_limit()
    if file_limit:
        request.max_content_length = request.max_form_memory_size = file_limit
    if request.content_length > (file_limit or BODY_LIMIT):
        abort(413)
    if request.content_length and request.mimetype not in ((FILE_TYPE, FORM_TYPE) if file_limit else (FORM_TYPE,)):
        abort(415)


def _file_limit() -> int:
    """How large a body with a file the view takes; 0: it takes none."""
    view = current_app.view_functions.get(request.endpoint or "")
    return int(getattr(view, "file_limit", 0)) if request.method == "POST" else 0


def refuse_other_origins() -> None:
    """A page of another site may not post here, whatever cookies its visitor holds."""
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("Origin")
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)
    own = {request.host, current_app.config["PUBLIC_HOST"]} - {""}  # a proxy may hand on a host without its port
    if origin is not None and origin.partition("://")[2] not in own:
        abort(403)


def refuse_unreadable_text() -> None:
    """Fields must be few, and text readable: no control characters, no broken bytes; no address of ours has any."""
    if UNREADABLE.search(request.path):
        abort(404)
    with_file = request.mimetype == FILE_TYPE and _file_limit() > 0
    if not (_is_text(request.query_string) and (with_file or _is_text(request.get_data()))):
        abort(422)
    if request.files and not with_file:
        abort(400)
    _refuse_unreadable_fields([*request.args.items(multi=True), *request.form.items(multi=True)])


def _refuse_unreadable_fields(fields: Sequence[tuple[str, str]]) -> None:
    if len(fields) > FIELD_LIMIT:
        abort(400)
    if any(UNREADABLE.search(text) for pair in fields for text in pair):
        abort(422)


def _is_text(encoded: bytes) -> bool:
    """Whether an address or a form is UTF-8; where it is not, Werkzeug takes it for other text, or for none."""
    try:
        unquote_to_bytes(encoded).decode()
    except UnicodeDecodeError:
        return False
    return True


def dress(response: Response) -> Response:
    """Strict headers on every response; pages are never kept by a browser or a proxy."""
    response.headers.extend(HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
    return response
