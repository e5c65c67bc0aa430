"""The status page: history, a form that loses nothing, second thoughts once, and refusals in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.choices import Role
from cseccase.confidentiality.context import acting_because, viewing_as
from referrals.models import CaseFile, SpecialProjectCode, StatusField
from referrals.services.status import StatusSaid, status_set
from tests.pages import client_of, words
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"
GIVEN = {"code": "6870", "started_on": "09/01/2025", "reported_to_police": "not_known"}


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def case_file(world: World) -> CaseFile:
    return referral_make(world).case_file


@pytest.fixture
def worker(world: World) -> Client:
    return client_of(world, Role.CHILD_WELFARE)


def rows() -> int:
    with acting_because(WHY):
        return StatusField.objects.unrestricted(because=WHY).count()


def test_what_the_state_would_refuse_is_said_on_the_page_and_what_was_typed_stays(
    worker: Client, case_file: CaseFile
) -> None:
    page = worker.post(f"/cases/{case_file.pk}/status", GIVEN | {"code": "6871"})
    text = page.content.decode()
    assert "needs an end" in text and 'value="09/01/2025"' in text and "<title>Error:" in text
    assert rows() == 0


def test_second_thoughts_are_asked_for_before_anything_is_written(
    worker: Client, case_file: CaseFile
) -> None:
    path = f"/cases/{case_file.pk}/status"
    assert worker.post(path, GIVEN | {"code": "6867"}).status_code == 302
    asked = worker.post(path, GIVEN)
    assert "Look again" in words(asked) and "End “At Risk”" in words(asked)
    assert rows() == 1
    assert worker.post(path, GIVEN | {"sure": "yes", "ends_at_risk": "yes"}).status_code == 302
    assert rows() == 2
    assert words(worker.get(path)).count("Still holds") == 1


def test_a_half_filled_form_comes_back_after_the_session(worker: Client, case_file: CaseFile) -> None:
    path = f"/cases/{case_file.pk}/status"
    worker.post("/drafts/status-field", GIVEN | {"started_on": "09/", "about": str(case_file.pk)})
    assert 'value="09/"' in worker.get(path).content.decode()
    worker.post(path, GIVEN)
    assert 'value="09/"' not in worker.get(path).content.decode()


def test_the_decision_table_suggests_and_writes_nothing(worker: Client, case_file: CaseFile) -> None:
    path = f"/cases/{case_file.pk}/status/suggest"
    unknown = dict.fromkeys(
        ("victim", "at_risk", "in_care_then", "absent_then", "in_care_now", "case_is_open", "receives_ilp"),
        "not_known",
    )
    assert "Not enough is known" in words(worker.post(path, unknown))
    told = worker.post(path, unknown | {"victim": "yes", "in_care_then": "yes", "absent_then": "no"})
    assert "Exploited while in foster care" in words(told)
    chosen = [
        tag for tag in told.content.decode().split("<input") if 'name="code"' in tag and " checked" in tag
    ]
    assert len(chosen) == 1 and 'value="6869"' in chosen[0]
    assert worker.get(path).status_code == 405
    assert rows() == 0


def test_a_field_is_ended_on_its_own_page(worker: Client, case_file: CaseFile, world: World) -> None:
    worker.post(f"/cases/{case_file.pk}/status", GIVEN)
    with acting_because(WHY):
        row = StatusField.objects.unrestricted(because=WHY).get()
    path = f"/cases/{case_file.pk}/status/{row.pk}/end"
    assert "Victim in Open Case" in words(worker.get(path))
    early = worker.post(path, {"ended_on": "08/31/2025"})
    assert "before the start" in words(early) and 'value="08/31/2025"' in early.content.decode()
    assert worker.post(path, {"ended_on": "09/02/2025"}).status_code == 302
    with acting_because(WHY):
        assert StatusField.objects.unrestricted(because=WHY).get().ended_on == date(2025, 9, 2)
    assert worker.get(f"/cases/{case_file.pk}/status/{uuid4()}/end").status_code == 404


def test_the_project_code_stands_beside_its_referral_and_ends_there(
    worker: Client, case_file: CaseFile
) -> None:
    path = f"/cases/{case_file.pk}/status"
    assert "S-CSEC Referral on R-" in words(worker.get(path))
    with acting_because(WHY):
        code = SpecialProjectCode.objects.unrestricted(because=WHY).get()
    day = code.started_on
    ended = worker.post(f"/cases/{case_file.pk}/project-codes/{code.pk}/end", {"ended_on": f"{day:%m/%d/%Y}"})
    assert ended.status_code == 302
    assert "ended" in words(worker.get(path))
    again = worker.post(f"/cases/{case_file.pk}/project-codes/{code.pk}/end", {"ended_on": f"{day:%m/%d/%Y}"})
    assert "an end already" in words(again)


@pytest.mark.parametrize("role", [Role.ADVOCATE, Role.PUBLIC_HEALTH, Role.EDUCATION, Role.SURVIVOR_MENTOR])
def test_others_find_nothing_where_the_status_is_not_theirs(
    world: World, case_file: CaseFile, role: Role
) -> None:
    client = client_of(world, role)
    there = client.get(f"/cases/{case_file.pk}/status")
    absent = client.get(f"/cases/{uuid4()}/status")
    assert there.status_code == absent.status_code == 404
    assert client.post(f"/cases/{case_file.pk}/status", GIVEN).status_code == 404
    assert rows() == 0


def test_probation_on_the_case_reads_and_sets_a_field(world: World) -> None:
    case_file = referral_make(world, by=Role.PROBATION).case_file
    client = client_of(world, Role.PROBATION)
    assert client.post(f"/cases/{case_file.pk}/status", GIVEN).status_code == 302
    assert "Victim in Open Case" in words(client.get(f"/cases/{case_file.pk}/status"))


def test_the_page_costs_the_same_for_one_row_and_for_twenty(
    worker: Client, case_file: CaseFile, world: World
) -> None:
    viewer = world.viewer(Role.CHILD_WELFARE)

    def add(numbers: range) -> None:
        with viewing_as(viewer):
            for number in numbers:
                first = date(2020, 1, 1) + timedelta(days=30 * number)
                said = StatusSaid("6871", first, first + timedelta(days=3))
                status_set(viewer=viewer, case_file=case_file, said=said, now=datetime.now(UTC))

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert worker.get(f"/cases/{case_file.pk}/status").status_code == 200
        return len(asked)

    add(range(1))
    cost()
    one = cost()
    add(range(1, 20))
    assert cost() == one
