"""Pages are set from data as it stands: tagged, the same bytes for the same data, nothing fetched, nothing run."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

import pytest
import typst

from intake.interop.pdf.typesetting import FONTS, HERE, KEPT, READABLE, TypesettingError, european, typeset

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
HOSTILE = '#panic("run") $x$ *bold* `code` @preview/x:0.1.0 #import "@preview/tidy:0.4.0" <tag> \\ [a] // gone'


def data(**changes: object) -> dict[str, object]:
    """What the form's template reads, with one question."""
    option = {"label": HOSTILE, "hint": HOSTILE, "goto": "2"}
    question = {
        "number": 1,
        "legend": HOSTILE,
        "hint": HOSTILE,
        "only": HOSTILE,
        "kind": "several",
        "places": [],
        "groups": [{"heading": HOSTILE, "options": [option]}],
        "apart": [option],
        "rows": [],
        "marks": [],
        "inputs": [HOSTILE],
        "lines": 1,
        "long": False,
    }
    words = dict.fromkeys(("name", "born", "visit", "page", "qr", "edition"), "word")
    return {
        "title": "A form",
        "clinic": HOSTILE,
        "phone": HOSTILE,
        "language": "en",
        "who": {"name": HOSTILE, "born": "", "visit": ""},
        "qr": "",
        "words": words,
        "introduction": [HOSTILE],
        "sections": [{"title": HOSTILE, "questions": [question]}],
        "ending": [HOSTILE],
    } | changes


def test_the_pages_are_tagged_and_say_that_they_keep_the_standard_for_readers() -> None:
    pdf = typeset("form.typ", data(), NOW)
    assert pdf.startswith(b"%PDF-1.7")
    for mark in (b"/MarkInfo", b"/StructTreeRoot", b"/Lang", b"pdfuaid"):
        assert mark in pdf, mark


def test_equal_data_gives_equal_bytes_and_the_day_is_the_one_handed_in() -> None:
    first = typeset("form.typ", data(), NOW)
    assert first == typeset("form.typ", data(), NOW)
    assert b"D:20261130" in first
    assert first != typeset("form.typ", data(), datetime(2026, 12, 1, tzinfo=UTC))


def test_hostile_words_are_shown_as_they_stand() -> None:
    """The headings of the set document hold the words as one plain text, so none of them was read as mark-up."""
    inputs = {"data": json.dumps(data()), "made_on": "2026-11-30"}
    told = typst.query(str(HERE / "form.typ"), "heading", root=str(HERE), sys_inputs=inputs)
    bodies = [heading["body"] for heading in json.loads(told)]
    assert bodies == [
        {"func": "text", "text": "A form"},
        {"func": "text", "text": HOSTILE},
        {"func": "text", "text": HOSTILE},
    ]


@pytest.mark.parametrize("name", ["王小明", "😀 Zoë", "ไทย", "\ue000x", "हिन्दी 王"])
def test_a_sign_that_no_font_has_keeps_nobody_from_a_page(name: str) -> None:
    who = {"name": name, "born": "", "visit": ""}
    for standards in (READABLE, KEPT):
        assert typeset("form.typ", data(who=who), NOW, standards).startswith(b"%PDF-")
    assert european({"who": [name, "Zoë Łuć Ελένη Юлия"]}) != {"who": [name, "Zoë Łuć Ελένη Юлия"]}
    assert european("Zoë Łuć Ελένη Юлия “a”, b’s → c…") == "Zoë Łuć Ελένη Юлия “a”, b’s → c…"  # noqa: RUF001 - signs of names and of our sentences


def test_what_the_template_cannot_set_is_an_error_without_the_data() -> None:
    with pytest.raises(TypesettingError, match=re.escape("form.typ cannot be set")) as refused:
        typeset("form.typ", {"title": "A name"}, NOW)
    assert "A name" not in str(refused.value)


def test_the_templates_import_nothing_and_the_fonts_come_with_their_licence() -> None:
    for template in HERE.glob("*.typ"):
        assert not re.search(r"#?\b(import|include)\b", template.read_text(encoding="utf-8")), template.name
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
    families = typst.Fonts(include_system_fonts=False, font_paths=[str(FONTS)]).families()
    assert "Noto Sans" in families
