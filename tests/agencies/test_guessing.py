"""Five failures in fifteen minutes, counted for the account and for the address; who waits, and who lets them go on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from agencies.choices import Duty, Role
from agencies.models import FailedSignIn, Person
from agencies.services.sign_in import attempt_begin, locked_until
from cseccase.audit.models import AccessEntry
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import viewing_as
from tests.agencies.pages import PASSWORD, signed_in
from tests.pages import words
from tests.worlds import World, county_make, person_make

START = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
WINDOW = timedelta(minutes=15)


@given(ages=st.lists(st.integers(0, 1800), max_size=12), allowed=st.integers(1, 5))
def test_nobody_ever_gets_a_sixth_answer_within_fifteen_minutes(ages: list[int], allowed: int) -> None:
    moments = [START - timedelta(seconds=age) for age in ages]
    counting = [moment for moment in moments if START - moment < WINDOW]
    until = locked_until(moments, now=START, allowed=allowed, within=WINDOW)
    assert (until is not None) is (len(counting) >= allowed)
    if until is not None:
        assert START < until <= START + WINDOW
        assert locked_until(moments, now=until, allowed=allowed, within=WINDOW) is None
        assert (
            locked_until(moments, now=until - timedelta(seconds=1), allowed=allowed, within=WINDOW) == until
        )


@pytest.mark.django_db
class TestWaiting:
    @pytest.fixture(autouse=True)
    def clock(self) -> Iterator[time_machine.Coordinates]:
        cache.clear()
        with time_machine.travel(START, tick=False) as coordinates:
            yield coordinates

    @pytest.fixture
    def world(self) -> World:
        return county_make()

    @pytest.fixture
    def worker(self, world: World) -> Person:
        return self.with_password(world.person(Role.CHILD_WELFARE))

    def with_password(self, person: Person) -> Person:
        person.set_password(PASSWORD)
        person.save()
        return person

    def tries(self, person: Person, password: str, address: str = "192.0.2.1", times: int = 1) -> bool:
        """Whether the last of these tries signed in."""
        for _ in range(times):
            client = Client(REMOTE_ADDR=address)
            client.post("/account/login/", {"login": person.email, "password": password})
        return client.get("/notices/").status_code == 200

    def test_an_account_waits_whatever_the_address_and_the_wait_ends_by_itself(
        self, worker: Person, clock: time_machine.Coordinates
    ) -> None:
        for number in range(5):
            assert not self.tries(worker, "wrong", address=f"192.0.2.{number}")
        assert not self.tries(worker, PASSWORD, address="192.0.2.99")
        clock.shift(WINDOW)
        assert self.tries(worker, PASSWORD, address="192.0.2.99")

    def test_an_address_waits_whatever_the_account(self, world: World, worker: Person) -> None:
        others = [person_make(world.agencies["CW"], Duty.LINE_WORKER) for _ in range(5)]
        for other in others:
            self.tries(other, "wrong", address="192.0.2.7")
        assert not self.tries(worker, PASSWORD, address="192.0.2.7")
        assert self.tries(worker, PASSWORD, address="192.0.2.8"), "at another address they sign in"

    def test_slips_that_people_correct_do_not_shut_their_office(self, world: World, worker: Person) -> None:
        colleagues = [
            self.with_password(person_make(world.agencies["CW"], Duty.LINE_WORKER)) for _ in range(6)
        ]
        for colleague in colleagues:
            assert not self.tries(colleague, "wrong")
            assert self.tries(colleague, PASSWORD)
        assert self.tries(worker, PASSWORD)

    def test_signing_in_does_not_give_a_guesser_new_tries(self, worker: Person) -> None:
        self.tries(worker, "wrong", address="198.51.100.1", times=4)
        assert self.tries(worker, PASSWORD)
        self.tries(worker, "wrong", address="198.51.100.1")
        assert not self.tries(worker, PASSWORD), (
            "the fifth failure counts, as if nobody had signed in between"
        )

    def test_somebody_unknown_waits_like_somebody_known(self, worker: Person) -> None:
        pages = []
        for email in (worker.email, "nobody@cw.example"):
            for number in range(6):
                client = Client(REMOTE_ADDR=f"203.0.113.{number}")
                answer = client.post("/account/login/", {"login": email, "password": "wrong"})
            pages.append(words(answer).replace(email, ""))
        assert pages[0] == pages[1]
        assert "ask your agency’s security officer" in pages[0]

    def test_the_table_names_nobody(self, worker: Person) -> None:
        self.tries(worker, "wrong")
        row = FailedSignIn.objects.values().get()
        assert worker.email not in str(row)
        assert "192.0.2.1" not in str(row)

    def test_the_officer_sees_it_and_lets_the_person_try_again(self, world: World, worker: Person) -> None:
        self.tries(worker, "wrong", times=5)
        assert not self.tries(worker, PASSWORD)
        officer = signed_in(world, Role.CHILD_WELFARE, Duty.SECURITY_OFFICER)
        page = words(officer.get(f"/people/{worker.pk}"))
        assert "has to wait until 9:15 a.m." in page
        assert "Too many wrong answers" in words(officer.get("/people/"))
        assert officer.get(f"/people/{worker.pk}/release").status_code == 200
        assert not self.tries(worker, PASSWORD), "a question changes nothing"
        assert officer.post(f"/people/{worker.pk}/release").status_code == 302
        assert "has to wait" not in words(officer.get(f"/people/{worker.pk}"))
        assert self.tries(worker, PASSWORD)
        with viewing_as(None, because="a test reads the log"):
            facts = AccessEntry.objects.filter(verb=Verb.STAFF_CHANGED).latest("at").facts
        assert facts == {"did": "sign-in released", "forgotten": 5}

    def test_only_the_officer_of_the_same_agency_may(self, world: World, worker: Person) -> None:
        self.tries(worker, "wrong", times=5)
        at = f"/people/{worker.pk}/release"
        supervisor = signed_in(world, Role.CHILD_WELFARE, Duty.SUPERVISOR)
        assert supervisor.post(at).status_code == 403
        assert signed_in(world, Role.PROBATION, Duty.SECURITY_OFFICER).post(at).status_code == 404
        oneself = world.person(Role.CHILD_WELFARE, Duty.SECURITY_OFFICER)
        officer = signed_in(world, Role.CHILD_WELFARE, Duty.SECURITY_OFFICER)
        assert officer.post(f"/people/{oneself.pk}/release").status_code == 403
        assert not self.tries(worker, PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_of_twenty_parallel_guesses_exactly_five_are_looked_at() -> None:
    looked_at: list[Any] = []

    def guess() -> None:
        try:
            attempt = attempt_begin(email="x@cw.example", address="192.0.2.1", now=START)
            looked_at.append(attempt)
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([one for one in looked_at if one is not None]) == 5
    assert len(looked_at) == 20
