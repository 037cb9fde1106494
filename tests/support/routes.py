"""The golden list of routes, and an address for each of them."""

from __future__ import annotations

from pathlib import Path

GOLDEN = Path(__file__).parent.parent / "golden" / "routes.txt"
STAND_IN = {"intake_id": "0" * 32, "draft_id": "draft-1", "name": "danger", "rule_id": "fever-now", "token": "none"} | {
    "visit_id": "0" * 32,
    "event_id": "0" * 32,
    "ask_id": "0" * 32,
    "list_id": "0" * 32,
    "device_id": "0" * 32,
    "consent_id": "0" * 32,
    "words": "river-lemon-candle-boat",
    "int:number": "1",
}


def address(path: str) -> str:
    """The path of a route, with a stand-in for each of its parts."""
    for name, value in STAND_IN.items():
        path = path.replace(f"<{name}>", value)
    assert "<" not in path, f"{path} needs a stand-in for its parts"
    return path
