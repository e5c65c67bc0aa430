"""Changing the sharing rules takes two people, a reason for each cell, and a base that is still the newest."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from agencies.choices import Duty, Role
from agencies.disclosure.changes import matrix_changes
from agencies.disclosure.matrix import Access, Cell
from agencies.models import DisclosureCell, ProtocolProposal, ProtocolVersion
from agencies.selectors.protocol import matrix_in_force, matrix_of
from agencies.services import proposal as services
from agencies.services.protocol import default_reasons
from agencies.viewers import viewer_of
from cseccase.audit.models import AccessEntry
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import viewing_as
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, NotVisible, RuleBroken
from tests.worlds import World, county_make, person_make

NOW = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)
WHY = "The county and the district attorney agreed so in writing."
CELL = {"category": "r03", "role": "PO", "access": "N", "basis": "MOU", "reason": WHY}


def seen(service: Callable[..., Any]) -> Callable[..., Any]:
    """The service as a page calls it: with the database knowing who acts."""

    def act(*, viewer: Viewer, **said: Any) -> Any:
        with viewing_as(viewer):
            return service(viewer=viewer, **said)

    return act


cell_drop, cell_propose = seen(services.cell_drop), seen(services.cell_propose)
proposal_open, proposal_submit = seen(services.proposal_open), seen(services.proposal_submit)
proposal_decide, proposal_withdraw = seen(services.proposal_decide), seen(services.proposal_withdraw)


def counsel_of(world: World) -> tuple[Viewer, Viewer]:
    """Two counsel of the county."""
    two = [person_make(world.agencies["CC"], Duty.COUNSEL, name=name) for name in ("Ana One", "Ben Two")]
    first, second = (viewer_of(person, now=NOW) for person in two)
    return first, second


def submitted(
    viewer: Viewer, *, effective_at: datetime | None = None, now: datetime = NOW, **cell: str
) -> ProtocolProposal:
    proposal = proposal_open(viewer=viewer, note="What was agreed in March", now=now)
    cell_propose(viewer=viewer, proposal_id=proposal.pk, now=now, **{**CELL, **cell})
    waiting: ProtocolProposal = proposal_submit(
        viewer=viewer, proposal_id=proposal.pk, effective_at=effective_at, now=now
    )
    return waiting


def approve(viewer: Viewer, proposal: ProtocolProposal, now: datetime = NOW) -> ProtocolProposal:
    decided: ProtocolProposal = proposal_decide(
        viewer=viewer, proposal_id=proposal.pk, approve=True, decision="", now=now
    )
    return decided


@pytest.mark.django_db
def test_it_takes_two_people_and_the_refusal_says_whom_to_ask() -> None:
    world = county_make()
    ana, ben = counsel_of(world)
    proposal = submitted(ana)
    with pytest.raises(NotAllowed, match="takes two people") as refused:
        approve(ana, proposal)
    assert "county counsel" in refused.value.refusal.ask
    for role, duty in ((Role.CHILD_WELFARE, Duty.SUPERVISOR), (Role.DEPENDENCY_ATTORNEY, Duty.COUNSEL)):
        with pytest.raises(NotAllowed, match="second signer"):
            approve(world.viewer(role, duty), proposal)
    assert ProtocolVersion.objects.count() == 1
    signed = approve(ben, proposal).signed
    assert signed is not None
    assert (signed.number, signed.effective_at, signed.approved_by) == (2, NOW, "Ben Two")
    assert matrix_in_force(world.county.pk, now=NOW).cell("r03", "PO") == Cell(
        "r03", "PO", Access.NEVER, "MOU"
    )
    changed = DisclosureCell.objects.get(version=signed, category="r03", role="PO")
    kept = DisclosureCell.objects.get(version=signed, category="r03", role="CW")
    assert (changed.reason, kept.reason) == (WHY, default_reasons()["r03"])
    with viewing_as(None, because="a test reads the log"):
        acts = AccessEntry.objects.filter(verb=Verb.SHARING_CHANGED, subject=proposal.pk).order_by("position")
        said = [(entry.person_name, entry.facts["did"]) for entry in acts]
    assert said == [
        ("Ana One", "proposal opened"),
        ("Ana One", "cell proposed"),
        ("Ana One", "proposal submitted"),
        ("Ben Two", "proposal approved"),
    ]


@pytest.mark.django_db
def test_the_countys_agreed_second_signer_decides_only_once_it_is_agreed() -> None:
    world = county_make()
    ana, _ = counsel_of(world)
    signer = world.viewer(Role.CHILD_WELFARE, Duty.COORDINATOR)
    proposal = submitted(ana)
    with pytest.raises(NotAllowed):
        approve(signer, proposal)
    world.county.second_signer_role, world.county.second_signer_duty = "CW", Duty.COORDINATOR
    world.county.save()
    assert approve(signer, proposal).state == "approved"


@pytest.mark.django_db
def test_a_signed_version_and_its_cells_cannot_be_changed() -> None:
    county_make()
    acts = (
        lambda: ProtocolVersion.objects.update(note="other words"),
        lambda: DisclosureCell.objects.filter(category="r17").update(access="S"),
        lambda: DisclosureCell.objects.filter(category="r17").delete(),
    )
    for act in acts:
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert DisclosureCell.objects.count() == 28 * 17


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"basis": "hearsay"}, "basis"),
        ({"access": "A", "basis": "own"}, "basis"),
        ({"access": "S", "basis": "CANRA"}, "access"),
        ({"role": "SC", "access": "S", "basis": "own"}, "access"),
        ({"access": "X"}, "access"),
        ({"reason": "Because"}, "reason"),
    ],
)
def test_a_cell_without_sense_difference_or_reason_is_refused(wrong: dict[str, str], field: str) -> None:
    ana, _ = counsel_of(county_make())
    proposal = proposal_open(viewer=ana, note="Try", now=NOW)
    with pytest.raises(RuleBroken) as refused:
        cell_propose(viewer=ana, proposal_id=proposal.pk, now=NOW, **{**CELL, **wrong})
    assert refused.value.field == field
    assert not proposal.cells.exists()
    cell_propose(viewer=ana, proposal_id=proposal.pk, now=NOW, **CELL)
    cell_propose(viewer=ana, proposal_id=proposal.pk, now=NOW, **{**CELL, "access": "Σ", "basis": "CANRA"})
    assert proposal.cells.get().access == "Σ"


@pytest.mark.django_db
def test_a_proposal_is_its_writers_until_it_is_submitted_and_nobodys_afterwards() -> None:
    ana, ben = counsel_of(county_make())
    proposal = proposal_open(viewer=ana, note="Try", now=NOW)
    with pytest.raises(RuleBroken, match="Nothing is changed"):
        proposal_submit(viewer=ana, proposal_id=proposal.pk, effective_at=None, now=NOW)
    with pytest.raises(NotAllowed):
        cell_propose(viewer=ben, proposal_id=proposal.pk, now=NOW, **CELL)
    with pytest.raises(RuleBroken):
        approve(ben, proposal)
    cell_propose(viewer=ana, proposal_id=proposal.pk, now=NOW, **CELL)
    with pytest.raises(RuleBroken, match="past"):
        proposal_submit(viewer=ana, proposal_id=proposal.pk, effective_at=NOW - timedelta(days=1), now=NOW)
    proposal_submit(viewer=ana, proposal_id=proposal.pk, effective_at=None, now=NOW)
    with pytest.raises(RuleBroken, match="waiting for a second person"):
        cell_drop(viewer=ana, proposal_id=proposal.pk, category="r03", role="PO", now=NOW)
    with pytest.raises(RuleBroken, match="Say what"):
        proposal_decide(viewer=ben, proposal_id=proposal.pk, approve=False, decision=" ", now=NOW)
    back = proposal_decide(viewer=ben, proposal_id=proposal.pk, approve=False, decision="Cite it.", now=NOW)
    assert (back.state, back.decision) == ("rejected", "Cite it.")
    again = proposal_open(viewer=ana, note="Again", now=NOW, take_over=proposal.pk)
    assert again.cells.get().reason == WHY
    cell_drop(viewer=ana, proposal_id=again.pk, category="r03", role="PO", now=NOW)
    assert not again.cells.exists()
    assert proposal_withdraw(viewer=ana, proposal_id=again.pk, now=NOW).state == "withdrawn"


@pytest.mark.django_db
def test_another_countys_proposal_is_not_there() -> None:
    ana, _ = counsel_of(county_make())
    _, stranger = counsel_of(county_make("Elsewhere County"))
    proposal = submitted(ana)
    for asked in (proposal.pk, uuid4()):
        with pytest.raises(NotVisible):
            proposal_decide(viewer=stranger, proposal_id=asked, approve=True, decision="", now=NOW)


@pytest.mark.django_db
def test_a_proposal_on_an_older_version_is_refused_with_what_changed_and_can_be_taken_over() -> None:
    world = county_make()
    ana, ben = counsel_of(world)
    stale, first = submitted(ana), submitted(ben, category="r14", role="DA", access="A", basis="CO")
    approve(ana, first)
    with pytest.raises(
        RuleBroken, match=r"Version 2 was signed since.*Education records for District attorney"
    ):
        approve(ben, stale)
    again = proposal_open(viewer=ana, note="Again", now=NOW, take_over=stale.pk)
    proposal_submit(viewer=ana, proposal_id=again.pk, effective_at=None, now=NOW)
    signed = approve(ben, again).signed
    assert signed is not None
    versions = list(ProtocolVersion.objects.order_by("number").values_list("pk", flat=True))
    changes = matrix_changes(matrix_of(versions[0]), matrix_of(signed.pk))
    assert {(change.after.category, change.after.role) for change in changes} == {
        ("r03", "PO"),
        ("r14", "DA"),
    }


@pytest.mark.django_db
def test_a_version_begins_when_asked_across_the_night_the_clocks_change() -> None:
    world = county_make()
    ana, ben = counsel_of(world)
    midnight = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)  # midnight in California after the clocks went forward
    approve(ben, submitted(ana, effective_at=midnight))
    before, after = midnight - timedelta(seconds=1), midnight
    assert matrix_in_force(world.county.pk, now=before).cell("r03", "PO").access is Access.SEE
    assert matrix_in_force(world.county.pk, now=after).cell("r03", "PO").access is Access.NEVER
    with pytest.raises(RuleBroken, match="begins later"):
        submitted(ana, effective_at=before, category="r14", role="DA", access="A", basis="CO")


@pytest.mark.django_db
def test_a_day_that_passed_while_it_waited_is_not_reached_back_to() -> None:
    ana, ben = counsel_of(county_make())
    proposal = submitted(ana, effective_at=NOW + timedelta(days=1))
    later = NOW + timedelta(days=3)
    signed = approve(ben, proposal, now=later).signed
    assert signed is not None
    assert signed.effective_at == later


@pytest.mark.django_db(transaction=True)
def test_of_two_approvals_at_once_one_signs() -> None:
    world = county_make()
    ana, ben = counsel_of(world)
    cyd = viewer_of(person_make(world.agencies["CC"], Duty.COUNSEL), now=NOW)
    proposal, together = submitted(ana), Barrier(2)

    def decide(viewer: Viewer) -> str:
        try:
            together.wait(timeout=20)
            approve(viewer, proposal)
        except RuleBroken as refused:
            return str(refused)
        finally:
            connection.close()
        return "signed"

    with ThreadPoolExecutor(2) as pool:
        ends = sorted(task.result(timeout=60) for task in [pool.submit(decide, who) for who in (ben, cyd)])
    assert ends[1] == "signed"
    assert "is approved" in ends[0]
    assert ProtocolVersion.objects.count() == 2
