"""What can stand in a chronology: each kind of event with its words and the section whose people may know it.

The kinds that start and stop clocks are those of `referrals.deadlines.kinds`; here is where each belongs in the file
(reference 7.3): reports of abuse under the narrative (r03), a missing child under r20, an evaluation under r11, and what
an agency did about its own duties under that agency's own duties (d01).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from agencies.disclosure.categories import OWN_DUTIES
from referrals.deadlines import kinds


@dataclass(frozen=True, slots=True)
class KindOfEvent:
    """One kind: where it stands, and how a person reads it. `elsewhere` is where agencies that keep another record put it."""

    kind: str
    category: str
    title: str
    elsewhere: Mapping[str, str] = field(default_factory=dict)

    def place(self, role: str) -> str:
        """The category in which an agency of this role records it."""
        return self.elsewhere.get(role, self.category)

    @property
    def is_own_duty(self) -> bool:
        """Whether it stands in the acting agency's own duties rather than in a shared section."""
        return self.category == OWN_DUTIES


BY_POLICE = MappingProxyType({"LE": OWN_DUTIES})
"""What law enforcement did stands among its own duties, since the county's narrative is not its record."""

COURT_FILE = MappingProxyType({"CW": "r15", "PO": "r16"})
"""What happens to a dependent or a ward stands in the file that each agency keeps for the court."""
COUNTY_STORY = MappingProxyType({"CW": "r03", "PO": "r03"})
CUSTODIANS = frozenset({OWN_DUTIES, "r06"})
"""Sections that each agency keeps for itself: its duties, and what the child told it."""

