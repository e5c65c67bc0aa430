"""Who may see counts, logs and histories: pure yes or no, each with its refusal in words."""

from __future__ import annotations

from agencies.choices import Duty
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, Refusal


def may_see_reports(viewer: Viewer) -> bool:
    """Counts are for the steering committee and for those who lead the work (Framework III)."""
    return viewer.has_duty(Duty.COMMITTEE, Duty.SUPERVISOR, Duty.COORDINATOR)


def may_review_log(viewer: Viewer) -> bool:
    """Who looked is reviewed by supervisors, security officers and auditors."""
    return viewer.has_duty(Duty.SUPERVISOR, Duty.SECURITY_OFFICER, Duty.AUDITOR)


def reviews_county(viewer: Viewer) -> bool:
    """An auditor reviews the whole county, everybody else their own agency."""
    return viewer.has_duty(Duty.AUDITOR)


def reviews_own_people(viewer: Viewer) -> bool:
    """A security officer reviews the log of their own agency's people, without seeing a record."""
    return viewer.has_duty(Duty.SECURITY_OFFICER)


def reviews_cases_they_see(viewer: Viewer) -> bool:
    """A supervisor reviews the log of cases that their agency keeps; training and designation must be current."""
    return viewer.has_duty(Duty.SUPERVISOR) and bool(viewer.groups)


INSPECT_ONLY = Refusal(
    rule="You may read this record, but the law allows you no copy of it (WIC 827(a)(5)).",
    opens="A court order can allow a copy.",
    ask="Ask county counsel, or the child’s lead worker in Child Welfare.",
)


def may_copy_history(viewer: Viewer) -> bool:
    """A copy of what changed leaves the walls, so it is for those who answer for the review."""
    return reviews_cases_they_see(viewer)


def require_history_copy(viewer: Viewer) -> None:
    """Raises `NotAllowed` with its words."""
    if not may_copy_history(viewer):
        raise NotAllowed(
            Refusal(
                rule="A copy of what changed is for supervisors whose training is current.",
                opens="You may read the same on the page.",
                ask="Ask your supervisor for a copy, and say what it is for.",
            )
        )


def require_reports(viewer: Viewer) -> None:
    """Raises `NotAllowed` with its words."""
    if not may_see_reports(viewer):
        raise NotAllowed(
            Refusal(
                rule="Reports are for members of the steering committee, supervisors and coordinators.",
                opens="Your director can designate you for one of these duties.",
                ask="Ask your agency's security officer.",
            )
        )


def require_home_addresses(viewer: Viewer) -> None:
    """Raises `NotAllowed` with its words."""
    if not reviews_own_people(viewer):
        raise NotAllowed(
            Refusal(
                rule="Home addresses are noted by the agency’s security officer.",
                opens="Your director can designate you for this duty.",
                ask="Ask your agency’s security officer.",
            )
        )


def require_log(viewer: Viewer) -> None:
    """Raises `NotAllowed` with its words."""
    if not may_review_log(viewer):
        raise NotAllowed(
            Refusal(
                rule="Who looked is reviewed by supervisors, security officers and auditors.",
                opens="Your own looks are recorded in the same way as everybody's.",
                ask="If you think that somebody looked without reason, tell your agency's security officer.",
            )
        )
