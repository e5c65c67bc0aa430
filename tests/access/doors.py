"""What every address asks of whoever opens it: one line each. An address without a line fails, and so does a line without.

`part` is the piece of the address whose record decides, `level` how much of that record must be known (`any` part of the
case, `summary`, `full`), `who` the rule on duties that a person must also meet. `loose` doors are asked only for leaks,
errors and sameness: whether they open depends on more than this table says (a form's own state, a report not yet counted).
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tests.access.oracle import FULL, NOTHING, SUMMARY, may_know
from tests.access.states import Persona, Scene

CASE_ROLES = {"CW", "PO"}


@dataclass(frozen=True, slots=True)
class Door:
    """One address: whose record, how much of it, and who by duty. `shows` names fields that must be on the page."""

    part: str = ""
    level: str = ""
    who: str = "signed in"
    loose: bool = False
    shows: tuple[str, ...] = ()
    over: bool = False
    """Whether somebody whose seat ended is told so, instead of nothing."""
    copy: bool = False
    """Whether its answer is a copy, which nobody takes of what they may only look at (WIC 827(a)(5))."""


def may(persona: Persona, who: str) -> bool:
    """The rule on duties, read from the policy on designations (WIC 18961.5(c); MOU VI.B, VII; Framework III)."""
    reader, duties = persona.reader, persona.duties
    receives = reader.works_cases and reader.role in CASE_ROLES and "counsel" not in duties
    return {
        "anybody": True,
        "signed in": persona.person is not None,
        "casework": reader.works_cases,
        "receives reports": receives,
        "leads": receives and reader.role == "CW",
        "keeps records": reader.works_cases and reader.role not in {"JC", "CASA", "SC"},
        "reports": bool(duties & {"committee", "supervisor", "coordinator"}),
        "review": bool(duties & {"supervisor", "security_officer", "auditor"}),
        "people": bool(duties & {"security_officer", "supervisor"}),
        "officer": "security_officer" in duties,
        "on call": reader.works_cases or bool(duties & {"supervisor", "director", "security_officer"}),
        "team": reader.works_cases and bool(duties & {"supervisor", "director", "coordinator"}),
    }[who]


def known(persona: Persona, scene: Scene, door: Door, at: object, policy: object) -> bool:
    """Whether the policy lets this person know as much of the record as the door asks."""
    if door.level == "any":
        return any(answer != NOTHING for answer in answers(persona, scene, at, policy).values())
    answer = answers(persona, scene, at, policy).get(scene.stands_in.get(door.part, UUID(int=0)), NOTHING)
    return answer == FULL or (door.level == "summary" and answer == SUMMARY)


_answers: dict[tuple[UUID, UUID], dict[UUID, str]] = {}


def answers(persona: Persona, scene: Scene, at: object, policy: object) -> dict[UUID, str]:
    """What the policy says of every section of a case to one person."""
    key = (persona.reader.person, scene.case_id)
    if key not in _answers:
        _answers[key] = {
            section: may_know(persona.reader, scene.told, shelf, at, policy=policy)  # type: ignore[arg-type]
            for section, shelf in scene.shelves.items()
        }
    return _answers[key]


CASE, WORK = "case_id", "casework"
DOORS: dict[str, Door] = {
    # one's own account and the way in: no record behind them
    **dict.fromkeys(
        [
            "account_change_password",
            "account_inactive",
            "account_login",
            "account_logout",
            "account_reauthenticate",
            "agencies:account",
            "agencies:device_add",
            "agencies:device_remove",
            "agencies:number_ask",
            "agencies:number_confirm",
            "agencies:number_remove",
            "agencies:extend",
            "agencies:hide",
            "agencies:home",
            "agencies:locked",
            "agencies:matrix",
            "agencies:notice_open",
            "agencies:notices",
            "draft_save",
            "first_password",
            "healthz",
            "healthz_deadlines",
            "mfa_activate_totp",
            "mfa_add_webauthn",
            "mfa_authenticate",
            "mfa_deactivate_totp",
            "mfa_download_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_index",
            "mfa_list_webauthn",
            "mfa_login_webauthn",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
            "mfa_view_recovery_codes",
            "practice_sign_in",
            "agencies:confirm",
            "agencies:kept",
            "api_notices",
            "api_notice_read",
            "usersessions_list",
            "api_openapi",
        ],
        Door(loose=True),
    ),
    # the sharing rules: no record of a child behind them
    **dict.fromkeys(
        [
            "agencies:rules",
            "agencies:rules_compare",
            "agencies:propose",
            "agencies:proposal",
            "agencies:proposal_cell",
            "agencies:cell_drop",
            "agencies:proposal_submit",
            "agencies:proposal_withdraw",
            "agencies:proposal_decide",
            "referrals:deadline_rules",
            "referrals:deadline_readings",
            "referrals:deadline_submit",
            "referrals:deadline_withdraw",
            "referrals:deadline_decide",
            "referrals:deadline_limit",
            "referrals:preview",
        ],
        Door(loose=True),
    ),
    # people of an agency
    "agencies:people": Door(who="people"),
    "agencies:undelivered": Door(who="people"),
    "agencies:undelivered_again": Door(loose=True),
    **dict.fromkeys(
        [
            "agencies:person",
            "agencies:designation_end",
            "agencies:person_confirm",
            "agencies:person_deactivate",
            "agencies:person_designate",
            "agencies:person_invite",
            "agencies:person_reactivate",
            "agencies:person_release",
            "agencies:review",
            "agencies:review_sign",
            "agencies:person_send_link",
            "agencies:person_training",
            "agencies:person_qualification",
            "agencies:qualification_end",
        ],
        Door(loose=True),
    ),
    # who is on call: staff and telephone numbers, no record of a child
    "agencies:on_call": Door(who="on call"),
    "agencies:roster": Door(who="on call"),
    **dict.fromkeys(
        ["agencies:shift_add", "agencies:roster_fill", "agencies:shift_hand_over", "agencies:shift_remove"],
        Door(loose=True),
    ),
    # case files
    "referrals:cases": Door(who=WORK),
    "referrals:find": Door(who=WORK),
    "referrals:case": Door(CASE, "any"),
    "referrals:case_name": Door(CASE, "any", loose=True),
    "referrals:case_timeline": Door(CASE, "any", shows=("CaseEvent.note",)),
    "referrals:case_reports": Door(CASE, "any"),
    "referrals:case_sharing": Door(CASE, "any", who="keeps records"),
    "referrals:my_notes": Door(CASE, "any", loose=True),
    "referrals:my_note": Door("note_id", "full", loose=True),
    "referrals:restriction": Door(CASE, "any", loose=True),
    "referrals:restriction_end": Door(CASE, "any", loose=True),
    "referrals:seal": Door(CASE, "any", loose=True),
    "referrals:seal_purpose": Door(CASE, "any", loose=True),
    "referrals:seal_lift": Door(CASE, "any", loose=True),
    "referrals:event_record": Door(CASE, "any", loose=True),
    "referrals:happening": Door(CASE, "any", loose=True),
    "referrals:event_correct": Door("event_id", "full", loose=True),
    "referrals:missing": Door(CASE, "any", loose=True),
    "referrals:located": Door(CASE, "any", loose=True),
    "referrals:party_end": Door("party_id", "full", loose=True),
    "referrals:paper": Door("paper_id", "full"),
    "referrals:paper_pdf": Door("paper_id", "full"),
    "referrals:paper_new": Door(CASE, "any", loose=True),
    "referrals:need_approve": Door("paper_id", "full", loose=True),
    "referrals:good_cause": Door(CASE, "any", loose=True),
    "referrals:status": Door("status_id", "summary"),
    "referrals:status_suggest": Door("status_id", "summary", loose=True),
    "referrals:status_end": Door("status_id", "full", loose=True),
    "referrals:project_code_end": Door("code_id", "summary", loose=True),
    # referrals
    "referrals:urgent": Door(who="receives reports"),
    "referrals:ordinary": Door(who="receives reports"),
    "referrals:referral": Door(
        "referral_id", "summary", shows=("Referral.narrative", "Reporter.name_or_role", "Whereabouts.place")
    ),
    "referrals:show_name": Door("referral_id", "summary", loose=True),
    "referrals:logged": Door("referral_id", "full"),
    "referrals:decide": Door("referral_id", "full", who="receives reports"),
    "reporting:written_report": Door("referral_id", "full", shows=("Referral.narrative",)),
    "reporting:written_report_pdf": Door("referral_id", "full", shows=("Referral.narrative",)),
    # duties
    "referrals:duties": Door(who=WORK),
    "referrals:duty": Door("duty_id", "full"),
    "referrals:duty_take": Door("duty_id", "full", loose=True),
    "referrals:duty_drop": Door("duty_id", "full", loose=True),
    "referrals:board": Door(who="team"),
    **dict.fromkeys(
        ["referrals:duty_acknowledge", "referrals:duty_explain", "referrals:duty_review"],
        Door("duty_id", "full", loose=True),
    ),
    # team meetings
    "mdt:meetings": Door(),
    "mdt:actions": Door(),
    "mdt:action": Door("action_id", "full", shows=("ActionItem.words",)),
    "mdt:case_meetings": Door(CASE, "any"),
    "mdt:safety_plan": Door(CASE, "any", loose=True),
    "mdt:schedule": Door(CASE, "any", loose=True),
    "mdt:meeting": Door("meeting_id", "full", over=True),
    "mdt:session": Door("meeting_id", "full", shows=("AgendaItem.title", "Decision.words")),
    "mdt:summary": Door("meeting_id", "full", shows=("AgendaItem.minutes", "Decision.words")),
    "mdt:rsvp": Door("meeting_id", "full", loose=True, over=True),
    "mdt:calendar": Door("meeting_id", "full", loose=True, over=True),
    "mdt:minutes": Door("meeting_id", "full", loose=True),
    "mdt:decision": Door("meeting_id", "full", loose=True),
    **dict.fromkeys(
        ["mdt:change", "mdt:cancel", "mdt:child", "mdt:hold", "mdt:seat", "mdt:seat_remove"],
        Door("meeting_id", "full", loose=True),
    ),
    # looks in an emergency, and requests for what a paper opens: each asks by number and says nothing of whether it exists
    **dict.fromkeys(
        [
            "referrals:access_ask",
            "referrals:access_request",
            "referrals:access_requests",
            "referrals:emergencies",
            "referrals:emergency",
            "referrals:emergency_end",
            "referrals:emergency_open",
        ],
        Door(loose=True),
    ),
    # what is counted and reviewed
    "reporting:committee": Door(who="reports"),
    **dict.fromkeys(
        ["reporting:committee_count", "reporting:committee_csv", "reporting:committee_pdf", "api_report"],
        Door(loose=True),
    ),
    "reporting:looked": Door(who="review"),
    "reporting:looked_find": Door(who="review", loose=True),
    "reporting:looked_case": Door(CASE, "any", loose=True),
    "reporting:looked_case_csv": Door(CASE, "any", loose=True),
    **dict.fromkeys(
        [
            "reporting:looked_person",
            "reporting:looked_person_csv",
            "reporting:home_address",
            "reporting:unusual",
            "reporting:unusual_day",
        ],
        Door(loose=True),
    ),
    "reporting:changed": Door(CASE, "any"),
    "reporting:changed_csv": Door(CASE, "any", loose=True),
    # the API
    "api_cases": Door(),
    "api_duties": Door(),
    "api_meetings": Door(),
    "api_referrals": Door(),
    "api_reports": Door(who="reports"),
    "api_response": Door("referral_id", "full", loose=True),
    "api_referral": Door("referral_id", "summary", shows=("Referral.narrative",)),
    "api_case_events": Door(CASE, "any", shows=("CaseEvent.note",), copy=True),
    "api_case_duties": Door(CASE, "any"),
    "api_duty": Door("duty_id", "full"),
    "api_meeting": Door("meeting_id", "full"),
    "api_actions": Door(),
    "api_action": Door("action_id", "full", shows=("ActionItem.words",)),
    "api_case_meetings": Door(CASE, "any", loose=True),
    "api_history": Door(CASE, "any", loose=True),
    "api_case_log": Door(CASE, "any", loose=True),
    "api_person_log": Door(loose=True),
    "api_sharing": Door(CASE, "any", loose=True),
    "api_safety_plan": Door(CASE, "any", loose=True),
    "api_meeting_candidates": Door(CASE, "any", loose=True),
    # what is written through the API
    "api_event_correction": Door("event_id", "full", loose=True),
    "api_party_end": Door("party_id", "full", loose=True),
    "api_paper_revoke": Door("paper_id", "full", loose=True),
    "api_status_end": Door("status_id", "full", loose=True),
    "api_project_code_end": Door("code_id", "summary", loose=True),
    "api_action_done": Door("action_id", "full", loose=True),
    **dict.fromkeys(
        ["api_missing", "api_located", "api_parties", "api_papers", "api_status", "api_status_suggestion"],
        Door(CASE, "any", loose=True),
    ),
    **dict.fromkeys(
        ["api_duty_evidence", "api_duty_take", "api_duty_acknowledge", "api_duty_drop"],
        Door("duty_id", "full", loose=True),
    ),
    **dict.fromkeys(
        [
            "api_meeting_answer",
            "api_meeting_cancel",
            "api_meeting_child",
            "api_meeting_seat",
            "api_meeting_minutes",
            "api_meeting_decisions",
            "api_meeting_held",
        ],
        Door("meeting_id", "full", loose=True),
    ),
}
LEFT_OUT = {"mfa_remove_webauthn", "mfa_edit_webauthn", "unnamed favicon.ico"}
"""Keys of one's own, by number; a picture."""
