"""Draws the body map: writes `intake/web/body_map.json` and `intake/static/body-map.css` (needs shapely).

All geometry is drawn by hand here as half a body and mirrored. In the front view the patient's right is the picture's
left; in the back view it is the picture's right. Every region has one tile in each view that shows it, and one tap
shape over the tile: an empty label that reaches past the skin where a limb is thin, never over a neighbour or the
midline.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from shapely import maximum_inscribed_circle
from shapely.geometry import Polygon, box
from shapely.ops import unary_union

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shapely.geometry.base import BaseGeometry

ROOT = Path(__file__).resolve().parent.parent
WIDTH, HEIGHT, MIDDLE, CROWN = 360, 880, 180, 18
GROW = 16  # how far a tap shape may reach beyond the skin
STEPS = 8  # points on a curve when it becomes a polygon
VIEWS = ("front", "back")

# The skin: half an outline, from the crown to the crotch.
SKIN = """0,0
C26,0 40,18 41,45  C45,44 47,48 46,55 C45,62 43,68 39,68
C38,80 34,89 28,96 C26,104 26,110 27,118
C29,130 39,135 53,139 C67,143 80,146 90,153
C102,161 107,178 108,200 C109,222 113,240 117,262
C121,283 126,296 130,314 C135,334 141,350 144,372
C146,388 147,402 150,414 C153,426 161,436 164,452
C167,468 167,488 163,505 C161,515 153,519 147,516
C142,513 141,506 141,497 C141,489 141,482 139,474
C138,470 136,468 135,464 C134,474 134,484 131,489
C127,492 123,487 123,478 C122,462 126,450 126,436
C126,428 126,424 124,416 C118,398 108,376 103,350
C101,338 99,328 97,316 C93,292 86,264 80,240
C79,235 76,235 75,240 C75,262 72,286 69,308
C66,326 65,338 66,350 C67,370 76,390 79,418
C82,446 81,474 77,504 C73,538 67,564 63,590
C61,606 61,618 62,630 C64,654 68,688 61,722
C57,744 52,762 51,778 C51,789 54,796 59,806
C65,817 73,826 72,834 C71,842 56,845 44,844
C32,844 25,842 25,832 C25,818 28,802 27,786
C26,766 22,744 19,722 C13,692 14,664 18,640
C20,622 19,606 17,590 C12,556 6,508 4,474
C3,462 3,454 0,454"""

# Corners of the tiles, by name, on the half body; those of the limbs lie outside the skin, which clips them.
CORNERS = """
sh1=80,136 sh2=76,184 sh3=77,238 sh4=130,222 sh0=130,136
ua3=84,304 ua4=140,294 el3=92,350 el4=160,338 wr3=104,420 wr4=176,404 ha3=104,530 ha4=176,530
k1i=0,580 k1o=90,580 k2i=0,652 k2o=90,652 an1i=0,762 an1o=90,762 an2i=0,803 an2o=90,803 fti=0,860 fto=90,860
brow0=0,45 brow1=60,45 jawo=60,92 jaw1=34,92 chin1=14,110 chin0=0,113
nk1=44,120 nk2=35,142 no1=14,159 no0=0,160
st1=18,166 st2=18,262 xi0=0,284 pe1=52,268 pe2=72,252 pe3=78,252 ri1=50,322 ri2=80,322
as1=53,388 as2=96,378 pu0=0,420 gr1=56,446 gr0=0,466 hi2=96,462 navel=0,350
hb1=60,84 hb0=0,100 bn1=44,120 bn2=36,142 c7=0,158
ub1=35,172 ub2=35,256 ub0=0,258 sb1=60,262 sb2=78,248 mb1=47,264 mb2=48,324 mb0=0,326 lb2=80,322
il1=56,386 il2=96,376 sa1=26,392 sa0=0,388 co1=18,430 co0=0,446
fo1=59,452 fo0=0,468 bh2=96,456
"""
# Seams that are not straight: the control point of the curve between two corners.
BENDS = """
k1i-k1o=40,570 k2i-k2o=40,664 an1i-an1o=38,770 an2i-an2o=38,796 ua3-ua4=113,306 el3-el4=125,336 wr3-wr4=140,406
sh2-sh1=70,160 sh2-sh3=68,212 sh3-sh4=98,240
jaw1-chin1=27,103 chin1-chin0=7,113 nk2-no1=22,154 chin1-no1=15,136 no1-sh2=44,160 st1-st2=15,214 st2-pe1=36,272
pe1-pe2=64,264 sh3-pe2=77,246 st2-xi0=12,280 pe1-ri1=46,294 as1-pu0=34,408 as1-gr1=50,418 gr1-gr0=30,462
gr1-hi2=76,458 as1-as2=70,380 ri1-ri2=64,326
hb1-hb0=34,100 bn2-c7=20,156 bn2-ub1=33,160 c7-ub1=18,160 ub1-sh2=54,182 ub1-ub2=37,214 ub2-mb1=41,262 mb1-sb2=66,264
sh3-sb2=78,244 ub0-ub2=18,254 mb1-mb2=44,294 mb0-mb2=24,328 mb2-lb2=64,326 il1-sa1=40,386 sa1-sa0=12,390 il1-il2=72,378
sa1-co1=24,414 co1-co0=8,444 il1-fo1=56,420 fo1-fo0=34,474 fo1-bh2=78,454
"""
LIMBS = {
    "shoulder": "sh1 sh0 sh4 sh3 sh2",
    "upper_arm": "sh3 sh4 ua4 ua3",
    "elbow": "ua3 ua4 el4 el3",
    "forearm": "el3 el4 wr4 wr3",
    "hand": "wr3 wr4 ha4 ha3",
    "knee": "k1i k1o k2o k2i",
    "ankle": "an1i an1o an2o an2i",
    "foot": "an2i an2o fto fti",
}
PAIRED = {
    "front": {
        "jaw": "brow0 brow1 jawo jaw1 chin1 chin0",
        "neck": "chin1 jaw1 jawo nk1 nk2 no1",
        "shoulder_top": "nk1 sh1 sh2 no1 nk2",
        "chest": "no1 sh2 sh3 pe2 pe1 st2 st1",
        "ribs_side": "pe1 pe2 pe3 ri2 ri1",
        "abdomen": "xi0 st2 pe1 ri1 ri2 as2 as1 pu0",
        "groin": "pu0 as1 gr1 gr0",
        "hip": "as1 as2 hi2 gr1",
        "thigh_front": "gr0 gr1 hi2 k1o k1i",
        "shin": "k2i k2o an1o an1i",
    }
    | LIMBS,
    "back": {
        "neck": "hb0 hb1 bn1 bn2 c7",
        "shoulder_top": "bn1 sh1 sh2 ub1 bn2",
        "shoulder_blade": "ub1 sh2 sh3 sb2 mb1 ub2",
        "upper_back": "c7 bn2 ub1 ub2 ub0",
        "mid_back": "ub0 ub2 mb1 mb2 mb0",
        "ribs_side": "mb1 sb2 lb2 mb2",
        "low_back": "mb0 mb2 lb2 il2 il1 sa1 sa0",
        "buttock": "sa1 il1 fo1 fo0 co0 co1",
        "hip": "il1 il2 bh2 fo1",
        "thigh_back": "fo0 fo1 bh2 k1o k1i",
        "calf": "k2i k2o an1o an1i",
    }
    | LIMBS,
}
# Over the midline: either corners of the right half, or a path of its own.
MIDLINE = {
    "front": {
        "head": "M-60,-12 60,-12 60,45 -60,45Z",
        "neck_front": "chin0 chin1 no1 no0",
        "breastbone": "no0 no1 st1 st2 xi0",
    },
    "back": {
        "head": "M-60,-12 60,-12 60,84Q34,100 0,100Q-34,100 -60,84Z",
        "tailbone": "sa0 sa1 co1 co0",
    },
}
# Quiet lines on top of the tiles; they tell front from back at a glance and take no touch.
FINGERS = "M146,480q0,14 1,22M152,478q1,14 1,24M158,478q1,14 0,22"
HANDS = FINGERS + "M-146,480q0,14 -1,22M-152,478q-1,14 -1,24M-158,478q-1,14 0,22"
FACE = "M-24,52q6,4 12,0M12,52q6,4 12,0M0,58v11q-1,5 -5,4M-9,88q9,5 18,0"
NAVEL_AND_KNEES = "M-3,352q3,5 6,0M31,624q9,8 19,0M-31,624q-9,8 -19,0"
TOES = "M38,841v-9M46,841v-10M54,840v-9M61,838v-8M-38,841v-9M-46,841v-10M-54,840v-9M-61,838v-8"
SPINE = "M0,170V384M0,447v6"
KNEE_HOLLOWS = "M26,614q12,6 26,0M-26,614q-12,6 -26,0"
HEELS = "M32,828q8,12 20,2M-32,828q-8,12 -20,2M40,770v22M-40,770v22"
DETAIL = {"front": FACE + NAVEL_AND_KNEES + TOES + HANDS, "back": SPINE + KNEE_HOLLOWS + HEELS + HANDS}
HAIR = {
    "front": "M-60,-9V42H-40Q-38,26 -22,22Q6,30 26,18Q38,28 40,42H60V-9Z",
    "back": "M-60,-9V44H-40Q-40,64 -30,78Q-26,92 0,94Q26,92 30,78Q40,64 40,44H60V-9Z",
}

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Tile:
    """One region in one view. `id` differs from the code where both views show the region."""

    id: str
    code: str
    path: str


def read_points(text: str) -> dict[str, Point]:
    """`name=x,y` words as points."""
    return {name: (int(x), int(y)) for name, x, y in re.findall(r"([\w-]+)=(-?\d+),(-?\d+)", text)}


CORNER = read_points(CORNERS)
BEND = read_points(BENDS)


def place(x: int, y: int, side: int = 1) -> str:
    """A point of the half body in the picture; side 1 is the picture's right half."""
    return f"{MIDDLE + side * x},{CROWN + y}"


