"""Papers that somebody signs: team release, release of information, Part 2 consent, waiver of a privilege."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from agencies.disclosure.papers.minors import ADULT, MINOR_CONSENT, may_consent
from agencies.disclosure.papers.terms import Circumstances, Lack, Terms, not_later

SCHOOL_RECORDS: Final = "r14"
TREATED_ALONE_FROM: Final = 12
"""From this age a minor consents to substance-use treatment alone and so signs alone (Family Code 6929(b))."""

_TEAM = "WIC 832"
_HEALTH = "45 CFR 164.508(c), Civil Code 56.11"
_SCHOOL = "34 CFR 99.30, Education Code 49075"
PRIVILEGES: Final = {
    "1014": "Psychotherapist and patient (Evidence Code 1014)",
    "1035.8": "Sexual assault counselor and victim (Evidence Code 1035.8)",
    "1037.5": "Domestic violence counselor and victim (Evidence Code 1037.5)",
    "1038": "Human trafficking caseworker and victim (Evidence Code 1038)",
    "954": "Lawyer and client (Evidence Code 954)",
}


@dataclass(frozen=True, slots=True)
class SignedTerms(Terms):
    """A paper with a signature: who signed, in what capacity, when."""

    signer: str = ""
    capacity: str = ""
    signed_on: date | None = None

    def _signature(self, when: Circumstances, law: str) -> Iterator[Lack]:
        if not self.signer.strip():
            yield Lack("signer", "Write who signed", law)
        if not self.capacity:
            yield Lack("capacity", "Say in what capacity they signed", law)
        if self.signed_on is None:
            yield Lack("signed_on", "Write the day of the signature", law)
        yield from not_later("signed_on", self.signed_on, when, law)

    def _age(self, when: Circumstances) -> int | None:
        return when.age_on(self.signed_on or when.today)

    def _adult_signs(self, when: Circumstances, law: str) -> Iterator[Lack]:
        """At 18 only the young person's own signature counts."""
        age = self._age(when)
        if age is not None and age >= ADULT and self.capacity and self.capacity != "youth":
            yield Lack("capacity", "At 18 the young person signs", law)


@dataclass(frozen=True, slots=True)
class TeamReleaseTerms(SignedTerms):
    """A participant's written release to the child and family team; it lasts while the team works with the child."""

    participant: str = ""
    no_adoption_records: bool = False

    kind: ClassVar[str] = "CFT"
    name: ClassVar[str] = "Child and family team release"
    law: ClassVar[str] = _TEAM
    elements: ClassVar[tuple[Lack, ...]] = (
        Lack("participant", "Name the team member who may receive", _TEAM),
        Lack("no_adoption_records", "The release may not reach adoption records", _TEAM),
    )

    def _own(self, when: Circumstances) -> Iterator[Lack]:
        yield from self._signature(when, _TEAM)
        yield from self._adult_signs(when, _TEAM)


@dataclass(frozen=True, slots=True)
class ReleaseTerms(SignedTerms):
    """A release of health records (HIPAA, CMIA) or school records (FERPA): what, to whom, for what, until when."""

    what: str = ""
    purpose: str = ""
    minor_section: str = ""
    revocable: bool = False
    not_a_condition: bool = False
    may_travel_on: bool = False

    kind: ClassVar[str] = "ROI"
    name: ClassVar[str] = "Release of information"
    law: ClassVar[str] = "HIPAA, CMIA, FERPA"

    def _own(self, when: Circumstances) -> Iterator[Lack]:
        law = _SCHOOL if self.category == SCHOOL_RECORDS else _HEALTH
        yield from self._signature(when, law)
        yield from self._adult_signs(when, law)
        if not self.what.strip():
            yield Lack("what", "Describe the records that may be released", law)
        if not self.purpose.strip():
            yield Lack("purpose", "Write the purpose", law)
        if self.category == SCHOOL_RECORDS:
            if self.capacity == "youth" and (self._age(when) or ADULT) < ADULT:
                yield Lack(
                    "capacity", "Before 18 a parent or guardian signs for school records", "34 CFR 99.3"
                )
            return
        if self.until is None:
            yield Lack("until", "Say when the release ends", "45 CFR 164.508(c)(1)(v), Civil Code 56.11(h)")
        if not self.revocable:
            yield Lack("revocable", "It must say that it can be revoked, and how", "45 CFR 164.508(c)(2)(i)")
        if not self.not_a_condition:
            yield Lack(
                "not_a_condition",
                "It must say whether care depends on signing",
                "45 CFR 164.508(c)(2)(ii)",
            )
        if not self.may_travel_on:
            yield Lack(
                "may_travel_on",
                "It must say what becomes of the records at the recipient",
                "45 CFR 164.508(c)(2)(iii), Civil Code 56.11(k)",
            )
        yield from self._minor_signs(when)

    def _minor_signs(self, when: Circumstances) -> Iterator[Lack]:
        age = self._age(when)
        if self.capacity != "youth" or age is None or age >= ADULT:
            return
        if self.minor_section not in MINOR_CONSENT:
            yield Lack(
                "minor_section",
                "A minor signs alone only for care they may consent to; choose which",
                "Family Code 6920-6930, Health and Safety Code 123115",
            )
        elif not may_consent(self.minor_section, age):
            entry = MINOR_CONSENT[self.minor_section]
            yield Lack("minor_section", f"This needs an age of {entry.from_age}", entry.law)


