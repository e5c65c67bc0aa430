"""The whole way of one referral through the API, as a county's own systems would drive it.

The same story as in `test_browser_story.py`, played in July to October 2026 so that its quarter is closed and counted.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from agencies.choices import Duty, Role
from referrals.services.sweep import stages_fire
from reporting.tasks import reports_resume
from tests.pages import client_of
from tests.worlds import World, county_make

pytestmark = pytest.mark.django_db
NAME, STORY, CALLER, PLACE = "Zyzzname Markerchild", "MARKERSTORY", "MARKERCALLER", "MARKERPLACE"
MINUTES, DANGER = "MARKERMINUTES", "MARKERDANGER"
NIGHT = datetime(2026, 9, 3, 9, 10, tzinfo=UTC)
MEETING = NIGHT + timedelta(days=5, hours=8)
COUNTED = datetime(2026, 10, 20, 18, tzinfo=UTC)
STATUTORY = (Role.CHILD_WELFARE, Role.PROBATION, Role.MENTAL_HEALTH, Role.SUBSTANCE_USE, Role.PUBLIC_HEALTH)
BY_CHOICE = {
    Role.ADVOCATE: "Whom the child calls at night",
    Role.EDUCATION: "School is where the day is spent",
    Role.SURVIVOR_MENTOR: "The child asked for her",
}


class Caller:
    """One signed-in system that speaks JSON."""

    def __init__(self, world: World, role: Role, duty: Duty = Duty.LINE_WORKER) -> None:
        self.client: Client = client_of(world, role, duty)

    def get(self, path: str, *, status: int = 200) -> Any:
        answer = self.client.get(f"/api/{path}")
        assert answer.status_code == status, (path, answer.content)
        return answer.json()

    def text(self, path: str) -> str:
        return self.client.get(f"/api/{path}").content.decode()

    def send(self, method: str, path: str, body: Any, *, status: int) -> Any:
        answer = getattr(self.client, method)(f"/api/{path}", body, content_type="application/json")
        assert answer.status_code == status, (path, answer.content)
        return answer.json()

    def post(self, path: str, body: Any, *, status: int = 201) -> Any:
        return self.send("post", path, body, status=status)

    def put(self, path: str, body: Any, *, status: int = 200) -> Any:
        return self.send("put", path, body, status=status)

    def duty(self, rule: str, to: str = "") -> Any:
        found = [
            d for d in self.get("duties")["results"] if d["rule"] == rule and (not to or d["owed_to"] == to)
        ]
        return found[0] if found else None

    def does(self, rule: str, at: datetime, to: str = "", **evidence: Any) -> None:
        """Records what was done about a duty; its clock stops."""
        duty = self.duty(rule, to)
        assert duty is not None, (rule, to)
        done = self.post(f"duties/{duty['id']}/evidence", {"occurred_at": at.isoformat(), **evidence})
        assert done["stopped"] and self.duty(rule, to) is None, (rule, to)


def test_from_the_first_call_to_what_each_agency_may_know() -> None:
    world = county_make()
    with time_machine.travel(NIGHT):
        referral, case = the_call(world)
        the_night(world, referral, case)
        meeting = the_plan(world, case)
    with time_machine.travel(MEETING + timedelta(hours=2)):
        the_team_meets(world, case, meeting)
        the_six_fields(world, case)
    with time_machine.travel(COUNTED):
        the_committee_orders(world)
    with time_machine.travel(COUNTED + timedelta(minutes=5)):
        the_committee_reads(world)
        who_looked_and_what_changed(world, case)
        what_each_may_know(world, referral, case, meeting)


def the_call(world: World) -> tuple[str, str]:
    """An urgent call at two in the morning: three agencies owe somebody beside the child, and are told."""
    hotline = Caller(world, Role.CHILD_WELFARE, Duty.HOTLINE)
    child = {"given_name": NAME.split()[0], "family_name": NAME.split()[1], "age_said": 15, "services": "E1"}
    said = {
        "urgent": True,
        "received_at": (NIGHT - timedelta(hours=2, minutes=10)).isoformat(),
        "reporter": CALLER,
        "place": PLACE,
        "immediate_danger": "yes",
        "narrative": STORY,
        "holder": "unknown",
        "children": [child],
        "sending": str(uuid4()),
    }
    (referral,) = hotline.post("referrals", said)
    assert hotline.post("referrals", said) == [referral], "sent twice, logged once"
    for role in (Role.CHILD_WELFARE, Role.PROBATION, Role.ADVOCATE):
        assert Caller(world, role).duty("response-2h")["group"] == "overdue"
    boss = Caller(world, Role.PROBATION, Duty.SUPERVISOR)
    stages_fire(now=NIGHT)
    assert any(notice["escalated"] for notice in boss.get("notices")["results"])
    return referral["id"], referral["case_file"]


def the_night(world: World, referral: str, case: str) -> None:
    """Decided, arrived, telephoned, written, missing, reported, examined: each stops the clock that it answers."""
    hotline = Caller(world, Role.CHILD_WELFARE, Duty.HOTLINE)
    worker, advocate = Caller(world, Role.CHILD_WELFARE), Caller(world, Role.ADVOCATE)
    hotline.post(f"referrals/{referral}/response", {"tier": "crisis", "jurisdiction": "cw", "seen": ""})
    assert Caller(world, Role.PROBATION).duty("response-2h") is None
    for responder in (worker, advocate):
        responder.does("response-2h", NIGHT - timedelta(minutes=20))
    call = {"mode": "telephone", "outcome": "answered", "spoke_to": "Desk"}
    for to, role in (("le", Role.LAW_ENFORCEMENT), ("da", Role.DISTRICT_ATTORNEY)):
        agency = str(world.agencies[role].pk)
        worker.does("cross-report-now", NIGHT - timedelta(minutes=10), to, recipient=agency, **call)
        worker.does("written-36h", NIGHT - timedelta(minutes=5), to, mode="fax")
    worker.post(f"cases/{case}/missing", {"told_at": NIGHT.isoformat(), "description": "Blue coat"})
    for to, rule in (("le", "missing-le-24h"), ("ncmec", "missing-ncmec-24h")):
        assert worker.duty(rule)["at_once"] is True
        worker.does(rule, NIGHT, to, reference="MP-1", **call)
    worker.post(f"cases/{case}/located", {"located_at": NIGHT.isoformat(), "note": "At the station"})
    Caller(world, Role.PUBLIC_HEALTH).does("medical-72h", NIGHT)


def the_plan(world: World, case: str) -> str:
    """The first team, called within ten days; school and mentor with their reasons in writing."""
    worker = Caller(world, Role.CHILD_WELFARE)
    people = [world.person(role) for role in (*STATUTORY, *BY_CHOICE)]
    tables = {one["role"]: one for one in worker.get(f"cases/{case}/meetings/candidates")}
    assert {role for role, one in tables.items() if one["asked_by_law"]} == {role.value for role in STATUTORY}
    seats = [{"agency": str(one.agency_id), "person": str(one.pk)} for one in people[: len(STATUTORY)]]
    when = {
        "kind": "initial",
        "mode": "in_person",
        "starts_at": MEETING.isoformat(),
        "reason": "First meeting",
    }
    made = worker.post(f"cases/{case}/meetings", {**when, "place": "Room 4", "seats": seats})["meeting"]
    for role, reason in BY_CHOICE.items():
        path = f"meetings/{made['id']}/seats/{world.agencies[role].pk}"
        worker.put(path, {"person": str(world.person(role).pk)}, status=409)
        worker.put(path, {"person": str(world.person(role).pk), "reason": reason})
    for role in (*STATUTORY, *BY_CHOICE):
        member = Caller(world, role)
        assert [m["id"] for m in member.get("meetings")["results"]] == [made["id"]]
        assert member.post(f"meetings/{made['id']}/answer", {"reply": "yes"}, status=200)["reply"] == "yes"
    assert worker.duty("team-10d")["due_at"] > made["starts_at"]
    return str(made["id"])


def the_team_meets(world: World, case: str, meeting: str) -> None:
    """The child is asked, the team decides, an agency takes a task on, and the ten-day clock stops in time."""
    worker, clinician = Caller(world, Role.CHILD_WELFARE), Caller(world, Role.MENTAL_HEALTH)
    path, over = f"meetings/{meeting}", (MEETING + timedelta(hours=1)).isoformat()
    shown = worker.get(path)
    lines = [{"agency": seat["agency"], "attendance": "here"} for seat in shown["seats"]]
    held = {"held_at": over, "attendance": lines, "next_meeting_on": "2026-10-05"}
    assert "the child said" in worker.post(f"{path}/held", held, status=409)["detail"]
    side = {"wish": "comes", "part": "came", "briefing": "understood", "briefing_version": "2026-1"}
    worker.put(f"{path}/child", side | {"briefed_at": MEETING.isoformat()})
    item = shown["agenda"][3]["id"]
    worker.put(f"{path}/items/{item}", {"words": MINUTES, "done": True})
    task = {"words": "Offer a first session", "agency": str(world.agencies[Role.MENTAL_HEALTH].pk)}
    decided = {"words": "Therapy starts this week", "action": task | {"due_on": "2026-09-12"}}
    worker.post(f"{path}/items/{item}/decisions", decided)
    worker.put(f"cases/{case}/safety-plan", {"dangers": DANGER, "reviewed": True, "meeting": meeting})
    duty = worker.duty("team-10d")["id"]
    assert worker.post(f"{path}/held", held, status=200)["meeting"]["state"] == "held"
    first = worker.get(f"duties/{duty}")
    assert first["met_at"] is not None and first["met_at"] <= first["due_at"]
    assert worker.duty("team-monthly") is not None
    (action,) = clinician.get("actions")["results"]
    clinician.post(f"actions/{action['id']}/done", {"note": "First session held"}, status=200)
    assert clinician.get("actions")["results"] == []


def the_six_fields(world: World, case: str) -> None:
    """All six, each as the State takes it: what it refuses is refused, what looks odd is asked about once."""
    worker, path = Caller(world, Role.CHILD_WELFARE), f"cases/{case}/status"
    codes = [choice["code"] for choice in worker.get(path)["choices"]]
    assert len(codes) == 6
    first = {"code": "6867", "started_on": "2026-09-04"}
    worker.post(path, first)
    victim = {"code": "6869", "started_on": "2026-09-05"}
    doubts = worker.post(path, victim, status=409)["doubts"]
    assert [doubt["code"] for doubt in doubts] == ["at-risk-open"]
    worker.post(path, victim | {"sure": True, "ends_at_risk": True})
    absent = {"code": "6871", "started_on": "2026-09-02", "sure": True}
    assert worker.post(path, absent, status=409)["field"] == "ended_on"
    worker.post(path, absent | {"ended_on": "2026-09-03"})
    for code in ("6868", "6870", "6872"):
        worker.post(path, {"code": code, "started_on": "2026-09-01", "sure": True})
    assert {row["code"] for row in worker.get(path)["rows"]} == set(codes)
    worker.does(
        "victim-le-24h", MEETING + timedelta(hours=2), mode="telephone", outcome="answered", reference="V-1"
    )


def the_committee_orders(world: World) -> None:
    """The county's other children of the quarter come in, and the committee has it counted."""
    hotline = Caller(world, Role.CHILD_WELFARE, Duty.HOTLINE)
    for month in (7, 8):
        told = datetime(2026, month, 14, 18, tzinfo=UTC).isoformat()
        hotline.post("referrals", {"urgent": False, "received_at": told, "children": [{}] * 12})
    committee = Caller(world, Role.STEERING_COMMITTEE, Duty.COMMITTEE)
    assert committee.post("reports", {"period": "2026-q4"}, status=409)["field"] == "period"
    assert committee.post("reports", {"period": "2026-q3"}, status=202)["state"] == "waiting"
    committee.get("reports/2026-q3", status=404)
    refused = hotline.post("reports", {"period": "2026-q3"}, status=403)
    assert refused["rule"] and refused["ask"]


