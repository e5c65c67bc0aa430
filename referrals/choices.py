"""Code lists of referrals and case files, with the State's code beside a value where there is one."""

from __future__ import annotations

from django.db import models

from agencies.choices import Role


class Answer(models.TextChoices):
    """Yes, no, or not known; not known is a real answer and never means no."""

    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_KNOWN = "not_known", "Not known"


class Holder(models.TextChoices):
    """Which county agency has the child's case (MOU Template VI.C: jurisdiction decides who responds)."""

    CHILD_WELFARE = "cw", "Child Welfare"
    PROBATION = "probation", "Probation"
    DUAL = "dual", "Both"
    NEITHER = "none", "Neither"
    NOT_KNOWN = "unknown", "Not known"


class Tier(models.TextChoices):
    """How fast the county answers (MOU Template VI.C and VI.D)."""

    CRISIS = "crisis", "Immediate crisis"
    INITIAL = "initial", "Initial"


class Channel(models.TextChoices):
    """How the referral reached the agency."""

    PHONE = "phone", "Telephone"
    IN_PERSON = "in_person", "In person"
    FAX = "fax", "Fax"
    EMAIL = "email", "E-mail"
    MAIL = "mail", "Mail"


class Mode(models.TextChoices):
    """How a report was made (Penal Code 11166(j))."""

    TELEPHONE = "telephone", "Telephone"
    FAX = "fax", "Fax"
    ELECTRONIC = "electronic", "Electronic"
    IN_WRITING = "writing", "In writing"
    IN_PERSON = "in_person", "In person"


class PartyKind(models.TextChoices):
    """Why an agency takes part in a case."""

    ASSIGNMENT = "assignment", "case assignment"
    JURISDICTION = "jurisdiction", "jurisdiction over the child"
    RESPONDER = "responder", "called to respond"
    CROSS_REPORT = "cross_report", "received a cross-report"
    APPOINTMENT = "appointment", "appointed by the court"
    RETAINER = "retainer", "retained for the child"
    NOTICE = "notice", "owed notice by law"


KEEPING = (PartyKind.ASSIGNMENT, PartyKind.JURISDICTION)
"""Ways to take part in which an agency keeps the file."""

PARTY_READERS = frozenset({Role.CHILD_WELFARE, Role.PROBATION, Role.COUNTY_COUNSEL})
"""Who takes part says something about a child (a clinic, a defender), so only the agencies that keep the file know."""


class ServicesSituation(models.TextChoices):
    """Whether a child receives child welfare services, as the situations E1-E10 of the eligibility table."""

    FOSTER_CARE = "E1", "In foster care, under 18"
    EXTENDED_IV_E = "E2", "In foster care, 18 to 20, with Title IV-E"
    EXTENDED_OTHER = "E3", "In foster care, 18 or over, without Title IV-E"
    OPEN_CASE = "E4", "At home with an open case"
    CANDIDATE = "E5", "Candidate for foster care"
    RUN_NOT_DISCHARGED = "E6", "Away from foster care, not formally discharged"
    RUN_DISCHARGED = "E7", "Away from foster care, discharged or 21"
    ILP = "E8", "Receiving independent living services"
    PROBATION_ONLY = "E9", "Under probation, no candidacy and no placement"
    NO_CASE = "E10", "No case"
    NOT_KNOWN = "unknown", "Not known yet"


class StatusCode(models.TextChoices):
    """The six permanent fields of the State system's CSEC data grid, with the State's codes and labels."""

    AT_RISK = "6867", "At Risk"
    BEFORE_CARE = "6868", "Victim Before Foster Care"
    DURING_CARE = "6869", "Victim During Foster Care"
    OPEN_CASE = "6870", "Victim in Open Case not in Foster Care"
    WHILE_ABSENT = "6871", "Victim while Absent from Placement"
    CLOSED_ILP = "6872", "Victim with Closed Case, Rcv ILP Svcs"


SPECIAL_PROJECT_CODE = "S-CSEC Referral"
"""The State's special project code for every referral that alleges exploitation (ACL 16-74)."""


class SealLaw(models.TextChoices):
    """Under which law a court sealed a juvenile's records."""

    WIC_781 = "781", "WIC 781: sealed on petition"
    WIC_786 = "786", "WIC 786: satisfactory completion, dismissed and sealed"
    WIC_787 = "787", "WIC 787: supervision completed, sealed"
    WIC_827_95 = "827.95", "WIC 827.95: diverted, police records sealed"
