"""What a settling need not ask for is what a case has none of, and nothing else."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from agencies.choices import Role
from cseccase.confidentiality.context import acting_because, viewing_as
from referrals.models import CaseFile, CaseRestriction, FileSection, SeatFact
from referrals.services.facts_on_file import SOUGHT, facts_on_file
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"


def seat(world: World, case_file: CaseFile, *, ended: bool) -> None:
    now = datetime.now(UTC)
    with acting_because(WHY):
        SeatFact(
            section=FileSection.objects.unrestricted(because=WHY).get(case_file=case_file, category="r01"),
            case_file=case_file,
            agency=world.agencies["MH"],
            meeting=uuid4(),
            since=now - timedelta(hours=2),
            until=now - timedelta(hours=1) if ended else None,
        ).save()


def test_every_fact_that_can_be_left_out_is_looked_for() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'referrals_facts_on_file'")
        (source,) = cursor.fetchone()
    asked = re.findall(r"FROM (\w+) WHERE case_file_id = file\) THEN '(\w+)'", source)
    assert sorted(asked) == sorted((model._meta.db_table, model._meta.db_table) for model in SOUGHT)


@pytest.mark.parametrize("ended", [False, True])
def test_a_case_tells_what_it_has_of_its_own_and_nothing_of_another(ended: bool) -> None:
    world = county_make()
    case_file, other = referral_make(world).case_file, referral_make(world).case_file
    with acting_because(WHY):
        assert facts_on_file(case_file) == frozenset()
    seat(world, case_file, ended=ended)
    with acting_because(WHY):
        assert facts_on_file(case_file) == {SeatFact}
        assert facts_on_file(other) == frozenset()


def test_who_may_not_know_learns_of_nothing() -> None:
    world = county_make()
    case_file = referral_make(world).case_file
    worker = world.viewer(Role.CHILD_WELFARE)
    with acting_because(WHY):
        CaseRestriction(
            case_file=case_file,
            people=[worker.person],
            reason="A test",
            began_at=datetime.now(UTC),
            began_by_id=worker.person,
        ).save()
        assert facts_on_file(case_file) == {CaseRestriction}
    with viewing_as(world.viewer(Role.EDUCATION)):
        assert facts_on_file(case_file) == frozenset()
