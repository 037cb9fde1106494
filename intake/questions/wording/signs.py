"""Signs that are asked only where the pain makes them matter: hands, eyes and face, headache, legs, spine."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from intake.questions.wording.question import TICK_ALL, YES_NO, Option, Question

NONE_OF_THESE: str = _("None of these")

REGION = Question(
    _("Any of these signs?"),
    (
        Option(
            "hands",
            _("Clumsy hands, unsteady walk, or both arms or legs tingling"),
            _("Or electric shocks as you bend your neck"),
        ),
        Option(
            "eyes",
            _("A drooping eyelid, one small pupil, or sweat on one side of the face"),
            _("Or blurred sight, a sore scalp, jaw pain when you chew, or a painful red eye"),
        ),
        Option(
            "headache",
            _("A headache that is new, changed, or came after a head injury"),
            _("Or worse with a cough, lying or standing, with a stiff neck, or painkillers on over 10 days a month"),
        ),
        Option("weight", _("Pain or trouble putting weight on a leg")),
        Option("spine_bruise", _("A bruise or graze over the spine")),
    ),
    why=_("A doctor may need to see these first."),
    none=NONE_OF_THESE,
)
HANDS = Question(
    _("Which of these do you notice?"),
    (
        Option("clumsy_hands", _("Clumsy hands, such as with buttons")),
        Option("unsteady_walking", _("Unsteady when I walk")),
        Option("electric_shock_neck", _("Electric shocks when I bend my neck")),
        Option("tingling_both_arms_or_legs", _("Tingling in both arms or both legs")),
    ),
    hint=TICK_ALL,
    why=_("Together they can mean that the spinal cord is pressed."),
    none=NONE_OF_THESE,
)
HANDS_NEW = Question(
    _("Is this new, or worse, in the last 3 months?"),
    YES_NO,
    why=_("What has not changed for a long time is less urgent."),
)
EYES = Question(
    _("What have you noticed in your eyes or face?"),
    (
        Option("drooping_eyelid", _("A drooping eyelid")),
        Option("one_small_pupil", _("One small pupil")),
        Option("one_sided_sweating", _("Sweat on one side of the face")),
        Option("blurred_or_double", _("Blurred or double sight")),
        Option("scalp_sore", _("A sore scalp")),
        Option("jaw_pain_chewing", _("Jaw pain when I chew")),
        Option("painful_red_eye", _("A painful red eye")),
    ),
    hint=TICK_ALL,
    why=_("These can come from a blood vessel or a nerve. Some can harm your sight."),
    none=NONE_OF_THESE,
)
HEADACHE = Question(
    _("What is your headache like?"),
    (
        Option("first_ever_or_new_kind", _("My first, or a new kind of headache")),
        Option("worse_cough_or_strain", _("Worse when I cough or strain")),
        Option("worse_lying", _("Worse when I lie down")),
        Option("worse_upright", _("Worse when I stand up")),
        Option("changed_pattern", _("It has changed from my usual headache")),
        Option("fever_and_stiff_neck", _("With fever and a stiff neck")),
        Option("after_head_injury", _("After a head injury")),
        Option("painkillers_over_10_days", _("Painkillers on over 10 days a month")),
    ),
    hint=TICK_ALL,
    why=_("Most are harmless. This finds the few that are not."),
    none=NONE_OF_THESE,
)
WEIGHT = Question(
    _("Can you put your full weight on each leg?"),
    (
        Option("normal", _("Yes, without pain")),
        Option("painful", _("Yes, but it hurts")),
        Option("cannot", _("No, or fewer than 4 steps")),
    ),
    why=_("A leg that cannot carry you may be broken."),
)
BRUISE = Question(
    _("Is there a bruise or graze over your spine?"),
    YES_NO,
    hint=_("The spine is the bone in the middle of your neck and back."),
    why=_("A bruise there can mean a hidden break."),
)
