"""The kinds of event that start, stop or drop a deadline, and the words their facts use."""

from __future__ import annotations

from typing import Final

REFERRAL_RECEIVED: Final = "referral_received"
RESPONSE_DECIDED: Final = "response_decided"
RESPONDER_ARRIVED: Final = "responder_arrived"
CHILD_IDENTIFIED: Final = "child_identified"
CROSS_REPORT_MADE: Final = "cross_report_made"
WRITTEN_REPORT_SENT: Final = "written_report_sent"
LE_REPORT_MADE: Final = "le_report_made"
WENT_MISSING: Final = "went_missing"
MISSING_REPORTED: Final = "missing_reported"
CHILD_LOCATED: Final = "child_located"
MEDICAL_EVALUATION_DONE: Final = "medical_evaluation_done"
SUPPORT_COMPLETED: Final = "support_completed"
INVESTIGATION_BEGUN: Final = "investigation_begun"
MEETING_HELD: Final = "meeting_held"
EXPLOITATION_SUSPECTED: Final = "exploitation_suspected"
SUSPICION_CALLED: Final = "suspicion_called"
SUSPICION_WRITTEN: Final = "suspicion_written"
POLICE_REPORT_RECEIVED: Final = "police_report_received"
POLICE_CROSS_REPORTED: Final = "police_cross_reported"
POLICE_WROTE: Final = "police_wrote"
POLICE_INVESTIGATION_BEGUN: Final = "police_investigation_begun"
POLICE_INVESTIGATION_TOLD: Final = "police_investigation_told"
FACILITY_ABUSE_REPORTED: Final = "facility_abuse_reported"
LICENSING_TOLD: Final = "licensing_told"
LICENSING_WRITTEN: Final = "licensing_written"
CUSTODY_ABUSE_ALLEGED: Final = "custody_abuse_alleged"
ATTORNEY_COPIED: Final = "attorney_copied"
ATTORNEY_ASKED: Final = "attorney_asked"
ATTORNEY_ANSWERED: Final = "attorney_answered"
YOUTHS_CHILD_REPORTED: Final = "youths_child_reported"
PARENT_ATTORNEY_TOLD: Final = "parent_attorney_told"
INVESTIGATION_CONCLUDED: Final = "investigation_concluded"
FINDING_CHANGED: Final = "finding_changed"
INDEX_FORM_SENT: Final = "index_form_sent"
INDEX_CORRECTED: Final = "index_corrected"
NOTICE_GIVEN: Final = "missing_notice_given"
NOTICE_NOT_OWED: Final = "missing_notice_not_owed"
SEARCH_CONTACT_MADE: Final = "search_contact_made"
SEARCH_EFFORT_MADE: Final = "search_effort_made"
RETURN_TOLD: Final = "return_told"
RETURN_SCREENED: Final = "return_screened"
RETURN_DEBRIEFED: Final = "return_debriefed"
CUSTODY_EXAM_DONE: Final = "custody_exam_done"
TESTIMONY_PLANNED: Final = "testimony_planned"
PLAN_CHANGE_NEEDED: Final = "plan_change_needed"
PLACEMENT_CHANGED: Final = "placement_changed"
PLACEMENT_DISRUPTED: Final = "placement_disrupted"
LAW_CONTACT: Final = "law_contact"
PSYCHIATRIC_CRISIS: Final = "psychiatric_crisis"
TRAFFICKER_THREAT: Final = "trafficker_threat"
DETENTION_ENTERED: Final = "detention_entered"
MENTAL_HEALTH_REFERRED: Final = "mental_health_referred"
ASSESSMENT_DONE: Final = "assessment_done"
PROJECT_CODE_ENDED: Final = "project_code_ended"
FOSTER_CARE_ENTERED: Final = "foster_care_entered"
FAMILY_TEAM_HELD: Final = "family_team_held"
DUTY_DROPPED: Final = "duty_dropped"
NOTE: Final = "note"
WITHDRAWN: Final = "withdrawn"
"""A correction that says the event never was."""

