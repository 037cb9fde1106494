"""Every word that a patient reads goes through gettext: in a made-up language, no word stays English."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo

from intake import languages
from intake.app import pages_about_needling
from intake.questions.control import Known
from intake.questions.last_time import OldAnswer, page_of
from tests.support import lint
from tests.support.apps import CLINIC, MakeApp
from tests.support.client import Page, Visitor
from tests.support.journeys import TYPED, begin, everything
from tests.support.visitor import TODAY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

ROOT = Path(__file__).parents[2]
LANGUAGE = "ar"  # written from right to left
OPENS, CLOSES = "\N{LEFT DOUBLE ANGLE BRACKET}", "\N{RIGHT DOUBLE ANGLE BRACKET}"
INSIDE = re.compile(f"{OPENS}[^{OPENS}{CLOSES}]*{CLOSES}")
SPOKEN = ("aria-label", "alt", "placeholder", "title")
OWN_WORDS = (CLINIC, *filter(None, map(str, TYPED.values())))
REFERENCE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")
LATIN = re.compile("[A-Za-z]")


@pytest.fixture(scope="module")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one catalogue: every text that translators would be given, between brackets."""
    with (ROOT / "babel.cfg").open() as config:
        method_map, options_map = parse_mapping_cfg(config)  # type: ignore[no-untyped-call]  # Babel leaves it untyped
    catalogue = Catalog(locale=LANGUAGE)
    keywords = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
    found = extract_from_dir(ROOT, method_map, options_map, keywords, directory_filter=_is_source)
    for _file, _line, message, _remarks, _context in found:
        words = message if isinstance(message, str) else message[0]
        catalogue.add(message, _bracketed(words) if isinstance(message, str) else (_bracketed(words),) * 6)
    folder = tmp_path_factory.mktemp("translations")
    target = folder / LANGUAGE / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True)
    written = BytesIO()
    write_mo(written, catalogue)
    target.write_bytes(written.getvalue())
    return folder


def _is_source(path: str) -> bool:
    return Path(path).name in {ROOT.name, "intake"} or "intake" in Path(path).relative_to(ROOT).parts


def _bracketed(words: str) -> str:
    return f"{OPENS}{words}{CLOSES}"


@pytest.fixture
def foreigner(make_app: MakeApp, catalogues: Path, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """A patient of a clinic that speaks the made-up language."""
    monkeypatch.setattr(languages, "TRANSLATIONS", catalogues)
    app = make_app(language=LANGUAGE)
    app.extensions["babel"].translation_directories.append(str(catalogues))
    return Visitor(app.test_client(), CLINIC)


def said_on(page: Page) -> Iterator[str]:
    """Every piece of text, seen or heard, but for the names of studies."""
    studies = {part for cite in page.tree.iter("cite") for part in cite.iter()}
    for element in page.tree.iter():
        if element.tag in ("script", "style") or element in studies:
            continue
        yield from filter(None, [element.text, *(child.tail for child in element)])
        yield from (element.get(name, "") for name in SPOKEN)


def untranslated(page: Page) -> list[str]:
    """What stands outside the brackets in Latin letters and is neither the clinic's nor the patient's own words."""
    return list(filter(LATIN.search, map(_outside, said_on(page))))


def _outside(text: str) -> str:
    before, rest = "", REFERENCE.sub("", text)
    while before != rest:
        before, rest = rest, INSIDE.sub("", rest)
    for own in OWN_WORDS:
        rest = rest.replace(own, "")
    return rest.strip()


def error_pages(visitor: Visitor) -> Iterator[Page]:
    """Pages of trouble: nothing answered, a page that is not there, a form that is too long."""
    page = begin(visitor)
    yield visitor.send(page)
    yield visitor.get("/no-such-page")
    yield visitor.post("/q/danger", [("danger_signs", "x" * 70_000)])


def test_no_word_of_the_whole_questionnaire_stays_in_english(foreigner: Visitor) -> None:
    page = begin(foreigner)
    left: dict[str, list[str]] = {"/": untranslated(foreigner.get("/"))}
    while page.path != "/check":
        left[page.path] = untranslated(page)
        page = foreigner.send(page) if page.path.endswith("/stop") else foreigner.send(page, **everything(page))
        assert not page.errors, (page.path, page.errors)
    left |= {"/check": untranslated(page), "/done": untranslated(foreigner.send(page, "/send"))}
    assert {path: rest for path, rest in left.items() if rest} == {}
    assert len(left) > 100


def test_no_word_about_needling_stays_in_english(foreigner: Visitor) -> None:
    begin(foreigner)
    paths = ["/about/", *(f"/about/{page.name}" for page in pages_about_needling().pages)]
    assert {path: rest for path in paths if (rest := untranslated(foreigner.get(path)))} == {}


def test_no_word_for_whoever_comes_again_stays_in_english(foreigner: Visitor) -> None:
    with foreigner.client.application.test_request_context():
        made = page_of([OldAnswer("therapies", "", ())], "12. 11. 2026")
        view = made(Known(TODAY, frozenset(made.facts))).view()
        rows = [row for shown in view.fields for row in shown.rows]
        in_rows = [option for row in rows for option in row.options]
        options = [*in_rows, *(option for shown in view.fields for option in shown.options)]
        said = [view.title, view.hint, view.section, *(option.label for option in options)]
        said += [text for shown in view.fields for text in (shown.legend, shown.hint)] + [row.legend for row in rows]
    assert len(options) > 10
    assert list(filter(LATIN.search, map(_outside, said))) == []


def test_no_word_of_an_error_stays_in_english(foreigner: Visitor) -> None:
    assert [(page.path, rest) for page in error_pages(foreigner) if (rest := untranslated(page))] == []


def test_the_page_says_its_language_and_runs_from_right_to_left(foreigner: Visitor) -> None:
    page: Element = foreigner.get("/").tree
    assert (page.get("lang"), page.get("dir")) == (LANGUAGE, "rtl")
    assert lint.text_of(next(page.iter("h1"))).startswith(OPENS)
