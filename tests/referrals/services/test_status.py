"""The six status fields follow the State's rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from agencies.choices import Role
from cseccase.audit.models import AccessEntry
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.errors import NotAllowed, NotVisible, RuleBroken
from referrals.choices import ServicesSituation
from referrals.models import CaseEvent, CaseFile, Deadline, SpecialProjectCode, StatusField
from referrals.services.event import event_correct
from referrals.services.referral import ChildSaid
from referrals.services.status import (
    StatusSaid,
    project_code_end,
    status_doubts,
    status_end,
    status_set,
)
from tests.pages import client_of, words
from tests.worlds import World, county_make, county_today, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"
DAY = date(2026, 9, 1)


def opened() -> tuple[World, CaseFile]:
    world = county_make()
    return world, referral_make(world).case_file


def set_as(world: World, role: Role, case_file: CaseFile, said: StatusSaid) -> StatusField:
    viewer = world.viewer(role)
    with viewing_as(viewer):
        return status_set(viewer=viewer, case_file=case_file, said=said, now=datetime.now(UTC))


@pytest.mark.parametrize("code", ["6867", "6868", "6869", "6870", "6872"])
def test_each_field_may_stay_open(code: str) -> None:
    world, case_file = opened()
    assert set_as(world, Role.CHILD_WELFARE, case_file, StatusSaid(code, DAY)).ended_on is None


def test_absence_needs_an_end_and_no_end_lies_before_its_start() -> None:
    world, case_file = opened()
    with pytest.raises(RuleBroken, match="needs an end") as refused:
        set_as(world, Role.CHILD_WELFARE, case_file, StatusSaid("6871", DAY))
    assert refused.value.field == "ended_on"
    with pytest.raises(RuleBroken, match="before the start"):
        set_as(world, Role.CHILD_WELFARE, case_file, StatusSaid("6871", DAY, DAY - timedelta(days=1)))
    assert set_as(world, Role.CHILD_WELFARE, case_file, StatusSaid("6871", DAY, DAY)).ended_on == DAY


def test_different_fields_coexist_and_the_same_row_twice_is_refused() -> None:
    world, case_file = opened()
    set_as(world, Role.CHILD_WELFARE, case_file, StatusSaid("6867", DAY))
    set_as(world, Role.CHILD_WELFARE, case_file, StatusSaid("6869", DAY))
    with pytest.raises(RuleBroken, match="already"):
        set_as(world, Role.CHILD_WELFARE, case_file, StatusSaid("6867", DAY))


def test_the_first_victim_field_starts_the_police_clock_and_at_risk_does_not() -> None:
    world, case_file = opened()

    def police_clocks() -> int:
        with acting_because(WHY):
            return Deadline.objects.unrestricted(because=WHY).filter(rule="victim-le-24h").count()

    set_as(world, Role.CHILD_WELFARE, case_file, StatusSaid("6867", DAY))
    assert police_clocks() == 0
    set_as(world, Role.CHILD_WELFARE, case_file, StatusSaid("6869", DAY))
    assert police_clocks() == 1
    set_as(world, Role.CHILD_WELFARE, case_file, StatusSaid("6868", DAY))
    assert police_clocks() == 1


def test_an_advocate_does_not_set_a_status() -> None:
    world, case_file = opened()
    with pytest.raises(NotAllowed, match="does not keep"):
        set_as(world, Role.ADVOCATE, case_file, StatusSaid("6867", DAY))


def test_ending_keeps_the_row_and_its_history_and_happens_once() -> None:
    world, case_file = opened()
    row = set_as(world, Role.CHILD_WELFARE, case_file, StatusSaid("6867", DAY))
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer):
        now = datetime.now(UTC)
        status_end(viewer=viewer, case_file=case_file, status_id=row.pk, ended_on=DAY, now=now)
        assert StatusField.history.visible_to(viewer).filter(id=row.pk).count() == 2
        with pytest.raises(RuleBroken, match="already"):
            status_end(viewer=viewer, case_file=case_file, status_id=row.pk, ended_on=DAY, now=now)
        with pytest.raises(NotVisible):
            status_end(viewer=viewer, case_file=case_file, status_id=case_file.pk, ended_on=DAY, now=now)


def test_an_open_at_risk_field_is_pointed_out_but_not_forbidden() -> None:
    world, case_file = opened()
    set_as(world, Role.CHILD_WELFARE, case_file, StatusSaid("6867", DAY))
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer):
        doubts = status_doubts(
            viewer=viewer, case_file=case_file, said=StatusSaid("6870", DAY), now=datetime.now(UTC)
        )
        assert "at-risk-open" in {doubt.code for doubt in doubts}


def test_the_page_asks_about_doubts_once_and_then_sets_the_field() -> None:
    world, case_file = opened()
    set_as(world, Role.CHILD_WELFARE, case_file, StatusSaid("6867", DAY))
    client = client_of(world, Role.CHILD_WELFARE)
    path = f"/cases/{case_file.pk}/status"
    given = {"code": "6870", "started_on": "09/01/2026", "reported_to_police": "not_known"}
    assert "Look again" in words(client.post(path, given))
    assert client.post(path, given | {"sure": "yes"}).status_code == 302
    assert "Victim in Open Case" in words(client.get(path))


def test_the_project_code_ends_once_the_referral_is_investigated() -> None:
    world, case_file = opened()
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer):
        code = SpecialProjectCode.objects.visible_to(viewer).get()
        now = datetime.now(UTC)
        with pytest.raises(RuleBroken, match="before the start"):
            project_code_end(
                viewer=viewer,
                case_file=case_file,
                code_id=code.pk,
                ended_on=code.started_on - timedelta(days=1),
                now=now,
            )
        project_code_end(
            viewer=viewer, case_file=case_file, code_id=code.pk, ended_on=code.started_on, now=now
        )
        assert SpecialProjectCode.objects.visible_to(viewer).get().ended_on == code.started_on


def test_a_day_ahead_and_a_second_open_row_of_one_field_are_refused() -> None:
    world, case_file = opened()
    ahead = county_today() + timedelta(days=2)
    with pytest.raises(RuleBroken, match="in the future"):
        set_as(world, Role.CHILD_WELFARE, case_file, StatusSaid("6867", ahead))
    with pytest.raises(RuleBroken, match="in the future"):
        set_as(world, Role.CHILD_WELFARE, case_file, StatusSaid("6867", DAY, ahead))
    set_as(world, Role.CHILD_WELFARE, case_file, StatusSaid("6867", DAY))
    with pytest.raises(RuleBroken, match="still open"):
        set_as(world, Role.CHILD_WELFARE, case_file, StatusSaid("6867", DAY + timedelta(days=1)))


def test_the_police_clock_runs_from_when_the_agency_learned_it_not_from_typing() -> None:
    world, case_file = opened()
    learned = datetime.now(UTC) - timedelta(hours=3)
    set_as(world, Role.CHILD_WELFARE, case_file, StatusSaid("6869", DAY, identified_at=learned))
    with acting_because(WHY):
        clock = Deadline.objects.unrestricted(because=WHY).get(rule="victim-le-24h")
    assert (clock.started_at, clock.due_at) == (learned, learned + timedelta(hours=24))


def test_no_police_clock_runs_for_a_youth_who_receives_no_services() -> None:
    world = county_make()
    child = ChildSaid(age_said=15, services=ServicesSituation.NO_CASE)
    case_file = referral_make(world, child=child).case_file
    set_as(world, Role.CHILD_WELFARE, case_file, StatusSaid("6870", DAY))
    with acting_because(WHY):
        assert not Deadline.objects.unrestricted(because=WHY).filter(rule="victim-le-24h").exists()


def test_an_identification_that_was_withdrawn_counts_as_none() -> None:
    world, case_file = opened()
    set_as(world, Role.CHILD_WELFARE, case_file, StatusSaid("6869", DAY))
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer):
        event = CaseEvent.objects.visible_to(viewer).get(kind="child_identified")
        event_correct(
            viewer=viewer, event_id=event.pk, now=datetime.now(UTC), reason="Another child", withdraw=True
        )
    set_as(world, Role.CHILD_WELFARE, case_file, StatusSaid("6870", DAY))
    with acting_because(WHY):
        clocks = Deadline.objects.unrestricted(because=WHY).filter(rule="victim-le-24h")
        assert [clock.is_open for clock in clocks.order_by("started_at")] == [False, True]


def test_at_risk_ends_with_the_victim_field_only_when_asked() -> None:
    world, case_file = opened()
    row = set_as(world, Role.CHILD_WELFARE, case_file, StatusSaid("6867", DAY))
    day = DAY + timedelta(days=9)
    set_as(world, Role.CHILD_WELFARE, case_file, StatusSaid("6869", day))
    with acting_because(WHY):
        assert StatusField.objects.unrestricted(because=WHY).get(pk=row.pk).ended_on is None
    set_as(world, Role.CHILD_WELFARE, case_file, StatusSaid("6870", day, ends_at_risk=True))
    with acting_because(WHY):
        assert StatusField.objects.unrestricted(because=WHY).get(pk=row.pk).ended_on == day


def test_every_change_is_on_record_with_field_names_only() -> None:
    world, case_file = opened()
    row = set_as(world, Role.CHILD_WELFARE, case_file, StatusSaid("6867", DAY))
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer):
        status_end(viewer=viewer, case_file=case_file, status_id=row.pk, ended_on=DAY, now=datetime.now(UTC))
    with acting_because(WHY):
        entries = list(AccessEntry.objects.filter(verb=Verb.STATUS_WRITTEN).order_by("at"))
    assert [entry.facts for entry in entries] == [
        {"fields": ["code", "started_on", "ended_on"]},
        {"fields": ["ended_on"]},
    ]
    assert all(entry.subject == row.pk and entry.category == "r02" for entry in entries)
