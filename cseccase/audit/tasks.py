"""Celery's side of the sealed log. Both are safe to run twice and at the same time."""

from __future__ import annotations

from celery import shared_task

from cseccase import clock
from cseccase.audit import sealing, verifying
from cseccase.logs import logger

log = logger("audit")


@shared_task(name="cseccase.audit.tasks.log_seal")
def log_seal() -> int:
    """Seals what is final."""
    return sealing.log_seal(now=clock.now())


@shared_task(name="cseccase.audit.tasks.log_verify")
def log_verify() -> bool:
    """Verifies the whole log, and says so loudly where it does not hold."""
    verdict = verifying.log_verify(now=clock.now())
    if verdict.fault:
        log.critical("audit.broken", name=str(verdict.fault), count=verdict.entries)
    else:
        log.info("audit.verified", count=verdict.entries)
    return verdict.holds
