"""A file restricted to named people: to everybody else it is what an absent file is; no duty is ever lost."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from agencies.choices import Duty, Role
from agencies.models import Notice, Person
from agencies.services.staff import person_deactivate
from agencies.viewers import viewer_of
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.confidentiality.viewer import Viewer
from cseccase.drafts.kept import Kept, form_keep, form_kept
from cseccase.errors import NotAllowed, NotVisible, RuleBroken
from referrals.models import (
    CaseFile,
    CaseRestriction,
    Child,
    Deadline,
    DeadlineStage,
    Referral,
    SectionGroupGrant,
    SectionUserGrant,
)
from referrals.selectors.case_file import access_case, case_list, case_number_find
from referrals.selectors.duty import duty_list
from referrals.selectors.emergency import look_list, look_page
from referrals.selectors.index import index_search
from referrals.services.emergency import emergency_end, emergency_open, emergency_review, reviews_remind
from referrals.services.leaving import duties_give_back
from referrals.services.referral import ChildSaid, ReferralSaid, referral_log
from referrals.services.restriction import restriction_end, restriction_set
from referrals.services.sharing import sharing_settle
from referrals.services.sweep import stages_fire
from reporting.selectors.looked import LogFilter, case_by_number, case_log, person_log
from tests.access.walls import database_wall_down, query_wall_down
from tests.worlds import World, county_make, person_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "a test reads what was written down"
REASON = "The child's aunt works at the front desk."
WALLS = {"both": nullcontext, "query down": query_wall_down, "database down": database_wall_down}


def now_() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def case_file(world: World) -> CaseFile:
    return referral_make(world).case_file


@pytest.fixture
def boss(world: World) -> Viewer:
    return world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR)


@pytest.fixture
def named(world: World, case_file: CaseFile) -> list[Person]:
    """A supervisor and a worker of the lead agency, and somebody of every agency that owes something."""
    with acting_because(WHY):
        owing = set(
            Deadline.objects.unrestricted(because=WHY)
            .filter(case_file=case_file, met_at=None)
            .values_list("owed_by__role", flat=True)
        )
    return [
        world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR),
        world.person(Role.CHILD_WELFARE, Duty.LINE_WORKER),
        *(world.person(Role(role)) for role in sorted(owing - {"CW"})),
    ]


def restrict(viewer: Viewer, case_file: CaseFile, people: list[Person]) -> CaseRestriction:
    with viewing_as(viewer):
        return restriction_set(
            viewer=viewer,
            case_file=case_file,
            emails=[person.email for person in people],
            reason=REASON,
            now=now_(),
        )


def knows(viewer: Viewer, case_file: CaseFile) -> dict[str, bool]:
    """Every way to come upon a case."""
    with viewing_as(viewer):
        try:
            opened = access_case(viewer=viewer, case_id=case_file.pk, now=now_()) is not None
        except NotVisible:
            opened = False
        listed = case_list(viewer=viewer, now=now_()).rows
        return {
            "opens": opened,
            "lists": case_file.pk in [row.case_file.pk for row in listed],
            "duties": bool(duty_list(viewer=viewer, now=now_()).rows),
            "finds": bool(index_search(viewer=viewer, name="Jay Marker", now=now_()).entries),
            "by number": case_number_find(viewer=viewer, number=case_file.number) is not None,
        }


def test_an_unnamed_colleague_gets_what_an_absent_file_gives_and_a_named_one_all_they_had(
    world: World, case_file: CaseFile, boss: Viewer, named: list[Person]
) -> None:
    colleague = world.viewer(Role.CHILD_WELFARE, Duty.HOTLINE)
    worker = world.viewer(Role.CHILD_WELFARE)
    assert set(knows(colleague, case_file).values()) == {True}
    with acting_because(WHY):
        before = set(
            SectionGroupGrant.objects.filter(
                case_file=case_file, group=world.agencies["CW"].group
            ).values_list("content_object", "may", "basis", "ends_at")
        )
    restrict(boss, case_file, named)
    assert set(knows(colleague, case_file).values()) == {False}
    assert set(knows(worker, case_file).values()) == {True}
    with acting_because(WHY):
        assert not SectionGroupGrant.objects.filter(case_file=case_file).exists()
        theirs = SectionUserGrant.objects.filter(case_file=case_file, user=worker.person)
        assert set(theirs.values_list("content_object", "may", "basis", "ends_at")) == before


def test_a_restricted_file_has_no_log_for_a_security_officer_whose_peoples_looks_stay_in_theirs(
    world: World, case_file: CaseFile, boss: Viewer, named: list[Person]
) -> None:
    worker = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(worker):
        access_case(viewer=worker, case_id=case_file.pk, now=now_())
    officer = world.viewer(Role.CHILD_WELFARE, Duty.SECURITY_OFFICER)
    auditor = world.viewer(Role.STEERING_COMMITTEE, Duty.AUDITOR)

    def said(viewer: Viewer) -> tuple[bool, bool, int, set[str]]:
        with viewing_as(viewer):
            try:
                has_log = bool(case_log(viewer=viewer, case_id=case_file.pk, asked=LogFilter(), now=now_()))
                by_number = case_by_number(viewer=viewer, number=case_file.number) == case_file.pk
            except NotVisible:
                has_log = by_number = False
            page = person_log(viewer=viewer, person_id=worker.person, asked=LogFilter(), now=now_()).page
        lines = [line for line in page.lines if line.done == "Opened the case file"]
        return has_log, by_number, len(lines), {line.case_number for line in lines}

    open_to_all = (True, True, 1, {case_file.number})
    assert said(officer) == said(auditor) == open_to_all
    restrict(boss, case_file, named)
    assert said(officer) == (False, False, 1, {""}) and said(auditor) == open_to_all
    with viewing_as(boss):
        restriction_end(viewer=boss, case_file=case_file, why="The aunt left the agency.", now=now_())
    assert said(officer) == open_to_all


def test_pages_of_duties_are_cut_at_rows_that_are_shown_never_at_a_hidden_one(
    world: World, case_file: CaseFile, boss: Viewer, named: list[Person]
) -> None:
    referral_make(
        world, ago=timedelta(minutes=30), child=ChildSaid(given_name="Kim", family_name="Otherwise")
    )
    restrict(boss, case_file, named)

    def keys(viewer: Viewer) -> tuple[set[str], set[str]]:
        """The ids in the keys of all pages, one duty each, and those of the rows that they show."""
        cut, shown, after = set(), set(), ""
        with viewing_as(viewer):
            while True:
                page = duty_list(viewer=viewer, now=now_(), after=after, limit=1)
                shown |= {str(row.deadline.pk) for row in page.rows}
                if not page.after:
                    return cut, shown
                cut.add(page.after.partition("|")[2])
                after = page.after

    cut, shown = keys(world.viewer(Role.CHILD_WELFARE, Duty.HOTLINE))
    _, all_shown = keys(boss)
    assert cut and cut < shown and shown < all_shown and not cut & (all_shown - shown)
    for duty in (Duty.SECURITY_OFFICER, Duty.COMMITTEE):
        assert keys(world.viewer(Role.CHILD_WELFARE, duty)) == (set(), set())


def test_of_a_look_in_an_emergency_only_the_named_hear_and_a_named_supervisor_reviews(
    world: World, case_file: CaseFile, boss: Viewer, named: list[Person]
) -> None:
    officer, sergeant = (
        world.viewer(Role.LAW_ENFORCEMENT),
        world.viewer(Role.LAW_ENFORCEMENT, Duty.SUPERVISOR),
    )

    def seen(viewer: Viewer) -> tuple[int, int]:
        """Looks listed, and notices of any that came since they were last counted."""
        with viewing_as(viewer):
            listed = len(look_list(viewer=viewer, now=now_()).lines)
        with acting_because(WHY):
            return listed, Notice.objects.filter(
                recipient=viewer.person, about=Notice.About.EMERGENCY
            ).count()

    with viewing_as(officer):
        look = emergency_open(
            viewer=officer,
            number=case_file.number,
            reason="danger",
            words="She is in danger now.",
            now=now_(),
        )
        emergency_end(viewer=officer, look_id=look.pk, now=now_())
    assert seen(sergeant)[0] == 1 and look.review_by_id == sergeant.agency
    heard = seen(sergeant)[1]
    restrict(boss, case_file, named)
    with acting_because(WHY):
        look.refresh_from_db()
    assert look.review_by_id == boss.agency
    assert seen(sergeant) == (0, heard)
    with viewing_as(sergeant), pytest.raises(NotVisible):
        look_page(viewer=sergeant, look_id=look.pk, now=now_())
    with viewing_as(officer):
        assert look_page(viewer=officer, look_id=look.pk, now=now_()).is_mine
    reviews_remind(now=look.review_due_at + timedelta(minutes=1))
    with viewing_as(sergeant), pytest.raises(NotVisible):
        emergency_review(
            viewer=sergeant, look_id=look.pk, verdict="justified", words="I asked the officer.", now=now_()
        )
    with viewing_as(boss):
        emergency_review(
            viewer=boss, look_id=look.pk, verdict="justified", words="I asked the officer.", now=now_()
        )
    assert seen(sergeant) == (0, heard)


def test_what_a_leaver_held_in_a_restricted_file_comes_back_to_the_named_supervisors_alone(
    world: World, case_file: CaseFile, boss: Viewer, named: list[Person]
) -> None:
    second = person_make(world.agencies["CW"], Duty.SUPERVISOR)
    restrict(boss, case_file, named)
    leaver = world.person(Role.CHILD_WELFARE)

    def returned(now: datetime) -> dict[UUID, int]:
        with acting_because(WHY):
            duty = (
                Deadline.objects.unrestricted(because=WHY).filter(owed_by=leaver.agency, met_at=None).first()
            )
            assert duty is not None
            duty.owner, duty.taken_at = leaver, now
            duty.save()
        assert duties_give_back(leaver, now) == 1
        with acting_because(WHY):
            told = Notice.objects.filter(about=Notice.About.RETURNED)
            return {one: told.filter(recipient=one).count() for one in (boss.person, second.pk)}

    assert returned(now_()) == {boss.person: 1, second.pk: 0}
    with viewing_as(boss):
        restriction_end(viewer=boss, case_file=case_file, why="The aunt left the agency.", now=now_())
    assert returned(now_() + timedelta(minutes=2)) == {boss.person: 2, second.pk: 1}


def test_a_form_that_waits_is_not_given_back_once_its_record_is_closed_to_who_typed_it(
    world: World, case_file: CaseFile, boss: Viewer, named: list[Person]
) -> None:
    writer = world.viewer(Role.CHILD_WELFARE, Duty.HOTLINE)
    paths = (f"/cases/{case_file.pk}/missing", "/my-account/", "/nowhere")
    with viewing_as(writer):
        waiting = [
            form_keep(viewer=writer, kept=Kept(path, path, {"words": ["Words"]}), now=now_())
            for path in paths
        ]

    def given_back() -> list[bool]:
        found = []
        for kept_id in waiting:
            assert kept_id is not None
            with viewing_as(writer):
                try:
                    found.append(
                        form_kept(viewer=writer, kept_id=kept_id, now=now_()).answers["words"] == ["Words"]
                    )
                except NotVisible:
                    found.append(False)
        return found

    assert given_back() == [True, True, True]
    restrict(boss, case_file, named)
    assert given_back() == [False, True, True]


def test_the_same_form_sent_again_gives_nothing_back_to_somebody_who_was_left_out_since(
    world: World, boss: Viewer
) -> None:
    writer, sending = world.viewer(Role.CHILD_WELFARE, Duty.HOTLINE), uuid4()
    said = ReferralSaid(received_at=now_(), urgent=False)

    def logged() -> list[str]:
        with viewing_as(writer):
            found = referral_log(
                viewer=writer, said=said, children=[ChildSaid()], incident=sending, now=now_()
            )
        return [str(one.pk) for one in found]

    first = logged()
    assert logged() == first
    with acting_because(WHY):
        file = CaseFile.objects.unrestricted(because=WHY).get()
        roles = set(Deadline.objects.unrestricted(because=WHY).values_list("owed_by__role", flat=True)) - {
            "CW"
        }
    named = [world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR), *(world.person(Role(one)) for one in roles)]
    restrict(boss, file, named)
    with pytest.raises(NotVisible):
        logged()
    with acting_because(WHY):
        assert Referral.objects.unrestricted(because=WHY).count() == 1


def test_each_wall_alone_keeps_the_unnamed_out(
    world: World, case_file: CaseFile, boss: Viewer, named: list[Person]
) -> None:
    colleague = world.viewer(Role.CHILD_WELFARE, Duty.HOTLINE)
    restrict(boss, case_file, named)
    for name, wall in WALLS.items():
        with wall(), viewing_as(colleague):
            assert not CaseFile.objects.visible_to(colleague).exists(), name
            assert not Child.objects.visible_to(colleague).exists(), name
            assert not CaseRestriction.objects.visible_to(colleague).exists(), name
            assert not case_list(viewer=colleague, now=now_()).rows, name
        with wall(), viewing_as(boss):
            assert CaseRestriction.objects.visible_to(boss).get().reason == REASON, name


def test_it_ends_with_a_reason_and_the_agency_sees_again(
    world: World, case_file: CaseFile, boss: Viewer, named: list[Person]
) -> None:
    colleague = world.viewer(Role.CHILD_WELFARE, Duty.HOTLINE)
    restrict(boss, case_file, named)
    with viewing_as(boss):
        with pytest.raises(RuleBroken, match="why"):
            restriction_end(viewer=boss, case_file=case_file, why="", now=now_())
        restriction_end(viewer=boss, case_file=case_file, why="The aunt left the county.", now=now_())
    assert set(knows(colleague, case_file).values()) == {True}
    with viewing_as(colleague):
        assert not CaseRestriction.objects.visible_to(colleague).exists(), (
            "its reason may be about a colleague"
        )


def test_other_names_end_one_and_begin_the_next(
    case_file: CaseFile, boss: Viewer, named: list[Person], world: World
) -> None:
    first = restrict(boss, case_file, named)
    late = person_make(world.agencies["CW"], Duty.LINE_WORKER)
    second = restrict(boss, case_file, [*named, late])
    with viewing_as(boss):
        rows = list(CaseRestriction.objects.visible_to(boss).order_by("began_at"))
    assert [row.pk for row in rows] == [first.pk, second.pk]
    assert rows[0].ended_at == rows[1].began_at
    assert knows(viewer_of(late, now=now_()), case_file)["opens"]
    with acting_because(WHY):
        told = set(Notice.objects.filter(about=Notice.About.NAMED).values_list("recipient", flat=True))
    assert told == {person.pk for person in (*named, late)} - {boss.person}


def test_nobody_who_owes_something_is_left_out(
    world: World, case_file: CaseFile, boss: Viewer, named: list[Person]
) -> None:
    other = [person for person in named if person.agency_id != boss.agency]
    assert other, "another agency owes something in an urgent case"
    with pytest.raises(RuleBroken, match=other[0].agency.name):
        restrict(boss, case_file, [person for person in named if person != other[0]])
    with pytest.raises(RuleBroken, match="supervisor"):
        restrict(boss, case_file, named[1:])
    assert set(knows(world.viewer(Role.CHILD_WELFARE, Duty.HOTLINE), case_file).values()) == {True}


@pytest.mark.parametrize(
    ("role", "duty"),
    [
        (Role.CHILD_WELFARE, Duty.LINE_WORKER),
        (Role.CHILD_WELFARE, Duty.HOTLINE),
        (Role.LAW_ENFORCEMENT, Duty.SUPERVISOR),
    ],
)
def test_only_a_supervisor_of_the_lead_agency_restricts(
    world: World, case_file: CaseFile, named: list[Person], role: Role, duty: Duty
) -> None:
    with pytest.raises(NotAllowed):
        restrict(world.viewer(role, duty), case_file, named)


def test_addresses_of_nobody_are_named_and_nothing_is_restricted(
    case_file: CaseFile, boss: Viewer, named: list[Person]
) -> None:
    with viewing_as(boss), pytest.raises(RuleBroken, match=r"nobody@made\.up"):
        restriction_set(
            viewer=boss,
            case_file=case_file,
            emails=[*(person.email for person in named), "nobody@made.up"],
            reason=REASON,
            now=now_(),
        )
    with acting_because(WHY):
        assert not CaseRestriction.objects.unrestricted(because=WHY).exists()


def test_no_emergency_opens_it_to_the_unnamed_and_its_number_is_nobodys(
    world: World, case_file: CaseFile, boss: Viewer, named: list[Person]
) -> None:
    officer = world.viewer(Role.LAW_ENFORCEMENT)
    restrict(boss, case_file, named)
    with viewing_as(officer):
        look = emergency_open(
            viewer=officer,
            number=case_file.number,
            reason="danger",
            words="A child is in danger.",
            now=now_(),
        )
    assert look.case_file_id is None
    with acting_because(WHY):
        assert not SectionUserGrant.objects.filter(case_file=case_file, user=officer.person).exists()


def test_a_new_report_of_an_unnamed_colleague_does_not_land_in_it(
    world: World, case_file: CaseFile, boss: Viewer, named: list[Person]
) -> None:
    restrict(boss, case_file, named)
    with pytest.raises(NotVisible):
        referral_make(world, child=ChildSaid(given_name="Jay", family_name="Marker", case_file=case_file.pk))


def test_what_an_unnamed_worker_had_taken_on_goes_to_the_named_and_so_do_its_notices(
    world: World, case_file: CaseFile, boss: Viewer, named: list[Person]
) -> None:
    colleague = world.person(Role.CHILD_WELFARE, Duty.HOTLINE)
    with acting_because(WHY):
        mine = (
            Deadline.objects.unrestricted(because=WHY)
            .filter(case_file=case_file, owed_by__role="CW", met_at=None)
            .first()
        )
        assert mine is not None
        mine.owner, mine.taken_at = colleague, now_()
        mine.save()
    restrict(boss, case_file, named)
    lead = {person.pk for person in named if person.agency_id == boss.agency}
    with acting_because(WHY):
        mine.refresh_from_db()
        assert mine.owner_id is None
        told = Notice.objects.filter(subject=mine.pk, stage__startswith="named-")
        assert set(told.values_list("recipient", flat=True)) == lead
        Notice.objects.filter(about=Notice.About.DEADLINE).update(read_at=now_())
        DeadlineStage.objects.filter(deadline__case_file=case_file, fired_at=None, cancelled_at=None).update(
            fire_at=now_() - timedelta(minutes=1)
        )
    before = now_()
    stages_fire(now=now_())
    with acting_because(WHY):
        fired = Notice.objects.filter(about=Notice.About.DEADLINE, created_at__gte=before)
        recipients = set(fired.values_list("recipient", flat=True))
    assert recipients
    assert recipients <= {person.pk for person in named}


def test_when_all_the_named_of_the_lead_have_left_its_supervisors_stand_in(
    world: World, case_file: CaseFile, boss: Viewer, named: list[Person]
) -> None:
    second = person_make(world.agencies["CW"], Duty.SUPERVISOR)
    restrict(boss, case_file, named)
    assert not knows(viewer_of(second, now=now_()), case_file)["opens"]
    for person in named[:2]:
        person_deactivate(person=person, now=now_())
    assert knows(viewer_of(second, now=now_()), case_file)["opens"]
    sharing_settle(case_file=case_file, now=now_())
    assert knows(viewer_of(second, now=now_()), case_file)["opens"]
