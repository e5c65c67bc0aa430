"""Part C of the register, its second half: assessments, the project code, and child and family teams."""

from __future__ import annotations

from typing import Final

from referrals.deadlines import kinds
from referrals.deadlines import rule_ids as ids
from referrals.deadlines.calendar import CalendarDays, Months, Within
from referrals.deadlines.rule import Force, Owing, Rule, ShownBy


def _assessment(
    rule_id: str, register: str, role: str, starts_on: tuple[str, ...], within: Within, title: str
) -> Rule:
    return Rule(
        id=rule_id,
        register=register,
        title=title,
        force=Force.PRACTICE,
        limit_force=Force.PRACTICE,
        citation="County protocol, assessments",
        within=within,
        owed_to=(kinds.TO_CHILD,),
        met_by=kinds.ASSESSMENT_DONE,
        shown_by=ShownBy.OWING_AGENCY,
        consequence="The child’s needs are guessed from an old picture.",
        starts_on=starts_on,
        owed_by=Owing.MENTAL_HEALTH if role == kinds.MENTAL_HEALTH else Owing.RECORDER,
        roles=frozenset({role}),
        rolls=starts_on == (kinds.ASSESSMENT_DONE,),
    )


RULES: Final[tuple[Rule, ...]] = (
    _assessment(
        ids.ASSESSMENT_CW,
        "C11",
        kinds.CHILD_WELFARE,
        (kinds.INVESTIGATION_CONCLUDED, kinds.PLACEMENT_CHANGED),
        CalendarDays(30),
        "Assess the child",
    ),
    _assessment(
        ids.ASSESSMENT_CW_AGAIN,
        "C11",
        kinds.CHILD_WELFARE,
        (kinds.ASSESSMENT_DONE,),
        Months(6),
        "Assess the child again",
    ),
    _assessment(
        ids.ASSESSMENT_PO,
        "C12",
        kinds.PROBATION,
        (kinds.DETENTION_ENTERED, kinds.PLACEMENT_CHANGED, kinds.EXPLOITATION_SUSPECTED),
        CalendarDays(10),
        "Assess the child under probation",
    ),
    _assessment(
        ids.ASSESSMENT_PO_AGAIN,
        "C12",
        kinds.PROBATION,
        (kinds.ASSESSMENT_DONE,),
        Months(6),
        "Assess the child under probation again",
    ),
    _assessment(
        ids.ASSESSMENT_MH,
        "C13",
        kinds.MENTAL_HEALTH,
        (kinds.MENTAL_HEALTH_REFERRED,),
        CalendarDays(10),
        "Complete the mental health assessment",
    ),
    Rule(
        id=ids.PROJECT_CODE_END,
        register="C14",
        title="End the special project code of the investigated referral",
        force=Force.LAW,
        limit_force=Force.PRACTICE,
        citation="Division 31 data rules, ACL 16-74",
        within=CalendarDays(5),
        owed_to=(kinds.TO_STATE_SYSTEM,),
        met_by=kinds.PROJECT_CODE_ENDED,
        shown_by=ShownBy.COUNTY_REPORTER,
        consequence="The State counts a referral as open that is not.",
        starts_on=(kinds.INVESTIGATION_CONCLUDED,),
        owed_by=Owing.RECORDER,
        roles=frozenset({kinds.CHILD_WELFARE, kinds.PROBATION}),
    ),
    Rule(
        id=ids.FAMILY_TEAM,
        register="C16",
        title="Hold the child and family team meeting",
        force=Force.LAW,
        limit_force=Force.LAW,
        citation="WIC 16501, ACL 22-35",
        within=CalendarDays(60),
        owed_to=(kinds.TO_CHILD,),
        met_by=kinds.FAMILY_TEAM_HELD,
        shown_by=ShownBy.OWING_AGENCY,
        consequence="Placement and services are decided without the child and the family.",
        starts_on=(kinds.FOSTER_CARE_ENTERED,),
        owed_by=Owing.RECORDER,
        roles=frozenset({kinds.CHILD_WELFARE, kinds.PROBATION}),
        spared_if=(("indian_child", "yes"),),
        before="disposition_on",
        before_caps=True,
        exceptions="Before the disposition hearing, if that comes sooner. An Indian child has 30 days.",
    ),
    Rule(
        id=ids.FAMILY_TEAM_ICWA,
        register="C16",
        title="Hold the Indian child’s child and family team meeting",
        force=Force.LAW,
        limit_force=Force.LAW,
        citation="WIC 16501, ACL 22-35 (ICWA)",
        within=CalendarDays(30),
        owed_to=(kinds.TO_CHILD,),
        met_by=kinds.FAMILY_TEAM_HELD,
        shown_by=ShownBy.OWING_AGENCY,
        consequence="Placement and services are decided without the child, the family and the tribe.",
        starts_on=(kinds.FOSTER_CARE_ENTERED,),
        owed_by=Owing.RECORDER,
        roles=frozenset({kinds.CHILD_WELFARE, kinds.PROBATION}),
        only_if=(("indian_child", "yes"),),
        before="disposition_on",
        before_caps=True,
        exceptions="Before the disposition hearing, if that comes sooner.",
    ),
)