def seam(start: str, end: str, side: int, *, closing: bool) -> str:
    """The path from one corner to the next; the closing straight line is left to `Z`."""
    bend = BEND.get(f"{start}-{end}") or BEND.get(f"{end}-{start}")
    if bend:
        return f"Q{place(*bend, side)} {place(*CORNER[end], side)}"
    return "" if closing else f"L{place(*CORNER[end], side)}"


def one_side(names: Sequence[str], side: int) -> str:
    """A closed path through corners of one side."""
    pairs = list(zip(names, [*names[1:], names[0]], strict=True))
    lines = [seam(a, b, side, closing=index == len(pairs) - 1) for index, (a, b) in enumerate(pairs)]
    return f"M{place(*CORNER[names[0]], side)}{''.join(lines)}Z"


def both_sides(names: Sequence[str]) -> str:
    """A closed path down the picture's right half and back up its mirror image."""
    down = [seam(a, b, 1, closing=False) for a, b in pairwise(names)]
    back = list(reversed(names))
    up = [seam(a, b, -1, closing=index == len(back) - 2) for index, (a, b) in enumerate(pairwise(back))]
    return f"M{place(*CORNER[names[0]])}{''.join(down)}{''.join(up)}Z"


def moved(path: str) -> str:
    """A path drawn around the midline, in the picture: absolute coordinates move, relative ones stay."""
    return "".join(command + moved_part(command, values.strip()) for command, values in commands(path))


