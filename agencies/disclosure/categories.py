"""The words of the disclosure matrix: categories of record, roles, legal grounds, and who keeps what.

Codes and short titles are those of `default_matrix.csv`. The meaning of each ground is told in our own words
and names the statute it stands for; county counsel confirms both.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

CHILD_WELFARE: Final = "CW"
PROBATION: Final = "PO"
MENTAL_HEALTH: Final = "MH"
PUBLIC_HEALTH: Final = "PH"
SUBSTANCE_USE: Final = "SU"
JUVENILE_COURT: Final = "JC"
EDUCATION: Final = "ED"
CHILDS_ATTORNEY: Final = "CDA"
DISTRICT_ATTORNEY: Final = "DA"
PUBLIC_DEFENDER: Final = "PD"
LAW_ENFORCEMENT: Final = "LE"
SURVIVOR_MENTOR: Final = "SM"
ADVOCATE: Final = "ADV"
CASA: Final = "CASA"
CIVIL_LEGAL: Final = "LEG"
COUNTY_COUNSEL: Final = "CC"
STEERING_COMMITTEE: Final = "SC"

ROLE_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        CHILD_WELFARE: "Child welfare",
        PROBATION: "Probation",
        MENTAL_HEALTH: "Mental health",
        PUBLIC_HEALTH: "Public health",
        SUBSTANCE_USE: "Substance use services",
        JUVENILE_COURT: "Juvenile court",
        EDUCATION: "Education",
        CHILDS_ATTORNEY: "Child's dependency attorney",
        DISTRICT_ATTORNEY: "District attorney",
        PUBLIC_DEFENDER: "Public defender",
        LAW_ENFORCEMENT: "Law enforcement",
        SURVIVOR_MENTOR: "Survivor mentor",
        ADVOCATE: "CSEC advocate",
        CASA: "Court appointed special advocate (CASA)",
        CIVIL_LEGAL: "Civil legal services",
        COUNTY_COUNSEL: "County counsel",
        STEERING_COMMITTEE: "Steering committee staff",
    }
)
ROLES: Final[tuple[str, ...]] = tuple(ROLE_NAMES)

CATEGORY_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "r01": "Identity & contact index (name, DOB, case no., assigned worker)",
        "r02": "CSEC status / grid rows / SPC",
        "r03": "Referral / SCAR narrative (reporter redacted)",
        "r04": "Reporter identity",
        "r05": "Screening result (tool, date, band)",
        "r06": "Screening answers / child statements",
        "r07": "Assessment (CANS-CSE ratings, needs)",
        "r08": "Mental-health treatment records",
        "r09": "Psychotherapy / process notes",
        "r10": "Substance-use treatment records",
        "r11": "General medical (history, medication, evaluation summary)",
        "r12": "Reproductive, STI/HIV, minor-consented care",
        "r13": "Forensic / sexual-assault exam",
        "r14": "Education records",
        "r15": "Dependency case file, court reports",
        "r16": "Delinquency, arrest, probation records",
        "r17": "Sealed juvenile records",
        "r18": "Exploiter / trafficker & investigation intelligence",
        "r19": "Confidential placement address / live location",
        "r20": "Missing episode (dates, photo, endangerment facts)",
        "r21": "SOGIE and pronoun-safety choices",
        "r22": "Advocate / survivor-mentor confidential communications",
        "r23": "Attorney-client communications",
        "r24": "MDT minutes and discussion",
        "r25": "Safety plan",
        "r26": "Service plan, referrals, attendance",
        "r27": "Immigration status, T/U-visa papers",
        "r28": "Aggregate, suppressed statistics",
        "d01": "An agency's own duties in a case",
    }
)

REPORTS: Final = "r03"
SERVICE_PLAN: Final = "r26"
REPORTER_IDENTITY: Final = "r04"
MEETING_MINUTES: Final = "r24"
AGGREGATE: Final = "r28"
OWN_DUTIES: Final = "d01"
"""The product's own category: what one agency owes in one case. Others read it as they read the service plan.
"""

MATRIX_CATEGORIES: Final[tuple[str, ...]] = tuple(code for code in CATEGORY_NAMES if code != OWN_DUTIES)
SECTION_CATEGORIES: Final[tuple[str, ...]] = tuple(code for code in CATEGORY_NAMES if code != AGGREGATE)
"""Categories a case file can have a section of. Aggregates belong to no child and so to no file."""

BASIS_OWN: Final = "own"
BASIS_CUSTODIAN: Final = "custodian"
BASIS_AUTHOR: Final = "author"
BASIS_LEAD: Final = "lead"
BASIS_MDT: Final = "MDT"
BASIS_YOUTH: Final = "youth"
BASIS_ADULT_CONSENT: Final = "NMD"
BASIS_PART_2_ORDER: Final = "P2CO"
BASIS_CASA: Final = "CASA"
BASIS_OWN_CLIENT: Final = "own-client"
BASIS_NEED: Final = "need"
BASIS_SEAL: Final = "seal"

BASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        BASIS_OWN: "the agency made this record or holds it by law",
        BASIS_CUSTODIAN: "only the agency that took it down",
        BASIS_AUTHOR: "only the one person who wrote it",
        BASIS_LEAD: "child welfare leads the case and follows every agency's duties",
        BASIS_MDT: "a written seat on this child's multidisciplinary team (WIC 18951, 830, 18964, 18961.7)",
        BASIS_YOUTH: "the young person's own signed choice",
        BASIS_ADULT_CONSENT: "the young adult's own written, informed consent (WIC 18964(c))",
        BASIS_CASA: "a court order appointing the CASA is on file",
        BASIS_OWN_CLIENT: "counsel or provider for this child; the appointment or retainer is on file",
        BASIS_NEED: "a logged need to know, with an end",
        "18961.5": "the shared index of identity and contacts (WIC 18961.5)",
        "827A": "court personnel (WIC 827(a)(1)(A))",
        "827B": "the district attorney (WIC 827(a)(1)(B))",
        "827E": "attorneys for the parties (WIC 827(a)(1)(E))",
        "827F": "county counsel or city attorney in the case (WIC 827(a)(1)(F))",
        "827G": "the school superintendent, to inspect only (WIC 827(a)(1)(G))",
        "827H": "members of child protective agencies (WIC 827(a)(1)(H))",
        "827K": "members of children's multidisciplinary teams, to inspect only (WIC 827(a)(1)(K))",
        "827V": "the child's or ward's attorney (WIC 827(a)(1)(V))",
        "827.9": "juvenile police records between agencies (WIC 827.9)",
        "324.5": "examination results to court and counsel (WIC 324.5)",
        "49076": "school records for the placing agency (Education Code 49076, FERPA)",
        "56.103": "health facts to coordinate a child's care (Civil Code 56.103)",
        "5328.04": "mental-health facts to coordinate a child's care (WIC 5328.04)",
        "11167d": "the closed list for the reporter's identity (Penal Code 11167(d))",
        "CANRA": "child abuse reports to the agencies named by law (Penal Code 11166, 11167.5)",
        "LE-case": "the agency's own criminal investigation of this exam's event",
        "j2": "the report of an identified victim (Penal Code 11166(j)(2))",
        "j3": "the report of a missing child (Penal Code 11166(j)(3))",
        "notice": "a named recipient of the missing-child notice (WIC 16501.35(b)(2)(F))",
        "report": "only what stands in a report filed with the court",
        "care": "treatment and coordination between providers",
        "safety": "only what keeps the child or the worker safe",
        "CFT": "a signed release to the child and family team (WIC 832)",
        "ROI": "a signed release of information (HIPAA, CMIA, FERPA)",
        "P2": "a written consent that names its recipient (42 CFR Part 2)",
        BASIS_PART_2_ORDER: "a court order with the findings of 42 CFR Part 2, subpart E",
        "CO": "a court order",
        "priv": "the holder of the privilege alone",
        BASIS_SEAL: "sealed: treated as not existing (WIC 781, 786, 827.95)",
        "inadm": "not admissible, not for the court",
        "MOU": "a use the county's agreement rules out",
        "agg": "only in counts that cannot be traced back",
        "none": "no known authority",
    }
)

SEALABLE: Final[frozenset[str]] = frozenset({"r14", "r15", "r16", "r18"})
"""Records that a court seals with a juvenile's case: school, dependency, delinquency and police (WIC 781, 786, 827.95).

