"""Whether a draft is whole: what every campaign of kills, faults and power cuts asks in the end."""

from __future__ import annotations

from intake.workflow.patient import drafts
from intake.workflow.patient.drafts import Draft
from tests.support.small_clinic import SmallClinic


def check_whole(clinic: SmallClinic, draft: Draft) -> None:
    """The trail, replayed from nothing, gives exactly what the draft holds."""
    answers: dict[str, object] = {}
    history = drafts.history(clinic, draft.id)
    assert [change.seq for change in history] == list(range(1, draft.changes + 1))
    for change in history:
        assert answers.get(change.key) == change.old
        if change.new is None:
            answers.pop(change.key)
        else:
            answers[change.key] = change.new
    identity = {f"identity.{key}": value for key, value in draft.identity(clinic.keys).items()}
    held = {key: list(value) if isinstance(value, tuple) else value for key, value in draft.answers.items()}
    assert answers == {**held, **identity, **draft.texts(clinic.keys)}