def moved_part(command: str, values: str) -> str:
    """The coordinates of one command in the picture."""
    match command:
        case "M" | "L" | "Q" | "C":
            return re.sub(r"(-?\d+),(-?\d+)", lambda found: place(int(found[1]), int(found[2])), values)
        case "V":
            return str(CROWN + int(values))
        case "H":
            return str(MIDDLE + int(values))
    return values


def commands(path: str) -> list[tuple[str, str]]:
    """The commands of a path, each with its values as text."""
    return re.findall(r"([A-Za-z])([^A-Za-z]*)", path)


def numbers(values: str) -> list[int]:
    """The whole numbers in a command's values."""
    return [int(value) for value in re.findall(r"-?\d+", values)]


def outline() -> str:
    """The skin: the half outline and its mirror image as one closed path."""
    first, *curves = re.split(r"\s*C", SKIN.replace("\n", " "))
    half = [[(int(x), int(y)) for x, y in re.findall(r"(-?\d+),(-?\d+)", curve)] for curve in curves]
    start = numbers(first)
    ends = [(start[0], start[1]), *[curve[2] for curve in half]]
    down = ["C" + " ".join(place(*point) for point in curve) for curve in half]
    up = [
        "C" + " ".join(place(*p, -1) for p in (c[1], c[0], ends[index])) for index, c in reversed(list(enumerate(half)))
    ]
    return f"M{place(*ends[0])}{''.join(down)}{''.join(up)}Z"


