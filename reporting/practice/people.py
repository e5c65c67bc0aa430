"""Who works in the practice county. Every name is made up; every address ends in `.example`."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from agencies.choices import Duty, Role

PASS_PHRASE: Final = "paper lanterns on a quiet river"  # noqa: S105  # printed by the demo command on purpose
"""The one password of all practice people, for trying the ordinary sign-in. Worth nothing anywhere else."""


@dataclass(frozen=True, slots=True)
class PracticeAgency:
    """One party to the practice county's protocol."""

    role: Role
    name: str
    short_name: str
    domain: str
    governmental: bool = True


@dataclass(frozen=True, slots=True)
class PracticePerson:
    """One made-up person. `trained` False: CSEC 101 ran out a month ago, so nothing opens."""

    role: Role
    duty: Duty
    name: str
    title: str
    trained: bool = True

    @property
    def address(self) -> str:
        domain = next(agency.domain for agency in AGENCIES if agency.role == self.role)
        return f"{self.name.lower().replace(' ', '.')}@{domain}.example"


AGENCIES: Final = (
    PracticeAgency(Role.CHILD_WELFARE, "Valverde County Child Welfare", "Child Welfare", "childwelfare"),
    PracticeAgency(Role.PROBATION, "Valverde County Probation", "Probation", "probation"),
    PracticeAgency(Role.MENTAL_HEALTH, "Valverde County Mental Health", "Mental Health", "mentalhealth"),
    PracticeAgency(Role.PUBLIC_HEALTH, "Valverde County Public Health", "Public Health", "publichealth"),
    PracticeAgency(Role.SUBSTANCE_USE, "Valverde Substance Use Services", "Substance Use", "recovery"),
    PracticeAgency(Role.JUVENILE_COURT, "Valverde Juvenile Court", "Juvenile Court", "court"),
    PracticeAgency(Role.EDUCATION, "Valverde Office of Education", "Education", "schools"),
    PracticeAgency(
        Role.DEPENDENCY_ATTORNEY, "Valverde Children’s Attorneys", "Children’s Attorneys", "attorneys", False
    ),
    PracticeAgency(Role.DISTRICT_ATTORNEY, "Valverde District Attorney", "District Attorney", "da"),
    PracticeAgency(Role.PUBLIC_DEFENDER, "Valverde Public Defender", "Public Defender", "defender"),
    PracticeAgency(Role.LAW_ENFORCEMENT, "Puerto Claro Police", "Police", "police"),
    PracticeAgency(Role.SURVIVOR_MENTOR, "Lighthouse Mentors", "Mentors", "mentors", False),
    PracticeAgency(Role.ADVOCATE, "Harbor Advocates", "Advocates", "advocates", False),
    PracticeAgency(Role.CASA, "CASA of Valverde", "CASA", "casa", False),
    PracticeAgency(Role.LEGAL_PROVIDER, "Valverde Legal Aid", "Legal Aid", "legalaid", False),
    PracticeAgency(Role.COUNTY_COUNSEL, "Valverde County Counsel", "County Counsel", "counsel"),
    PracticeAgency(Role.STEERING_COMMITTEE, "Valverde Steering Committee", "Committee", "committee"),
)

