"""A draft keeps what was said, in order, once; what is stale, sent or over is not written."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.errors import NotFoundError, StaleError, StorageError
from intake.storage import subjects
from intake.workflow.patient import drafts
from intake.workflow.patient.drafts import Draft
from tests.support.small_clinic import ABOUT, COOKIE, DANGER, ELSE, GATE, NEEDLES, REASON, SmallClinic

WORDS = "Since the fall I cannot sleep."


def again(clinic: SmallClinic, cookie: str = COOKIE) -> Draft:
    return drafts.load(clinic, cookie)


def story(clinic: SmallClinic, draft: Draft) -> list[tuple[int, str, object, object]]:
    return [(c.seq, c.key, c.old, c.new) for c in drafts.history(clinic, draft.id)]


def test_a_new_draft_is_empty_and_found_by_its_token(clinic: SmallClinic) -> None:
    draft = clinic.start()
    assert again(clinic) == draft
    assert (draft.answers, draft.passed, draft.sent, draft.version) == ({}, (), None, 1)
    assert draft.identity(clinic.keys) == draft.texts(clinic.keys) == {}


def test_saved_pages_come_back_as_they_were_given(clinic: SmallClinic) -> None:
    draft = clinic.save(clinic.start(), DANGER, {"danger_signs": ("fever", "not_sure")})
    draft = clinic.save(draft, ABOUT, {"age_years": 41}, {"name": "Ada Lovelace", "phone": ""})
    draft = clinic.save(draft, ELSE, texts={"anything_else": WORDS})
    assert again(clinic) == draft
    assert draft.answers == {"danger_signs": ("fever", "not_sure"), "age_years": 41}
    assert draft.passed == ("danger", "about", "check")
    assert draft.identity(clinic.keys) == {"name": "Ada Lovelace"}
    assert draft.texts(clinic.keys) == {"anything_else": WORDS}


def test_what_a_page_asks_and_its_post_leaves_out_is_withdrawn_and_nothing_else(clinic: SmallClinic) -> None:
    draft = clinic.save(clinic.start(), NEEDLES, {"needle_fear": 7, "wants_needling": "yes"})
    draft = clinic.save(draft, REASON, {"main_reason": "headache"})
    draft = clinic.save(draft, NEEDLES, {"wants_needling": "yes"})
    assert again(clinic).answers == {"wants_needling": "yes", "main_reason": "headache"}


def test_a_gate_page_owns_its_gate_and_what_was_seen(clinic: SmallClinic) -> None:
    seen = ("weakness", "fall")
    draft = clinic.save(clinic.start(), GATE, {"gate_warning": ("fall",), "gate_warning_seen": seen})
    draft = clinic.save(draft, GATE, {"gate_warning": ("none",), "gate_warning_seen": (*seen, "lump")})
    assert again(clinic).answers == {"gate_warning": ("none",), "gate_warning_seen": (*seen, "lump")}


def test_the_trail_tells_every_change_in_order_and_no_repetition(clinic: SmallClinic) -> None:
    draft = clinic.save(clinic.start(), NEEDLES, {"wants_needling": "yes"}, {"name": "Ada"})
    draft = clinic.save(draft, NEEDLES, {"wants_needling": "yes"}, {"name": "Ada"})
    draft = clinic.save(draft, NEEDLES, {"wants_needling": "no"}, {"name": "Ada King"})
    draft = clinic.save(draft, NEEDLES, {"needle_fear": 3})
    assert story(clinic, draft) == [
        (1, "wants_needling", None, "yes"),
        (2, "identity.name", None, "Ada"),
        (3, "wants_needling", "yes", "no"),
        (4, "identity.name", "Ada", "Ada King"),
        (5, "wants_needling", "no", None),
        (6, "needle_fear", None, 3),
    ]


def test_an_emptied_text_is_withdrawn_and_its_trail_stays_readable(clinic: SmallClinic) -> None:
    draft = clinic.save(clinic.start(), ELSE, texts={"anything_else": WORDS})
    draft = clinic.save(draft, ELSE, texts={"anything_else": ""})
    assert draft.texts(clinic.keys) == {}
    assert story(clinic, draft) == [
        (1, "anything_else", None, WORDS),
        (2, "anything_else", WORDS, None),
    ]


def test_a_stale_page_is_refused_and_writes_nothing(clinic: SmallClinic) -> None:
    first = clinic.start()
    kept = clinic.save(first, NEEDLES, {"wants_needling": "yes"}, {"name": "Ada"})
    with pytest.raises(StaleError):
        clinic.save(first, NEEDLES, {"wants_needling": "no"}, {"name": "Eve"}, {"anything_else": WORDS})
    assert again(clinic) == kept
    assert len(story(clinic, kept)) == 2


def test_a_sent_draft_takes_no_more_pages(clinic: SmallClinic) -> None:
    draft = clinic.start()
    receipt = clinic.send(draft)
    assert again(clinic).sent == receipt.reference
    for stale in (draft, again(clinic)):
        with pytest.raises(StaleError):
            clinic.save(stale, NEEDLES, {"wants_needling": "no"})


@pytest.mark.parametrize("token", ["", COOKIE.upper(), COOKIE + " ", COOKIE[:-1], "%"])
def test_only_the_very_token_opens_a_draft(clinic: SmallClinic, token: str) -> None:
    clinic.start()
    with pytest.raises(NotFoundError):
        again(clinic, token)


def test_a_draft_ends_with_its_time(clinic: SmallClinic) -> None:
    draft = clinic.start()
    clinic.clock.now = draft.expires - timedelta(seconds=1)
    assert drafts.load(clinic, COOKIE) == draft
    clinic.clock.now = draft.expires
    with pytest.raises(NotFoundError):
        drafts.load(clinic, COOKIE)


def test_an_erased_patient_cannot_be_read_any_more(clinic: SmallClinic) -> None:
    draft = clinic.save(clinic.start(), ELSE, texts={"anything_else": WORDS})
    with clinic.database.begin() as connection:
        connection.execute(subjects.SUBJECTS.update().values(data_key=None, identity=None))
    with pytest.raises(StorageError, match="erased"):
        drafts.history(clinic, draft.id)
