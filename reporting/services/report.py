"""Ordering, counting and freezing committee reports."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from kombu.exceptions import OperationalError

from agencies.models import County, ProtocolVersion
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import viewing_as
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import RuleBroken
from cseccase.logs import logger
from reporting import policies
from reporting.masked_report import report_mask, to_content
from reporting.models import ReportOrder, ReportRun
from reporting.periods import Period
from reporting.selectors.counts import county_counts

WHY = "a committee report is counted and frozen"
log = logger("reporting")


@transaction.atomic
def report_order(*, viewer: Viewer, period: Period, now: datetime) -> ReportOrder:
    """Asks for a period to be counted, once; an order that failed is given again.

    Raises `NotAllowed`, and `RuleBroken` for a period that is not over or would overlap one that is reported already.
    """
    policies.require_reports(viewer)
    if not period.is_countable(now.astimezone(ZoneInfo(viewer.zone)).date()):
        raise RuleBroken(
            "This period is not over, or late entries may still come in. Choose an earlier one.",
            field="period",
        )
    _county_lock(viewer.county)
    orders = ReportOrder.objects.filter(county=viewer.county)
    standing = orders.filter(year=period.year).exclude(state=ReportOrder.State.FAILED)
    if any(order.period.overlaps_other_kind(period) for order in standing):
        raise RuleBroken(
            f"{period.year} is reported {'by the year' if period.number else 'by quarters'} already. Both together could "
            "be subtracted from one another until a small number appears.",
            field="period",
        )
    order = orders.filter(year=period.year, number=period.number).first()
    if order is not None and order.state != ReportOrder.State.FAILED:
        return order
    if order is None:
        order = ReportOrder(county_id=viewer.county, kind=period.kind, year=period.year, number=period.number)
    order.asked_by_id, order.asked_at = viewer.person, now
    order.state, order.state_at = ReportOrder.State.WAITING, now
    order.save()
    record(
        Verb.REPORT_VIEWED,
        viewer=viewer,
        at=now,
        subject_kind="report_order",
        subject=order.pk,
        facts={"period": period.key, "asked": "count"},
    )
    _worker_wake(order.pk)
    return order


def _worker_wake(order: UUID) -> None:
    """A wake-up call only: if the queue is away, the beat's next round finds the order in the table."""
    from reporting.tasks import report_count

    def send() -> None:
        try:
            report_count.delay(str(order))
        except OperationalError:
            log.warning("report.queue_away", order=str(order))

    transaction.on_commit(send)


def report_count_ordered(*, order_id: UUID, now: datetime) -> bool:
    """Counts, masks and freezes what was ordered; safe to run twice and at the same time. False when it was done."""
    if not _state_set(order_id, ReportOrder.State.COUNTING, now):
        return False
    try:
        _count(order_id, now)
    except Exception:
        _state_set(order_id, ReportOrder.State.FAILED, now)
        raise
    return True


def _state_set(order_id: UUID, state: ReportOrder.State, now: datetime) -> bool:
    with viewing_as(None, because=WHY):
        order = ReportOrder.objects.select_for_update().filter(pk=order_id).first()
        if order is None or not order.is_running:
            return False
        order.state, order.state_at = state, now
        order.save(update_fields=["state", "state_at"])
        return True


def _count(order_id: UUID, now: datetime) -> None:
    with viewing_as(None, because=WHY):
        order = ReportOrder.objects.select_for_update().get(pk=order_id)
        if not order.is_running:
            return
        county = County.objects.get(pk=order.county_id)
        zone = ZoneInfo(county.zone)
        counts = county_counts(county=county.pk, zone=zone, period=order.period)
        report = report_mask(
            counts,
            county=county.name,
            period=order.period,
            made_on=now.astimezone(zone).date(),
            protocol=_protocol_number(county.pk, now),
        )
        ReportRun.objects.create(
            county=county,
            kind=order.kind,
            year=order.year,
            number=order.number,
            made_at=now,
            made_for_id=order.asked_by_id,
            content=to_content(report),
        )
        order.state, order.state_at = ReportOrder.State.DONE, now
        order.save(update_fields=["state", "state_at"])


def _protocol_number(county: UUID, now: datetime) -> int:
    versions = ProtocolVersion.objects.filter(county=county, effective_at__lte=now)
    return versions.order_by("-effective_at", "-number").values_list("number", flat=True).first() or 0


def _county_lock(county: UUID) -> None:
    """One order at a time for a county, so that two cannot choose a year and its quarter at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [f"report {county}"])
