"""`manage.py demo` fills an empty database of the practice settings, and no other."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from agencies.choices import Duty, Role
from agencies.models import Agency, County, Designation, Person
from reporting.practice.people import PASS_PHRASE, PEOPLE

pytestmark = pytest.mark.django_db


def demo(*arguments: str) -> str:
    out = StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


def test_it_fills_an_empty_database_with_every_role_and_duty_and_says_what_to_try() -> None:
    said = demo("--if-empty")
    assert PASS_PHRASE in said
    assert all(who.name in said for who in PEOPLE)
    assert set(Agency.objects.values_list("role", flat=True)) == set(Role.values)
    assert set(Designation.objects.values_list("duty", flat=True)) == set(Duty.values)
    assert Person.objects.count() == len(PEOPLE) >= 30


def test_a_county_in_earnest_and_a_database_in_use_are_refused() -> None:
    with override_settings(PRACTICE_DATA=False), pytest.raises(CommandError, match="in earnest"):
        demo()
    assert not County.objects.exists()
    County.objects.create(name="Some Other County", hotline="1", night_line="2")
    with pytest.raises(CommandError, match="Some Other County"):
        demo()
    assert demo("--if-empty") == ""
    assert not Person.objects.exists()
