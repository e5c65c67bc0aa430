from __future__ import annotations

from django.apps import AppConfig


class GroundConfig(AppConfig):
    name = "cseccase"

    def ready(self) -> None:
        from cseccase import celery  # noqa: F401  # tasks sent from a web process find their broker
        from cseccase.settings import checks  # noqa: F401  # registered by being imported
