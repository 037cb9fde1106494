"""A browser without a screen: it keeps cookies, lints every page it is shown, and fills in the forms it is given.

It sends what a browser would send: every hidden field, every ticked box, in the order of the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from tests.support import lint

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from xml.etree.ElementTree import Element

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

Value = str | list[str] | tuple[str, ...] | None
FORM = "application/x-www-form-urlencoded"


@dataclass(slots=True)
class Page:
    """A page that passed the lint, and where it was found: its path, and what followed the path."""

    path: str
    status: int
    tree: Element
    text: str
    headers: Mapping[str, str]
    query: str = ""
    fragment: str = ""

    @property
    def heading(self) -> str:
        """The h1."""
        return lint.text_of(next(self.tree.iter("h1")))

    @property
    def main(self) -> str:
        """What the main part says."""
        return lint.text_of(next(self.tree.iter("main")))

    @property
    def errors(self) -> list[str]:
        """The lines of the error summary."""
        summary = lint.errors_of(self.tree)
        return [] if summary is None else [lint.text_of(link) for link in summary.iter("a")]

    @property
    def links(self) -> dict[str, str]:
        """Words of each link and where it leads."""
        return {lint.text_of(link): link.get("href", "") for link in self.tree.iter("a")}

    def form(self, action: str | None = None) -> Form:
        """The page's form, or the one that posts to `action`."""
        found = [form for form in self.tree.iter("form") if action in (None, form.get("action"))]
        assert found, f"no form on {self.path}"
        beside = [e for e in self.tree.iter() if e.get("form") and e.get("form") == found[0].get("id")]
        return Form(found[0].get("action", ""), filled([*beside, *found[0].iter()]))


@dataclass(slots=True)
class Form:
    """A form as it stands: where it goes, and the fields that a browser would send."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)

    def fill(self, answers: Mapping[str, Value]) -> list[tuple[str, str]]:
        """The fields to send with these answers in place of what stood there; None takes a field out."""
        kept = [(name, value) for name, value in self.fields if name not in answers]
        added = [(name, value) for name, given in answers.items() for value in values(given)]
        last = [pair for pair in kept if pair[0] == "end"]
        return [pair for pair in kept if pair[0] != "end"] + added + last


def values(given: Value) -> tuple[str, ...]:
    """One answer as the values that are sent for it."""
    if given is None:
        return ()
    return (given,) if isinstance(given, str) else tuple(given)


def filled(controls: Iterable[Element]) -> list[tuple[str, str]]:
    """The fields of a form as a browser would send them untouched."""
    sent = []
    for control in controls:
        name, kind = control.get("name"), control.get("type", "")
        if not name or control.tag not in lint.CONTROLS:
            continue
        if kind in ("checkbox", "radio") and control.get("checked") is None:
            continue
        sent.append((name, value(control)))
    return sent


def value(control: Element) -> str:
    """What a browser would send for it."""
    if control.tag == "textarea":
        return "".join(control.itertext())
    if control.tag == "select":
        options = list(control.iter("option"))
        return next((each for each in options if each.get("selected") is not None), options[0]).get("value", "")
    return control.get("value", "")


class Visitor:
    """One person's browser."""

    def __init__(self, client: FlaskClient, service: str) -> None:
        self.client = client
        self.service = service

    def get(self, path: str) -> Page:
        """Open an address and follow redirects to the page in the end."""
        return self.follow(path, self.client.get(path))

    def post(self, path: str, fields: list[tuple[str, str]]) -> Page:
        """Send fields as a form and follow redirects."""
        body = urlencode(fields)
        return self.follow(path, self.client.post(path, data=body, content_type=FORM))

    def send(self, page: Page, action: str | None = None, /, **answers: Value) -> Page:
        """Fill in the form of a page and send it."""
        form = page.form(action)
        return self.post(form.action, form.fill(answers))

    def follow(self, path: str, response: TestResponse) -> Page:
        """The page at the end of the redirects; every step is linted."""
        for _step in range(10):
            lint.check_headers(response)
            if response.status_code not in (301, 302, 303, 307, 308):
                tree = lint.check(response, self.service)
                where = urlsplit(path)
                headers = dict(response.headers)
                return Page(where.path, response.status_code, tree, response.text, headers, where.query, where.fragment)
            path = response.headers["Location"]
            assert path.startswith("/"), f"a redirect to {path}"
            response = self.client.get(path)
        raise AssertionError(f"redirects without end at {path}")
