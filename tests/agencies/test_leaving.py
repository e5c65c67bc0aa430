"""Somebody leaves or is suspended: every device, every designation, every grant by name and every duty, at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from agencies.choices import Duty, Role
from agencies.models import Designation, Notice, Person
from agencies.services import staff
from agencies.services.people import account_close
from agencies.viewers import viewer_of
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.outbox.models import Message
from referrals.choices import PartyKind
from referrals.models import Deadline, SectionUserGrant
from referrals.services.duty import duty_take
from referrals.services.sharing import Joining, SectionKey, file_extend, sharing_settle
from tests.agencies.pages import PASSWORD, signed_in
from tests.pages import sign_in, words
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "a test reads what is left"


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def worker(world: World) -> Person:
    return world.person(Role.CHILD_WELFARE)


@pytest.fixture
def officer(world: World) -> Client:
    return signed_in(world, Role.CHILD_WELFARE, Duty.SECURITY_OFFICER)


def close(officer: Client, person: Person, why: str = "leaves") -> None:
    assert officer.post(f"/people/{person.pk}/deactivate", {"why": why}).status_code == 302


def duty_taken(world: World, worker: Person) -> Deadline:
    """One open duty of the agency that this worker has taken on."""
    now = datetime.now(UTC)
    referral_make(world)
    viewer = viewer_of(worker, now=now)
    with viewing_as(viewer):
        mine = Deadline.objects.visible_to(viewer).filter(owed_by=worker.agency, met_at=None).first()
        assert mine is not None
        duty_take(viewer=viewer, deadline=mine, now=now)
    return mine


@pytest.mark.parametrize("why", ["leaves", "suspended"])
def test_both_of_two_open_browsers_are_dead_on_their_next_request(
    world: World, officer: Client, worker: Person, why: str
) -> None:
    office, telephone, colleague = Client(), Client(HTTP_USER_AGENT="A telephone"), Client()
    worker.set_password(PASSWORD)
    worker.save()
    cache.clear()
    for client in (office, telephone):
        client.post("/account/login/", {"login": worker.email, "password": PASSWORD})
        assert client.get("/duties/").status_code == 200
    sign_in(colleague, world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR))
    keys = [client.session.session_key for client in (office, telephone)]
    close(officer, worker, why)
    assert not Session.objects.filter(pk__in=keys).exists(), "gone from the server, not only refused"
    for client in (office, telephone):
        assert client.get("/duties/")["Location"].startswith("/account/login/")
        assert client.get("/api/duties", headers={"Accept": "application/json"}).status_code in {401, 403}
        assert client.post("/drafts/urgent", {"note": "x"}).status_code in {302, 401}
    assert colleague.get("/duties/").status_code == 200


def test_an_inactive_person_is_signed_out_even_where_a_session_was_forgotten(worker: Person) -> None:
    client = Client()
    sign_in(client, worker)
    assert client.get("/duties/").status_code == 200
    Person.objects.filter(pk=worker.pk).update(is_active=False)
    assert client.get("/duties/").status_code == 302


def test_every_designation_ends_and_opening_again_gives_none_back(world: World, worker: Person) -> None:
    now = datetime.now(UTC)
    today = now.date()
    for duty, starts in ((Duty.SUPERVISOR, today), (Duty.COORDINATOR, today + timedelta(days=9))):
        staff.person_designate(person=worker, duty=duty, designated_by="D", starts_on=starts, now=now)
    viewer = world.viewer(Role.CHILD_WELFARE, Duty.SECURITY_OFFICER)
    with viewing_as(viewer):
        account_close(viewer=viewer, person_id=worker.pk, now=now)
    worker.refresh_from_db()
    assert viewer_of(worker, now=now).duties == frozenset()
    staff.person_reactivate(person=worker, now=now)
    for days in (0, 1, 9, 30):
        assert viewer_of(worker, now=now + timedelta(days=days)).duties == frozenset(), days
    assert Designation.objects.filter(person=worker, duty=Duty.LINE_WORKER).count() == 1, "kept as history"


def test_duties_go_back_to_the_agency_and_each_supervisor_is_told_once(
    world: World, officer: Client, worker: Person
) -> None:
    mine = duty_taken(world, worker)
    supervisor = world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    other = world.person(Role.PROBATION, Duty.SUPERVISOR)
    close(officer, worker)
    with viewing_as(None, because=WHY):
        again = Deadline.objects.unrestricted(because=WHY).get(pk=mine.pk)
        assert (again.owner_id, again.taken_at) == (None, None)
        told = Notice.objects.filter(about=Notice.About.RETURNED)
        assert [notice.recipient_id for notice in told] == [supervisor.pk]
        assert not told.filter(recipient=other).exists()
        assert Message.objects.filter(recipient=supervisor, key__contains="returned").count() == 1
        notice = told.get()
    theirs = signed_in(world, Role.CHILD_WELFARE, Duty.SUPERVISOR)
    page = words(theirs.get("/notices/"))
    assert "came back to your agency" in page
    assert worker.full_name not in page
    assert theirs.post(f"/notices/{notice.pk}")["Location"] == "/duties/"


def test_nobody_is_told_when_nothing_came_back(world: World, officer: Client, worker: Person) -> None:
    world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    close(officer, worker)
    with viewing_as(None, because=WHY):
        assert not Notice.objects.filter(about=Notice.About.RETURNED).exists()


def test_grants_by_name_end_stay_ended_when_sharing_is_settled_and_come_back_with_the_person(
    world: World,
) -> None:
    now = datetime.now(UTC)
    therapist = world.person(Role.MENTAL_HEALTH)
    officer = signed_in(world, Role.MENTAL_HEALTH, Duty.SECURITY_OFFICER)
    case_file = referral_make(world).case_file
    notes = SectionKey("r09", custodian=therapist.agency_id, author=therapist.pk)
    joins = Joining(therapist.agency_id, PartyKind.ASSIGNMENT)

    def grants() -> int:
        with acting_because(WHY):
            return SectionUserGrant.objects.filter(user=therapist).count()

    with acting_because(WHY):
        file_extend(case_file=case_file, recorded_by=therapist.pk, now=now, sections=[notes], parties=[joins])
    assert grants() == 2, "their notes are theirs to see and write"
    close(officer, therapist)
    assert grants() == 0
    sharing_settle(case_file=case_file, now=now)
    assert grants() == 0
    assert officer.post(f"/people/{therapist.pk}/reactivate").status_code == 302
    assert grants() == 2


def test_it_all_happens_or_nothing(world: World, worker: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(person: Person, now: datetime) -> int:
        raise RuntimeError("the last step fails")

    monkeypatch.setattr(staff, "LEAVING", [*staff.LEAVING, fails])
    mine = duty_taken(world, worker)
    client = Client()
    sign_in(client, worker)
    client.get("/duties/")
    viewer = world.viewer(Role.CHILD_WELFARE, Duty.SECURITY_OFFICER)
    with pytest.raises(RuntimeError, match="last step"), viewing_as(viewer):
        account_close(viewer=viewer, person_id=worker.pk, now=datetime.now(UTC))
    worker.refresh_from_db()
    assert worker.is_active
    assert client.get("/duties/").status_code == 200
    with viewing_as(None, because=WHY):
        assert Deadline.objects.unrestricted(because=WHY).get(pk=mine.pk).owner_id == worker.pk
