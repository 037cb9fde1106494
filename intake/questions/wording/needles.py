"""Skin, allergies, earlier needling, reactions to needles, and what the patient thinks of them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from intake.questions.wording.body import MARK_ANYWAY, where
from intake.questions.wording.question import TICK_ALL, Option, Question

NONE_OF_THESE: str = _("None of these")

GATE = Question(
    _("Skin, allergy or needle problem?"),
    (
        Option(
            "skin",
            _("Skin red and hot, open or fragile; rash"),
            _("Shingles, new tattoo, changed mole, scar, piercing"),
        ),
        Option("allergies", _("Allergy to metal, latex, tape or skin cleaner"), _("Or any bad allergy")),
        Option("had_needling", _("Earlier needling or acupuncture")),
        Option("reaction", _("Bad reaction to any needle, or one left inside")),
        Option("faint", _("I faint easily, or at needles or blood")),
    ),
    why=_("To keep each needle safe."),
    none=NONE_OF_THESE,
)
SKIN = Question(
    _("What is wrong?"),
    (
        Option("red_hot_swollen", _("Red, hot and swollen")),
        Option("open_wound", _("An open wound")),
        Option("rash_or_flare", _("A rash or flare")),
        Option("shingles", _("Shingles")),
        Option("new_tattoo", _("A tattoo under 6 weeks old")),
        Option("changed_mole", _("A mole that has changed")),
        Option("scar_or_piercing", _("A scar or piercing"), _("Under 3 months old, or changed")),
        Option("old_scar", _("A long healed scar")),
        Option("fragile", _("Thin skin that tears")),
    ),
    hint=TICK_ALL,
    why=_("A needle can carry germs inside."),
    none=NONE_OF_THESE,
)
SKIN_WHERE = where(_("Where is the skin problem?"), MARK_ANYWAY)
ALLERGIES = Question(
    _("What are you allergic to?"),
    (
        Option("adhesive", _("Plasters or tape")),
        Option("antiseptic", _("Skin cleaner, such as iodine")),
        Option("latex", _("Latex gloves")),
        Option("metal", _("Metal, such as nickel")),
        Option("severe_reaction", _("Anything that made it hard to breathe, or made me faint")),
    ),
    hint=TICK_ALL,
    why=_("Needles are metal, gloves may be latex."),
    none=_("No allergies that I know of"),
)
PAST_TITLE: str = _("Your earlier needling")
PAST = Question(
    _("Which needling have you had?"),
    (
        Option("acupuncture", _("Acupuncture")),
        Option("dry_needling", _("Dry needling")),
        Option("ims", _("IMS")),
    ),
    hint=TICK_ALL,
    why=_("Some harm shows only days later."),
    none=_("I had none of these"),
)
LAST = Question(
    _("When was the last needling?"),
    (
        Option("within_48_hours", _("Today or in the 2 days before")),
        Option("3_to_14_days", _("3 to 14 days ago")),
        Option("2_to_12_weeks", _("2 to 12 weeks ago")),
        Option("longer", _("Longer ago")),
        Option("never", _("Never")),
    ),
)
LAST_WHERE = where(_("Where were the needles that time?"))
SINCE = Question(
    _("Since that needling, have you had any of these?"),
    (
        Option(
            "breathless_or_chest_pain",
            _("Short of breath, or chest pain"),
            _("Or a new dry cough, or sharp pain at the shoulder blade"),
        ),
        Option("burning_spine_pain", _("Sudden burning pain in the spine")),
        Option("severe_postural_headache", _("A very bad headache that changes when I stand or lie")),
        Option("new_weakness", _("New weakness")),
        Option("fever", _("Fever")),
        Option("hot_red_swollen", _("A hot, red, swollen place")),
        Option("tight_swollen_limb", _("A swollen or tight arm or leg")),
    ),
    hint=TICK_ALL,
    why=_("These can be signs of a needle injury that needs help now."),
    none=_("None of these since then"),
)
REACTIONS = Question(
    _("How did you react to a needle?"),
    (
        Option("fainted", _("I fainted")),
        Option("large_bruise", _("A large bruise")),
        Option("infection", _("An infection")),
        Option("nerve_symptoms", _("Numbness, weakness or nerve pain")),
        Option("lung_collapse", _("A collapsed lung")),
        Option("seizure", _("A seizure or fit")),
        Option("needle_left_in", _("A needle was left inside me")),
        Option("other", _("Something else")),
    ),
    hint=_("Needling, injections and blood tests all count. Tick all that apply."),
    why=_("What happened once can happen again. We plan for it."),
    none=_("I had no bad reaction"),
)
FAINTING = Question(
    _("When do you faint?"),
    (
        Option("at_needles_or_blood", _("At needles or blood")),
        Option("other_faints", _("At other times, for a known reason")),
        Option("unexplained_or_heart", _("For no known reason, or from my heart")),
    ),
    hint=TICK_ALL,
    why=_("If you tend to faint, you lie down for treatment."),
    none=_("I never faint"),
    none_code="never",
)
FEEL_TITLE: str = _("Needles")
READ_MORE: str = _("Tell me more")
FEAR = Question(
    _("How afraid are you of needles?"),
    low=_("Not at all"),
    high=_("I avoid care because of it"),
    why=_("Many do. There are other ways."),
)
WANTS = Question(
    _("Would you like needling?"),
    (
        Option("yes", _("Yes")),
        Option("unsure", _("Not sure")),
        Option("no", _("No")),
    ),
    not_sure="",
)
