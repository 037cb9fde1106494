"""The questionnaire as the patient meets it: one WTForms class a page, in order; the words are in `wording`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

from intake.questions.checks import BodyMap, Checks, Gate, JointMap, NewJointMap, Unsure
from intake.questions.numbers import Number, Weeks
from intake.questions.pages import new_page as page
from intake.questions.questionnaire import Questionnaire
from intake.questions.radios import MainRegion, Radios, ScoreRadios
from intake.questions.rows import Effects, Grid, Running, Scores
from intake.questions.typed import BirthDate, Contact, FullName, LongText, Text
from intake.questions.wording import conditions, danger, devices, medicines, needles, pain, person, signs
from intake.questions.wording.question import TICK_ALL

if TYPE_CHECKING:
    from intake.engine.book.vocabulary import Vocabulary
    from intake.questions.pages import PageForm

NOW = (1, _("Safety"))
YOU = (2, _("You"))
PAIN = (3, _("Pain"))
MEDICINES = (4, _("Medicines"))
HEALTH = (5, _("Health"))
DEVICES = (6, _("Implants"))
PREGNANCY = (7, _("Pregnancy"))
NEEDLES = (8, _("Needles"))
PLAN = (9, _("Treatment"))

_PAGES: tuple[type[PageForm], ...] = (
    page("danger", NOW, danger_signs=Checks(danger.DANGER)),
    page("danger_unsure", NOW, danger_signs_unsure=Unsure(danger.DANGER_UNSURE)),
    page("warning", NOW, gate_warning=Gate(danger.WARNING)),
    page("weakness", NOW, new_weakness=Radios(danger.NEW_WEAKNESS)),
    page(
        "weakness_detail",
        NOW,
        title=danger.WEAKNESS_TITLE,
        new_weakness_onset=Radios(danger.WEAKNESS_ONSET),
        new_weakness_course=Radios(danger.WEAKNESS_COURSE),
    ),
    page("limb", NOW, limb_signs=Checks(danger.LIMB, "limb_signs", "leg_signs")),
    page(
        "limb_which",
        NOW,
        title=danger.LIMB_TITLE,
        limb_signs_limbs=Checks(danger.WHICH_LIMB),
        clot_risks=Checks(danger.CLOT_RISKS),
    ),
    page("joint", NOW, joint_signs=Checks(danger.JOINT)),
    page("joint_where", NOW, joint_regions=JointMap(danger.JOINT_WHERE)),
    page(
        "unwell",
        NOW,
        title=danger.UNWELL_TITLE,
        unwell_signs=Checks(danger.UNWELL),
        feels_today=Radios(danger.FEELS_TODAY),
    ),
    page("infection", NOW, infection_now=Radios(danger.INFECTION)),
    page("lump", NOW, new_lump=Radios(danger.LUMP)),
    page("fall", NOW, recent_fall=Radios(danger.FALL)),
    page(
        "about",
        YOU,
        title=person.ABOUT_TITLE,
        full_name=FullName(person.FULL_NAME),
        date_of_birth=BirthDate(person.BIRTH, "age_years"),
        contact=Contact(person.CONTACT),
    ),
    page("guardian", YOU, guardian_present=Radios(person.GUARDIAN)),
    page(
        "who",
        YOU,
        title=person.WHO_TITLE,
        filled_by=Radios(person.FILLED_BY),
        understands_and_agrees=Radios(person.AGREES),
    ),
    page("pain_where", PAIN, pain_regions=BodyMap(pain.WHERE)),
    page(
        "reason",
        PAIN,
        title=pain.REASON_TITLE,
        main_reason=Radios(pain.REASON),
        main_region=MainRegion(pain.MAIN),
        pain_duration=Radios(pain.DURATION),
    ),
    page("began", PAIN, title=pain.BEGAN_TITLE, pain_onset=Radios(pain.ONSET), pain_course=Radios(pain.COURSE)),
    page("strength", PAIN, scores=Scores(pain.STRENGTH)),
    page(
        "pattern",
        PAIN,
        title=pain.PATTERN_TITLE,
        pain_spread=Radios(pain.SPREAD),
        pain_pattern=Checks(pain.PATTERN),
    ),
    page(
        "feel",
        PAIN,
        title=pain.FEEL_TITLE,
        pain_quality=Checks(pain.QUALITY),
        psfs_activity=Text(pain.ACTIVITY),
        psfs_score=ScoreRadios(pain.ACTIVITY_SCORE, optional=True),
    ),
    page("region", PAIN, gate_region=Gate(signs.REGION)),
    page("hands", PAIN, hand_and_gait_signs=Checks(signs.HANDS)),
    page("hands_new", PAIN, hand_and_gait_new=Radios(signs.HANDS_NEW)),
    page("eyes", PAIN, eye_and_face_signs=Checks(signs.EYES)),
    page("headache", PAIN, headache_features=Checks(signs.HEADACHE)),
    page("weight", PAIN, weight_bearing=Radios(signs.WEIGHT)),
    page("spine_bruise", PAIN, spine_bruise=Radios(signs.BRUISE)),
    page("medicines", MEDICINES, gate_medicines=Gate(medicines.MEDICINES)),
    page("thinners", MEDICINES, blood_thinners=Checks(medicines.THINNERS)),
    page("inr", MEDICINES, inr_status=Radios(medicines.INR)),
    page("anti_inflammatory", MEDICINES, anti_inflammatories=Checks(medicines.ANTI_INFLAMMATORIES)),
    page("supplements", MEDICINES, supplements=Checks(medicines.SUPPLEMENTS)),
    page(
        "other_medicines",
        MEDICINES,
        title=medicines.OTHER_TITLE,
        medicine_classes=Checks(medicines.CLASSES),
        medicines_text=LongText(medicines.LIST),
    ),
    page("steroids", MEDICINES, long_term_steroids=Radios(medicines.STEROIDS)),
    page("bleeding_disorder", MEDICINES, bleeding_disorder=Radios(medicines.DISORDER)),
    page("platelets", MEDICINES, platelets=Radios(medicines.PLATELETS)),
    page("platelet_count", MEDICINES, platelet_count=Number(medicines.PLATELET_COUNT, 0, 2000)),
    page("bleeding_history", MEDICINES, bleeding_history=Checks(medicines.HISTORY)),
    page("heart_lungs", HEALTH, gate_heart=Gate(conditions.HEART_GATE)),
    page("heart", HEALTH, heart_conditions=Checks(conditions.HEART)),
    page("heart_time", HEALTH, heart_event_time=Radios(conditions.HEART_TIME)),
    page("vessels", HEALTH, vessels=Checks(conditions.VESSELS)),
    page("fistula_arm", HEALTH, fistula_arms=Checks(conditions.FISTULA)),
    page("clot_where", HEALTH, clot_regions=BodyMap(conditions.CLOT_WHERE)),
    page("veins_where", HEALTH, varicose_regions=BodyMap(conditions.VEINS_WHERE)),
    page("lungs", HEALTH, lung_conditions=Checks(conditions.LUNGS)),
    page("collapsed_lung", HEALTH, pneumothorax=Radios(conditions.COLLAPSED)),
    page("collapsed_side", HEALTH, pneumothorax_side=Checks(conditions.COLLAPSED_SIDE)),
    page("smoking", HEALTH, smoking=Radios(conditions.SMOKING)),
    page(
        "sleep",
        HEALTH,
        title=conditions.SLEEP_TITLE,
        cpap=Radios(conditions.CPAP),
        sleep_unrefreshing=Radios(conditions.UNREFRESHING),
    ),
    page("conditions", HEALTH, gate_conditions=Gate(conditions.CONDITIONS)),
    page("diabetes", HEALTH, diabetes=Radios(conditions.DIABETES)),
    page(
        "diabetes_detail",
        HEALTH,
        title=conditions.DIABETES_TITLE,
        diabetes_control=Radios(conditions.DIABETES_CONTROL),
        diabetes_feet=Checks(conditions.DIABETES_FEET),
    ),
    page("ulcer_side", HEALTH, diabetes_foot_ulcer_side=Checks(conditions.ULCER_SIDE)),
    page("cancer", HEALTH, cancer=Radios(conditions.CANCER)),
    page(
        "cancer_detail",
        HEALTH,
        title=conditions.CANCER_TITLE,
        cancer_kind=Checks(conditions.CANCER_KIND),
        cancer_spread=Radios(conditions.CANCER_SPREAD),
    ),
    page("cancer_where", HEALTH, cancer_regions=BodyMap(conditions.CANCER_WHERE)),
    page("lymph", HEALTH, lymph=Checks(conditions.LYMPH)),
    page(
        "lymph_where",
        HEALTH,
        title=conditions.LYMPH_TITLE,
        hint=TICK_ALL,
        lymph_limbs=Checks(conditions.LYMPH_LIMBS),
        lymph_nodes_limbs=Checks(conditions.LYMPH_NODES),
    ),
    page("epilepsy", HEALTH, epilepsy=Radios(conditions.EPILEPSY)),
    page("defences", HEALTH, immune_conditions=Checks(conditions.DEFENCES)),
    page("liver_kidney", HEALTH, liver_or_kidney=Checks(conditions.LIVER_KIDNEY)),
    page(
        "bones",
        HEALTH,
        title=conditions.BONES_TITLE,
        osteoporosis=Radios(conditions.OSTEOPOROSIS),
        spine_curve=Radios(conditions.CURVE),
        hypermobility=Radios(conditions.STRETCHY),
    ),
    page("nerves", HEALTH, neurological_disease=Radios(conditions.NERVES)),
    page("muscle_mimics", HEALTH, myalgia_mimics=Checks(conditions.MIMICS)),
    page("devices", DEVICES, gate_devices=Gate(devices.GATE)),
    page(
        "device_kind",
        DEVICES,
        title=devices.DEVICES_TITLE,
        hint=TICK_ALL,
        devices=Checks(devices.DEVICES),
        implants=Checks(devices.IMPLANTS),
    ),
    page("implant_where", DEVICES, implant_regions=BodyMap(devices.IMPLANT_WHERE)),
    page(
        "new_joint",
        DEVICES,
        title=devices.JOINT_TITLE,
        joint_replacement_regions=NewJointMap(devices.JOINT_WHERE),
        joint_replacement_age=Radios(devices.JOINT_AGE),
    ),
    page("spine_surgery", DEVICES, spine_surgery=Radios(devices.SPINE_SURGERY)),
    page("spine_surgery_where", DEVICES, spine_surgery_regions=BodyMap(devices.SPINE_WHERE)),
    page("recent_surgery", DEVICES, recent_surgery=Radios(devices.RECENT)),
    page("recent_surgery_where", DEVICES, recent_surgery_regions=BodyMap(devices.RECENT_WHERE)),
    page("planned_surgery", DEVICES, planned_surgery=Radios(devices.PLANNED)),
    page("planned_surgery_where", DEVICES, planned_surgery_regions=BodyMap(devices.PLANNED_WHERE)),
    page("injections", DEVICES, recent_injections=Checks(devices.INJECTIONS)),
    page("injection_where", DEVICES, injection_regions=BodyMap(devices.INJECTION_WHERE)),
    page("infection_risks", DEVICES, infection_risks=Checks(devices.INFECTION_RISKS)),
    page(
        "pregnancy",
        PREGNANCY,
        title=devices.PREGNANCY_TITLE,
        pregnancy=Radios(devices.PREGNANCY),
        breastfeeding=Radios(devices.BREASTFEEDING),
    ),
    page(
        "pregnancy_detail",
        PREGNANCY,
        title=devices.PREGNANT_TITLE,
        pregnancy_signs=Checks(devices.PREGNANCY_SIGNS),
        pregnancy_weeks=Weeks(devices.WEEKS, 0, 45),
        pregnancy_high_risk=Radios(devices.HIGH_RISK),
    ),
    page("skin_needles", NEEDLES, gate_skin=Gate(needles.GATE)),
    page("skin", NEEDLES, skin_problems=Checks(needles.SKIN)),
    page("skin_where", NEEDLES, skin_regions=BodyMap(needles.SKIN_WHERE)),
    page("allergies", NEEDLES, allergies=Checks(needles.ALLERGIES)),
    page(
        "past_needling",
        NEEDLES,
        title=needles.PAST_TITLE,
        past_needling=Checks(needles.PAST),
        last_needling=Radios(needles.LAST),
    ),
    page("needled_where", NEEDLES, last_needling_regions=BodyMap(needles.LAST_WHERE)),
    page("since_needling", NEEDLES, since_needling_signs=Checks(needles.SINCE)),
    page("reactions", NEEDLES, needling_reactions=Checks(needles.REACTIONS)),
    page("fainting", NEEDLES, fainting=Checks(needles.FAINTING)),
    page(
        "needles",
        NEEDLES,
        title=needles.FEEL_TITLE,
        more=needles.READ_MORE,
        needle_fear=ScoreRadios(needles.FEAR),
        wants_needling=Radios(needles.WANTS),
    ),
    page(
        "therapies",
        PLAN,
        title=person.TREATMENT_TITLE,
        therapies_tried=Checks(person.TRIED),
        goals=Checks(person.GOALS),
        visit_frequency=Radios(person.FREQUENCY, optional=True),
    ),
    page(
        "therapies_detail",
        PLAN,
        title=person.EFFECT_TITLE,
        effects=Effects(person.EFFECTS),
        therapies_now=Running(person.NOW),
    ),
    page("visit", PLAN, gate_visit=Gate(person.VISIT)),
    page("support", PLAN, support_needs=Checks(person.SUPPORT)),
    page("today", PLAN, state_today=Checks(person.TODAY)),
    page("crisis", PLAN, mental_crisis=Radios(person.CRISIS)),
    page("blood_health", PLAN, blood_health=Radios(person.BLOOD)),
    page("build", PLAN, build=Radios(person.BUILD)),
    page("doctor", PLAN, seen_by_doctor=Radios(person.DOCTOR)),
    page("claim", PLAN, open_claim=Radios(person.CLAIM, optional=True)),
    page(
        "mood",
        PLAN,
        title=person.MOOD_TITLE,
        phq4=Grid(person.PHQ4, optional=True),
        self_harm_thoughts=Radios(person.SELF_HARM, optional=True),
    ),
)
# of which somebody who comes again says whether something has changed since the last form
_TOPICS = {
    "since-pain": PAIN,
    "since-medicines": MEDICINES,
    "since-health": HEALTH,
    "since-implants": DEVICES,
    "since-needles": NEEDLES,
    "since-treatment": PLAN,
}
# the last question stands on the check page, beside all answers; it is no step of its own
_CHECK = page("check", PLAN, title=person.ANYTHING_TITLE, anything_else=LongText(person.ANYTHING))


def questionnaire(vocabulary: Vocabulary) -> Questionnaire:
    """The product's questionnaire; raises QuestionnaireError unless it asks each fact of the vocabulary once."""
    return Questionnaire(vocabulary, _PAGES, _CHECK, _TOPICS)
