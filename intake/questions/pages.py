"""What every page can do: know its patient, read a POST, give answers, show itself as plain data."""

from __future__ import annotations

from types import new_class
from typing import TYPE_CHECKING, ClassVar

from flask import current_app
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import validate_csrf
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.fields.core import UnboundField
from wtforms.validators import ValidationError

from intake.questions.checks import Gate
from intake.questions.control import Control, Known
from intake.questions.views import PageProblem, PageView

if TYPE_CHECKING:
    from collections.abc import Collection

    from intake.engine.book.vocabulary import Answer
    from intake.questions.wording.question import Question

PageSection = tuple[int, str]
CSRF_NAME = "csrf_token"
CHANGED: str = _("This page has changed since you opened it. Please check your answers and send them again.")
TWICE: str = _("One answer came twice. Please check your answers and send them again.")
TOO_LONG: str = _("This page was open for too long. Please send it again.")


class PageForm(Form):  # type: ignore[misc] # WTForms carries no types
    """One page. Heading and reason come from its first question unless the page gives its own."""

    name: ClassVar[str]
    section: ClassVar[PageSection]
    title: ClassVar[str]
    hint: ClassVar[str] = ""
    why: ClassVar[str]
    more: ClassVar[str] = ""
    gate: ClassVar[str | None] = None
    facts: ClassVar[tuple[str, ...]] = ()
    optional: ClassVar[bool] = False
    personal: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        own, unbound = vars(cls), _unbound(cls)
        first = unbound[0][1].args[0]
        cls.title = own.get("title", first.legend)
        cls.why = own.get("why", first.why)
        cls.gate = next((name for name, field in unbound if issubclass(field.field_class, Gate)), None)
        cls.facts = tuple(fact for name, _question, facts in cls.questions() if name != cls.gate for fact in facts)
        cls.personal = any(field.field_class.personal for _name, field in unbound)
        cls.optional = all(field.kwargs.get("optional") for _name, field in unbound)

    @classmethod
    def questions(cls) -> list[tuple[str, Question, tuple[str, ...]]]:
        """Each control's name, its question and the facts it fills."""
        return [(name, field.args[0], field.field_class.facts_of(name, *field.args)) for name, field in _unbound(cls)]

    def __init__(self, known: Known, formdata: MultiDict[str, str] | None = None, extra: Collection[str] = ()) -> None:
        self.known = known
        self.extra = frozenset(extra) | {CSRF_NAME}
        self.refusal = ""
        self.posted = formdata
        super().__init__(formdata=formdata)

    def process(self, formdata: MultiDict[str, str] | None = None, *_args: object, **_kwargs: object) -> None:
        """Leave out what is not asked, show what is stored, then read what was posted: WTForms calls this once."""
        for control in self.controls():
            if control.asked_of_all or not self.known.asked.isdisjoint(control.facts):
                control.bind_to(self.known)
            else:
                del self[control.name]
        self.stored = self.values()
        super().process(formdata)

    def controls(self) -> tuple[Control, ...]:
        """The controls on the page."""
        return tuple(self)

    def values(self) -> dict[str, tuple[str, ...]]:
        """The raw values under every input name; `stored` holds those from before anything was posted."""
        return {name: values for control in self.controls() for name, values in sorted(control.values.items())}

    def asked(self) -> tuple[str, ...]:
        """The facts that are on the page for this patient."""
        return tuple(fact for control in self.controls() for fact in control.facts if control.name != self.gate)

    def all_facts(self) -> tuple[str, ...]:
        """The facts and gates that are on the page for this patient."""
        return tuple(fact for control in self.controls() for fact in control.facts)

    def validate(self, extra_validators: dict[str, object] | None = None) -> bool:
        """Whether the POST can be read and every control is answered; `view` then says what is wrong."""
        valid: bool = super().validate(extra_validators)
        self.refusal = self._refuse()
        return valid and not self.refusal

    def _refuse(self) -> str:
        posted = self.posted or MultiDict()
        known = {name for control in self.controls() for name in control.names()}
        if not set(posted) <= known | self.extra:
            return str(CHANGED)
        single = {name for control in self.controls() if control.single for name in control.names()}
        twice = [name for name in posted if name in single | self.extra and len(posted.getlist(name)) > 1]
        if twice:
            return str(TWICE)
        return "" if is_ours(posted.get(CSRF_NAME)) else str(TOO_LONG)

    def to_answers(self) -> dict[str, Answer]:
        """The facts and gate answers of a valid page."""
        return {fact: answer for control in self.controls() for fact, answer in control.answers().items()}

    def to_identity(self) -> dict[str, str]:
        """Name, date of birth, phone and email of a valid page."""
        return {key: value for control in self.controls() for key, value in control.identity().items()}

    def to_texts(self) -> dict[str, str]:
        """The free texts of a valid page."""
        return {key: value for control in self.controls() for key, value in control.texts().items()}

    def view(self) -> PageView:
        """Plain data for the templates."""
        fields = tuple(control.view() for control in self.controls())
        step, section = self.section
        return PageView(
            name=self.name,
            step=step,
            section=str(section),
            title=str(self.title),
            hint=str(self.hint),
            why=str(self.why),
            more=str(self.more),
            fields=fields,
            problems=tuple(PageProblem(field.first_id, field.error) for field in fields if field.error),
            refusal=self.refusal,
        )


def new_page(
    name: str, section: PageSection, *, title: str = "", hint: str = "", more: str = "", **controls: Control
) -> type[PageForm]:
    """A page class. Without a title of its own it takes heading, hint and reason from its first question.

    `more` are the words of a link to the pages about needling.
    """
    own = {"title": title, "hint": hint} if title else {}
    attributes = {"name": name, "section": section, "more": more, **own, **controls}
    made: type[PageForm] = new_class(f"Page_{name}", (PageForm,), exec_body=lambda body: body.update(attributes))
    return made


def is_ours(token: str | None) -> bool:
    """Whether a page of ours gave this token to this browser, not too long ago."""
    if not current_app.config.get("WTF_CSRF_ENABLED", True):
        return True
    try:
        validate_csrf(token)
    except ValidationError:
        return False
    return True


def _unbound(page: type[PageForm]) -> list[tuple[str, UnboundField]]:
    return [(name, field) for name, field in vars(page).items() if isinstance(field, UnboundField)]
