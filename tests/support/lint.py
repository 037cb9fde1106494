"""What every page must be, whatever it says. `check` raises AssertionError with a sentence for the first fault."""

from __future__ import annotations

import re
from copy import deepcopy
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import html5lib

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from werkzeug.test import TestResponse

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
TOKEN = re.compile(r'(?<=name="csrf_token" value=")[^"]+')
CONTROLS = ("input", "select", "textarea")
UNSEEN = ("hidden", "submit", "button")
# Words that a practitioner reads and a patient must not.
NOT_FOR_PATIENTS = ("contraindicat", "do_not_needle", "review_before", "avoid_area", "within_days", "emergency_now")
URGENT_CARDS = ("care now", "care if")


def parse(text: str) -> Element:
    """The page's tree; any fault of the HTML standard is an error."""
    document: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    return document


def text_of(element: Element) -> str:
    """What a reader sees of the element, with single blanks."""
    return " ".join("".join(element.itertext()).split())


def check_headers(response: TestResponse) -> None:
    """The headers that every response carries: page, redirect, error or file."""
    for name, value in HEADERS.items():
        assert response.headers.get(name) == value, f"{name} is {response.headers.get(name)!r}"
    policy = dict(part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";"))
    for directive, value in POLICY.items():
        assert policy.get(directive) == value, f"Content-Security-Policy {directive} is {policy.get(directive)!r}"
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert "camera=()" in response.headers["Permissions-Policy"]


def check(response: TestResponse, service: str) -> Element:
    """Lint a page and give back its tree."""
    check_headers(response)
    assert response.headers["Cache-Control"] == "no-store", "a page may be kept by nobody"
    page = deepcopy(check_page(TOKEN.sub("", response.text), response.status_code, service))
    fields = (field for field in page.iter("input") if field.get("name") == "csrf_token")
    for field, token in zip(fields, TOKEN.findall(response.text), strict=True):
        field.set("value", token)
    return page


@lru_cache(maxsize=400)
def check_page(text: str, status: int, service: str) -> Element:
    """Lint what a page says beside its tokens; pages that many tests meet on their way are linted once."""
    page = parse(text)
    check_heading(page, service)
    check_nothing_inline(page)
    check_ids(page)
    check_labels(page)
    check_forms(page)
    check_addresses(page)
    check_errors(page, status)
    for word in () if "staff" in page.get("class", "").split() else NOT_FOR_PATIENTS:
        assert word not in text.lower(), f"a page for patients says {word!r}"
    return page


def check_heading(page: Element, service: str) -> None:
    """One h1; the title is the h1 and the service's name, with Error: or Urgent: in front where it is."""
    headings = list(page.iter("h1"))
    assert len(headings) == 1, f"{len(headings)} h1"
    heading = text_of(without_sections(headings[0]))
    urgent = any(part.get("class", "") in URGENT_CARDS for part in page.iter("section"))
    state = "Error:" if errors_of(page) is not None else "Urgent:" if urgent else ""
    title = text_of(next(page.iter("title")))
    before, _heading, after = title.rpartition(f"{heading} - {service}")
    assert (before.strip(" \N{LEFT DOUBLE ANGLE BRACKET}\N{RIGHT DOUBLE ANGLE BRACKET}"), after) == (state, ""), title
    assert page.get("lang"), "no language"


def without_sections(heading: Element) -> Element:
    """The heading without the topic line above it, and without the word that only a screen reader reads."""
    heading = deepcopy(heading)
    for part in list(heading):
        if {"section", "vh"} & set(part.get("class", "").split()):
            part.text, kept = "", part.tail
            part.tail = kept
    return heading


def check_nothing_inline(page: Element) -> None:
    """No inline style, script or handler: the policy would refuse them."""
    assert not list(page.iter("style")), "an inline style element"
    for script in page.iter("script"):
        assert (script.get("src") or "").startswith("/static/"), "a script without a file of ours"
    for element in page.iter():
        bad = [name for name in element.attrib if name == "style" or name.startswith("on")]
        assert not bad, f"{element.tag} has {bad}"


def check_ids(page: Element) -> None:
    """Ids are unique, and whatever refers to one finds it."""
    ids = [element.get("id", "") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), f"ids twice: {sorted({i for i in ids if ids.count(i) > 1})}"
    for element in page.iter():
        for name in ("for", "aria-describedby", "aria-labelledby", "form"):
            for target in element.get(name, "").split():
                assert target in ids, f"{name}={target!r} of {element.tag} leads nowhere"
        href = element.get("href") or ""
        assert not href.startswith("#") or href[1:] in ids, f"link to {href} leads nowhere"


def check_labels(page: Element) -> None:
    """Every control has a visible label; none is marked as required."""
    labels = {label.get("for"): words for label in page.iter("label") if (words := text_of(label))}
    for control in controls(page):
        assert labels.get(control.get("id")), f"{control.get('name')} has no label"
        assert control.get("required") is None, f"{control.get('name')} is marked as required"


def controls(page: Element) -> Iterator[Element]:
    """What a person can fill in."""
    for tag in CONTROLS:
        yield from (box for box in page.iter(tag) if box.get("type") not in UNSEEN and box.get("name"))


def check_forms(page: Element) -> None:
    """Forms post to an address, carry a token, and leave the checking to the server; one primary button a page."""
    for form in page.iter("form"):
        if form.get("method") == "get" and not list(form.iter("textarea")):
            continue  # filters of a list: they change nothing, and what they say may stand in the address
        assert form.get("method") == "post", "a form that does not post"
        assert (form.get("action") or "").startswith("/"), "a form without an address"
        assert form.get("novalidate") is not None, "a form that lets the browser judge"
        names = [field.get("name") for field in form.iter("input")]
        assert "csrf_token" in names, "a form without a token"
    primary = [
        e for e in page.iter() if "btn" in e.get("class", "").split() and "quiet" not in e.get("class", "").split()
    ]
    assert len(primary) <= 1, f"{len(primary)} primary buttons"


def check_addresses(page: Element) -> None:
    """Nothing is fetched from elsewhere."""
    for element in page.iter():
        for name in ("src", "href", "action"):
            parts = urlsplit(element.get(name) or "")
            assert parts.scheme in ("", "tel", "mailto"), f"{element.tag} {name} is not of this origin"
            assert not parts.netloc, f"{element.tag} {name} leaves the origin"


def check_errors(page: Element, status: int) -> None:
    """A page with errors is a 422 whose summary comes first in main and links to what is wrong."""
    summary = errors_of(page)
    if summary is None:
        return
    assert status in (409, 422, 429), f"errors with status {status}"
    main = next(page.iter("main"))
    assert next(iter(main)) is summary or summary in list(main)[:1], "the error summary is not first in main"
    links = list(summary.iter("a"))
    assert links, "an error summary without links"


def errors_of(page: Element) -> Element | None:
    """The error summary, where the page has one."""
    return next((element for element in page.iter("div") if "errors" in element.get("class", "").split()), None)


def ticked(page: Element) -> list[str]:
    """The names of ticked boxes and buttons in the main part of the page."""
    main = next(page.iter("main"))
    return [box.get("name", "") for box in main.iter("input") if box.get("checked") is not None]
