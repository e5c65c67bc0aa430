"""What a minor in California may consent to alone; whoever may consent controls the record of that care."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

ADULT: Final = 18


@dataclass(frozen=True, slots=True)
class MinorConsent:
    """A kind of care that a minor of at least this age may consent to, by this section of law."""

    words: str
    law: str
    from_age: int


MINOR_CONSENT: Final[Mapping[str, MinorConsent]] = MappingProxyType(
    {
        "6922": MinorConsent("General care, living apart and managing own money", "Family Code 6922", 15),
        "6924": MinorConsent("Outpatient mental health treatment or shelter", "Family Code 6924(b)", 12),
        "6925": MinorConsent("Pregnancy prevention or treatment", "Family Code 6925", 0),
        "6926": MinorConsent("Reportable or sexually transmitted disease", "Family Code 6926", 12),
        "6927": MinorConsent("Care after an alleged rape", "Family Code 6927", 12),
        "6928": MinorConsent("Care after an alleged sexual assault", "Family Code 6928", 0),
        "6929": MinorConsent("Drug or alcohol treatment", "Family Code 6929(b)", 12),
        "6930": MinorConsent("Injury by an intimate partner", "Family Code 6930", 12),
    }
)


def may_consent(section: str, age: int | None) -> bool:
    """Whether a young person of this age may consent to this care alone; at 18 to every care.

    An age nobody knows is no obstacle: the person who recorded the signature saw who signed. Raises `KeyError` for a
    section that is none of these.
    """
    return age is None or age >= ADULT or age >= MINOR_CONSENT[section].from_age
