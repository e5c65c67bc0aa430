"""Duties and case files as people see them: each role its own part, and nothing said of the rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import acting_because
from referrals.models import CaseEvent, CaseParty, Deadline, MissingEpisode
from tests.pages import client_of, words
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"
LA = ZoneInfo("America/Los_Angeles")
MARKERS = {
    "narrative": "MARKERSTORY",
    "place": "MARKERPLACE",
    "reporter": "MARKERCALLER",
    "call_back": "555-0142",
}


def duty_of(rule: str, role: str, to: str = "") -> Deadline:
    with acting_because(WHY):
        rows = Deadline.objects.unrestricted(because=WHY).filter(rule=rule, owed_by__role=role)
        return rows.get(owed_to=to) if to else rows.get()


def told(minutes_ago: int = 5) -> dict[str, str]:
    at = (datetime.now(UTC) - timedelta(minutes=minutes_ago)).astimezone(LA)
    return {
        "occurred_at_day": at.date().isoformat(),
        "occurred_at_time": at.strftime("%I:%M %p"),
        "occurred_at_twice": "second" if at.fold else "first",
    }


def pages_of(case_file: UUID) -> list[str]:
    return [
        f"/cases/{case_file}{tail}"
        for tail in ("", "/timeline", "/reports", "/sharing", "/status", "/record", "/missing")
    ]


@pytest.fixture
def world() -> World:
    return county_make()


def test_my_duties_say_what_by_when_and_how_far_and_overdue_comes_first(world: World) -> None:
    referral_make(world, ago=timedelta(hours=3))
    page = client_of(world, Role.ADVOCATE).get("/duties/")
    text = words(page)
    assert "Be with the child" in text and "Was due" in text and "past the county" in text
    assert "overdue by law" not in text, "two hours are the county's practice"
    assert text.index("Overdue") < text.index("72 h") if "72 h" in text else True


def test_the_advocate_sees_the_duty_and_not_who_the_child_is(world: World) -> None:
    referral = referral_make(world, **MARKERS)
    client = client_of(world, Role.ADVOCATE)
    text = words(client.get("/duties/")) + words(client.get(f"/cases/{referral.case_file_id}"))
    assert referral.case_file.number in text
    for hidden in ("Jay", "Marker", "J. M.", *MARKERS.values()):
        assert hidden not in text
    lead = words(client_of(world, Role.CHILD_WELFARE).get(f"/cases/{referral.case_file_id}"))
    assert "J. M., 15" in lead


def test_arrival_stops_the_clock_and_the_page_says_so(world: World) -> None:
    referral_make(world, ago=timedelta(minutes=30))
    client = client_of(world, Role.ADVOCATE)
    path = f"/duties/{duty_of('response-2h', 'ADV').pk}"
    assert "Record it" in words(client.get(path))
    done = client.post(path, told() | {"note": ""}, follow=True)
    assert "This clock has stopped" in words(done)
    assert duty_of("response-2h", "ADV").met_at is not None


def test_a_message_left_is_kept_and_stops_nothing(world: World) -> None:
    referral_make(world, ago=timedelta(minutes=30))
    client = client_of(world, Role.CHILD_WELFARE)
    duty = duty_of("cross-report-now", "CW", "le")
    police = str(world.agencies["LE"].pk)
    given = told() | {
        "mode": "telephone",
        "outcome": "voicemail",
        "recipient": police,
        "spoke_to": "",
        "note": "",
    }
    assert "the clock runs on" in words(client.post(f"/duties/{duty.pk}", given, follow=True))
    assert duty_of("cross-report-now", "CW", "le").met_at is None
    client.post(f"/duties/{duty.pk}", given | {"outcome": "answered", "spoke_to": "Sgt Ruiz"})
    assert duty_of("cross-report-now", "CW", "le").met_at is not None
    with acting_because(WHY):
        assert (
            CaseParty.objects.unrestricted(because=WHY).filter(agency=police, kind="cross_report").count()
            == 1
        )


def test_a_cross_report_lets_the_prosecutor_see_the_matrix_and_no_more(world: World) -> None:
    referral = referral_make(world, ago=timedelta(minutes=30), **MARKERS)
    prosecutor = client_of(world, Role.DISTRICT_ATTORNEY)
    assert prosecutor.get(f"/cases/{referral.case_file_id}").status_code == 404
    duty = duty_of("cross-report-now", "CW", "da")
    given = told() | {
        "mode": "telephone", "outcome": "answered", "recipient": str(world.agencies["DA"].pk), "spoke_to": "Desk", "note": "",
    }  # fmt: skip
    client_of(world, Role.CHILD_WELFARE).post(f"/duties/{duty.pk}", given)
    text = words(prosecutor.get(f"/referrals/{referral.pk}"))
    assert "MARKERSTORY" in text and "MARKERCALLER" in text, "r03 and r04 are open to the prosecutor"
    assert "MARKERPLACE" not in text, "the location (r19) never is"
    assert "Jay" not in text + words(prosecutor.get(f"/cases/{referral.case_file_id}")), "r01 in summary only"


def test_a_duty_is_dropped_by_a_supervisor_of_the_owing_agency_alone(world: World) -> None:
    referral_make(world)
    path = f"/duties/{duty_of('response-2h', 'PO').pk}/drop"
    for role, duty, status in (
        (Role.PROBATION, Duty.LINE_WORKER, 403),
        (Role.CHILD_WELFARE, Duty.SUPERVISOR, 403),
        (Role.EDUCATION, Duty.SUPERVISOR, 404),
    ):
        assert client_of(world, role, duty).post(path, {"reason": "x"}).status_code == status
    boss = client_of(world, Role.PROBATION, Duty.SUPERVISOR)
    assert "Why?" in words(boss.post(path, {"reason": ""}))
    assert boss.post(path, {"reason": "The child is in Child Welfare's care."}).status_code == 302
    assert duty_of("response-2h", "PO").dropped_by is not None


def test_taking_a_duty_on_puts_a_name_on_it(world: World) -> None:
    referral_make(world)
    duty = duty_of("response-2h", "ADV")
    client_of(world, Role.ADVOCATE).post(f"/duties/{duty.pk}/take")
    assert duty_of("response-2h", "ADV").owner == world.person(Role.ADVOCATE)
    assert client_of(world, Role.EDUCATION).post(f"/duties/{duty.pk}/take").status_code == 404


def test_a_missing_child_opens_two_duties_and_the_page_says_that_police_do_not_tell_the_center(
    world: World,
) -> None:
    referral = referral_make(world)
    client = client_of(world, Role.CHILD_WELFARE)
    path = f"/cases/{referral.case_file_id}/missing"
    assert "does not reach the National Center" in words(client.get(path))
    at = {name.replace("occurred_at", "told_at"): value for name, value in told().items()}
    sent = client.post(path, at | {"indian_child": "not_known", "description": "Blue coat"}, follow=True)
    assert "Two reports are due at once" in words(sent)
    assert {duty_of("missing-le-24h", "CW").at_once, duty_of("missing-ncmec-24h", "CW").at_once} == {True}
    assert "1-800-843-5678" in words(client.get(f"/duties/{duty_of('missing-ncmec-24h', 'CW').pk}"))
    assert "Missing" in words(client.get(f"/cases/{referral.case_file_id}"))
    found = {name.replace("occurred_at", "located_at"): value for name, value in told(1).items()}
    client.post(f"/cases/{referral.case_file_id}/located", found | {"note": ""})
    with acting_because(WHY):
        assert MissingEpisode.objects.unrestricted(because=WHY).get().located_at is not None
    assert duty_of("missing-ncmec-24h", "CW").is_open, "being found does not undo the duty to report"


def test_a_correction_moves_the_clock_and_keeps_the_old_entry(world: World) -> None:
    referral = referral_make(world, ago=timedelta(hours=1))
    before = duty_of("response-2h", "ADV").due_at
    with acting_because(WHY):
        entry = CaseEvent.objects.unrestricted(because=WHY).get()
    moved = {name.replace("occurred_at", "received_at"): value for name, value in told(90).items()}
    client = client_of(world, Role.CHILD_WELFARE)
    path = f"/cases/{referral.case_file_id}/entries/{entry.pk}"
    client.post(path, told(90) | moved | {"reason": "The call came earlier."})
    assert duty_of("response-2h", "ADV").due_at < before
    assert "Corrected later" in words(client.get(f"/cases/{referral.case_file_id}/timeline"))
    assert client_of(world, Role.ADVOCATE).get(path).status_code == 404


def test_sharing_is_read_by_those_who_keep_the_file_and_ends_at_once(world: World) -> None:
    referral = referral_make(world, **MARKERS)
    path = f"/cases/{referral.case_file_id}/sharing"
    assert client_of(world, Role.CASA).get(path).status_code == 404
    keeper = words(client_of(world, Role.ADVOCATE).get(path))
    assert "Who may see the records you keep" in keeper
    assert "case assignment" not in keeper and "Child Welfare: " not in keeper
    client = client_of(world, Role.CHILD_WELFARE)
    given = {
        "agency": str(world.agencies["CDA"].pk),
        "kind": "appointment",
        "evidence": "Order 12",
    }
    assert client.post(path, given).status_code == 302
    attorney = client_of(world, Role.DEPENDENCY_ATTORNEY)
    assert "MARKERSTORY" in words(attorney.get(f"/referrals/{referral.pk}"))
    with acting_because(WHY):
        party = CaseParty.objects.unrestricted(because=WHY).get(agency=world.agencies["CDA"])
    client.post(f"/cases/{referral.case_file_id}/parties/{party.pk}/end")
    assert attorney.get(f"/referrals/{referral.pk}").status_code == 404


@pytest.mark.parametrize(
    "role",
    [
        Role.EDUCATION,
        Role.SURVIVOR_MENTOR,
        Role.DISTRICT_ATTORNEY,
        Role.STEERING_COMMITTEE,
        Role.LAW_ENFORCEMENT,
    ],
)
def test_hidden_and_absent_pages_are_the_same_to_the_byte(world: World, role: Role) -> None:
    referral = referral_make(world)
    client = client_of(world, role)

    def body(path: str) -> bytes:
        answer = client.get(path)
        assert answer.status_code in {403, 404}, path
        import re

        return re.sub(
            rb"csrfmiddlewaretoken[^>]+|value=\"/[^\"]+\"|[0-9]+:[0-9]+ [ap].m.", b"", answer.content
        )

    for hidden, absent in zip(pages_of(referral.case_file_id), pages_of(uuid4()), strict=True):
        assert body(hidden) == body(absent)


def test_pages_cost_the_same_for_one_case_and_for_many(world: World) -> None:
    client = client_of(world, Role.CHILD_WELFARE)
    counts: dict[str, list[int]] = {}
    referral = referral_make(world)
    for more in (0, 6):
        for _ in range(more):
            referral_make(world, ago=timedelta(hours=1))
        for path in ("/duties/", "/cases/", f"/cases/{referral.case_file_id}"):
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            counts.setdefault(path, []).append(len(queries))
    assert all(len(set(found)) == 1 for found in counts.values()), counts


def test_people_without_case_duties_are_told_the_rule(world: World) -> None:
    client = client_of(world, Role.CHILD_WELFARE, Duty.COMMITTEE)
    for path in ("/duties/", "/cases/"):
        page: Any = client.get(path)
        assert page.status_code == 403
        assert "security officer" in words(page)


def test_times_are_the_countys(world: World, client: Client) -> None:
    referral_make(world, ago=timedelta(hours=1))
    duty = duty_of("response-2h", "ADV")
    shown = words(client_of(world, Role.ADVOCATE).get(f"/duties/{duty.pk}"))
    local = duty.due_at.astimezone(LA)
    assert f"{local.hour % 12 or 12}:{local:%M}" in shown
