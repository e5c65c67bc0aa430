"""The register's duties for a child who is missing, and for one who returned (A6-A8, part B)."""

from __future__ import annotations

from typing import Final

from referrals.deadlines import kinds
from referrals.deadlines import rule_ids as ids
from referrals.deadlines.calendar import CalendarDays, Hours
from referrals.deadlines.register.reporting import ANY_MODE
from referrals.deadlines.rule import Force, Owing, Rule, ShownBy

NOTICE_TO: Final = (
    kinds.TO_PARENTS,
    kinds.TO_GUARDIANS,
    kinds.TO_FAMILY_ATTORNEYS,
    kinds.TO_CHILD_ATTORNEY,
    kinds.TO_CASA,
    kinds.TO_COURT,
    kinds.TO_TRIBE,
    kinds.TO_SIBLINGS,
    kinds.TO_LOCAL_POLICE,
)
"""(i) to (ix) of WIC 16501.35(b)(2)(F), in the statute's order."""

EVERY_MODE: Final = ANY_MODE | {kinds.IN_WRITING, kinds.IN_PERSON}
FOSTER: Final = ("in_foster_care",)
REPORTED: Final = ("receives_services", "victim_or_at_risk")
DEBRIEF: Final = ("factors", "response", "experiences", "possible_victim", "documented")
"""(A) to (E) of WIC 16501.35(b)(2)."""

