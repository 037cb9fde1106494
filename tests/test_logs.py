"""Log lines carry keys of a fixed list only."""

from __future__ import annotations

import json

import pytest
import structlog

from intake import logs


def test_a_key_that_is_not_on_the_list_is_dropped_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    structlog.get_logger().info("saved", status=200, name="Ada Example", answers={"needle_fear": 9})
    line = json.loads(capsys.readouterr().out)
    assert line["event"] == "saved"
    assert line["status"] == 200
    assert line["dropped"] == 2
    assert "Ada" not in json.dumps(line)
