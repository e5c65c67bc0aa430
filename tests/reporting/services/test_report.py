"""A period is counted once, by a worker, and then stands for ever."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from kombu.exceptions import OperationalError

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.errors import NotAllowed, RuleBroken
from reporting.models import ReportOrder, ReportRun
from reporting.periods import Period
from reporting.selectors.report import report_choices, report_frozen
from reporting.services.report import report_count_ordered, report_order
from reporting.tasks import report_count, reports_resume
from tests.reporting.seeds import COUNTED_ON, JULY, referrals_seed
from tests.worlds import World, county_make

pytestmark = pytest.mark.django_db
QUARTER = Period(2026, 3)


def ordered(world: World, period: Period = QUARTER) -> ReportOrder:
    viewer = world.viewer(Role.STEERING_COMMITTEE, Duty.COMMITTEE)
    with viewing_as(viewer):
        return report_order(viewer=viewer, period=period, now=COUNTED_ON)


def frozen(world: World, period: Period = QUARTER):  # type: ignore[no-untyped-def]
    viewer = world.viewer(Role.STEERING_COMMITTEE, Duty.COMMITTEE)
    with viewing_as(viewer):
        return report_frozen(viewer=viewer, period=period, now=COUNTED_ON)


@pytest.mark.parametrize("duty", [Duty.COMMITTEE, Duty.SUPERVISOR, Duty.COORDINATOR])
def test_committee_members_supervisors_and_coordinators_order_reports(duty: Duty) -> None:
    viewer = county_make().viewer(Role.CHILD_WELFARE, duty)
    with viewing_as(viewer):
        assert report_order(viewer=viewer, period=QUARTER, now=COUNTED_ON).is_running


@pytest.mark.parametrize(
    "duty", [Duty.LINE_WORKER, Duty.HOTLINE, Duty.SECURITY_OFFICER, Duty.AUDITOR, Duty.COUNSEL]
)
def test_nobody_else_orders_or_reads_a_report(duty: Duty) -> None:
    world = county_make()
    order = ordered(world)
    report_count_ordered(order_id=order.pk, now=COUNTED_ON)
    viewer = world.viewer(Role.CHILD_WELFARE, duty)
    with viewing_as(viewer):
        with pytest.raises(NotAllowed):
            report_order(viewer=viewer, period=QUARTER, now=COUNTED_ON)
        with pytest.raises(NotAllowed):
            report_frozen(viewer=viewer, period=QUARTER, now=COUNTED_ON)
        with pytest.raises(NotAllowed):
            report_choices(viewer=viewer, now=COUNTED_ON)


def test_a_period_that_is_not_over_is_refused_and_one_that_is_is_taken() -> None:
    world = county_make()
    with pytest.raises(RuleBroken):
        ordered(world, Period(2026, 4))
    assert ordered(world, Period(2026, 3)).state == ReportOrder.State.WAITING


def test_a_year_and_its_quarters_cannot_both_be_reported() -> None:
    world = county_make()
    ordered(world, Period(2025, 2))
    with pytest.raises(RuleBroken, match="2025 is reported by quarters"):
        ordered(world, Period(2025))
    ordered(world, Period(2024))
    with pytest.raises(RuleBroken, match="2024 is reported by the year"):
        ordered(world, Period(2024, 1))
    assert ordered(world, Period(2025, 3)).is_running


def test_the_task_counts_once_however_often_it_runs() -> None:
    world = county_make()
    order = ordered(world)
    with time_machine.travel(COUNTED_ON, tick=False):
        assert [report_count(str(order.pk)), report_count(str(order.pk))] == [True, False]
    with acting_because("test"):
        assert ReportRun.objects.count() == 1
    assert ordered(world).state == ReportOrder.State.DONE


def test_what_is_entered_later_does_not_change_a_frozen_report() -> None:
    world = county_make()
    referrals_seed(world, 12, JULY)
    report_count_ordered(order_id=ordered(world).pk, now=COUNTED_ON)
    before = frozen(world)
    referrals_seed(world, 1, JULY)
    report_count_ordered(order_id=ordered(world).pk, now=COUNTED_ON + timedelta(days=1))
    assert before is not None and before.block("referred").lines[-1].values[-1] == 12
    assert frozen(world) == before


def test_the_table_itself_refuses_to_change_a_frozen_report() -> None:
    world = county_make()
    report_count_ordered(order_id=ordered(world).pk, now=COUNTED_ON)
    with acting_because("test"):
        run = ReportRun.objects.get()
        for attempt in (lambda: ReportRun.objects.update(content={}), run.delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                attempt()
        assert ReportRun.objects.get().content == run.content != {}


def test_another_county_sees_neither_the_report_nor_the_order() -> None:
    here, there = county_make(), county_make("Otherwhere County")
    report_count_ordered(order_id=ordered(here).pk, now=COUNTED_ON)
    assert frozen(here) is not None
    assert frozen(there) is None
    with viewing_as(there.viewer(Role.STEERING_COMMITTEE, Duty.COMMITTEE)):
        assert not ReportRun.objects.exists()
        assert not ReportOrder.objects.exists()
    with viewing_as(here.viewer(Role.STEERING_COMMITTEE, Duty.COMMITTEE)):
        assert ReportRun.objects.count() == ReportOrder.objects.count() == 1


def test_an_order_whose_worker_never_came_is_taken_up_by_the_next_round() -> None:
    world = county_make()
    ordered(world)
    with time_machine.travel(COUNTED_ON + timedelta(seconds=30), tick=False):
        assert reports_resume() == 0
    with time_machine.travel(COUNTED_ON + timedelta(minutes=5), tick=False):
        assert reports_resume() == 1
        assert reports_resume() == 0
    assert frozen(world) is not None


def test_a_count_that_breaks_says_so_and_can_be_ordered_again(monkeypatch: pytest.MonkeyPatch) -> None:
    world = county_make()
    order = ordered(world)

    def broken(**kwargs: object) -> None:
        raise OSError("disk")

    with monkeypatch.context() as patched:
        patched.setattr("reporting.services.report.county_counts", broken)
        with pytest.raises(OSError, match="disk"):
            report_count_ordered(order_id=order.pk, now=COUNTED_ON)
    with acting_because("test"):
        assert ReportOrder.objects.get().state == ReportOrder.State.FAILED
        assert not ReportRun.objects.exists()
    assert not report_count_ordered(order_id=order.pk, now=COUNTED_ON)
    assert ordered(world).state == ReportOrder.State.WAITING
    report_count_ordered(order_id=order.pk, now=COUNTED_ON)
    assert frozen(world) is not None


def test_a_failed_count_shuts_no_other_period_and_a_standing_one_does() -> None:
    world = county_make()
    year = ordered(world, Period(2025))
    with pytest.raises(RuleBroken):
        ordered(world, Period(2025, 1))
    with acting_because("test"):
        ReportOrder.objects.filter(pk=year.pk).update(state=ReportOrder.State.FAILED)
    assert ordered(world, Period(2025, 1)).is_running
    with pytest.raises(RuleBroken):
        ordered(world, Period(2025))
    assert not report_count_ordered(order_id=year.pk, now=COUNTED_ON)


def test_the_worker_is_woken_with_an_id_alone_once_the_order_is_written(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[tuple[object, ...]] = []
    monkeypatch.setattr(report_count, "delay", lambda *args: sent.append(args))
    with django_capture_on_commit_callbacks(execute=True):
        order = ordered(county_make())
        assert sent == []
    assert sent == [(str(order.pk),)]


def test_an_order_stands_even_when_the_queue_is_away(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def away(order: str) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(report_count, "delay", away)
    world = county_make()
    with django_capture_on_commit_callbacks(execute=True):
        ordered(world)
    with time_machine.travel(COUNTED_ON + timedelta(minutes=5), tick=False):
        assert reports_resume() == 1
    assert frozen(world) is not None
