from __future__ import annotations

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"

    def sweeper_is_well(self) -> bool:
        """Asked by the health page, which stands below and may not import this floor."""
        from referrals.services.sweep import sweeper_is_well

        return sweeper_is_well()
