"""The data sheet of the written report: what the file holds, for whom the law lets read it, on tagged paper."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
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
from referrals.deadlines import kinds
from referrals.models import Deadline, Referral, SectionGroupGrant, Whereabouts
from referrals.services.event import event_record
from referrals.services.referral import ChildSaid
from referrals.services.sharing import Joining, file_extend
from tests.reporting.views.pages import main_of, pdf_is_tagged, pdf_text, signed_in
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def referral(world: World) -> Referral:
    return referral_make(
        world,
        child=ChildSaid(given_name="Zyx", family_name="Markerchild", age_said=15),
        reporter="Nurse Reportermark",
        call_back="555-0142",
        narrative="Narrativemark was said",
        place="Placemark Hospital",
        ago=timedelta(hours=1),
    )


def url(referral: Referral, *, pdf: bool = False) -> str:
    name = "reporting:written_report_pdf" if pdf else "reporting:written_report"
    return reverse(name, args=[referral.case_file_id, referral.pk])


def telephone(world: World, referral: Referral) -> None:
    viewer = world.viewer(Role.CHILD_WELFARE)
    now = datetime.now(UTC)
    with viewing_as(viewer):
        event_record(
            viewer=viewer,
            case_file=referral.case_file,
            kind=kinds.CROSS_REPORT_MADE,
            occurred_at=now - timedelta(minutes=20),
            now=now,
            facts={
                "to": kinds.TO_LAW_ENFORCEMENT,
                "mode": kinds.TELEPHONE,
                "person": "Sgt. Callmark",
                "reference": "A-12",
            },
        )


def appoint(world: World, referral: Referral, role: Role) -> None:
    """The court appoints an attorney: they see the narrative, not who reported."""
    with viewing_as(world.viewer(Role.CHILD_WELFARE)):
        file_extend(
            case_file=referral.case_file,
            recorded_by=world.person(Role.CHILD_WELFARE).pk,
            now=datetime.now(UTC),
            parties=[Joining(world.agencies[role.value].pk, PartyKind.APPOINTMENT, "court order")],
        )


def test_the_page_lists_what_is_filled_and_what_is_missing(world: World, referral: Referral) -> None:
    html = unescape(main_of(signed_in(world.person(Role.CHILD_WELFARE)).get(url(referral)).content.decode()))
    for filled in (
        "Zyx Markerchild",
        "about 15, as said",
        "Placemark Hospital",
        "Narrativemark was said",
        "Reportermark",
    ):
        assert filled in html
    assert "answers are missing of" in html
    assert "Not recorded. Write it by hand." in html
    before = html.count("Not recorded")
    telephone(world, referral)
    html = unescape(main_of(signed_in(world.person(Role.CHILD_WELFARE)).get(url(referral)).content.decode()))
    assert "Sgt. Callmark" in html
    assert html.count("Not recorded") == before - 1


def test_the_print_is_a_tagged_letter_with_its_notice_and_its_stamp(world: World, referral: Referral) -> None:
    telephone(world, referral)
    person = world.person(Role.CHILD_WELFARE)
    answer = signed_in(person).get(url(referral, pdf=True))
    assert answer["Content-Type"] == "application/pdf"
    assert "Markerchild" not in answer["Content-Disposition"]
    assert pdf_is_tagged(answer.content)
    text = pdf_text(answer.content)
    for said in (
        "Zyx Markerchild",
        "Narrativemark",
        "Sgt. Callmark",
        "reference A-12",
        "Penal Code 11167.5",
        "BCIA 8572",
    ):
        assert said in text
    assert f"Printed by {person.full_name}, Valverde County Child Welfare" in text
    assert "Page 1 of" in text


def test_who_told_the_county_is_printed_only_for_those_whom_the_law_names(
    world: World, referral: Referral
) -> None:
    appoint(world, referral, Role.PUBLIC_DEFENDER)
    seen = {
        role: pdf_text(signed_in(world.person(role)).get(url(referral, pdf=True)).content)
        for role in (Role.CHILD_WELFARE, Role.PUBLIC_DEFENDER)
    }
    assert "Reportermark" in seen[Role.CHILD_WELFARE] and "555-0142" in seen[Role.CHILD_WELFARE]
    assert "Kept apart by law" not in seen[Role.CHILD_WELFARE]
    assert "Narrativemark" in seen[Role.PUBLIC_DEFENDER]
    assert "Reportermark" not in seen[Role.PUBLIC_DEFENDER] and "555-0142" not in seen[Role.PUBLIC_DEFENDER]
    assert "Kept apart by law" in seen[Role.PUBLIC_DEFENDER]


def test_the_page_keeps_the_reporter_apart_as_the_print_does(world: World, referral: Referral) -> None:
    appoint(world, referral, Role.PUBLIC_DEFENDER)
    html = signed_in(world.person(Role.PUBLIC_DEFENDER)).get(url(referral)).content.decode()
    assert "Kept apart by law" in html
    assert "Reportermark" not in html


def test_a_confidential_placement_is_in_no_report(world: World, referral: Referral) -> None:
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer):
        old = Whereabouts.objects.visible_to(viewer).get()
        Whereabouts(
            section=old.section,
            place="Secretmark Lane",
            said_at=datetime.now(UTC),
            confidential_placement=True,
        ).save()
    text = pdf_text(signed_in(world.person(Role.CHILD_WELFARE)).get(url(referral, pdf=True)).content)
    assert "Secretmark" not in text and "Placemark" not in text
    assert "confidential placement: ask the lead worker" in text


def test_people_who_may_inspect_only_get_no_copy(world: World, referral: Referral) -> None:
    client = signed_in(world.person(Role.CHILD_WELFARE))
    assert client.get(url(referral, pdf=True)).status_code == 200
    with acting_because("test"):
        group = world.agencies["CW"].group_id
        assert SectionGroupGrant.objects.filter(group=group, category="r03").update(basis="827K")
    refused = client.get(url(referral, pdf=True))
    assert refused.status_code == 403
    assert "827(a)(5)" in refused.content.decode()
    page = client.get(url(referral))
    assert page.status_code == 200
    assert "Print the data sheet" not in page.content.decode()


def test_those_who_do_not_see_the_narrative_find_nothing(world: World, referral: Referral) -> None:
    advocate = signed_in(world.person(Role.ADVOCATE))
    for pdf in (False, True):
        hidden = advocate.get(url(referral, pdf=pdf))
        absent = advocate.get(reverse("reporting:written_report", args=[referral.case_file_id, uuid4()]))
        assert hidden.status_code == absent.status_code == 404


def test_a_referral_is_found_only_under_its_own_case(world: World, referral: Referral) -> None:
    other = referral_make(world)
    client = signed_in(world.person(Role.CHILD_WELFARE))
    wrong = reverse("reporting:written_report", args=[other.case_file_id, referral.pk])
    assert client.get(wrong).status_code == 404
    assert client.get(url(other)).status_code == 200


def test_printing_is_recorded_as_printing_and_reading_as_reading(world: World, referral: Referral) -> None:
    person = world.person(Role.CHILD_WELFARE)
    client = signed_in(person)
    client.get(url(referral))
    client.get(url(referral, pdf=True))
    with acting_because("test"):
        entries = AccessEntry.objects.filter(person=person.pk, subject_kind="written_report").order_by("at")
        assert [entry.verb for entry in entries] == [Verb.REFERRAL_VIEWED, Verb.DOCUMENT_PRINTED]
        assert {(e.case_file, e.subject, e.category, e.basis) for e in entries} == {
            (referral.case_file_id, referral.pk, "r03", "own")
        }


def test_the_page_leads_to_recording_it_as_sent(world: World, referral: Referral) -> None:
    client = signed_in(world.person(Role.CHILD_WELFARE, Duty.HOTLINE))
    assert "Record the written report as sent" not in client.get(url(referral)).content.decode()
    telephone(world, referral)
    with acting_because("test"):
        duty = Deadline.objects.unrestricted(because="test").get(rule="written-36h")
    html = client.get(url(referral)).content.decode()
    assert "Record the written report as sent" in html
    assert reverse("referrals:duty", args=[duty.pk]) in html


def test_the_sheet_costs_the_same_for_one_call_and_for_many(world: World, referral: Referral) -> None:
    client = signed_in(world.person(Role.CHILD_WELFARE))
    telephone(world, referral)
    client.get(url(referral))
    with CaptureQueriesContext(connection) as few:
        client.get(url(referral))
    for _ in range(10):
        telephone(world, referral)
    with CaptureQueriesContext(connection) as many:
        client.get(url(referral))
    assert len(few) == len(many)
