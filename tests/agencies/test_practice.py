"""Signing in by picking a person: open in the practice county, shut everywhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client, override_settings

from agencies.choices import Duty, Role
from cseccase.encryption.keyring import keyring_make
from tests.agencies.pages import signed_in
from tests.worlds import World, county_make, person_make

DOOR = "/account/practice/"
REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def world(db: None) -> World:
    return county_make()


def test_the_list_names_people_by_agency_with_what_to_try(world: World) -> None:
    dana = world.person(Role.CHILD_WELFARE, Duty.HOTLINE)
    world.person(Role.COUNTY_COUNSEL, Duty.COUNSEL)
    page = Client().get(DOOR).content.decode()
    assert dana.full_name in page
    assert "Log an urgent referral" in page
    assert page.index("Valverde County Child Welfare") < page.index("Valverde County County Counsel")
    assert "Valverde County Probation" not in page, "an agency without people is left out"


def test_picking_signs_in_and_goes_on_to_the_page_asked_for(world: World) -> None:
    person = world.person(Role.CHILD_WELFARE)
    client = Client()
    assert client.post(DOOR, {"person": str(person.pk)})["Location"] == "/"
    assert client.get("/my-account/").status_code == 200
    assert Client().post(DOOR, {"person": str(person.pk), "next": "/notices/"})["Location"] == "/notices/"
    assert Client().post(DOOR, {"person": str(person.pk), "next": "//elsewhere.example"})["Location"] == "/"


@pytest.mark.parametrize("said", ["", "nobody", "00000000-0000-0000-0000-000000000000"])
def test_picking_nobody_signs_in_nobody(world: World, said: str) -> None:
    client = Client()
    assert client.post(DOOR, {"person": said}).status_code == 200
    assert client.get("/my-account/").status_code == 302


def test_somebody_whose_account_is_closed_cannot_be_picked(world: World) -> None:
    person = world.person(Role.CHILD_WELFARE)
    assert person.full_name in Client().get(DOOR).content.decode()
    person.is_active = False
    person.save()
    assert person.full_name not in Client().get(DOOR).content.decode()
    client = Client()
    client.post(DOOR, {"person": str(person.pk)})
    assert client.get("/my-account/").status_code == 302


def test_it_is_not_there_where_people_sign_in_for_real(world: World) -> None:
    person = world.person(Role.CHILD_WELFARE)
    with override_settings(PRACTICE_SIGN_IN=False):
        client = Client()
        assert client.get(DOOR).status_code == 404
        assert client.post(DOOR, {"person": str(person.pk)}).status_code == 404
        assert client.get("/my-account/").status_code == 302
    assert Client().get(DOOR).status_code == 200


def test_an_untrained_person_is_shown_as_one_for_whom_nothing_opens(world: World) -> None:
    person_make(world.agencies["CW"], Duty.LINE_WORKER, trained=False)
    assert "training has run out" in Client().get(DOOR).content.decode()


def test_the_sign_in_page_leads_to_the_list_only_in_practice(world: World) -> None:
    assert DOOR in Client().get("/account/login/").content.decode()
    assert signed_in(world, Role.CHILD_WELFARE).get("/account/login/").status_code == 302


def check_deploy(
    keyring: Path, *, practice_sign_in: bool, practice_data: bool
) -> subprocess.CompletedProcess[str]:
    """`manage.py check --deploy` in a program of its own, with production's settings and these two switches."""
    settings = (
        "from cseccase.settings.production import *\n"
        f"PRACTICE_SIGN_IN = {practice_sign_in}\nPRACTICE_DATA = {practice_data}\n"
    )
    program = (
        "import sys, types\n"
        f"module = types.ModuleType('county_settings')\nexec({settings!r}, module.__dict__)\n"
        "sys.modules['county_settings'] = module\n"
        "from django.core.management import execute_from_command_line as run\n"
        "run(['manage.py', 'check', '--deploy', '--fail-level', 'ERROR'])\n"
    )
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"},
        "DJANGO_SETTINGS_MODULE": "county_settings",
        "SECRET_KEY": "a-test-of-production-settings-" + "k7Qz" * 10,
        "KEYRING_FILE": str(keyring),
        "ALLOWED_HOSTS": "care.county.example",
        "SITE_ADDRESS": "https://care.county.example",
    }
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(("data", "found"), [(True, "confidentiality.E004"), (False, "confidentiality.E003")])
def test_production_refuses_to_pass_its_check_with_the_practice_door_open(
    data: bool, found: str, tmp_path: Path
) -> None:
    keyring_make(keyring := tmp_path / "keyring.json")
    shut = check_deploy(keyring, practice_sign_in=False, practice_data=data)
    assert shut.returncode == 0, shut.stderr
    open_door = check_deploy(keyring, practice_sign_in=True, practice_data=data)
    assert open_door.returncode != 0
    assert found in open_door.stderr