The index, the duties, minutes and private notes are no such records; sealed delinquency records kept as such are r17."""

INSPECT_ONLY_BASES: Final[frozenset[str]] = frozenset({"827G", "827K"})
"""Grounds that let a person look but take no copy, print or export (WIC 827(a)(5))."""

# Who keeps this record. This is the product's own rule, not a statute: it says whose work produces the
# record, so a reader is not by that alone a writer. It never opens anything: writing needs `see` as well.
WRITERS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "r01": frozenset({"CW", "PO"}),
        "r02": frozenset({"CW", "PO"}),
        "r03": frozenset({"CW", "PO"}),
        "r04": frozenset({"CW", "PO"}),
        "r05": frozenset({"CW", "PO", "MH", "PH"}),
        "r06": frozenset({"CW", "PO"}),
        "r07": frozenset({"CW", "PO", "MH"}),
        "r08": frozenset({"MH"}),
        "r09": frozenset({"MH"}),
        "r10": frozenset({"SU"}),
        "r11": frozenset({"PH", "CW", "PO"}),
        "r12": frozenset({"PH"}),
        "r13": frozenset({"PH"}),
        "r14": frozenset({"ED"}),
        "r15": frozenset({"CW"}),
        "r16": frozenset({"PO"}),
        "r17": frozenset({"PO"}),
        "r18": frozenset({"LE", "DA"}),
        "r19": frozenset({"CW", "PO"}),
        "r20": frozenset({"CW", "PO", "LE"}),
        "r21": frozenset({"CW", "PO", "MH", "PH", "ADV"}),
        "r22": frozenset({"SM", "ADV"}),
        "r23": frozenset({"CDA", "PD", "LEG", "CC"}),
        "r24": frozenset({"CW", "PO", "MH", "PH", "SU", "ADV"}),
        "r25": frozenset({"CW", "PO", "MH", "PH", "SU", "ADV"}),
        "r26": frozenset({"CW", "PO", "MH", "PH", "SU", "ADV", "ED"}),
        "r27": frozenset({"CW", "PO", "LEG"}),
    }
)
