"""Duties, missing children, decisions and corrections by the API: the same services and refusals as on the pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from agencies.choices import Duty, Role
from cseccase.api import pages
from cseccase.confidentiality.context import acting_because
from referrals.models import CaseEvent, MissingEpisode, Referral
from tests.pages import client_of, words
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def referral(world: World) -> Referral:
    return referral_make(world)


@pytest.fixture
def worker(world: World) -> Client:
    return client_of(world, Role.CHILD_WELFARE)


def post(client: Client, path: str, body: Any) -> Any:
    return client.post(f"/api/{path}", body, content_type="application/json")


def duty_of(client: Client, rule: str, to: str = "") -> Any:
    found = [
        d
        for d in client.get("/api/duties").json()["results"]
        if d["rule"] == rule and (not to or d["owed_to"] == to)
    ]
    return found[0] if found else None


def count(model: Any, **where: Any) -> int:
    with acting_because(WHY):
        return model.objects.unrestricted(because=WHY).filter(**where).count()


def now() -> str:
    return datetime.now(UTC).isoformat()


def test_a_message_left_is_kept_and_stops_nothing_and_the_call_that_was_taken_does(
    world: World, referral: Referral, worker: Client
) -> None:
    path = f"duties/{duty_of(worker, 'cross-report-now', 'le')['id']}/evidence"
    call = {"occurred_at": now(), "mode": "telephone", "recipient": str(world.agencies["LE"].pk)}
    for wrong, field in (
        ({"mode": "telephone", "outcome": ""}, "outcome"),
        ({"mode": "in_person"}, "mode"),
        ({"outcome": "answered", "recipient": None}, "recipient"),
        ({"outcome": "answered", "recipient": str(world.agencies["ED"].pk)}, "recipient"),
    ):
        refused = post(worker, path, call | wrong)
        assert (refused.status_code, refused.json()["field"]) == (409, field), wrong
    left = post(worker, path, call | {"outcome": "voicemail"})
    assert (left.status_code, left.json()["stopped"], left.json()["duty"]["met_at"]) == (201, False, None)
    officer = client_of(world, Role.LAW_ENFORCEMENT)
    assert officer.get(f"/api/cases/{referral.case_file_id}/events").status_code == 404
    taken = post(worker, path, call | {"outcome": "answered"}).json()
    assert taken["stopped"] and taken["duty"]["met_at"]
    assert officer.get(f"/api/cases/{referral.case_file_id}/events").status_code == 200, (
        "who was told takes part"
    )
    again = post(worker, path, call | {"outcome": "answered"})
    assert again.status_code == 409 and "closed already" in again.json()["detail"]


def test_another_agency_s_duty_is_its_own_word_and_hidden_from_strangers(
    world: World, referral: Referral, worker: Client
) -> None:
    duty = duty_of(client_of(world, Role.ADVOCATE), "response-2h")["id"]
    refused = post(worker, f"duties/{duty}/evidence", {"occurred_at": now()})
    assert refused.status_code == 403 and "its own record stops the clock" in refused.json()["rule"]
    stranger = client_of(world, Role.EDUCATION)
    for act in ("evidence", "take", "drop"):
        body = {"occurred_at": now(), "reason": "x"}
        hidden, absent = (
            post(stranger, f"duties/{duty}/{act}", body),
            post(stranger, f"duties/{uuid4()}/{act}", body),
        )
        assert (hidden.status_code, hidden.content) == (404, absent.content)


def test_a_supervisor_alone_drops_a_duty_by_its_own_address_alone(
    world: World, referral: Referral, worker: Client
) -> None:
    duty = duty_of(worker, "response-2h")["id"]
    forged = {
        "kind": "duty_dropped",
        "occurred_at": now(),
        "facts": {"rule": "response-2h", "owed_by": "CW", "approved_by": "me"},
    }
    answer = post(worker, f"cases/{referral.case_file_id}/events", forged)
    assert answer.status_code == 409 and "/drop" in answer.json()["detail"]
    refused = post(worker, f"duties/{duty}/drop", {"reason": "Wrong child"})
    assert refused.status_code == 403 and "supervisor" in refused.json()["rule"]
    boss = client_of(world, Role.CHILD_WELFARE, Duty.SUPERVISOR)
    assert post(boss, f"duties/{duty}/drop", {"reason": "Wrong child"}).json()["dropped"] is True


def test_a_duty_is_taken_on_and_a_colleague_s_only_knowingly(
    world: World, referral: Referral, worker: Client
) -> None:
    duty = duty_of(worker, "response-2h")["id"]
    assert post(worker, f"duties/{duty}/take", {}).status_code == 200
    colleague = client_of(world, Role.CHILD_WELFARE, Duty.HOTLINE)
    assert post(colleague, f"duties/{duty}/take", {}).status_code == 409
    assert post(colleague, f"duties/{duty}/take", {"take_over": True}).status_code == 200


@pytest.mark.parametrize(
    "kind", ["meeting_held", "went_missing", "child_located", "withdrawn", "response_decided"]
)
def test_an_act_with_rules_of_its_own_is_not_made_by_naming_its_entry(
    referral: Referral, worker: Client, kind: str
) -> None:
    before = count(CaseEvent)
    refused = post(worker, f"cases/{referral.case_file_id}/events", {"kind": kind, "occurred_at": now()})
    assert (refused.status_code, refused.json()["field"], count(CaseEvent)) == (409, "kind", before)
    assert "/api/" in refused.json()["detail"]


def test_a_missing_child_starts_both_reports_once_until_located(
    world: World, referral: Referral, worker: Client
) -> None:
    case = f"cases/{referral.case_file_id}"
    early = {"told_at": now(), "last_seen_at": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}
    assert post(worker, f"{case}/missing", early).json()["field"] == "last_seen_at"
    assert post(worker, f"{case}/located", {"located_at": now()}).status_code == 409
    made = post(worker, f"{case}/missing", {"told_at": now(), "description": "Blue coat"})
    assert made.status_code == 201, made.content
    assert post(worker, f"{case}/missing", {"told_at": now()}).status_code == 409
    assert count(MissingEpisode) == 1
    for to, rule in (("le", "missing-le-24h"), ("ncmec", "missing-ncmec-24h")):
        path = f"duties/{duty_of(worker, rule)['id']}/evidence"
        told = {"occurred_at": now(), "mode": "telephone", "outcome": "answered"}
        assert post(worker, path, told).json()["stopped"] is False, "a report without its number"
        assert post(worker, path, told | {"reference": f"N-{to}"}).json()["stopped"] is True
    refused = post(client_of(world, Role.ADVOCATE), f"{case}/missing", {"told_at": now()})
    assert refused.status_code == 403 and refused.json()["ask"]
    assert post(worker, f"{case}/located", {"located_at": now()}).status_code == 201
    assert count(MissingEpisode, located_at=None) == 0


def test_a_correction_is_the_agency_s_own_and_moves_the_clock(
    world: World, referral: Referral, worker: Client
) -> None:
    case = f"cases/{referral.case_file_id}"
    path = f"duties/{duty_of(worker, 'response-2h')['id']}/evidence"
    entry = post(worker, path, {"occurred_at": now()}).json()["event"]
    assert duty_of(worker, "response-2h") is None
    mend = f"{case}/events/{entry}/correction"
    hidden = post(client_of(world, Role.ADVOCATE), mend, {"reason": "x", "withdraw": True})
    assert hidden.status_code == 404
    assert post(worker, mend, {"withdraw": True}).status_code == 400
    assert post(worker, mend, {"reason": "It was another child", "withdraw": True}).status_code == 201
    assert duty_of(worker, "response-2h") is not None
    assert post(worker, mend, {"reason": "Again", "withdraw": True}).status_code == 409


def test_a_note_needs_words_and_a_child_is_identified_once(referral: Referral, worker: Client) -> None:
    path = f"cases/{referral.case_file_id}/events"
    assert post(worker, path, {"kind": "note", "occurred_at": now()}).json()["field"] == "note"
    assert (
        post(worker, path, {"kind": "note", "occurred_at": now(), "note": "Called back"}).status_code == 201
    )
    learned = {"kind": "child_identified", "occurred_at": now()}
    assert post(worker, path, learned).status_code == 201
    assert "identified already" in post(worker, path, learned).json()["detail"]


def test_a_long_chronology_stands_on_pages_each_entry_once(
    referral: Referral, worker: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE", 2)
    monkeypatch.setattr("referrals.views.case.PAGE", 2)
    monkeypatch.setattr("referrals.selectors.overview.PAGE", 2)
    path = f"cases/{referral.case_file_id}/events"
    for number in range(4):
        post(worker, path, {"kind": "note", "occurred_at": now(), "note": f"Said thing {number}"})
    told: list[str] = []
    asked: str | None = "1"
    while asked:
        answer = worker.get(f"/api/{path}?page={asked}").json()
        assert len(answer["results"]) <= 2
        told += [entry["note"] for entry in answer["results"] if entry["kind"] == "note"]
        asked = answer["next"]
    assert told == [f"Said thing {number}" for number in (3, 2, 1, 0)]
    timeline = f"/cases/{referral.case_file_id}/timeline"
    read = [words(worker.get(f"{timeline}?page={page}")) for page in (1, 2, 3, 4)]
    for number in range(4):
        assert sum(f"Said thing {number}" in page for page in read) == 1
    assert "Older" in read[0] and "Newer" not in read[0]


def test_what_is_sent_twice_is_logged_and_decided_once(world: World, referral: Referral) -> None:
    hotline = client_of(world, Role.CHILD_WELFARE, Duty.HOTLINE)
    body = {"urgent": False, "received_at": now(), "children": [{}, {}], "sending": str(uuid4())}
    first, again = post(hotline, "referrals", body), post(hotline, "referrals", body)
    assert sorted(one["id"] for one in first.json()) == sorted(one["id"] for one in again.json())
    assert count(Referral) == 3
    path = f"referrals/{referral.pk}/response"
    decided = {"tier": "crisis", "jurisdiction": "cw", "seen": ""}
    one, same = post(hotline, path, decided), post(hotline, path, decided)
    assert (one.status_code, one.json()["id"]) == (201, same.json()["id"])
    other = post(hotline, path, decided | {"tier": "initial"})
    assert other.status_code == 409 and "Somebody decided" in other.json()["detail"]
    assert post(hotline, path, decided | {"lead": "cw"}).json()["field"] == "lead"
    assert post(hotline, path, decided | {"tier": "initial", "seen": one.json()["id"]}).status_code == 201
