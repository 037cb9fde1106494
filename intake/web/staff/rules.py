"""The rule book's pages: all rules in a table, one rule whole, and a place to try answers. Nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint, current_app, request, url_for
from flask_babel import gettext as _

from intake.engine.book.levels import Tier
from intake.engine.book.vocabulary import NOT_SURE, UNKNOWN_WORDS, Kind
from intake.errors import NotFoundError
from intake.questions.views import PageProblem
from intake.questions.wording.question import DECLINED_WORDS, NOT_SURE_WORDS
from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.rendering import render
from intake.web.services import services
from intake.web.staff import words
from intake.web.staff.signed_in import terms
from intake.web.staff.signed_in import words as patient_words
from intake.workflow.rules import page as rule_page
from intake.workflow.rules import trial
from intake.workflow.rules.page import QUIET

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask.typing import ResponseReturnValue

    from intake.engine.book.rulebook import Rulebook
    from intake.engine.book.vocabulary import Answer, Answers, Fact
    from intake.questions.words import PatientWords
    from intake.workflow.rules.page import BookView, RuleView

BLUEPRINT = Blueprint("rules", __name__, url_prefix="/review/rules")
PAGE = 40
EXPLAINED = 10  # findings on the try-it page that unfold; where more are found, each leads to its rule
MOST_DIGITS = 9  # of a number that is worth reading; no fact allows as many
SCORES = tuple(str(score) for score in range(11))
NUMBERS = {
    "clinic_phone": "[the clinic's number]",
    "emergency_number": "[the emergency number]",
    "urgent_line": "[the urgent line]",
    "crisis_line": "[the crisis line]",
}
DOES = {"fires": "Fires", "asks": "Asks", QUIET: "Stays quiet"}


@dataclass(frozen=True, slots=True)
class TryChoice:
    """One answer that a question on the try-it page offers."""

    code: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """One question on the try-it page. `control` is select, ticks or number."""

    fact: str
    question: str
    control: str
    choices: tuple[TryChoice, ...]
    value: str


@BLUEPRINT.get("")
@guard(Guard.STAFF)
def index() -> str:
    """All rules, those of one tier, or those of one concept."""
    book = _in_use()
    tier = next((tier for tier in Tier if tier.code == request.args.get("tier")), None)
    concept = request.args.get("concept", "")
    rules = [rule for rule in book.rules if tier in (None, rule.tier) and concept in ("", rule.concept)]
    first = min(max(0, request.args.get("from", 0, type=int)), max(0, len(rules) - 1)) // PAGE * PAGE
    chosen = {key: value for key, value in (("tier", tier.code if tier else ""), ("concept", concept)) if value}
    return render(
        "rules/index.html",
        **_words(),
        book=book,
        rules=rules[first : first + PAGE],
        total=len(rules),
        first=first,
        chosen=chosen,
        before=_address(chosen, first - PAGE) if first else "",
        after=_address(chosen, first + PAGE) if first + PAGE < len(rules) else "",
        concepts=services().rulebook.concepts,
        last=PAGE,
    )


@BLUEPRINT.get("/<rule_id>")
@guard(Guard.STAFF)
def rule(rule_id: str) -> str:
    """One rule, whole."""
    book = _in_use()
    wanted = next((each for each in book.rules if each.id == rule_id), None)
    if wanted is None:
        raise NotFoundError("The rule book in force has no such rule.")
    return render("rules/rule.html", **_words(), book=book, rule=wanted)


@BLUEPRINT.get("/try")
@guard(Guard.STAFF)
def try_it() -> str:
    """Calm answers, no answers, or a rule's example to start from."""
    rulebook = services().rulebook
    if request.args.get("from") == "nothing":
        return _trial_page({}, ())
    example = trial.example(rulebook, request.args.get("rule", ""), request.args.get("example", 0, type=int))
    return _trial_page(trial.calm(rulebook) if example is None else example, ())


@BLUEPRINT.post("/try")
@guard(Guard.STAFF)
@takes(several=lambda: frozenset(services().vocabulary.facts))
def tried() -> ResponseReturnValue:
    """Decide the answers of the form; nothing is kept of them."""
    rulebook = services().rulebook
    raw = {name: value for name, fact in rulebook.vocabulary.facts.items() if (value := _posted(fact)) is not None}
    answers, wrong = trial.read(rulebook, raw)
    problems = tuple(PageProblem(name, _wrong(rulebook.vocabulary.facts[name])) for name in wrong)
    page = _trial_page(trial.applying(rulebook, answers), problems, raw)
    return (page, HTTPStatus.UNPROCESSABLE_ENTITY) if problems else page


