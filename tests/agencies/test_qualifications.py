"""Who qualifies under the Evidence Code: what the law asks, who writes it down, and that it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from agencies.choices import Duty, Qualified, QualifiedBy, Role
from agencies.models import Agency, Person, Qualification
from agencies.qualifications import QualificationSaid, qualification_lacks
from agencies.viewers import qualifies, viewer_of
from cseccase.audit.models import AccessEntry
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import viewing_as
from tests.agencies.pages import signed_in
from tests.pages import words
from tests.worlds import World, county_make, person_make

TODAY = date(2026, 11, 20)
WHOLE = QualificationSaid(
    Qualified.CASEWORKER, QualifiedBy.TRAINING, 40, "Dr. Made-up", "Folder 7", TODAY - timedelta(days=30)
)
FORM = {
    "kind": "1038.2", "way": "training", "hours": "44", "supervisor": "Dr. Made-up",
    "evidence": "Certificate 12", "starts_on": "2026-01-05", "ends_on": "",
}  # fmt: skip


def lacks(said: QualificationSaid, *, governmental: bool = False) -> list[str]:
    return [field for field, _ in qualification_lacks(said, governmental=governmental, today=TODAY)]


def test_each_element_the_law_asks_for_is_named() -> None:
    assert lacks(WHOLE) == []
    assert lacks(replace(WHOLE, hours=39)) == ["hours"]
    assert lacks(replace(WHOLE, supervisor=" ")) == ["supervisor"]
    assert lacks(replace(WHOLE, evidence="")) == ["evidence"]
    assert lacks(replace(WHOLE, starts_on=TODAY + timedelta(days=1))) == ["starts_on"]
    assert lacks(replace(WHOLE, ends_on=WHOLE.starts_on - timedelta(days=1))) == ["ends_on"]
    assert lacks(replace(WHOLE, way=QualifiedBy.DEGREE, hours=0, supervisor="")) == []


def test_a_caseworker_of_the_government_does_not_qualify_but_a_rape_crisis_counselor_may() -> None:
    assert lacks(WHOLE, governmental=True) == ["kind"]
    assert lacks(replace(WHOLE, kind=Qualified.COUNSELOR), governmental=True) == []


@given(st.integers(0, 100), st.booleans(), st.booleans())
def test_training_short_of_forty_hours_never_qualifies(
    hours: int, governmental: bool, counselor: bool
) -> None:
    kind = Qualified.COUNSELOR if counselor else Qualified.CASEWORKER
    whole = not lacks(replace(WHOLE, kind=kind, hours=hours), governmental=governmental)
    assert whole == (hours >= 40 and (counselor or not governmental))


@pytest.fixture
def world() -> World:
    world = county_make()
    Agency.objects.filter(role="ADV").update(governmental=False)
    return world


@pytest.fixture
def advocate(world: World) -> Person:
    person = person_make(world.agencies["ADV"], Duty.LINE_WORKER)
    Qualification.objects.filter(person=person).delete()
    return person


def viewer_full(person: Person) -> bool:
    return "r22" in viewer_of(Person.objects.get(pk=person.pk), now=datetime.now(UTC)).full


@pytest.mark.django_db
def test_the_officer_writes_it_down_with_proof_and_it_opens_and_ends(world: World, advocate: Person) -> None:
    officer = signed_in(world, Role.ADVOCATE, Duty.SECURITY_OFFICER)
    address = f"/people/{advocate.pk}/qualification"
    assert not viewer_full(advocate)
    again = officer.post(address, {**FORM, "hours": "12"})
    assert "at least 40 hours" in words(again)
    assert "Certificate 12" in again.content.decode(), "what was typed is kept"
    assert officer.post(address, FORM)["Location"] == f"/people/{advocate.pk}"
    assert viewer_full(advocate)
    assert "Human trafficking caseworker" in words(officer.get(f"/people/{advocate.pk}"))
    row = Qualification.objects.get(person=advocate)
    yesterday = (datetime.now(UTC) - timedelta(days=2)).date()
    officer.post(f"/people/{advocate.pk}/qualifications/{row.pk}/end", {"last_day": yesterday.isoformat()})
    assert not viewer_full(advocate)
    with viewing_as(None, because="a test reads what was written down"):
        done = [e.facts["did"] for e in AccessEntry.objects.filter(verb=Verb.STAFF_CHANGED).order_by("at")]
    assert done == ["qualification recorded", "qualification ended"]


@pytest.mark.django_db
def test_nobody_else_writes_it_down_and_no_other_agency(world: World, advocate: Person) -> None:
    address = f"/people/{advocate.pk}/qualification"
    supervisor = signed_in(world, Role.ADVOCATE, Duty.SUPERVISOR)
    elsewhere = signed_in(world, Role.CHILD_WELFARE, Duty.SECURITY_OFFICER)
    answers: list[Client] = [supervisor, elsewhere]
    assert [client.post(address, FORM).status_code for client in answers] == [403, 404]
    worker = world.person(Role.CHILD_WELFARE)
    assert elsewhere.post(f"/people/{worker.pk}/qualification", FORM).status_code == 403
    assert not Qualification.objects.filter(person__in=[advocate, worker]).exists()


@pytest.mark.django_db
def test_it_holds_from_its_first_day_to_its_last(advocate: Person) -> None:
    Qualification.objects.create(
        person=advocate, kind="1035.2", way="degree", evidence="Licence 3", starts_on=date(2026, 3, 1),
        ends_on=date(2026, 3, 31), recorded_at=datetime.now(UTC),
    )  # fmt: skip
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1)]
    assert [qualifies(advocate.pk, on=day) for day in days] == [False, True, True, False]
