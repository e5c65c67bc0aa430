"""Who may do what with referrals and case files: pure yes or no, each with its refusal in words."""

from __future__ import annotations

from uuid import UUID

from agencies.choices import Duty, Role
from agencies.disclosure.categories import SEALABLE, WRITERS
from agencies.disclosure.emergency import EMERGENCY_ROLES
from agencies.qualifications import PRIVILEGED_TALKS
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, Refusal
from referrals.choices import PARTY_READERS

REFERRAL_ROLES = frozenset({Role.CHILD_WELFARE, Role.PROBATION})
"""The agencies that receive reports of abuse in this county (Penal Code 11165.9, 11166)."""

CASE_WORK = (
    Duty.LINE_WORKER,
    Duty.HOTLINE,
    Duty.SUPERVISOR,
    Duty.DIRECTOR,
    Duty.COORDINATOR,
    Duty.COUNSEL,
)


def may_work_cases(viewer: Viewer) -> bool:
    """Whether the person's duties lead into case files at all, and training and designation are current."""
    return viewer.has_duty(*CASE_WORK) and bool(viewer.groups)


def may_log_referral(viewer: Viewer) -> bool:
    """Receiving agencies' trained staff log referrals; everybody else calls the hotline."""
    return viewer.role in REFERRAL_ROLES and may_work_cases(viewer) and not viewer.has_duty(Duty.COUNSEL)


def may_decide_response(viewer: Viewer) -> bool:
    """The receiving agency decides how fast the county answers (MOU Template VI.C)."""
    return may_log_referral(viewer)


def may_change_sharing(viewer: Viewer) -> bool:
    """Who takes part in a case is recorded by the lead agency's or the supervising agency's staff."""
    return may_log_referral(viewer)


def may_see_parties(viewer: Viewer) -> bool:
    """Who takes part says something about a child, so only the agencies that keep the file read the list."""
    return viewer.role in PARTY_READERS and may_work_cases(viewer)


def may_see_sharing(viewer: Viewer) -> bool:
    """An agency that keeps records sees to whom they are open, and puts releases of them on file."""
    return may_see_parties(viewer) or (bool(categories_kept(viewer)) and may_work_cases(viewer))


def categories_kept(viewer: Viewer) -> frozenset[str]:
    """The categories of record that the viewer's agency keeps."""
    return frozenset(category for category, roles in WRITERS.items() if viewer.role in roles)


def may_approve_need(viewer: Viewer, category: str) -> bool:
    """A need to know is agreed by a supervisor of an agency that keeps the record."""
    return viewer.has_duty(Duty.SUPERVISOR) and may_authorise(viewer, category)


def may_drop_duty(viewer: Viewer, owed_by: object) -> bool:
    """That a duty does not apply is a supervisor's word, with a reason, in the agency that owes it (rule R8)."""
    return viewer.has_duty(Duty.SUPERVISOR) and viewer.agency == owed_by


def require_work(viewer: Viewer) -> None:
    require(
        may_work_cases(viewer),
        rule="Case files belong to people whose designation and training are current.",
        opens="A designation by your director, and the CSEC 101 training.",
        ask="Ask your agency’s security officer.",
    )


def require(allowed: bool, *, rule: str, opens: str, ask: str) -> None:
    """Raises `NotAllowed` with its words unless the rule allows."""
    if not allowed:
        raise NotAllowed(Refusal(rule=rule, opens=opens, ask=ask))


def require_log_referral(viewer: Viewer) -> None:
    require(
        may_log_referral(viewer),
        rule="Referrals are logged by Child Welfare and Probation staff who are designated and trained.",
        opens="Anybody may call the hotline, at every hour.",
        ask="For a designation, ask your agency's security officer.",
    )


def may_see_team(viewer: Viewer) -> bool:
    """All that an agency owes, with who took it on, is for those who answer for the agency's work."""
    return viewer.has_duty(Duty.SUPERVISOR, Duty.DIRECTOR, Duty.COORDINATOR) and may_work_cases(viewer)


def may_take_duty(viewer: Viewer, owed_by: object) -> bool:
    """A duty is taken on by somebody of the agency that owes it."""
    return viewer.agency == owed_by and may_work_cases(viewer) and not viewer.has_duty(Duty.COUNSEL)


