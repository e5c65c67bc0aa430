"""Breaking the glass: what opens, to whom, how long, who knows, and what stays shut."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction

from agencies.choices import Duty, Role
from agencies.disclosure.emergency import OPENABLE
from agencies.models import Notice
from agencies.services.staff import person_deactivate
from agencies.viewers import viewer_of, viewer_with_emergencies
from cseccase.audit.models import AccessEntry
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, NotVisible, RuleBroken
from cseccase.outbox.models import Message
from referrals.choices import Holder, PartyKind
from referrals.models import (
    CaseFile,
    CaseParty,
    Child,
    EmergencyLook,
    Reporter,
    SectionGroupGrant,
    SectionUserGrant,
    Whereabouts,
)
from referrals.selectors.case_file import access_case
from referrals.selectors.emergency import look_page, reader_of, reviews_owed
from referrals.services import emergency
from referrals.services.emergency import (
    emergency_end,
    emergency_open,
    emergency_review,
    number_read,
    reviews_remind,
)
from referrals.services.party import party_join
from referrals.services.sharing import case_lock, sharing_settle
from referrals.services.telling import people_tell
from tests.worlds import World, county_make, person_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"
WORDS = "The mother called: the child is on a bridge."


@pytest.fixture
def world() -> World:
    made = county_make()
    for role in (Role.CHILD_WELFARE, Role.PROBATION):
        made.person(role, Duty.SUPERVISOR)
    return made


@pytest.fixture
def case_file(world: World) -> CaseFile:
    return referral_make(
        world, urgent=False, holder=Holder.CHILD_WELFARE, place="Behind the station"
    ).case_file


def held(viewer: Viewer, *, reads: bool = True, now: datetime | None = None) -> Viewer:
    """The viewer as the next request of the same person has it."""
    with viewing_as(viewer):
        return viewer_with_emergencies(viewer, now=now or datetime.now(UTC), only_reads=reads)


def broken(world: World, case_file: CaseFile, role: Role = Role.PROBATION, **more: object) -> EmergencyLook:
    viewer = world.viewer(role)
    said = {"number": case_file.number, "reason": "danger", "words": WORDS, "now": datetime.now(UTC)}
    with viewing_as(viewer):
        return emergency_open(viewer=viewer, **(said | more))  # type: ignore[arg-type]


def sees(viewer: Viewer, model: type = CaseFile) -> int:
    with viewing_as(viewer):
        return int(model.objects.visible_to(viewer).count())  # type: ignore[attr-defined]


def raw(viewer: Viewer, table: str) -> int:
    with viewing_as(viewer), connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        return int(cursor.fetchone()[0])


def personal_grants(case_file: CaseFile) -> set[tuple[str, str]]:
    rows = SectionUserGrant.objects.filter(case_file=case_file, basis="break-glass")
    with acting_because(WHY):
        return set(rows.values_list("category", "may"))


def test_the_file_opens_to_one_person_to_read_and_both_walls_agree(world: World, case_file: CaseFile) -> None:
    before = world.viewer(Role.PROBATION)
    assert (sees(before), raw(before, "referrals_child")) == (0, 0)
    broken(world, case_file)
    reader = held(before)
    assert (sees(reader), sees(reader, Child), sees(reader, Whereabouts)) == (1, 1, 1)
    assert (raw(reader, "referrals_casefile"), raw(reader, "referrals_child")) == (1, 1)
    colleague = viewer_of(person_make(world.agencies["PO"], Duty.LINE_WORKER), now=datetime.now(UTC))
    assert (sees(held(colleague)), raw(held(colleague), "referrals_child")) == (0, 0)


def test_a_request_that_could_change_anything_sees_nothing_of_it(world: World, case_file: CaseFile) -> None:
    broken(world, case_file)
    writer = held(world.viewer(Role.PROBATION), reads=False)
    assert writer.emergencies and not writer.sees_emergencies
    assert (sees(writer), raw(writer, "referrals_child"), raw(writer, "referrals_casefile")) == (0, 0, 0)
    with viewing_as(writer), pytest.raises(NotVisible):
        access_case(viewer=writer, case_id=case_file.pk, now=datetime.now(UTC))


def test_no_write_follows_and_a_reader_cannot_even_take_the_lock_that_every_change_takes(
    world: World, case_file: CaseFile
) -> None:
    broken(world, case_file)
    assert {may for _, may in personal_grants(case_file)} <= {"see", "see_summary"}
    reader = held(world.viewer(Role.PROBATION))
    with viewing_as(reader):
        with pytest.raises(NotAllowed):
            case_lock(case_file.pk)
        with pytest.raises(NotAllowed, match="read, not changed"):
            party_join(
                viewer=reader,
                case_file=case_file,
                agency=reader.agency,
                kind=PartyKind.JURISDICTION,
                evidence="I say so",
                now=datetime.now(UTC),
            )
    with acting_because(WHY):
        parties = CaseParty.objects.unrestricted(because=WHY).filter(case_file=case_file)
        assert not parties.filter(agency=reader.agency).exists()


def test_on_pages_the_person_has_no_act_in_that_file_but_keeps_them_where_their_agency_has_a_part(
    world: World, case_file: CaseFile
) -> None:
    broken(world, case_file)
    reader = held(world.viewer(Role.PROBATION))
    other = referral_make(world, by=Role.PROBATION).case_file
    with viewing_as(reader):
        assert reader_of(reader, case_file.pk).duties == frozenset()
        assert reader_of(reader, other.pk).duties == reader.duties


def test_what_is_never_shown_stays_shut(world: World, case_file: CaseFile) -> None:
    broken(world, case_file)
    reader = held(world.viewer(Role.PROBATION))
    assert (sees(reader, Reporter), raw(reader, "referrals_reporter")) == (0, 0)
    assert {category for category, _ in personal_grants(case_file)} <= set(OPENABLE)
    assert not {"r04", "r09", "r17", "r22", "r23", "r24", "d01"} & {c for c, _ in personal_grants(case_file)}


def test_it_opens_nothing_from_the_very_second_on(world: World, case_file: CaseFile) -> None:
    now = datetime.now(UTC)
    look = broken(world, case_file, now=now - timedelta(minutes=60) + timedelta(seconds=30))
    viewer = world.viewer(Role.PROBATION)
    assert sees(held(viewer)) == 1
    assert held(viewer, now=look.until - timedelta(microseconds=1)).emergencies
    assert not held(viewer, now=look.until).emergencies
    stale = held(viewer)
    with acting_because(WHY):
        SectionUserGrant.objects.filter(case_file=case_file).update(ends_at=now - timedelta(seconds=1))
    assert (sees(stale), raw(stale, "referrals_child"), raw(stale, "referrals_casefile")) == (0, 0, 0)
    with acting_because(WHY):
        sharing_settle(case_file=case_file, now=look.until)
    assert personal_grants(case_file) == set()


def test_sixty_minutes_are_sixty_minutes_on_the_night_the_clocks_change(world: World) -> None:
    start = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)  # 1:30 a.m. PDT; one hour later the wall says 1:30 again
    case_file = referral_make(world, now=start).case_file
    look = broken(world, case_file, now=start)
    assert look.until - look.opened_at == timedelta(minutes=60)
    assert look.until.astimezone(ZoneInfo("America/Los_Angeles")).hour == 1
    assert look.review_due_at == datetime(2026, 11, 3, 7, 59, tzinfo=UTC)  # Monday, 11:59 p.m. PST


def test_the_database_itself_refuses_a_longer_look(world: World, case_file: CaseFile) -> None:
    look = broken(world, case_file)
    look.until += timedelta(seconds=1)
    with acting_because(WHY), pytest.raises(IntegrityError), transaction.atomic():
        look.save()


def test_those_who_answer_for_it_are_told_in_the_same_moment_without_any_fact(
    world: World, case_file: CaseFile
) -> None:
    look = broken(world, case_file)
    told = {
        world.person(Role.PROBATION, Duty.SUPERVISOR).pk,
        world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR).pk,
    }
    with acting_because(WHY):
        notices = Notice.objects.filter(subject=look.pk)
        assert told <= set(notices.values_list("recipient", flat=True))
        assert look.person_id not in set(notices.values_list("recipient", flat=True))
        assert notices.count() == Message.objects.filter(key__startswith=f"{look.pk}:").count()


def test_a_number_that_no_file_has_makes_the_same_record_and_opens_nothing(world: World) -> None:
    viewer = world.viewer(Role.PROBATION)
    with viewing_as(viewer):
        look = emergency_open(
            viewer=viewer, number="cf 222 222", reason="danger", words=WORDS, now=datetime.now(UTC)
        )
    assert (look.number, look.case_file_id, look.until) == ("CF-222-222", None, look.opened_at)
    assert look.review_due_at > look.opened_at
    with acting_because(WHY):
        assert Notice.objects.filter(
            subject=look.pk, recipient=world.person(Role.PROBATION, Duty.SUPERVISOR)
        ).exists()
        entry = AccessEntry.objects.get(verb=Verb.EMERGENCY_OPENED, subject=look.pk)
        assert entry.facts == {"reason": "danger", "found": False}


def test_a_file_of_another_county_is_a_number_that_no_file_has(world: World) -> None:
    elsewhere = referral_make(county_make("Other County")).case_file
    assert broken(world, elsewhere).case_file_id is None


def test_after_three_numbers_that_no_file_has_the_fourth_is_refused(
    world: World, case_file: CaseFile
) -> None:
    viewer = world.viewer(Role.PROBATION)
    with viewing_as(viewer):
        for number in ("CF-222-222", "CF-222-223", "CF-222-224"):
            emergency_open(viewer=viewer, number=number, reason="danger", words=WORDS, now=datetime.now(UTC))
        for number in ("CF-222-225", case_file.number):
            with pytest.raises(NotAllowed, match="numbers today"):
                emergency_open(
                    viewer=viewer, number=number, reason="danger", words=WORDS, now=datetime.now(UTC)
                )


@pytest.mark.parametrize(
    "who",
    [
        (Role.ADVOCATE, Duty.LINE_WORKER),
        (Role.DISTRICT_ATTORNEY, Duty.LINE_WORKER),
        (Role.SURVIVOR_MENTOR, Duty.LINE_WORKER),
        (Role.STEERING_COMMITTEE, Duty.COMMITTEE),
        (Role.CHILD_WELFARE, Duty.AUDITOR),
        (Role.CHILD_WELFARE, Duty.COORDINATOR),
        (Role.PROBATION, Duty.SECURITY_OFFICER),
    ],
)
def test_others_may_not_break_the_glass(world: World, case_file: CaseFile, who: tuple[Role, Duty]) -> None:
    viewer = world.viewer(*who)
    with viewing_as(viewer), pytest.raises(NotAllowed):
        emergency_open(
            viewer=viewer, number=case_file.number, reason="danger", words=WORDS, now=datetime.now(UTC)
        )


def test_without_training_nobody_breaks_the_glass(world: World, case_file: CaseFile) -> None:
    untrained = person_make(world.agencies["PO"], Duty.LINE_WORKER, trained=False)
    viewer = viewer_of(untrained, now=datetime.now(UTC))
    with viewing_as(viewer), pytest.raises(NotAllowed, match="trained"):
        emergency_open(
            viewer=viewer, number=case_file.number, reason="danger", words=WORDS, now=datetime.now(UTC)
        )


def test_who_loses_the_account_loses_the_file_in_the_same_moment(world: World, case_file: CaseFile) -> None:
    broken(world, case_file)
    person = world.person(Role.PROBATION)
    assert sees(held(viewer_of(person, now=datetime.now(UTC)))) == 1
    person_deactivate(person=person, now=datetime.now(UTC))
    after = held(viewer_of(person, now=datetime.now(UTC)))
    assert (after.emergencies, sees(after), raw(after, "referrals_child")) == ((), 0, 0)


@pytest.mark.parametrize("wrong", ["", "CF-7KM", "CF-7KM-2QXX", "CF-0KM-2QX", "7KM-2QX", "CF-7KM-2QÉ"])
def test_what_is_no_case_number_is_sent_back_and_no_act_is_made(world: World, wrong: str) -> None:
    with pytest.raises(RuleBroken):
        number_read(wrong)


def test_it_needs_a_known_reason_and_a_sentence(world: World, case_file: CaseFile) -> None:
    with pytest.raises(RuleBroken, match="Choose why"):
        broken(world, case_file, reason="curious")
    with pytest.raises(RuleBroken, match="sentence"):
        broken(world, case_file, words="   please  ")


def test_ending_closes_it_at_once_and_a_second_end_changes_nothing(world: World, case_file: CaseFile) -> None:
    look = broken(world, case_file)
    viewer = held(world.viewer(Role.PROBATION), reads=False)
    with viewing_as(viewer):
        assert emergency_end(viewer=viewer, look_id=look.pk, now=datetime.now(UTC)) is True
        assert emergency_end(viewer=viewer, look_id=look.pk, now=datetime.now(UTC)) is False
    assert sees(held(world.viewer(Role.PROBATION))) == 0
    assert personal_grants(case_file) == set()
    with viewing_as(viewer):
        assert EmergencyLook.history.visible_to(viewer).filter(id=look.pk).count() == 2


def test_while_open_it_is_not_opened_twice_and_afterwards_it_is_a_new_record(
    world: World, case_file: CaseFile
) -> None:
    first = broken(world, case_file)
    with pytest.raises(RuleBroken, match="open already"):
        broken(world, case_file)
    viewer = world.viewer(Role.PROBATION)
    with viewing_as(viewer):
        emergency_end(viewer=viewer, look_id=first.pk, now=datetime.now(UTC))
    assert broken(world, case_file).pk != first.pk


def test_a_supervisor_of_either_side_may_end_it_and_the_person_is_told(
    world: World, case_file: CaseFile
) -> None:
    look = broken(world, case_file)
    stranger = world.viewer(Role.MENTAL_HEALTH, Duty.SUPERVISOR)
    with viewing_as(stranger), pytest.raises(NotVisible):
        emergency_end(viewer=stranger, look_id=look.pk, now=datetime.now(UTC))
    keeper = world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    with viewing_as(keeper):
        assert emergency_end(viewer=keeper, look_id=look.pk, now=datetime.now(UTC))
    with acting_because(WHY):
        assert Notice.objects.filter(subject=look.pk, stage="ended", recipient=look.person_id).exists()


def test_a_line_worker_of_the_keeping_agency_sees_the_record_but_does_not_end_it(
    world: World, case_file: CaseFile
) -> None:
    look = broken(world, case_file)
    worker = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(worker):
        assert look_page(viewer=worker, look_id=look.pk, now=datetime.now(UTC)).may_end is False
        with pytest.raises(NotVisible):
            emergency_end(viewer=worker, look_id=look.pk, now=datetime.now(UTC))


def reviewed(viewer: Viewer, look: EmergencyLook, now: datetime | None = None) -> None:
    with viewing_as(viewer):
        emergency_review(
            viewer=viewer,
            look_id=look.pk,
            verdict="justified",
            words="I called the mother. The child was found.",
            now=now or datetime.now(UTC),
        )


def test_the_review_is_owed_by_another_person_once_it_is_over_and_given_once(
    world: World, case_file: CaseFile
) -> None:
    look = broken(world, case_file)
    boss = world.viewer(Role.PROBATION, Duty.SUPERVISOR)
    with pytest.raises(RuleBroken, match="still open"):
        reviewed(boss, look)
    later = look.until + timedelta(minutes=1)
    with viewing_as(boss):
        assert [one.pk for one in reviews_owed(viewer=boss, now=later)] == [look.pk]
    for other in (world.viewer(Role.PROBATION), world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR)):
        with pytest.raises(NotAllowed):
            reviewed(other, look, later)
    reviewed(boss, look, later)
    with pytest.raises(RuleBroken, match="first review stands"):
        reviewed(boss, look, later)
    with viewing_as(boss):
        assert reviews_owed(viewer=boss, now=later) == []


def test_a_supervisor_does_not_review_their_own_look(world: World, case_file: CaseFile) -> None:
    boss = world.viewer(Role.PROBATION, Duty.SUPERVISOR)
    with viewing_as(boss):
        look = emergency_open(
            viewer=boss, number=case_file.number, reason="danger", words=WORDS, now=datetime.now(UTC)
        )
    assert look.review_by_id == world.agencies["CW"].pk, (
        "no other supervisor in Probation: the keeper reviews"
    )
    later = look.until + timedelta(minutes=1)
    with pytest.raises(NotAllowed, match="another person"):
        reviewed(boss, look, later)
    reviewed(world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR), look, later)


def test_an_overdue_review_is_said_once_more_and_only_once(world: World, case_file: CaseFile) -> None:
    look = broken(world, case_file)
    reviews_remind(now=look.review_due_at)
    with acting_because(WHY):
        assert not Notice.objects.filter(subject=look.pk, stage="overdue").exists()
    for _ in range(2):
        reviews_remind(now=look.review_due_at + timedelta(minutes=1))
    with acting_because(WHY):
        told = list(
            Notice.objects.filter(subject=look.pk, stage="overdue").values_list("recipient", flat=True)
        )
    assert sorted(told) == sorted(
        {
            world.person(Role.PROBATION, Duty.SUPERVISOR).pk,
            world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR).pk,
        }
    )


def test_a_reminder_that_dies_halfway_leaves_those_told_told_and_goes_on_with_the_others(
    world: World, case_file: CaseFile
) -> None:
    looks = [broken(world, case_file), broken(world, referral_make(world).case_file)]
    late = max(look.review_due_at for look in looks) + timedelta(minutes=1)

    def told() -> set[UUID]:
        with acting_because(WHY):
            return set(Notice.objects.filter(stage="overdue").values_list("subject", flat=True))

    def dies_at_the_second(**how: Any) -> None:
        if told():
            raise KeyboardInterrupt
        people_tell(**how)

    with patch.object(emergency, "people_tell", dies_at_the_second), pytest.raises(KeyboardInterrupt):
        reviews_remind(now=late)
    assert len(told()) == 1
    assert reviews_remind(now=late) == 1
    assert told() == {look.pk for look in looks}
    assert reviews_remind(now=late) == 0


def test_the_record_says_what_was_looked_at_and_only_that(world: World, case_file: CaseFile) -> None:
    look = broken(world, case_file)
    reader = held(world.viewer(Role.PROBATION))
    with viewing_as(reader):
        access_case(
            viewer=reader,
            case_id=case_file.pk,
            now=look.opened_at + timedelta(minutes=5),
            looked_at="timeline",
        )
    with acting_because(WHY):
        entry = AccessEntry.objects.get(verb=Verb.CASE_VIEWED, person=reader.person)
        assert (entry.case_file, entry.basis) == (case_file.pk, "break-glass")
    lead = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(lead):
        access_case(viewer=lead, case_id=case_file.pk, now=look.opened_at + timedelta(minutes=6))
    boss = world.viewer(Role.PROBATION, Duty.SUPERVISOR)
    with viewing_as(boss):
        page = look_page(viewer=boss, look_id=look.pk, now=look.until + timedelta(minutes=1))
    assert [one.what for one in page.looked] == ["opened the case file: timeline"]
    assert (page.may_review, page.may_open_case, page.at_hand) == (True, False, None)


def test_nobody_else_sees_that_it_happened(world: World, case_file: CaseFile) -> None:
    look = broken(world, case_file)
    for viewer in (
        world.viewer(Role.MENTAL_HEALTH, Duty.SUPERVISOR),
        world.viewer(Role.ADVOCATE),
        viewer_of(person_make(world.agencies["PO"], Duty.LINE_WORKER), now=datetime.now(UTC)),
    ):
        with viewing_as(viewer), pytest.raises(NotVisible):
            look_page(viewer=viewer, look_id=look.pk, now=datetime.now(UTC))


def test_group_grants_are_left_as_they_were(world: World, case_file: CaseFile) -> None:
    def groups() -> list[tuple[object, ...]]:
        with acting_because(WHY):
            return sorted(
                SectionGroupGrant.objects.filter(case_file=case_file).values_list(
                    "group", "category", "may", "basis"
                )
            )

    before = groups()
    broken(world, case_file)
    assert groups() == before


def test_a_viewer_that_only_reads_and_holds_nothing_is_an_ordinary_viewer(world: World) -> None:
    viewer = replace(world.viewer(Role.PROBATION), only_reads=True)
    assert not viewer.sees_emergencies
