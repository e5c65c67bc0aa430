"""The whole way of one referral through the API, as a county's own system would drive it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from agencies.choices import Duty, Role
from referrals.services.sweep import stages_fire
from tests.pages import client_of
from tests.worlds import World, county_make

pytestmark = pytest.mark.django_db
NAME, STORY, CALLER, PLACE = "Zzyzx Markerchild", "MARKERNARRATIVE", "MARKERCALLER", "MARKERPLACE"


class Caller:
    """One signed-in system that speaks JSON."""

    def __init__(self, world: World, role: Role, duty: Duty = Duty.LINE_WORKER) -> None:
        self.client: Client = client_of(world, role, duty)

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/{path}")

    def post(self, path: str, body: Any, *, status: int = 201) -> Any:
        answer = self.client.post(f"/api/{path}", body, content_type="application/json")
        assert answer.status_code == status, answer.content
        return answer.json()

    def record(self, case: str, kind: str, at: datetime, **facts: Any) -> Any:
        body = {"kind": kind, "occurred_at": at.isoformat(), "received_at": at.isoformat(), "facts": facts}
        return self.post(f"cases/{case}/events", body)

    def duty(self, rule: str, to: str = "") -> Any:
        found = [d for d in self.get("duties").json() if d["rule"] == rule and (not to or d["owed_to"] == to)]
        return found[0] if found else None


def test_from_the_first_call_to_what_each_agency_may_know() -> None:
    world = county_make()
    now = datetime.now(UTC)
    hotline = Caller(world, Role.CHILD_WELFARE, Duty.HOTLINE)
    worker, probation = Caller(world, Role.CHILD_WELFARE), Caller(world, Role.PROBATION)
    advocate, nurse = Caller(world, Role.ADVOCATE), Caller(world, Role.PUBLIC_HEALTH)
    outsiders = [
        Caller(world, role) for role in (Role.DISTRICT_ATTORNEY, Role.EDUCATION, Role.SURVIVOR_MENTOR)
    ]

    (referral,) = hotline.post(
        "referrals",
        {
            "urgent": True,
            "received_at": (now - timedelta(hours=3)).isoformat(),
            "reporter": CALLER,
            "place": PLACE,
            "narrative": STORY,
            "holder": "unknown",
            "children": [
                {
                    "given_name": NAME.split()[0],
                    "family_name": NAME.split()[1],
                    "age_said": 15,
                    "services": "E1",
                }
            ],
        },
    )
    case = referral["case_file"]
    for responder in (worker, probation, advocate):
        assert responder.duty("response-2h")["group"] == "overdue"

    stages_fire(now=now)
    decided = {"tier": "crisis", "jurisdiction": "cw"}
    hotline.post(f"referrals/{referral['id']}/response", decided)
    assert probation.duty("response-2h") is None

    for responder in (worker, advocate):
        responder.record(case, "responder_arrived", now - timedelta(hours=2))
        assert responder.duty("response-2h") is None

    for to in ("le", "da"):
        worker.record(
            case,
            "cross_report_made",
            now - timedelta(hours=2),
            to=to,
            mode="telephone",
            outcome="answered",
            person="Sgt Ruiz",
        )
        assert worker.duty("cross-report-now", to) is None
        assert worker.duty("written-36h", to) is not None
        worker.record(
            case, "written_report_sent", now - timedelta(hours=1), to=to, mode="fax", reference="F-1"
        )
        assert worker.duty("written-36h", to) is None

    worker.record(
        case, "went_missing", now - timedelta(hours=1), receives_services=True, victim_or_at_risk=True
    )
    for to, rule in (("le", "missing-le-24h"), ("ncmec", "missing-ncmec-24h")):
        assert worker.duty(rule)["at_once"] is True
        worker.record(case, "missing_reported", now, to=to, mode="telephone", reference="MP-1", person="Desk")
        assert worker.duty(rule) is None

    assert nurse.duty("medical-72h") is not None
    nurse.record(case, "medical_evaluation_done", now)
    assert nurse.duty("medical-72h") is None

    for outsider in outsiders:
        for path in ("referrals", "cases", "duties", f"referrals/{referral['id']}", f"cases/{case}/events"):
            text = outsider.get(path).content.decode()
            assert not any(marker in text for marker in (*NAME.split(), STORY, CALLER, PLACE)), path
    seen = worker.get(f"referrals/{referral['id']}").content.decode()
    assert STORY in seen and CALLER not in seen
