"""Celery's side of the reports: ids in, a service called, safe to run twice."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from celery import shared_task

from cseccase import clock
from cseccase.confidentiality.context import viewing_as
from reporting.selectors.report import orders_waiting
from reporting.services.report import WHY, report_count_ordered

PATIENCE = timedelta(minutes=2)
"""How long an order may wait or be counted before the beat's round takes it up again."""


@shared_task(name="reporting.tasks.report_count")
def report_count(order: str) -> bool:
    """Counts one order."""
    return report_count_ordered(order_id=UUID(order), now=clock.now())


@shared_task(name="reporting.tasks.reports_resume")
def reports_resume() -> int:
    """Counts the orders whose worker never came or died."""
    now = clock.now()
    with viewing_as(None, because=WHY):
        waiting = orders_waiting(before=now - PATIENCE)
    return sum(report_count_ordered(order_id=order, now=now) for order in waiting)
