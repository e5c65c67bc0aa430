from __future__ import annotations

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"

    def ready(self) -> None:
        from agencies.services.staff import LEAVING, RETURNING
        from referrals.services.leaving import duties_give_back, grants_begin, grants_end

        LEAVING.extend((duties_give_back, grants_end))
        RETURNING.append(grants_begin)

    def sweeper_is_well(self) -> bool:
        """Asked by the health page, which stands below and may not import this floor."""
        from referrals.services.sweep import sweeper_is_well

        return sweeper_is_well()
