"""Where this browser's patient is: the draft behind the cookie, the open pages, saving."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from flask import g, request

from intake.errors import NotFoundError, StaleError
from intake.questions.control import Known
from intake.questions.last_time import LAST_TIME, first_topics
from intake.questions.questionnaire import MORE
from intake.web.patient import belonging, welcome
from intake.web.patient.pages import ASKED, OWN_FIELDS, known, known_of_new
from intake.web.patient.summary import fingerprint
from intake.web.services import services
from intake.web.sessions import cookie_path
from intake.workflow.patient import drafts, interview, last_time, releases, saving
from intake.workflow.patient.drafts import Draft, Post

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from werkzeug import Response
    from werkzeug.datastructures import MultiDict

    from intake.questions.pages import PageForm
    from intake.questions.steps import Step
    from intake.workflow.patient.interview import News, Route
    from intake.workflow.patient.submit import Sending

COOKIE = "intake_draft"
CHECK = "check"
SELF = "self"
TRIES = 3


def remember(response: Response, token: str, life: timedelta | None = None) -> None:
    """Keep the way to the draft in this browser, for as long as the draft lives: as the settings say, if not given."""
    kept = life or timedelta(days=services().details.draft_days)
    secure = services().secure
    path = cookie_path()
    response.set_cookie(COOKIE, token, max_age=kept, path=path, httponly=True, samesite="Lax", secure=secure)


def forget(response: Response) -> None:
    """Take the way to the draft out of this browser."""
    for name in (COOKIE, belonging.ALONE):
        response.delete_cookie(name, path=cookie_path())
    belonging.forget_permissions()
    response.headers["Clear-Site-Data"] = '"cache"'


def key() -> str:
    """What this browser opens its draft with."""
    return request.cookies.get(COOKIE, "")


def own_draft() -> Draft | None:
    """The live draft of this browser, read once a request."""
    if "draft" not in g:
        g.draft = _load()
    return cast("Draft | None", g.draft)


def draft() -> Draft:
    """The draft that the guard has found."""
    found = own_draft()
    if found is None:
        raise NotFoundError("no draft in this browser")
    return found


def own_mark() -> str:
    """The mark of this browser's draft, for its forms; nothing where there is none."""
    found = own_draft()
    return belonging.mark(found) if found else ""


def load_again() -> Draft:
    """The draft as it is now, where another window changed it meanwhile."""
    g.pop("draft", None)
    return draft()


def _load() -> Draft | None:
    find: Callable[[], Draft | None] | None = g.get("find_draft")
    if find is not None:  # a tablet knows its draft without a cookie of the patient's
        return find()
    token = key()
    if not token:
        return None
    try:
        return drafts.load(services().clinic, token)
    except NotFoundError:
        return None


@dataclass(frozen=True, slots=True)
class Progress:
    """What follows from all answers of a draft: what is new to it, and the route before it."""

    draft: Draft
    news: News
    route: Route


def progress(found: Draft) -> Progress:
    """How far this patient is, worked out once a request and once after each save."""
    kept: Progress | None = g.get("progress")
    if kept is None or kept.draft is not found:
        parts, new = services(), news(found)
        steps = _steps(found)
        kept = Progress(found, new, interview.route(parts.vocabulary, steps, found.answers, found.passed, new))
        g.progress = kept
    return kept


def _steps(found: Draft) -> tuple[Step, ...]:
    """The steps in the order for this patient: what has changed since last time comes first."""
    return services().questionnaire.in_order(first_topics(found.answers))


def route(found: Draft) -> Route:
    """The pages that stand before this patient."""
    return progress(found).route


def next_page(found: Draft) -> str | None:
    """The first page that is not answered yet, last the one with questions that came meanwhile; None: all are.

    Where there is a form of last time, the page about it stands before all.
    """
    if last_time.is_due(found):
        return LAST_TIME
    return route(found).waiting or (MORE if new_questions(found) else None)


def news(found: Draft) -> News:
    """What a release brought since the pages of this draft were shown."""
    parts = services()
    if not releases.may_be_overtaken(parts.vocabulary, found):
        return interview.NO_NEWS
    return releases.news_of(parts.clinic, parts.rulebook, _steps(found), found)


def new_questions(found: Draft) -> dict[str, frozenset[str]]:
    """The facts and gates on the page with questions that came meanwhile, each with what is new on it."""
    return interview.more(services().vocabulary, found.answers, progress(found).news)


def is_open(found: Draft, name: str) -> bool:
    """Whether the page may be answered now: it is on the path, and everything before it is answered."""
    if found.sent:
        return False
    if name == LAST_TIME:
        return found.earlier is not None
    pages, waiting = route(found).path, next_page(found)
    if waiting == LAST_TIME:
        return False
    if name == MORE:
        return waiting in {MORE, None} and bool(_asked_by_form(found) or new_questions(found))
    return name in pages and (waiting in {MORE, None} or pages.index(name) <= pages.index(waiting))


