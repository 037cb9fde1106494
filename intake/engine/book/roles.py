"""The roles of facts: which fact plays a part that the program itself knows of, such as "where it hurts".

The vocabulary names them (`roles:` in facts.yaml), so that no module spells a fact's name. An empty name says that no
fact plays the role: nothing is known of it, and nothing may be concluded from that.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Roles:
    """The name of the fact in each role.

    `who_answers` the form; whether an adult comes with a young patient, whether the patient agrees to be seen.
    The label reads `where_it_hurts` and its `worst_place`. `danger_signs` is the list of the first pages. Of therapies,
    there are those tried, those going on now, and those that helped, changed nothing or made it worse. Of needling
    there is when the last was, where, and what was noticed since. The rest is the story that a practitioner reads
    first. `peg` are the three scores whose mean is the PEG (Krebs et al. 2009). `lasting` are the facts that stay as
    they were, and are offered at the next form to be confirmed. `at_arrival` are the facts that hold on the day alone,
    and are asked when the patient arrives; `medicines` those that a new medicine opens again where they were denied.
    """

    who_answers: str = ""
    adult_comes: str = ""
    agrees: str = ""
    where_it_hurts: str = ""
    worst_place: str = ""
    danger_signs: str = ""
    therapies_tried: str = ""
    therapies_now: str = ""
    therapies_helped: str = ""
    therapies_no_change: str = ""
    therapies_worse: str = ""
    onset: str = ""
    duration: str = ""
    course: str = ""
    pattern: str = ""
    average_pain: str = ""
    worst_pain: str = ""
    sleep_unrefreshing: str = ""
    goals: str = ""
    quality: str = ""
    seen_by_doctor: str = ""
    needled_before: str = ""
    visit_frequency: str = ""
    pregnancy: str = ""
    last_needled: str = ""
    last_needled_where: str = ""
    since_needled: str = ""
    scores: tuple[str, ...] = ()
    peg: tuple[str, ...] = ()
    lasting: tuple[str, ...] = ()
    at_arrival: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()

    @property
    def places(self) -> tuple[str, ...]:
        """The facts of the body that the label reads, as far as there are any."""
        return tuple(name for name in (self.where_it_hurts, self.worst_place) if name)

    @property
    def therapy_effects(self) -> tuple[str, str, str]:
        """The facts that say which therapies helped, changed nothing, made it worse."""
        return self.therapies_helped, self.therapies_no_change, self.therapies_worse


NO_ROLES = Roles()
THERAPIES_SEEN = "gate_therapies_seen"  # stored beside the answers: the therapies that the page of effects put
