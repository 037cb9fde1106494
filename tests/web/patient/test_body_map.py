"""The body map against the region list: every region, on the right side, in its own place, large enough to touch.

Reads the made files with its own few lines of geometry; nothing here is shared with the tool that made them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product
from pathlib import Path

import pytest

from intake.engine.read.load import load_vocabulary
from intake.settings import VOCABULARY_PATH

ROOT = Path(__file__).parents[3] / "intake"
WIDTH, HEIGHT, MIDDLE = 360, 880, 180
VIEWS = ("front", "back")
PHONE_WIDTH = 328  # CSS pixels of one view on a phone 360 wide
SMALLEST = 24  # WCAG 2.5.8, as a disc that fits into the shape
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shape:
    """A closed outline as points."""

    points: tuple[Point, ...]

    @property
    def centre(self) -> Point:
        """The middle of its area."""
        area = x = y = 0.0
        for (x0, y0), (x1, y1) in zip(self.points, (*self.points[1:], self.points[0]), strict=True):
            cross = x0 * y1 - x1 * y0
            area, x, y = area + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
        return x / (3 * area), y / (3 * area)

    def holds(self, point: Point) -> bool:
        """Whether a point lies inside."""
        x, y = point
        inside = False
        for (x0, y0), (x1, y1) in zip(self.points, (*self.points[1:], self.points[0]), strict=True):
            if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
                inside = not inside
        return inside

    def room(self, point: Point) -> float:
        """How far a point lies from the outline."""
        edges = zip(self.points, (*self.points[1:], self.points[0]), strict=True)
        return min(distance(point, start, end) for start, end in edges)


def distance(point: Point, start: Point, end: Point) -> float:
    """From a point to a straight line between two others."""
    across, down = end[0] - start[0], end[1] - start[1]
    length = across**2 + down**2
    share = 0.0 if not length else ((point[0] - start[0]) * across + (point[1] - start[1]) * down) / length
    share = min(1.0, max(0.0, share))
    return float(((point[0] - start[0] - share * across) ** 2 + (point[1] - start[1] - share * down) ** 2) ** 0.5)


def outline(path: str) -> Shape:
    """An SVG path, absolute or relative, as points; curves become twelve short lines."""
    points: list[Point] = []
    here: Point = (0.0, 0.0)
    for command, text in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        given = [float(value) for value in re.findall(r"-?\d*\.?\d+", text)]
        size = {"M": 2, "L": 2, "H": 1, "V": 1, "Q": 4, "C": 6, "Z": 0}[command.upper()]
        for start in range(0, len(given), size or 1):
            control = absolute(command, given[start : start + size], here)
            points += [along([here, *control], step / 12) for step in range(1, 13)] if size > 2 else control
            here = control[-1]
    return Shape(tuple(points))


def absolute(command: str, given: list[float], here: Point) -> list[Point]:
    """The points of one command in the picture."""
    x, y = here if command.islower() else (0.0, 0.0)
    if command.upper() == "H":
        return [(x + given[0], here[1])]
    if command.upper() == "V":
        return [(here[0], y + given[0])]
    return [(x + a, y + b) for a, b in zip(given[::2], given[1::2], strict=True)]


def along(control: list[Point], share: float) -> Point:
    """The point at a share of a Bezier curve."""
    while len(control) > 1:
        control = [(a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share) for a, b in pairwise(control)]
    return control[0]


@cache
def drawing() -> dict[str, dict[str, Shape]]:
    """Each view's tiles by region, as they are drawn before the skin clips them."""
    made = json.loads((ROOT / "web" / "body_map.json").read_text())
    return {view: {tile["code"]: outline(tile["path"]) for tile in made[view]["tiles"]} for view in VIEWS}


@cache
def skin() -> Shape:
    """The outline of the body."""
    return outline(json.loads((ROOT / "web" / "body_map.json").read_text())["skin"])


@cache
def styles() -> str:
    """The made stylesheet."""
    return (ROOT / "static" / "body-map.css").read_text()


@cache
def taps(view: str) -> dict[str, Shape]:
    """Each view's tap shapes by region, as the stylesheet clips them."""
    rule = re.compile(rf"#{view} \[for=r-(\w+)\]{{inset:([^;]+);clip-path:polygon\(([^)]+)\)")
    return {code: clipped(inset, corners) for code, inset, corners in rule.findall(styles())}


