"""What stands in the database after any history is what a replay of that history from scratch gives."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, RuleBroken
from referrals.choices import Holder, Tier
from referrals.deadlines import kinds
from referrals.deadlines.engine import clocks
from referrals.deadlines.rules import DEFAULT_RULEBOOK
from referrals.models import CaseEvent, CaseFile, Deadline, DeadlineStage, Referral
from referrals.services.deadline import NEVER_OWED, events_of
from referrals.services.event import event_correct, event_record
from referrals.services.response import response_decide
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"
ZONE = ZoneInfo("America/Los_Angeles")


def replayed(case_file: CaseFile) -> set[tuple[object, ...]]:
    return {
        (
            clock.key.rule_id,
            clock.key.owed_by_role,
            clock.key.owed_to or "",
            clock.key.started_root,
            clock.started_at,
            clock.due_at,
            clock.met_at,
            clock.dropped_by is not None,
        )
        for clock in clocks(events_of(case_file), rulebook=DEFAULT_RULEBOOK, zone=ZONE)
    }


def stored(case_file: CaseFile) -> set[tuple[object, ...]]:
    rows = Deadline.objects.unrestricted(because=WHY).filter(case_file=case_file).select_related("owed_by")
    return {
        (
            row.rule,
            row.owed_by.role,
            row.owed_to,
            row.started_root,
            row.started_at,
            row.due_at,
            row.met_at,
            row.dropped_by is not None,
        )
        for row in rows
        if row.drop_reason != NEVER_OWED
    }


class History:
    """Random acts of several agencies on one case: late, out of order, corrected, withdrawn."""

    def __init__(self, world: World, referral: Referral, chance: random.Random) -> None:
        self.world, self.referral, self.chance = world, referral, chance

    def act(self) -> None:
        now = datetime.now(UTC)
        choice = self.chance.choice(["record"] * 5 + ["decide", "correct", "withdraw"])
        role = self.chance.choice([Role.CHILD_WELFARE, Role.PROBATION, Role.ADVOCATE, Role.PUBLIC_HEALTH])
        viewer = self.world.viewer(role)
        with viewing_as(viewer):
            try:
                getattr(self, f"_{choice}")(viewer, now)
            except (NotAllowed, RuleBroken, CaseFile.DoesNotExist, Referral.DoesNotExist):
                return

    def _file(self, viewer: Viewer) -> CaseFile:
        return CaseFile.objects.visible_to(viewer).get(pk=self.referral.case_file_id)

    def _record(self, viewer: Viewer, now: datetime) -> None:
        kind = self.chance.choice(
            [
                kinds.RESPONDER_ARRIVED,
                kinds.CHILD_IDENTIFIED,
                kinds.CROSS_REPORT_MADE,
                kinds.WRITTEN_REPORT_SENT,
                kinds.LE_REPORT_MADE,
                kinds.WENT_MISSING,
                kinds.MISSING_REPORTED,
                kinds.MEDICAL_EVALUATION_DONE,
                kinds.SUPPORT_COMPLETED,
                kinds.INVESTIGATION_BEGUN,
                kinds.MEETING_HELD,
            ]
        )
        facts = {
            "to": self.chance.choice(["le", "da", "ncmec"]),
            "mode": self.chance.choice(["telephone", "fax", "electronic"]),
            "reference": self.chance.choice(["", "RP-1"]),
            "spoke_to": "Officer",
            "outcome": self.chance.choice(["answered", "voicemail"]),
            "tier": "initial",
            "receives_services": self.chance.choice([True, False, None]),
        }
        at = now - timedelta(minutes=self.chance.randint(0, 5000))
        event_record(
            viewer=viewer,
            case_file=self._file(viewer),
            kind=kind,
            occurred_at=at,
            received_at=at if self.chance.random() < 0.5 else None,
            facts=facts,
            now=now,
        )

    def _decide(self, viewer: Viewer, now: datetime) -> None:
        referral = Referral.objects.visible_to(viewer).select_related("case_file").get(pk=self.referral.pk)
        response_decide(
            viewer=viewer,
            referral=referral,
            tier=self.chance.choice(list(Tier)),
            jurisdiction=self.chance.choice(list(Holder)),
            now=now,
        )

    def _correct(self, viewer: Viewer, now: datetime, *, withdraw: bool = False) -> None:
        events = list(CaseEvent.objects.visible_to(viewer).filter(case_file=self.referral.case_file_id))
        if events:
            event = self.chance.choice(events)
            moved = min(event.occurred_at - timedelta(minutes=self.chance.randint(-60, 600)), now)
            event_correct(
                viewer=viewer,
                event_id=event.pk,
                now=now,
                reason="The time was wrong.",
                occurred_at=moved,
                received_at=moved if event.received_at else None,
                withdraw=withdraw,
            )

    def _withdraw(self, viewer: Viewer, now: datetime) -> None:
        self._correct(viewer, now, withdraw=True)


@pytest.mark.parametrize("seed", range(12))
def test_the_stored_clocks_are_those_of_a_replay_after_every_act(seed: int) -> None:
    chance = random.Random(seed)
    world = county_make()
    for role in (Role.CHILD_WELFARE, Role.PROBATION, Role.ADVOCATE, Role.PUBLIC_HEALTH):
        world.person(role, Duty.LINE_WORKER)
    referral = referral_make(world, ago=timedelta(hours=90), urgent=chance.random() < 0.7)
    history = History(world, referral, chance)
    with acting_because(WHY):
        case_file = (
            CaseFile.objects.unrestricted(because=WHY).select_related("county").get(pk=referral.case_file_id)
        )
    for _ in range(14):
        history.act()
        with acting_because(WHY):
            assert stored(case_file) == replayed(case_file)
    with acting_because(WHY):
        assert CaseEvent.objects.unrestricted(because=WHY).count() > 1
        for row in Deadline.objects.unrestricted(because=WHY):
            waiting = DeadlineStage.objects.filter(deadline=row, fired_at=None, cancelled_at=None).exists()
            assert waiting == row.is_open, "an open clock waits, a stopped one does not"
