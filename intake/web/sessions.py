"""Two session cookies: staff pages use their own, stricter one; a patient's and a practitioner's never mix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request
from flask.sessions import SecureCookieSessionInterface

if TYPE_CHECKING:
    from flask import Flask
    from itsdangerous import URLSafeTimedSerializer

STAFF_COOKIE = "intake_staff"
STAFF_PATHS = ("/review", "/staff")


class Sessions(SecureCookieSessionInterface):
    """The signed session of the surface that a request belongs to; the signer is made once, its key never changes."""

    def __init__(self) -> None:
        self._signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Signs and checks the cookies; None where the application has no key."""
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer

    def get_cookie_name(self, app: Flask) -> str:
        """The cookie's name."""
        return STAFF_COOKIE if _is_staff() else super().get_cookie_name(app)

    def get_cookie_samesite(self, app: Flask) -> str | None:
        """A staff session never comes along from another site, not even by a link."""
        return "Strict" if _is_staff() else super().get_cookie_samesite(app)


def _is_staff() -> bool:
    return request.path.startswith(STAFF_PATHS)