def tiles(view: str) -> Iterator[Tile]:
    """Every tile of a view; the ids of regions that both views show end in `--front` or `--back`."""
    other = "back" if view == "front" else "front"
    for stem, drawing in MIDLINE[view].items():
        path = moved(drawing) if drawing.startswith("M") else both_sides(drawing.split())
        yield Tile(f"{stem}--{view}" if stem in MIDLINE[other] else stem, stem, path)
    for stem, names in PAIRED[view].items():
        for side in (-1, 1):
            code = f"{stem}_{patients_side(view, side)}"
            yield Tile(f"{code}--{view}" if stem in PAIRED[other] else code, code, one_side(names.split(), side))


def patients_side(view: str, side: int) -> str:
    """The patient's own word for a side of the picture."""
    return "left" if (side > 0) == (view == "front") else "right"


def short(path: str) -> str:
    """The same path in its shortest spelling: relative where that is shorter."""
    out: list[str] = []
    x = y = 0
    for command, values in commands(path):
        found = numbers(values)
        match command:
            case "Z":
                out.append("Z")
            case "V":
                y = found[0]
                out.append(f"V{y}")
            case "H":
                x = found[0]
                out.append(f"H{x}")
            case "v":
                y += found[0]
                out.append(f"v{found[0]}")
            case _ if command.islower():
                x, y = x + found[-2], y + found[-1]
                out.append(spelled(command, found))
            case _:
                relative = [value - (y if index % 2 else x) for index, value in enumerate(found)]
                spellings = [spelled(command, found), spelled(command.lower(), relative)]
                out.append(min(spellings, key=len) if out else spellings[0])
                x, y = found[-2], found[-1]
    return "".join(out)


def spelled(command: str, values: Sequence[int]) -> str:
    """A command with its values, no separator where a minus sign separates."""
    return command + "".join(
        ("" if index == 0 or value < 0 else " ") + str(value) for index, value in enumerate(values)
    )


def polygon(path: str) -> BaseGeometry:
    """An absolute path as a polygon."""
    points: list[tuple[float, float]] = []
    for command, values in commands(path):
        found = numbers(values)
        pairs = list(zip(found[::2], found[1::2], strict=True))
        match command:
            case "M" | "L":
                points += pairs
            case "Q" | "C":
                size = 2 if command == "Q" else 3
                for index in range(0, len(pairs), size):
                    points += curve([points[-1], *pairs[index : index + size]])
    return Polygon(points).buffer(0)


