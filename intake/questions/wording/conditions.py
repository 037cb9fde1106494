"""Health conditions: heart, vessels, lungs, then the others. What forbids a needle stands in its own words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from intake.questions.wording.body import ARMS, LIMBS_AND_HEAD, SIDES, where
from intake.questions.wording.question import TICK_ALL, YES_NO, Option, Question

NONE_OF_THESE: str = _("None of these")

HEART_GATE = Question(
    _("Heart, blood vessel or lung problem?"),
    (
        Option(
            "heart",
            _("Heart or blood pressure problem, ever"),
            _("Chest pain or worse heart in the last month"),
        ),
        Option(
            "vessels",
            _("Blood clot, aneurysm, torn neck artery, poor blood flow, varicose veins"),
            _("Or arm vein for dialysis"),
        ),
        Option("lungs", _("Lung disease or asthma")),
        Option("collapsed_lung", _("Collapsed lung, ever")),
        Option("smoking", _("I smoke, or used to")),
        Option("sleep", _("Night breathing mask (CPAP), or I wake tired")),
    ),
    why=_("Some change where we may use needles."),
    none=NONE_OF_THESE,
)
HEART = Question(
    _("Which heart problems?"),
    (
        Option("artificial_or_diseased_valve", _("New, repaired or sick heart valve")),
        Option("past_endocarditis", _("Past heart infection (endocarditis)")),
        Option("congenital", _("Heart problem from birth")),
        Option("heart_failure", _("Weak heart (heart failure)")),
        Option("heart_attack_or_stent", _("Heart attack or stent")),
        Option("rhythm_problem", _("Heart rhythm problem")),
        Option("unstable_last_month", _("Chest pain, worse heart or strange beat in the last month")),
        Option("high_blood_pressure", _("High blood pressure, treated")),
        Option("pressure_very_high_or_low", _("Very high or very low blood pressure")),
    ),
    why=_("Some need a doctor first."),
    none=NONE_OF_THESE,
)
HEART_TIME = Question(
    _("When was the heart attack or stent?"),
    (
        Option("under_6_weeks", _("Less than 6 weeks ago")),
        Option("6_weeks_to_6_months", _("6 weeks to 6 months ago")),
        Option("longer", _("Longer ago")),
    ),
    why=_("The heart needs time to heal first."),
)
VESSELS = Question(
    _("Which blood vessel problems?"),
    (
        Option("clot_now", _("A blood clot now")),
        Option("clot_past", _("A blood clot in the past")),
        Option("known_aneurysm", _("A widened artery (aneurysm)")),
        Option("poor_circulation", _("Poor blood flow in legs or arms")),
        Option("varicose_veins", _("Varicose veins")),
        Option("artery_tear_past", _("A tear in a neck artery, at any time")),
        Option("dialysis_fistula", _("An arm vein joined for dialysis (fistula)")),
    ),
    why=_("We keep needles away from clots and swollen veins."),
    none=NONE_OF_THESE,
)
FISTULA = Question(
    _("Which arm is used for dialysis?"),
    ARMS,
    hint=TICK_ALL,
    why=_("No needle goes into that arm."),
)
CLOT_WHERE = where(_("Where is the blood clot?"))
VEINS_WHERE = where(_("Where are the varicose veins?"))
LUNGS = Question(
    _("Which lung diseases?"),
    (
        Option("asthma", _("Asthma")),
        Option("severe_asthma", _("Severe asthma")),
        Option("copd_or_emphysema", _("COPD or emphysema")),
        Option("tb_or_lung_surgery", _("Tuberculosis, or a lung operation")),
        Option("cystic_or_other", _("Lung cysts, or another one")),
    ),
    why=_("Needles near the chest can reach the lung."),
    none=NONE_OF_THESE,
)
COLLAPSED = Question(
    _("How often has a lung collapsed?"),
    (Option("once", _("Once")), Option("several", _("More than once")), Option("never", _("Never"))),
    hint=_("Doctors call it a pneumothorax."),
    why=_("It can happen again. We then keep away from that side of the chest."),
)
COLLAPSED_SIDE = Question(
    _("Which lung collapsed?"), SIDES, hint=TICK_ALL, why=_("We keep away from that side of the chest.")
)
SMOKING = Question(
    _("Do you smoke?"),
    (
        Option("current", _("Yes")),
        Option("former", _("I used to")),
        Option("never", _("I never did")),
    ),
    why=_("Smoke slows healing and harms your blood flow."),
)
SLEEP_TITLE: str = _("How you sleep")
CPAP = Question(
    _("Do you use a breathing mask at night (CPAP)?"),
    YES_NO,
    why=_("Poor sleep makes pain worse."),
)
UNREFRESHING = Question(_("Do you wake up tired most days?"), YES_NO)

CONDITIONS = Question(
    _("Any of these illnesses?"),
    (
        Option("diabetes", _("Diabetes")),
        Option("cancer", _("Cancer, now or ever")),
        Option("lymph", _("Limb swollen by lymph; lymph nodes removed or treated")),
        Option("epilepsy", _("Epilepsy, seizure or fit, ever")),
        Option("defences", _("Transplant, no spleen, few white cells, weak defences")),
        Option("liver_kidney", _("Scarred liver, dialysis or very weak kidneys")),
        Option("bones", _("Thin bones, curved spine, stretchy joints, Marfan")),
        Option("nerves", _("Brain or nerve disease")),
        Option(
            "muscle_mimics",
            _("Thyroid, low iron or vitamins, psoriasis, inflamed joints, spine or bowel"),
            _("Or a new medicine"),
        ),
    ),
    why=_("Some change where we may use needles."),
    none=NONE_OF_THESE,
)
DIABETES = Question(
    _("Do you have diabetes?"),
    YES_NO,
    why=_("High sugar slows healing."),
)
DIABETES_TITLE: str = _("Your diabetes")
DIABETES_CONTROL = Question(
    _("Sugar well controlled?"),
    (Option("well", _("Yes")), Option("not_well", _("No"))),
    why=_("High sugar slows healing."),
)
DIABETES_FEET = Question(
    _("How are your feet?"),
    (Option("numb", _("Numb")), Option("ulcer", _("An open sore (ulcer)"))),
    hint=TICK_ALL,
    why=_("We keep needles away from sore or numb feet."),
    none=_("My feet are fine"),
)
ULCER_SIDE = Question(
    _("Which foot has the open sore?"), SIDES, hint=TICK_ALL, why=_("We keep needles away from that leg.")
)
CANCER = Question(
    _("When did you have cancer, or treatment for it?"),
    (
        Option("now_or_last_12_months", _("Now, or in the last 12 months")),
        Option("1_to_5_years_ago", _("1 to 5 years ago")),
        Option("over_5_years_ago", _("More than 5 years ago")),
        Option("never", _("Never")),
    ),
    why=_("We plan with your cancer team."),
)
CANCER_TITLE: str = _("About the cancer")
CANCER_KIND = Question(
    _("Which kind of cancer is it?"),
    (
        Option("blood_or_lymph", _("Blood or lymph")),
        Option("bowel", _("Bowel")),
        Option("breast", _("Breast")),
        Option("kidney", _("Kidney")),
        Option("lung", _("Lung")),
        Option("prostate", _("Prostate")),
        Option("skin", _("Skin")),
        Option("thyroid", _("Thyroid")),
        Option("other", _("Another kind")),
    ),
    why=_("Some kinds can spread to bone and cause pain there."),
)
CANCER_SPREAD = Question(_("Has the cancer spread?"), YES_NO)
CANCER_WHERE = where(_("Where was the cancer, or the radiation?"))
LYMPH = Question(
    _("Which lymph problem have you had?"),
    (
        Option("lymphoedema", _("A limb swollen by lymph (lymphoedema)")),
        Option("nodes_removed_or_radiotherapy", _("Lymph nodes removed, or radiation to them")),
    ),
    hint=TICK_ALL,
    why=_("A needle in such a limb can start swelling or infection."),
    none=NONE_OF_THESE,
)
LYMPH_TITLE: str = _("Which limbs does it concern?")
LYMPH_LIMBS = Question(_("Where is the lymph swelling?"), LIMBS_AND_HEAD, hint=TICK_ALL, why=LYMPH.why)
LYMPH_NODES = Question(
    _("Near which limb were the nodes removed or treated?"), LIMBS_AND_HEAD, hint=TICK_ALL, why=LYMPH.why
)
EPILEPSY = Question(
    _("Have you had seizures or fits?"),
    (
        Option("uncontrolled", _("Yes, and they are not controlled")),
        Option("seizure_last_12_months", _("Yes, one in the last 12 months")),
        Option("controlled", _("Yes, but none in the last 12 months")),
        Option("resolved_10_years", _("None for 10 years, and no medicine for 5")),
        Option("never", _("Never")),
    ),
    why=_("A needle can set off a seizure."),
)
DEFENCES = Question(
    _("What weakens your defences?"),
    (
        Option("transplant", _("A transplant")),
        Option("no_spleen", _("I have no spleen")),
        Option("low_white_cells", _("Few white blood cells")),
        Option("immune_deficiency", _("An immune disease")),
    ),
    hint=TICK_ALL,
    why=_("An infection can then be more serious."),
    none=NONE_OF_THESE,
)
LIVER_KIDNEY = Question(
    _("Which liver or kidney diseases do you have?"),
    (
        Option("cirrhosis", _("A scarred liver (cirrhosis)")),
        Option("dialysis_or_severe_kidney_disease", _("Dialysis, or very weak kidneys")),
    ),
    why=_("Both can make bleeding easier."),
    none=NONE_OF_THESE,
)
BONES_TITLE: str = _("Your bones and joints")
OSTEOPOROSIS = Question(_("Do you have thin bones (osteoporosis)?"), YES_NO, why=_("We then use less force."))
CURVE = Question(_("Is your spine strongly curved?"), YES_NO)
STRETCHY = Question(
    _("Do you have very stretchy joints?"),
    (
        Option("no", _("No")),
        Option("hypermobile", _("Yes")),
        Option("vascular_ehlers_danlos", _("Yes, vascular Ehlers-Danlos")),
        Option("marfan", _("Yes, Marfan syndrome")),
    ),
)
NERVES = Question(
    _("Did a doctor find a disease of your brain or nerves?"),
    YES_NO,
    hint=_("Such as a stroke, multiple sclerosis or Parkinson's."),
    why=_("You may feel a needle less, or move without warning."),
)
MIMICS = Question(
    _("Did a doctor find any of these?"),
    (
        Option("ankylosing_spondylitis", _("Inflamed, stiff spine (ankylosing spondylitis)")),
        Option("inflammatory_arthritis_or_pmr", _("Inflamed joints, or polymyalgia")),
        Option("low_b12", _("Low vitamin B12")),
        Option("low_iron", _("Low iron")),
        Option("low_vitamin_d", _("Low vitamin D")),
        Option("new_medicine_before_pain", _("A new medicine before the pain began")),
        Option("psoriasis_or_eye_or_bowel_inflammation", _("Psoriasis, or an inflamed eye or bowel")),
        Option("sleep_apnoea", _("Pauses in breath at night (sleep apnoea)")),
        Option("thyroid", _("A thyroid problem")),
    ),
    hint=TICK_ALL,
    why=_("These can cause muscle pain. Treating them helps more than a needle."),
    none=NONE_OF_THESE,
)
