"""The quarterly review: everybody is looked at, the officer signs, the past stays, and nobody forgets it unseen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from agencies.choices import Duty, Role
from agencies.models import Notice, Person, StaffReview, StaffReviewLine
from agencies.services.review import SOON, review_stage, reviews_remind
from cseccase.confidentiality.context import viewing_as
from cseccase.outbox.models import Message
from tests.agencies.pages import signed_in
from tests.pages import words
from tests.worlds import World, county_make, person_make

START = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
WHY = "a test reads who was told"


@given(days=st.integers(-200, 200))
def test_it_is_soon_due_for_two_weeks_and_then_overdue(days: int) -> None:
    due_at = START + timedelta(days=days)
    expected = "overdue" if days <= 0 else "soon" if timedelta(days=days) <= SOON else ""
    assert review_stage(due_at, now=START) == expected
    assert review_stage(None, now=START) == ""


@pytest.mark.django_db
class TestReview:
    @pytest.fixture(autouse=True)
    def clock(self) -> Iterator[time_machine.Coordinates]:
        with time_machine.travel(START, tick=False) as coordinates:
            yield coordinates

    @pytest.fixture
    def world(self) -> World:
        world = county_make()
        world.person(Role.CHILD_WELFARE)
        world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR)
        return world

    @pytest.fixture
    def officer(self, world: World) -> Client:
        return signed_in(world, Role.CHILD_WELFARE, Duty.SECURITY_OFFICER)

    def sign(self, officer: Client) -> bool:
        answer = officer.post("/people/review/sign", {"seen_by": "Director Lee"})
        return bool(answer.status_code == 302)

    def confirm(self, officer: Client, *people: Person) -> None:
        for person in people:
            answer = officer.post(f"/people/{person.pk}/confirm", {"page": "1"})
            assert answer["Location"] == "/people/review/?page=1"

    def test_it_shows_everybody_of_the_own_agency_with_all_there_is_to_judge(
        self, world: World, officer: Client
    ) -> None:
        stranger = world.person(Role.PROBATION)
        page = words(officer.get("/people/review/"))
        for fact in (
            "line worker",
            "supervisor",
            "CSEC 101",
            "Last sign-in",
            "None yet",
            "2 people are left",
        ):
            assert fact in page, fact
        assert stranger.full_name not in page
        assert "Your director confirms your own account" in page

    def test_it_is_signed_once_everybody_is_looked_at_and_then_stays(
        self, world: World, officer: Client
    ) -> None:
        worker = world.person(Role.CHILD_WELFARE)
        self.confirm(officer, worker)
        assert not self.sign(officer)
        assert "1 of your people is not looked at yet" in words(
            officer.post("/people/review/sign", {"seen_by": "Director Lee"})
        )
        self.confirm(officer, world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR))
        assert officer.post("/people/review/sign", {"seen_by": ""}).status_code == 200
        assert self.sign(officer)
        review = StaffReview.objects.get()
        assert (review.seen_by, review.signed_at, review.lines.count()) == ("Director Lee", START, 2)
        assert review.lines.get(person=worker).duties == "line_worker"
        page = words(officer.get("/people/review/"))
        assert "Director Lee" in page
        assert "2 people are left" in page, "the next one begins at nought"

    def test_a_change_or_a_suspension_made_meanwhile_is_part_of_it(
        self, world: World, officer: Client
    ) -> None:
        worker, supervisor = (
            world.person(Role.CHILD_WELFARE),
            world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR),
        )
        third = person_make(world.agencies["CW"], Duty.LINE_WORKER)
        self.confirm(officer, third)
        said = {"duty": "hotline", "designated_by": "Director Lee", "starts_on": "2026-11-01", "ends_on": ""}
        assert officer.post(f"/people/{worker.pk}/designate", said).status_code == 302
        assert officer.post(f"/people/{supervisor.pk}/deactivate", {"why": "suspended"}).status_code == 302
        assert self.sign(officer)
        outcomes = dict(StaffReviewLine.objects.values_list("person", "outcome"))
        assert outcomes == {third.pk: "confirmed", worker.pk: "changed", supervisor.pk: "suspended"}

    def test_nobody_confirms_themselves_strangers_or_without_the_duty(
        self, world: World, officer: Client
    ) -> None:
        oneself = world.person(Role.CHILD_WELFARE, Duty.SECURITY_OFFICER)
        assert officer.post(f"/people/{oneself.pk}/confirm").status_code == 403
        assert officer.post(f"/people/{world.person(Role.PROBATION).pk}/confirm").status_code == 404
        worker = world.person(Role.CHILD_WELFARE)
        supervisor = signed_in(world, Role.CHILD_WELFARE, Duty.SUPERVISOR)
        assert supervisor.get("/people/review/").status_code == 403
        assert supervisor.post(f"/people/{worker.pk}/confirm").status_code == 403
        assert supervisor.post("/people/review/sign", {"seen_by": "D"}).status_code == 403
        assert not StaffReview.objects.filter(lines__isnull=False).exists()

    def test_the_database_keeps_one_open_and_no_half_signed_review(
        self, world: World, officer: Client
    ) -> None:
        self.confirm(officer, world.person(Role.CHILD_WELFARE))
        review = StaffReview.objects.get()
        with pytest.raises(IntegrityError, match="one_open_review"), transaction.atomic():
            StaffReview.objects.create(agency=review.agency, opened_at=START, opened_by=review.opened_by)
        with pytest.raises(IntegrityError, match="signed_whole"), transaction.atomic():
            StaffReview.objects.filter(pk=review.pk).update(signed_at=START)

    def test_the_officer_is_told_once_when_it_is_near_and_once_when_it_is_overdue(
        self, world: World, officer: Client, clock: time_machine.Coordinates
    ) -> None:
        oneself = world.person(Role.CHILD_WELFARE, Duty.SECURITY_OFFICER)
        Person.objects.update(joined_at=START)
        told = [reviews_remind(now=START + timedelta(days=days)) for days in (0, 77, 79, 80, 92, 93)]
        assert told == [0, 0, 1, 0, 1, 0]
        with viewing_as(None, because=WHY):
            notices = list(Notice.objects.order_by("stage"))
            assert {notice.recipient_id for notice in notices} == {oneself.pk}
            assert Message.objects.filter(recipient=oneself).count() == 2
        clock.shift(timedelta(days=93))
        late = signed_in(world, Role.CHILD_WELFARE, Duty.SECURITY_OFFICER)
        assert "Overdue" in words(late.get("/people/"))
        assert "The review of your agency’s people is overdue" in words(late.get("/notices/"))
        assert late.post(f"/notices/{notices[0].pk}")["Location"] == "/people/review/"
        assert "overdue since" in words(late.get("/people/review/"))
        self.confirm(late, *Person.objects.filter(agency=oneself.agency).exclude(pk=oneself.pk))
        assert self.sign(late)
        assert "Overdue" not in words(late.get("/people/"))
        assert reviews_remind(now=START + timedelta(days=94)) == 0

    def test_it_is_paged_and_costs_the_same_for_three_people_and_for_thirty(
        self, world: World, officer: Client
    ) -> None:
        officer.get("/people/review/")
        with CaptureQueriesContext(connection) as few:
            officer.get("/people/review/")
        for _ in range(27):
            person_make(world.agencies["CW"], Duty.LINE_WORKER)
        with CaptureQueriesContext(connection) as many:
            page = officer.get("/people/review/")
        assert len(many) == len(few)
        assert len(page.context["review"].lines) == 25
        assert len(officer.get("/people/review/?page=2").context["review"].lines) == 5
