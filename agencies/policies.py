"""Who may do what with an agency's people, and where somebody's work begins. Pure rules over a viewer."""

from __future__ import annotations

from uuid import UUID

from agencies.choices import CASE_DUTIES, Duty, Role
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import Refusal

ASK_OFFICER = "Your agency’s security officer."
MAY_NOT_MANAGE = Refusal(
    rule="Only the agency’s security officer opens accounts and writes down designations.",
    opens="A designation as security officer, signed by the agency’s director.",
    ask=ASK_OFFICER,
)
MAY_NOT_TRAIN = Refusal(
    rule="Only the agency’s security officer or a supervisor records training.",
    opens="A designation as security officer or supervisor, signed by the agency’s director.",
    ask=ASK_OFFICER,
)
MAY_NOT_QUALIFY = Refusal(
    rule="Only the agency’s security officer writes down who qualifies under the Evidence Code.",
    opens="A designation as security officer, signed by the agency’s director.",
    ask=ASK_OFFICER,
)
NOT_QUALIFYING_AGENCY = Refusal(
    rule="Only advocates and survivor mentors qualify as caseworkers or counselors (Evidence Code 1038.2, 1035.2).",
    opens="Nothing: other privileges rest on a profession, not on this record.",
    ask="County counsel.",
)
MAY_NOT_SEE_MESSAGES = Refusal(
    rule="Only the agency’s security officer or a supervisor sees which messages could not be sent.",
    opens="A designation as security officer or supervisor, signed by the agency’s director.",
    ask=ASK_OFFICER,
)
READ_ONLY = Refusal(
    rule="What you opened in an emergency can be read, not changed.",
    opens="Your agency’s own part in the case.",
    ask="Ask the child’s lead worker in Child Welfare.",
)
NOT_ONESELF = Refusal(
    rule="Nobody changes their own designation, training or account.",
    opens="Another security officer of your agency may do it.",
    ask="Your agency’s director, if there is no second security officer.",
)

MAY_NOT_SEE_ON_CALL = Refusal(
    rule="Who is on call is for people who work cases, and for those who keep the roster.",
    opens="A designation by your director, and the CSEC 101 training.",
    ask=ASK_OFFICER,
)
MAY_NOT_ROSTER = Refusal(
    rule="Only the agency’s supervisors, its director and its security officer write the on-call roster.",
    opens="A designation as supervisor, director or security officer.",
    ask="Your supervisor.",
)
MAY_NOT_HAND_OVER = Refusal(
    rule="A shift is handed over by who holds it, or by those who write the roster.",
    opens="Nothing: ask the person on call, or a supervisor.",
    ask="Your supervisor.",
)

ASK_COUNSEL = "County counsel. The security officer of your agency knows who that is."
MAY_NOT_PROPOSE = Refusal(
    rule="Only county counsel proposes a change of the sharing rules.",
    opens="A designation as counsel in county counsel’s office.",
    ask=ASK_COUNSEL,
)
MAY_NOT_DECIDE = Refusal(
    rule="A change of the sharing rules is decided by county counsel, or by the second signer the county agreed on.",
    opens="A designation as counsel in county counsel’s office.",
    ask=ASK_COUNSEL,
)
TWO_PEOPLE = Refusal(
    rule="Nobody approves a change of the sharing rules that they proposed: it takes two people.",
    opens="Another counsel of the county, or the county’s agreed second signer, may decide it.",
    ask="A colleague in county counsel’s office.",
)
NOT_THE_PROPOSER = Refusal(
    rule="A proposal is changed, submitted and withdrawn by the person who wrote it.",
    opens="Open a proposal of your own, or send this one back with your words once it is submitted.",
    ask="The person who proposed it.",
)


def may_see_people(viewer: Viewer) -> bool:
    """The list of an agency's people: its security officer and its supervisors."""
    return viewer.has_duty(Duty.SECURITY_OFFICER, Duty.SUPERVISOR)


def may_manage_people(viewer: Viewer) -> bool:
    """Inviting, designating and deactivating: the agency's security officer alone."""
    return viewer.has_duty(Duty.SECURITY_OFFICER)


def may_record_training(viewer: Viewer) -> bool:
    """Writing down a completed course: the security officer, or a supervisor."""
    return viewer.has_duty(Duty.SECURITY_OFFICER, Duty.SUPERVISOR)


def may_see_on_call(viewer: Viewer) -> bool:
    """Who is on call in the county's agencies, with telephone: everybody who works cases, and who writes a roster."""
    return (bool(viewer.groups) and viewer.has_duty(*CASE_DUTIES)) or may_write_roster(viewer)


def may_write_roster(viewer: Viewer) -> bool:
    """Writing who is on call: the agency's supervisors, director and security officer."""
    return viewer.has_duty(Duty.SUPERVISOR, Duty.DIRECTOR, Duty.SECURITY_OFFICER)


def may_hand_over(viewer: Viewer, *, agency: UUID, holder: UUID) -> bool:
    """Giving the rest of a shift to a colleague: who holds it, or who writes the roster."""
    return viewer.agency == agency and (viewer.person == holder or may_write_roster(viewer))


def is_oneself(viewer: Viewer, person_id: UUID) -> bool:
    """Whether an act on people would be an act on one's own rights."""
    return viewer.person == person_id


def may_see_matrix(viewer: Viewer) -> bool:
    """The sharing rules hold no case facts: everybody with a designation may read them."""
    return bool(viewer.duties)


def may_propose_rules(viewer: Viewer) -> bool:
    """Proposing a change of the sharing rules: county counsel."""
    return viewer.role == Role.COUNTY_COUNSEL and viewer.has_duty(Duty.COUNSEL)


def may_decide_rules(viewer: Viewer, *, second_role: str = "", second_duty: str = "") -> bool:
    """Deciding one: county counsel, or whoever holds the duty and role that the county agreed on as second signer."""
    agreed = bool(second_role and second_duty)
    return may_propose_rules(viewer) or (
        agreed and viewer.role == second_role and viewer.has_duty(second_duty)
    )


def home_of(viewer: Viewer) -> str:
    """The name of the page on which this person's work begins."""
    if viewer.groups and viewer.has_duty(*(CASE_DUTIES - {Duty.COUNSEL})):
        return "referrals:duties"
    for duty, page in (
        (Duty.COUNSEL, "agencies:matrix"),
        (Duty.COMMITTEE, "reporting:committee"),
        (Duty.SECURITY_OFFICER, "agencies:people"),
        (Duty.AUDITOR, "reporting:looked"),
    ):
        if viewer.has_duty(duty):
            return page
    return "agencies:account"
