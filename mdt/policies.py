"""Who may do what with team meetings: pure yes or no, each with its refusal in words."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from agencies.choices import CASE_DUTIES, SEAT_COURSES, Course, Role
from agencies.disclosure import WRITERS, Access, Cell
from agencies.disclosure.categories import BASIS_MDT
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, Refusal
from referrals.policies import may_log_referral, require

COURSE_NAMES = {Course.CSEC_101: "CSEC 101", Course.CSEC_102: "CSEC 102"}


def may_plan(viewer: Viewer) -> bool:
    """Child Welfare calls the team, or Probation where it has the child (Framework V)."""
    return may_log_referral(viewer)


def may_lead(viewer: Viewer, lead_agency: UUID) -> bool:
    """Whether this viewer's agency leads the meeting: it moves, holds and cancels it, and gives its seats."""
    return may_plan(viewer) and viewer.agency == lead_agency


def may_write_plan(viewer: Viewer) -> bool:
    """Whether the agency keeps safety plans and reads them in full; the seat itself is asked when it writes."""
    return viewer.role in WRITERS["r25"] and "r25" in viewer.full and bool(viewer.groups)


def may_finish_action(viewer: Viewer, action_agency: UUID) -> bool:
    """An action is marked done by the agency that does it, or by Child Welfare, which follows every agency's."""
    return bool(viewer.groups) and (viewer.agency == action_agency or viewer.role == Role.CHILD_WELFARE)


def may_sit(cell: Cell) -> bool:
    """Whether the county's agreement knows this role as a member of teams, by law or once deemed one."""
    return cell.basis == BASIS_MDT and cell.access is not Access.NEVER


def must_be_deemed(cell: Cell) -> bool:
    """Whether the role is a member only when deemed so, with reasons in writing (WIC 18951(d), 18964)."""
    return cell.access is Access.AUTHORISED


def obstacle(*, is_active: bool, duties: Collection[str], courses: Collection[str]) -> str:
    """Why a person cannot take a seat, in words; empty when they can (MOU Template VI.B, VII)."""
    if not is_active:
        return "the account is closed"
    if not CASE_DUTIES.intersection(duties):
        return "not designated for case work"
    missing = [COURSE_NAMES[course] for course in sorted(SEAT_COURSES) if course not in courses]
    if missing:
        return f"{' and '.join(missing)} not recorded"
    return ""


def require_plan(viewer: Viewer) -> None:
    require(
        may_plan(viewer),
        rule="Team meetings are called by Child Welfare, or by Probation where it has the child.",
        opens="You can ask for a meeting at any time.",
        ask="Ask the child's lead worker in Child Welfare.",
    )


def require_lead(viewer: Viewer, lead_agency: UUID) -> None:
    require(
        may_lead(viewer, lead_agency),
        rule="Only the agency that leads this meeting changes it.",
        opens="Members write minutes and answer their own invitation.",
        ask="Ask the person who leads the meeting.",
    )


def refuse_adult() -> NotAllowed:
    """A team is for a child: at 18 only the young person's own written consent opens one (WIC 18964(c))."""
    return NotAllowed(
        Refusal(
            rule="This young person is 18. A team may share only with their own written consent (WIC 18964(c)).",
            opens="A signed consent on file opens it, for the agencies it names.",
            ask="Ask the young person; county counsel can help with the form.",
        )
    )
