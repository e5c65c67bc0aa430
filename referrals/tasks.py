"""Celery's side of the deadlines: a wake-up call, nothing more. PostgreSQL knows what is due, and what time it is."""

from __future__ import annotations

from celery import shared_task

from cseccase import clock
from cseccase.database import database_now
from referrals.services import emergency, reconcile, request, settling, sweep


@shared_task(name="referrals.tasks.deadlines_sweep")
def deadlines_sweep() -> int:
    """Fires the stages that fell due. Safe to run twice, at the same time, or not for an hour."""
    fired = sweep.stages_fire(now=clock.now())
    now = database_now()
    emergency.reviews_remind(now=now)
    request.requests_settle(now=now)
    return fired


@shared_task(name="referrals.tasks.deadlines_reconcile")
def deadlines_reconcile() -> int:
    """Looks whether every promise about deadlines holds. Safe to run twice; returns how many do not."""
    return len(reconcile.deadlines_reconcile(now=clock.now()))


@shared_task(name="referrals.tasks.agreement_settle")
def agreement_settle() -> int:
    """Rewrites the grants of every case after the sharing rules changed. Safe to run twice; goes on where it was."""
    return settling.agreements_settle(now=database_now())
