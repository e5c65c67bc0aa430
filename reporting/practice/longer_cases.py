"""Cases of the practice county that take days and weeks, and the teams that meet about them."""

from __future__ import annotations

from agencies.choices import Role
from mdt.choices import Kind, Reply
from referrals.choices import Holder, PartyKind, ServicesSituation, StatusCode, Tier
from referrals.deadlines import kinds
from referrals.deadlines.rules import FIRST_TEAM, RUN_TEAM
from referrals.services.referral import ChildSaid
from reporting.practice.cast import (
    ADVOCATE,
    CLINICIAN,
    COUNSELOR,
    HOTLINE,
    INTAKE,
    NURSE,
    OFFICER,
    POLICE,
    PROSECUTOR,
    SUPERVISOR,
    WORKER,
    born,
    days,
    hours,
)
from reporting.practice.teams import (
    COORDINATOR,
    Decided,
    on_day,
    safety_plan,
    team_answers,
    team_decides,
    team_hold,
    team_plan,
)
from reporting.practice.teller import Case, Teller

ROWAN_DECISIONS = (
    Decided(
        item=2,
        minutes="Rowan wants to stay at the same school and to keep the mentor.",
        words="Rowan stays at Puerto Claro High.",
        does="Arrange rides to and from school.",
        owner="Kenji Mori",
        within_days=5,
    ),
    Decided(
        item=4,
        minutes="The team went through the safety plan part by part.",
        words="Counseling starts within a week.",
        does="Give a first appointment.",
        owner=CLINICIAN,
        within_days=7,
    ),
    Decided(
        item=5,
        minutes="Child Welfare leads; the team meets again within a month.",
        words="The advocate calls every second evening.",
        does="Call every second evening and tell the lead worker when no answer comes.",
        owner=ADVOCATE,
        within_days=2,
    ),
)


def probation_youth(tell: Teller) -> list[Case]:
    """Known to probation, no immediate danger: the first team meeting and the investigation are due in days."""
    (case,) = tell.told(
        INTAKE,
        ChildSaid(
            given_name="Ash",
            family_name="Practice",
            born_on=born(tell, 17),
            services=ServicesSituation.PROBATION_ONLY,
        ),
        ago=days(6),
        urgent=False,
        reporter="Placement officer",
        reporter_category="probation officer",
        holder=Holder.PROBATION,
        narrative="During a visit the youth said that somebody keeps the money they are given.",
    )
    tell.decided(case, INTAKE, tier=Tier.INITIAL, holder=Holder.PROBATION, ago=days(5.9))
    tell.cross_reported(case, INTAKE, POLICE, ago=days(5.95), reference="PC-26-0389")
    tell.cross_reported(case, INTAKE, PROSECUTOR, ago=days(5.94), reference="DA-1165")
    tell.cross_reported(
        case, INTAKE, kinds.TO_CHILD_WELFARE, ago=days(5.93), reference="by name, to the hotline"
    )
    tell.written(case, OFFICER, POLICE, PROSECUTOR, kinds.TO_CHILD_WELFARE, ago=days(5))
    tell.joins(
        case,
        Role.PUBLIC_DEFENDER,
        PartyKind.APPOINTMENT,
        by=OFFICER,
        ago=days(5),
        evidence="appointed, delinquency calendar",
    )
    tell.led_by(case, OFFICER)
    return [case]


def both_agencies(tell: Teller) -> list[Case]:
    """A youth whom both agencies have, nine days in: the team has a day left to meet."""
    (case,) = tell.told(
        HOTLINE,
        ChildSaid(
            given_name="Briar",
            family_name="Fiction",
            born_on=born(tell, 17),
            services=ServicesSituation.FOSTER_CARE,
        ),
        ago=days(9),
        urgent=False,
        reporter="Grandmother",
        holder=Holder.DUAL,
        narrative="The family worries about an adult who drives the youth home at night.",
    )
    tell.decided(
        case,
        SUPERVISOR,
        tier=Tier.INITIAL,
        holder=Holder.DUAL,
        lead=Holder.CHILD_WELFARE,
        ago=days(8.9),
    )
    tell.joins(
        case,
        Role.PROBATION,
        PartyKind.JURISDICTION,
        by=SUPERVISOR,
        ago=days(8.9),
        evidence="dual status, WIC 241.1",
    )
    tell.cross_reported(case, HOTLINE, POLICE, ago=days(8.95), reference="PC-26-0381")
    tell.cross_reported(case, HOTLINE, PROSECUTOR, ago=days(8.94), reference="DA-1158")
    tell.written(case, WORKER, POLICE, PROSECUTOR, ago=days(8))
    tell.happened(case, WORKER, kinds.INVESTIGATION_BEGUN, ago=days(7), started_root=str(case.root))
    meeting = team_plan(
        tell,
        case,
        Kind.INITIAL,
        COORDINATOR,
        OFFICER,
        CLINICIAN,
        NURSE,
        ADVOCATE,
        empty=(Role.SUBSTANCE_USE,),
        starts_at=on_day(tell, 1, 10),
        planned=days(3),
        reason="First meeting of the team; both agencies have the youth.",
    )
    team_answers(tell, meeting, {OFFICER: Reply.YES, CLINICIAN: Reply.YES, NURSE: Reply.NO}, ago=days(1))
    tell.led_by(case, WORKER)
    return [case]


