"""The app that stands last in INSTALLED_APPS, so that every table exists when the walls go up."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConfidentialityConfig(AppConfig):
    name = "cseccase.confidentiality"
    label = "confidentiality"

    def ready(self) -> None:
        from cseccase.confidentiality import checks, rls  # noqa: F401  # registers the system checks

        post_migrate.connect(rls.after_migrate, sender=self, dispatch_uid="raise_walls")
