"""One table: what can go wrong, its status, and what the reader is told. Never a patient's word, never a trace."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from http import HTTPStatus
from math import ceil
from typing import TYPE_CHECKING

import structlog
from flask import request
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from intake.errors import AnswerError, LimitError, NotFoundError, StaleError, StorageError
from intake.web.rendering import render

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

STAFF_PATHS = ("/desk", "/review", "/staff")
LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """A heading, what happened, and what to do now."""

    status: HTTPStatus
    heading: str
    happened: str
    do: str


GO_BACK = _("Go back to the page before this one. What we saved is still there.")
TRY_AGAIN = _("Wait a minute, then try again. What we saved is still there.")

PAGES = {
    page.status: page
    for page in (
        ErrorPage(
            HTTPStatus.BAD_REQUEST,
            _("We could not read that page"),
            _("It was not sent in the way we expect."),
            GO_BACK,
        ),
        ErrorPage(
            HTTPStatus.FORBIDDEN,
            _("You cannot open this page"),
            _("It was asked for from another site, or you may not see it."),
            GO_BACK,
        ),
        ErrorPage(
            HTTPStatus.NOT_FOUND,
            _("Page not found"),
            _("There is nothing at this address, or it is not for you to see."),
            _("Check the address, or go to the start page."),
        ),
        ErrorPage(
            HTTPStatus.METHOD_NOT_ALLOWED,
            _("You cannot open this page like that"),
            _("This address only takes a form that is sent from its own page."),
            GO_BACK,
        ),
        ErrorPage(
            HTTPStatus.CONFLICT,
            _("This changed while you were reading it"),
            _("Somebody, or another window, saved a newer version. Nothing was overwritten."),
            _("Open the page again to see what is saved now."),
        ),
        ErrorPage(
            HTTPStatus.LENGTH_REQUIRED,
            _("We could not read that page"),
            _("It was sent without saying how long it is, so part of it might be missing."),
            GO_BACK,
        ),
        ErrorPage(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            _("That is too long"),
            _("The page you sent is larger than we can take. Nothing of it was saved."),
            _("Go back and write less. You can tell us the rest at your visit."),
        ),
        ErrorPage(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            _("We could not read that page"),
            _("It was not sent as a form."),
            GO_BACK,
        ),
        ErrorPage(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            _("We could not read a character"),
            _("Something you typed or pasted holds a character that is not text. Nothing of that page was saved."),
            _("Go back, type the words by hand, and send the page again."),
        ),
        ErrorPage(
            HTTPStatus.TOO_MANY_REQUESTS,
            _("Please wait a moment"),
            _("There were too many tries in a short time."),
            TRY_AGAIN,
        ),
        ErrorPage(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            _("Something went wrong on our side"),
            _("It is not your fault. The page you sent may not be saved."),
            TRY_AGAIN,
        ),
        ErrorPage(
            HTTPStatus.SERVICE_UNAVAILABLE,
            _("We cannot save at the moment"),
            _("The page you sent is not saved."),
            TRY_AGAIN,
        ),
    )
}
NO_COOKIES = ErrorPage(
    HTTPStatus.BAD_REQUEST,
    _("Your browser keeps no cookies"),
    _("This form needs one to know your answers again. It does not follow you to other sites."),
    _("Allow cookies for this site in your browser. Then go to the start page."),
)
STATUS_OF = {
    AnswerError: HTTPStatus.BAD_REQUEST,
    LimitError: HTTPStatus.TOO_MANY_REQUESTS,
    CSRFError: HTTPStatus.BAD_REQUEST,
    NotFoundError: HTTPStatus.NOT_FOUND,
    StaleError: HTTPStatus.CONFLICT,
    StorageError: HTTPStatus.SERVICE_UNAVAILABLE,
}
RETRY_AFTER = {HTTPStatus.SERVICE_UNAVAILABLE: "60", HTTPStatus.TOO_MANY_REQUESTS: "60"}


def install(app: Flask) -> None:
    """Show every failure as a page of our own."""
    app.register_error_handler(Exception, show)


def show(error: Exception) -> ResponseReturnValue:
    """The page for one failure. A redirect of the router passes; everything else keeps its message to itself."""
    if isinstance(error, HTTPException) and error.code is not None and error.code < HTTPStatus.BAD_REQUEST:
        return error
    status = status_of(error)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log(error, status)
    page = NO_COOKIES if isinstance(error, CSRFError) and not request.cookies else PAGES[status]
    template = "errors/staff.html" if request.path.startswith(STAFF_PATHS) else "errors/error.html"
    headers = {"Retry-After": RETRY_AFTER[status]} if status in RETRY_AFTER else {}
    if isinstance(error, LimitError):
        headers["Retry-After"] = str(ceil(error.wait.total_seconds()))
    return render(template, page=page, missing=status == HTTPStatus.NOT_FOUND), status, headers


def status_of(error: Exception) -> HTTPStatus:
    """The status of a failure; one that nobody planned is the server's."""
    for kind, status in STATUS_OF.items():
        if isinstance(error, kind):
            return status
    code = error.code if isinstance(error, HTTPException) else None
    known = next((status for status in PAGES if status == code), None)
    if known is not None:
        return known
    server = code is None or code >= HTTPStatus.INTERNAL_SERVER_ERROR
    return HTTPStatus.INTERNAL_SERVER_ERROR if server else HTTPStatus.BAD_REQUEST


def log(error: Exception, status: HTTPStatus) -> None:
    """Where it happened and of which type it is; the message stays out, it may quote an answer."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = f"{last[0].filename}:{last[0].lineno}" if last else "unknown"
    LOG.error(
        "request_failed",
        status=int(status),
        error=type(error).__name__,
        place=place,
        route=str(request.url_rule),
    )
