from __future__ import annotations

from django.apps import AppConfig


class EncryptionConfig(AppConfig):
    name = "cseccase.encryption"
    label = "encryption"

    def ready(self) -> None:
        from cseccase.encryption import checks  # noqa: F401  # registers the system check
