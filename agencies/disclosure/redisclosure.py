"""The notice that travels with an outgoing document: that of its strictest element (matrix rule 8).

Pure data with its order. A document is made of elements, each a category of record on a ground; the strictest notice
among them is the document's. The words are our own, except the short notice of 42 CFR 2.32(a)(2), which is word for
word; county counsel confirms them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice. `heading` is its first line, `words` what it means, `law` its source.

    `neutral` says the same where the document leaves for a place that may not learn what it is about, like a calendar.
    """

    key: str
    heading: str
    words: str
    law: str
    neutral: str = "Confidential by law. Do not copy it or pass it on."

    @property
    def sentence(self) -> str:
        """The notice in one line, for the foot of every page."""
        return f"{self.heading} {self.words} ({self.law})"


@dataclass(frozen=True, slots=True)
class Element:
    """A part of a document: which category of record, and on which ground the reader sees it."""

    category: str
    basis: str = ""


PART_2: Final = Notice(
    "part2",
    "42 CFR part 2 prohibits unauthorized use or disclosure of these records.",
    "They may not be used against the patient in any civil, criminal, administrative or legislative proceeding unless "
    "the patient’s consent or a court’s order under Part 2 allows it; a copy of the consent goes with them.",
    "42 CFR 2.32",
)
SEALED: Final = Notice(
    "sealed",
    "Sealed record.",
    "It is treated as not existing and may be used for the one purpose for which it was opened, and for nothing else.",
    "WIC 781, 786",
)
PRIVILEGED: Final = Notice(
    "privileged",
    "Privileged communication.",
    "Its holder let this recipient have it; nobody else may have it without the holder’s word or a court’s order.",
    "Evidence Code 912, 954, 1014, 1038",
)
OWN_CHOICE: Final = Notice(
    "own_choice",
    "The young person chose who may know this.",
    "You are the one told. Telling the next person needs a choice of its own.",
    "Family Code 6920-6930, county protocol",
)
REPORTER: Final = Notice(
    "reporter",
    "The reporter’s identity is confidential.",
    "It goes only to those the law names, and never to the reporter’s employer.",
    "Penal Code 11167(d)",
)
MENTAL_HEALTH: Final = Notice(
    "mental_health",
    "Mental health information.",
    "It may be used only to coordinate this child’s care, not passed on for anything else, and not used against the "
    "minor in a criminal or delinquency case.",
    "WIC 5328.04(b)",
)
HEALTH: Final = Notice(
    "health",
    "Medical information.",
    "It may not be disclosed further without a new authorization unless the law allows it.",
    "Civil Code 56.13, 45 CFR 164.508",
)
SCHOOL: Final = Notice(
    "school",
    "School records.",
    "They may be used to meet the child’s educational needs and may not be passed on for anything else.",
    "34 CFR 99.33, Education Code 49076",
)
IMMIGRATION: Final = Notice(
    "immigration",
    "Immigration information.",
    "It may be used only to obtain relief for this young person.",
    "WIC 827(a)(1)(W)",
)
COURT_FILE: Final = Notice(
    "court_file",
    "Juvenile case file.",
    "It may not be passed on or attached to other papers without the juvenile court’s approval.",
    "WIC 827(a)(4)",
)
CHILD_ABUSE: Final = Notice(
    "child_abuse",
    "Child abuse report.",
    "Only those whom the law names may have it; any other disclosure is a misdemeanor.",
    "Penal Code 11167.5",
)
TEAM_RELEASE: Final = Notice(
    "team_release",
    "Child and family team information.",
    "It may be used only for this child’s services, and passed on only to the juvenile court or as the law requires.",
    "WIC 832",
)
TEAM: Final = Notice(
    "team",
    "Confidential: for the members of this team only.",
    "Do not copy it or pass it on; what a team talks about is not evidence in court.",
    "WIC 830, 18961.7",
)
SERVICES: Final = Notice(
    "services",
    "Confidential case record.",
    "It may be used only for this child’s protection and services.",
    "WIC 827, 10850",
)
COUNTS: Final = Notice(
    "counts",
    "Counts only.",
    "Small numbers are not shown; nobody may try to find out whom a number is about.",
    "CalHHS Data De-Identification Guidelines",
    neutral="Counts only. Nobody may try to find out whom a number is about.",
)

STRICTNESS: Final[tuple[Notice, ...]] = (
    PART_2,
    SEALED,
    PRIVILEGED,
    OWN_CHOICE,
    REPORTER,
    MENTAL_HEALTH,
    HEALTH,
    SCHOOL,
    IMMIGRATION,
    COURT_FILE,
    CHILD_ABUSE,
    TEAM_RELEASE,
    TEAM,
    SERVICES,
    COUNTS,
)
"""Strictest first."""

OF_CATEGORY: Final[Mapping[str, Notice]] = MappingProxyType(
    {
        "r01": SERVICES,
        "r02": SERVICES,
        "r03": CHILD_ABUSE,
        "r04": REPORTER,
        "r05": SERVICES,
        "r06": SERVICES,
        "r07": SERVICES,
        "r08": MENTAL_HEALTH,
        "r09": PRIVILEGED,
        "r10": PART_2,
        "r11": HEALTH,
        "r12": OWN_CHOICE,
        "r13": HEALTH,
        "r14": SCHOOL,
        "r15": COURT_FILE,
        "r16": COURT_FILE,
        "r17": SEALED,
        "r18": SERVICES,
        "r19": SERVICES,
        "r20": SERVICES,
        "r21": OWN_CHOICE,
        "r22": PRIVILEGED,
        "r23": PRIVILEGED,
        "r24": TEAM,
        "r25": TEAM,
        "r26": TEAM,
        "r27": IMMIGRATION,
        "r28": COUNTS,
        "d01": SERVICES,
    }
)
OF_BASIS: Final[Mapping[str, Notice]] = MappingProxyType(
    {
        "P2": PART_2,
        "P2CO": PART_2,
        "seal": SEALED,
        "priv": PRIVILEGED,
        "youth": OWN_CHOICE,
        "11167d": REPORTER,
        "5328.04": MENTAL_HEALTH,
        "56.103": HEALTH,
        "care": HEALTH,
        "ROI": HEALTH,
        "49076": SCHOOL,
        "827A": COURT_FILE,
        "827B": COURT_FILE,
        "827E": COURT_FILE,
        "827F": COURT_FILE,
        "827G": COURT_FILE,
        "827H": COURT_FILE,
        "827K": COURT_FILE,
        "827V": COURT_FILE,
        "827.9": COURT_FILE,
        "CANRA": CHILD_ABUSE,
        "CFT": TEAM_RELEASE,
        "MDT": TEAM,
        "agg": COUNTS,
    }
)
"""What a ground adds to the category's own notice; a release of school records stays a school record's."""


def notices_of(element: Element) -> frozenset[Notice]:
    """The notices one element calls for. Raises `KeyError` for a category nobody knows."""
    own = OF_CATEGORY[element.category]
    by_ground = OF_BASIS.get(element.basis)
    if by_ground is None or (own is SCHOOL and by_ground is HEALTH):
        return frozenset({own})
    return frozenset({own, by_ground})


def strictest(elements: Iterable[Element]) -> Notice:
    """The notice of a document: the strictest of its elements'. A document of nothing carries the general one."""
    called_for = {notice for element in elements for notice in notices_of(element)}
    return next((notice for notice in STRICTNESS if notice in called_for), SERVICES)
