from __future__ import annotations

from django.apps import AppConfig

READ_IN_EMERGENCY = (
    "referrals:emergency",
    "referrals:case",
    "referrals:case_timeline",
    "referrals:case_reports",
    "referrals:status",
    "referrals:referral",
    "mdt:safety_plan",
)
"""Pages to read. Forms, lists, printing, the sharing page and the API stay shut to an emergency look."""


class ReferralsConfig(AppConfig):
    name = "referrals"

    def ready(self) -> None:
        """Hands inward to the floors below what only this floor knows: who leaves, who looks in an emergency, on what ground."""
        from agencies.services.staff import LEAVING, RETURNING
        from agencies.viewers import HOLDS, READABLE
        from cseccase.audit.grounds import grounds_from
        from referrals.selectors.emergency import emergencies_held
        from referrals.selectors.grounds import ground_of
        from referrals.services.leaving import duties_give_back, grants_begin, grants_end

        LEAVING.extend((duties_give_back, grants_end))
        RETURNING.append(grants_begin)
        if emergencies_held not in HOLDS:
            HOLDS.append(emergencies_held)
        READABLE.update(READ_IN_EMERGENCY)
        grounds_from(ground_of)

    def sweeper_is_well(self) -> bool:
        """Asked by the health page, which stands below and may not import this floor."""
        from referrals.services.sweep import sweeper_is_well

        return sweeper_is_well()
