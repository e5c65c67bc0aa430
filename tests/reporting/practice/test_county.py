"""The practice county: everybody is there, everybody sees what the rules say, and nothing in it could be real."""

from __future__ import annotations

from collections import Counter
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from agencies.choices import Duty, Role
from agencies.models import Notice
from agencies.practice import what_to_try
from agencies.selectors.protocol import matrix_in_force
from cseccase.confidentiality.context import acting_because, viewing_as
from mdt.models import ActionItem, Meeting, SafetyPlan
from referrals.deadlines.engine import clocks
from referrals.deadlines.rules import DEFAULT_RULEBOOK
from referrals.models import CaseEvent, CaseFile, Child, Deadline, MissingEpisode, Referral, Reporter
from referrals.selectors.duty import LATER, NOW, OVERDUE, group_of
from referrals.services.deadline import events_of
from reporting.practice.county import PracticeCounty
from reporting.practice.people import AGENCIES, PASS_PHRASE, PEOPLE

pytestmark = pytest.mark.django_db
WHY = "test"


def children_seen(practice: PracticeCounty, name: str) -> set[str]:
    viewer = practice.viewer(name)
    with viewing_as(viewer):
        return {child.given_name for child in Child.objects.visible_to(viewer)}


def test_every_role_has_one_agency_and_somebody_in_it() -> None:
    assert Counter(agency.role for agency in AGENCIES) == Counter(list(Role))
    assert {who.role for who in PEOPLE} == set(Role)
    assert {who.duty for who in PEOPLE} == set(Duty)


def test_child_welfare_and_probation_have_every_duty_of_case_work() -> None:
    for role, duties in (
        (
            Role.CHILD_WELFARE,
            {Duty.HOTLINE, Duty.LINE_WORKER, Duty.SUPERVISOR, Duty.COORDINATOR, Duty.SECURITY_OFFICER},
        ),
        (Role.PROBATION, {Duty.HOTLINE, Duty.LINE_WORKER, Duty.SUPERVISOR, Duty.SECURITY_OFFICER}),
    ):
        assert {who.duty for who in PEOPLE if who.role == role} >= duties


def test_names_are_told_apart_and_addresses_can_never_be_delivered() -> None:
    assert len({who.name for who in PEOPLE}) == len(PEOPLE)
    assert len({who.address for who in PEOPLE}) == len(PEOPLE)
    assert all(who.address.endswith(".example") for who in PEOPLE)


def test_everybody_is_told_what_to_try_in_one_sentence() -> None:
    for who in PEOPLE:
        words = what_to_try(role=who.role, duties={who.duty}, may_work=who.trained)
        assert words.endswith(".") and words.count(".") == 1, who


def test_only_the_trained_with_case_work_are_in_their_agencys_group(practice: PracticeCounty) -> None:
    without = {Duty.COMMITTEE, Duty.SECURITY_OFFICER, Duty.AUDITOR}
    for who in PEOPLE:
        groups = list(practice.people[who.name].groups.all())
        expected = [practice.agencies[who.role].group] if who.trained and who.duty not in without else []
        assert groups == expected, who.name


def test_the_protocol_is_in_force(practice: PracticeCounty) -> None:
    assert (
        matrix_in_force(practice.county.pk, now=practice.now).cell("r23", Role.COUNTY_COUNSEL).basis
        == "author"
    )


def test_something_is_overdue_due_at_once_and_due_later(practice: PracticeCounty) -> None:
    viewer = practice.viewer("Dana Reyes")
    with viewing_as(viewer):
        rows = Deadline.objects.visible_to(viewer).filter(owed_by=viewer.agency, met_at=None, dropped_by=None)
        groups = Counter(group_of(row, now=practice.now, zone=ZoneInfo(viewer.zone)) for row in rows)
    assert groups[OVERDUE] >= 2
    assert groups[NOW] >= 3
    assert groups[LATER] >= 5


def test_a_duty_is_late_by_law_and_another_by_practice(practice: PracticeCounty) -> None:
    with acting_because(WHY):
        late = Deadline.objects.unrestricted(because=WHY).filter(
            met_at=None, dropped_by=None, due_at__lt=practice.now
        )
        forces = {DEFAULT_RULEBOOK.rule(row.rule).limit_force.value for row in late}
    assert forces == {"law", "practice"}


def test_one_child_is_missing_and_only_the_national_center_is_still_owed(practice: PracticeCounty) -> None:
    with acting_because(WHY):
        episode = MissingEpisode.objects.unrestricted(because=WHY).get(located_at=None)
        owed = Deadline.objects.unrestricted(because=WHY).filter(
            case_file=episode.case_file_id, rule__startswith="missing-", met_at=None, dropped_by=None
        )
        assert [row.owed_to for row in owed] == ["ncmec"]


def test_nothing_in_it_lies_ahead_of_the_moment_it_was_made(practice: PracticeCounty) -> None:
    with acting_because(WHY):
        events = list(CaseEvent.objects.unrestricted(because=WHY))
    assert events
    assert all(event.occurred_at <= event.recorded_at <= practice.now for event in events)