def two_siblings(tell: Teller) -> list[Case]:
    """One call about two children, each with a file of their own."""
    cases = tell.told(
        HOTLINE,
        ChildSaid(given_name="Lark", family_name="Practice", born_on=born(tell, 12)),
        ChildSaid(given_name="Fern", family_name="Practice", born_on=born(tell, 15)),
        ago=days(2.2),
        urgent=False,
        reporter="Neighbor",
        place="Alder Street, Puerto Claro",
        narrative="A neighbor saw adults come and go while both children were alone at home.",
    )
    for case in cases:
        tell.decided(case, SUPERVISOR, tier=Tier.INITIAL, holder=Holder.CHILD_WELFARE, ago=days(2.1))
        tell.cross_reported(case, HOTLINE, POLICE, ago=days(2.15), reference="PC-26-0402")
        tell.cross_reported(case, HOTLINE, PROSECUTOR, ago=days(2.14), reference="DA-1180")
        tell.written(case, WORKER, POLICE, PROSECUTOR, ago=days(1.4))
        tell.led_by(case, WORKER)
    return cases


def many_at_the_table(tell: Teller) -> list[Case]:
    """A team with seats for the school and the prosecutor, each deemed a member in writing: plan, minutes, actions."""
    (case,) = tell.told(
        HOTLINE,
        ChildSaid(
            given_name="Rowan",
            family_name="Sample",
            born_on=born(tell, 15),
            services=ServicesSituation.OPEN_CASE,
        ),
        ago=days(12),
        urgent=False,
        reporter="Teacher, Puerto Claro High",
        reporter_category="teacher",
        holder=Holder.CHILD_WELFARE,
        narrative="A teacher noticed new bruises and a second telephone, and the child asked not to be sent home.",
    )
    tell.decided(case, SUPERVISOR, tier=Tier.INITIAL, holder=Holder.CHILD_WELFARE, ago=days(11.9))
    tell.cross_reported(case, HOTLINE, POLICE, ago=days(11.95), reference="PC-26-0377")
    tell.cross_reported(case, HOTLINE, PROSECUTOR, ago=days(11.94), reference="DA-1151")
    tell.written(case, WORKER, POLICE, PROSECUTOR, ago=days(11))
    tell.happened(case, WORKER, kinds.INVESTIGATION_BEGUN, ago=days(10), started_root=str(case.root))
    tell.status(case, WORKER, StatusCode.OPEN_CASE, ago=days(8), days_before=20, reported=True)
    tell.police_told_of_victim(case, WORKER, ago=days(7.9), reference="PC-26-0384")
    table = (
        CLINICIAN,
        NURSE,
        COUNSELOR,
        OFFICER,
        ADVOCATE,
        "Kenji Mori",
        "Simon Achterberg",
        "Jasmine Whitlock",
    )
    meeting = team_plan(
        tell,
        case,
        Kind.INITIAL,
        COORDINATOR,
        *table,
        starts_at=tell.practice.now - days(3),
        planned=days(7),
        reason="First meeting of the team.",
    )
    team_hold(tell, meeting, *(name for name in table if name != NURSE), absent=(NURSE,), ago=days(3))
    team_decides(tell, meeting, *ROWAN_DECISIONS, ago=days(3) - hours(1))
    safety_plan(tell, case, meeting, ago=days(3) - hours(2))
    tell.led_by(case, WORKER)
    return [case]


def came_back(tell: Teller) -> list[Case]:
    """A youth of 19 in extended care, back after two days away; legal aid and a CASA take part."""
    (case,) = tell.told(
        HOTLINE,
        ChildSaid(
            given_name="Clover",
            family_name="Example",
            born_on=born(tell, 19),
            services=ServicesSituation.EXTENDED_IV_E,
        ),
        ago=days(40),
        urgent=False,
        reporter="The youth’s own call",
        holder=Holder.CHILD_WELFARE,
        narrative="The youth asked for help to leave somebody who controls where they live.",
    )
    tell.decided(case, SUPERVISOR, tier=Tier.INITIAL, holder=Holder.CHILD_WELFARE, ago=days(39.9))
    tell.cross_reported(case, HOTLINE, POLICE, ago=days(39.95), reference="PC-26-0322")
    tell.cross_reported(case, HOTLINE, PROSECUTOR, ago=days(39.94), reference="DA-1101")
    tell.written(case, WORKER, POLICE, PROSECUTOR, ago=days(39))
    tell.happened(case, WORKER, kinds.INVESTIGATION_BEGUN, ago=days(37), started_root=str(case.root))
    tell.status(case, WORKER, StatusCode.DURING_CARE, ago=days(36), days_before=60, reported=True)
    tell.police_told_of_victim(case, WORKER, ago=days(35.9), reference="PC-26-0330")
    for role, kind, words in (
        (Role.LEGAL_PROVIDER, PartyKind.RETAINER, "retained by the youth"),
        (Role.CASA, PartyKind.APPOINTMENT, "court order on file"),
    ):
        tell.joins(case, role, kind, by=WORKER, ago=days(30), evidence=words)
    root = tell.went_missing(
        case,
        WORKER,
        ago=days(12),
        seen=days(12.4),
        place="Bus station, Puerto Claro",
        description="5 ft 7 in, long brown hair, green backpack.",
    )
    tell.missing_reported(case, WORKER, POLICE, root=root, ago=days(11.95), reference="PC-26-0366")
    tell.missing_reported(
        case, WORKER, kinds.TO_NCMEC, root=root, ago=days(11.9), reference="NC-000-PRACTICE"
    )
    tell.notices_given(case, WORKER, root=root, ago=days(11.85))
    tell.located(case, WORKER, ago=days(10))
    tell.returned(case, WORKER, ago=days(9.8))
    tell.dropped(
        case,
        SUPERVISOR,
        FIRST_TEAM,
        ago=days(33),
        reason="An adult who does not want a team; help goes on without one.",
    )
    tell.dropped(
        case, SUPERVISOR, RUN_TEAM, ago=days(9.7), root=root, reason="An adult who does not want a team."
    )
    tell.led_by(case, WORKER)
    return [case]
