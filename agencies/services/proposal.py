"""Changing the sharing rules: county counsel proposes cell by cell, and a second person signs the next version.

A proposal starts from the newest version signed. When another version is signed meanwhile it cannot be approved any
more: whoever proposed it takes its cells over into a new one, and the second person reads the true difference.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from agencies.disclosure.categories import CATEGORY_NAMES, ROLE_NAMES
from agencies.disclosure.changes import cell_problem, matrix_changes, matrix_with
from agencies.disclosure.matrix import Access, Cell
from agencies.models import County, Notice, ProposedCell, ProtocolProposal, ProtocolVersion
from agencies.policies import (
    MAY_NOT_DECIDE,
    MAY_NOT_PROPOSE,
    NOT_THE_PROPOSER,
    TWO_PEOPLE,
    is_oneself,
    may_decide_rules,
    may_propose_rules,
)
from agencies.selectors.protocol import matrix_of
from agencies.services.protocol import protocol_sign
from agencies.services.signing import signers_of, signing_tell
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, NotVisible, RuleBroken

State = ProtocolProposal.State
WHY = "whoever may decide a change of the sharing rules is told that one waits"
WORDS_IN_A_REASON = 4
CELLS_NAMED = 5
CELLS_IN_ONE = 60


@transaction.atomic
def proposal_open(
    *, viewer: Viewer, note: str, now: datetime, take_over: UUID | None = None
) -> ProtocolProposal:
    """A new proposal on the newest version signed; with `take_over` it brings another one's cells that still differ.

    Raises `NotAllowed`, `NotVisible` for a proposal that is not the county's, `RuleBroken` without a version.
    """
    if not may_propose_rules(viewer):
        raise NotAllowed(MAY_NOT_PROPOSE)
    County.objects.select_for_update(no_key=True).get(pk=viewer.county)
    base = newest_version(viewer.county)
    last = ProtocolProposal.objects.filter(county=viewer.county).aggregate(last=Max("number"))["last"] or 0
    proposal = ProtocolProposal.objects.create(
        county_id=viewer.county,
        number=last + 1,
        base=base,
        note=note,
        proposed_by_id=viewer.person,
        opened_at=now,
    )
    if take_over is not None:
        _cells_take_over(proposal, viewer, take_over)
    _log(viewer, proposal, now, did="proposal opened", base=base.number)
    return proposal


def newest_version(county: UUID) -> ProtocolVersion:
    """The newest version signed, whether it has begun or not. Raises `RuleBroken` where there is none."""
    newest = ProtocolVersion.objects.filter(county=county).order_by("-number").first()
    if newest is None:
        raise RuleBroken(
            "No protocol version is signed yet. Load the first one, then changes can be proposed."
        )
    return newest


def _cells_take_over(proposal: ProtocolProposal, viewer: Viewer, other: UUID) -> None:
    source = ProtocolProposal.objects.filter(pk=other, county=viewer.county).first()
    if source is None:
        raise NotVisible
    base = matrix_of(proposal.base_id)
    ProposedCell.objects.bulk_create(
        ProposedCell(
            proposal=proposal,
            category=cell.category,
            role=cell.role,
            access=cell.access,
            basis=cell.basis,
            reason=cell.reason,
        )
        for cell in source.cells.order_by("category", "role")
        if base.cell(cell.category, cell.role) != _cell(cell)
    )


@transaction.atomic
def cell_propose(
    *,
    viewer: Viewer,
    proposal_id: UUID,
    category: str,
    role: str,
    access: str,
    basis: str,
    reason: str,
    now: datetime,
) -> ProposedCell:
    """Writes one cell into an open proposal, in place of what it said of that cell before.

    Raises `RuleBroken` for a cell that makes no sense, that changes nothing, or has no sentence of reason.
    """
    proposal = _mine(viewer, proposal_id)
    if access not in set(Access):
        raise RuleBroken("Choose how much the agency may see.", field="access")
    cell = Cell(category, role, Access(access), basis)
    problem = cell_problem(cell)
    if problem is not None:
        raise RuleBroken(problem[1], field=problem[0])
    if matrix_of(proposal.base_id).cell(category, role) == cell:
        raise RuleBroken("The sharing rules say this already. Choose what is to change.", field="access")
    if len(reason.split()) < WORDS_IN_A_REASON:
        raise RuleBroken(
            "Give the reason in a sentence: the law, the order or the agreement.", field="reason"
        )
    others = proposal.cells.exclude(category=category, role=role).count()
    if others >= CELLS_IN_ONE:
        raise RuleBroken(
            f"A proposal holds {CELLS_IN_ONE} changes, so that a person can read them. Submit it, then open another."
        )
    written, _ = ProposedCell.objects.update_or_create(
        proposal=proposal,
        category=category,
        role=role,
        defaults={"access": cell.access, "basis": basis, "reason": reason.strip()},
    )
    _log(viewer, proposal, now, did="cell proposed", category=category, role=role, access=access, basis=basis)
    return written


@transaction.atomic
def cell_drop(*, viewer: Viewer, proposal_id: UUID, category: str, role: str, now: datetime) -> None:
    """Takes a cell out of an open proposal. Raises `NotVisible` when it is not in it."""
    proposal = _mine(viewer, proposal_id)
    gone, _ = ProposedCell.objects.filter(proposal=proposal, category=category, role=role).delete()
    if not gone:
        raise NotVisible
    _log(viewer, proposal, now, did="cell dropped", category=category, role=role)


@transaction.atomic
def proposal_submit(
    *, viewer: Viewer, proposal_id: UUID, effective_at: datetime | None, now: datetime
) -> ProtocolProposal:
    """Hands the proposal to a second person. `effective_at` None asks that it begin when it is approved.

    Raises `RuleBroken` for an empty proposal, a beginning in the past, or a base that is no longer the newest.
    """
    proposal = _mine(viewer, proposal_id)
    if not proposal.cells.exists():
        raise RuleBroken("Nothing is changed yet. Propose at least one change first.")
    if effective_at is not None and effective_at < now:
        raise RuleBroken(
            "A change cannot begin in the past. Choose a later day, or let it begin on approval.",
            field="effective_on",
        )
    _base_check(proposal)
    if effective_at is not None and effective_at < proposal.base.effective_at:
        raise RuleBroken(
            f"Version {proposal.base.number} is signed and begins later than that. Choose its day or a later one.",
            field="effective_on",
        )
    proposal.state, proposal.effective_at, proposal.submitted_at = State.SUBMITTED, effective_at, now
    proposal.save(update_fields=["state", "effective_at", "submitted_at"])
    _log(viewer, proposal, now, did="proposal submitted", cells=proposal.cells.count())
    _tell(proposal, signers_of(proposal.county, but=viewer.person, now=now), now)
    return proposal


@transaction.atomic
def proposal_withdraw(*, viewer: Viewer, proposal_id: UUID, now: datetime) -> ProtocolProposal:
    """Takes back one's own proposal, before or after it was submitted."""
    proposal = _mine(viewer, proposal_id, states=(State.OPEN, State.SUBMITTED))
    proposal.state = State.WITHDRAWN
    proposal.save(update_fields=["state"])
    _log(viewer, proposal, now, did="proposal withdrawn")
    return proposal


