"""Whole papers of every kind, for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from referrals.models import MODEL_OF, Paper

DAY = date(2026, 11, 2)
COURT = {"court": "Juvenile Court", "case_number": "J-1"}
SIGNED = {"signer": "R. Vale", "capacity": "youth", "signed_on": DAY}
ELEMENTS: dict[str, dict[str, Any]] = {
    "CO": {**COURT, "judge": "A. Ortiz", "ordered_on": DAY, "terms_ordered": "Records of this year"},
    "ROI": {
        **SIGNED,
        "capacity": "guardian",
        "what": "Summary of care",
        "purpose": "Coordination",
        "revocable": True,
        "not_a_condition": True,
        "may_travel_on": True,
    },
    "P2": {
        **SIGNED,
        "patient_named": True,
        "program": "Harbor program",
        "what": "Attendance only",
        "purpose": "Case planning",
        "revocable": True,
        "consequences": True,
    },
    "CFT": {**SIGNED, "capacity": "guardian", "participant": "S. Duarte", "no_adoption_records": True},
    "youth": {"allows": "My name and pronouns", "signed": True, "signed_on": DAY, "minor_section": "6925"},
    "NMD": {"explained": "Who reads what", "purpose": "My plan", "in_writing": True, "signed_on": DAY},
    "CASA": {**COURT, "ordered_on": DAY, "advocate": "H. Pell", "reads_records": True},
    "own-client": {"attorney": "E. Stone", "began_on": DAY, "acts_for_youth": True},
    "need": {"task": "visit", "purpose": "Home visit on Friday"},
    "827": {"paragraph": "K", "capacity": "Team member"},
    "priv": {**SIGNED, "privilege": "1038", "what": "What I told my advocate about the move"},
    "seal": {"authority": "WIC 786(g)", "purpose": "Placement decision"},
}
"""The elements of each kind, each as the law asks; an age nobody knows is no obstacle."""


def elements_of(ground: str) -> tuple[str, dict[str, Any]]:
    """The kind of paper that answers a ground of the matrix, and its elements."""
    if ground.startswith("827"):
        more = {"paragraph": ground[3:] or "K", "case_number": "J-1", "takes_part": True}
        return "827", {**ELEMENTS["827"], **more}
    if ground == "P2CO":
        return "CO", {**ELEMENTS["CO"], "part_2_findings": True}
    if ground == "MDT":
        return "NMD", ELEMENTS["NMD"]
    return ground, ELEMENTS[ground]


def paper_on_file(ground: str, **common: Any) -> Paper:
    """A row of the kind that answers this ground, saved as it is: nobody asks who may record it."""
    kind, elements = elements_of(ground)
    if kind == "need":
        elements = {**elements, "approved_at": common["since"]}
    paper = MODEL_OF[kind](**elements, **common)
    paper.save()
    return paper