def clipped(inset: str, corners: str) -> Shape:
    """A polygon in per cent of a box that is itself inset in the picture."""
    top, right, bottom, left = (float(part.rstrip("%")) / 100 for part in inset.split())
    across, down = (1 - left - right) * WIDTH, (1 - top - bottom) * HEIGHT
    pairs = [corner.replace("%", "").split() for corner in corners.split(",")]
    return Shape(
        tuple((left * WIDTH + float(x) / 100 * across, top * HEIGHT + float(y) / 100 * down) for x, y in pairs)
    )


@cache
def regions() -> tuple[str, ...]:
    """The region codes of the vocabulary."""
    return load_vocabulary(VOCABULARY_PATH).regions


def picture_side(view: str, code: str) -> int:
    """Where a region belongs: -1 the picture's left half, 1 its right half, 0 over the middle."""
    if not code.endswith(("_right", "_left")):
        return 0
    patients_right = code.endswith("_right")
    return -1 if patients_right == (view == "front") else 1


def test_every_region_is_drawn_and_nothing_else() -> None:
    drawn = {code for view in VIEWS for code in drawing()[view]}
    assert drawn == set(regions())
    assert len(drawn) == 54


@pytest.mark.parametrize("view", VIEWS)
def test_right_and_left_are_the_patients_own(view: str) -> None:
    for code, shape in (*drawing()[view].items(), *taps(view).items()):
        off, side = shape.centre[0] - MIDDLE, picture_side(view, code)
        assert off * side > 5 if side else abs(off) < 1, f"{view}: {code} lies {off:.0f} from the middle"
        assert all((x - MIDDLE) * side > -1 for x, _y in shape.points), f"{view}: {code} reaches over the middle"


def test_what_is_right_in_front_is_right_behind() -> None:
    for code in set(drawing()["front"]) & set(drawing()["back"]):
        front, back = (drawing()[view][code].centre[0] - MIDDLE for view in VIEWS)
        assert front * back < 0 or not picture_side("front", code), code


@pytest.mark.parametrize("view", VIEWS)
def test_each_tile_has_one_tap_shape_over_it(view: str) -> None:
    assert set(taps(view)) == set(drawing()[view])
    for code, shape in drawing()[view].items():
        points = [point for point in grid(shape) if skin().holds(point)]
        covered = sum(taps(view)[code].holds(point) for point in points) / len(points)
        assert covered > 0.9, f"{view}: the tap shape of {code} covers {covered:.0%} of it"


def grid(shape: Shape, step: int = 4) -> list[Point]:
    """Points inside a shape, evenly spread."""
    xs, ys = [int(x) for x, _y in shape.points], [int(y) for _x, y in shape.points]
    spots = product(range(min(xs), max(xs) + 1, step), range(min(ys), max(ys) + 1, step))
    return [(x + 0.3, y + 0.3) for x, y in spots if shape.holds((x + 0.3, y + 0.3))]


@pytest.mark.parametrize("view", VIEWS)
def test_every_place_on_the_body_belongs_to_one_region(view: str) -> None:
    points = grid(skin(), 7)
    owners = [[code for code, shape in drawing()[view].items() if shape.holds(point)] for point in points]
    missed = [point for point, found in zip(points, owners, strict=True) if not found]
    shared = [found for found in owners if len(found) > 1]
    assert len(missed) <= 0.03 * len(points), missed[:5]
    assert len(shared) <= 0.01 * len(points), shared[:5]


@pytest.mark.parametrize("view", VIEWS)
def test_a_finger_finds_every_region_on_a_phone(view: str) -> None:
    scale = PHONE_WIDTH / WIDTH
    for code, shape in taps(view).items():
        disc = max(shape.room(point) for point in grid(shape, 2)) * 2 * scale
        assert disc >= SMALLEST, f"{view}: a disc of {disc:.0f} px is the largest in {code}"


def test_every_box_is_tied_to_its_tiles() -> None:
    tied = dict(re.findall(r"\.places:has\(#r-(\w+):checked\) :is\(([^)]+)\)", styles()))
    assert set(tied) == set(regions())
    for code, targets in tied.items():
        assert f"[for=r-{code}]" in targets
        assert {part.lstrip("#").partition("--")[0] for part in targets.split(",")[:-1]} == {code}


def test_the_middle_of_a_tile_lies_in_it() -> None:
    made = json.loads((ROOT / "web" / "body_map.json").read_text())
    for view in VIEWS:
        for tile in made[view]["tiles"]:
            assert drawing()[view][tile["code"]].holds(tuple(tile["middle"])), tile["id"]
            assert skin().holds(tuple(tile["middle"])), tile["id"]
