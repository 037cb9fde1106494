"""Tokens of links in this browser: out of the address at once, into a cookie that only some pages are sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import request

from intake.web.patient.views import go
from intake.web.services import services

if TYPE_CHECKING:
    from werkzeug import Response

AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class TokenCookie:
    """A cookie of this name, sent to the pages below this path alone."""

    name: str
    below: str

    def read(self) -> str:
        """The token; empty where there is none."""
        return request.cookies.get(self.name, "")

    def exchange(self, token: str, onward: str) -> Response:
        """On to the page that looks at the token, whatever it is."""
        response = go(onward)
        self.keep(response, token, AN_HOUR)
        return response

    def keep(self, response: Response, token: str, life: timedelta) -> None:
        """Put a token into this browser."""
        secure = services().secure
        response.set_cookie(
            self.name, token, max_age=life, path=self._path(), httponly=True, samesite="Lax", secure=secure
        )

    def drop(self, response: Response) -> None:
        """Take the token out of this browser."""
        response.delete_cookie(self.name, path=self._path())

    def _path(self) -> str:
        return request.script_root + self.below