def the_committee_reads(world: World) -> None:
    """Frozen by the worker's round; the one child of September is not to be found in it."""
    assert reports_resume() == 1
    committee = Caller(world, Role.STEERING_COMMITTEE, Duty.COMMITTEE)
    states = {one["period"]: one["state"] for one in committee.get("reports")}
    assert states["2026-q3"] == "frozen"
    report = committee.get("reports/2026-q3")
    referred = next(block for block in report["blocks"] if block["key"] == "referred")
    rows = {line["head"]: line["values"] for line in referred["lines"]}
    welfare = [rows[month][0] for month in ("July", "August", "September")]
    assert welfare[2] is None and welfare.count(None) >= 2, (
        "the small number, and one more so that it cannot be computed"
    )
    statuses = next(block for block in report["blocks"] if block["key"] == "statuses")
    assert 1 not in [value for line in statuses["lines"] for value in line["values"]]


def who_looked_and_what_changed(world: World, case: str) -> None:
    """A supervisor reads who was there and what changed; the log itself names no child."""
    boss = Caller(world, Role.CHILD_WELFARE, Duty.SUPERVISOR)
    log = boss.get(f"cases/{case}/who-looked")
    assert len(log["agencies"]) >= 8 and log["own_agency_only"] is False
    written = boss.get(f"cases/{case}/who-looked?kind=wrote")
    assert 0 < written["entries"] < log["entries"]
    looks = boss.text(f"cases/{case}/who-looked")
    assert not any(marker in looks for marker in (*NAME.split(), STORY, CALLER, PLACE))
    changes = boss.get(f"cases/{case}/history")
    assert changes["results"] and changes["next"]
    refused = Caller(world, Role.CHILD_WELFARE).get(f"cases/{case}/who-looked", status=403)
    assert "supervisors" in refused["rule"]


