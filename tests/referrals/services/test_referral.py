"""Logging a referral starts everything, in one transaction."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from agencies.choices import Duty, Role
from agencies.disclosure.changes import matrix_with
from agencies.disclosure.matrix import Access, Cell
from agencies.models import ProtocolVersion
from agencies.selectors.protocol import matrix_of
from agencies.services.protocol import protocol_sign
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.errors import NotAllowed, RuleBroken
from referrals.choices import PartyKind
from referrals.models import (
    CaseEvent,
    CaseFile,
    CaseParty,
    Child,
    Deadline,
    DeadlineStage,
    FileSection,
    Referral,
    Reporter,
    SectionGroupGrant,
    SpecialProjectCode,
    Whereabouts,
)
from referrals.selectors.case_file import case_list, case_walk
from referrals.services.referral import ChildSaid, ReferralSaid, referral_log
from referrals.services.sharing import (
    Joining,
    SectionKey,
    agencies_taking_part,
    file_extend,
    settled_once,
    sharing_settle,
)
from tests.worlds import county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"
GRANT = ("group", "content_object", "may", "category", "basis", "ends_at", "sort_at")


def test_everything_not_known_still_starts_a_clock() -> None:
    world = county_make()
    referral = referral_make(world, child=ChildSaid())
    with acting_because(WHY):
        deadlines = list(Deadline.objects.unrestricted(because=WHY).select_related("owed_by"))
    responders = {row.owed_by.role for row in deadlines if row.rule == "response-2h"}
    assert responders == {"CW", "PO", "ADV"}
    assert all(row.started_at == referral.received_at for row in deadlines if row.rule == "response-2h")
    assert all(
        row.due_at == referral.received_at + timedelta(hours=2)
        for row in deadlines
        if row.rule == "response-2h"
    )


def test_each_part_of_a_referral_stands_in_its_own_section() -> None:
    world = county_make()
    referral_make(world, place="Mercy Hospital", reporter="A nurse", call_back="555-0142", narrative="Words")
    with acting_because(WHY):

        def category(model: type) -> str:
            return model.objects.unrestricted(because=WHY).select_related("section").get().section.category

        assert category(Child) == "r01"
        assert category(SpecialProjectCode) == "r02"
        assert category(Referral) == "r03"
        assert category(Reporter) == "r04"
        assert category(Whereabouts) == "r19"


def test_the_reporter_is_hidden_from_the_advocate_who_sees_their_own_duty() -> None:
    world = county_make()
    referral_make(world, reporter="A nurse", call_back="555-0142", narrative="Words")
    for role, sees_reporter in ((Role.CHILD_WELFARE, True), (Role.ADVOCATE, False)):
        viewer = world.viewer(role)
        with viewing_as(viewer):
            assert Deadline.objects.visible_to(viewer).exists()
            assert Reporter.objects.visible_to(viewer).exists() is sees_reporter
            assert Referral.objects.visible_to(viewer).exists() is sees_reporter


def test_only_receiving_agencies_log_referrals() -> None:
    world = county_make()
    now = datetime.now(UTC)
    said = ReferralSaid(urgent=True, received_at=now)
    for role, allowed in ((Role.PROBATION, True), (Role.DISTRICT_ATTORNEY, False), (Role.EDUCATION, False)):
        viewer = world.viewer(role)
        with viewing_as(viewer):
            if allowed:
                assert referral_log(viewer=viewer, said=said, children=[ChildSaid()], now=now)
            else:
                with pytest.raises(NotAllowed, match="Child Welfare and Probation"):
                    referral_log(viewer=viewer, said=said, children=[ChildSaid()], now=now)


def test_a_call_from_the_future_is_refused_and_nothing_is_written() -> None:
    world = county_make()
    with pytest.raises(RuleBroken, match="future"):
        referral_make(world, ago=-timedelta(minutes=5))
    with acting_because(WHY):
        assert not CaseFile.objects.unrestricted(because=WHY).exists()


def test_several_children_of_one_call_have_files_that_do_not_know_each_other() -> None:
    world = county_make()
    now = datetime.now(UTC)
    viewer = world.viewer(Role.CHILD_WELFARE, Duty.HOTLINE)
    with viewing_as(viewer):
        first, second = referral_log(
            viewer=viewer,
            said=ReferralSaid(urgent=True, received_at=now),
            children=[ChildSaid(given_name="Ana"), ChildSaid(given_name="Bea")],
            now=now,
        )
    assert first.incident == second.incident
    assert first.case_file_id != second.case_file_id
    assert first.number != second.number


def test_each_referral_carries_the_special_project_code() -> None:
    world = county_make()
    referral = referral_make(world)
    with acting_because(WHY):
        code = SpecialProjectCode.objects.unrestricted(because=WHY).get()
    assert (code.code, code.referral, code.ended_on) == ("S-CSEC Referral", referral.pk, None)


def test_stages_are_written_with_the_clock() -> None:
    world = county_make()
    referral_make(world)
    with acting_because(WHY):
        rows = Deadline.objects.unrestricted(because=WHY).values_list("pk", flat=True)
        stages = Counter(DeadlineStage.objects.values_list("deadline", flat=True))
        assert stages.keys() == set(rows) and min(stages.values()) >= 5
        assert CaseEvent.objects.unrestricted(because=WHY).count() == 1


def test_grants_settled_once_at_the_end_are_those_that_the_facts_call_for() -> None:
    world = county_make()
    referral = referral_make(world)
    again = referral_make(world, child=ChildSaid(case_file=referral.case_file_id))
    with acting_because("a test settles again"):
        parts = CaseParty.objects.unrestricted(because=WHY).filter(case_file=referral.case_file)
        assert max(Counter(parts.values_list("agency", "kind")).values()) == 1
        before = set(SectionGroupGrant.objects.values_list(*GRANT))
        assert {by for by, *_ in before} >= {world.agencies[role].group_id for role in ("CW", "PO", "ADV")}
        assert {at for *_, at in before} == {again.received_at, referral.case_file.opened_at}
        sharing_settle(case_file=referral.case_file, now=again.entered_at)
        assert set(SectionGroupGrant.objects.values_list(*GRANT)) == before


def test_an_agency_that_the_agreement_does_not_let_keep_reports_logs_none_and_leaves_nothing() -> None:
    world = county_make()
    assert referral_make(world, by=Role.PROBATION)
    signed = ProtocolVersion.objects.get(county=world.county)
    narrowed = matrix_with(matrix_of(signed.pk), [Cell("r03", "PO", Access.NEVER, "MOU")])
    protocol_sign(
        county=world.county, matrix=narrowed, effective_at=datetime.now(UTC), approved_by="Two people"
    )
    with acting_because(WHY):
        before = _rows_of_files()
    with pytest.raises(NotAllowed, match="does not keep this kind of record") as refused:
        referral_make(world, by=Role.PROBATION)
    assert refused.value.refusal.ask == "Ask the child's lead worker in Child Welfare."
    with acting_because(WHY):
        assert _rows_of_files() == before
    assert referral_make(world, by=Role.CHILD_WELFARE)


def _rows_of_files() -> list[int]:
    kept = (CaseFile, FileSection, CaseParty, Child, Referral, CaseEvent, Deadline)
    return [model.objects.unrestricted(because=WHY).count() for model in kept]


def test_every_version_of_a_referral_names_who_logged_it_and_what_for() -> None:
    world = county_make()
    referral = referral_make(world)
    worker = world.viewer(Role.CHILD_WELFARE, Duty.HOTLINE).person
    with acting_because(WHY):
        for model in (CaseFile, Child, Referral, CaseEvent):
            (version,) = model.history.unrestricted(because=WHY)
            assert version.history_user_id == worker
            assert version.history_change_reason == "a referral opens a case file"
        (event,) = CaseEvent.objects.unrestricted(because=WHY)
    assert (event.recorded_by_id, event.agency_id) == (worker, referral.agency_id)


def test_what_is_settled_later_is_not_settled_where_an_error_ends_it_and_is_the_next_time() -> None:
    world = county_make()
    case_file = referral_make(world).case_file
    now = datetime.now(UTC)
    with acting_because("a test settles"):
        SectionGroupGrant.objects.filter(case_file=case_file).delete()
        with pytest.raises(ValueError, match="stop"):
            _stopped_in_between(case_file, now)
        assert not SectionGroupGrant.objects.filter(case_file=case_file).exists()
        sharing_settle(case_file=case_file, now=now)
        assert SectionGroupGrant.objects.filter(case_file=case_file).exists()


@pytest.mark.parametrize("is_new", [True, False])
def test_what_is_added_twice_before_it_is_settled_stands_once_and_is_open_then(is_new: bool) -> None:
    world, now = county_make(), datetime.now(UTC)
    worker = world.viewer(Role.CHILD_WELFARE)
    joining = [Joining(worker.agency, PartyKind.ASSIGNMENT)]
    keys = [SectionKey("r02"), SectionKey("r03")]
    with acting_because(WHY):
        case_file = CaseFile(county=world.county, opened_at=now)
        case_file.save()
        with settled_once(case_file=case_file, now=now, is_new=is_new):
            for wanted in (keys[:1], keys):
                file_extend(
                    case_file=case_file,
                    recorded_by=worker.person,
                    now=now,
                    sections=wanted,
                    parties=joining,
                )
            assert agencies_taking_part(case_file) == {worker.agency}
            assert not SectionGroupGrant.objects.filter(case_file=case_file).exists()
        assert CaseParty.objects.unrestricted(because=WHY).count() == 1
        assert FileSection.objects.unrestricted(because=WHY).count() == 3
        opened = SectionGroupGrant.objects.filter(case_file=case_file, may="see")
        assert set(opened.values_list("category", flat=True)) == {"r01", "r02", "r03"}


def _stopped_in_between(case_file: CaseFile, now: datetime) -> None:
    with settled_once(case_file=case_file, now=now):
        sharing_settle(case_file=case_file, now=now)
        raise ValueError("stop")


def test_when_a_second_report_came_moves_the_lists_of_those_who_may_know_of_reports_alone() -> None:
    world, now = county_make(), datetime.now(UTC)
    first = referral_make(world, now=now, ago=timedelta(hours=5))
    case_file = first.case_file

    def listed(role: Role) -> tuple[datetime | None, list[tuple[datetime, UUID]]]:
        viewer = world.viewer(role)
        with viewing_as(viewer):
            (row,) = case_list(viewer=viewer, now=now).rows
            return row.last_referral_at, case_walk(viewer=viewer)

    keeper, advocate = listed(Role.CHILD_WELFARE), listed(Role.ADVOCATE)
    assert keeper == (first.received_at, [(first.received_at, case_file.pk)])
    assert advocate == (None, [(case_file.opened_at, case_file.pk)])
    second = referral_make(world, now=now, ago=timedelta(hours=1), child=ChildSaid(case_file=case_file.pk))
    assert listed(Role.CHILD_WELFARE) == (second.received_at, [(second.received_at, case_file.pk)])
    assert listed(Role.ADVOCATE) == advocate
