"""The list of unfinished intakes with danger signs, as a practitioner under a flood of invented ones meets it."""

from __future__ import annotations

from tests.support.practice import Practice
from tests.workflow.review.test_unsent import tells


def test_the_newest_is_on_the_queue_and_the_others_one_link_away(practice: Practice) -> None:
    for number in range(20):
        tells(practice.clinic, f"Prank {number}")
    tells(practice.clinic, "Grace Real", network="198.51.100.9")
    visitor = practice.practitioner()

    queue = visitor.get("/review/")
    listed = visitor.get(queue.links["All unfinished intakes with danger signs: 21"])

    assert "Grace Real" in queue.main
    assert "21 unfinished intakes with danger signs wait" in queue.main
    assert all(f"Prank {number}" in listed.main for number in range(20))


def test_a_flood_from_one_connection_is_cleared_at_once_and_a_single_one_by_a_tick(practice: Practice) -> None:
    for number in range(20):
        tells(practice.clinic, f"Prank {number}")
    other = tells(practice.clinic, "Prank 20", network="198.51.100.1")
    tells(practice.clinic, "Grace Real", network="198.51.100.9")
    visitor = practice.practitioner()
    listed = visitor.get("/review/unsent")
    (source,) = [button.get("value", "") for button in listed.tree.iter("button") if button.get("name") == "source"]

    visitor.send(listed, "/review/unsent", source=source)
    left = visitor.send(visitor.get("/review/unsent"), "/review/unsent", draft=[other.id])

    assert left.path == "/review/unsent"
    assert "Grace Real" in left.main
    assert "Prank" not in left.main


def test_an_empty_list_says_so(practice: Practice) -> None:
    assert "Nobody waits." in practice.practitioner().get("/review/unsent?from=999999999999999").main
