from __future__ import annotations

from django.apps import AppConfig


class MdtConfig(AppConfig):
    name = "mdt"

    def ready(self) -> None:
        from agencies.services.staff import LEAVING
        from mdt.services.leaving import actions_give_back

        LEAVING.append(actions_give_back)
