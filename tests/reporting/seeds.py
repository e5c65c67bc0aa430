"""A county's quarter that was, for the tests of reports: July to September 2026."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import viewing_as
from referrals.deadlines import kinds
from referrals.models import Referral
from referrals.services.event import event_record
from referrals.services.referral import ChildSaid
from tests.worlds import World, referral_make

JULY = datetime(2026, 7, 10, 18, tzinfo=UTC)
AUGUST = datetime(2026, 8, 12, 18, tzinfo=UTC)
SEPTEMBER = datetime(2026, 9, 3, 18, tzinfo=UTC)
COUNTED_ON = datetime(2026, 10, 20, 18, tzinfo=UTC)


def referrals_seed(
    world: World, number: int, at: datetime, *, by: Role = Role.CHILD_WELFARE, urgent: bool = False
) -> list[Referral]:
    """So many children referred at a moment, each with a name that must never come out."""
    return [
        referral_make(
            world,
            by=by,
            urgent=urgent,
            now=at + timedelta(minutes=index),
            child=ChildSaid(given_name=f"Zyx{index}", family_name="Markerchild", age_said=15),
        )
        for index in range(number)
    ]


def told_in_time(world: World, referrals: list[Referral], *, late: int = 0) -> None:
    """Law enforcement and the district attorney were told: the last `late` of them too late."""
    viewer = world.viewer(Role.CHILD_WELFARE, Duty.HOTLINE)
    for index, referral in enumerate(referrals):
        wait = timedelta(hours=5) if index >= len(referrals) - late else timedelta(minutes=30)
        for to in (kinds.TO_LAW_ENFORCEMENT, kinds.TO_DISTRICT_ATTORNEY):
            with viewing_as(viewer):
                event_record(
                    viewer=viewer,
                    case_file=referral.case_file,
                    kind=kinds.CROSS_REPORT_MADE,
                    occurred_at=referral.received_at + wait,
                    now=referral.received_at + wait,
                    facts={"to": to, "mode": kinds.ELECTRONIC},
                )
