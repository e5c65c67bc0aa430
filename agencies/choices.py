"""Code lists about agencies and the people in them."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    """The Framework's agency roles (Model Interagency Protocol Framework, part V), one column of the matrix each."""

    CHILD_WELFARE = "CW", "Child Welfare"
    PROBATION = "PO", "Probation"
    MENTAL_HEALTH = "MH", "Mental Health"
    PUBLIC_HEALTH = "PH", "Public Health"
    SUBSTANCE_USE = "SU", "Substance Use Services"
    JUVENILE_COURT = "JC", "Juvenile Court"
    EDUCATION = "ED", "Education"
    DEPENDENCY_ATTORNEY = "CDA", "Children's Dependency Attorneys"
    DISTRICT_ATTORNEY = "DA", "District Attorney"
    PUBLIC_DEFENDER = "PD", "Public Defender"
    LAW_ENFORCEMENT = "LE", "Law Enforcement"
    SURVIVOR_MENTOR = "SM", "Survivor Mentors"
    ADVOCATE = "ADV", "CSEC Advocates"
    CASA = "CASA", "Court Appointed Special Advocates"
    LEGAL_PROVIDER = "LEG", "Civil Legal Services"
    COUNTY_COUNSEL = "CC", "County Counsel"
    STEERING_COMMITTEE = "SC", "Steering Committee Staff"


class Duty(models.TextChoices):
    """What a person is designated to do. One person may hold several."""

    LINE_WORKER = "line_worker", "line worker"
    HOTLINE = "hotline", "hotline worker"
    SUPERVISOR = "supervisor", "supervisor"
    DIRECTOR = "director", "director"
    COORDINATOR = "coordinator", "team coordinator"
    COMMITTEE = "committee", "steering committee member"
    SECURITY_OFFICER = "security_officer", "security officer"
    COUNSEL = "counsel", "counsel"
    AUDITOR = "auditor", "auditor"


CASE_DUTIES = frozenset(
    {Duty.LINE_WORKER, Duty.HOTLINE, Duty.SUPERVISOR, Duty.DIRECTOR, Duty.COORDINATOR, Duty.COUNSEL}
)
"""Only these lead into case files. Committee members, security officers and auditors see counts and logs, not records."""


class Course(models.TextChoices):
    """Trainings that gate access and seats (MOU Template VI.B and VII)."""

    CSEC_101 = "csec_101", "CSEC 101: identification and awareness"
    CSEC_102 = "csec_102", "CSEC 102: engagement and team meetings"
    PROTOCOL = "protocol", "The county's protocol"
    CSE_IT = "cse_it", "Screening tool"


SEAT_COURSES = frozenset({Course.CSEC_101, Course.CSEC_102})
"""What a team member must have completed (MOU Template VI.B)."""


class Qualified(models.TextChoices):
    """What makes a person's talks with a young person privileged."""

    CASEWORKER = "1038.2", "Human trafficking caseworker (Evidence Code 1038.2)"
    COUNSELOR = "1035.2", "Sexual assault counselor (Evidence Code 1035.2)"


class QualifiedBy(models.TextChoices):
    """In which of the two ways of the law a person qualifies."""

    DEGREE = "degree", "A degree or licence, and the experience the law asks for"
    TRAINING = "training", "40 hours of training or more, under a supervisor who qualifies"
