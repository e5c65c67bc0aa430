from __future__ import annotations

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "agencies"

    def ready(self) -> None:
        from agencies.services.people import first_password_path
        from cseccase.outbox.models import Message
        from cseccase.outbox.services import DOORS

        DOORS[Message.Template.ACCOUNT] = first_password_path
