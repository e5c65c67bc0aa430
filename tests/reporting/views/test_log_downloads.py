"""Copies of the log and of what changed: the same walls, safe for spreadsheets, and each written into the log."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from agencies.choices import Duty, Role
from cseccase.audit.models import AccessEntry
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because, viewing_as
from referrals.models import Referral, SectionGroupGrant
from referrals.selectors.case_file import access_case
from referrals.services.referral import ChildSaid
from tests.pages import words
from tests.reporting.views.pages import signed_in
from tests.worlds import World, county_make, person_make, referral_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def referral(world: World) -> Referral:
    return referral_make(world, child=ChildSaid(given_name="=Zyx()", family_name="Markerchild"))


@pytest.fixture
def supervisor(world: World) -> Client:
    return signed_in(world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR))


def rows_of(client: Client, name: str, *args: object, **query: str) -> list[dict[str, str]]:
    answer = client.get(reverse(f"reporting:{name}", args=args), query)
    assert answer.status_code == 200, name
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def exports(world: World, verb: Verb) -> list[AccessEntry]:
    with acting_because("test"):
        return list(AccessEntry.objects.filter(verb=verb).order_by("at"))


def look(world: World, referral: Referral, role: Role) -> None:
    viewer = world.viewer(role)
    with viewing_as(viewer):
        access_case(viewer=viewer, case_id=referral.case_file_id, now=datetime.now(UTC))


def test_a_copy_of_who_looked_says_who_what_and_why_and_is_itself_in_the_log(
    world: World, referral: Referral, supervisor: Client
) -> None:
    look(world, referral, Role.CHILD_WELFARE)
    rows = rows_of(supervisor, "looked_case_csv", referral.case_file_id, kind="opened")
    assert [(row["Who"], row["What"]) for row in rows] == [
        (world.person(Role.CHILD_WELFARE).full_name, "Opened the case file")
    ]
    assert rows[0]["Why they could"]
    assert not any("Markerchild" in value for row in rows for value in row.values())
    reviewer = world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    (entry,) = exports(world, Verb.LOG_EXPORTED)
    assert (entry.person, entry.case_file, entry.facts["count"]) == (reviewer.pk, referral.case_file_id, 1)
    rows_of(supervisor, "looked_person_csv", world.person(Role.CHILD_WELFARE).pk)
    assert [entry.subject_kind for entry in exports(world, Verb.LOG_EXPORTED)] == ["log_case", "log_person"]


def test_a_copy_of_what_changed_holds_before_and_after_and_no_formula(
    world: World, referral: Referral, supervisor: Client
) -> None:
    viewer = world.viewer(Role.CHILD_WELFARE)
    from referrals.models import Child

    with viewing_as(viewer):
        child = Child.objects.visible_to(viewer).get(case_file=referral.case_file_id)
        child.given_name = "Newname"
        child.save()
    rows = rows_of(supervisor, "changed_csv", referral.case_file_id, record="referrals.child")
    assert {row["Record"] for row in rows} == {"Who the child is"}
    (changed,) = [row for row in rows if row["What"] == "changed"]
    assert (changed["Field"], changed["Before"], changed["After"]) == ("Given name", "'=Zyx()", "Newname")
    assert changed["Who"] == viewer.name
    (entry,) = exports(world, Verb.HISTORY_EXPORTED)
    assert entry.case_file == referral.case_file_id
    assert "Newname" not in str(entry.facts)


def test_who_may_read_but_not_review_takes_no_copy(
    world: World, referral: Referral, supervisor: Client
) -> None:
    case = referral.case_file_id
    worker = signed_in(world.person(Role.CHILD_WELFARE))
    assert worker.get(reverse("reporting:changed", args=[case])).status_code == 200
    assert "Download" not in words(worker.get(reverse("reporting:changed", args=[case])))
    refused = worker.get(reverse("reporting:changed_csv", args=[case]))
    assert refused.status_code == 403
    assert "supervisors" in words(refused)
    assert worker.get(reverse("reporting:looked_case_csv", args=[case])).status_code == 403
    officer = signed_in(world.person(Role.CHILD_WELFARE, Duty.SECURITY_OFFICER))
    assert officer.get(reverse("reporting:changed_csv", args=[case])).status_code == 404
    outside = signed_in(world.person(Role.MENTAL_HEALTH, Duty.SUPERVISOR))
    for name in ("changed_csv", "looked_case_csv"):
        assert outside.get(reverse(f"reporting:{name}", args=[case])).status_code == 404
    untrained = signed_in(person_make(world.agencies["CW"], Duty.SUPERVISOR, trained=False))
    assert untrained.get(reverse("reporting:changed_csv", args=[case])).status_code == 404
    assert exports(world, Verb.HISTORY_EXPORTED) == exports(world, Verb.LOG_EXPORTED) == []


def test_what_the_law_lets_people_only_inspect_is_not_copied(
    world: World, referral: Referral, supervisor: Client
) -> None:
    with acting_because("test"):
        group = world.agencies["CW"].group
        SectionGroupGrant.objects.filter(group=group, category="r03").update(basis="827K")
    refused = supervisor.get(reverse("reporting:changed_csv", args=[referral.case_file_id]))
    assert refused.status_code == 403
    assert "827(a)(5)" in words(refused)


def test_an_entry_keeps_the_ground_of_its_moment_though_the_ground_is_gone_today(
    world: World, referral: Referral, supervisor: Client
) -> None:
    look(world, referral, Role.CHILD_WELFARE)
    (before,) = rows_of(supervisor, "looked_case_csv", referral.case_file_id, kind="opened")
    assert before["Why they could"] != "Takes part in the case"
    assert "Referral" in before["Open to them then"] or before["Open to them then"]
    with acting_because("test"):
        group = world.agencies["CW"].group
        SectionGroupGrant.objects.filter(group=group, category="r03").delete()
        entry = AccessEntry.objects.filter(verb=Verb.CASE_VIEWED).latest("at")
        assert entry.basis
        assert "r03" in entry.facts["open"]
    after = rows_of(supervisor, "looked_case_csv", referral.case_file_id, kind="opened")[0]
    assert after["Why they could"] == before["Why they could"]
    assert after["Open to them then"] == before["Open to them then"]


def test_what_stood_open_to_another_agency_is_told_only_as_far_as_the_reviewers_agency_sees_it(
    world: World, referral: Referral
) -> None:
    look(world, referral, Role.PROBATION)
    auditor = signed_in(world.person(Role.STEERING_COMMITTEE, Duty.AUDITOR))
    (whole,) = rows_of(auditor, "looked_case_csv", referral.case_file_id, kind="opened")
    assert "Referral" in whole["Open to them then"] or "referral" in whole["Open to them then"]
    with acting_because("test"):
        group = world.agencies["CW"].group
        SectionGroupGrant.objects.filter(group=group, category="r03").delete()
    reviewer = signed_in(world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR))
    (narrower,) = rows_of(reviewer, "looked_case_csv", referral.case_file_id, kind="opened")
    assert set(narrower["Open to them then"].split("; ")) < set(whole["Open to them then"].split("; "))


def test_days_and_a_record_narrow_what_changed(world: World, referral: Referral, supervisor: Client) -> None:
    url = reverse("reporting:changed", args=[referral.case_file_id])
    everything, child = words(supervisor.get(url)), words(supervisor.get(url, {"record": "referrals.child"}))
    assert "Chronology" in everything.split("Every record")[-1]
    assert "Who the child is, written" in child
    assert "Referral, written" not in child
    assert "nothing here" in words(supervisor.get(url, {"to_on": "2001-01-01"}))
    for query in ({"record": "agencies.person"}, {"from_on": "soon"}):
        assert supervisor.get(url, query).status_code == 400
