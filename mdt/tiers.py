"""The three tiers of team: who sits in each, by law or practice; how it meets; what a safety plan holds.

Sources: county protocol (after the Model Interagency Protocol Framework and the State's agreement template);
WIC 16524.7(d)(2)(B) for the agencies no team may lack. A county may add seats; it takes none of the law's
away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

CRISIS: Final = "crisis"
INITIAL: Final = "initial"
ONGOING: Final = "ongoing"

IN_PERSON: Final = "in_person"
VIDEO: Final = "video"
PHONE: Final = "phone"
MODES: Final[tuple[str, ...]] = (IN_PERSON, VIDEO, PHONE)

INDIVIDUAL: Final = "individual"
CASE_REVIEW: Final = "case_review"

LAW: Final = "law"
PRACTICE: Final = "practice"

STATUTORY_SEATS: Final[tuple[str, ...]] = ("CW", "PO", "MH", "SU", "PH")
"""Agencies every team of a CSEC Program county has (WIC 16524.7(d)(2)(B))."""

OPTIONAL_SEATS: Final[tuple[str, ...]] = ("CDA", "DA", "PD", "LE", "ED", "ADV", "SM", "LEG")
"""Agencies child welfare, as lead, may invite where the steering committee chose so."""

TRAINING_NEEDED: Final[tuple[str, ...]] = ("CSEC-101", "CSEC-102")
"""Courses a team member has taken: recognising exploitation, and engaging youth and working in teams."""


@dataclass(frozen=True, slots=True)
class Tier:
    """One kind of team: when it is called, how fast, who sits in it, which people are asked, how it may meet.

    `deadline_rules` are ids of the deadline rules that run for it. `in_person_first` says that meeting in one
    room is what the county means to do, not that anything else is barred.
    """

    code: str
    name: str
    called_when: tuple[str, ...]
    deadline_rules: tuple[str, ...]
    seats: tuple[str, ...]
    people: tuple[str, ...]
    formats: tuple[str, ...]
    in_person_first: bool


_CHILD_AND_FAMILY: Final = ("the child", "parents, guardians or family, where that is right for the child")

_TIERS: Final = (
    Tier(
        code=CRISIS,
        name="Immediate crisis",
        called_when=(
            "a call to the hotline",
            "contact with law enforcement",
            "an emergency response worker, on a case they have",
            "an emergency room clinician",
        ),
        deadline_rules=("response-2h", "support-72h", "medical-72h"),
        seats=("LE", "CW", "PO", "ADV", "PH", "MH"),
        people=_CHILD_AND_FAMILY,
        formats=(INDIVIDUAL,),
        in_person_first=True,
    ),
    Tier(
        code=INITIAL,
        name="Initial",
        called_when=("suspected or identified exploitation without immediate danger",),
        deadline_rules=("team-10d", "investigate-10d"),
        # The protocol also names a department of health services; counties without one seat public health for
        # it.
        seats=("CW", "PO", "ADV", "PH", "MH", "SU", "CDA", "DA", "PD"),
        people=_CHILD_AND_FAMILY,
        formats=(INDIVIDUAL,),
        in_person_first=True,
    ),
    Tier(
        code=ONGOING,
        name="Ongoing",
        called_when=(
            "every month",
            "the child ran away",
            "before the child testifies against an exploiter or buyer",
            "a change of plan or placement",
            "contact with law enforcement, a psychiatric crisis or a threat from a trafficker",
        ),
        deadline_rules=("team-monthly",),
        seats=("CW", "PO", "ADV", "PH", "LE", "MH", "CDA", "PD", "DA"),
        people=_CHILD_AND_FAMILY,
        formats=(INDIVIDUAL, CASE_REVIEW),
        in_person_first=False,
    ),
)
TIERS: Final[Mapping[str, Tier]] = MappingProxyType({tier.code: tier for tier in _TIERS})


@dataclass(frozen=True, slots=True)
class SafetyPlanComponent:
    """One part of a safety plan, in our own words, with what the initial tier adds to it."""

    number: int
    words: str
    initial_adds: str = ""


SAFETY_PLAN: Final[tuple[SafetyPlanComponent, ...]] = (
    SafetyPlanComponent(1, "Dangers to the child, the family and the people who help"),
    SafetyPlanComponent(
        2,
        "What sets off the child's trauma",
        "and which triggers lead to unsafe acts, such as using drugs or going back to the exploiter",
    ),
    SafetyPlanComponent(3, "Ways to calm down and to cope that the child has learned"),
    SafetyPlanComponent(4, "What each team member does so that a trigger does not happen"),
    SafetyPlanComponent(5, "How to reach safe adults, and ways to get to safety"),
    SafetyPlanComponent(
        6, "Who does what if something unsafe happens", "set out one by one and written down"
    ),
)


@dataclass(frozen=True, slots=True)
class SeatGap:
    """A seat nobody has taken, whether law or practice asks for it, and a plain sentence about it."""

    role: str
    force: str
    message: str


def seat_gaps(
    tier: str, seated_roles: Iterable[str], *, jurisdiction: str = "unknown", program_county: bool = True
) -> tuple[SeatGap, ...]:
    """The seats of this tier nobody has taken; the law's first.

    In a crisis, child welfare sits where it has or may have the case and probation likewise: `jurisdiction`
    is cw, probation, dual or unknown. `program_county`: the county takes part in the CSEC Program, so the
    statutory seats count. Raises `ValueError` for an unknown tier or jurisdiction.
    """
    found = _tier(tier)
    seated = set(seated_roles)
    by_law = STATUTORY_SEATS if program_county else ()
    by_practice = [role for role in found.seats if role not in by_law]
    spared = _spared_by(jurisdiction)
    if tier == CRISIS:
        by_practice = [role for role in by_practice if role not in spared]
    gaps = [
        SeatGap(role, LAW, "The law asks for this agency on every team. Invite it.")
        for role in by_law
        if role not in seated
    ]
    gaps += [
        SeatGap(
            role,
            PRACTICE,
            f"The county's protocol asks for this agency at this tier ({found.name}). Invite it.",
        )
        for role in by_practice
        if role not in seated
    ]
    return tuple(gaps)


def may_be_held(mode: str, person_with_child: object | None) -> bool:
    """Whether a meeting may be recorded as held: by phone or video only with a named member beside the child.

    Raises `ValueError` for an unknown mode.
    """
    if mode not in MODES:
        raise ValueError(f"'{mode}' is no way to meet. The ways are {', '.join(MODES)}.")
    named = person_with_child is not None and str(person_with_child).strip() != ""
    return mode == IN_PERSON or named


def courses_missing(courses_taken: Iterable[str]) -> tuple[str, ...]:
    """The courses someone still needs before they may take a seat."""
    taken = set(courses_taken)
    return tuple(course for course in TRAINING_NEEDED if course not in taken)


def _tier(code: str) -> Tier:
    if code not in TIERS:
        raise ValueError(f"'{code}' is not a tier. The tiers are {', '.join(TIERS)}.")
    return TIERS[code]


def _spared_by(jurisdiction: str) -> frozenset[str]:
    """Whom a known jurisdiction leaves out of a crisis team; an unknown one leaves out nobody."""
    spared = {"cw": {"PO"}, "probation": {"CW"}, "dual": set[str](), "unknown": set[str]()}
    if jurisdiction not in spared:
        raise ValueError(f"'{jurisdiction}' is not a jurisdiction. There are {', '.join(spared)}.")
    return frozenset(spared[jurisdiction])
