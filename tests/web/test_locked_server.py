"""PostgreSQL holds a table locked: the page says that nothing is saved, and can be sent again as it was."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import psycopg
import pytest

from tests.support import lint
from tests.support.apps import CLINIC
from tests.support.client import FORM, Visitor
from tests.support.journeys import begin

if TYPE_CHECKING:
    from tests.support.apps import MakeApp


@pytest.mark.both_databases
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_page_that_met_a_lock_is_not_saved_says_so_and_is_saved_when_sent_again(
    make_app: MakeApp, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.storage.database.BUSY_SECONDS", 0.05)
    visitor = Visitor(make_app().test_client(), CLINIC)
    page = begin(visitor)
    fields = page.form().fill({"danger_signs": ["chest_pressure"]})
    with closing(psycopg.connect(database_url)) as other:
        other.execute("LOCK TABLE alerts IN ACCESS EXCLUSIVE MODE")
        refused = visitor.client.post(page.path, data=urlencode(fields), content_type=FORM)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    lint.check(refused, CLINIC)
    assert ("danger_signs", "chest_pressure") not in visitor.get(page.path).form().fields

    assert visitor.post(page.path, fields).path == "/q/danger/stop"
