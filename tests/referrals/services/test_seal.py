"""A part that a court sealed: absent to everybody whose ground is no purpose for it, behind each wall alone."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from agencies.choices import Duty, Role
from agencies.disclosure.papers import SealedTerms
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, NotVisible, RuleBroken
from referrals.choices import PartyKind
from referrals.deadlines import kinds
from referrals.models import CaseEvent, CaseFile, FileSection, SectionSeal
from referrals.selectors.case_file import access_case
from referrals.selectors.paper import paper_to_print
from referrals.services.event import event_correct
from referrals.services.paper import paper_revoke
from referrals.services.seal import OrderSaid, purpose_record, seal_lift, section_seal
from referrals.services.sharing import Joining, SectionKey, file_extend, section_for
from reporting.selectors.changes import changes_list
from reporting.selectors.looked import LogFilter, case_log, person_log
from tests.access.planting import Bed, plant
from tests.access.walls import database_wall_down, query_wall_down
from tests.pages import client_of, words
from tests.worlds import World, county_make, county_today, referral_make

pytestmark = pytest.mark.django_db
WHY = "a test reads what was written down"
ORDER = OrderSaid("Superior Court", "J-4471", county_today() - timedelta(days=3), "Folder 9")
LATER = replace(ORDER, case_number="J-4471-B", ordered_on=county_today())
WALLS = {"both": nullcontext, "query down": query_wall_down, "database down": database_wall_down}
READERS = [(Role.CHILD_WELFARE, Duty.LINE_WORKER), (Role.PROBATION, Duty.LINE_WORKER), (Role.PROBATION, Duty.SUPERVISOR),
           (Role.JUVENILE_COURT, Duty.LINE_WORKER), (Role.DEPENDENCY_ATTORNEY, Duty.LINE_WORKER)]  # fmt: skip


def now_() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def empty(world: World) -> CaseFile:
    """A case that probation, court and counsel take part in, without any delinquency record."""
    case_file = referral_make(world).case_file
    with acting_because(WHY):
        file_extend(
            case_file=case_file,
            recorded_by=world.person(Role.CHILD_WELFARE).pk,
            now=now_(),
            parties=[Joining(world.agencies[role].pk, PartyKind.ASSIGNMENT) for role in ("PO", "JC", "CDA")],
        )
    return case_file


def add_record(world: World, case_file: CaseFile) -> CaseEvent:
    """Probation records something about a petition."""
    officer = world.viewer(Role.PROBATION)
    with acting_because(WHY):
        section = section_for(case_file=case_file, key=SectionKey("r16"), viewer=officer, now=now_())
        links = {
            "CaseFile": case_file,
            "Agency": world.agencies["PO"],
            "Person": world.person(Role.PROBATION),
        }
        event: CaseEvent = plant(
            Bed(),
            CaseEvent,
            section=section,
            links=links,
            now=now_(),
            kind=kinds.NOTE,
            note="The petition of May.",
        )
        return event


@pytest.fixture
def boss(world: World) -> Viewer:
    return world.viewer(Role.PROBATION, Duty.SUPERVISOR)


@pytest.fixture
def sealed(world: World, empty: CaseFile, boss: Viewer) -> SectionSeal:
    add_record(world, empty)
    return seal(boss, empty)


def seal(viewer: Viewer, case_file: CaseFile, **said: object) -> SectionSeal:
    asked = {"category": "r16", "law": "786", "order": ORDER, **said}
    with viewing_as(viewer):
        return section_seal(viewer=viewer, case_file=case_file, now=now_(), **asked)  # type: ignore[arg-type]


def terms(world: World, role: Role = Role.PROBATION, **said: object) -> SealedTerms:
    whole = SealedTerms(
        category="r16",
        agency=world.agencies[role.value].pk,
        since=now_(),
        evidence="Folder 9",
        until=now_() + timedelta(days=10),
        authority="WIC 786(g)(1)(A)",
        purpose="To choose a placement.",
    )
    return replace(whole, **said)  # type: ignore[arg-type]


def reads(viewer: Viewer, case_file: CaseFile) -> int:
    """Everything of the category that this person comes upon."""
    with viewing_as(viewer):
        where = {"case_file": case_file, "category": "r16"}
        return (
            FileSection.objects.visible_to(viewer).filter(**where).count()
            + FileSection.objects.summarised_to(viewer).filter(**where).count()
            + CaseEvent.objects.visible_to(viewer).filter(section__category="r16").count()
            + SectionSeal.objects.visible_to(viewer).count()
            + SectionSeal.history.visible_to(viewer).count()
        )


def test_from_the_order_on_the_part_is_absent_to_everybody_behind_each_wall_alone(
    world: World, empty: CaseFile, boss: Viewer
) -> None:
    add_record(world, empty)
    assert reads(boss, empty) > 0
    seal(boss, empty)
    for name, wall in WALLS.items():
        for role, duty in READERS:
            with wall():
                assert reads(world.viewer(role, duty), empty) == 0, (name, role, duty)


def test_a_purpose_on_file_opens_just_that_part_until_it_ends(
    world: World, empty: CaseFile, boss: Viewer, sealed: SectionSeal
) -> None:
    with viewing_as(boss):
        purpose_record(viewer=boss, case_file=empty, order_number="j 4471", terms=terms(world), now=now_())
        assert SectionSeal.objects.visible_to(boss).get().pk == sealed.pk
        assert CaseEvent.objects.visible_to(boss).filter(section=sealed.section_id).count() == 1
    assert reads(world.viewer(Role.CHILD_WELFARE), empty) == 0
    with acting_because(WHY):
        from referrals.models import SectionGroupGrant

        SectionGroupGrant.objects.filter(content_object=sealed.section_id).update(
            ends_at=now_() - timedelta(minutes=1)
        )
    assert reads(boss, empty) == 0


def test_what_is_sealed_is_corrected_by_nobody_and_so_never_copied_into_the_open_part(
    world: World, empty: CaseFile, boss: Viewer
) -> None:
    def corrected(event: CaseEvent) -> CaseEvent:
        with viewing_as(boss):
            return event_correct(viewer=boss, event_id=event.pk, reason="It was June.", now=now_())

    opened, closed = add_record(world, empty), add_record(world, empty)
    assert corrected(opened).section_id == opened.section_id
    seal(boss, empty)
    with pytest.raises(NotVisible):
        corrected(closed)
    with viewing_as(boss):
        purpose_record(viewer=boss, case_file=empty, order_number="J-4471", terms=terms(world), now=now_())
        assert CaseEvent.objects.visible_to(boss).filter(pk=closed.pk).exists()
    with pytest.raises(NotAllowed, match="sealed"):
        corrected(closed)
    page = client_of(world, Role.PROBATION, Duty.SUPERVISOR).get(
        reverse("referrals:event_correct", args=[empty.pk, closed.pk])
    )
    assert page.status_code == 403 and "another order lifts the seal" in words(page)
    with acting_because(WHY):
        copied = CaseEvent.objects.unrestricted(because=WHY).filter(
            section__category="r16", section__set_apart=None
        )
        assert not copied.exists()


def test_a_wrong_number_and_a_part_that_is_not_sealed_are_one_answer(
    world: World, empty: CaseFile, boss: Viewer
) -> None:
    def answer(number: str) -> str:
        with viewing_as(boss), pytest.raises(RuleBroken) as refused:
            purpose_record(viewer=boss, case_file=empty, order_number=number, terms=terms(world), now=now_())
        return refused.value.message

    nothing = answer("J-4471")
    add_record(world, empty)
    unsealed = answer("J-4471")
    seal(boss, empty)
    assert {nothing, unsealed, answer("J-9999")} == {nothing}


def test_what_is_recorded_later_stands_apart_as_if_there_had_never_been_one(
    world: World, empty: CaseFile, boss: Viewer, sealed: SectionSeal
) -> None:
    event = add_record(world, empty)
    assert event.section_id != sealed.section_id
    with viewing_as(boss):
        assert list(
            FileSection.objects.visible_to(boss).filter(category="r16").values_list("pk", flat=True)
        ) == [event.section_id]
    again = seal(boss, empty, order=LATER)
    assert again.section_id == event.section_id
    assert reads(boss, empty) == 0


def test_only_another_order_lifts_it(
    world: World, empty: CaseFile, boss: Viewer, sealed: SectionSeal
) -> None:
    with viewing_as(boss), pytest.raises(NotVisible):
        seal_lift(viewer=boss, case_file=empty, seal_id=sealed.pk, order=LATER, now=now_())
    with viewing_as(boss):
        purpose_record(viewer=boss, case_file=empty, order_number="J-4471", terms=terms(world), now=now_())
        for order in (ORDER, replace(LATER, ordered_on=ORDER.ordered_on - timedelta(days=1))):
            with pytest.raises(RuleBroken, match="new order"):
                seal_lift(viewer=boss, case_file=empty, seal_id=sealed.pk, order=order, now=now_())
        seal_lift(viewer=boss, case_file=empty, seal_id=sealed.pk, order=LATER, now=now_())
    assert reads(world.viewer(Role.PROBATION), empty) > 0


@pytest.mark.parametrize(
    "said",
    [
        {"category": "r01"},
        {"category": "r15"},
        {"law": "999"},
        {"order": replace(ORDER, court=" ")},
        {"order": replace(ORDER, case_number="")},
        {"order": replace(ORDER, evidence="")},
        {"order": replace(ORDER, ordered_on=county_today() + timedelta(days=2))},
    ],
)
def test_an_order_that_is_not_whole_seals_nothing(
    world: World, empty: CaseFile, boss: Viewer, said: dict[str, object]
) -> None:
    add_record(world, empty)
    with pytest.raises(RuleBroken):
        seal(boss, empty, **said)
    with acting_because(WHY):
        assert not SectionSeal.objects.unrestricted(because=WHY).exists()


@pytest.mark.parametrize(
    ("role", "duty"), [(Role.PROBATION, Duty.LINE_WORKER), (Role.MENTAL_HEALTH, Duty.SUPERVISOR)]
)
def test_only_a_supervisor_or_counsel_of_a_keeper_seals(
    world: World, empty: CaseFile, role: Role, duty: Duty
) -> None:
    with pytest.raises(NotAllowed):
        seal(world.viewer(role, duty), empty)


def test_no_page_tells_that_it_exists(
    world: World, empty: CaseFile, boss: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = now_()
    monkeypatch.setattr("cseccase.clock.now", lambda: moment)
    clients = {(role, duty): client_of(world, role, duty) for role, duty in READERS}
    pages = (
        "",
        "/timeline",
        "/reports",
        "/sharing",
        "/status",
        "/meetings",
        "/history",
        "/seal",
        "/seal/purpose",
    )

    def shown() -> dict[object, str]:
        return {
            (role, duty, page): words(client.get(f"/cases/{empty.pk}{page}"))
            for (role, duty), client in clients.items()
            for page in pages
        }

    before = shown()
    add_record(world, empty)
    during = shown()
    assert during != before, "while it is open, pages tell of it"
    seal(boss, empty)
    after = shown()
    assert [(*key, before[key], after[key]) for key in before if before[key] != after[key]] == []


def test_no_line_of_the_log_or_of_what_changed_names_it(world: World, empty: CaseFile, boss: Viewer) -> None:
    add_record(world, empty)
    reader = client_of(world, Role.PROBATION)
    reader.get(f"/cases/{empty.pk}/timeline")
    auditor = world.viewer(Role.CHILD_WELFARE, Duty.AUDITOR)
    second = world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR)

    def told(viewer: Viewer) -> str:
        with viewing_as(viewer):
            log = case_log(viewer=viewer, case_id=empty.pk, asked=LogFilter(), now=now_())
            return " ".join(f"{one.done} {one.what} {one.open_then}" for one in log.page.lines)

    def of_person(viewer: Viewer) -> str:
        with viewing_as(viewer):
            log = person_log(
                viewer=viewer, person_id=world.person(Role.PROBATION).pk, asked=LogFilter(), now=now_()
            )
            return " ".join(f"{one.done} {one.what} {one.open_then}" for one in log.page.lines)

    assert "Delinquency" in told(auditor)
    seal(boss, empty)
    for viewer in (auditor, second):
        assert "Delinquency" not in told(viewer)
        assert "sealed" not in told(viewer)
    for viewer in (auditor, boss):
        assert "Delinquency" not in of_person(viewer)
    with viewing_as(boss):
        purpose = purpose_record(
            viewer=boss, case_file=empty, order_number="J 4471", terms=terms(world), now=now_()
        )
        access_case(viewer=boss, case_id=empty.pk, now=now_())
        paper_to_print(viewer=boss, case_file=empty, paper_id=purpose.pk, now=now_())
        paper_revoke(viewer=boss, case_file=empty, paper_id=purpose.pk, why="It was a mistake.", now=now_())
    for viewer in (auditor, second):
        assert "Delinquency" not in told(viewer) and "seal" not in told(viewer).lower()
    with viewing_as(second):
        found = changes_list(viewer=second, case_id=empty.pk, now=now_())
    assert not any("seal" in version.title.lower() for version in found.versions)
