"""A decision is about one referral, is written once, and brings about exactly what its page said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.errors import NotAllowed, RuleBroken
from referrals.choices import Holder, Tier
from referrals.models import CaseEvent, Deadline, Referral
from referrals.selectors.consequences import consequences_of
from referrals.services.referral import ChildSaid
from referrals.services.response import Decision, response_decide
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"


def open_duties(referral: Referral) -> set[tuple[str, datetime]]:
    with acting_because(WHY):
        rows = Deadline.objects.unrestricted(because=WHY).filter(
            case_file=referral.case_file, met_at=None, dropped_by=None
        )
        return {(row.rule, row.due_at) for row in rows}


def decisions() -> int:
    with acting_because(WHY):
        return CaseEvent.objects.unrestricted(because=WHY).filter(kind="response_decided").count()


def decide(world: World, referral: Referral, decision: Decision, seen: str | None = None) -> CaseEvent:
    viewer = world.viewer(Role.CHILD_WELFARE, Duty.HOTLINE)
    with viewing_as(viewer):
        return response_decide(
            viewer=viewer,
            referral=referral,
            tier=decision.tier,
            jurisdiction=decision.jurisdiction,
            lead=decision.lead,
            now=datetime.now(UTC),
            seen=seen,
        )


DECISIONS = st.builds(
    Decision,
    tier=st.sampled_from(list(Tier)),
    jurisdiction=st.sampled_from(list(Holder)),
    lead=st.sampled_from([None, Holder.CHILD_WELFARE, Holder.PROBATION]),
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    chosen=st.lists(DECISIONS, min_size=1, max_size=3),
    urgent=st.booleans(),
    by=st.sampled_from([Role.CHILD_WELFARE, Role.PROBATION]),
)
def test_the_words_under_a_choice_are_what_the_choice_does(
    chosen: list[Decision], urgent: bool, by: Role
) -> None:
    world = county_make(f"County {datetime.now(UTC).timestamp()}")
    referral = referral_make(world, urgent=urgent, by=by)
    viewer = world.viewer(Role.CHILD_WELFARE, Duty.HOTLINE)
    for decision in chosen:
        with viewing_as(viewer):
            outlook = consequences_of(
                viewer=viewer, referral=referral, decisions=[decision], now=datetime.now(UTC)
            )
        before = open_duties(referral)
        decide(world, referral, decision)
        told = {(start.rule.id, start.due_at) for start in outlook.consequences[0].clocks}
        assert {rule for rule, _ in told} == {rule for rule, _ in open_duties(referral)}
        ended = {start.rule.id for start in outlook.consequences[0].ended}
        assert {rule for rule, _ in before - open_duties(referral)} <= ended


def test_a_decision_about_the_older_of_two_referrals_leaves_the_newer_alone() -> None:
    world = county_make()
    older = referral_make(world, ago=timedelta(hours=5))
    newer = referral_make(world, child=ChildSaid(case_file=older.case_file_id), ago=timedelta(hours=1))

    def response_open_since(referral: Referral) -> bool:
        with acting_because(WHY):
            return (
                Deadline.objects.unrestricted(because=WHY)
                .filter(rule="response-2h", started_at=referral.received_at, dropped_by=None)
                .exists()
            )

    decide(world, older, Decision(Tier.INITIAL, Holder.CHILD_WELFARE))
    assert not response_open_since(older)
    assert response_open_since(newer)


def test_the_same_decision_sent_twice_is_one_and_another_in_between_is_looked_at_first() -> None:
    world = county_make()
    referral = referral_make(world)
    crisis = Decision(Tier.CRISIS, Holder.PROBATION)
    first = decide(world, referral, crisis, seen="")
    assert decide(world, referral, crisis, seen="").pk == first.pk
    with pytest.raises(RuleBroken, match="while you had this page open"):
        decide(world, referral, Decision(Tier.INITIAL, Holder.PROBATION), seen="")
    assert decisions() == 1
    decide(world, referral, Decision(Tier.INITIAL, Holder.PROBATION), seen=str(first.pk))
    assert decisions() == 2


def test_only_the_receiving_agencies_decide() -> None:
    world = county_make()
    referral = referral_make(world)
    viewer = world.viewer(Role.PUBLIC_HEALTH)
    with viewing_as(viewer), pytest.raises(NotAllowed, match="receives reports"):
        response_decide(
            viewer=viewer,
            referral=referral,
            tier=Tier.CRISIS,
            jurisdiction=Holder.NOT_KNOWN,
            now=datetime.now(UTC),
        )
    assert decisions() == 0


def test_the_page_of_choices_costs_the_same_however_many_there_are() -> None:
    world = county_make()
    referral = referral_make(world)
    viewer = world.viewer(Role.CHILD_WELFARE, Duty.HOTLINE)
    every = [Decision(tier, holder) for tier in Tier for holder in Holder]
    with viewing_as(viewer):
        now = datetime.now(UTC)
        costs = []
        for count in (1, len(every)):
            with CaptureQueriesContext(connection) as asked:
                consequences_of(viewer=viewer, referral=referral, decisions=every[:count], now=now)
            costs.append(len(asked))
    assert costs[0] == costs[1]