@dataclass(frozen=True, slots=True)
class Part2Terms(SignedTerms):
    """A patient's written consent to disclose substance-use treatment records, with every element of 42 CFR 2.31(a).

    The patient is the young person whose file this is. `ends_upon` names the event or condition of the end where it is
    not a day.
    """

    patient_named: bool = False
    program: str = ""
    what: str = ""
    purpose: str = ""
    revocable: bool = False
    consequences: bool = False
    ends_upon: str = ""

    kind: ClassVar[str] = "P2"
    name: ClassVar[str] = "Substance-use consent (42 CFR Part 2)"
    law: ClassVar[str] = "42 CFR 2.31"
    elements: ClassVar[tuple[Lack, ...]] = (
        Lack("patient_named", "The consent must name the patient", "42 CFR 2.31(a)(1)"),
        Lack("program", "Name the program or person who may disclose", "42 CFR 2.31(a)(2)"),
        Lack("what", "Write how much and what kind of information", "42 CFR 2.31(a)(3)"),
        Lack("purpose", "Write the purpose of the disclosure", "42 CFR 2.31(a)(5)"),
        Lack("revocable", "It must say that it can be revoked in writing, and how", "42 CFR 2.31(a)(6)"),
        Lack("consequences", "It must say what follows from not signing", "42 CFR 2.31(a)"),
    )

    def _own(self, when: Circumstances) -> Iterator[Lack]:
        if self.until is None and not self.ends_upon.strip():
            yield Lack(
                "until", "Write the day, or the event or condition, on which it ends", "42 CFR 2.31(a)(7)"
            )
        yield from self._signature(when, "42 CFR 2.31(a)(8), (9)")
        age = self._age(when)
        if not self.capacity:
            return
        if age is not None and age < TREATED_ALONE_FROM:
            if self.capacity != "both":
                yield Lack("capacity", "Under 12 the patient and a parent both sign", "42 CFR 2.14(c)")
        elif self.capacity not in {"youth", "both"} or (
            age is not None and age >= ADULT and self.capacity == "both"
        ):
            yield Lack(
                "capacity",
                "The patient signs: from 12 the minor consents alone",
                "42 CFR 2.14(b), Family Code 6929(b)",
            )


@dataclass(frozen=True, slots=True)
class PrivilegeTerms(SignedTerms):
    """The holder of a privilege lets one agency have what was told in confidence."""

    privilege: str = ""
    what: str = ""

    kind: ClassVar[str] = "priv"
    name: ClassVar[str] = "Waiver by the holder of a privilege"
    law: ClassVar[str] = "Evidence Code 912"
    elements: ClassVar[tuple[Lack, ...]] = (
        Lack("privilege", "Choose the privilege", "Evidence Code 912"),
        Lack("what", "Write what may be told", "Evidence Code 912"),
    )

    def _own(self, when: Circumstances) -> Iterator[Lack]:
        yield from self._signature(when, "Evidence Code 912")
        yield from self._adult_signs(when, "Evidence Code 912")