def what_each_may_know(world: World, referral: str, case: str, meeting: str) -> None:
    """Prosecutor, teacher and mentor: each reads what the matrix gives, by every address; a stranger nothing at all."""
    paths = [
        f"referrals/{referral}",
        "referrals",
        "cases",
        "duties",
        "actions",
        "meetings",
        f"meetings/{meeting}",
    ]
    paths += [
        f"cases/{case}/{page}"
        for page in ("events", "duties", "status", "meetings", "safety-plan", "history")
    ]
    name = set(NAME.split())
    may = {
        Role.DISTRICT_ATTORNEY: {STORY, CALLER},
        Role.EDUCATION: {STORY, MINUTES} | name,
        Role.SURVIVOR_MENTOR: {MINUTES, DANGER} | name,
    }
    for role, allowed in may.items():
        caller = Caller(world, role)
        seen = "".join(caller.text(path) for path in paths)
        for marker in (STORY, CALLER, PLACE, MINUTES, DANGER, *NAME.split()):
            assert marker not in seen or marker in allowed, (role, marker)
        for marker in allowed - name - {CALLER}:
            assert marker in seen, (role, marker)
    stranger = Caller(world, Role.CASA)
    absent = stranger.text(f"referrals/{uuid4()}")
    for path in [path for path in paths if "/" in path]:
        assert stranger.text(path) == absent, path
    worker = Caller(world, Role.CHILD_WELFARE)
    assert STORY in worker.text(f"referrals/{referral}") and CALLER not in worker.text(
        f"referrals/{referral}"
    )
