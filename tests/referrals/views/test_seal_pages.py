"""The pages of a court's order to seal: two steps, a fresh proof, and no way back but another order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import acting_because
from referrals.choices import PartyKind
from referrals.models import CaseFile, SectionSeal
from referrals.services.sharing import Joining, SectionKey, file_extend
from tests.pages import BACKEND, client_of, words
from tests.worlds import World, county_make, county_today, referral_make

pytestmark = pytest.mark.django_db
WHY = "a test reads what was written down"
TODAY = county_today()
ORDER = {
    "category": "r16", "law": "786", "court": "Superior Court", "case_number": "J-4471",
    "ordered_on": (TODAY - timedelta(days=3)).strftime("%m/%d/%Y"), "evidence": "Folder 9",
}  # fmt: skip
YES = {"confirmed": "yes"}


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def case_file(world: World) -> CaseFile:
    case_file = referral_make(world).case_file
    with acting_because(WHY):
        file_extend(
            case_file=case_file,
            recorded_by=world.person(Role.PROBATION).pk,
            now=datetime.now(UTC),
            sections=[SectionKey("r16")],
            parties=[Joining(world.agencies["PO"].pk, PartyKind.ASSIGNMENT)],
        )
    return case_file


def seals() -> list[SectionSeal]:
    with acting_because(WHY):
        return list(SectionSeal.objects.unrestricted(because=WHY))


def test_an_order_is_confirmed_opened_for_a_purpose_and_lifted_by_another(
    world: World, case_file: CaseFile
) -> None:
    boss, address = client_of(world, Role.PROBATION, Duty.SUPERVISOR), f"/cases/{case_file.pk}/seal"
    assert "Seal records by a court’s order" in words(boss.get(f"/cases/{case_file.pk}/sharing"))
    asked = boss.post(address, ORDER)
    assert seals() == []
    assert "Seal these records?" in words(asked)
    assert "J-4471" in words(asked)
    assert 'name="confirmed"' in asked.content.decode()
    assert boss.post(address, {**ORDER, **YES}).status_code == 302
    assert len(seals()) == 1
    assert "J-4471" not in words(boss.get(address))
    lift = f"{address}/{seals()[0].pk}/lift"
    assert boss.get(lift).status_code == 404
    last = (TODAY + timedelta(days=10)).strftime("%m/%d/%Y")
    purpose = {
        "order_number": "J-4471", "category": "r16", "agency": str(world.agencies["PO"].pk),
        "authority": "WIC 786(g)", "purpose": "To choose a placement.", "evidence": "Folder 9", "until": last,
    }  # fmt: skip
    wrong = boss.post(f"{address}/purpose", {**purpose, "order_number": "J-1"})
    assert "No order with this number" in words(wrong)
    assert boss.post(f"{address}/purpose", purpose)["Location"] == address
    assert "Superior Court, J-4471" in words(boss.get(address))
    again = {**ORDER, **YES}
    assert "only by a new order" in words(boss.post(lift, again))
    fresh = {**ORDER, "case_number": "J-4471-B", "ordered_on": TODAY.strftime("%m/%d/%Y")}
    assert "Lift the seal?" in words(boss.post(lift, fresh))
    assert seals()[0].lifted_at is None
    assert boss.post(lift, {**fresh, **YES}).status_code == 302
    assert seals()[0].lifted_at is not None
    assert seals()[0].lifted_case_number == "J-4471-B"


def test_nobody_else_gets_there_and_everybody_proves_who_they_are(world: World, case_file: CaseFile) -> None:
    address = f"/cases/{case_file.pk}/seal"
    worker = client_of(world, Role.PROBATION)
    assert [worker.get(page).status_code for page in (address, f"{address}/purpose")] == [403, 403]
    assert "A court orders" not in words(worker.get(f"/cases/{case_file.pk}/sharing"))
    stale = Client()
    stale.force_login(world.person(Role.PROBATION, Duty.SUPERVISOR), backend=BACKEND)
    assert "/session/confirm" in stale.post(address, {**ORDER, **YES})["Location"]
    assert seals() == []


def test_what_is_missing_is_said_and_nothing_typed_is_lost(world: World, case_file: CaseFile) -> None:
    boss, address = client_of(world, Role.PROBATION, Duty.SUPERVISOR), f"/cases/{case_file.pk}/seal"
    answer = boss.post(address, {**ORDER, "court": "", **YES})
    assert answer.context["form"]["case_number"].value() == "J-4471"
    assert answer.context["form"].errors.keys() == {"court"}
    assert seals() == []
