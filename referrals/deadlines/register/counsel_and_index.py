"""Part A of the register, its end: what attorneys are sent, and the State's index of substantiated abuse."""

from __future__ import annotations

from typing import Final

from referrals.deadlines import kinds
from referrals.deadlines import rule_ids as ids
from referrals.deadlines.calendar import CalendarDays, Hours
from referrals.deadlines.register.reporting import BY_WIRE, NEGLECT, RECEIVERS
from referrals.deadlines.rule import Force, Owing, Rule, ShownBy

RULES: Final[tuple[Rule, ...]] = (
    Rule(
        id=ids.ATTORNEY_COPY,
        register="A12",
        title="Send the child’s attorney a copy of the report",
        force=Force.LAW,
        limit_force=Force.LAW,
        citation="Penal Code 11166.1(b)",
        within=Hours(36),
        owed_to=(kinds.TO_CHILD_ATTORNEY,),
        met_by=kinds.ATTORNEY_COPIED,
        shown_by=ShownBy.OWING_AGENCY,
        consequence="The child’s attorney cannot protect a child in the county’s own custody.",
        starts_on=(kinds.CUSTODY_ABUSE_ALLEGED,),
        owed_by=Owing.RECORDER,
        roles=RECEIVERS,
    ),
    Rule(
        id=ids.ATTORNEY_ANSWER,
        register="A12",
        title="Answer the child’s attorney’s request for information",
        force=Force.LAW,
        limit_force=Force.LAW,
        citation="Penal Code 11166.1(b)",
        within=CalendarDays(30),
        owed_to=(kinds.TO_CHILD_ATTORNEY,),
        met_by=kinds.ATTORNEY_ANSWERED,
        shown_by=ShownBy.OWING_AGENCY,
        consequence="The answer is late by law.",
        starts_on=(kinds.ATTORNEY_ASKED,),
        owed_by=Owing.RECORDER,
        roles=RECEIVERS,
    ),
    Rule(
        id=ids.PARENT_ATTORNEY,
        register="A13",
        title="Tell the parenting youth’s attorney of the report about their child",
        force=Force.LAW,
        limit_force=Force.LAW,
        citation="Penal Code 11166.1(c)",
        within=Hours(36),
        owed_to=(kinds.TO_PARENT_ATTORNEY,),
        met_by=kinds.PARENT_ATTORNEY_TOLD,
        shown_by=ShownBy.OWING_AGENCY,
        consequence="A youth may lose a child without having been advised.",
        starts_on=(kinds.YOUTHS_CHILD_REPORTED,),
        owed_by=Owing.RECORDER,
        roles=RECEIVERS,
    ),
    Rule(
        id=ids.INDEX_FORM,
        register="A14",
        title="Send the index form and the notice to the person listed",
        force=Force.LAW,
        # The statute counts no days; five are the county's own.
        limit_force=Force.PRACTICE,
        citation="Penal Code 11169",
        within=CalendarDays(5),
        owed_to=(kinds.TO_JUSTICE_DEPARTMENT, kinds.TO_LISTED_PERSON),
        met_by=kinds.INDEX_FORM_SENT,
        shown_by=ShownBy.OWING_AGENCY,
        modes=BY_WIRE | {kinds.IN_WRITING},
        evidence=("to", "mode"),
        consequence="The form (BCIA 8583) and the notice (SOC 832) go out together; one without the other is a defect.",
        starts_on=(kinds.INVESTIGATION_CONCLUDED,),
        owed_by=Owing.RECORDER,
        roles=frozenset({kinds.CHILD_WELFARE, kinds.PROBATION}),
        only_if=(("finding", "substantiated"),),
        spared_if=NEGLECT,
        exceptions="Not where general neglect alone was substantiated (ACIN I-21-16).",
    ),
    Rule(
        id=ids.INDEX_CORRECTION,
        register="A14",
        title="Tell the Department of Justice that the finding no longer stands",
        force=Force.LAW,
        limit_force=Force.PRACTICE,
        citation="Penal Code 11169",
        within=CalendarDays(5),
        owed_to=(kinds.TO_JUSTICE_DEPARTMENT,),
        met_by=kinds.INDEX_CORRECTED,
        shown_by=ShownBy.OWING_AGENCY,
        modes=BY_WIRE | {kinds.IN_WRITING},
        evidence=("mode",),
        consequence="A person stays listed for what was not found.",
        starts_on=(kinds.FINDING_CHANGED,),
        owed_by=Owing.RECORDER,
        roles=frozenset({kinds.CHILD_WELFARE, kinds.PROBATION}),
    ),
)
