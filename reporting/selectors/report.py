"""Reading committee reports: which periods there are, and the frozen report of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible
from reporting import policies
from reporting.masked_report import MaskedReport, from_content
from reporting.models import ReportOrder, ReportRun
from reporting.periods import Period, period_read, periods_offered


@dataclass(frozen=True, slots=True)
class PeriodChoice:
    """One period that may be chosen: frozen, being counted, not counted yet, or shut by the other kind of the year."""

    period: Period
    state: str
    shut_by: str = ""


def report_choices(*, viewer: Viewer, now: datetime) -> list[PeriodChoice]:
    """The periods of the viewer's county, newest first. Raises `NotAllowed`."""
    policies.require_reports(viewer)
    frozen = {(year, number) for year, number in _runs(viewer).values_list("year", "number")}
    orders = {(order.year, order.number): order for order in _orders(viewer)}
    today = now.astimezone(ZoneInfo(viewer.zone)).date()
    ordered = {key for key, order in orders.items() if order.state != ReportOrder.State.FAILED}
    taken = [Period(*key) for key in frozen | ordered]
    choices = []
    for period in _with_frozen(periods_offered(today), frozen):
        key = (period.year, period.number)
        order = orders.get(key)
        state = "frozen" if key in frozen else order.state if order else "open"
        clash = [other for other in taken if other.overlaps_other_kind(period)]
        shut = f"{period.year} is reported by {'year' if period.number else 'quarter'}" if clash else ""
        choices.append(PeriodChoice(period, state, "" if state != "open" else shut))
    return choices


def _with_frozen(offered: list[Period], frozen: set[tuple[int, int]]) -> list[Period]:
    """What is frozen can always be read, however old."""
    older = [Period(*key) for key in frozen if Period(*key) not in offered]
    return [*offered, *sorted(older, key=lambda period: period.starts_on, reverse=True)]


def report_frozen(
    *, viewer: Viewer, period: Period, now: datetime, exported: str = ""
) -> MaskedReport | None:
    """The frozen report of a period, if there is one; the look is recorded. Raises `NotAllowed`."""
    policies.require_reports(viewer)
    run = _runs(viewer).filter(year=period.year, number=period.number).first()
    if run is None:
        return None
    record(
        Verb.REPORT_EXPORTED if exported else Verb.REPORT_VIEWED,
        viewer=viewer,
        at=now,
        subject_kind="report",
        subject=run.pk,
        facts={"period": period.key, **({"as": exported} if exported else {})},
    )
    return from_content(run.content)


def report_to_export(*, viewer: Viewer, period_key: str, now: datetime, exported: str) -> MaskedReport:
    """The frozen report behind a download. Raises `NotAllowed`, and `NotVisible` where nothing is frozen."""
    report = report_frozen(viewer=viewer, period=period_of(period_key), now=now, exported=exported)
    if report is None:
        raise NotVisible
    return report


def period_of(key: str) -> Period:
    """The period of an address. Raises `NotVisible` for what is none."""
    try:
        return period_read(key)
    except ValueError as error:
        raise NotVisible from error


def order_of(*, viewer: Viewer, period: Period) -> ReportOrder | None:
    """How far the counting of a period is."""
    return _orders(viewer).filter(year=period.year, number=period.number).first()


def orders_waiting(*, before: datetime) -> list[UUID]:
    """Orders that nobody has finished since a moment; read by the worker, which sees every county."""
    states = (ReportOrder.State.WAITING, ReportOrder.State.COUNTING)
    return list(
        ReportOrder.objects.filter(state__in=states, state_at__lt=before).values_list("pk", flat=True)
    )


def _runs(viewer: Viewer) -> QuerySet[ReportRun]:
    return ReportRun.objects.filter(county=viewer.county)


def _orders(viewer: Viewer) -> QuerySet[ReportOrder]:
    return ReportOrder.objects.filter(county=viewer.county)
