"""Which qualifications make a talk with an advocate privileged, and what the law asks of each. Pure rules.

Without one the privilege does not attach, so records of such talks open to nobody who has none: Evidence Code 1038.2
(human trafficking caseworker) and 1035.2 (sexual assault counselor).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from agencies.choices import Qualified, QualifiedBy
from agencies.disclosure.categories import WRITERS

PRIVILEGED_TALKS: Final = "r22"
QUALIFIED_ROLES: Final = WRITERS[PRIVILEGED_TALKS]
"""Agencies whose staff open records of privileged talks only with a current qualification."""

HOURS_AT_LEAST: Final = 40
LAW: Final = {
    Qualified.CASEWORKER: "Evidence Code 1038.2",
    Qualified.COUNSELOR: "Evidence Code 1035.2",
}


@dataclass(frozen=True, slots=True)
class QualificationSaid:
    """What the security officer writes down, with its proof."""

    kind: Qualified
    way: QualifiedBy
    hours: int
    supervisor: str
    evidence: str
    starts_on: date
    ends_on: date | None = None


def qualification_lacks(said: QualificationSaid, *, governmental: bool, today: date) -> list[tuple[str, str]]:
    """What is missing, as the field to mend and a sentence naming the law; empty when the qualification is whole."""
    law = LAW[said.kind]
    found = []
    if said.kind is Qualified.CASEWORKER and governmental:
        found.append(
            ("kind", f"Caseworkers of a government agency do not qualify: {law} asks for one that is none.")
        )
    if said.way is QualifiedBy.TRAINING and said.hours < HOURS_AT_LEAST:
        found.append(("hours", f"{law} asks for at least {HOURS_AT_LEAST} hours of training."))
    if said.way is QualifiedBy.TRAINING and not said.supervisor.strip():
        found.append(("supervisor", f"{law} asks for a supervisor who qualifies by degree or licence."))
    if not said.evidence.strip():
        found.append(("evidence", "Say where the proof lies: a certificate’s number, a folder."))
    if said.starts_on > today:
        found.append(("starts_on", "Write it down on the day it begins."))
    if said.ends_on is not None and said.ends_on < said.starts_on:
        found.append(("ends_on", "The last day is before the first day."))
    return found