@transaction.atomic
def proposal_decide(
    *, viewer: Viewer, proposal_id: UUID, approve: bool, decision: str, now: datetime
) -> ProtocolProposal:
    """The second person's decision. Approval signs the next version, which begins as asked but never before now.

    Raises `NotAllowed` for one's own proposal, `RuleBroken` when it is not waiting, or another version was signed
    since it was opened.
    """
    county = County.objects.get(pk=viewer.county)
    if not may_decide_rules(
        viewer, second_role=county.second_signer_role, second_duty=county.second_signer_duty
    ):
        raise NotAllowed(MAY_NOT_DECIDE)
    proposal = _locked(viewer, proposal_id)
    if is_oneself(viewer, proposal.proposed_by_id):
        raise NotAllowed(TWO_PEOPLE)
    _state_check(proposal, (State.SUBMITTED,))
    if not approve and not decision.strip():
        raise RuleBroken("Say what should be changed, so that it can be proposed again.", field="decision")
    if approve:
        proposal.signed = _sign(proposal, viewer, now)
    proposal.state = State.APPROVED if approve else State.REJECTED
    proposal.decided_by_id, proposal.decided_at, proposal.decision = viewer.person, now, decision.strip()
    proposal.save(update_fields=["state", "signed", "decided_by", "decided_at", "decision"])
    did = "proposal approved" if approve else "proposal sent back"
    signed = {"version": proposal.signed.number} if proposal.signed else {}
    _log(viewer, proposal, now, did=did, **signed)
    _tell(proposal, [proposal.proposed_by_id], now)
    return proposal


