"""How pages become bytes: templates with the clinic's words, static files under hashed names, compressed responses.

A static file is served from `<instance>/static` under a name with its content's hash: browsers may keep it for good.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast
from wsgiref.headers import Headers

from flask import render_template, request
from flask_babel import gettext as _
from whitenoise import WhiteNoise

from intake.web.security import HEADERS

if TYPE_CHECKING:
    from flask import Flask, Response

    from intake.questions.views import FieldView

BodyShapes = dict[str, dict[str, list[dict[str, str]]]]
SOURCES = Path(__file__).parent.parent / "static"
BODY_MAP = Path(__file__).with_name("body_map.json")
PREFIX = "/static/"
HASH_LENGTH = 12
WORTH_COMPRESSING = 512
COMPRESSED_TYPES = ("text/html", "text/css", "text/javascript", "application/json", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class ClinicDetails:
    """What every page may say of the clinic."""

    name: str
    phone: str
    emergency_number: str
    urgent_line: str
    crisis_line: str
    draft_days: int
    starts_per_hour: int
    demo: bool
    time_zone: str

    def numbers(self) -> dict[str, str]:
        """The clinic's numbers by the names that fixed texts use for them."""
        return {
            "clinic_phone": self.phone,
            "emergency_number": self.emergency_number,
            "urgent_line": self.urgent_line or _("your doctor"),
            "crisis_line": self.crisis_line or self.emergency_number,
        }


def install(app: Flask, details: ClinicDetails, instance: Path, prefix: str = "") -> None:
    """Give the templates their words, serve the static files, compress what is worth it: below a proxy's `prefix`."""
    folder = instance / "static"
    addresses = publish(SOURCES, folder)
    app.jinja_env.globals.update(
        clinic=details,
        staff_home=f"{prefix}/review/",
        desk_home=f"{prefix}/desk",
        staff_door=f"{prefix}/staff",
        home=f"{prefix}/",  # also where a request for a foreign host leaves no addresses to build
        body_map=body_map(),
        static={name: prefix + address for name, address in addresses.items()}.__getitem__,
    )
    app.jinja_env.filters["tel"] = dialled
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.after_request(compress)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # the way that WSGI wrappers are put round Flask
        app.wsgi_app,
        root=str(folder),
        prefix=PREFIX,
        immutable_file_test=lambda _path, _url: True,
        allow_all_origins=False,
        add_headers_function=add_headers,
    )


def publish(sources: Path, folder: Path) -> dict[str, str]:
    """Copy each file under its hashed name, with a compressed twin; older copies stay for pages that are open."""
    folder.mkdir(mode=0o700, exist_ok=True)
    addresses = {}
    for source in sorted(sources.iterdir()):
        content = source.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:HASH_LENGTH]
        name = f"{source.stem}.{digest}{source.suffix}"
        write_once(folder / name, content)
        write_once(folder / f"{name}.gz", gzip.compress(content, 9, mtime=0))
        addresses[source.name] = PREFIX + name
    return addresses


def write_once(path: Path, content: bytes) -> None:
    """Put a file in place whole, unless it is there already: its name says its content."""
    if path.exists():
        return
    aside = path.with_name(f".{path.name}")
    aside.write_bytes(content)
    aside.chmod(0o600)
    aside.replace(path)


def add_headers(headers: Headers, _path: str, _url: str) -> None:
    """The security headers, on static files too."""
    for name, value in HEADERS.items():
        headers[name] = value


@cache
def body_map() -> BodyShapes:
    """The picture of the body: its tiles by view, each with the code of its region."""
    return cast("BodyShapes", json.loads(BODY_MAP.read_text(encoding="utf-8")))


def mostly_behind(field: FieldView) -> bool:
    """Whether a body map offers many more places of the back than of the front, so that it begins there."""
    offered = set(field.offered)
    front, back = (sum(tile["code"] in offered for tile in body_map()[view]["tiles"]) for view in ("front", "back"))
    return back > 2 * front


def dialled(number: str) -> str:
    """A phone number as a link dials it."""
    return "".join(sign for sign in number if sign in "+0123456789")


def render(template: str, **context: object) -> str:
    """A page."""
    return render_template(template, **context)


def compress(response: Response) -> Response:
    """Compress a page for a browser that takes it. No page repeats what another site could put into a request."""
    response.vary.add("Accept-Encoding")
    if (
        response.direct_passthrough
        or response.mimetype not in COMPRESSED_TYPES
        or not request.accept_encodings["gzip"]
        or len(response.get_data()) < WORTH_COMPRESSING
    ):
        return response
    response.set_data(gzip.compress(response.get_data(), 6, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response
