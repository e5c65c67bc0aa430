"""The API goes through the same doors as the pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from agencies.choices import Duty, Role
from referrals.deadlines import kinds
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db
BACKEND = "agencies.backend.StaffBackend"


def client_of(world: World, role: Role, duty: Duty = Duty.LINE_WORKER) -> Client:
    client = Client()
    client.force_login(world.person(role, duty), backend=BACKEND)
    return client


def post(client: Client, path: str, body: Any) -> Any:
    return client.post(path, body, content_type="application/json")


def test_nobody_gets_nothing() -> None:
    for path in ("referrals", "cases", "duties"):
        assert Client().get(f"/api/{path}").status_code == 403


def test_a_referral_logged_by_the_api_starts_clocks_and_reads_back() -> None:
    world = county_make()
    client = client_of(world, Role.CHILD_WELFARE, Duty.HOTLINE)
    body = {
        "urgent": True,
        "received_at": datetime.now(UTC).isoformat(),
        "narrative": "Words",
        "children": [{}],
    }
    answer = post(client, "/api/referrals", body)
    assert answer.status_code == 201, answer.content
    (logged,) = answer.json()
    assert client.get(f"/api/referrals/{logged['id']}").json() == logged
    duties = client.get(f"/api/cases/{logged['case_file']}/duties").json()["results"]
    assert {duty["rule"] for duty in duties} >= {"response-2h", "cross-report-now", "medical-72h", "team-10d"}


def test_bad_input_says_which_field_and_how_to_mend_it() -> None:
    client = client_of(county_make(), Role.CHILD_WELFARE, Duty.HOTLINE)
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    refused = post(client, "/api/referrals", {"urgent": True, "received_at": later, "children": [{}]})
    assert (refused.status_code, refused.json()["field"]) == (409, "received_at")
    assert post(client, "/api/referrals", {"urgent": True, "children": []}).status_code == 400
    assert post(client, "/api/referrals", {"urgent": "perhaps"}).json().keys() >= {
        "urgent",
        "received_at",
        "children",
    }


def test_hidden_and_absent_are_the_same_answer_to_the_byte() -> None:
    from uuid import uuid4

    world = county_make()
    referral = referral_make(world)
    for role, hidden in ((Role.EDUCATION, True), (Role.CHILD_WELFARE, False)):
        client = client_of(world, role)
        absent = client.get(f"/api/referrals/{uuid4()}")
        answer = client.get(f"/api/referrals/{referral.pk}")
        assert absent.status_code == 404
        assert (answer.content == absent.content) is hidden
        assert (answer.status_code == 404) is hidden


def test_a_refusal_names_the_rule_and_whom_to_ask() -> None:
    world = county_make()
    client = client_of(world, Role.ADVOCATE)
    body = {"urgent": True, "received_at": datetime.now(UTC).isoformat(), "children": [{}]}
    answer = post(client, "/api/referrals", body)
    assert answer.status_code == 403
    assert answer.json().keys() == {"detail", "rule", "opens", "ask"}


def test_evidence_by_the_api_stops_a_clock() -> None:
    world = county_make()
    referral = referral_make(world)
    client = client_of(world, Role.ADVOCATE)
    (duty,) = [d for d in client.get("/api/duties").json()["results"] if d["rule"] == "response-2h"]
    assert duty["met_at"] is None
    body = {"kind": kinds.RESPONDER_ARRIVED, "occurred_at": datetime.now(UTC).isoformat()}
    assert post(client, f"/api/cases/{referral.case_file_id}/events", body).status_code == 201
    assert client.get(f"/api/duties/{duty['id']}").json()["met_at"] is not None


def test_an_unknown_kind_and_a_record_another_agency_keeps_are_refused_in_words() -> None:
    world = county_make()
    referral = referral_make(world)
    client = client_of(world, Role.ADVOCATE)
    at = datetime.now(UTC).isoformat()
    path = f"/api/cases/{referral.case_file_id}/events"
    assert "Use one of" in post(client, path, {"kind": "x", "occurred_at": at}).json()["detail"]
    refused = post(client, path, {"kind": kinds.CROSS_REPORT_MADE, "occurred_at": at})
    assert refused.status_code == 403
    assert "does not keep this kind of record" in refused.json()["rule"]


def test_lists_cost_the_same_for_one_row_and_for_many(django_assert_max_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    world = county_make()
    client = client_of(world, Role.CHILD_WELFARE)
    counts: dict[str, list[int]] = {"/api/cases": [], "/api/referrals": [], "/api/duties": []}
    for extra in (1, 6):
        for _ in range(extra):
            referral_make(world)
        for path, found in counts.items():
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            found.append(len(queries))
    assert all(len(set(found)) == 1 for found in counts.values()), counts
