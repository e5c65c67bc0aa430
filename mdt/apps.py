from __future__ import annotations

from django.apps import AppConfig


class MdtConfig(AppConfig):
    name = "mdt"

    def ready(self) -> None:
        """Hands inward to the floors below what only this floor knows: who leaves, and which meetings are still open."""
        from agencies.services.staff import LEAVING
        from cseccase.drafts.kept import OPEN
        from mdt.selectors.meeting import meeting_open
        from mdt.services.leaving import actions_give_back

        LEAVING.append(actions_give_back)
        OPEN.append(meeting_open)
