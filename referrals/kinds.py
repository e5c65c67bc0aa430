"""What can stand in a chronology: each kind of event with its words and the section whose people may know it.

The kinds that start and stop clocks are those of `referrals.deadlines.kinds`; here is where each belongs in the file
(reference 7.3): reports of abuse under the narrative (r03), a missing child under r20, an evaluation under r11, and what
an agency did about its own duties under that agency's own duties (d01).
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from agencies.disclosure.categories import OWN_DUTIES
from referrals.deadlines import kinds


@dataclass(frozen=True, slots=True)
class KindOfEvent:
    """One kind: where it stands, and how a person reads it."""

    kind: str
    category: str
    title: str

    @property
    def is_own_duty(self) -> bool:
        """Whether it stands in the acting agency's own duties rather than in a shared section."""
        return self.category == OWN_DUTIES


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
            KindOfEvent(kinds.DUTY_DROPPED, OWN_DUTIES, "Duty does not apply"),
            KindOfEvent(kinds.WITHDRAWN, OWN_DUTIES, "Recorded by mistake"),
            KindOfEvent(kinds.NOTE, OWN_DUTIES, "Note"),
        )
    }
)