def _tell(proposal: ProtocolProposal, people: list[UUID], now: datetime) -> None:
    signing_tell(
        about=Notice.About.PROPOSAL, subject=proposal.pk, stage=proposal.state, people=people, now=now
    )


def _sign(proposal: ProtocolProposal, viewer: Viewer, now: datetime) -> ProtocolVersion:
    County.objects.select_for_update(no_key=True).get(pk=proposal.county_id)
    _base_check(proposal)
    cells = list(proposal.cells.all())
    asked = proposal.effective_at or now
    return protocol_sign(
        county=proposal.county,
        matrix=matrix_with(matrix_of(proposal.base_id), map(_cell, cells)),
        effective_at=max(asked, now, proposal.base.effective_at),
        approved_by=viewer.name[:128],
        note=f"Proposal {proposal.number}: {proposal.note}"[:200],
        reasons={(cell.category, cell.role): cell.reason for cell in cells},
    )


def _base_check(proposal: ProtocolProposal) -> None:
    newest = newest_version(proposal.county_id)
    if newest.pk == proposal.base_id:
        return
    changes = matrix_changes(matrix_of(proposal.base_id), matrix_of(newest.pk))
    named = "; ".join(
        f"{CATEGORY_NAMES[change.after.category]} for {ROLE_NAMES[change.after.role]}"
        for change in changes[:CELLS_NAMED]
    )
    more = f" and {len(changes) - CELLS_NAMED} more" if len(changes) > CELLS_NAMED else ""
    raise RuleBroken(
        f"Version {newest.number} was signed since this proposal was opened on version {proposal.base.number}. "
        f"It changed: {named or 'no cell'}{more}. Take the proposal over into a new one, and submit that."
    )


def _cell(row: ProposedCell) -> Cell:
    return Cell(row.category, row.role, Access(row.access), row.basis)


def _locked(viewer: Viewer, proposal_id: UUID) -> ProtocolProposal:
    proposal = (
        ProtocolProposal.objects.select_for_update(of=("self",))
        .select_related("base", "county")
        .filter(pk=proposal_id, county=viewer.county)
        .first()
    )
    if proposal is None:
        raise NotVisible
    return proposal


def _mine(
    viewer: Viewer, proposal_id: UUID, *, states: tuple[State, ...] = (State.OPEN,)
) -> ProtocolProposal:
    if not may_propose_rules(viewer):
        raise NotAllowed(MAY_NOT_PROPOSE)
    proposal = _locked(viewer, proposal_id)
    if not is_oneself(viewer, proposal.proposed_by_id):
        raise NotAllowed(NOT_THE_PROPOSER)
    _state_check(proposal, states)
    return proposal


def _state_check(proposal: ProtocolProposal, states: tuple[State, ...]) -> None:
    if proposal.state not in states:
        raise RuleBroken(f"Proposal {proposal.number} is {State(proposal.state).label}. Nothing was changed.")


def _log(viewer: Viewer, proposal: ProtocolProposal, now: datetime, *, did: str, **facts: Any) -> None:
    record(
        Verb.SHARING_CHANGED,
        viewer=viewer,
        at=now,
        subject_kind="proposal",
        subject=proposal.pk,
        facts={"did": did, **facts},
    )
