"""Medicines by the names on the box (own name first, brands in the hint), and bleeding. Never an advice to stop one."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from intake.questions.wording.question import TICK_ALL, YES_NO, Option, Question, under

KEEP_TAKING: str = _("Keep taking your medicines.")
NONE_OF_THESE: str = _("None of these")

MEDICINES = Question(
    _("Medicines, or easy bleeding?"),
    (
        *under(
            _("Medicines"),
            Option("thinners", _("Blood thinner, or aspirin"), _("Warfarin, apixaban, clopidogrel, heparin")),
            Option("anti_inflammatory", _("Ibuprofen, naproxen, diclofenac, or a gel")),
            Option("supplements", _("Fish oil, garlic, ginkgo or the like")),
            Option("steroids_long", _("Steroid tablets over 3 months")),
            Option("other_medicines", _("Any other medicine")),
        ),
        *under(
            _("Bleeding"),
            Option("bleeding_disorder", _("Bleeding disorder (haemophilia)")),
            Option("platelets", _("Low platelets, or large spleen")),
            Option("bleeding_history", _("Big bruises or heavy bleeding, also in family")),
        ),
    ),
    why=_("A needle can cause a small bleed."),
    none=NONE_OF_THESE,
)
THINNERS = Question(
    _("Which blood thinner?"),
    (
        *under(
            _("With INR tests"),
            Option("warfarin", _("Warfarin"), _("Coumadin, Jantoven, Marevan")),
            Option("acenocoumarol", _("Acenocoumarol"), _("Sintrom, Sinthrome")),
            Option("phenprocoumon", _("Phenprocoumon"), _("Marcoumar")),
            Option("fluindione", _("Fluindione"), _("Previscan")),
        ),
        *under(
            _("Newer tablets"),
            Option("apixaban", _("Apixaban"), _("Eliquis")),
            Option("dabigatran", _("Dabigatran"), _("Pradaxa")),
            Option("edoxaban", _("Edoxaban"), _("Lixiana, Savaysa")),
            Option("rivaroxaban", _("Rivaroxaban"), _("Xarelto")),
        ),
        *under(
            _("Injections"),
            Option("heparin_injection", _("Heparin"), _("Clexane, Fragmin, Fraxiparine, Inhixa, Innohep, Lovenox")),
            Option("fondaparinux", _("Fondaparinux"), _("Arixtra")),
        ),
        *under(
            _("Antiplatelets"),
            Option("cilostazol", _("Cilostazol"), _("Pletal")),
            Option("clopidogrel", _("Clopidogrel"), _("Plavix")),
            Option(
                "dipyridamole",
                _("Dipyridamole"),
                _("Persantine, Aggrenox, Asasantin. The last two hold aspirin: tick aspirin too"),
            ),
            Option("prasugrel", _("Prasugrel"), _("Effient, Efient")),
            Option("ticagrelor", _("Ticagrelor"), _("Brilinta, Brilique")),
        ),
        *under(
            _("Aspirin"),
            Option(
                "aspirin_low_dose", _("Aspirin, 75 to 100 mg a day"), _("Bayer, Cartia, Ecotrin, Entrophen, Nu-Seals")
            ),
            Option("aspirin_high_dose", _("Aspirin, 300 mg or more"), _("Alka-Seltzer, Anacin, Disprin, Excedrin")),
        ),
        *under(
            _("Other"),
            Option("name_unknown", _("I do not know its name")),
            Option("other", _("Another blood thinner")),
        ),
    ),
    hint=_("Look at the box."),
    why=KEEP_TAKING,
    none=_("None of these"),
)
INR = Question(
    _("What did your last INR blood test show?"),
    (
        Option("in_target", _("In my target range")),
        Option("above_target", _("Above my target")),
        Option("unstable", _("It goes up and down")),
    ),
    hint=_("INR tells how thin your blood is."),
    why=KEEP_TAKING,
)
ANTI_INFLAMMATORIES = Question(
    _("How do you take them?"),
    (
        Option("tablets_daily", _("Tablets every day")),
        Option("tablets_sometimes", _("Tablets sometimes")),
        Option("gel", _("Gel or cream"), _("Such as Voltaren Emulgel or Pennsaid")),
    ),
    hint=_("Ibuprofen (Advil, Nurofen), naproxen (Aleve), diclofenac (Voltaren), celecoxib (Celebrex)"),
    why=_("Tablets make bleeding a little easier."),
    none=_("None of these"),
)
SUPPLEMENTS = Question(
    _("Which of these do you take?"),
    (
        Option("fish_oil", _("Fish oil")),
        Option("garlic", _("Garlic pills")),
        Option("ginkgo", _("Ginkgo")),
        Option("ginseng", _("Ginseng")),
        Option("hawthorn", _("Hawthorn")),
        Option("turmeric", _("Turmeric")),
        Option("vitamin_e", _("Vitamin E, high dose")),
        Option("other", _("Another one")),
    ),
    hint=TICK_ALL,
    why=_("Some of these add to a blood thinner."),
    none=_("None of these"),
)
OTHER_TITLE: str = _("Other medicines")
CLASSES = Question(
    _("Any of these?"),
    (
        *under(
            _("Joints, defences"),
            Option("steroid_tablets", _("Steroid tablets"), _("Prednisone, prednisolone")),
            Option(
                "immunosuppressant",
                _("Medicine that calms your defences"),
                _("Methotrexate, azathioprine (Imuran), CellCept, Prograf, Neoral, leflunomide (Arava)"),
            ),
            Option(
                "biologic",
                _("Biologic (newer shot, drip or tablet)"),
                _(
                    "Joints, skin or bowel: Humira, Enbrel, Remicade, Stelara, Cosentyx, Taltz, Skyrizi, Tremfya, "
                    "Actemra, Xeljanz, Rinvoq, Olumiant. MS: Ocrevus, Kesimpta, rituximab. "
                    "Asthma or skin: Dupixent, Xolair, Nucala. Migraine: Aimovig, Ajovy. Cancer: Keytruda, Opdivo."
                ),
            ),
        ),
        *under(
            _("Cancer"),
            Option("chemotherapy", _("Chemotherapy")),
            Option("btk_inhibitor", _("Ibrutinib or the like"), _("Imbruvica")),
            Option("aromatase_inhibitor", _("Breast cancer tablets"), _("Letrozole, anastrozole, exemestane")),
        ),
        *under(
            _("Bones, weight"),
            Option("bone_medicine", _("Medicine for thin bones"), _("Alendronate, Fosamax, Aclasta, Prolia, Forteo")),
            Option("glp1", _("Weight or sugar shot"), _("Ozempic, Wegovy, Mounjaro, Saxenda, Victoza, Trulicity")),
        ),
        *under(
            _("Mood, heart, pain"),
            Option("antibiotic_or_antifungal_now", _("Antibiotic or antifungal now")),
            Option("opioid", _("Strong painkiller (opioid)"), _("Codeine, tramadol, morphine, oxycodone")),
            Option(
                "ssri_or_snri",
                _("Medicine for mood or nerves"),
                _("Sertraline, citalopram, escitalopram, fluoxetine, paroxetine, venlafaxine, duloxetine"),
            ),
            Option("statin", _("Cholesterol tablets (statin)"), _("Atorvastatin, simvastatin, rosuvastatin")),
            Option("amiodarone", _("Amiodarone"), _("Cordarone")),
        ),
        *under(
            _("Other"),
            Option("name_unknown", _("I do not know the names")),
            Option("other", _("Another medicine")),
        ),
    ),
    why=KEEP_TAKING,
    none=_("None of these"),
)
LIST = Question(_("List your medicines"), hint=_("Or bring your list or boxes."))
STEROIDS = Question(
    _("Have you taken steroid tablets for over 3 months?"),
    YES_NO,
    hint=_("Such as prednisone or prednisolone."),
    why=_("They can thin skin. Do not change your dose."),
)
DISORDER = Question(
    _("Which bleeding disorder do you have?"),
    (
        Option("haemophilia", _("Haemophilia")),
        Option("von_willebrand", _("Von Willebrand disease")),
        Option("platelet", _("A platelet problem")),
        Option("other", _("Another one")),
        Option("none", _("I have none")),
    ),
    why=_("We plan with your blood clinic."),
)
PLATELETS = Question(
    _("Are your platelets low?"),
    (
        Option("low_known_count", _("Yes, and I know the count")),
        Option("low_count_unknown", _("Yes, but I do not know the count")),
        Option("never_told_low", _("I was never told so")),
    ),
    hint=_("Platelets help blood to clot. A large spleen counts as yes."),
    why=_("With few platelets, a bruise can be large."),
)
PLATELET_COUNT = Question(
    _("What was your last platelet count?"),
    hint=_("A number such as 85. Leave out the zeros of 85,000."),
    why=_("With few platelets, a bruise can be large."),
)
HISTORY = Question(
    _("When have you bled or bruised more than most people?"),
    (
        Option("big_bruises", _("Big bruises without a knock")),
        Option("needed_a_doctor", _("A bleed that needed a doctor")),
        Option("heavy_periods", _("Heavy periods that needed treatment")),
        Option("after_surgery", _("After an operation")),
        Option("after_tooth_removal", _("After a tooth was pulled")),
        Option("at_birth", _("When giving birth")),
        Option("family", _("A bleeding disease in my family")),
    ),
    hint=TICK_ALL,
    why=_("Two or more of these can point to a bleeding disorder."),
    none=NONE_OF_THESE,
)