def page_before(found: Draft, name: str) -> str | None:
    """The page before this one on the path."""
    if name == LAST_TIME:
        return None
    pages = route(found).path
    place = len(pages) if name == MORE else pages.index(name)
    before_all = None if found.earlier is None else LAST_TIME
    return pages[place - 1] if place else before_all


def asked_before(found: Draft, name: str) -> tuple[str, ...]:
    """The facts that the page before this one asks."""
    before = page_before(found, name)
    return services().questionnaire.step(before).facts if before and before != LAST_TIME else ()


def page(found: Draft, name: str, posted: MultiDict[str, str] | None = None) -> PageForm:
    """A page as this patient meets it, with what is stored or with what was sent."""
    if name == MORE:
        return _more_page(found, _asked_by_form(found) or new_questions(found), posted)
    if name == LAST_TIME:
        return welcome.page(found, posted)
    made = services().questionnaire.page(name)
    return made(_known(made, found), posted, OWN_FIELDS)


def same_page(found: Draft, sent: PageForm) -> PageForm:
    """The page that was sent, with what is stored."""
    if sent.name == MORE:
        return _more_page(found, sent.all_facts(), None)
    if sent.name == LAST_TIME:
        return welcome.same_page(found, sent)
    return page(found, sent.name)


def _more_page(found: Draft, names: Collection[str], posted: MultiDict[str, str] | None) -> PageForm:
    parts, new = services(), new_questions(found)
    made = parts.questionnaire.more(names)
    told = known_of_new(_known(made, found), route(found).asked, parts.vocabulary, names, new)
    page = made(told, posted, (*OWN_FIELDS, ASKED))
    for control in page.controls():
        control.mark(frozenset(code for fact in control.facts for code in new.get(fact, ())))
    return page


def _known(made: type[PageForm], found: Draft) -> Known:
    told = known(services().clinic, made, route(found).asked, found)
    return replace(told, for_patient=is_answered_by_another(found))


def _asked_by_form(found: Draft) -> tuple[str, ...]:
    """What the page with new questions asked when it was shown: another window may have answered it meanwhile."""
    now = route(found).asked
    named = request.form.get(ASKED, "").split(",")
    return tuple(name for name in named if name in now.facts or now.items.get(name))


def pages_on_path(found: Draft) -> list[PageForm]:
    """Every page of this patient, as answered; before them what has changed since last time."""
    since = [] if found.earlier is None else [welcome.since(found)]
    return [*since, *(page(found, name) for name in route(found).path)]


def page_as_sent(name: str) -> PageForm:
    """A page that another draft may have shown, with what was sent; of itself it knows nobody."""
    made, book = services().questionnaire.page(name), services().vocabulary
    items = tuple(book.gates[made.gate]) if made.gate else ()
    everything = Known(services().clinic.today, frozenset(book.facts), items)
    return made(everything, request.form, OWN_FIELDS)


def print_of(found: Draft) -> str:
    """A short print of all that the check page shows, but for the last words, which it asks."""
    pages = pages_on_path(found)
    return fingerprint({f"{shown.name} {name}": values for shown in pages for name, values in shown.values().items()})


def section(name: str) -> str:
    """The words of the section that a page belongs to."""
    return services().questionnaire.section(name)[1]


def is_answered_by_another(found: Draft) -> bool:
    """Whether somebody else than the patient fills in the form."""
    who = found.answers.get(services().vocabulary.roles.who_answers)
    return who is not None and who != SELF


def save(found: Draft, sent: PageForm, version: str) -> Draft:
    """Store a page; raises StaleError where the page itself was answered elsewhere since `version` was shown."""
    shown = sent.stored
    for _try in range(TRIES):
        if version != fingerprint(shown) and sent.values() != shown:
            break
        try:
            return _store(found, sent)
        except StaleError:  # another page of this draft was saved meanwhile, or the draft was sent
            found = load_again()
            if found.sent:
                return found
            shown = same_page(found, sent).stored
    raise StaleError("this page was answered in another window")


def send(found: Draft, last: PageForm, sending: Sending) -> None:
    """Store the last page and send; raises StaleError where another window saved or sent meanwhile."""
    parts = services()
    saving.send_page(parts.clinic, parts.rulebook, found, _post(found, last), sending)


def _store(found: Draft, sent: PageForm) -> Draft:
    parts = services()
    return saving.save_page(parts.clinic, parts.rulebook, found, _post(found, sent))


def _post(found: Draft, sent: PageForm) -> Post:
    if sent.name == LAST_TIME:
        return welcome.post(found, sent)
    step = services().questionnaire.step_of(sent)
    return Post(step, sent.to_answers(), sent.to_identity(), sent.to_texts())
