"""Body regions in words, under headings, right before left: "right" is always the patient's own right."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from intake.questions.wording.question import Option, Question, under

REGIONS = (
    *under(
        _("Head and neck"),
        Option("head", _("Head")),
        Option("jaw_right", _("Right jaw or face")),
        Option("jaw_left", _("Left jaw or face")),
        Option("neck_front", _("Throat")),
        Option("neck_right", _("Right neck")),
        Option("neck_left", _("Left neck")),
    ),
    *under(
        _("Shoulder and arm"),
        Option("shoulder_top_right", _("Top of right shoulder")),
        Option("shoulder_top_left", _("Top of left shoulder")),
        Option("shoulder_right", _("Right shoulder")),
        Option("shoulder_left", _("Left shoulder")),
        Option("upper_arm_right", _("Right upper arm")),
        Option("upper_arm_left", _("Left upper arm")),
        Option("elbow_right", _("Right elbow")),
        Option("elbow_left", _("Left elbow")),
        Option("forearm_right", _("Right forearm")),
        Option("forearm_left", _("Left forearm")),
        Option("hand_right", _("Right hand or wrist")),
        Option("hand_left", _("Left hand or wrist")),
    ),
    *under(
        _("Back"),
        Option("shoulder_blade_right", _("Right shoulder blade")),
        Option("shoulder_blade_left", _("Left shoulder blade")),
        Option("upper_back_right", _("Right upper back")),
        Option("upper_back_left", _("Left upper back")),
        Option("mid_back_right", _("Right middle back")),
        Option("mid_back_left", _("Left middle back")),
        Option("low_back_right", _("Right low back")),
        Option("low_back_left", _("Left low back")),
        Option("tailbone", _("Tailbone")),
    ),
    *under(
        _("Chest and belly"),
        Option("chest_right", _("Right chest")),
        Option("chest_left", _("Left chest")),
        Option("breastbone", _("Breastbone")),
        Option("ribs_side_right", _("Right ribs")),
        Option("ribs_side_left", _("Left ribs")),
        Option("abdomen_right", _("Right belly")),
        Option("abdomen_left", _("Left belly")),
    ),
    *under(
        _("Hip and leg"),
        Option("groin_right", _("Right groin")),
        Option("groin_left", _("Left groin")),
        Option("hip_right", _("Right hip, at the side")),
        Option("hip_left", _("Left hip, at the side")),
        Option("buttock_right", _("Right buttock")),
        Option("buttock_left", _("Left buttock")),
        Option("thigh_front_right", _("Right thigh, front")),
        Option("thigh_front_left", _("Left thigh, front")),
        Option("thigh_back_right", _("Right thigh, back")),
        Option("thigh_back_left", _("Left thigh, back")),
        Option("knee_right", _("Right knee")),
        Option("knee_left", _("Left knee")),
        Option("shin_right", _("Right shin")),
        Option("shin_left", _("Left shin")),
        Option("calf_right", _("Right calf")),
        Option("calf_left", _("Left calf")),
        Option("ankle_right", _("Right ankle")),
        Option("ankle_left", _("Left ankle")),
        Option("foot_right", _("Right foot or heel")),
        Option("foot_left", _("Left foot or heel")),
    ),
)

ARMS = (Option("arm_right", _("Right arm")), Option("arm_left", _("Left arm")))
LIMBS = (
    *ARMS,
    Option("leg_right", _("Right leg")),
    Option("leg_left", _("Left leg")),
)
LIMBS_AND_HEAD = (*LIMBS, Option("head_and_neck", _("Head or neck")))
SIDES = (Option("right", _("Right side")), Option("left", _("Left side")))

NOT_SURE_WHERE: str = _("I'm not sure where")
ELSEWHERE: str = _("At none of these places")
MAP_HINT: str = _("Touch the picture or use the list.")
MAP_HINT_UNSURE: str = _("Touch the picture or use the list. Mark a place too if you are not sure of it.")
WHY_WHERE: str = _("We keep needles away from places that need care.")


def where(legend: str, hint: str = MAP_HINT) -> Question:
    """A question that is answered on the body map."""
    return Question(legend, REGIONS, hint=hint, why=WHY_WHERE, none=ELSEWHERE, not_sure=NOT_SURE_WHERE)