KINDS = MappingProxyType(
    {
        entry.kind: entry
        for entry in (
            KindOfEvent(kinds.REFERRAL_RECEIVED, "r03", "Referral received"),
            KindOfEvent(kinds.RESPONSE_DECIDED, "r03", "Response decided"),
            KindOfEvent(kinds.RESPONDER_ARRIVED, OWN_DUTIES, "With the child"),
            KindOfEvent(kinds.CHILD_IDENTIFIED, "r02", "Child identified as a victim"),
            KindOfEvent(kinds.CROSS_REPORT_MADE, "r03", "Cross-report made"),
            KindOfEvent(kinds.WRITTEN_REPORT_SENT, "r03", "Written report sent"),
            KindOfEvent(kinds.LE_REPORT_MADE, "r02", "Police told of the victim"),
            KindOfEvent(kinds.WENT_MISSING, "r20", "Told that the child is missing"),
            KindOfEvent(kinds.MISSING_REPORTED, "r20", "Reported missing"),
            KindOfEvent(kinds.CHILD_LOCATED, "r20", "Child located"),
            KindOfEvent(kinds.MEDICAL_EVALUATION_DONE, "r11", "Medical evaluation done"),
            KindOfEvent(kinds.SUPPORT_COMPLETED, OWN_DUTIES, "72 hours of support given"),
            KindOfEvent(kinds.INVESTIGATION_BEGUN, OWN_DUTIES, "Investigation begun in person"),
            KindOfEvent(kinds.MEETING_HELD, "r26", "Team met"),
            KindOfEvent(kinds.EXPLOITATION_SUSPECTED, OWN_DUTIES, "Exploitation suspected or told of"),
            KindOfEvent(kinds.SUSPICION_CALLED, OWN_DUTIES, "Suspected abuse reported by telephone"),
            KindOfEvent(kinds.SUSPICION_WRITTEN, OWN_DUTIES, "Written report of suspected abuse sent"),
            KindOfEvent(kinds.POLICE_REPORT_RECEIVED, OWN_DUTIES, "Law enforcement received a report"),
            KindOfEvent(kinds.POLICE_CROSS_REPORTED, OWN_DUTIES, "Law enforcement told another agency"),
            KindOfEvent(kinds.POLICE_WROTE, OWN_DUTIES, "Law enforcement sent its written report"),
            KindOfEvent(kinds.POLICE_INVESTIGATION_BEGUN, OWN_DUTIES, "Law enforcement began to investigate"),
            KindOfEvent(
                kinds.POLICE_INVESTIGATION_TOLD, OWN_DUTIES, "Law enforcement told of its investigation"
            ),
            KindOfEvent(kinds.FACILITY_ABUSE_REPORTED, "r03", "Abuse in a licensed home reported", BY_POLICE),
            KindOfEvent(kinds.LICENSING_TOLD, "r03", "Licensing office told", BY_POLICE),
            KindOfEvent(
                kinds.LICENSING_WRITTEN, "r03", "Written report sent to the licensing office", BY_POLICE
            ),
            KindOfEvent(kinds.CUSTODY_ABUSE_ALLEGED, "r03", "Abuse of a child in custody alleged", BY_POLICE),
            KindOfEvent(kinds.CUSTODY_EXAM_DONE, "r11", "Examination in custody done", BY_POLICE),
            KindOfEvent(kinds.ATTORNEY_COPIED, "r03", "Copy sent to the child’s attorney", BY_POLICE),
            KindOfEvent(kinds.ATTORNEY_ASKED, "r03", "The child’s attorney asked for information", BY_POLICE),
            KindOfEvent(kinds.ATTORNEY_ANSWERED, "r03", "The child’s attorney was answered", BY_POLICE),
            KindOfEvent(kinds.YOUTHS_CHILD_REPORTED, "r03", "Report about the youth’s own child", BY_POLICE),
            KindOfEvent(kinds.PARENT_ATTORNEY_TOLD, "r03", "The youth’s attorney was told", BY_POLICE),
            KindOfEvent(kinds.INVESTIGATION_CONCLUDED, "r03", "Investigation concluded"),
            KindOfEvent(kinds.FINDING_CHANGED, "r03", "Finding no longer stands"),
            KindOfEvent(kinds.INDEX_FORM_SENT, "r03", "Index form or notice sent"),
            KindOfEvent(kinds.INDEX_CORRECTED, "r03", "Correction sent to the Department of Justice"),
            KindOfEvent(kinds.NOTICE_GIVEN, "r20", "Notice given that the child is missing"),
            KindOfEvent(kinds.NOTICE_NOT_OWED, "r20", "Notice of the missing child not owed"),
            KindOfEvent(kinds.SEARCH_CONTACT_MADE, "r20", "Talked about the missing child"),
            KindOfEvent(kinds.SEARCH_EFFORT_MADE, "r20", "Searched for the child"),
            KindOfEvent(kinds.RETURN_TOLD, "r20", "Told that the child was located"),
            KindOfEvent(kinds.RETURN_SCREENED, "r05", "Asked about exploitation after the return"),
            KindOfEvent(kinds.RETURN_DEBRIEFED, "r06", "Talk about the absence written down"),
            KindOfEvent(kinds.TESTIMONY_PLANNED, OWN_DUTIES, "The child will testify", COURT_FILE),
            KindOfEvent(kinds.PLAN_CHANGE_NEEDED, OWN_DUTIES, "Plan or placement needs to change"),
            KindOfEvent(kinds.PLACEMENT_CHANGED, "r15", "Placement changed", COURT_FILE),
            KindOfEvent(kinds.PLACEMENT_DISRUPTED, "r15", "Placement broke down", COURT_FILE),
            KindOfEvent(kinds.LAW_CONTACT, "r16", "Arrest or contact with law enforcement", {"CW": "r03"}),
            KindOfEvent(kinds.PSYCHIATRIC_CRISIS, "r11", "Psychiatric crisis"),
            KindOfEvent(kinds.TRAFFICKER_THREAT, OWN_DUTIES, "Threat by an exploiter", COUNTY_STORY),
            KindOfEvent(kinds.DETENTION_ENTERED, "r16", "Entered juvenile detention"),
            KindOfEvent(kinds.MENTAL_HEALTH_REFERRED, OWN_DUTIES, "Referred to mental health"),
            KindOfEvent(kinds.ASSESSMENT_DONE, "r07", "Assessment done"),
            KindOfEvent(kinds.PROJECT_CODE_ENDED, "r02", "Special project code ended"),
            KindOfEvent(kinds.FOSTER_CARE_ENTERED, "r15", "Entered foster care", COURT_FILE),
            KindOfEvent(kinds.FAMILY_TEAM_HELD, OWN_DUTIES, "Child and family team met"),
            KindOfEvent(kinds.DUTY_DROPPED, OWN_DUTIES, "Duty does not apply"),
            KindOfEvent(kinds.WITHDRAWN, OWN_DUTIES, "Recorded by mistake"),
            KindOfEvent(kinds.NOTE, OWN_DUTIES, "Note"),
        )
    }
)
