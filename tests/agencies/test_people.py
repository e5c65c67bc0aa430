"""Opening accounts, designating, training and closing: who may, what follows at once, and what is written down."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.choices import Course, Duty, Role
from agencies.models import Designation, Person, Training
from agencies.services.people import first_password_path
from agencies.services.staff import memberships_settle_all
from agencies.views import people
from cseccase.audit.models import AccessEntry
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import viewing_as
from cseccase.outbox.models import Message
from cseccase.outbox.services import messages_relay
from tests.agencies.pages import PASSWORD, signed_in
from tests.worlds import World, county_make, person_make

pytestmark = pytest.mark.django_db
WHY = "a test reads what was written down"


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def officer(world: World) -> Client:
    return signed_in(world, Role.CHILD_WELFARE, Duty.SECURITY_OFFICER)


@pytest.fixture
def worker(world: World) -> Person:
    return world.person(Role.CHILD_WELFARE)


def entries(verb: Verb) -> list[AccessEntry]:
    with viewing_as(None, because=WHY):
        return list(AccessEntry.objects.filter(verb=verb).order_by("at"))


def did() -> list[str]:
    return [entry.facts["did"] for entry in entries(Verb.STAFF_CHANGED)]


def invited(officer: Client, **said: str) -> Person:
    answer = officer.post(
        "/people/invite", {"full_name": "Rosa Made-up", "email": "rosa@cw.example", "job_title": "", **said}
    )
    assert answer.status_code == 302, answer.context["form"].errors
    return Person.objects.get(email="rosa@cw.example")


class TestInvite:
    def test_the_new_account_belongs_to_the_officers_agency_and_can_do_nothing(
        self, world: World, officer: Client
    ) -> None:
        person = invited(officer)
        assert person.agency_id == world.agencies["CW"].pk
        assert not person.has_usable_password()
        assert not person.groups.exists()
        assert did() == ["invited"]

    def test_the_person_chooses_the_password_behind_a_link_that_works_once(self, officer: Client) -> None:
        person = invited(officer)
        messages_relay(now=datetime.now(UTC) + timedelta(seconds=1))
        letter = mail.outbox[0]
        assert letter.to == ["rosa@cw.example"]
        assert "Rosa" not in letter.subject + letter.body
        link = next(word for word in letter.body.split() if "/account/first/" in word)
        path = "/" + link.split("/", 3)[3]
        stranger = Client()
        assert stranger.get(path).status_code == 200
        page = stranger.post(path, {"password": "short", "again": "short"})
        assert "at least 15 characters" in page.content.decode()
        assert stranger.post(path, {"password": PASSWORD, "again": "something else again"}).status_code == 200
        assert stranger.post(path, {"password": PASSWORD, "again": PASSWORD}).status_code == 302
        person.refresh_from_db()
        assert person.check_password(PASSWORD)
        assert stranger.get(path).status_code == 404

    def test_a_link_made_up_or_changed_opens_nothing(self, officer: Client) -> None:
        path = first_password_path(invited(officer))
        assert Client().get(path).status_code == 200
        assert Client().get(path[:-2] + "x/").status_code == 404
        assert Client().get("/account/first/AAAA/bbb-ccc/").status_code == 404
        assert Client().get("/account/first/%F0%9F%98%80/1-2/").status_code == 404

    def test_an_address_in_use_is_refused_without_saying_whose_it_is(
        self, world: World, officer: Client
    ) -> None:
        other = world.person(Role.PROBATION)
        answer = officer.post(
            "/people/invite", {"full_name": "Rosa", "email": other.email.upper(), "job_title": ""}
        )
        assert answer.status_code == 200
        page = answer.content.decode()
        assert "cannot be used" in page
        assert other.full_name not in page
        assert "Probation" not in page

    @pytest.mark.parametrize("duty", [Duty.LINE_WORKER, Duty.SUPERVISOR, Duty.COMMITTEE, Duty.AUDITOR])
    def test_nobody_else_opens_accounts(self, world: World, officer: Client, duty: Duty) -> None:
        said = {"full_name": "Rosa", "email": "rosa@cw.example", "job_title": ""}
        assert signed_in(world, Role.CHILD_WELFARE, duty).post("/people/invite", said).status_code == 403
        assert not Person.objects.filter(email="rosa@cw.example").exists()
        assert officer.post("/people/invite", said).status_code == 302


class TestDesignation:
    said = {"duty": "line_worker", "designated_by": "The director", "starts_on": "2025-02-01", "ends_on": ""}

    def test_a_designated_and_trained_person_is_let_into_the_agencys_group_at_once(
        self, world: World, officer: Client
    ) -> None:
        person = invited(officer)
        at = f"/people/{person.pk}"
        assert officer.post(f"{at}/designate", self.said).status_code == 302
        assert not person.groups.exists(), "designated, but not trained"
        training = {
            "course": "csec_101",
            "completed_on": "2025-03-01",
            "expires_on": "",
            "evidence": "Certificate 12",
        }
        assert officer.post(f"{at}/training", training).status_code == 302
        assert list(person.groups.all()) == [world.agencies["CW"].group]
        assert did() == ["invited", "designated", "training recorded"]

    def test_ending_it_takes_the_person_out_on_the_next_day(self, officer: Client, worker: Person) -> None:
        designation = worker.designations.get()
        yesterday = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
        at = f"/people/{worker.pk}/designations/{designation.pk}/end"
        assert worker.groups.exists()
        assert officer.get(at).status_code == 200
        assert officer.post(at, {"last_day": yesterday}).status_code == 302
        assert not worker.groups.exists()
        assert did() == ["designation ended"]

    def test_nobody_acts_on_themselves(self, world: World, officer: Client) -> None:
        oneself = world.person(Role.CHILD_WELFARE, Duty.SECURITY_OFFICER)
        before = Designation.objects.filter(person=oneself).count()
        for act in ("designate", "training", "link", "deactivate", "reactivate"):
            assert officer.get(f"/people/{oneself.pk}/{act}").status_code == 403, act
            assert officer.post(f"/people/{oneself.pk}/{act}", self.said).status_code == 403, act
        designation = oneself.designations.get()
        at = f"/people/{oneself.pk}/designations/{designation.pk}/end"
        assert officer.post(at, {"last_day": "2026-01-01"}).status_code == 403
        oneself.refresh_from_db()
        assert oneself.is_active
        assert Designation.objects.filter(person=oneself).count() == before
        assert did() == []

    def test_another_agencys_person_looks_the_same_as_none(self, world: World, officer: Client) -> None:
        other = world.person(Role.PROBATION)
        for path in (f"/people/{other.pk}", f"/people/{other.pk}/designate", f"/people/{world.county.pk}"):
            assert officer.get(path).status_code == 404, path
        assert officer.post(f"/people/{other.pk}/designate", self.said).status_code == 404
        assert officer.post(f"/people/{other.pk}/deactivate").status_code == 404
        assert other.designations.count() == 1

    def test_a_wrong_answer_is_said_on_the_form_and_kept(self, officer: Client, worker: Person) -> None:
        said = {
            **self.said,
            "starts_on": "2025-02-01",
            "ends_on": "2025-01-01",
            "designated_by": "Director Lee",
        }
        answer = officer.post(f"/people/{worker.pk}/designate", said)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "before the first day" in page
        assert "Director Lee" in page


class TestTraining:
    said = {"course": "csec_102", "completed_on": "2025-05-01", "expires_on": "", "evidence": ""}

    def test_a_supervisor_records_training_but_designates_nobody(self, world: World, worker: Person) -> None:
        supervisor = signed_in(world, Role.CHILD_WELFARE, Duty.SUPERVISOR)
        assert supervisor.post(f"/people/{worker.pk}/training", self.said).status_code == 302
        assert Training.objects.filter(person=worker, completed_on=date(2025, 5, 1)).exists()
        said = TestDesignation.said
        assert supervisor.post(f"/people/{worker.pk}/designate", said).status_code == 403
        assert supervisor.post(f"/people/{worker.pk}/deactivate").status_code == 403

    def test_a_course_that_lies_ahead_is_not_completed(self, officer: Client, worker: Person) -> None:
        ahead = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
        answer = officer.post(f"/people/{worker.pk}/training", {**self.said, "completed_on": ahead})
        assert answer.status_code == 200
        assert not Training.objects.filter(person=worker, completed_on=ahead).exists()

    def test_whoever_ran_out_leaves_the_group_and_whoever_begins_comes_in(self, world: World) -> None:
        now = datetime.now(UTC)
        person = person_make(world.agencies["CW"], Duty.LINE_WORKER)
        training = Training.objects.get(person=person, course=Course.CSEC_101)
        training.expires_on = (now + timedelta(days=1)).date()
        training.save()
        assert memberships_settle_all(now=now) == 0
        assert person.groups.exists()
        assert memberships_settle_all(now=now + timedelta(days=3)) == 1
        assert not person.groups.exists()
        assert memberships_settle_all(now=now + timedelta(days=3)) == 0, "safe to run twice"
        assert memberships_settle_all(now=now) == 1
        assert person.groups.exists()


class TestClosing:
    def test_every_session_ends_at_once_and_nothing_lets_the_person_in_again(
        self, world: World, officer: Client, worker: Person
    ) -> None:
        worker.set_password(PASSWORD)
        worker.save()
        theirs = Client()
        theirs.force_login(worker, backend="agencies.backend.StaffBackend")
        assert theirs.get("/my-account/").status_code == 200
        assert officer.get(f"/people/{worker.pk}/deactivate").status_code == 200
        assert theirs.get("/my-account/").status_code == 200, "a question changes nothing"
        assert officer.post(f"/people/{worker.pk}/deactivate", {"why": "leaves"}).status_code == 302
        assert theirs.get("/my-account/").status_code == 302
        assert not worker.groups.exists()
        theirs.post("/account/login/", {"login": worker.email, "password": PASSWORD})
        assert theirs.get("/my-account/").status_code == 302
        assert did() == ["deactivated"]
        assert entries(Verb.STAFF_CHANGED)[0].facts["designations_ended"] == 1

    def test_opening_it_again_sends_a_link_and_forgets_the_password(
        self, officer: Client, worker: Person
    ) -> None:
        worker.set_password(PASSWORD)
        worker.save()
        officer.post(f"/people/{worker.pk}/deactivate", {"why": "leaves"})
        assert officer.post(f"/people/{worker.pk}/reactivate").status_code == 302
        worker.refresh_from_db()
        assert worker.is_active
        assert not worker.groups.exists(), "nothing opens before a new designation"
        assert officer.post(f"/people/{worker.pk}/designate", TestDesignation.said).status_code == 302
        assert worker.groups.exists(), "the training is still current"
        assert not worker.check_password(PASSWORD)
        with viewing_as(None, because=WHY):
            assert Message.objects.filter(recipient=worker, template="account").count() == 1

    def test_a_new_link_makes_the_old_password_worthless_and_signs_out(
        self, officer: Client, worker: Person
    ) -> None:
        worker.set_password(PASSWORD)
        worker.save()
        theirs = Client()
        theirs.force_login(worker, backend="agencies.backend.StaffBackend")
        theirs.get("/my-account/")
        assert officer.post(f"/people/{worker.pk}/link", {}).status_code == 302
        assert theirs.get("/my-account/").status_code == 302
        worker.refresh_from_db()
        assert not worker.has_usable_password()


class TestLists:
    def test_the_list_says_who_is_in_and_why_not(self, world: World, officer: Client, worker: Person) -> None:
        untrained = person_make(world.agencies["CW"], Duty.LINE_WORKER, trained=False, name="Una Trained")
        page = officer.get("/people/").content.decode()
        assert worker.full_name in page
        assert untrained.full_name in page
        assert "CSEC 101 is not completed, or has run out." in page
        assert world.person(Role.PROBATION).full_name not in page

    @pytest.mark.parametrize(
        ("duty", "status"), [(Duty.SUPERVISOR, 200), (Duty.LINE_WORKER, 403), (Duty.COMMITTEE, 403)]
    )
    def test_only_officers_and_supervisors_read_it(self, world: World, duty: Duty, status: int) -> None:
        assert signed_in(world, Role.CHILD_WELFARE, duty).get("/people/").status_code == status

    def test_it_costs_the_same_for_one_person_and_for_twenty(self, world: World, officer: Client) -> None:
        officer.get("/people/")
        with CaptureQueriesContext(connection) as few:
            officer.get("/people/")
        for _ in range(19):
            person_make(world.agencies["CW"], Duty.LINE_WORKER)
        with CaptureQueriesContext(connection) as many:
            officer.get("/people/")
        assert len(many) == len(few)

    def test_a_large_agency_stands_on_pages_each_person_once(
        self, world: World, officer: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(people, "PAGE", 4)
        names = [person_make(world.agencies["CW"], Duty.LINE_WORKER).full_name for _ in range(6)]
        pages = [officer.get(f"/people/?page={page}").content.decode() for page in (1, 2, 3)]
        for name in names:
            assert sum(f">{name}</a>" in page for page in pages) == 1, name
        assert "Older" in pages[0] and "Newer" not in pages[0]

    def test_groups_hold_nobody_who_was_not_let_in(self, world: World, officer: Client) -> None:
        person = invited(officer)
        assert not Group.objects.filter(user=person).exists()
        page = officer.get(f"/people/{person.pk}").content.decode()
        assert "No designation is current." in page