def static_page(rulebook: Rulebook) -> str:
    """The whole rule book as one file that needs nothing else; it says nothing that changes with the day."""
    book = rule_page.book(rulebook, patient_words(), None)
    template = current_app.jinja_env.get_template("rules/book.html")
    return f"{template.render(**_shared(), numbers=NUMBERS, book=book).rstrip()}\n"


def _in_use() -> BookView:
    clinic, rulebook = services().clinic, services().rulebook
    book = _told(rulebook.sha256, clinic.today.isoformat(), patient_words())
    return rule_page.in_use(clinic, rulebook, book)


@lru_cache(maxsize=2)
def _told(_sha256: str, _day: str, words: PatientWords) -> BookView:
    """The words of a rule book on a day, made once."""
    return rule_page.book(services().rulebook, words, services().clinic.today)


def _words() -> dict[str, object]:
    return {
        **_shared(),
        "rulebook": services().rulebook,
        "patient": patient_words(),
        "numbers": services().details.numbers(),
    }


def _shared() -> dict[str, object]:
    return {"words": words, "does": DOES, "Tier": Tier, "groups": _groups}


def _groups(rules: Iterable[RuleView]) -> list[tuple[Tier, list[RuleView]]]:
    several = list(rules)
    return [(tier, [rule for rule in several if rule.tier is tier]) for tier in reversed(Tier)]


def _address(chosen: Mapping[str, str], first: int) -> str:
    return f"{url_for('rules.index')}?{urlencode({**chosen, 'from': first})}"


def _trial_page(answers: Answers, problems: tuple[PageProblem, ...], typed: Mapping[str, object] | None = None) -> str:
    rulebook = services().rulebook
    asked = trial.asked(rulebook, answers) | {problem.first_id for problem in problems}
    held: dict[str, object] = {**answers, **(typed or {})}
    return render(
        "rules/try.html",
        **_words(),
        view=trial.run(terms(), answers, services().clinic.today),
        sections=_sections(rulebook.vocabulary.facts, asked, held),
        problems=problems,
        explained=EXPLAINED,
    )


def _sections(
    facts: Mapping[str, Fact], asked: frozenset[str], held: Mapping[str, object]
) -> list[tuple[str, list[Ask]]]:
    """The questions that apply, in the form's own sections."""
    sections: dict[str, dict[str, Ask]] = {}
    for page in services().questionnaire.pages:
        for name in page.facts:
            if name in asked and name in facts:
                asks = sections.setdefault(f"{page.section[0]}. {page.section[1]}", {})
                asks.setdefault(name, _ask(facts[name], held.get(name)))
    return [(heading, list(asks.values())) for heading, asks in sections.items()]


def _ask(fact: Fact, held: object) -> Ask:
    control = (
        "ticks" if fact.kind in (Kind.CHOICES, Kind.REGIONS) else "number" if fact.kind is Kind.NUMBER else "select"
    )
    codes = SCORES if fact.kind is Kind.SCORE else fact.codes
    states = UNKNOWN_WORDS if fact.may_be_unknown else ()
    chosen = {str(item) for item in held} if isinstance(held, (list, tuple)) else {str(held)}
    choices = tuple(TryChoice(code, _label(fact, code), code in chosen) for code in (*codes, *states))
    value = "" if held is None or held in UNKNOWN_WORDS else str(held)
    return Ask(fact.name, patient_words().question(fact.name), control, choices, value)


def _label(fact: Fact, code: str) -> str:
    if code in UNKNOWN_WORDS:
        return str(NOT_SURE_WORDS if code == NOT_SURE else DECLINED_WORDS)
    return code if fact.kind is Kind.SCORE else patient_words().code(fact.name, code)


def _posted(fact: Fact) -> Answer | list[str] | None:
    """What the form says of a fact, as the engine reads it."""
    if fact.kind in (Kind.CHOICES, Kind.REGIONS):
        return request.form.getlist(fact.name) or None
    text = request.form.get(fact.name, "").strip()
    if fact.kind in (Kind.NUMBER, Kind.SCORE) and text.isdecimal() and len(text) <= MOST_DIGITS:
        return int(text)
    return text or None


def _wrong(fact: Fact) -> str:
    question = patient_words().question(fact.name)
    if fact.kind is Kind.NUMBER:
        words_of = {"question": question, "low": fact.low, "high": fact.high}
        return str(_("%(question)s: type a whole number from %(low)s to %(high)s.", **words_of))
    return str(_("%(question)s: these answers do not go together. Untick one of them.", question=question))
