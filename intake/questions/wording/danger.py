"""Danger signs and the other things that are asked first, before anything about the person."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from intake.questions.wording.body import LIMBS, MAP_HINT, where
from intake.questions.wording.question import TICK_ALL, Option, Question, under

NONE_OF_THESE: str = _("None of these")
WHY_SIGNS: str = _("Rarely, these need a doctor first.")

SIGNS = (
    *under(
        _("Bladder and legs"),
        Option("bladder_or_bowel_change", _("New trouble passing or holding pee or poo")),
        Option("saddle_numbness", _("Numb between the legs")),
        Option("sexual_numbness", _("Sudden loss of feeling during sex")),
        Option("both_legs_weak", _("Both legs newly weak")),
    ),
    *under(
        _("Chest"),
        Option("chest_pressure", _("Chest pressure or tightness")),
        Option("cold_sweat_with_pain", _("Cold sweat with the pain")),
        Option("chest_pain_breathing", _("Chest pain when breathing in")),
        Option("breathless", _("New shortness of breath")),
        Option("coughing_blood", _("Coughing up blood")),
        Option("heart_racing", _("Racing heart")),
    ),
    *under(
        _("Head"),
        Option("worst_headache_sudden", _("Head or neck pain, at its worst within 5 minutes")),
        Option(
            "stroke_signs",
            _("Double vision, slurred speech or trouble swallowing"),
            _("Or numb on one side, unsteady, or a sudden fall without fainting"),
        ),
        Option("sight_loss", _("Sudden loss of sight")),
        Option("confused", _("Confused in the last few days")),
    ),
    *under(
        _("Belly, fever"),
        Option("tearing_pain_back_or_belly", _("Sudden tearing pain in back or belly")),
        Option("pulsing_belly", _("Beating lump in the belly")),
        Option("fever", _("Fever")),
    ),
)
DANGER = Question(
    _("Any of these now?"),
    SIGNS,
    why=WHY_SIGNS,
    none=_("None of these now"),
)
CALL_IF: tuple[str, ...] = (
    _("you are newly numb between your legs, or weak, or cannot pass or hold pee"),
    _("you have chest pressure, cannot get your breath, or have tearing pain in back or belly"),
    _("your head hurts very badly at once, or your sight, speech or mind is changed"),
)
"""All danger signs in three lines, for a card that begins "Call ... if"."""
DANGER_UNSURE = Question(
    _("Which are you not sure about?"),
    SIGNS,
    why=_("We ask about these at your visit."),
    not_sure=_("Not sure which"),
)

WARNING = Question(
    _("Any of these lately?"),
    (
        Option("weakness", _("New weakness; hand or foot that drops")),
        Option("limb", _("One arm or leg newly swollen, warm, red, tight, cold or pale; tingling toes")),
        Option("joint", _("Hot, swollen or stuck joint; joint scar red or open")),
        Option(
            "unwell",
            _("Fever, sweats, weight loss, no hunger, very tired"),
            _("Sore joints, thirst, vomiting, cough, brown pee"),
        ),
        Option("infection", _("Infection now; antibiotics in the last 2 weeks")),
        Option("lump", _("New or beating lump")),
        Option("fall", _("Fall, crash or blow in the last 3 months")),
        Option("very_unwell", _("I feel unwell now")),
    ),
    why=WHY_SIGNS,
    none=NONE_OF_THESE,
)

NEW_WEAKNESS = Question(
    _("Where is the new weakness?"),
    (
        Option("one_limb", _("In one arm or leg")),
        Option("two_or_more_limbs", _("In two or more arms or legs")),
        Option("none", _("I have no new weakness")),
    ),
    hint=_("A hand or foot that drops counts as weak."),
    why=_("It can come from a nerve."),
)
WEAKNESS_TITLE: str = _("About the weakness")
WEAKNESS_ONSET = Question(
    _("When did the weakness begin?"),
    (
        Option("hours_or_days", _("In the last 7 days")),
        Option("weeks", _("1 to 6 weeks ago")),
        Option("longer", _("More than 6 weeks ago")),
    ),
    why=_("Fast changes need a doctor sooner."),
)
WEAKNESS_COURSE = Question(
    _("Is the weakness changing?"),
    (
        Option("better", _("It gets better")),
        Option("same", _("It stays the same")),
        Option("spreading_or_worse", _("It spreads or gets worse")),
    ),
)

LIMB = Question(
    _("What is new in the arm or leg?"),
    (
        *under(
            _("Arm"),
            Option("arm_swollen", _("Arm swollen"), fills={"limb_signs": "arm_swollen"}),
            Option("arm_warm_or_red", _("Arm warm or red"), fills={"limb_signs": "arm_warm_or_red"}),
            Option(
                "arm_tight_and_painful",
                _("Arm hard and tight, and hurts far more than a strain"),
                fills={"limb_signs": "arm_tight_and_painful"},
            ),
            Option(
                "arm_cold_or_pale",
                _("Arm colder or paler than the other side"),
                fills={"limb_signs": "arm_cold_or_pale"},
            ),
        ),
        *under(
            _("Leg"),
            Option("leg_swollen", _("Leg swollen"), fills={"limb_signs": "leg_swollen", "leg_signs": "swollen"}),
            Option(
                "leg_warm_or_red",
                _("Leg warm or red"),
                fills={"limb_signs": "leg_warm_or_red", "leg_signs": "warm_or_red"},
            ),
            Option(
                "leg_tight_and_painful",
                _("Leg hard and tight, and hurts far more than a strain"),
                fills={"limb_signs": "leg_tight_and_painful", "leg_signs": "tight_and_painful"},
            ),
            Option(
                "leg_cold_or_pale",
                _("Leg colder or paler than the other side"),
                fills={"limb_signs": "leg_cold_or_pale", "leg_signs": "cold_or_pale"},
            ),
            Option("tingling_toes", _("Tingling toes"), fills={"leg_signs": "tingling_toes"}),
        ),
    ),
    hint=_("New, and on one side. Tick all that apply."),
    why=_("It can mean trouble with blood flow."),
    none=NONE_OF_THESE,
)
LIMB_TITLE: str = _("A few more details")
WHICH_LIMB = Question(_("Which arm or leg is it?"), LIMBS, why=_("Some make a blood clot more likely."))
CLOT_RISKS = Question(
    _("Do any fit you now?"),
    (
        Option("long_travel", _("A trip of over 4 hours in the last weeks")),
        Option("bed_rest_or_cast", _("Bed rest, or a cast")),
        Option("hormone_pill_or_hrt", _("Hormones, or the pill")),
        Option("pregnant_or_birth_last_6_weeks", _("Pregnant, or gave birth in the last 6 weeks")),
    ),
    why=_("Some make a blood clot more likely."),
    none=NONE_OF_THESE,
)

JOINT = Question(
    _("What is wrong with the joint?"),
    (
        Option("hot", _("A hot joint")),
        Option("swollen", _("A swollen joint")),
        Option("cannot_move", _("A joint I cannot move")),
        Option("scar_red_or_open", _("A joint with a red or open scar")),
    ),
    hint=TICK_ALL,
    why=_("A hot, swollen joint can be infected."),
    none=NONE_OF_THESE,
)
JOINT_WHERE = where(_("Which joint is it?"), MAP_HINT)

UNWELL_TITLE: str = _("How you have felt")
UNWELL = Question(
    _("Any of these?"),
    (
        *under(
            _("Your whole body"),
            Option("fever_or_chills", _("Fever or chills")),
            Option("night_sweats", _("Sweats for no reason, day or night")),
            Option("weight_loss", _("Weight loss without trying")),
            Option("appetite_loss", _("No hunger")),
            Option("very_tired", _("Very tired")),
            Option("many_joints_ache", _("Many joints ache")),
        ),
        *under(
            _("Pee, stomach and chest"),
            Option("thirst_and_urine", _("Great thirst and much pee")),
            Option("dark_urine", _("New brown pee, like cola")),
            Option("vomiting", _("Vomiting")),
            Option("cough", _("A cough")),
        ),
    ),
    why=_("Some illnesses need care before pain."),
    none=NONE_OF_THESE,
)
FEELS_TODAY = Question(
    _("How do you feel now?"),
    (
        Option("well", _("Well")),
        Option("slightly_unwell", _("A little unwell")),
        Option("very_unwell", _("Very unwell")),
    ),
    why=_("If you are ill, we wait."),
)
INFECTION = Question(
    _("Do you have an infection?"),
    (
        Option("fever_or_infection_now", _("Yes, an infection or fever now")),
        Option("antibiotics_last_2_weeks", _("I took antibiotics in the last 2 weeks")),
        Option("no", _("No")),
    ),
    why=_("We wait until it is gone."),
)
LUMP = Question(
    _("Is there a lump that is new or has grown?"),
    (
        Option("yes", _("Yes")),
        Option("pulses", _("Yes, and it beats like a pulse")),
        Option("no", _("No")),
    ),
    why=_("A doctor should see a new one."),
)
FALL = Question(
    _("When was the fall, crash or blow?"),
    (
        Option("under_2_weeks", _("Less than 2 weeks ago")),
        Option("2_weeks_to_3_months", _("2 weeks to 3 months ago")),
        Option("none", _("I had none in the last 3 months")),
    ),
    hint=_("It counts even if it did not start the pain."),
    why=_("It can hide a break or bleed."),
)
