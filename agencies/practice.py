"""What somebody who tries the product can do as one of the practice county's people: one sentence a person."""

from __future__ import annotations

from collections.abc import Collection
from types import MappingProxyType
from typing import Final

from agencies.choices import Duty, Role

RECEIVING_DUTIES: Final = MappingProxyType(
    {
        Duty.HOTLINE: "Log an urgent referral and see its clocks start.",
        Duty.LINE_WORKER: "Open your duties, record that you are with the child, report a child missing.",
        Duty.SUPERVISOR: "See what is overdue in the agency, and who looked at a case.",
        Duty.COORDINATOR: "Schedule a team meeting, fill its seats, and hold it.",
    }
)

CASE_WORK: Final = MappingProxyType(
    {
        Role.MENTAL_HEALTH: "Read a case in summary, answer an invitation, and do your agency’s actions.",
        Role.PUBLIC_HEALTH: "Record a medical evaluation within its 72 hours.",
        Role.SUBSTANCE_USE: "See that treatment records stay closed to everybody without a written consent.",
        Role.JUVENILE_COURT: "Read what the court may know, and nothing of the team’s discussion.",
        Role.EDUCATION: "Read the minutes of the one meeting at which your agency had a seat.",
        Role.DEPENDENCY_ATTORNEY: "Read the file of a child you are appointed for.",
        Role.DISTRICT_ATTORNEY: "Read a cross-report, and find closed what the agreement closes.",
        Role.PUBLIC_DEFENDER: "Read the file of a youth you are appointed for.",
        Role.LAW_ENFORCEMENT: "Read a cross-report and the report of a missing child.",
        Role.SURVIVOR_MENTOR: "Read the minutes of a meeting you sat in, and nothing of the case file.",
        Role.ADVOCATE: "Open your duties and record that you are with the child.",
        Role.CASA: "See that a case opens only with the court’s order of appointment.",
        Role.LEGAL_PROVIDER: "See that a case opens only with your client’s retainer.",
    }
)

OTHER_DUTIES: Final = MappingProxyType(
    {
        Duty.COUNSEL: "Read who may see what, each cell with its legal ground.",
        Duty.COMMITTEE: "Read the county’s report, and try to learn who a small number stands for.",
        Duty.SECURITY_OFFICER: "Invite a person, end a designation, and see who looked.",
        Duty.AUDITOR: "Answer who looked at what, and when, without seeing a record.",
        Duty.SUPERVISOR: "See the agency’s duties, its people’s training, and who looked.",
        Duty.DIRECTOR: "See what your agency owes late, who is on call, and why it was late.",
        Duty.COORDINATOR: "Follow the agency’s duties and meetings.",
    }
)


def what_to_try(*, role: str, duties: Collection[str], may_work: bool = True) -> str:
    """One sentence for the first of these duties that has one; `may_work` False: training or designation has run out."""
    if not may_work and not {Duty.COMMITTEE, Duty.SECURITY_OFFICER, Duty.AUDITOR}.intersection(duties):
        return "See what stays closed when a training has run out."
    if role in {Role.CHILD_WELFARE, Role.PROBATION}:
        for duty, words in RECEIVING_DUTIES.items():
            if duty in duties:
                return words
    for duty, words in OTHER_DUTIES.items():
        if duty in duties:
            return words
    return CASE_WORK.get(Role(role), "See what this agency may know of a case.")
