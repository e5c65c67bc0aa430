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

TO_LAW_ENFORCEMENT: Final = "le"
TO_DISTRICT_ATTORNEY: Final = "da"
TO_CHILD_WELFARE: Final = "cw"
TO_NCMEC: Final = "ncmec"
TO_CHILD: Final = "child"

TELEPHONE: Final = "telephone"
FAX: Final = "fax"
ELECTRONIC: Final = "electronic"
VOICEMAIL: Final = "voicemail"
"""The `outcome` of a call nobody answered: it reports nothing (a report needs a person who received it)."""
