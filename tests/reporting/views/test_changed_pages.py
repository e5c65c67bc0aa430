"""What changed: every version side by side, behind the same walls as the records."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.choices import Duty, Role
from cseccase.audit.models import AccessEntry
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because, viewing_as
from referrals.choices import PartyKind
from referrals.models import CaseParty, Child, Referral, SeatFact
from referrals.services.referral import ChildSaid
from referrals.services.sharing import Joining, file_extend
from reporting.selectors.changes import changes_list, recorded_models
from tests.access.walls import database_wall_down, query_wall_down
from tests.mdt.meetings import meeting_make
from tests.reporting.views.pages import main_of, signed_in, table_rows
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def referral(world: World) -> Referral:
    return referral_make(
        world,
        child=ChildSaid(given_name="Zyx", family_name="Markerchild"),
        reporter="Nurse Reportermark",
        call_back="555-0142",
        narrative="Narrativemark",
        place="Placemark Hospital",
    )


def child_change(world: World, referral: Referral, **fields: object) -> None:
    with viewing_as(world.viewer(Role.CHILD_WELFARE)):
        child = Child.objects.visible_to(world.viewer(Role.CHILD_WELFARE)).get(
            case_file=referral.case_file_id
        )
        for name, value in fields.items():
            setattr(child, name, value)
        child.save()


def url(referral: Referral) -> str:
    return reverse("reporting:changed", args=[referral.case_file_id])


def whole(client, referral: Referral) -> str:  # type: ignore[no-untyped-def]
    """Every page, one after the other."""
    html, query = "", ""
    for _ in range(10):
        answer = client.get(url(referral) + query)
        assert answer.status_code == 200
        page = unescape(main_of(answer.content.decode()))
        html += page
        if 'rel="next"' not in page:
            return html
        query = page.split('rel="next" href="')[1].split('"')[0]
    raise AssertionError("The pages never end.")


def test_a_change_shows_what_was_before_and_after_and_who_made_it(world: World, referral: Referral) -> None:
    child_change(world, referral, family_name="Newname")
    page = unescape(main_of(signed_in(world.person(Role.CHILD_WELFARE)).get(url(referral)).content.decode()))
    assert ["Family name", "Markerchild", "Newname"] in table_rows(page)
    assert "Who the child is, changed" in page
    assert f"by {world.person(Role.CHILD_WELFARE).full_name}, Valverde County Child Welfare" in page
    assert ["Given name", "Zyx", "Zyx"] not in table_rows(page)


def test_fields_are_named_in_words_and_ids_stay_out(world: World, referral: Referral) -> None:
    html = whole(signed_in(world.person(Role.CHILD_WELFARE)), referral)
    heads = set(re.findall(r"<dt>([^<]*)</dt>", html))
    assert {"Given name", "Told at", "Call-back number", "Due", "Owed by"} <= heads
    assert not [head for head in heads if "_" in head]
    assert str(referral.pk) not in html
    assert str(referral.section_id) not in html


def test_each_role_reads_the_history_of_the_sections_it_sees_and_of_no_other(
    world: World, referral: Referral
) -> None:
    marks = (
        "Markerchild",
        "Narrativemark",
        "Reportermark",
        "Placemark",
        "Send the written report",
        "Be with the child",
    )
    seen = {
        role: {mark for mark in marks if mark in whole(signed_in(world.person(role)), referral)}
        for role in (Role.CHILD_WELFARE, Role.ADVOCATE)
    }
    assert {"Markerchild", "Narrativemark", "Reportermark", "Placemark", "Be with the child"} <= seen[
        Role.CHILD_WELFARE
    ]
    assert seen[Role.ADVOCATE] == {"Be with the child"}


def test_who_takes_part_and_who_has_a_seat_is_history_for_the_agencies_that_keep_the_file_alone(
    world: World, referral: Referral
) -> None:
    case_file = referral.case_file
    school, clinic = world.agencies[Role.EDUCATION], world.agencies[Role.SUBSTANCE_USE]
    with viewing_as(world.viewer(Role.CHILD_WELFARE)):
        joining = [Joining(one.pk, PartyKind.ASSIGNMENT, "Evidencemark") for one in (school, clinic)]
        file_extend(
            case_file=case_file,
            recorded_by=world.person(Role.CHILD_WELFARE).pk,
            now=datetime.now(UTC),
            parties=joining,
        )
    meeting_make(world, case_file)
    for role, reads in ((Role.CHILD_WELFARE, True), (Role.EDUCATION, False), (Role.ADVOCATE, False)):
        said = whole(signed_in(world.person(role)), referral)
        assert ("Evidencemark" in said) is reads, role
        assert (clinic.name in said) is reads, role
    for wall in (query_wall_down, database_wall_down):
        teacher = world.viewer(Role.EDUCATION)
        with wall(), viewing_as(teacher):
            assert not CaseParty.objects.visible_to(teacher).exists(), wall
            assert not CaseParty.history.visible_to(teacher).exists(), wall
            assert not SeatFact.objects.visible_to(teacher).exists(), wall


def test_people_without_a_part_in_the_case_find_nothing(world: World, referral: Referral) -> None:
    hidden = signed_in(world.person(Role.EDUCATION)).get(url(referral))
    absent = signed_in(world.person(Role.EDUCATION)).get(reverse("reporting:changed", args=[uuid4()]))
    assert hidden.status_code == absent.status_code == 404


def test_looking_at_what_changed_is_recorded(world: World, referral: Referral) -> None:
    person = world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    signed_in(person).get(url(referral))
    with acting_because("test"):
        assert AccessEntry.objects.filter(
            verb=Verb.HISTORY_VIEWED, person=person.pk, case_file=referral.case_file_id
        ).exists()


def test_every_version_is_there_exactly_once_over_all_pages(world: World, referral: Referral) -> None:
    for number in range(40):
        child_change(world, referral, language=f"Language {number}")
    html = whole(signed_in(world.person(Role.CHILD_WELFARE)), referral)
    for number in range(1, 40):
        assert html.count(f"<del>Language {number - 1}</del>") == 1
        assert html.count(f"<ins>Language {number}</ins>") == 1


def test_a_page_costs_the_same_for_few_and_for_many_versions(world: World, referral: Referral) -> None:
    viewer = world.viewer(Role.CHILD_WELFARE)
    taken = []
    for number in (15, 100):
        for turn in range(number):
            child_change(world, referral, language=f"Language {number} {turn}")
        with viewing_as(viewer), CaptureQueriesContext(connection) as queries:
            changes_list(viewer=viewer, case_id=referral.case_file_id, now=datetime.now(UTC))
        taken.append(len(queries))
    assert taken[0] == taken[1]


def test_every_kind_of_record_with_a_history_is_asked() -> None:
    labels = {model._meta.label for model in recorded_models()}
    assert {"referrals.Child", "referrals.Reporter", "referrals.CaseEvent", "referrals.Deadline"} <= labels
    assert not [label for label in labels if "Historical" in label]


@pytest.mark.parametrize(
    "before", ["x", "2026-11-01|1", "2026-11-01T00:00:00|00000000-0000-0000-0000-000000000000"]
)
def test_a_page_key_that_is_none_finds_nothing(world: World, referral: Referral, before: str) -> None:
    client = signed_in(world.person(Role.CHILD_WELFARE))
    assert client.get(url(referral), {"before": before}).status_code == 404
