"""The pages about needling: to be read by everybody, with or without a form that was begun.

What is known of this patient only chooses what stands first, and leaves the lung out where no needle goes near it;
nothing is decided here, and nothing is saved.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from string import ascii_lowercase
from typing import TYPE_CHECKING, cast

from flask import Blueprint, current_app

from intake.engine.book.vocabulary import codes_in
from intake.errors import NotFoundError
from intake.questions.about.pages import short_name
from intake.web.guards import Guard, guard
from intake.web.patient import journey
from intake.web.rendering import render
from intake.web.services import services

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask
    from flask.typing import ResponseReturnValue

    from intake.engine.book.rulebook import Source
    from intake.questions.about.pages import About, AboutPage, BodyPlace
    from intake.questions.about.practitioners import PractitionerCard

BLUEPRINT = Blueprint("about", __name__)
EXTENSION = "about"


@dataclass(frozen=True, slots=True)
class AboutReading:
    """What there is to read: the pages, the cards of those who needle here, the country whose rules count."""

    about: About
    cards: tuple[PractitionerCard, ...]
    country: str


@dataclass(frozen=True, slots=True)
class Marked:
    """Where this patient's pain is, as far as it is known; no regions: nothing is known, and all is shown."""

    regions: frozenset[str]
    near_lung: bool

    def at(self, place: BodyPlace) -> bool:
        """Whether a place of this line is marked."""
        return not self.regions.isdisjoint(place.regions)

    def own(self, places: Iterable[BodyPlace]) -> list[BodyPlace]:
        """The lines for this patient: those for everybody, and those of a marked place."""
        return [place for place in places if not self.regions or not place.regions or self.at(place)]

    def other(self, places: Iterable[BodyPlace]) -> list[BodyPlace]:
        """The other lines."""
        own = self.own(places)
        return [place for place in places if place not in own]

    def beyond(self, places: Iterable[BodyPlace]) -> bool:
        """Whether a marked place has no line."""
        return not self.regions <= {region for place in places for region in place.regions}


def install(app: Flask, reading: AboutReading) -> None:
    """Add the pages to the application."""
    app.extensions[EXTENSION] = reading
    app.register_blueprint(BLUEPRINT)


@BLUEPRINT.get("/about/")
@guard(Guard.PUBLIC)
def contents() -> ResponseReturnValue:
    """What there is to read."""
    return render("about/contents.html", pages=reading().about.pages, draft=unsent())


@BLUEPRINT.get("/about/<name>")
@guard(Guard.PUBLIC)
def page(name: str) -> ResponseReturnValue:
    """One page about needling."""
    about = reading().about
    found = about.page(name, reading().country)
    if found is None:
        raise NotFoundError(f"there is no page about {name!r}")
    sources = about.cited(found)
    return render(
        "about/page.html",
        page=found,
        after=after(name),
        pages=about.pages,
        marked=marked(),
        cards=reading().cards,
        names=names_of(sources),
        sources=sources,
    )


def reading() -> AboutReading:
    """What there is to read in this application."""
    return cast("AboutReading", current_app.extensions[EXTENSION])


def unsent() -> bool:
    """Whether answers in this browser wait to go on."""
    draft = journey.own_draft()
    return draft is not None and not draft.sent


def marked() -> Marked:
    """What is known of this patient's places; an answer that leaves some open counts as none."""
    draft = journey.own_draft()
    if draft is None or draft.sent:
        return Marked(frozenset(), near_lung=True)
    vocabulary, about = services().vocabulary, reading().about
    codes = frozenset(codes_in(draft.answers.get(vocabulary.roles.where_it_hurts)))
    regions = codes if codes <= frozenset(vocabulary.regions) else frozenset()
    return Marked(regions, near_lung=not regions or not regions <= about.far_from_lung)


def after(name: str) -> AboutPage | None:
    """The page that is read next."""
    return next((later for before, later in pairwise(reading().about.pages) if before.name == name), None)


def names_of(sources: Iterable[Source]) -> dict[str, str]:
    """Author and year of each source by its key, with a letter where two share them."""
    names = {source.key: short_name(source) for source in sources}
    shared, met = Counter(names.values()), Counter[str]()
    for key, name in names.items():
        if shared[name] > 1:
            names[key] = f"{name}{ascii_lowercase[met[name]]}"
            met[name] += 1
    return names
