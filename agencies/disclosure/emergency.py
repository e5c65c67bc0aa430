"""What an emergency look ("break-glass") may open, for which roles and on which reason: data, no database.

No statute gives a general right to break the glass. HIPAA asks for an emergency access procedure (45 CFR
164.312(a)(2)(ii)); the sections below say which law lets a record of each category be read in an emergency.
The list only narrows: a category is opened no further than the matrix could ever open it to the role, and
what the matrix says never to stays shut. A category that is not here stays shut too; `SHUT` says why. The
whole table is the product's default and county counsel must confirm it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from agencies.disclosure.categories import (
    CHILD_WELFARE,
    LAW_ENFORCEMENT,
    MENTAL_HEALTH,
    PROBATION,
    PUBLIC_HEALTH,
)

BASIS_EMERGENCY: Final = "break-glass"
"""The ground a grant carries. It is no ground of the matrix: no county can write it into a cell."""

BASIS_WORDS: Final = "an emergency look: one hour, to read, on record and reviewed"

LONGEST: Final = timedelta(minutes=60)

DANGER: Final = "danger"
MISSING: Final = "missing"
MEDICAL: Final = "medical"

REASON_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        DANGER: "A child is in danger now",
        MISSING: "A child is missing now",
        MEDICAL: "A child needs medical or psychiatric help now",
    }
)
ANY_REASON: Final = frozenset(REASON_NAMES)

EMERGENCY_ROLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        CHILD_WELFARE: "answers reports at every hour (WIC 16504) and may take temporary custody (WIC 306)",
        PROBATION: "answers for wards and for children it receives reports about (WIC 628, Penal Code 11165.9)",
        LAW_ENFORCEMENT: "may take a child in danger into temporary custody (WIC 305)",
        PUBLIC_HEALTH: "treats and coordinates care in an emergency (Civil Code 56.10(c)(1))",
        MENTAL_HEALTH: "assesses a minor in crisis (WIC 5585.50)",
    }
)
"""Agency roles whose people may break the glass, and why each is called out at night."""


@dataclass(frozen=True, slots=True)
class EmergencyCategory:
    """One category that an emergency look may open: on which reasons, to which roles, by which law."""

    reasons: frozenset[str]
    citation: str
    roles: frozenset[str] = frozenset(EMERGENCY_ROLES)


_DANGER_OR_MISSING: Final = frozenset({DANGER, MISSING})
_DANGER_OR_MEDICAL: Final = frozenset({DANGER, MEDICAL})

OPENABLE: Final[Mapping[str, EmergencyCategory]] = MappingProxyType(
    {
        "r01": EmergencyCategory(ANY_REASON, "WIC 18961.5(c): identity and the worker to telephone"),
        "r02": EmergencyCategory(_DANGER_OR_MISSING, "Penal Code 11166(j)(2) and (3)"),
        "r03": EmergencyCategory(_DANGER_OR_MISSING, "Penal Code 11167.5(b)"),
        "r08": EmergencyCategory(_DANGER_OR_MEDICAL, "45 CFR 164.512(j); WIC 5328.04"),
        "r10": EmergencyCategory(
            frozenset({MEDICAL}), "42 CFR 2.51: medical personnel, in a medical emergency", frozenset({"PH"})
        ),
        "r11": EmergencyCategory(ANY_REASON, "Civil Code 56.10(c)(1); 45 CFR 164.512(j)"),
        "r15": EmergencyCategory(frozenset({DANGER}), "WIC 827(a)(1): orders on custody and contact"),
        "r16": EmergencyCategory(_DANGER_OR_MISSING, "WIC 827.9: warrants and conditions"),
        "r18": EmergencyCategory(_DANGER_OR_MISSING, "safety facts, as far as the matrix opens them"),
        "r19": EmergencyCategory(ANY_REASON, "a logged need to know the place; Government Code 6205 ff."),
        "r20": EmergencyCategory(ANY_REASON, "WIC 16501.35(b)(2)(F); Penal Code 11166(j)(3)"),
        "r25": EmergencyCategory(ANY_REASON, "the plan that keeps this child safe; WIC 16501.35"),
    }
)

SHUT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "r04": "who reported is on a closed list (Penal Code 11167(d))",
        "r05": "a screening result saves nobody within the hour",
        "r06": "the child's own words stay with the agency that heard them",
        "r07": "ratings save nobody within the hour",
        "r09": "privileged: psychotherapy (Evidence Code 1014)",
        "r12": "care the young person consented to alone is theirs to open (Family Code 6924 to 6930)",
        "r13": "examination results go to court and counsel (WIC 324.5)",
        "r14": "the school can be telephoned",
        "r17": "sealed: treated as not existing (WIC 781, 786)",
        "r21": "the young person's own choice, per recipient",
        "r22": "privileged: advocates and survivor mentors (Evidence Code 1035.4, 1038)",
        "r23": "privileged: counsel (Evidence Code 954)",
        "r24": "team discussion belongs to the members of that meeting (WIC 18961.7(h))",
        "r26": "services save nobody within the hour",
        "r27": "immigration papers are shared only to obtain relief (WIC 827(a)(1)(W))",
        "d01": "what agencies owe is theirs to answer for",
    }
)


def opens(category: str, *, role: str, reason: str) -> bool:
    """Whether an emergency look for this reason may open this category to this role at all."""
    found = OPENABLE.get(category)
    return found is not None and reason in found.reasons and role in found.roles and role in EMERGENCY_ROLES
