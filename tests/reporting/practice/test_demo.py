"""The practice county is made through the product's own services, at once, and only once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.hashers import check_password

from agencies.choices import CASE_DUTIES
from agencies.models import Agency, County, Designation, Person
from agencies.viewers import viewer_of
from cseccase.confidentiality.context import viewing_as
from referrals.models import CaseFile, Child, Deadline, MissingEpisode
from reporting.practice.county import PracticeCounty
from reporting.practice.people import PASS_PHRASE
from tests.reporting.practice.test_command import demo

pytestmark = pytest.mark.django_db
WHY = "a test counts what the practice county holds"


def counts() -> tuple[int, ...]:
    with viewing_as(None, because=WHY):
        return (
            County.objects.count(),
            Agency.objects.count(),
            Person.objects.count(),
            Designation.objects.count(),
            CaseFile.objects.unrestricted(because=WHY).count(),
            Deadline.objects.unrestricted(because=WHY).count(),
        )


def test_something_is_overdue_due_at_once_due_today_and_due_later(practice: PracticeCounty) -> None:
    now = datetime.now(UTC)
    with viewing_as(None, because=WHY):
        still_open = [row for row in Deadline.objects.unrestricted(because=WHY).all() if row.is_open]
        cases = CaseFile.objects.unrestricted(because=WHY).count()
        missing = MissingEpisode.objects.unrestricted(because=WHY).filter(located_at=None).count()
    dues = [row.due_at - now for row in still_open]
    assert 8 <= cases <= 12
    assert missing == 1
    assert any(left < timedelta(0) for left in dues)
    assert any(row.at_once and row.due_at > now for row in still_open)
    assert any(timedelta(0) < left < timedelta(hours=24) for left in dues)
    assert any(left > timedelta(days=2) for left in dues)


def test_everybody_who_works_cases_has_one_to_open_unless_the_story_says_why_not(
    practice: PracticeCounty,
) -> None:
    now = datetime.now(UTC)
    with_nothing = set()
    for person in Person.objects.select_related("agency__county"):
        viewer = viewer_of(person, now=now)
        if not viewer.duties & {duty.value for duty in CASE_DUTIES}:
            assert not viewer.groups
            continue
        with viewing_as(viewer):
            if not CaseFile.objects.visible_to(viewer).exists():
                with_nothing.add(person.full_name)
    assert "Ruben Ortega" in with_nothing, "his training ran out"
    assert "Dana Reyes" not in with_nothing
    for name in ("Tomas Vega", "Amara Diallo", "Paul Iversen", "Sofia Duarte", "Simon Achterberg"):
        assert name not in with_nothing, name


def test_every_child_is_plainly_made_up(practice: PracticeCounty) -> None:
    with viewing_as(None, because=WHY):
        families = {child.family_name for child in Child.objects.unrestricted(because=WHY)}
    assert families <= {"Example", "Practice", "Madeup", "Fiction", "Sample", ""}, families


def test_running_it_again_changes_nothing(practice: PracticeCounty) -> None:
    before = counts()
    assert "already" in demo()
    assert demo("--if-empty") == ""
    assert counts() == before


def test_everybody_has_the_password_that_is_printed(practice: PracticeCounty) -> None:
    encoded = set(Person.objects.values_list("password", flat=True))
    assert all(check_password(PASS_PHRASE, one) for one in encoded)
