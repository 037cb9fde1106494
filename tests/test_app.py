"""The composition root opens the clinic when it is first wanted, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from intake.errors import StorageError
from tests.support.apps import close, make, parts


def test_deciding_an_intake_opens_no_database(tmp_path: Path) -> None:
    app = make(tmp_path / "instance", f"sqlite:///{tmp_path / 'db' / 'intake.sqlite3'}")
    done = app.test_cli_runner().invoke(args=["triage", "-"], input="{}")
    assert (done.exit_code, json.loads(done.stdout)["label"]) == (0, "urgent_referral")
    assert not (tmp_path / "db").exists()


def test_a_clinic_without_its_keys_is_refused_until_they_are_back(tmp_path: Path, database_url: str) -> None:
    app = make(tmp_path / "instance", database_url)
    assert parts(app).clinic is parts(app).clinic
    close(app)
    keys = tmp_path / "instance" / "keys"
    keys.rename(keys.with_name("elsewhere"))
    again = make(tmp_path / "instance", database_url)
    for _try in range(2):
        with pytest.raises(StorageError, match="put back the keys"):
            parts(again).clinic  # noqa: B018 - opening it is what is refused
    assert again.test_client().get("/healthz").status_code == 503
    keys.with_name("elsewhere").rename(keys)
    assert again.test_client().get("/healthz").status_code == 200
    close(again)
