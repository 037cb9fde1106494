"""The pain: where, how long, how strong, what it is like."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from intake.questions.wording.body import MAP_HINT, NOT_SURE_WHERE, REGIONS
from intake.questions.wording.question import GridRow, Option, Question

WHERE = Question(
    _("Where is your pain?"),
    REGIONS,
    hint=MAP_HINT,
    why=_("The place decides how we can treat it."),
    none=_("No pain in one place"),
    not_sure=NOT_SURE_WHERE,
)
MAIN = Question(
    _("Which place is worst?"),
    REGIONS,
    why=_("We start there."),
)
REASON_TITLE: str = _("Your pain")
REASON = Question(
    _("What brings you?"),
    (
        Option("muscle_or_joint_pain", _("Muscle or joint pain")),
        Option("headache", _("Headache")),
        Option("stiffness_or_movement", _("Stiff or hard to move")),
        Option("prevention", _("To stay well")),
        Option("other", _("Something else")),
    ),
    why=_("Needles help only some pain."),
)
DURATION = Question(
    _("How long has it hurt?"),
    (
        Option("under_2_weeks", _("Less than 2 weeks")),
        Option("2_to_6_weeks", _("2 to 6 weeks")),
        Option("6_to_12_weeks", _("6 to 12 weeks")),
        Option("3_to_12_months", _("3 to 12 months")),
        Option("1_to_5_years", _("1 to 5 years")),
        Option("over_5_years", _("5 years or more")),
    ),
)
BEGAN_TITLE: str = _("The start")
ONSET = Question(
    _("How did it start?"),
    (
        Option("gradual", _("Slowly")),
        Option("sudden_no_cause", _("Suddenly, for no reason")),
        Option("sport_or_strain", _("Sport, lifting or strain")),
        Option("running_or_jumping", _("Running or jumping")),
        Option("minor_knock", _("Small knock")),
        Option("fall_or_crash", _("Fall or crash")),
        Option("after_surgery", _("After an operation")),
        Option("after_needling", _("After needling")),
    ),
    why=_("It tells us what may be hurt."),
)
COURSE = Question(
    _("Is it changing?"),
    (
        Option("better", _("Better")),
        Option("same", _("Same")),
        Option("slowly_worse", _("Slowly worse")),
        Option("suddenly_worse_or_changed", _("Suddenly worse or different")),
    ),
)
_NONE_AT_ALL: str = _("No pain")
_WORST: str = _("As bad as you can imagine")
_NOT_AT_ALL: str = _("Not at all")
_WHOLLY: str = _("Completely")
STRENGTH = Question(
    _("Your pain in the last 7 days"),
    rows=(
        GridRow("pain_average", _("Average pain"), _NONE_AT_ALL, _WORST),
        GridRow("pain_worst", _("Worst pain"), _NONE_AT_ALL, _WORST),
        GridRow("peg_enjoyment", _("Spoiled your joy in life"), _NOT_AT_ALL, _WHOLLY),
        GridRow("peg_activity", _("Got in the way of tasks"), _NOT_AT_ALL, _WHOLLY),
    ),
    why=_("We ask again later, to compare."),
)
SPREAD = Question(
    _("Does it spread?"),
    (
        Option("stays", _("Stays in place")),
        Option("down_one_arm", _("Down one arm")),
        Option("down_both_arms", _("Down both arms")),
        Option("down_one_leg", _("Down one leg")),
        Option("down_both_legs", _("Down both legs")),
        Option("moves_around", _("Moves around")),
        Option("all_over", _("All over")),
    ),
    why=_("It tells muscle pain from other pain."),
)
PATTERN_TITLE: str = _("What it does")
PATTERN = Question(
    _("What is it like?"),
    (
        Option("with_movement", _("Changes when I move")),
        Option("constant", _("Never stops")),
        Option("same_in_every_position", _("Same in every position")),
        Option("night_no_relief", _("Bad at night, nothing helps")),
        Option("morning_stiffness_over_45_min", _("Stiff over 45 minutes after waking")),
        Option("better_with_activity", _("Better when I am active")),
        Option("with_effort_eases_at_rest", _("Comes when I walk or climb stairs; gone minutes after I stop")),
        Option("worse_breathing", _("Worse when I breathe in")),
        Option("touch_sore", _("Sore to touch")),
        Option("first_steps", _("Worst on the first steps")),
    ),
    why=_("It tells muscle pain from other pain."),
    none=_("None of these fit"),
)
FEEL_TITLE: str = _("How it feels")
QUALITY = Question(
    _("Which words fit?"),
    (
        Option("ache", _("Aching")),
        Option("tight_or_knots", _("Tight, in knots")),
        Option("stabbing", _("Stabbing")),
        Option("burning", _("Burning")),
        Option("tingling", _("Tingling")),
        Option("numb", _("Numb")),
        Option("electric", _("Electric shocks")),
        Option("touch_hurts", _("Light touch hurts")),
        Option("boring_deep", _("Deep, like a drill")),
    ),
    why=_("They show where pain comes from."),
    none=_("None of these fit"),
)
ACTIVITY = Question(_("One thing that is hard"))
ACTIVITY_SCORE = Question(_("How well can you do it?"), low=_("I cannot do it"), high=_("As well as before"))