def may_acknowledge(viewer: Viewer, owed_by: object, *, was_called: bool) -> bool:
    """ "I have this" is said by somebody who could do the duty, or whom it was escalated to."""
    return may_take_duty(viewer, owed_by) or (
        was_called and may_work_cases(viewer) and not viewer.has_duty(Duty.COUNSEL)
    )


def may_explain_breach(viewer: Viewer, owed_by: object) -> bool:
    """Why a duty was late is said by the agency that owed it."""
    return may_take_duty(viewer, owed_by)


def may_review_breach(viewer: Viewer, owed_by: object, *, given_by: object) -> bool:
    """The reason is reviewed by a supervisor of that agency or its director, who did not give it."""
    return (
        may_take_duty(viewer, owed_by)
        and viewer.has_duty(Duty.SUPERVISOR, Duty.DIRECTOR)
        and viewer.person != given_by
    )


def may_show_done(viewer: Viewer, *, shown_by: str, category: str, owed_by: object) -> bool:
    """Whose word counts for a duty: the owing agency's, a county reporter's, or that of an agency keeping such records."""
    if not may_work_cases(viewer) or viewer.has_duty(Duty.COUNSEL):
        return False
    if viewer.agency == owed_by:
        return True
    if shown_by == "county":
        return viewer.role in REFERRAL_ROLES
    return shown_by == "anyone" and viewer.role in WRITERS.get(category, frozenset())


def may_correct(viewer: Viewer, recorded_by_agency: object) -> bool:
    """An entry is corrected by the agency that made it."""
    return viewer.agency == recorded_by_agency and may_work_cases(viewer)


def may_identify(viewer: Viewer) -> bool:
    """That a child was identified as a victim is recorded by the agencies that keep the child's status (r02)."""
    return may_log_referral(viewer)


def may_record_happening(viewer: Viewer, roles: frozenset[str]) -> bool:
    """What starts duties is recorded by designated, trained people of the agencies to which it happens."""
    return viewer.role in roles and may_work_cases(viewer) and not viewer.has_duty(Duty.COUNSEL)


def may_record_missing(viewer: Viewer) -> bool:
    """That a child is missing is recorded by the agencies that must report it (Penal Code 11166(j)(3))."""
    return may_log_referral(viewer)


def may_authorise(viewer: Viewer, category: str) -> bool:
    """A release or an order is put on file by an agency that keeps the record it opens."""
    return (
        viewer.role in WRITERS.get(category, frozenset())
        and may_work_cases(viewer)
        and not viewer.has_duty(Duty.COUNSEL)
    )


def require_status_keeper(may_write: bool) -> None:
    """Raises `NotAllowed` with its words, where the viewer's agency does not keep this child's status."""
    require(
        may_write,
        rule="Status fields are kept by Child Welfare and Probation in the cases they have.",
        opens="Their staff can set a field for you.",
        ask="Ask the child’s lead worker.",
    )


def may_open_in_emergency(viewer: Viewer) -> bool:
    """Line workers and supervisors of the agencies that are called out at night, trained and active."""
    return (
        viewer.role in EMERGENCY_ROLES
        and bool(viewer.groups)
        and viewer.has_duty(Duty.LINE_WORKER, Duty.HOTLINE, Duty.SUPERVISOR)
        and not viewer.has_duty(Duty.COUNSEL)
    )


def require_emergency(viewer: Viewer) -> None:
    require(
        may_open_in_emergency(viewer),
        rule="A file is opened in an emergency by workers and supervisors of Child Welfare, Probation, Law "
        "Enforcement, Public Health and Mental Health, who are trained.",
        opens="A request for access, answered by the agency that keeps the file.",
        ask="In danger call 911. At night call the county’s night line; the number is below.",
    )


def may_end_emergency(viewer: Viewer, *, looker: UUID) -> bool:
    """The person who looks, at any time; and the supervisors who see the record of it."""
    return viewer.person == looker or (viewer.has_duty(Duty.SUPERVISOR) and bool(viewer.groups))


def may_review_emergency(viewer: Viewer, *, looker: UUID, review_by: UUID) -> bool:
    """A supervisor of the agency that owes the review, never the person who looked."""
    return (
        viewer.has_duty(Duty.SUPERVISOR)
        and bool(viewer.groups)
        and viewer.agency == review_by
        and viewer.person != looker
    )


