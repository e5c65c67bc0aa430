"""What people of each agency may record in a case beside their duties, in the groups in which a page shows it.

Only what starts, continues or spares a duty stands here; what is done about a duty is recorded on that duty's own page.
Pure words and roles; whether the agency keeps such records in a certain case is asked when it is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from referrals.deadlines import kinds
from referrals.deadlines.register.reporting import OTHER_REPORTERS, RECEIVERS

COUNTY = frozenset({kinds.CHILD_WELFARE, kinds.PROBATION})
POLICE = frozenset({kinds.LAW_ENFORCEMENT})
CARERS = COUNTY | {kinds.MENTAL_HEALTH, kinds.PUBLIC_HEALTH, "SU", kinds.ADVOCATE}
REPORTS, CHANGES, CRISES, WORK = (
    "Reports and findings",
    "Placement, court and plan",
    "Crises",
    "Assessments and referrals",
)
GROUPS = (CRISES, REPORTS, CHANGES, WORK)


@dataclass(frozen=True, slots=True)
class Recordable:
    """One thing that can be recorded: under which heading, by whom, with which questions, and what follows from it."""

    kind: str
    group: str
    roles: frozenset[str]
    title: str
    follows: str
    asks: tuple[str, ...] = ()


_ENTRIES = (
    Recordable(
        kinds.LAW_CONTACT,
        CRISES,
        COUNTY,
        "The child was arrested, cited or stopped",
        "A team meeting is due within three days.",
    ),
    Recordable(
        kinds.PSYCHIATRIC_CRISIS,
        CRISES,
        COUNTY | {kinds.PUBLIC_HEALTH},
        "The child had a psychiatric crisis",
        "A team meeting is due within three days; other agencies read that, not this entry.",
    ),
    Recordable(
        kinds.TRAFFICKER_THREAT,
        CRISES,
        CARERS,
        "An exploiter threatened the child or somebody close",
        "A team meeting is due within three days.",
    ),
    Recordable(
        kinds.PLACEMENT_DISRUPTED,
        CRISES,
        COUNTY,
        "The placement broke down",
        "A team meeting is due within three days.",
    ),
    Recordable(
        kinds.DETENTION_ENTERED,
        CRISES,
        frozenset({kinds.PROBATION}),
        "The child entered juvenile detention",
        "An assessment by Probation and a team meeting are due.",
    ),
    Recordable(
        kinds.EXPLOITATION_SUSPECTED,
        REPORTS,
        OTHER_REPORTERS | {kinds.PROBATION},
        "We came to suspect exploitation, or were told of it",
        "For mandated reporters: call the hotline at once, and send the form (SS 8572) within 36 hours. For Probation: an "
        "assessment.",
    ),
    Recordable(
        kinds.INVESTIGATION_CONCLUDED,
        REPORTS,
        COUNTY,
        "The investigation was concluded",
        "An assessment and the end of the special project code are due; for a substantiated finding also the index form.",
        ("finding", "general_neglect"),
    ),
    Recordable(
        kinds.FINDING_CHANGED,
        REPORTS,
        COUNTY,
        "A substantiated finding no longer stands",
        "The Department of Justice must be told.",
    ),
    Recordable(
        kinds.FACILITY_ABUSE_REPORTED,
        REPORTS,
        RECEIVERS,
        "Abuse in a licensed home was reported",
        "The licensing office must be told at once, and in writing within 36 hours.",
    ),
    Recordable(
        kinds.CUSTODY_ABUSE_ALLEGED,
        REPORTS,
        RECEIVERS,
        "Abuse of a child in protective custody is alleged",
        "A copy for the child’s attorney within 36 hours; for sexual or physical abuse an examination within 72 hours.",
        ("abuse",),
    ),
    Recordable(
        kinds.ATTORNEY_ASKED,
        REPORTS,
        RECEIVERS,
        "The child’s attorney asked for information about the report",
        "An answer is due within 30 days.",
    ),
    Recordable(
        kinds.YOUTHS_CHILD_REPORTED,
        REPORTS,
        RECEIVERS,
        "A report was received about the youth’s own child",
        "The youth’s attorney must be told within 36 hours.",
    ),
    Recordable(
        kinds.POLICE_REPORT_RECEIVED,
        REPORTS,
        POLICE,
        "We received a report of abuse of this child",
        "Tell Child Welfare and the district attorney at once, and in writing within 36 hours.",
        ("general_neglect",),
    ),
    Recordable(
        kinds.POLICE_INVESTIGATION_BEGUN,
        REPORTS,
        POLICE,
        "We began to investigate",
        "Child Welfare must be told within 36 hours.",
    ),
    Recordable(
        kinds.NOTICE_NOT_OWED,
        REPORTS,
        COUNTY,
        "A notice of the missing child is not owed",
        "That one notice falls away, with what you write here as its ground.",
        ("to", "ground"),
    ),
    Recordable(
        kinds.FOSTER_CARE_ENTERED,
        CHANGES,
        COUNTY,
        "The child entered foster care",
        "A child and family team meeting is due within 60 days, 30 for an Indian child, and before the disposition hearing.",
        ("disposition_on", "indian_child"),
    ),
    Recordable(
        kinds.PLACEMENT_CHANGED,
        CHANGES,
        COUNTY,
        "The placement changed",
        "An assessment and a team meeting are due. Leave out where the child is.",
    ),
    Recordable(
        kinds.PLAN_CHANGE_NEEDED,
        CHANGES,
        CARERS | {"ED"},
        "The plan or the placement needs to change",
        "A team meeting is due within seven days. Leave out where the child is.",
    ),
    Recordable(
        kinds.TESTIMONY_PLANNED,
        CHANGES,
        CARERS,
        "The child will testify against an exploiter",
        "A team meeting is due before that day.",
        ("on",),
    ),
    Recordable(
        kinds.ASSESSMENT_DONE,
        WORK,
        COUNTY | {kinds.MENTAL_HEALTH},
        "We completed an assessment",
        "The next one is due in six months.",
    ),
    Recordable(
        kinds.MENTAL_HEALTH_REFERRED,
        WORK,
        COUNTY,
        "The child was referred to Mental Health",
        "An assessment by Mental Health is due.",
    ),
)
RECORDABLE = MappingProxyType({entry.kind: entry for entry in _ENTRIES})


def offered_to(role: str) -> list[tuple[str, list[Recordable]]]:
    """What an agency of this role may record, by heading; headings with nothing are left out."""
    found = [
        (group, [one for one in _ENTRIES if one.group == group and role in one.roles]) for group in GROUPS
    ]
    return [(group, entries) for group, entries in found if entries]