EVENT_KINDS: Final[frozenset[str]] = frozenset(
    {
        REFERRAL_RECEIVED,
        RESPONSE_DECIDED,
        RESPONDER_ARRIVED,
        CHILD_IDENTIFIED,
        CROSS_REPORT_MADE,
        WRITTEN_REPORT_SENT,
        LE_REPORT_MADE,
        WENT_MISSING,
        MISSING_REPORTED,
        CHILD_LOCATED,
        MEDICAL_EVALUATION_DONE,
        SUPPORT_COMPLETED,
        INVESTIGATION_BEGUN,
        MEETING_HELD,
        EXPLOITATION_SUSPECTED,
        SUSPICION_CALLED,
        SUSPICION_WRITTEN,
        POLICE_REPORT_RECEIVED,
        POLICE_CROSS_REPORTED,
        POLICE_WROTE,
        POLICE_INVESTIGATION_BEGUN,
        POLICE_INVESTIGATION_TOLD,
        FACILITY_ABUSE_REPORTED,
        LICENSING_TOLD,
        LICENSING_WRITTEN,
        CUSTODY_ABUSE_ALLEGED,
        ATTORNEY_COPIED,
        ATTORNEY_ASKED,
        ATTORNEY_ANSWERED,
        YOUTHS_CHILD_REPORTED,
        PARENT_ATTORNEY_TOLD,
        INVESTIGATION_CONCLUDED,
        FINDING_CHANGED,
        INDEX_FORM_SENT,
        INDEX_CORRECTED,
        NOTICE_GIVEN,
        NOTICE_NOT_OWED,
        SEARCH_CONTACT_MADE,
        SEARCH_EFFORT_MADE,
        RETURN_TOLD,
        RETURN_SCREENED,
        RETURN_DEBRIEFED,
        CUSTODY_EXAM_DONE,
        TESTIMONY_PLANNED,
        PLAN_CHANGE_NEEDED,
        PLACEMENT_CHANGED,
        PLACEMENT_DISRUPTED,
        LAW_CONTACT,
        PSYCHIATRIC_CRISIS,
        TRAFFICKER_THREAT,
        DETENTION_ENTERED,
        MENTAL_HEALTH_REFERRED,
        ASSESSMENT_DONE,
        PROJECT_CODE_ENDED,
        FOSTER_CARE_ENTERED,
        FAMILY_TEAM_HELD,
        DUTY_DROPPED,
        NOTE,
        WITHDRAWN,
    }
)

TIER_CRISIS: Final = "crisis"
TIER_INITIAL: Final = "initial"
JURISDICTION_CW: Final = "cw"
JURISDICTION_PROBATION: Final = "probation"
JURISDICTION_DUAL: Final = "dual"
JURISDICTION_NONE: Final = "none"
JURISDICTION_UNKNOWN: Final = "unknown"

CHILD_WELFARE: Final = "CW"
PROBATION: Final = "PO"
ADVOCATE: Final = "ADV"
PUBLIC_HEALTH: Final = "PH"
MENTAL_HEALTH: Final = "MH"
LAW_ENFORCEMENT: Final = "LE"

TO_LAW_ENFORCEMENT: Final = "le"
TO_DISTRICT_ATTORNEY: Final = "da"
TO_CHILD_WELFARE: Final = "cw"
TO_NCMEC: Final = "ncmec"
TO_CHILD: Final = "child"
TO_LICENSING: Final = "licensing"
TO_CHILD_ATTORNEY: Final = "child_attorney"
TO_PARENT_ATTORNEY: Final = "parent_attorney"
TO_JUSTICE_DEPARTMENT: Final = "doj"
TO_LISTED_PERSON: Final = "listed_person"
TO_PARENTS: Final = "parents"
TO_GUARDIANS: Final = "guardians"
TO_FAMILY_ATTORNEYS: Final = "family_attorneys"
TO_CASA: Final = "casa"
TO_COURT: Final = "court"
TO_TRIBE: Final = "tribe"
TO_SIBLINGS: Final = "siblings"
TO_LOCAL_POLICE: Final = "local_police"
TO_STATE_SYSTEM: Final = "state_system"

TELEPHONE: Final = "telephone"
FAX: Final = "fax"
ELECTRONIC: Final = "electronic"
IN_WRITING: Final = "writing"
IN_PERSON: Final = "in_person"
VOICEMAIL: Final = "voicemail"
"""The `outcome` of a call nobody answered: it reports nothing (a report needs a person who received it)."""
