from __future__ import annotations

from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "agencies"

    def ready(self) -> None:
        from agencies.services.people import first_password_path
        from agencies.services.reach import PushBook, TextBook, code_words
        from cseccase.outbox.models import Channel, Message
        from cseccase.outbox.services import BOOKS, DOORS, SAYINGS

        DOORS[Message.Template.ACCOUNT] = first_password_path
        SAYINGS[Message.Template.CODE] = code_words
        BOOKS[Channel.TEXT] = TextBook()
        BOOKS[Channel.PUSH] = PushBook()
