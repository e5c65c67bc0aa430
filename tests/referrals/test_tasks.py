"""What a worker or the loop is woken for is decided by the database's clock, however wrong their own is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from agencies.choices import Duty, Role
from agencies.models import Notice
from cseccase.confidentiality.context import acting_because, viewing_as
from referrals.models import EmergencyLook
from referrals.services.emergency import emergency_open
from referrals.services.watch import Watch
from referrals.tasks import deadlines_sweep
from tests.worlds import county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"


def reminded(look: EmergencyLook) -> bool:
    with acting_because(WHY):
        return Notice.objects.filter(subject=look.pk, stage="overdue").exists()


def loop_once() -> None:
    """One round of the loop that goes on without Celery."""
    for work in Watch().works():
        work.act()


@pytest.mark.parametrize("drive", [deadlines_sweep, loop_once], ids=["worker", "loop"])
@pytest.mark.parametrize(("ahead", "told"), [(timedelta(days=30), False), (-timedelta(days=30), True)])
def test_a_driver_whose_clock_is_wrong_reminds_of_a_review_at_its_time(
    ahead: timedelta, drive: Callable[[], object], *, told: bool
) -> None:
    world = county_make()
    world.person(Role.PROBATION, Duty.SUPERVISOR)
    case_file = referral_make(world).case_file
    viewer, now = world.viewer(Role.PROBATION), datetime.now(UTC)
    with viewing_as(viewer):
        look = emergency_open(
            viewer=viewer,
            number=case_file.number,
            reason="danger",
            words="The child is said to be at the motel by the highway.",
            now=now - timedelta(days=10) if told else now,
        )
    with time_machine.travel(now + ahead, tick=True):
        drive()
    assert reminded(look) is told
