"""Body regions in words, under headings, right before left: "right" is always the patient's own right."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from intake.questions.wording.question import Option, Question, under


def sides(stem: str, row: str, right: str, left: str) -> tuple[Option, Option]:
    """The right and the left of a region; `row` are the words that both share in a list."""
    return Option(f"{stem}_right", right, row=row), Option(f"{stem}_left", left, row=row)


REGIONS = (
    *under(
        _("Head and neck"),
        Option("head", _("Head")),
        *sides("jaw", _("Jaw, face"), _("Right jaw or face"), _("Left jaw or face")),
        Option("neck_front", _("Throat")),
        *sides("neck", _("Neck"), _("Right neck"), _("Left neck")),
    ),
    *under(
        _("Shoulder and arm"),
        *sides("shoulder_top", _("Top of shoulder"), _("Top of right shoulder"), _("Top of left shoulder")),
        *sides("shoulder", _("Shoulder"), _("Right shoulder"), _("Left shoulder")),
        *sides("upper_arm", _("Upper arm"), _("Right upper arm"), _("Left upper arm")),
        *sides("elbow", _("Elbow"), _("Right elbow"), _("Left elbow")),
        *sides("forearm", _("Forearm"), _("Right forearm"), _("Left forearm")),
        *sides("hand", _("Hand, wrist"), _("Right hand or wrist"), _("Left hand or wrist")),
    ),
    *under(
        _("Back"),
        *sides("shoulder_blade", _("Shoulder blade"), _("Right shoulder blade"), _("Left shoulder blade")),
        *sides("upper_back", _("Upper back"), _("Right upper back"), _("Left upper back")),
        *sides("mid_back", _("Middle back"), _("Right middle back"), _("Left middle back")),
        *sides("low_back", _("Low back"), _("Right low back"), _("Left low back")),
        Option("tailbone", _("Tailbone")),
    ),
    *under(
        _("Chest and belly"),
        *sides("chest", _("Chest"), _("Right chest"), _("Left chest")),
        Option("breastbone", _("Breastbone")),
        *sides("ribs_side", _("Ribs"), _("Right ribs"), _("Left ribs")),
        *sides("abdomen", _("Belly"), _("Right belly"), _("Left belly")),
    ),
    *under(
        _("Hip and leg"),
        *sides("groin", _("Groin"), _("Right groin"), _("Left groin")),
        *sides("hip", _("Side of hip"), _("Right hip, at the side"), _("Left hip, at the side")),
        *sides("buttock", _("Buttock"), _("Right buttock"), _("Left buttock")),
        *sides("thigh_front", _("Thigh, front"), _("Right thigh, front"), _("Left thigh, front")),
        *sides("thigh_back", _("Thigh, back"), _("Right thigh, back"), _("Left thigh, back")),
        *sides("knee", _("Knee"), _("Right knee"), _("Left knee")),
        *sides("shin", _("Shin"), _("Right shin"), _("Left shin")),
        *sides("calf", _("Calf"), _("Right calf"), _("Left calf")),
        *sides("ankle", _("Ankle"), _("Right ankle"), _("Left ankle")),
        *sides("foot", _("Foot, heel"), _("Right foot or heel"), _("Left foot or heel")),
    ),
)

NAMES = {option.code: option.label for option in REGIONS}
"""Each region as patients read it; "right" is the patient's own right."""

JOINTS = frozenset(
    f"{joint}_{side}"
    for joint in ("jaw", "shoulder", "elbow", "hand", "groin", "hip", "knee", "ankle", "foot")
    for side in ("right", "left")
)

ARMS = (Option("arm_right", _("Right arm")), Option("arm_left", _("Left arm")))
LIMBS = (
    *ARMS,
    Option("leg_right", _("Right leg")),
    Option("leg_left", _("Left leg")),
)
LIMBS_AND_HEAD = (*LIMBS, Option("head_and_neck", _("Head or neck")))
SIDES = (Option("right", _("Right side")), Option("left", _("Left side")))

NOT_SURE_WHERE: str = _("Not sure where")
ELSEWHERE: str = _("At none of these places")
MAP_HINT: str = _("Touch the picture or open the list.")
MARK_ANYWAY: str = _("Mark it, even if unsure.")
WHY_WHERE: str = _("We keep needles away from there.")


def where(legend: str, hint: str = "") -> Question:
    """A question that is answered on the body map; how that is done was said where the pain was asked."""
    return Question(legend, REGIONS, hint=hint, why=WHY_WHERE, none=ELSEWHERE, not_sure=NOT_SURE_WHERE)