PEOPLE: Final = (
    PracticePerson(Role.CHILD_WELFARE, Duty.HOTLINE, "Dana Reyes", "emergency response worker"),
    PracticePerson(Role.CHILD_WELFARE, Duty.HOTLINE, "Oscar Lindqvist", "hotline worker, nights"),
    PracticePerson(Role.CHILD_WELFARE, Duty.LINE_WORKER, "Mai Tanaka", "case-carrying social worker"),
    PracticePerson(Role.CHILD_WELFARE, Duty.LINE_WORKER, "Ruben Ortega", "social worker", trained=False),
    PracticePerson(Role.CHILD_WELFARE, Duty.SUPERVISOR, "Priya Raman", "emergency response supervisor"),
    PracticePerson(Role.CHILD_WELFARE, Duty.DIRECTOR, "Margaret Osei", "director of Child Welfare"),
    PracticePerson(Role.CHILD_WELFARE, Duty.COORDINATOR, "Lena Ostrowski", "team coordinator"),
    PracticePerson(Role.CHILD_WELFARE, Duty.SECURITY_OFFICER, "Marcus Bell", "security officer"),
    PracticePerson(Role.PROBATION, Duty.LINE_WORKER, "Tomas Vega", "placement officer"),
    PracticePerson(Role.PROBATION, Duty.HOTLINE, "Noor Haddad", "intake officer"),
    PracticePerson(Role.PROBATION, Duty.SUPERVISOR, "Ines Calloway", "supervising officer"),
    PracticePerson(Role.PROBATION, Duty.SECURITY_OFFICER, "Walter Szabo", "security officer"),
    PracticePerson(Role.MENTAL_HEALTH, Duty.LINE_WORKER, "Joelle Baptiste", "clinician"),
    PracticePerson(Role.MENTAL_HEALTH, Duty.SUPERVISOR, "Anders Holm", "clinical supervisor"),
    PracticePerson(Role.PUBLIC_HEALTH, Duty.LINE_WORKER, "Amara Diallo", "foster care nurse"),
    PracticePerson(Role.PUBLIC_HEALTH, Duty.SUPERVISOR, "Grace Okonkwo", "nursing supervisor"),
    PracticePerson(Role.SUBSTANCE_USE, Duty.LINE_WORKER, "Felix Moreau", "youth counselor"),
    PracticePerson(Role.JUVENILE_COURT, Duty.LINE_WORKER, "Helen Strand", "court officer"),
    PracticePerson(Role.EDUCATION, Duty.LINE_WORKER, "Kenji Mori", "foster youth liaison"),
    PracticePerson(Role.DEPENDENCY_ATTORNEY, Duty.LINE_WORKER, "Beatriz Salas", "child’s attorney"),
    PracticePerson(Role.DISTRICT_ATTORNEY, Duty.LINE_WORKER, "Simon Achterberg", "deputy district attorney"),
    PracticePerson(Role.PUBLIC_DEFENDER, Duty.LINE_WORKER, "Tamika Rhodes", "deputy public defender"),
    PracticePerson(Role.LAW_ENFORCEMENT, Duty.LINE_WORKER, "Paul Iversen", "detective"),
    PracticePerson(Role.LAW_ENFORCEMENT, Duty.SUPERVISOR, "Carla Mendez", "detective sergeant"),
    PracticePerson(Role.SURVIVOR_MENTOR, Duty.LINE_WORKER, "Jasmine Whitlock", "survivor mentor"),
    PracticePerson(Role.ADVOCATE, Duty.LINE_WORKER, "Sofia Duarte", "advocate"),
    PracticePerson(Role.ADVOCATE, Duty.SUPERVISOR, "Ellen Farrow", "program manager"),
    PracticePerson(Role.CASA, Duty.LINE_WORKER, "Howard Pell", "volunteer advocate"),
    PracticePerson(Role.LEGAL_PROVIDER, Duty.LINE_WORKER, "Yusuf Karim", "immigration attorney"),
    PracticePerson(Role.COUNTY_COUNSEL, Duty.COUNSEL, "Ruth Castellanos", "deputy county counsel"),
    PracticePerson(Role.STEERING_COMMITTEE, Duty.COMMITTEE, "Victor Nakamura", "committee chair"),
    PracticePerson(Role.STEERING_COMMITTEE, Duty.COMMITTEE, "Alice Ferreira", "committee member"),
    PracticePerson(Role.STEERING_COMMITTEE, Duty.AUDITOR, "Irene Kowalczyk", "privacy auditor"),
)

MANDATED_REPORTERS: Final = MappingProxyType(
    {
        Role.CHILD_WELFARE: "social worker",
        Role.PROBATION: "probation officer",
        Role.MENTAL_HEALTH: "clinician",
    }
)
"""Categories under Penal Code 11165.7, as words."""
