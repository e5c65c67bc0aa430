"""Papers on file that open a section: for each kind what the law asks of it, and what it opens at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from agencies.disclosure.papers.court import (
    CasaTerms,
    CourtFileTerms,
    CourtOrderTerms,
    RetainerTerms,
    SealedTerms,
)
from agencies.disclosure.papers.own_word import AdultConsentTerms, ChoiceTerms, NeedTerms
from agencies.disclosure.papers.releases import Part2Terms, PrivilegeTerms, ReleaseTerms, TeamReleaseTerms
from agencies.disclosure.papers.terms import Circumstances, Lack, Opened, Terms

KINDS: Final[tuple[type[Terms], ...]] = (
    CourtOrderTerms,
    ReleaseTerms,
    Part2Terms,
    TeamReleaseTerms,
    ChoiceTerms,
    AdultConsentTerms,
    CasaTerms,
    RetainerTerms,
    NeedTerms,
    CourtFileTerms,
    PrivilegeTerms,
    SealedTerms,
)

ANSWERS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "CO": frozenset({"CO"}),
        "ROI": frozenset({"ROI"}),
        "P2": frozenset({"P2", "P2CO"}),
        "CFT": frozenset({"CFT"}),
        "youth": frozenset({"youth", "NMD"}),
        "CASA": frozenset({"CASA"}),
        "own-client": frozenset({"own-client"}),
        "need": frozenset({"need"}),
        "827E": frozenset({"827E"}),
        "827K": frozenset({"827K"}),
        "827V": frozenset({"827V"}),
        "priv": frozenset({"priv"}),
        "seal": frozenset({"seal"}),
        "MDT": frozenset({"NMD"}),
    }
)
"""Which papers answer a ground of the matrix. A seat needs none; from 18 only the young adult's own consent."""


def answers(ground: str) -> frozenset[str]:
    """The grounds of papers that open a cell resting on this ground; its own where nothing else is agreed."""
    return ANSWERS.get(ground, frozenset({ground}))


__all__ = [
    "ANSWERS",
    "KINDS",
    "AdultConsentTerms",
    "CasaTerms",
    "ChoiceTerms",
    "Circumstances",
    "CourtFileTerms",
    "CourtOrderTerms",
    "Lack",
    "NeedTerms",
    "Opened",
    "Part2Terms",
    "PrivilegeTerms",
    "ReleaseTerms",
    "RetainerTerms",
    "SealedTerms",
    "TeamReleaseTerms",
    "Terms",
    "answers",
]
