"""Papers on file: who may record them, what is refused and by which law, what they open and how they close."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from agencies.choices import Duty, Role
from agencies.disclosure.papers import KINDS
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.errors import NotAllowed, NotVisible, RuleBroken
from referrals.choices import PartyKind
from referrals.models import CaseEvent, CaseFile, CaseParty, Child, NeedToKnow, Paper, Referral
from referrals.selectors.paper import paper_choices, paper_found, papers_seen
from referrals.services.paper import PaperLacks, need_approve, paper_record, paper_revoke
from referrals.services.sharing import Joining, SectionKey, file_extend, section_for
from tests.referrals.papers import elements_of
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"
TERMS = {kind.kind: kind for kind in KINDS}


def said(world: World, ground: str, category: str, role: Role, now: datetime, **changes: Any) -> Any:
    """A whole paper for this agency."""
    kind, elements = elements_of(ground)
    day = {name: now.date() - timedelta(days=3) for name in elements if name.endswith("_on")}
    values = {
        "category": category,
        "agency": world.agencies[role.value].pk,
        "since": now,
        "until": now + timedelta(days=10),
        "evidence": "Folder 12",
    }
    return TERMS[kind](**{**values, **elements, **day, **changes})


def case_with(world: World, *roles: Role, now: datetime) -> CaseFile:
    """A case in which these agencies take part."""
    case_file = referral_make(world, now=now).case_file
    recorder = world.person(Role.CHILD_WELFARE, Duty.HOTLINE)
    with acting_because(WHY):
        file_extend(
            case_file=case_file,
            recorded_by=recorder.pk,
            now=now,
            parties=[Joining(world.agencies[role.value].pk, PartyKind.ASSIGNMENT) for role in roles],
        )
    return case_file


def record_in(world: World, case_file: CaseFile, category: str, by: Role, now: datetime) -> CaseEvent:
    """A record of this category, written by its keeper."""
    keeper = world.viewer(by)
    with acting_because(WHY):
        section = section_for(case_file=case_file, key=SectionKey(category), viewer=keeper, now=now)
        event = CaseEvent(
            section=section,
            case_file=case_file,
            kind="note",
            occurred_at=now,
            recorded_at=now,
            recorded_by_id=keeper.person,
            agency_id=keeper.agency,
            note="MARKER",
        )
        event.save()
    return event


def sees(world: World, role: Role, event: CaseEvent, duty: Duty = Duty.LINE_WORKER) -> bool:
    viewer = world.viewer(role, duty)
    with viewing_as(viewer):
        return CaseEvent.objects.visible_to(viewer).filter(pk=event.pk).exists()


def test_a_paper_opens_only_what_the_agreement_asks_it_for_and_closes_when_revoked() -> None:
    world, now = county_make(), datetime.now(UTC)
    case_file = referral_make(world, now=now).case_file
    viewer, casa = world.viewer(Role.CHILD_WELFARE), world.viewer(Role.CASA)
    with viewing_as(viewer):
        for wrong, words in (
            (said(world, "ROI", "r03", Role.CASA, now), "agreement asks for"),
            (said(world, "CASA", "r04", Role.CASA, now), "on no paper"),
            (said(world, "CASA", "r03", Role.PROBATION, now), "asks for no paper"),
        ):
            with pytest.raises(RuleBroken, match=words):
                paper_record(viewer=viewer, case_file=case_file, terms=wrong, now=now)
        with pytest.raises(NotAllowed, match="keeps the record"):
            paper_record(
                viewer=viewer, case_file=case_file, terms=said(world, "P2", "r10", Role.CASA, now), now=now
            )
        paper = paper_record(
            viewer=viewer, case_file=case_file, terms=said(world, "CASA", "r03", Role.CASA, now), now=now
        )
    with viewing_as(casa):
        assert Referral.objects.visible_to(casa).exists()
        assert paper_found(viewer=casa, case_file=case_file, paper_id=paper.pk).pk == paper.pk
        with pytest.raises(NotAllowed):
            paper_revoke(viewer=casa, case_file=case_file, paper_id=paper.pk, why="No", now=now)
    with viewing_as(viewer):
        with pytest.raises(RuleBroken, match="Say why"):
            paper_revoke(viewer=viewer, case_file=case_file, paper_id=paper.pk, why=" ", now=now)
        paper_revoke(viewer=viewer, case_file=case_file, paper_id=paper.pk, why="Dismissed", now=now)
        with pytest.raises(NotVisible):
            paper_revoke(viewer=viewer, case_file=case_file, paper_id=paper.pk, why="Again", now=now)
    with viewing_as(casa):
        assert not Referral.objects.visible_to(casa).exists()
        with pytest.raises(NotVisible):
            paper_found(viewer=casa, case_file=case_file, paper_id=paper.pk)


def test_substance_use_services_record_the_patients_consent_themselves_and_every_element_is_asked_for() -> (
    None
):
    world, now = county_make(), datetime.now(UTC)
    case_file = case_with(world, Role.SUBSTANCE_USE, now=now)
    event = record_in(world, case_file, "r10", Role.SUBSTANCE_USE, now)
    viewer = world.viewer(Role.SUBSTANCE_USE)
    whole = said(world, "P2", "r10", Role.CHILD_WELFARE, now)
    with viewing_as(viewer):
        bare = type(whole)(category="r10", agency=whole.agency, since=now, evidence="x")
        with pytest.raises(PaperLacks) as refused:
            paper_record(viewer=viewer, case_file=case_file, terms=bare, now=now)
        laws = " ".join(lack.law for lack in refused.value.lacks)
        for element in ("2.31(a)(1)", "(a)(2)", "(a)(3)", "(a)(5)", "(a)(6)", "(a)(7)", "(a)(8)"):
            assert element in laws
        assert not sees(world, Role.CHILD_WELFARE, event)
        paper = paper_record(viewer=viewer, case_file=case_file, terms=whole, now=now)
        assert paper.discloser_id == viewer.agency
    assert sees(world, Role.CHILD_WELFARE, event)
    assert not sees(world, Role.PROBATION, event)
    with viewing_as(viewer):
        paper_revoke(viewer=viewer, case_file=case_file, paper_id=paper.pk, why="Patient’s word", now=now)
    assert not sees(world, Role.CHILD_WELFARE, event)


def test_a_paper_for_one_person_opens_to_nobody_else_at_the_agency() -> None:
    world, now = county_make(), datetime.now(UTC)
    case_file = case_with(world, Role.ADVOCATE, now=now)
    event = record_in(world, case_file, "r19", Role.CHILD_WELFARE, now)
    driver, supervisor = world.person(Role.ADVOCATE), world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    with viewing_as(supervisor):
        stranger = world.person(Role.PROBATION).pk
        terms = said(world, "need", "r19", Role.ADVOCATE, now, person=stranger)
        with pytest.raises(RuleBroken, match="does not work for"):
            paper_record(viewer=supervisor, case_file=case_file, terms=terms, now=now)
        terms = said(world, "need", "r19", Role.ADVOCATE, now, person=driver.pk)
        paper_record(viewer=supervisor, case_file=case_file, terms=terms, now=now)
    assert sees(world, Role.ADVOCATE, event)
    assert not sees(world, Role.ADVOCATE, event, Duty.SUPERVISOR)


def test_a_need_opens_once_a_supervisor_agrees_and_never_longer_than_the_county_lets_it() -> None:
    world, now = county_make(), datetime.now(UTC)
    case_file = case_with(world, Role.ADVOCATE, now=now)
    event = record_in(world, case_file, "r19", Role.CHILD_WELFARE, now)
    worker = world.viewer(Role.CHILD_WELFARE)
    supervisor = world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    with viewing_as(worker):
        for until in (None, now + timedelta(days=15)):
            terms = said(world, "need", "r19", Role.ADVOCATE, now, until=until)
            with pytest.raises(PaperLacks):
                paper_record(viewer=worker, case_file=case_file, terms=terms, now=now)
        paper = paper_record(
            viewer=worker, case_file=case_file, terms=said(world, "need", "r19", Role.ADVOCATE, now), now=now
        )
        assert not sees(world, Role.ADVOCATE, event)
        with pytest.raises(NotAllowed, match="supervisor"):
            need_approve(viewer=worker, case_file=case_file, paper_id=paper.pk, now=now)
    with viewing_as(supervisor):
        need_approve(viewer=supervisor, case_file=case_file, paper_id=paper.pk, now=now)
        assert isinstance(paper, NeedToKnow)
        with pytest.raises(NotVisible):
            need_approve(viewer=supervisor, case_file=case_file, paper_id=paper.pk, now=now)
    assert sees(world, Role.ADVOCATE, event)


def test_the_childs_choice_about_the_own_agency_comes_first_and_each_recipient_has_its_own() -> None:
    world, now = county_make(), datetime.now(UTC)
    case_file = case_with(world, Role.MENTAL_HEALTH, Role.ADVOCATE, now=now)
    viewer = world.viewer(Role.MENTAL_HEALTH)
    with viewing_as(viewer):
        with pytest.raises(NotAllowed):
            paper_record(
                viewer=viewer,
                case_file=case_file,
                terms=said(world, "youth", "r21", Role.ADVOCATE, now),
                now=now,
            )
        own = said(world, "youth", "r21", Role.MENTAL_HEALTH, now)
        paper_record(viewer=viewer, case_file=case_file, terms=own, now=now)
    event = record_in(world, case_file, "r21", Role.MENTAL_HEALTH, now)
    assert sees(world, Role.MENTAL_HEALTH, event)
    assert not sees(world, Role.ADVOCATE, event)
    with viewing_as(viewer):
        theirs = said(world, "youth", "r21", Role.ADVOCATE, now)
        paper_record(viewer=viewer, case_file=case_file, terms=theirs, now=now)
    assert sees(world, Role.ADVOCATE, event)
    assert not sees(world, Role.CHILD_WELFARE, event)


def test_an_agency_outside_the_case_puts_nothing_on_file_not_even_for_itself() -> None:
    world, now = county_make(), datetime.now(UTC)
    case_file = referral_make(world, now=now).case_file
    with acting_because(WHY):
        for party in CaseParty.objects.unrestricted(because=WHY).filter(
            case_file=case_file, agency=world.agencies["MH"]
        ):
            party.until = now
            party.save()
    viewer = world.viewer(Role.MENTAL_HEALTH)
    with viewing_as(viewer), pytest.raises(NotAllowed, match="take part"):
        paper_record(
            viewer=viewer,
            case_file=case_file,
            terms=said(world, "youth", "r21", Role.MENTAL_HEALTH, now),
            now=now,
        )


@pytest.mark.parametrize("role", [Role.MENTAL_HEALTH, Role.PUBLIC_HEALTH, Role.SUBSTANCE_USE, Role.EDUCATION])
def test_each_keeper_of_records_is_offered_the_papers_that_open_its_own_and_no_others(role: Role) -> None:
    world, now = county_make(), datetime.now(UTC)
    viewer = world.viewer(role)
    offered = {choice.terms_type.kind: choice for choice in paper_choices(viewer=viewer, now=now)}
    own = {"MH": ("ROI", "r08"), "PH": ("ROI", "r11"), "SU": ("P2", "r10"), "ED": ("ROI", "r14")}[role.value]
    assert own[1] in dict(offered[own[0]].categories)
    assert "seal" not in offered
    assert all(
        category not in dict(choice.categories)
        for choice in offered.values()
        for category in ("r03", "r17", "r19")
    )


def test_a_waiver_opens_the_notes_of_the_one_who_put_it_on_file_and_of_nobody_else() -> None:
    world, now = county_make(), datetime.now(UTC)
    case_file = case_with(world, Role.ADVOCATE, Role.SURVIVOR_MENTOR, Role.DEPENDENCY_ATTORNEY, now=now)
    notes = {}
    for role in (Role.ADVOCATE, Role.SURVIVOR_MENTOR):
        author = world.viewer(role)
        with acting_because(WHY):
            key = SectionKey("r22", custodian=author.agency, author=author.person)
            section = section_for(case_file=case_file, key=key, viewer=author, now=now)
            notes[role] = CaseEvent(
                section=section,
                case_file=case_file,
                kind="note",
                occurred_at=now,
                recorded_at=now,
                recorded_by_id=author.person,
                agency_id=author.agency,
                note="MARKER",
            )
            notes[role].save()
    viewer = world.viewer(Role.ADVOCATE)
    with viewing_as(viewer):
        terms = said(world, "priv", "r22", Role.DEPENDENCY_ATTORNEY, now)
        paper_record(viewer=viewer, case_file=case_file, terms=terms, now=now)
    assert sees(world, Role.DEPENDENCY_ATTORNEY, notes[Role.ADVOCATE])
    assert not sees(world, Role.DEPENDENCY_ATTORNEY, notes[Role.SURVIVOR_MENTOR])


def test_papers_of_a_section_that_is_not_mine_are_not_listed() -> None:
    world, now = county_make(), datetime.now(UTC)
    case_file = case_with(world, Role.SUBSTANCE_USE, Role.MENTAL_HEALTH, now=now)
    record_in(world, case_file, "r10", Role.SUBSTANCE_USE, now)
    keeper, other = world.viewer(Role.SUBSTANCE_USE), world.viewer(Role.MENTAL_HEALTH)
    with viewing_as(keeper):
        terms = said(world, "P2", "r10", Role.CHILD_WELFARE, now)
        paper: Paper = paper_record(viewer=keeper, case_file=case_file, terms=terms, now=now)
        listed = papers_seen(viewer=keeper, case_file=case_file, now=now, categories={"r10"})
        assert [seen.paper.pk for seen in listed] == [paper.pk]
        assert listed[0].state == "in force"
    with viewing_as(other):
        assert papers_seen(viewer=other, case_file=case_file, now=now, categories={"r10"}) == []
        with pytest.raises(NotVisible):
            paper_found(viewer=other, case_file=case_file, paper_id=paper.pk)


def test_a_young_adults_consent_needs_a_young_adult() -> None:
    world, now = county_make(), datetime.now(UTC)
    case_file = case_with(world, Role.MENTAL_HEALTH, now=now)
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer):
        terms = said(world, "NMD", "r26", Role.MENTAL_HEALTH, now)
        with pytest.raises(PaperLacks, match="18964"):
            paper_record(viewer=viewer, case_file=case_file, terms=terms, now=now)
        with acting_because(WHY):
            child = Child.objects.unrestricted(because=WHY).get(case_file=case_file)
            child.born_on = date(now.year - 19, 1, 1)
            child.save()
        for role in (Role.CHILD_WELFARE, Role.MENTAL_HEALTH):
            terms = said(world, "NMD", "r26", role, now)
            paper_record(viewer=viewer, case_file=case_file, terms=terms, now=now)
    event = record_in(world, case_file, "r26", Role.CHILD_WELFARE, now)
    assert sees(world, Role.CHILD_WELFARE, event)
    mental_health = world.viewer(Role.MENTAL_HEALTH)
    with viewing_as(mental_health):
        told = CaseEvent.objects.summarised_to(mental_health).filter(pk=event.pk).summaries()
        assert [one["id"] for one in told] == [event.pk]
        assert not CaseEvent.objects.visible_to(mental_health).filter(pk=event.pk).exists()
