"""The sharing rules as a page: the very cells in force, in words."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from agencies.choices import Duty, Role
from agencies.disclosure.categories import BASES, MATRIX_CATEGORIES
from agencies.models import County
from agencies.selectors.matrix import SAID, WORDS, basis_short
from agencies.selectors.protocol import matrix_in_force
from agencies.services.protocol import protocol_sign
from agencies.services.staff import agency_open
from cseccase.audit.models import AccessEntry
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import viewing_as
from tests.agencies.pages import signed_in
from tests.pages import sign_in
from tests.worlds import World, county_make, person_make

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def counsel(world: World) -> Client:
    return signed_in(world, Role.COUNTY_COUNSEL, Duty.COUNSEL)


def cells(page: str) -> list[str]:
    return re.findall(r'<(?:td class="(?:see|sum|ask|no)"|dd)><b>([^<]+)</b>', page)


def test_the_grid_says_every_cell_that_is_in_force(world: World, counsel: Client) -> None:
    matrix = matrix_in_force(world.county.pk, now=NOW)
    expected = [
        WORDS[matrix.cell(category, role.value).access] for category in MATRIX_CATEGORIES for role in Role
    ]
    assert cells(counsel.get("/sharing-rules/").content.decode()) == expected


@pytest.mark.parametrize("role", [Role.DISTRICT_ATTORNEY, Role.CHILD_WELFARE, Role.STEERING_COMMITTEE])
def test_one_agencys_page_says_its_column_with_the_ground_in_words(
    world: World, counsel: Client, role: Role
) -> None:
    matrix = matrix_in_force(world.county.pk, now=NOW)
    page = counsel.get("/sharing-rules/", {"role": role.value})
    assert cells(page.content.decode()) == [
        SAID[matrix.cell(category, role.value).access] for category in MATRIX_CATEGORIES
    ]
    for row, category in zip(page.context["page"].rows, MATRIX_CATEGORIES, strict=True):
        assert row.cells[0].meaning == BASES[matrix.cell(category, role.value).basis]


def test_a_new_version_is_shown_from_when_it_is_in_force(world: World, counsel: Client) -> None:
    assert "Protocol version 1," in counsel.get("/sharing-rules/").content.decode()
    later = datetime(2099, 1, 1, tzinfo=UTC)
    matrix = matrix_in_force(world.county.pk, now=NOW)
    protocol_sign(county=world.county, matrix=matrix, effective_at=NOW, approved_by="Two people")
    protocol_sign(county=world.county, matrix=matrix, effective_at=later, approved_by="Two people")
    assert "Protocol version 2," in counsel.get("/sharing-rules/").content.decode()


def test_before_the_first_version_begins_nobody_may_see_anything(world: World) -> None:
    county = County.objects.create(name="New County", hotline="555-0100", night_line="555-0101")
    later = datetime(2099, 1, 1, tzinfo=UTC)
    matrix = matrix_in_force(world.county.pk, now=NOW)
    protocol_sign(county=county, matrix=matrix, effective_at=later, approved_by="County Counsel")
    office = agency_open(county=county, role=Role.COUNTY_COUNSEL, name="Counsel", short_name="Counsel")
    client = Client()
    sign_in(client, person_make(office, Duty.COUNSEL))
    assert "No protocol version is in force." in client.get("/sharing-rules/").content.decode()


def test_an_unknown_role_shows_the_whole_grid(counsel: Client) -> None:
    page = counsel.get("/sharing-rules/", {"role": "<script>"}).content.decode()
    assert "Who may see what" in page
    assert '<script>"' not in page


def test_looking_at_the_rules_is_written_down(counsel: Client) -> None:
    counsel.get("/sharing-rules/", {"role": "DA"})
    with viewing_as(None, because="a test reads the log"):
        entry = AccessEntry.objects.get(verb=Verb.MATRIX_VIEWED)
    assert entry.facts == {"role": "DA"}


def test_somebody_without_any_designation_is_refused_with_whom_to_ask(world: World) -> None:
    person = world.person(Role.CHILD_WELFARE)
    client = signed_in(world, Role.CHILD_WELFARE)
    assert client.get("/sharing-rules/").status_code == 200
    person.designations.all().delete()
    answer = client.get("/sharing-rules/")
    assert answer.status_code == 403
    assert "security officer" in answer.content.decode()


@pytest.mark.parametrize("basis", sorted(BASES))
def test_every_ground_has_few_words_for_the_grid(basis: str) -> None:
    assert len(basis_short(basis)) <= 18
    assert basis_short(basis) or basis == "none"