def curve(control: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Points on a Bezier curve, without its start."""
    return [on_curve(control, step / STEPS) for step in range(1, STEPS + 1)]


def on_curve(control: Sequence[tuple[float, float]], share: float) -> tuple[float, float]:
    """The point at `share` of a Bezier curve."""
    if len(control) == 1:
        return control[0]
    pairs = pairwise(control)
    return on_curve([(a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share) for a, b in pairs], share)


def shapes(view: str) -> dict[str, BaseGeometry]:
    """What each tile covers of the skin, by region code."""
    skin = polygon(outline())
    return {tile.code: polygon(tile.path).intersection(skin) for tile in tiles(view)}


def taps(view: str) -> dict[str, BaseGeometry]:
    """The tap shape of each region: its tile, and room beyond the skin; the smallest tiles choose first."""
    tile = shapes(view)
    taken = unary_union(list(tile.values()))
    found = {}
    for code in sorted(tile, key=lambda name: tile[name].area):
        extra = tile[code].buffer(GROW).difference(taken).intersection(half(view, code))
        taken = taken.union(extra)
        shape = tile[code].union(extra).buffer(1.5).buffer(-1.5).simplify(1.6)
        found[code] = max(shape.geoms, key=lambda part: part.area) if hasattr(shape, "geoms") else shape
    return found


def half(view: str, code: str) -> BaseGeometry:
    """The part of the picture where the region's tap shape may lie."""
    if code.endswith(f"_{patients_side(view, 1)}"):
        return box(MIDDLE, 0, WIDTH, HEIGHT)
    if code.endswith(f"_{patients_side(view, -1)}"):
        return box(0, 0, MIDDLE, HEIGHT)
    return box(0, 0, WIDTH, HEIGHT)


def percent(value: float) -> str:
    """A share of 1 as a percentage, in few characters."""
    return f"{value * 100:.1f}".rstrip("0").rstrip(".") or "0"


def tap_rule(view: str, code: str, shape: BaseGeometry) -> str:
    """The style rule that gives one empty label its place and its shape."""
    x0, y0, x1, y1 = shape.bounds
    corners = [((x - x0) / (x1 - x0), (y - y0) / (y1 - y0)) for x, y in list(shape.exterior.coords)[:-1]]
    inset = (y0 / HEIGHT, (WIDTH - x1) / WIDTH, (HEIGHT - y1) / HEIGHT, x0 / WIDTH)
    path = ",".join(f"{x * 100:.0f}% {y * 100:.0f}%" for x, y in corners)
    return f"#{view} [for=r-{code}]{{inset:{'% '.join(percent(v) for v in inset)}%;clip-path:polygon({path})}}"


def stylesheet() -> str:
    """Tap shapes, and the tie from a ticked box to its tiles and labels."""
    ids: dict[str, list[str]] = {}
    for view in VIEWS:
        for tile in tiles(view):
            ids.setdefault(tile.code, []).append(f"#{tile.id}")
    rules = [tap_rule(view, code, shape) for view in VIEWS for code, shape in sorted(taps(view).items())]
    ties = [f".places:has(#r-{code}:checked) :is({','.join(i)},[for=r-{code}])" for code, i in ids.items()]
    head = "/* Made by tools/build_body_map.py: tap shapes, and the tie from each box to the picture. */"
    picked = '{--fill:var(--pick);--edge:var(--pick-edge);--tick:"\\2713"/""}'
    return "\n".join([head, *rules, ",\n".join(ties) + picked]) + "\n"


def centre(shape: BaseGeometry) -> tuple[int, int]:
    """The middle of the widest place in a tile, where a ring or a mark sits best."""
    point = maximum_inscribed_circle(shape, tolerance=1.0).coords[0]
    return round(point[0]), round(point[1])


def figure(view: str) -> dict[str, object]:
    """One view as data for the template: paths, and each tile with its region and its middle."""
    middle = {code: centre(shape) for code, shape in shapes(view).items()}
    return {
        "hair": short(moved(HAIR[view])),
        "detail": short_detail(moved(DETAIL[view])),
        "tiles": [{"id": t.id, "code": t.code, "path": short(t.path), "middle": middle[t.code]} for t in tiles(view)],
    }


def short_detail(path: str) -> str:
    """Detail lines without spare blanks; they mix absolute and relative commands."""
    return re.sub(r"\s*,\s*", " ", path).replace(" -", "-")


def main() -> None:
    """Write both files."""
    data = {"skin": short(outline()), **{view: figure(view) for view in VIEWS}}
    (ROOT / "intake/web/body_map.json").write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    (ROOT / "intake/static/body-map.css").write_text(stylesheet(), encoding="utf-8")


if __name__ == "__main__":
    main()
