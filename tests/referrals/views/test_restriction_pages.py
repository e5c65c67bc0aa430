"""The supervisor's page for restricting a file: who gets there, what it asks, what it never loses."""

from __future__ import annotations

import pytest
from django.test import Client

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import acting_because
from referrals.models import CaseFile, CaseRestriction, Deadline
from tests.pages import BACKEND, client_of, words
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "a test reads what was written down"
REASON = "The child's aunt works at the front desk."


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def case_file(world: World) -> CaseFile:
    return referral_make(world).case_file


@pytest.fixture
def emails(world: World, case_file: CaseFile) -> str:
    with acting_because(WHY):
        owing = set(
            Deadline.objects.unrestricted(because=WHY)
            .filter(case_file=case_file, met_at=None)
            .values_list("owed_by__role", flat=True)
        )
    people = [
        world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR),
        *(world.person(Role(role)) for role in sorted(owing)),
    ]
    return "\n".join(person.email for person in people)


def test_a_supervisor_restricts_names_others_and_ends(world: World, case_file: CaseFile, emails: str) -> None:
    boss, address = (
        client_of(world, Role.CHILD_WELFARE, Duty.SUPERVISOR),
        f"/cases/{case_file.pk}/restriction",
    )
    colleague = client_of(world, Role.CHILD_WELFARE, Duty.HOTLINE)
    assert "Restrict this file" in words(boss.get(f"/cases/{case_file.pk}/sharing"))
    again = boss.post(address, {"emails": "nobody@made.up", "reason": REASON})
    assert "nobody@made.up" in words(again)
    assert REASON in again.context["form"]["reason"].value()
    assert boss.post(address, {"emails": emails, "reason": REASON})["Location"] == address
    shown = words(boss.get(address))
    assert "This file is restricted" in shown
    assert REASON in shown
    for page in ("", "/timeline", "/restriction", "/sharing"):
        assert colleague.get(f"/cases/{case_file.pk}{page}").status_code == 404
    assert case_file.number not in words(colleague.get("/cases/"))
    assert case_file.number in words(boss.get("/cases/"))
    assert boss.post(f"{address}/end", {"why": "The aunt left the county."}).status_code == 302
    assert colleague.get(f"/cases/{case_file.pk}").status_code == 200
    assert boss.get(f"{address}/end").status_code == 404
    assert "The aunt left the county." in words(boss.get(address))


def test_nobody_else_gets_the_page_and_everybody_proves_who_they_are(
    world: World, case_file: CaseFile, emails: str
) -> None:
    address = f"/cases/{case_file.pk}/restriction"
    worker = client_of(world, Role.CHILD_WELFARE)
    assert worker.get(address).status_code == 403
    assert "Restrict this file" not in words(worker.get(f"/cases/{case_file.pk}/sharing"))
    stale = Client()
    stale.force_login(world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR), backend=BACKEND)
    answer = stale.post(address, {"emails": emails, "reason": REASON})
    assert "/session/confirm" in answer["Location"]
    with acting_because(WHY):
        assert not CaseRestriction.objects.unrestricted(because=WHY).exists()


def test_whoever_did_not_name_themselves_is_led_away(world: World, case_file: CaseFile, emails: str) -> None:
    from tests.pages import sign_in
    from tests.worlds import person_make

    other, browser = person_make(world.agencies["CW"], Duty.SUPERVISOR), Client()
    sign_in(browser, other)
    answer = browser.post(f"/cases/{case_file.pk}/restriction", {"emails": emails, "reason": REASON})
    assert answer["Location"] == "/cases/"
