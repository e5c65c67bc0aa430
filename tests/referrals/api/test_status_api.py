"""The six status fields by the API: the page's rules, warnings and walls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from agencies.choices import Role
from cseccase.confidentiality.context import acting_because
from referrals.models import CaseFile, StatusField
from tests.mdt.meetings import meeting_make, seat
from tests.pages import client_of
from tests.worlds import World, county_make, county_today, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"
OPEN_CASE = {"code": "6870", "started_on": "2026-09-01"}
PROBLEM = "application/problem+json"


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def case_file(world: World) -> CaseFile:
    return referral_make(world).case_file


def path_of(case_file: CaseFile, *more: object) -> str:
    return "/".join(["/api/cases", str(case_file.pk), *map(str, more)])


def post(client: Client, path: str, body: Any) -> Any:
    return client.post(path, body, content_type="application/json")


def rows() -> int:
    with acting_because(WHY):
        return StatusField.objects.unrestricted(because=WHY).count()


def test_a_keeper_reads_what_may_be_chosen_and_sets_it(world: World, case_file: CaseFile) -> None:
    client, path = client_of(world, Role.CHILD_WELFARE), path_of(case_file, "status")
    before = client.get(path).json()
    assert before["may_write"] and before["rows"] == [] and before["identified_at"] is None
    assert [choice["code"] for choice in before["choices"]] == [str(code) for code in range(6867, 6873)]
    learned = datetime.now(UTC) - timedelta(hours=2)
    answer = post(client, path, OPEN_CASE | {"identified_at": learned.isoformat()})
    assert answer.status_code == 201, answer.content
    (row,) = answer.json()["rows"]
    assert (row["code"], row["started_on"], row["access"]) == ("6870", "2026-09-01", "full")
    assert datetime.fromisoformat(answer.json()["identified_at"]) == learned
    rules = {duty["rule"] for duty in client.get(path_of(case_file, "duties")).json()["results"]}
    assert "victim-le-24h" in rules, "the first victim field starts the report to the police"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "9999"}, "code"),
        ({"code": "6871"}, "ended_on"),
        ({"ended_on": "2026-08-01"}, "ended_on"),
        ({"started_on": "2999-01-01"}, "started_on"),
        ({"identified_at": "2999-01-01T00:00:00Z"}, "identified_at"),
    ],
)
def test_what_the_state_would_refuse_names_its_field_and_the_right_answer_goes_through(
    world: World, case_file: CaseFile, wrong: dict[str, str], field: str
) -> None:
    client, path = client_of(world, Role.CHILD_WELFARE), path_of(case_file, "status")
    refused = post(client, path, OPEN_CASE | wrong)
    assert (refused.status_code, refused.headers["Content-Type"]) == (409, PROBLEM)
    assert refused.json()["field"] == field and "doubts" not in refused.json()
    assert rows() == 0
    assert post(client, path, OPEN_CASE).status_code == 201
    again = post(client, path, OPEN_CASE)
    assert again.status_code == 409 and "on file already" in again.json()["detail"]
    assert rows() == 1


def test_what_looks_odd_is_asked_once_and_done_by_who_is_sure(world: World, case_file: CaseFile) -> None:
    client, path = client_of(world, Role.CHILD_WELFARE), path_of(case_file, "status")
    assert post(client, path, {"code": "6867", "started_on": "2026-08-01"}).status_code == 201
    asked = post(client, path, OPEN_CASE)
    assert asked.status_code == 409 and asked.json()["field"] == "sure"
    assert [doubt["code"] for doubt in asked.json()["doubts"]] == ["at-risk-open"]
    assert rows() == 1
    done = post(client, path, OPEN_CASE | {"sure": True, "ends_at_risk": True}).json()
    assert {row["code"]: row["ended_on"] for row in done["rows"]} == {"6870": None, "6867": "2026-09-01"}


def test_a_row_and_a_project_code_end_once(world: World, case_file: CaseFile) -> None:
    client = client_of(world, Role.CHILD_WELFARE)
    made = post(client, path_of(case_file, "status"), OPEN_CASE).json()
    for kind, name in (("rows", "status"), ("project_codes", "project-codes")):
        path = path_of(case_file, name, made[kind][0]["id"], "end")
        assert post(client, path, {"ended_on": "2999-01-01"}).json()["field"] == "ended_on"
        last_day = county_today() - timedelta(days=1 if kind == "rows" else 0)
        ended = post(client, path, {"ended_on": last_day.isoformat()})
        if kind == "rows":
            assert ended.json()["rows"][0]["ended_on"] == last_day.isoformat()
        assert (
            post(client, path_of(case_file, name, uuid4(), "end"), {"ended_on": "2026-09-02"}).status_code
            == 404
        )
    assert (
        post(
            client, path_of(case_file, "status", made["rows"][0]["id"], "end"), {"ended_on": "2026-09-02"}
        ).status_code
        == 409
    )


def test_the_decision_table_points_and_writes_nothing(world: World, case_file: CaseFile) -> None:
    client, path = client_of(world, Role.CHILD_WELFARE), path_of(case_file, "status", "suggestion")
    assert post(client, path, {}).json() == {"code": None, "reason": None}
    answers = {"victim": "yes", "in_care_then": "yes", "absent_then": "no"}
    assert post(client, path, answers).json()["code"] == "6869"
    assert rows() == 0


def test_others_read_what_the_matrix_gives_and_set_nothing(world: World, case_file: CaseFile) -> None:
    keeper, path = client_of(world, Role.CHILD_WELFARE), path_of(case_file, "status")
    assert post(keeper, path, OPEN_CASE).status_code == 201
    absent = keeper.get(f"/api/cases/{uuid4()}/status")
    meeting_make(
        world,
        case_file,
        seats=[
            seat(world, Role.CHILD_WELFARE),
            seat(world, Role.PUBLIC_HEALTH),
            seat(world, Role.SURVIVOR_MENTOR, reason="Asked for by the child"),
        ],
    )
    stranger, mentor = client_of(world, Role.EDUCATION), client_of(world, Role.SURVIVOR_MENTOR)
    for answer in (stranger.get(path), post(stranger, path, OPEN_CASE)):
        assert (answer.status_code, answer.content) == (404, absent.content)
    assert mentor.get(path).content == absent.content, "the agreement opens no status to a mentor"
    nurse = client_of(world, Role.PUBLIC_HEALTH)
    refused = post(nurse, path, OPEN_CASE)
    seen = nurse.get(path).json()
    assert (seen["choices"], seen["may_write"]) == ([], False)
    assert seen["rows"][0].keys() == {"id", "code", "label", "started_on", "ended_on", "access"}
    assert refused.status_code == 403
    assert refused.json().keys() == {"detail", "rule", "opens", "ask"}
    assert rows() == 1
