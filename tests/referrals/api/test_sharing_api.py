"""Who takes part and which papers open what, by the API: changed by those who keep the file, holding at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from agencies.choices import Role
from cseccase.confidentiality.context import acting_because
from referrals.models import CaseFile, CaseParty
from tests.pages import client_of
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def case_file(world: World) -> CaseFile:
    return referral_make(world).case_file


def post(client: Client, case_file: CaseFile, path: str, body: Any = None) -> Any:
    return client.post(f"/api/cases/{case_file.pk}/{path}", body or {}, content_type="application/json")


def test_an_agency_that_joins_sees_at_once_and_no_more_once_its_part_ends(
    world: World, case_file: CaseFile
) -> None:
    worker, teacher = client_of(world, Role.CHILD_WELFARE), client_of(world, Role.EDUCATION)
    case = f"/api/cases/{case_file.pk}/events"
    body = {"agency": str(world.agencies["ED"].pk), "kind": "notice", "evidence": "Letter 12"}
    assert teacher.get(case).status_code == 404
    assert post(worker, case_file, "parties", body | {"agency": str(uuid4())}).json()["field"] == "agency"
    joined = post(worker, case_file, "parties", body)
    assert joined.status_code == 201, joined.content
    assert teacher.get(case).status_code == 200
    parts = {party["agency"]: party for party in joined.json()["parties"] if party["kind"] != "responder"}
    part = parts[body["agency"]]["id"]
    assert post(worker, case_file, f"parties/{part}/end").status_code == 200
    assert teacher.get(case).status_code == 404
    lead = post(worker, case_file, f"parties/{parts[str(world.agencies['CW'].pk)]['id']}/end")
    assert lead.status_code == 409 and "leads every case" in lead.json()["detail"]


def test_a_part_that_is_still_to_come_can_be_taken_back_and_never_begins(
    world: World, case_file: CaseFile
) -> None:
    worker, agency = client_of(world, Role.CHILD_WELFARE), world.agencies["ED"]
    begins = datetime.now(UTC) + timedelta(days=2)
    post(worker, case_file, "parties", {"agency": str(agency.pk), "kind": "notice", "evidence": "Letter 12"})
    with acting_because("test"):
        part = CaseParty.objects.unrestricted(because="test").get(case_file=case_file, agency=agency)
        part.since = begins
        part.save()
    assert post(worker, case_file, f"parties/{part.pk}/end").status_code == 200
    with acting_because("test"):
        part = CaseParty.objects.unrestricted(because="test").get(pk=part.pk)
    assert part.until == part.since == begins


def test_a_paper_opens_what_the_agreement_lets_it_open_until_it_is_revoked(
    world: World, case_file: CaseFile
) -> None:
    worker = client_of(world, Role.CHILD_WELFARE)
    until = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    answers = {
        "agency": str(world.agencies["MH"].pk),
        "category": "r19",
        "evidence": "Ward 3, folder 2",
        "task": "visit",
        "purpose": "Safety planning on the ward",
        "until": until,
    }
    for kind, changed, status in (
        ("youth", {}, 400),
        ("need", {"category": "r17"}, 400),
        ("need", {"until": ""}, 400),
    ):
        refused = post(worker, case_file, "papers", {"kind": kind, "answers": answers | changed})
        assert refused.status_code == status, (kind, changed, refused.content)
    made = post(worker, case_file, "papers", {"kind": "need", "answers": answers})
    assert made.status_code == 201, made.content
    (paper,) = made.json()["papers"]
    why = {"why": "Written by the ward"}
    assert post(worker, case_file, f"papers/{paper['id']}/revoke").status_code == 400
    assert post(worker, case_file, f"papers/{paper['id']}/revoke", why).json()["papers"][0]["revoked_at"]
    assert post(worker, case_file, f"papers/{paper['id']}/revoke", why).status_code == 404


def test_those_who_do_not_keep_the_file_learn_nothing_of_who_takes_part(
    world: World, case_file: CaseFile
) -> None:
    keeper, advocate = client_of(world, Role.PROBATION), client_of(world, Role.ADVOCATE)
    assert keeper.get(f"/api/cases/{case_file.pk}/sharing").json()["may_change"] is True
    absent = advocate.get(f"/api/cases/{uuid4()}/sharing")
    body = {"agency": str(world.agencies["ED"].pk), "kind": "notice", "evidence": "Letter 12"}
    own = advocate.get(f"/api/cases/{case_file.pk}/sharing").json()
    assert (own["parties"], own["may_change"]) == ([], False), (
        "it keeps records of its own, and learns of no other"
    )
    assert post(advocate, case_file, "parties", body).status_code == 403
    for stranger in (client_of(world, Role.EDUCATION), client_of(world, Role.LEGAL_PROVIDER)):
        for answer in (
            stranger.get(f"/api/cases/{case_file.pk}/sharing"),
            post(stranger, case_file, "parties", body),
        ):
            assert (answer.status_code, answer.content) == (404, absent.content)
