"""Two session cookies: staff pages use their own, stricter one; a patient's and a practitioner's never mix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import SignatureExpired, TimestampSigner

if TYPE_CHECKING:
    from flask import Flask
    from itsdangerous import URLSafeTimedSerializer

STAFF_COOKIE = "intake_staff"
STAFF_PATHS = ("/desk", "/review", "/staff")


class SteadySigner(TimestampSigner):
    """Takes a signature from the future for a new one: a clock that is put back ends no session."""

    def unsign(self, signed_value: str | bytes, max_age: int | None = None, return_timestamp: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 - the library's signature
        """Check signature and age."""
        value, signed_at = super().unsign(signed_value, return_timestamp=True)
        age = self.get_timestamp() - signed_at.timestamp()
        if max_age is not None and age > max_age:
            raise SignatureExpired(f"{age} s old", payload=value, date_signed=signed_at)
        return (value, signed_at) if return_timestamp else value


class Sessions(SecureCookieSessionInterface):
    """The signed session of the surface that a request belongs to; the signer is made once, its key never changes."""

    def __init__(self) -> None:
        self._signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Signs and checks the cookies; None where the application has no key."""
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
            if self._signer is not None:
                self._signer.signer = SteadySigner
        return self._signer

    def get_cookie_name(self, app: Flask) -> str:
        """The cookie's name."""
        return STAFF_COOKIE if _is_staff() else super().get_cookie_name(app)

    def get_cookie_path(self, _app: Flask) -> str:
        """The part of the site that is ours: another program below the same host is not sent the cookie."""
        return cookie_path()

    def get_cookie_samesite(self, app: Flask) -> str | None:
        """A staff session never comes along from another site, not even by a link."""
        return "Strict" if _is_staff() else super().get_cookie_samesite(app)


def cookie_path() -> str:
    """Where our pages are on their host: everywhere, or below the proxy's prefix."""
    return request.script_root or "/"


def _is_staff() -> bool:
    return request.path.startswith(STAFF_PATHS)