def test_the_clocks_are_those_of_a_replay(practice: PracticeCounty) -> None:
    with acting_because(WHY):
        for case_file in CaseFile.objects.unrestricted(because=WHY).select_related("county"):
            replayed = {
                (
                    clock.key.rule_id,
                    clock.key.owed_by_role,
                    clock.key.owed_to or "",
                    clock.due_at,
                    clock.met_at,
                )
                for clock in clocks(
                    events_of(case_file), rulebook=DEFAULT_RULEBOOK, zone=ZoneInfo(case_file.county.zone)
                )
            }
            stored = {
                (row.rule, row.owed_by.role, row.owed_to, row.due_at, row.met_at)
                for row in Deadline.objects.unrestricted(because=WHY)
                .filter(case_file=case_file)
                .select_related("owed_by")
            }
            assert stored == replayed


def test_child_welfare_sees_all_children_and_others_those_of_their_cases(practice: PracticeCounty) -> None:
    assert len(children_seen(practice, "Mai Tanaka")) == 11
    assert children_seen(practice, "Tomas Vega") == {"Ash", "Briar", "Sage", "Rowan", "Jay"}
    assert children_seen(practice, "Kenji Mori") == {"Rowan"}
    assert children_seen(practice, "Beatriz Salas") == {"Robin"}
    assert children_seen(practice, "Tamika Rhodes") == {"Ash"}
    assert children_seen(practice, "Yusuf Karim") == {"Clover"}
    assert children_seen(practice, "Howard Pell") == {"Clover"}


@pytest.mark.parametrize(
    "name", ["Ruben Ortega", "Marcus Bell", "Victor Nakamura", "Irene Kowalczyk", "Ruth Castellanos"]
)
def test_who_works_no_case_sees_no_child(practice: PracticeCounty, name: str) -> None:
    assert children_seen(practice, name) == set()
    viewer = practice.viewer(name)
    with viewing_as(viewer):
        assert not CaseFile.objects.visible_to(viewer).exists()
        assert not Meeting.objects.visible_to(viewer).exists()


def test_the_school_the_prosecutor_and_the_mentor_read_the_minutes_of_their_meeting_alone(
    practice: PracticeCounty,
) -> None:
    seen = {}
    for name in ("Kenji Mori", "Simon Achterberg", "Jasmine Whitlock", "Paul Iversen", "Joelle Baptiste"):
        viewer = practice.viewer(name)
        with viewing_as(viewer):
            seen[name] = Meeting.objects.visible_to(viewer).count()
    assert seen == {
        "Kenji Mori": 1,
        "Simon Achterberg": 1,
        "Jasmine Whitlock": 1,
        "Paul Iversen": 0,
        "Joelle Baptiste": 3,
    }


def test_the_prosecutor_reads_no_safety_plan_and_the_advocate_does(practice: PracticeCounty) -> None:
    for name, sees in (("Simon Achterberg", False), ("Sofia Duarte", True)):
        viewer = practice.viewer(name)
        with viewing_as(viewer):
            assert SafetyPlan.objects.visible_to(viewer).exists() is sees, name


def test_each_agency_sees_the_action_it_took_on(practice: PracticeCounty) -> None:
    for name in ("Kenji Mori", "Joelle Baptiste", "Sofia Duarte"):
        viewer = practice.viewer(name)
        with viewing_as(viewer):
            own = ActionItem.objects.visible_to(viewer).filter(agency=viewer.agency)
            assert own.count() == 1, name


def test_two_siblings_of_one_call_have_two_files(practice: PracticeCounty) -> None:
    with acting_because(WHY):
        rows = Referral.objects.unrestricted(because=WHY).values_list("incident", "case_file")
        calls = Counter(incident for incident, _ in rows)
        assert sorted(calls.values())[-2:] == [1, 2]
        assert len({case_file for _, case_file in rows}) == len(rows)


def test_who_called_is_open_to_child_welfare_and_closed_to_the_advocate(practice: PracticeCounty) -> None:
    for name, sees in (("Mai Tanaka", True), ("Sofia Duarte", False)):
        viewer = practice.viewer(name)
        with viewing_as(viewer):
            assert Reporter.objects.visible_to(viewer).exists() is sees


def test_inboxes_are_filled_by_the_sweeper(practice: PracticeCounty) -> None:
    for name, told in (("Priya Raman", True), ("Victor Nakamura", False)):
        viewer = practice.viewer(name)
        with viewing_as(viewer):
            assert Notice.objects.filter(recipient=viewer.person, escalated=True).exists() is told


def test_the_pass_phrase_opens_the_ordinary_sign_in(practice: PracticeCounty, client: Client) -> None:
    for password, opens in (("not the pass phrase", False), (PASS_PHRASE, True)):
        client.post("/account/login/", {"login": PEOPLE[0].address, "password": password})
        assert ("_auth_user_id" in client.session) is opens
