"""The Celery application. Tasks carry ids only; every legal fact is in PostgreSQL."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cseccase.settings.demo")
app = Celery("cseccase")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["agencies", "referrals", "mdt", "reporting", "cseccase.outbox", "cseccase.audit"])


@setup_logging.connect
def use_django_logging(**kwargs: Any) -> None:
    """One logging configuration for web and workers, so that nothing confidential slips into a worker's log."""
    from logging.config import dictConfig

    from django.conf import settings

    dictConfig(settings.LOGGING)
