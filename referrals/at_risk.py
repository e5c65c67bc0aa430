"""The State's rule for "at risk of exploitation": one strong sign, or two of the others.

A screening tool's score never stands in for this rule; child welfare and probation apply it themselves (ACL
16-49). The words are our own. A county that changes the rule gives it another version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

RULE_VERSION: Final = "2016.1"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One sign to answer yes, no or unknown, each with its source and date. A strong one is enough alone."""

    code: str
    is_strong: bool
    words: str


INDICATORS: Final[tuple[Indicator, ...]] = (
    Indicator("A1", True, "What the child does or says suggests that someone controls or grooms them"),
    Indicator("A2", True, "Spends time with people known to be part of commercial sex"),
    Indicator(
        "A3", True, "Uses the internet, phone or social media in sexual or social ways unusual for their age"
    ),
    Indicator(
        "B1",
        False,
        "Has run away, has no stable home (many placements count), or is homeless or couch-surfing",
    ),
    Indicator("B2", False, "Has been in contact with law enforcement or juvenile justice before"),
    Indicator("B3", False, "Is often truant from school"),
    Indicator("B4", False, "Has relationships that give cause for concern and could lead to exploitation"),
    Indicator("B5", False, "Has a history of using narcotics, opiates, crack or cocaine, or amphetamines"),
)
OTHERS_NEEDED: Final = 2

SUBSTANCES_THAT_COUNT: Final[tuple[str, ...]] = ("narcotics", "opiates", "crack", "cocaine", "amphetamines")
"""Only these classes make B5 a yes; another substance alone does not, and the person answering is told."""

_CODES: Final = frozenset(indicator.code for indicator in INDICATORS)


def at_risk(answers: Mapping[str, bool | None]) -> bool | None:
    """Whether the rule is met; `None` while answers not known yet could still decide it.

    `answers` maps an indicator's code to yes, no or unknown (`None`); one left out is unknown, which is not a
    no. Raises `ValueError` for a code that is not an indicator.
    """
    unknown_codes = sorted(set(answers) - _CODES)
    if unknown_codes:
        raise ValueError(f"No such indicator: {', '.join(unknown_codes)}. There are A1 to A3 and B1 to B5.")
    if _is_met(answers, unknown_counts=False):
        return True
    return None if _is_met(answers, unknown_counts=True) else False


def _is_met(answers: Mapping[str, bool | None], *, unknown_counts: bool) -> bool:
    def counts(indicator: Indicator) -> bool:
        answer = answers.get(indicator.code)
        return unknown_counts if answer is None else answer

    strong = any(counts(indicator) for indicator in INDICATORS if indicator.is_strong)
    others = sum(counts(indicator) for indicator in INDICATORS if not indicator.is_strong)
    return strong or others >= OTHERS_NEEDED


def substance_counts(substance: str) -> bool:
    """Whether a substance named by its class belongs to those indicator B5 is about."""
    return substance.strip().lower() in SUBSTANCES_THAT_COUNT