RULES: Final[tuple[Rule, ...]] = (
    Rule(
        id=ids.MISSING_TO_LE,
        register="A6",
        title="Report the missing child to law enforcement",
        force=Force.LAW,
        limit_force=Force.LAW,
        citation="Penal Code 11166(j)(3)",
        within=Hours(24),
        at_once=True,
        owed_to=(kinds.TO_LAW_ENFORCEMENT,),
        met_by=kinds.MISSING_REPORTED,
        shown_by=ShownBy.COUNTY_REPORTER,
        modes=ANY_MODE,
        evidence=("to", "mode", "reference"),
        consequence="The report is late by law, and nobody is searching on it.",
        starts_on=(kinds.WENT_MISSING,),
        owed_by=Owing.COUNTY_REPORTER,
        needs=REPORTED,
        exceptions="Only for a child who receives child welfare services. Every child missing from foster care is "
        "reported (P.L. 113-183 section 104), unless the county reads it otherwise.",
    ),
    Rule(
        id=ids.MISSING_TO_NCMEC,
        register="A7",
        title="Report the missing child to NCMEC",
        force=Force.LAW,
        limit_force=Force.LAW,
        citation="Penal Code 11166(j)(3)",
        within=Hours(24),
        at_once=True,
        owed_to=(kinds.TO_NCMEC,),
        met_by=kinds.MISSING_REPORTED,
        shown_by=ShownBy.COUNTY_REPORTER,
        modes=frozenset({kinds.TELEPHONE, kinds.ELECTRONIC}),
        evidence=("to", "mode", "reference"),
        consequence="The report is late by law. A police report does not reach NCMEC by itself.",
        starts_on=(kinds.WENT_MISSING,),
        owed_by=Owing.COUNTY_REPORTER,
        needs=REPORTED,
        exceptions="As for the report to law enforcement.",
    ),
    Rule(
        id=ids.CONTINUING_CONTACT,
        register="A8",
        title="Talk again about the missing child",
        force=Force.LAW,
        # The statute says regular and names no figure; a week is the county's.
        limit_force=Force.PRACTICE,
        citation="Penal Code 11166(j)(3)(C)",
        within=CalendarDays(7),
        owed_to=(kinds.TO_LAW_ENFORCEMENT, kinds.TO_NCMEC),
        met_by=kinds.SEARCH_CONTACT_MADE,
        shown_by=ShownBy.COUNTY_REPORTER,
        modes=EVERY_MODE,
        evidence=("to", "mode"),
        consequence="The search goes quiet, and what each side learned stays with it.",
        starts_on=(kinds.WENT_MISSING,),
        owed_by=Owing.COUNTY_REPORTER,
        needs=REPORTED,
        ends_on=(kinds.CHILD_LOCATED,),
        rolls=True,
        exceptions="Ends when the child is located; both must then hear of that.",
    ),
    Rule(
        id=ids.MISSING_NOTICE,
        register="B1",
        title="Give notice that the child is missing",
        force=Force.LAW,
        limit_force=Force.LAW,
        citation="WIC 16501.35(b)(2)(F)",
        within=Hours(24),
        at_once=True,
        owed_to=NOTICE_TO,
        met_by=kinds.NOTICE_GIVEN,
        shown_by=ShownBy.COUNTY_REPORTER,
        modes=EVERY_MODE,
        evidence=("to", "mode", "contact"),
        consequence="Somebody who could help to find the child, or must protect the child’s rights, does not know.",
        starts_on=(kinds.WENT_MISSING,),
        owed_by=Owing.COUNTY_REPORTER,
        needs=FOSTER,
        exceptions="Parents, guardians and their attorneys: not where the court limited or ended notice. Tribe: where the "
        "child is or may be an Indian child. Siblings: known, 10 or older, dependents, and not against their safety.",
    ),
    Rule(
        id=ids.SEARCH,
        register="B3",
        title="Search for the child and write down what was done",
        force=Force.LAW,
        limit_force=Force.PRACTICE,
        citation="WIC 16501.35(b)(1)",
        within=CalendarDays(7),
        owed_to=(kinds.TO_CHILD,),
        met_by=kinds.SEARCH_EFFORT_MADE,
        shown_by=ShownBy.COUNTY_REPORTER,
        consequence="Nobody of the county has looked for the child for a week.",
        starts_on=(kinds.WENT_MISSING,),
        owed_by=Owing.COUNTY_REPORTER,
        needs=FOSTER,
        ends_on=(kinds.CHILD_LOCATED,),
        rolls=True,
        exceptions="Ends when the child is located, or when the court’s jurisdiction ends.",
    ),
    Rule(
        id=ids.RETURN_SCREEN,
        register="B4",
        title="Ask the returned child about exploitation (screening)",
        force=Force.LAW,
        # The statute commands the questions and names no time.
        limit_force=Force.PRACTICE,
        citation="WIC 16501.35(b)(2)(D)",
        within=Hours(24),
        owed_to=(kinds.TO_CHILD,),
        met_by=kinds.RETURN_SCREENED,
        shown_by=ShownBy.ANYONE,
        evidence=("possible_victim",),
        consequence="What happened to the child while away may go unseen.",
        starts_on=(kinds.CHILD_LOCATED,),
        owed_by=Owing.COUNTY_REPORTER,
        needs=FOSTER,
    ),
    Rule(
        id=ids.RETURN_DEBRIEF,
        register="B4",
        title="Talk with the child about the absence and write it down",
        force=Force.LAW,
        limit_force=Force.PRACTICE,
        citation="WIC 16501.35(b)(2)(A)-(E)",
        within=CalendarDays(3),
        owed_to=(kinds.TO_CHILD,),
        met_by=kinds.RETURN_DEBRIEFED,
        shown_by=ShownBy.COUNTY_REPORTER,
        evidence=DEBRIEF,
        consequence="The next placement is chosen without knowing why the child left.",
        starts_on=(kinds.CHILD_LOCATED,),
        owed_by=Owing.COUNTY_REPORTER,
        needs=FOSTER,
    ),
    Rule(
        id=ids.RETURN_TO_LE,
        register="B5",
        title="Tell law enforcement that the child was located",
        force=Force.PRACTICE,
        limit_force=Force.PRACTICE,
        citation="County protocol, return of a missing child",
        within=Hours(24),
        at_once=True,
        owed_to=(kinds.TO_LAW_ENFORCEMENT,),
        met_by=kinds.RETURN_TOLD,
        shown_by=ShownBy.COUNTY_REPORTER,
        modes=EVERY_MODE,
        evidence=("to", "mode"),
        consequence="The child may be stopped as missing, and the search goes on for nothing.",
        starts_on=(kinds.CHILD_LOCATED,),
        owed_by=Owing.COUNTY_REPORTER,
    ),
    Rule(
        id=ids.RETURN_TO_NCMEC,
        register="A8",
        title="Tell NCMEC that the child was located",
        force=Force.LAW,
        limit_force=Force.PRACTICE,
        citation="Penal Code 11166(j)(3)(C)",
        within=Hours(24),
        at_once=True,
        owed_to=(kinds.TO_NCMEC,),
        met_by=kinds.RETURN_TOLD,
        shown_by=ShownBy.COUNTY_REPORTER,
        modes=frozenset({kinds.TELEPHONE, kinds.ELECTRONIC}),
        evidence=("to", "mode"),
        consequence="The child’s picture stays public.",
        starts_on=(kinds.CHILD_LOCATED,),
        owed_by=Owing.COUNTY_REPORTER,
    ),
    Rule(
        id=ids.RUN_TEAM,
        register="B6",
        title="Hold a team meeting about the child who ran",
        force=Force.PRACTICE,
        limit_force=Force.PRACTICE,
        citation="County protocol, ongoing team meetings",
        within=Hours(72),
        owed_to=(kinds.TO_CHILD,),
        met_by=kinds.MEETING_HELD,
        shown_by=ShownBy.ANYONE,
        consequence="The agencies search and plan apart.",
        starts_on=(kinds.WENT_MISSING,),
        owed_by=Owing.CHILD_WELFARE,
    ),
)

NOBODY: Final = "none"
COURT_LIMIT: Final = "court_limit"
SIBLING_SAFETY: Final = "sibling_safety"
NOT_INDIAN: Final = "not_indian"
NOTICE_GROUNDS: Final[dict[str, frozenset[str]]] = {
    kinds.TO_PARENTS: frozenset({NOBODY, COURT_LIMIT}),
    kinds.TO_GUARDIANS: frozenset({NOBODY, COURT_LIMIT}),
    kinds.TO_FAMILY_ATTORNEYS: frozenset({NOBODY, COURT_LIMIT}),
    kinds.TO_CHILD_ATTORNEY: frozenset({NOBODY}),
    kinds.TO_CASA: frozenset({NOBODY}),
    kinds.TO_TRIBE: frozenset({NOT_INDIAN}),
    kinds.TO_SIBLINGS: frozenset({NOBODY, SIBLING_SAFETY}),
}
"""On which ground a notice is not owed. The court and local law enforcement are always told."""
GROUND_WORDS: Final[dict[str, str]] = {
    NOBODY: "Recorded: the child has nobody of this kind to tell.",
    COURT_LIMIT: "Recorded: the court limited or ended notice to them.",
    SIBLING_SAFETY: "Recorded: telling them would be against their safety.",
    NOT_INDIAN: "Recorded: the child is not an Indian child.",
}
