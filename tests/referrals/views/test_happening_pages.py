"""What starts a duty is recorded on its own page; a missing child's notices, and the talk after the return, on theirs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import acting_because, viewing_as
from referrals.deadlines import kinds
from referrals.forms.event import HappeningForm
from referrals.models import CaseFile, Deadline
from referrals.recordable import RECORDABLE, offered_to
from referrals.services.duty import Evidence, duty_satisfy
from referrals.services.missing import MissingSaid, child_locate, missing_record
from tests.pages import client_of, words
from tests.worlds import World, case_of, county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"
ZONE = ZoneInfo("America/Los_Angeles")


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def case_file(world: World) -> CaseFile:
    return case_of(referral_make(world, ago=timedelta(days=6)))


def owed(case_file: CaseFile, rule: str, to: str = "child") -> Deadline:
    with acting_because(WHY):
        return (
            Deadline.objects.unrestricted(because=WHY)
            .select_related("owed_by")
            .get(case_file=case_file, rule=rule, owed_to=to)
        )


def told_at(moment: datetime) -> dict[str, str]:
    """The answers to "When did your agency learn of it?"."""
    local = moment.astimezone(ZONE)
    return {
        "told_at_day": local.date().isoformat(),
        "told_at_time": local.strftime("%I:%M %p"),
        "told_at_twice": "second" if local.fold else "first",
    }


def run(world: World, case_file: CaseFile, *, told: datetime, now: datetime) -> None:
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer):
        missing_record(viewer=viewer, case_file=case_file, said=MissingSaid(told_at=told), now=now)


def test_every_kind_that_starts_a_duty_beside_the_known_pages_is_offered_to_somebody() -> None:
    assert {
        entry.kind for role in ("CW", "PO", "LE", "ADV") for _, es in offered_to(role) for entry in es
    } == set(RECORDABLE)
    for entry in RECORDABLE.values():
        form = HappeningForm(asks=entry.asks)
        assert set(form.fields) == {"told_at", "note", *entry.asks}


def test_a_threat_is_recorded_by_its_page_and_opens_the_teams_meeting(
    world: World, case_file: CaseFile
) -> None:
    worker = client_of(world, Role.CHILD_WELFARE)
    page = words(worker.get(f"/cases/{case_file.pk}/record"))
    assert "Something happened that others must act on" in page
    address = f"/cases/{case_file.pk}/record/{kinds.TRAFFICKER_THREAT}"
    assert "A team meeting is due within three days" in words(worker.get(address))
    told = datetime.now(UTC) - timedelta(hours=5)
    answer = worker.post(address, {"note": "A message on the telephone."})
    assert answer.status_code == 200, "a time is asked for"
    assert "A message on the telephone." in answer.content.decode(), "nothing typed is lost"
    assert worker.post(address, {"note": "A message.", **told_at(told)}).status_code == 302
    assert owed(case_file, "team-crisis").due_at == told.replace(second=0, microsecond=0) + timedelta(
        hours=72
    )


def test_a_page_for_another_agencys_happenings_is_not_there(world: World, case_file: CaseFile) -> None:
    worker: Client = client_of(world, Role.CHILD_WELFARE)
    assert worker.get(f"/cases/{case_file.pk}/record/{kinds.POLICE_REPORT_RECEIVED}").status_code == 404
    assert worker.get(f"/cases/{case_file.pk}/record/no_such_thing").status_code == 404


def test_a_late_entry_is_overdue_at_once_and_says_so(world: World, case_file: CaseFile) -> None:
    now = datetime.now(UTC)
    run(world, case_file, told=now - timedelta(hours=30), now=now)
    duty = owed(case_file, "missing-notice-24h", "court")
    assert duty.due_at < now
    worker = client_of(world, Role.CHILD_WELFARE)
    page = words(worker.get(f"/duties/{duty.pk}"))
    assert "Entered late" in page
    assert "when it was overdue already" in page
    assert "entered late, overdue when it was typed" in words(worker.get("/duties/"))


def test_a_notice_needs_the_contact_it_names_and_a_courts_limit_takes_it_away(
    world: World, case_file: CaseFile
) -> None:
    now = datetime.now(UTC)
    run(world, case_file, told=now - timedelta(hours=1), now=now)
    worker = client_of(world, Role.CHILD_WELFARE)
    duty = owed(case_file, "missing-notice-24h", "parents")
    page = worker.get(f"/duties/{duty.pk}")
    assert "contact" in page.context["form"].fields
    assert "This notice is not owed" in words(page)
    address = f"/cases/{case_file.pk}/record/{kinds.NOTICE_NOT_OWED}"
    spare = {"to": "parents", "ground": "court_limit", **told_at(now)}
    assert worker.post(address, {**spare, "note": ""}).status_code == 200, "an order is named"
    assert worker.post(address, {**spare, "ground": "sibling_safety", "note": "No."}).status_code == 200
    assert worker.post(address, {**spare, "note": "Order of March 3."}).status_code == 302
    assert owed(case_file, "missing-notice-24h", "parents").drop_reason.startswith(
        "Recorded: the court limited"
    )
    assert owed(case_file, "missing-notice-24h", "court").is_open


def test_the_talk_after_the_return_that_finds_a_victim_starts_the_24_hour_report(
    world: World, case_file: CaseFile
) -> None:
    now = datetime.now(UTC)
    run(world, case_file, told=now - timedelta(hours=9), now=now)
    viewer = world.viewer(Role.CHILD_WELFARE, Duty.LINE_WORKER)
    with viewing_as(viewer):
        child_locate(
            viewer=viewer,
            case_file=case_file,
            located_at=now - timedelta(hours=2),
            now=now,
        )
        screen = Deadline.objects.visible_to(viewer).get(case_file=case_file, rule="return-screen")
        recorded = duty_satisfy(
            viewer=viewer,
            deadline=screen,
            evidence=Evidence(occurred_at=now - timedelta(minutes=30), more={"possible_victim": "yes"}),
            now=now,
        )
    assert recorded.stopped
    report = owed(case_file, "victim-le-24h", "le")
    assert report.started_at == now - timedelta(minutes=30)
