"""Every limit has a floor: a county moves it to the strict side, and with a looser one nothing starts."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import Resolver404, resolve
from hypothesis import given
from hypothesis import strategies as st

from agencies.choices import Role
from agencies.models import Person
from cseccase.settings.limits import LIMITS, Limit, broken
from tests.worlds import county_make

LOOSER = {
    "SESSION_IDLE_MINUTES": "16",
    "SESSION_ABSOLUTE_HOURS": "13",
    "PASSWORD_LENGTH": "14",
    "SIGN_IN_FAILURES": "6",
    "SIGN_IN_FAILURES_MINUTES": "14",
    "STEP_UP_MINUTES": "11",
    "REVIEW_EVERY_DAYS": "93",
    "SWEEPER_SILENT_SECONDS": "91",
    "STAGE_LATE_SECONDS": "121",
}


def test_each_limit_is_what_was_promised() -> None:
    floors = {limit.variable: limit.floor for limit in LIMITS}
    assert floors == {
        "SESSION_IDLE_MINUTES": 15,
        "SESSION_ABSOLUTE_HOURS": 12,
        "PASSWORD_LENGTH": 15,
        "SIGN_IN_FAILURES": 5,
        "SIGN_IN_FAILURES_MINUTES": 15,
        "STEP_UP_MINUTES": 10,
        "REVIEW_EVERY_DAYS": 92,
        "SWEEPER_SILENT_SECONDS": 90,
        "STAGE_LATE_SECONDS": 120,
    }
    assert floors.keys() == LOOSER.keys()


@given(limit=st.sampled_from(LIMITS), said=st.integers(-5, 3000))
def test_the_environment_moves_a_limit_to_the_strict_side_only(limit: Limit, said: int) -> None:
    stricter = said <= limit.floor if limit.most else said >= limit.floor
    usable = said >= limit.edge if limit.most else said <= limit.edge
    if stricter and usable:
        assert limit.read({limit.variable: str(said)}) == said
    else:
        with pytest.raises(ImproperlyConfigured, match=limit.variable):
            limit.read({limit.variable: str(said)})


@pytest.mark.parametrize("said", ["fifteen", "1e1", "-1", "１５x", "15.5", "0x0f"])
def test_words_are_refused_by_name(said: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="SESSION_IDLE_MINUTES"):
        LIMITS[0].read({"SESSION_IDLE_MINUTES": said})


@pytest.mark.parametrize(("variable", "value"), LOOSER.items())
def test_a_looser_setting_is_an_error_of_the_system_check(variable: str, value: str, settings: Any) -> None:
    assert run_checks(tags=["security"]) == []
    limit = next(limit for limit in LIMITS if limit.variable == variable)
    units = {"minutes": timedelta(minutes=1), "hours": timedelta(hours=1), "days": timedelta(days=1)}
    number = int(value)
    setattr(settings, limit.name, units[limit.unit] * number if limit.unit in units else number)
    assert [error.id for error in run_checks(tags=["security"])] == ["cseccase.E101"]


def test_shorter_passwords_cannot_come_in_by_another_setting() -> None:
    held = {name: getattr(settings, name) for name in [limit.name for limit in LIMITS]}
    shorter = [{"NAME": "x.MinimumLengthValidator", "OPTIONS": {"min_length": 14}}]
    assert len(list(broken(SimpleNamespace(**held, AUTH_PASSWORD_VALIDATORS=shorter)))) == 1
    assert len(list(broken(SimpleNamespace(**held, AUTH_PASSWORD_VALIDATORS=[])))) == 1
    assert list(broken(settings)) == []


@pytest.mark.parametrize("entry", ["cseccase.wsgi", "cseccase.settings.base"])
def test_a_web_server_with_a_looser_limit_does_not_start(entry: str) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cseccase.settings.demo",
        "CSECCASE_NO_BOOTSTRAP": "1",
        "SESSION_IDLE_MINUTES": "60",
    }
    ended = subprocess.run(  # our own interpreter and a fixed line
        [sys.executable, "-c", f"import {entry}"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode != 0
    assert "SESSION_IDLE_MINUTES" in ended.stderr


class TestNoSuperuser:
    def test_the_command_answers_with_a_refusal(self) -> None:
        with pytest.raises(CommandError, match="There is no superuser"):
            call_command("createsuperuser", "--noinput", "--email", "x@x.example")

    @pytest.mark.django_db
    def test_the_database_refuses_one_and_nothing_in_the_code_makes_one(self) -> None:
        person = county_make().person(Role.CHILD_WELFARE)
        with pytest.raises(IntegrityError, match="nobody_is_superuser"), transaction.atomic():
            Person.objects.filter(pk=person.pk).update(is_superuser=True)
        assert not hasattr(Person.objects, "create_superuser")
        assert not hasattr(person, "is_staff")

    @pytest.mark.django_db
    def test_a_permission_on_a_whole_table_opens_nothing(self) -> None:
        from django.contrib.auth.models import Permission

        person = county_make().person(Role.CHILD_WELFARE)
        for permission in Permission.objects.filter(content_type__app_label="referrals"):
            person.user_permissions.add(permission)
        person = Person.objects.get(pk=person.pk)
        assert not person.has_perm("referrals.view_child")
        assert not person.has_module_perms("referrals")

    def test_there_is_no_administration_site(self) -> None:
        assert not apps.is_installed("django.contrib.admin")
        for path in ("/admin/", "/admin/login/", "/django-admin/"):
            with pytest.raises(Resolver404):
                resolve(path)

    def test_installing_it_or_waiving_the_second_step_in_production_is_an_error(self, settings: Any) -> None:
        settings.PRODUCTION = True
        settings.PRACTICE_SIGN_IN = False
        assert [error.id for error in run_checks(tags=["security"])] == ["cseccase.E104"]
        settings.SECOND_FACTOR_REQUIRED = True
        assert run_checks(tags=["security"]) == []
        settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django.contrib.admin"]
        assert "cseccase.E102" in [error.id for error in run_checks(tags=["security"])]
