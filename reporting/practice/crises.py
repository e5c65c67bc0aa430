"""Cases of the practice county in which somebody has to go, call or write now."""

from __future__ import annotations

from datetime import timedelta

from agencies.choices import Role
from mdt.choices import Kind
from referrals.choices import Answer, Holder, PartyKind, ServicesSituation, StatusCode, Tier
from referrals.deadlines import kinds
from referrals.services.referral import ChildSaid
from reporting.practice.cast import (
    ADVOCATE,
    CLINICIAN,
    COUNSELOR,
    HOTLINE,
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
from reporting.practice.teams import COORDINATOR, team_hold, team_plan
from reporting.practice.teller import Case, Teller


def just_called(tell: Teller) -> list[Case]:
    """A call minutes ago; nothing is decided, and almost nothing is known."""
    return tell.told(
        HOTLINE,
        ChildSaid(given_name="Jay"),
        ago=timedelta(minutes=20),
        urgent=True,
        call_back="(555) 010-0142",
        reporter="Night nurse, Mercy Hospital",
        reporter_category="health practitioner",
        place="Mercy Hospital, emergency room, Puerto Claro",
        immediate_danger=Answer.YES,
        narrative="The nurse says that an adult nobody knows waits for the child in the parking lot.",
    )


def nobody_there_yet(tell: Teller) -> list[Case]:
    """A crisis three hours old: police were telephoned, but nobody has recorded being with the child."""
    (case,) = tell.told(
        HOTLINE,
        ChildSaid(
            given_name="Wren",
            family_name="Example",
            born_on=born(tell, 16),
            services=ServicesSituation.OPEN_CASE,
        ),
        ago=hours(3.1),
        urgent=True,
        reporter="Front desk, Bayside Motel",
        place="Bayside Motel, Puerto Claro",
        immediate_danger=Answer.YES,
        holder=Holder.CHILD_WELFARE,
        narrative="The desk clerk called because the child asked to use the telephone and seemed afraid.",
    )
    tell.decided(case, HOTLINE, tier=Tier.CRISIS, holder=Holder.CHILD_WELFARE, ago=hours(2.8))
    tell.cross_reported(case, HOTLINE, POLICE, ago=hours(2.4), reference="PC-26-0411")
    tell.led_by(case, WORKER)
    return [case]


def written_report_late(tell: Teller) -> list[Case]:
    """A day and a half old: the written report to the prosecutor is late by law, the victim report is still due."""
    (case,) = tell.told(
        HOTLINE,
        ChildSaid(
            given_name="Robin",
            family_name="Fiction",
            born_on=born(tell, 14),
            language="Spanish",
            services=ServicesSituation.FOSTER_CARE,
        ),
        ago=hours(37.6),
        urgent=True,
        reporter="School counselor, Alder Middle School",
        reporter_category="teacher",
        place="Alder Middle School, counselor’s office",
        holder=Holder.CHILD_WELFARE,
        narrative="The counselor found messages that promise the child gifts for meeting an adult.",
    )
    tell.cross_reported(case, HOTLINE, POLICE, ago=hours(37), reference="PC-26-0407")
    tell.decided(case, SUPERVISOR, tier=Tier.CRISIS, holder=Holder.CHILD_WELFARE, ago=hours(36.9))
    tell.cross_reported(case, HOTLINE, PROSECUTOR, ago=hours(36.7), reference="DA-1183")
    tell.arrived(case, WORKER, ago=hours(36.2))
    tell.arrived(case, ADVOCATE, ago=hours(36))
    tell.joins(
        case,
        Role.DEPENDENCY_ATTORNEY,
        PartyKind.APPOINTMENT,
        by=WORKER,
        ago=hours(30),
        evidence="appointed by the juvenile court",
    )
    tell.joins(
        case, Role.JUVENILE_COURT, PartyKind.JURISDICTION, by=WORKER, ago=hours(30), evidence="dependency"
    )
    tell.written(case, WORKER, POLICE, ago=hours(12))
    tell.status(case, WORKER, StatusCode.DURING_CARE, ago=hours(19.5), days_before=10)
    tell.led_by(case, WORKER)
    return [case]


def support_ends_today(tell: Teller) -> list[Case]:
    """Nearly three days old: all reports are made, and the first three days of support end in a few hours."""
    (case,) = tell.told(
        HOTLINE,
        ChildSaid(
            given_name="Linden",
            family_name="Madeup",
            born_on=born(tell, 13),
            services=ServicesSituation.CANDIDATE,
        ),
        ago=hours(69),
        urgent=True,
        reporter="Detective Iversen",
        reporter_category="peace officer",
        place="Puerto Claro Police, interview room",
        holder=Holder.CHILD_WELFARE,
        narrative="Police brought the child to safety during a patrol. No charge is made against the child.",
    )
    tell.decided(case, SUPERVISOR, tier=Tier.CRISIS, holder=Holder.CHILD_WELFARE, ago=hours(68.7))
    tell.cross_reported(case, HOTLINE, POLICE, ago=hours(68.5), reference="PC-26-0398")
    tell.cross_reported(case, HOTLINE, PROSECUTOR, ago=hours(68.3), reference="DA-1177")
    tell.arrived(case, WORKER, ago=hours(67.8))
    tell.arrived(case, ADVOCATE, ago=hours(67.5))
    tell.written(case, WORKER, POLICE, PROSECUTOR, ago=hours(45))
    tell.happened(
        case,
        NURSE,
        kinds.MEDICAL_EVALUATION_DONE,
        ago=hours(40),
        note="Evaluation done; follow-up in two weeks.",
        started_root=str(case.root),
    )
    tell.status(case, WORKER, StatusCode.AT_RISK, ago=hours(44))
    tell.led_by(case, WORKER)
    return [case]


def missing(tell: Teller) -> list[Case]:
    """A child told missing five hours ago: police know, the National Center does not yet."""
    (case,) = tell.told(
        HOTLINE,
        ChildSaid(
            given_name="Sage",
            family_name="Example",
            born_on=born(tell, 16),
            services=ServicesSituation.FOSTER_CARE,
        ),
        ago=days(24),
        urgent=False,
        reporter="Group home manager",
        holder=Holder.CHILD_WELFARE,
        narrative="The child came home after two nights with a new telephone and would not say from whom.",
    )
    tell.decided(case, SUPERVISOR, tier=Tier.INITIAL, holder=Holder.CHILD_WELFARE, ago=days(23.9))
    tell.cross_reported(case, HOTLINE, POLICE, ago=days(23.95), reference="PC-26-0361")
    tell.cross_reported(case, HOTLINE, PROSECUTOR, ago=days(23.94), reference="DA-1140")
    tell.written(case, WORKER, POLICE, PROSECUTOR, ago=days(23))
    tell.happened(case, WORKER, kinds.INVESTIGATION_BEGUN, ago=days(21), started_root=str(case.root))
    tell.status(case, WORKER, StatusCode.DURING_CARE, ago=days(20), days_before=30, reported=True)
    tell.police_told_of_victim(case, WORKER, ago=days(19.8), reference="PC-26-0370")
    table = (CLINICIAN, NURSE, COUNSELOR, OFFICER, ADVOCATE)
    meeting = team_plan(
        tell,
        case,
        Kind.INITIAL,
        COORDINATOR,
        *table,
        starts_at=tell.practice.now - days(17),
        planned=days(20),
        reason="First meeting of the team.",
    )
    team_hold(tell, meeting, *table, ago=days(17))
    root = tell.went_missing(
        case,
        WORKER,
        ago=hours(5),
        seen=hours(9),
        place="Left school at noon, Puerto Claro High",
        description="5 ft 4 in, short black hair, gray hooded jacket, a small scar on the left hand.",
    )
    tell.missing_reported(case, WORKER, POLICE, root=root, ago=hours(4.2), reference="PC-26-0415")
    tell.notices_given(case, WORKER, root=root, ago=hours(4))
    tell.led_by(case, WORKER)
    return [case]