def require_review(viewer: Viewer, *, looker: UUID, review_by: UUID) -> None:
    require(
        may_review_emergency(viewer, looker=looker, review_by=review_by),
        rule="An emergency look is reviewed by another person: a supervisor of the agency that owes the review.",
        opens="That supervisor’s review.",
        ask="Ask a supervisor of that agency.",
    )


def may_answer_requests(viewer: Viewer) -> bool:
    """Requests for access are answered by supervisors, trained and active."""
    return viewer.has_duty(Duty.SUPERVISOR) and bool(viewer.groups)


def may_answer_request(viewer: Viewer, *, asker: UUID) -> bool:
    """A supervisor answers, never the person who asked."""
    return may_answer_requests(viewer) and viewer.person != asker


def require_answer(viewer: Viewer, *, asker: UUID) -> None:
    require(
        may_answer_request(viewer, asker=asker),
        rule="A request for access is answered by a supervisor, and never by the person who asked.",
        opens="Another supervisor’s answer.",
        ask="Ask a supervisor of the agency that keeps the file.",
    )


NOTE_CATEGORIES = ("r09", "r22", "r23")
"""Records of one author: process notes, privileged talks, counsel's workspace (Evidence Code 1014, 1038, 954)."""


def note_category(viewer: Viewer) -> str:
    """Which notes of their own people of this agency keep; empty for agencies whose notes the law protects in no such way."""
    return next((code for code in NOTE_CATEGORIES if viewer.role in WRITERS[code]), "")


def may_keep_own_notes(viewer: Viewer) -> bool:
    """Whether the agreement, training and, for advocates and mentors, a current qualification let the viewer keep notes."""
    return may_work_cases(viewer) and note_category(viewer) in viewer.full


def require_own_notes(viewer: Viewer) -> str:
    """The category of the viewer's own notes. Raises `NotAllowed`, naming what is missing."""
    category = note_category(viewer)
    if category == PRIVILEGED_TALKS:
        require(
            may_keep_own_notes(viewer),
            rule="Talks with an advocate or mentor are privileged only for somebody who qualifies as a caseworker or "
            "counselor (Evidence Code 1038.2, 1035.2). Without that such notes are closed.",
            opens="Your qualification, written down with its proof.",
            ask="Ask your agency’s security officer.",
        )
    require(
        may_keep_own_notes(viewer),
        rule="Notes that only their author reads are kept by therapists, advocates, mentors and counsel.",
        opens="What others need to know stands in the parts of the file that they may read.",
        ask="Ask your agency’s security officer.",
    )
    return category


def may_restrict(viewer: Viewer) -> bool:
    """A file is restricted to named people by a supervisor of an agency that receives reports and keeps the file."""
    return may_change_sharing(viewer) and viewer.has_duty(Duty.SUPERVISOR)


def require_restrict(viewer: Viewer) -> None:
    require(
        may_restrict(viewer),
        rule="A case file is restricted to named people by a supervisor of the agency that leads the case.",
        opens="Their decision, with the reason and the people named.",
        ask="Ask a supervisor in Child Welfare or Probation.",
    )


def may_seal(viewer: Viewer) -> bool:
    """A court's order to seal is carried out by a supervisor or counsel of an agency that keeps such records."""
    return (
        viewer.has_duty(Duty.SUPERVISOR, Duty.COUNSEL)
        and bool(viewer.groups)
        and bool(SEALABLE & categories_kept(viewer))
    )


def require_seal(viewer: Viewer) -> None:
    require(
        may_seal(viewer),
        rule="A court’s order to seal is carried out by a supervisor or counsel of the agency that keeps the records.",
        opens="Their act, with the order.",
        ask="Ask your supervisor.",
    )


def require_unsealed(*, sealed: bool) -> None:
    """Whoever reads a sealed entry for a lawful purpose corrects it no more: what it said would stand in the open part."""
    require(
        not sealed,
        rule="A court ordered this entry sealed (WIC 781, 786, 827.95); it stands as it was then.",
        opens="It can be corrected when another order lifts the seal.",
        ask="Ask your agency’s counsel.",
    )
