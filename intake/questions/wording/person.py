"""The person: who fills in the form, what was tried, what is hoped for, what the visit needs, and mood."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from intake.questions.wording.question import DECLINED_WORDS, TICK_ALL, YES_NO, GridRow, Option, Question, under

NONE_OF_THESE: str = _("None of these")

ABOUT_TITLE: str = _("The patient")
FULL_NAME = Question(_("Full name"), why=_("So that we can call you."))
WHOSE = Question(
    _("What is the patient's date of birth?"),
    hint=_("We ask so that nobody else sees the answers. For example 27 3 1985"),
)
BIRTH = Question(_("Date of birth"), hint=_("For example 27 3 1985"))
CONTACT = Question(_("Phone or email"))
GUARDIAN = Question(
    _("Will a parent or guardian come?"),
    YES_NO,
    why=_("Under 18, one should be there and agree."),
)
WHO_TITLE: str = _("Consent")
FILLED_BY = Question(
    _("Who fills this in?"),
    (
        Option("self", _("The patient")),
        Option("helper", _("A helper")),
        Option("guardian", _("A parent or guardian")),
        Option("substitute_decision_maker", _("Legal decision maker")),
    ),
    why=_("We only treat who knows why and agrees."),
    not_sure="",
)
AGREES = Question(_("Does the patient understand and agree to be seen?"), YES_NO)

_THERAPIES = (
    ("physiotherapy", _("Physiotherapy")),
    ("exercise", _("Exercise")),
    ("chiropractic", _("Chiropractic")),
    ("massage", _("Massage")),
    ("acupuncture", _("Acupuncture")),
    ("dry_needling", _("Dry needling")),
    ("ims", _("IMS")),
    ("injections", _("Injections")),
    ("surgery", _("Surgery")),
    ("medicines", _("Medicines")),
    ("psychological", _("Talking therapy")),
    ("other", _("Something else")),
)
THERAPIES = tuple(Option(code, words) for code, words in _THERAPIES)
TREATMENT_TITLE: str = _("Your treatment")
TRIED = Question(
    _("What have you tried?"),
    THERAPIES,
    why=_("Not to repeat what did not help."),
    none=_("Nothing so far"),
)
EFFECT_TITLE: str = _("How it went")
EFFECTS = Question(
    _("What did each do?"),
    (Option("helped", _("Helped")), Option("no_change", _("No change")), Option("worse", _("Worse"))),
    rows=tuple(GridRow(code, words) for code, words in _THERAPIES),
    why=_("We build on what helped."),
)
NOW = Question(_("Which do you still have?"), THERAPIES, none=_("None of them"))

GOALS = Question(
    _("What matters most?"),
    (
        Option("less_pain", _("Less pain")),
        Option("sleep", _("Better sleep")),
        Option("work", _("Work")),
        Option("sport", _("Sport")),
        Option("daily_activity", _("Daily tasks")),
        Option("prevention", _("To stay well")),
        Option("understand", _("Know what is wrong")),
        Option("avoid_medicine_or_surgery", _("No medicine or surgery")),
        Option("other", _("Something else")),
    ),
    why=_("They decide what we do first."),
)
FREQUENCY = Question(
    _("How often could you come?"),
    (
        Option("twice_weekly", _("Twice a week")),
        Option("weekly", _("Weekly")),
        Option("every_two_weeks", _("Every 2 weeks")),
        Option("less_often", _("Less often")),
    ),
)

VISIT = Question(
    _("Anything to plan for?"),
    (
        *under(
            _("The visit"),
            Option("support", _("Interpreter; help to hear, see, speak, read")),
            Option("build", _("Very slim or very large")),
            Option("today", _("Visit today: not eaten, worn out, alcohol or drugs")),
        ),
        *under(
            _("In confidence"),
            Option("crisis", _("Mental health crisis now, or hearing or seeing things others do not")),
            Option("blood_health", _("My blood, such as hepatitis or HIV")),
        ),
        *under(
            _("This problem"),
            Option("doctor", _("A doctor saw me for this")),
            Option("claim", _("Work, insurance or legal claim")),
        ),
    ),
    why=_("Only people who treat you see this."),
    none=_("None of these"),
    declined=DECLINED_WORDS,
)
SUPPORT = Question(
    _("What would help you?"),
    (
        Option("interpreter", _("An interpreter")),
        Option("hearing", _("Help with hearing")),
        Option("vision", _("Help with seeing")),
        Option("reading_help", _("Help with reading")),
        Option("speech", _("I can't say when it hurts")),
    ),
    hint=TICK_ALL,
    why=_("You must be able to say stop."),
    none=_("I need no help"),
)
TODAY = Question(
    _("How are you today?"),
    (
        Option("not_eaten", _("I have not eaten")),
        Option("exhausted", _("I am worn out")),
        Option("alcohol_or_drugs_some", _("I had some alcohol or drugs")),
        Option("alcohol_or_drugs_affected", _("I feel the effect of alcohol or drugs")),
    ),
    hint=TICK_ALL,
    why=_("You faint more easily then."),
    none=NONE_OF_THESE,
    declined=DECLINED_WORDS,
)
CRISIS = Question(
    _("Are you in a mental health crisis?"),
    (
        Option("yes", _("Yes, now")),
        Option("past", _("In the past, not now")),
        Option("no", _("No")),
    ),
    hint=_("Hearing or seeing things that others do not also counts."),
    why=_("Then other help comes first."),
    declined=DECLINED_WORDS,
)
BLOOD = Question(
    _("Is there anything about your blood that we should know?"),
    (
        Option("stable_on_treatment", _("Yes, and it is stable with treatment")),
        Option("not_treated", _("Yes, and it is not treated")),
        Option("nothing", _("No, nothing")),
    ),
    hint=_("Such as hepatitis or HIV. It does not change whether we treat you."),
    why=_("It can change your risk of infection."),
    declined=DECLINED_WORDS,
)
CLAIM = Question(
    _("Is there an open claim about this problem?"),
    YES_NO,
    hint=_("A work, insurance or legal claim."),
    why=_("We may have to write a report."),
    declined=DECLINED_WORDS,
)
DOCTOR = Question(
    _("Seen by a doctor in the last 3 months?"),
    (
        Option("this_pain_with_scan", _("Yes, with a scan or X-ray")),
        Option("this_pain", _("Yes, without a scan")),
        Option("no", _("No")),
    ),
    why=_("We can ask for the results."),
)
BUILD = Question(
    _("How would you describe your build?"),
    (
        Option("slim", _("Very slim")),
        Option("average", _("In between")),
        Option("large", _("Very large")),
    ),
    why=_("It tells us how deep needles may go."),
    declined=DECLINED_WORDS,
)

MOOD_TITLE: str = _("Your mood")
PHQ4 = Question(
    _("In the last 2 weeks, how often did these trouble you?"),
    (
        Option("0", _("Not at all")),
        Option("1", _("Several days")),
        Option("2", _("More than half the days")),
        Option("3", _("Nearly every day")),
    ),
    rows=(
        GridRow("phq4_nervous", _("Feeling nervous or on edge")),
        GridRow("phq4_worry", _("Not being able to stop worrying")),
        GridRow("phq4_interest", _("Little joy in doing things")),
        GridRow("phq4_down", _("Feeling down or hopeless")),
    ),
    why=_("Pain and mood pull on each other."),
    declined=DECLINED_WORDS,
)
SELF_HARM = Question(
    of_patient=_("Has the patient said that they would be better off dead, or thought of hurting themselves?"),
    legend=_("Have you thought that you would be better off dead, or of hurting yourself?"),
    options=(
        Option("no", _("No")),
        Option("passive", _("Thoughts, but no plan")),
        Option("considering", _("I am thinking of doing it")),
    ),
    declined=DECLINED_WORDS,
)
MORE_TITLE: str = _("A few more questions")
MORE_HINT: str = _("Our questions have changed since you began. Please answer these too. We kept all your answers.")
DAY_TITLE: str = _("Before you go in")
DAY_HINT: str = _("We ask this on the day itself, also where you told us before.")
NEW_MEDICINE = Question(
    _("Any new medicine since you filled in the form?"),
    (
        Option("yes", _("Yes")),
        Option("no", _("No")),
    ),
    hint=_("Also a new dose, a plaster, drops or something without a prescription."),
    why=_("Some medicines make you bleed more easily."),
)
ANYTHING_TITLE: str = _("Anything else")
ANYTHING = Question(
    _("Anything to add?"),
    why=_("Your own words help most."),
)
