"""A changed agreement closes on the very next request, opens when the cases are worked through, and survives a kill."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from unittest.mock import patch
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from agencies.choices import Role
from agencies.disclosure.changes import matrix_with
from agencies.disclosure.matrix import Access, Cell
from agencies.models import ProtocolVersion, VersionSettling
from agencies.selectors.protocol import matrix_of
from agencies.services.protocol import protocol_sign
from cseccase.confidentiality.context import acting_because, viewing_as
from referrals.choices import PartyKind
from referrals.models import CaseFile, Deadline, Referral, SectionGroupGrant
from referrals.services import settling
from referrals.services.sharing import Joining, file_extend, sharing_settle
from tests.pages import client_of
from tests.worlds import World, county_make, referral_make

PO, CW, MH = Role.PROBATION, Role.CHILD_WELFARE, Role.MENTAL_HEALTH
WHY = "a test looks"


def sign(world: World, *cells: Cell, at: datetime | None = None) -> ProtocolVersion:
    last = ProtocolVersion.objects.filter(county=world.county).order_by("-number")[0]
    return protocol_sign(
        county=world.county,
        matrix=matrix_with(matrix_of(last.pk), cells),
        effective_at=at or datetime.now(UTC),
        approved_by="Two people",
    )


def settle() -> int:
    return settling.agreements_settle(now=datetime.now(UTC))


def first_wall(world: World, role: Role) -> int:
    viewer = world.viewer(role)
    with acting_because(WHY):
        return Referral.objects.visible_to(viewer).count()


def second_wall(world: World, role: Role) -> int:
    with viewing_as(world.viewer(role)):
        return Referral.objects.unrestricted(because=WHY).count()


def grants(category: str, role_group: int, may: str = "see") -> set[str]:
    with acting_because(WHY):
        rows = SectionGroupGrant.objects.filter(category=category, group=role_group, may=may)
        return set(rows.values_list("basis", flat=True))


NARROWED = [
    Cell("r03", "PO", Access.NEVER, "MOU"),
    Cell("r03", "PO", Access.SUMMARY, "CANRA"),
    Cell("r03", "PO", Access.AUTHORISED, "CO"),
    Cell("r03", "PO", Access.SEE, "custodian"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("cell", NARROWED, ids=["never", "summary", "after an order", "another ground"])
def test_what_closes_is_closed_on_the_next_request_before_any_grant_is_rewritten(cell: Cell) -> None:
    world = county_make()
    referral = referral_make(world, by=PO)
    session: Client = client_of(world, PO)
    pages = (f"/referrals/{referral.pk}", f"/api/referrals/{referral.pk}")
    group = world.agencies["PO"].group_id
    assert [session.get(page).status_code for page in pages] == [200, 200]
    assert (first_wall(world, PO), second_wall(world, PO)) == (1, 1)
    sign(world, cell)
    assert grants("r03", group) == {"CANRA"}, "the old grant still stands"
    assert [session.get(page).status_code for page in pages] == [404, 404]
    assert (first_wall(world, PO), second_wall(world, PO)) == (0, 0)
    assert (first_wall(world, CW), second_wall(world, CW)) == (1, 1), "nobody else's sight changed"
    assert settle() == 1
    assert "CANRA" not in grants("r03", group)
    assert (first_wall(world, PO), second_wall(world, PO)) == (0, 0)


@pytest.mark.django_db
def test_what_opens_is_open_when_the_cases_are_worked_through_and_then_all_is_believed() -> None:
    world = county_make()
    referral_make(world, by=PO)
    sign(world, Cell("r03", "PO", Access.NEVER, "MOU"))
    settle()
    assert first_wall(world, PO) == 0
    version = sign(world, Cell("r03", "PO", Access.SEE, "CANRA"))
    assert first_wall(world, PO) == 0
    assert settle() == 1
    assert (first_wall(world, PO), second_wall(world, PO)) == (1, 1)
    row = VersionSettling.objects.get(version=version)
    assert row.settled_at is not None
    assert (row.cases_done, row.cases_in_all) == (1, 1)
    assert settle() == 0


@pytest.mark.django_db
def test_another_agencys_duties_close_with_the_service_plan_and_ones_own_stay() -> None:
    world = county_make()
    referral = referral_make(world, by=PO)
    attorney = Role.DEPENDENCY_ATTORNEY
    joining = Joining(world.agencies[attorney].pk, PartyKind.APPOINTMENT, "order 12")
    file_extend(
        case_file=referral.case_file,
        recorded_by=world.person(PO).pk,
        now=datetime.now(UTC),
        parties=[joining],
    )

    def duties(role: Role) -> set[UUID]:
        viewer = world.viewer(role)
        with acting_because(WHY):
            first = set(Deadline.objects.visible_to(viewer).values_list("owed_by", flat=True))
        with viewing_as(viewer):
            second = set(Deadline.objects.unrestricted(because=WHY).values_list("owed_by", flat=True))
        assert first == second
        return first

    own = world.agencies["PO"].pk
    assert own in duties(attorney)
    assert duties(PO) == {own}
    sign(world, Cell("r26", "CDA", Access.NEVER, "none"), Cell("r26", "PO", Access.NEVER, "none"))
    assert duties(attorney) == set()
    assert duties(PO) == {own}


@pytest.mark.django_db
def test_a_version_signed_for_later_changes_nothing_before_it_begins() -> None:
    world = county_make()
    referral_make(world, by=PO)
    later = datetime.now(UTC) + timedelta(days=2)
    sign(world, Cell("r03", "PO", Access.NEVER, "MOU"), at=later)
    assert settle() == 0
    assert first_wall(world, PO) == 1
    assert "r03" not in world.viewer(PO, now=later).summary
    assert settling.agreements_settle(now=later) == 1
    assert first_wall(world, PO) == 0


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_loses_one_case_and_the_next_goes_on_behind_the_last_done() -> None:
    world = county_make()
    for _ in range(3):
        referral_make(world, by=PO)
    version = sign(world, Cell("r03", "PO", Access.NEVER, "MOU"), Cell("r03", "MH", Access.SEE, "CANRA"))
    seen: list[CaseFile] = []
    with patch.object(settling, "sharing_settle", _dies_at(2, seen)), pytest.raises(KeyboardInterrupt):
        settle()
    row = VersionSettling.objects.get(version=version)
    assert (row.cases_done, row.settled_at) == (1, None)
    assert first_wall(world, PO) == 0, "closed all the same"
    assert settle() == 2
    row.refresh_from_db()
    assert row.cases_done == 3
    assert row.settled_at is not None
    assert grants("r03", world.agencies["PO"].group_id) == set()


def _dies_at(count: int, seen: list[CaseFile]) -> Callable[..., None]:
    def act(*, case_file: CaseFile, now: datetime) -> None:
        seen.append(case_file)
        sharing_settle(case_file=case_file, now=now)
        if len(seen) == count:
            raise KeyboardInterrupt

    return act


@pytest.mark.django_db(transaction=True)
def test_once_begun_nobody_writes_grants_of_the_version_before() -> None:
    world = county_make()
    referral = referral_make(world, by=PO)
    a_moment_ago = datetime.now(UTC)
    sign(world, Cell("r03", "PO", Access.NEVER, "MOU"))
    settle()
    with acting_because(WHY):
        sharing_settle(case_file=referral.case_file, now=a_moment_ago)
    assert grants("r03", world.agencies["PO"].group_id) == set()


@pytest.mark.django_db(transaction=True)
def test_beginning_waits_for_those_who_are_writing_and_disturbs_nobody() -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import transaction

    from referrals.services.sharing import case_lock

    world = county_make()
    referral = referral_make(world, by=PO)
    version = sign(world, Cell("r03", "PO", Access.NEVER, "MOU"))

    def elsewhere() -> int:
        try:
            return settle()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            case_lock(referral.case_file_id)
            assert pool.submit(elsewhere).result(timeout=60) == 0
            assert VersionSettling.objects.get(version=version).began_at is None
        assert pool.submit(elsewhere).result(timeout=60) == 1
