"""A process of its own that stands before one POST of a patient, and sends it as often as it is told to."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlencode

from tests.support.apps import CLINIC, make
from tests.support.client import FORM, Page, Value, Visitor
from tests.support.journeys import begin, walk


def _at_the_danger_list(visitor: Visitor) -> Page:
    return begin(visitor)


def _after_a_sign(visitor: Visitor) -> Page:
    visitor.send(visitor.send(begin(visitor), danger_signs=["chest_pressure"]))
    return visitor.get("/q/danger")


def _before_a_card(visitor: Visitor) -> Page:
    return visitor.send(begin(visitor), danger_signs=["chest_pressure"])


ON_DUTY = {"duty_address": "duty@x.example", "mail_from": "desk@x.example", "smtp_host": "127.0.0.1"}
POSTS: Mapping[str, tuple[Callable[[Visitor], Page], Mapping[str, Value], str | None]] = {
    "a danger sign": (_at_the_danger_list, {"danger_signs": ["chest_pressure"]}, None),
    "a not sure": (_at_the_danger_list, {"danger_signs": ["not_sure"]}, None),
    "a sign taken back": (_after_a_sign, {"danger_signs": ["none"]}, None),
    "a card that was read": (_before_a_card, {}, None),
    "a sending": (walk, {}, "/send"),
}


def stand_before(name: str, folder: Path, url: str, pipe: Connection) -> None:
    """Walk to the page, tell this process's number and the draft's cookie, then POST at every word that comes."""
    visitor = Visitor(make(folder, url, None, **ON_DUTY).test_client(), CLINIC)
    prepare, answers, action = POSTS[name]
    page = prepare(visitor)
    form = page.form(action)
    fields = form.fill(answers)
    cookie = visitor.client.get_cookie("intake_draft")
    pipe.send((os.getpid(), cookie.value if cookie else ""))
    while pipe.recv():
        response = visitor.client.post(action or page.path, data=urlencode(fields), content_type=FORM)
        pipe.send(response.status_code)
