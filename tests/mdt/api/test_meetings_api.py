"""Team meetings by the API: the page's services, refusals and walls, from the plan to the last action."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from agencies.choices import Duty, Role
from agencies.models import Notice
from cseccase.confidentiality.context import acting_because
from mdt.models import ActionItem, Decision, Meeting
from referrals.models import CaseFile
from tests.mdt.meetings import STATUTORY, case_make, meeting_make, ready, seat
from tests.pages import client_of
from tests.worlds import World, county_make

pytestmark = pytest.mark.django_db
WHY = "test"


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def case_file(world: World) -> CaseFile:
    return case_make(world)


@pytest.fixture
def worker(world: World) -> Client:
    return client_of(world, Role.CHILD_WELFARE)


def send(client: Client, method: str, path: str, body: Any = None) -> Any:
    return getattr(client, method)(f"/api/{path}", body, content_type="application/json")


def plan(world: World, **changed: Any) -> dict[str, Any]:
    body = {
        "kind": "initial",
        "mode": "in_person",
        "starts_at": (datetime.now(UTC) + timedelta(days=3)).isoformat(),
        "reason": "First team meeting",
        "place": "Room 4, county building",
        "seats": [
            {"agency": str(world.agencies[role].pk), "person": str(world.person(role).pk)}
            for role in STATUTORY
        ],
    }
    return body | changed


def count(model: Any, **where: Any) -> int:
    with acting_because(WHY):
        return model.objects.unrestricted(because=WHY).filter(**where).count()


def held_body(shown: dict[str, Any], **changed: Any) -> dict[str, Any]:
    lines = [{"agency": one["agency"], "attendance": "here"} for one in shown["seats"]]
    return {"held_at": datetime.now(UTC).isoformat(), "attendance": lines} | changed


def test_a_meeting_sent_twice_is_planned_once_and_invites(
    world: World, case_file: CaseFile, worker: Client
) -> None:
    path, body = f"cases/{case_file.pk}/meetings", plan(world, sending=str(uuid4()))
    first, again = send(worker, "post", path, body), send(worker, "post", path, body)
    assert (first.status_code, again.status_code) == (201, 201), first.content
    assert first.json() == again.json() and count(Meeting) == 1
    assert first.json()["meeting"]["state"] == "scheduled" and len(first.json()["agenda"]) == 5
    with acting_because(WHY):
        assert Notice.objects.filter(subject=first.json()["meeting"]["id"], stage="invited").count() == 5
    assert [m["id"] for m in worker.get(f"/api/{path}").json()["results"]] == [first.json()["meeting"]["id"]]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"minutes": 0}, "minutes"),
        ({"minutes": 600}, "minutes"),
        ({"mode": "video"}, "not_in_person_reason"),
    ],
)
def test_a_plan_that_breaks_a_rule_names_its_field_and_the_mended_one_goes_through(
    world: World, case_file: CaseFile, worker: Client, wrong: dict[str, Any], field: str
) -> None:
    path = f"cases/{case_file.pk}/meetings"
    refused = send(worker, "post", path, plan(world, **wrong))
    assert (refused.status_code, refused.json()["field"], count(Meeting)) == (409, field, 0)
    assert send(worker, "post", path, plan(world)).status_code == 201


def test_a_member_beyond_the_law_needs_a_reason_and_anybody_the_training(
    world: World, case_file: CaseFile, worker: Client
) -> None:
    tables = worker.get(f"/api/cases/{case_file.pk}/meetings/candidates").json()
    assert {one["role"] for one in tables if one["asked_by_law"]} == {role.value for role in STATUTORY}
    school = next(one for one in tables if one["role"] == Role.EDUCATION)
    assert school["needs_reason"] and not school["asked_by_law"]
    meeting = send(worker, "post", f"cases/{case_file.pk}/meetings", plan(world)).json()["meeting"]["id"]
    path = f"meetings/{meeting}/seats/{school['agency']}"
    refused = send(worker, "put", path, {})
    assert (refused.status_code, refused.json()["field"]) == (409, f"why_{school['agency']}")
    given = send(worker, "put", path, {"reason": "School is where the day is spent"})
    assert given.status_code == 200 and len(given.json()["seats"]) == 6
    teacher = client_of(world, Role.EDUCATION)
    assert teacher.get(f"/api/meetings/{meeting}").status_code == 200
    assert send(worker, "delete", path).status_code == 200
    assert teacher.get(f"/api/meetings/{meeting}").status_code == 404


def test_only_the_lead_changes_and_only_seats_know(world: World, case_file: CaseFile, worker: Client) -> None:
    meeting = meeting_make(world, case_file)
    path, absent = f"meetings/{meeting.pk}", worker.get(f"/api/meetings/{uuid4()}")
    member, stranger = client_of(world, Role.MENTAL_HEALTH), client_of(world, Role.EDUCATION)
    acts: list[tuple[str, str, Any]] = [
        ("put", path, {key: plan(world)[key] for key in ("kind", "mode", "starts_at", "reason")}),
        ("post", f"{path}/cancel", {"reason": "Moved"}),
        ("put", f"{path}/child", {"wish": "comes"}),
        ("put", f"{path}/seats/{world.agencies[Role.EDUCATION].pk}", {"reason": "x"}),
        ("post", f"{path}/held", {"held_at": datetime.now(UTC).isoformat(), "attendance": []}),
    ]
    for method, address, body in acts:
        refused, hidden = send(member, method, address, body), send(stranger, method, address, body)
        assert refused.status_code == 403 and "leads this meeting" in refused.json()["rule"], address
        assert refused.json()["ask"]
        assert (hidden.status_code, hidden.content) == (404, absent.content), address
    for client in (member, stranger):
        assert (client.get(f"/api/{path}").status_code == 200) is (client is member)
    refused = send(
        client_of(world, Role.MENTAL_HEALTH), "post", f"cases/{case_file.pk}/meetings", plan(world)
    )
    assert refused.status_code == 403 and "called by Child Welfare" in refused.json()["rule"]
    assert count(Meeting, state="scheduled") == 1


def test_a_member_answers_for_their_own_seat_and_names_who_comes(world: World, case_file: CaseFile) -> None:
    other = world.person(Role.MENTAL_HEALTH, Duty.SUPERVISOR)
    path = f"meetings/{meeting_make(world, case_file).pk}/answer"
    member = client_of(world, Role.MENTAL_HEALTH)
    wrong = send(member, "post", path, {"reply": "yes", "person": str(world.person(Role.PROBATION).pk)})
    assert (wrong.status_code, wrong.json()["field"]) == (409, "person")
    seat_now = send(member, "post", path, {"reply": "yes", "person": str(other.pk)}).json()
    assert (seat_now["reply"], seat_now["person"]) == ("yes", str(other.pk))
    assert send(member, "post", path, {"reply": "none"}).status_code == 400
    assert send(client_of(world, Role.EDUCATION), "post", path, {"reply": "yes"}).status_code == 404


def test_a_meeting_is_held_once_everything_is_said_and_its_clock_stops(
    world: World, case_file: CaseFile, worker: Client
) -> None:
    meeting = meeting_make(world, case_file, starts_at=datetime.now(UTC) - timedelta(hours=1))
    path = f"meetings/{meeting.pk}"
    shown = worker.get(f"/api/{path}").json()
    assert len(shown["gaps"]) == 3, "the wish, the part and the briefing"
    early = send(worker, "post", f"{path}/held", held_body(shown))
    assert early.status_code == 409 and shown["gaps"][0] in early.json()["detail"]
    side = {
        "wish": "comes",
        "part": "came",
        "briefing": "understood",
        "briefed_at": datetime.now(UTC).isoformat(),
    }
    refused = send(worker, "put", f"{path}/child", side)
    assert (refused.status_code, refused.json()["field"]) == (409, "briefing_version")
    assert send(worker, "put", f"{path}/child", side | {"briefing_version": "2026-1"}).json()["gaps"] == []
    body = held_body(shown)
    unseated = {"agency": str(world.agencies[Role.EDUCATION].pk), "attendance": "here"}
    for lines, field in (
        (body["attendance"][1:], f"seat_{shown['seats'][0]['agency']}"),
        ([*body["attendance"], unseated], "attendance"),
        ([*body["attendance"], body["attendance"][0]], "attendance"),
    ):
        refused = send(worker, "post", f"{path}/held", body | {"attendance": lines})
        assert (refused.status_code, refused.json()["field"]) == (409, field)
    done = send(worker, "post", f"{path}/held", body)
    assert done.status_code == 200 and done.json()["meeting"]["state"] == "held"
    duties = {d["rule"]: d for d in worker.get(f"/api/cases/{case_file.pk}/duties").json()["results"]}
    assert duties["team-10d"]["met_at"] is not None and "team-monthly" in duties
    assert "held already" in send(worker, "post", f"{path}/held", body).json()["detail"]
    entries = worker.get(f"/api/cases/{case_file.pk}/events").json()["results"]
    (held,) = [one for one in entries if one["kind"] == "meeting_held"]
    assert held["facts"] == {"tier": shown["meeting"]["tier"], "mode": shown["meeting"]["mode"]}


def test_minutes_are_never_overwritten_unseen(world: World, case_file: CaseFile, worker: Client) -> None:
    meeting = meeting_make(world, case_file)
    item = worker.get(f"/api/meetings/{meeting.pk}").json()["agenda"][0]["id"]
    path = f"meetings/{meeting.pk}/items/{item}"
    first = send(worker, "put", path, {"words": "MARKERMINUTES"}).json()["agenda"][0]
    unseen = send(worker, "put", path, {"words": "Other words"})
    assert unseen.status_code == 409 and "Somebody else wrote" in unseen.json()["detail"]
    mended = send(worker, "put", path, {"words": "Both", "done": True, "based_on": first["written_at"]})
    assert (mended.status_code, mended.json()["agenda"][0]["minutes"]) == (200, "Both")
    reader = client_of(world, Role.MENTAL_HEALTH)
    assert reader.get(f"/api/meetings/{meeting.pk}").json()["agenda"][0]["minutes"] == "Both"
    stranger = client_of(world, Role.EDUCATION)
    assert (
        send(stranger, "put", path, {"words": "x"}).content == worker.get(f"/api/meetings/{uuid4()}").content
    )


def test_a_decision_becomes_an_action_of_its_agency_and_is_done_once(
    world: World, case_file: CaseFile, worker: Client
) -> None:
    meeting = meeting_make(world, case_file)
    item = worker.get(f"/api/meetings/{meeting.pk}").json()["agenda"][3]["id"]
    path = f"meetings/{meeting.pk}/items/{item}/decisions"
    owner = str(world.agencies[Role.MENTAL_HEALTH].pk)
    action = {
        "words": "Offer a first session",
        "agency": owner,
        "due_on": (datetime.now(UTC) + timedelta(days=5)).date().isoformat(),
    }
    body = {"words": "Therapy starts", "action": action, "sending": str(uuid4())}
    unseated = body | {"action": action | {"agency": str(world.agencies[Role.EDUCATION].pk)}}
    refused = send(worker, "post", path, unseated)
    assert (refused.status_code, refused.json()["field"], count(Decision)) == (409, "owner", 0)
    for _ in range(2):
        assert send(worker, "post", path, body).status_code == 201
    assert (count(Decision), count(ActionItem)) == (1, 1)
    clinician, nurse = client_of(world, Role.MENTAL_HEALTH), client_of(world, Role.PUBLIC_HEALTH)
    (mine,) = clinician.get("/api/actions").json()["results"]
    assert mine.keys() & {"meeting", "decision"} == set()  # the agency of an action may have had no seat
    (seated,) = worker.get(f"/api/meetings/{meeting.pk}").json()["actions"]
    with acting_because(WHY):
        assert UUID(seated["decision"]) == Decision.objects.unrestricted(because=WHY).get().pk
    changed = clinician.get(f"/api/cases/{case_file.pk}/history").content.decode()
    assert "Offer a first session" in changed
    assert seated["decision"] not in changed and str(meeting.pk) not in changed
    assert mine["words"] == "Offer a first session" and nurse.get("/api/actions").json()["results"] == []
    done = f"actions/{mine['id']}/done"
    absent = nurse.get(f"/api/actions/{uuid4()}")
    for answer in (nurse.get(f"/api/actions/{mine['id']}"), send(nurse, "post", done, {"note": "x"})):
        assert (answer.status_code, answer.content) == (404, absent.content)
    assert send(clinician, "post", done, {"note": "Session held"}).json()["done_at"]
    again = send(clinician, "post", done, {"note": "Session held"})
    assert again.status_code == 409 and "done already" in again.json()["detail"]
    assert clinician.get("/api/actions").json()["results"] == []


def test_the_safety_plan_is_written_whole_and_read_as_the_matrix_says(
    world: World, case_file: CaseFile, worker: Client
) -> None:
    meeting = meeting_make(
        world,
        case_file,
        seats=[*[seat(world, role) for role in STATUTORY], seat(world, Role.EDUCATION, reason="School")],
    )
    path = f"cases/{case_file.pk}/safety-plan"
    assert send(worker, "put", path, {}).json()["field"] == "dangers"
    body = {"dangers": "MARKERDANGER", "meeting": str(meeting.pk), "reviewed": True}
    first = send(worker, "put", path, body)
    assert first.status_code == 200 and first.json()["reviewed_at"]
    assert send(worker, "put", path, body).status_code == 409, "nobody’s newer words are overwritten unseen"
    assert send(worker, "put", path, body | {"based_on": first.json()["written_at"]}).status_code == 200
    teacher = client_of(world, Role.EDUCATION).get(f"/api/{path}")
    assert "MARKERDANGER" not in teacher.content.decode()


def test_a_cancelled_meeting_closes_what_its_seats_opened(
    world: World, case_file: CaseFile, worker: Client
) -> None:
    meeting = meeting_make(world, case_file)
    ready(world, meeting)
    path, member = f"meetings/{meeting.pk}", client_of(world, Role.MENTAL_HEALTH)
    moved = (datetime.now(UTC) + timedelta(days=5)).isoformat()
    when = {key: plan(world)[key] for key in ("kind", "mode", "reason")} | {"starts_at": moved}
    send(member, "post", f"{path}/answer", {"reply": "yes"})
    assert {one["reply"] for one in send(worker, "put", path, when).json()["seats"]} == {"none"}
    assert send(worker, "post", f"{path}/cancel", {}).status_code == 400
    assert (
        send(worker, "post", f"{path}/cancel", {"reason": "The child asked"}).json()["meeting"]["state"]
        == "cancelled"
    )
    assert member.get(f"/api/{path}").status_code == 404
    assert send(worker, "put", path, when).status_code == 409
