"""Reading how the sharing rules change: proposals with their differences, the versions signed, and two held together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from agencies.disclosure.categories import BASES, CATEGORY_NAMES, ROLE_NAMES
from agencies.disclosure.changes import Change, Direction, matrix_changes, matrix_with
from agencies.disclosure.matrix import Access, Cell, Matrix
from agencies.models import County, DisclosureCell, ProposedCell, ProtocolProposal, ProtocolVersion
from agencies.policies import (
    MAY_NOT_DECIDE,
    TWO_PEOPLE,
    is_oneself,
    may_decide_rules,
    may_propose_rules,
    may_see_matrix,
)
from agencies.selectors.matrix import NO_DUTY, WORDS
from agencies.selectors.protocol import matrix_of
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, NotVisible, Refusal

PAGE: Final = 25
State = ProtocolProposal.State
DOES: Final = {
    Direction.GAINS: "Sees more",
    Direction.LOSES: "Sees less",
    Direction.GROUND: "Other ground",
}


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One changed cell in words: what the agency could see, what it would see, and why."""

    category: str
    role: str
    record: str
    agency: str
    before: str
    after: str
    does: str
    reason: str


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """One proposal in the list."""

    id: UUID
    number: int
    note: str
    state: str
    state_words: str
    proposed_by: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One signed version; `state` is "future", "in force" or "past", `settling` how far the cases are worked through."""

    number: int
    effective_at: datetime
    approved_by: str
    note: str
    state: str
    settling: str


@dataclass(frozen=True, slots=True)
class RulesPage:
    """The proposals and versions of a county, newest first, one page of each."""

    proposals: list[ProposalLine]
    versions: list[VersionLine]
    page: int
    has_older: bool
    may_propose: bool
    may_read_proposals: bool


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """One proposal with every difference it would make."""

    line: ProposalLine
    base: int
    stale: bool
    submitted_at: datetime | None
    effective_at: datetime | None
    decided_by: str
    decided_at: datetime | None
    decision: str
    signed: int | None
    changes: list[ChangeLine]
    gains: list[str]
    loses: list[str]
    may_edit: bool
    may_withdraw: bool
    may_decide: bool
    may_take_over: bool
    waits_for: Refusal | None


def may_decide_here(viewer: Viewer) -> bool:
    """Whether this person decides proposals in their county: counsel, or the second signer agreed on."""
    county = County.objects.get(pk=viewer.county)
    return may_decide_rules(
        viewer, second_role=county.second_signer_role, second_duty=county.second_signer_duty
    )


def rules_page(*, viewer: Viewer, now: datetime, page: int = 1) -> RulesPage:
    """How the rules came to be what they are. Raises `NotAllowed` for somebody without any duty."""
    if not may_see_matrix(viewer):
        raise NotAllowed(NO_DUTY)
    page = max(page, 1)
    window = slice((page - 1) * PAGE, page * PAGE + 1)
    reads = may_decide_here(viewer)
    proposals: list[ProtocolProposal] = []
    if reads:
        found = ProtocolProposal.objects.filter(county=viewer.county).select_related("proposed_by")
        proposals = list(found.order_by("-number")[window])
    signed = ProtocolVersion.objects.filter(county=viewer.county).select_related("settling")
    versions = list(signed.order_by("-number")[window])
    in_force = (
        ProtocolVersion.objects.filter(county=viewer.county, effective_at__lte=now)
        .order_by("-effective_at", "-number")
        .first()
    )
    return RulesPage(
        proposals=[_line(row) for row in proposals[:PAGE]],
        versions=[_version(row, in_force, now) for row in versions[:PAGE]],
        page=page,
        has_older=len(proposals) > PAGE or len(versions) > PAGE,
        may_propose=may_propose_rules(viewer),
        may_read_proposals=reads,
    )


def access_proposal(*, viewer: Viewer, proposal_id: UUID) -> ProposalPage:
    """The door to a proposal. Raises `NotAllowed` for those who neither propose nor decide, `NotVisible`."""
    if not may_decide_here(viewer):
        raise NotAllowed(MAY_NOT_DECIDE)
    row = (
        ProtocolProposal.objects.select_related("base", "proposed_by", "decided_by", "signed")
        .filter(pk=proposal_id, county=viewer.county)
        .first()
    )
    if row is None:
        raise NotVisible
    newest = ProtocolVersion.objects.filter(county=viewer.county).order_by("-number").values_list("pk")[:1]
    stale = row.signed_id is None and newest[0][0] != row.base_id
    mine = is_oneself(viewer, row.proposed_by_id)
    lines = proposal_changes(row)
    waiting = row.state == State.SUBMITTED
    return ProposalPage(
        line=_line(row),
        base=row.base.number,
        stale=stale,
        submitted_at=row.submitted_at,
        effective_at=row.effective_at,
        decided_by=row.decided_by.full_name if row.decided_by else "",
        decided_at=row.decided_at,
        decision=row.decision,
        signed=row.signed.number if row.signed else None,
        changes=lines,
        gains=_agencies(lines, Direction.GAINS),
        loses=_agencies(lines, Direction.LOSES),
        may_edit=mine and row.state == State.OPEN and may_propose_rules(viewer),
        may_withdraw=mine and row.state in {State.OPEN, State.SUBMITTED},
        may_decide=waiting and not mine,
        may_take_over=may_propose_rules(viewer)
        and (stale or row.state in {State.REJECTED, State.WITHDRAWN})
        and row.state != State.APPROVED,
        waits_for=TWO_PEOPLE if waiting and mine else None,
    )


def proposal_matrix(*, viewer: Viewer, proposal_id: UUID) -> Matrix:
    """The matrix as it would be. Raises as `access_proposal` does."""
    access_proposal(viewer=viewer, proposal_id=proposal_id)
    row = ProtocolProposal.objects.get(pk=proposal_id)
    return matrix_with(matrix_of(row.base_id), map(_cell, row.cells.all()))


def proposals_waiting(viewer: Viewer) -> int:
    """How many proposals wait for this person's decision."""
    if not may_decide_here(viewer):
        return 0
    rows = ProtocolProposal.objects.filter(county=viewer.county, state=State.SUBMITTED)
    return rows.exclude(proposed_by=viewer.person).count()


def open_proposals(viewer: Viewer) -> list[tuple[UUID, str]]:
    """The proposals that are not decided yet, as choices; none for those who may not read them."""
    if not may_decide_here(viewer):
        return []
    rows = ProtocolProposal.objects.filter(county=viewer.county, state__in=[State.OPEN, State.SUBMITTED])
    return [(row.pk, f"Proposal {row.number}: {row.note}") for row in rows.order_by("-number")[:PAGE]]


def proposal_changes(row: ProtocolProposal) -> list[ChangeLine]:
    """What a proposal changes against the version it starts from, in the order of the grid."""
    cells = list(row.cells.all())
    base = matrix_of(row.base_id)
    reasons = {(cell.category, cell.role): cell.reason for cell in cells}
    return _lines(matrix_changes(base, matrix_with(base, map(_cell, cells))), reasons)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions held together, one page of their differences."""

    older: int
    newer: int
    changes: list[ChangeLine]
    in_all: int
    numbers: list[int]
    page: int
    has_older: bool


def versions_compare(
    *, viewer: Viewer, older: int | None, newer: int | None, page: int = 1
) -> Comparison | None:
    """What lies between two versions, by default the newest two; None where fewer than two are signed.

    Raises `NotAllowed`, and `NotVisible` for a number that no version has.
    """
    if not may_see_matrix(viewer):
        raise NotAllowed(NO_DUTY)
    ids = dict(
        ProtocolVersion.objects.filter(county=viewer.county).order_by("-number").values_list("number", "pk")
    )
    numbers = list(ids)
    if len(numbers) < 2:  # two sides
        return None
    newer = numbers[0] if newer is None else newer
    older = next((n for n in numbers if n < newer), numbers[-1]) if older is None else older
    if older not in ids or newer not in ids:
        raise NotVisible
    changes = matrix_changes(matrix_of(ids[older]), matrix_of(ids[newer]))
    page = max(page, 1)
    shown = changes[(page - 1) * PAGE : page * PAGE]
    reasons = {
        (category, role): reason
        for category, role, reason in DisclosureCell.objects.filter(version=ids[newer]).values_list(
            "category", "role", "reason"
        )
    }
    return Comparison(
        older, newer, _lines(shown, reasons), len(changes), numbers, page, len(changes) > page * PAGE
    )


def cell_words(cell: Cell) -> str:
    """A cell as people say it: how much, and on which ground."""
    meaning = BASES.get(cell.basis, cell.basis)
    return f"{WORDS[cell.access]}: {meaning}"


def _lines(changes: Iterable[Change], reasons: dict[tuple[str, str], str]) -> list[ChangeLine]:
    return [
        ChangeLine(
            category=change.after.category,
            role=change.after.role,
            record=CATEGORY_NAMES[change.after.category],
            agency=ROLE_NAMES[change.after.role],
            before=cell_words(change.before),
            after=cell_words(change.after),
            does=DOES[change.direction],
            reason=reasons.get((change.after.category, change.after.role), ""),
        )
        for change in changes
    ]


def _agencies(lines: Iterable[ChangeLine], direction: Direction) -> list[str]:
    return sorted({line.agency for line in lines if line.does == DOES[direction]})


def _line(row: ProtocolProposal) -> ProposalLine:
    return ProposalLine(
        id=row.pk,
        number=row.number,
        note=row.note,
        state=row.state,
        state_words=State(row.state).label,
        proposed_by=row.proposed_by.full_name,
        opened_at=row.opened_at,
    )


def _version(row: ProtocolVersion, in_force: ProtocolVersion | None, now: datetime) -> VersionLine:
    if row.effective_at > now:
        state = "future"
    else:
        state = "in force" if in_force is not None and row.pk == in_force.pk else "past"
    settling = row.settling
    if settling.settled_at is not None or state != "in force":
        words = ""
    elif settling.began_at is None:
        words = "What it closes is closed already. What it opens waits until the cases are worked through."
    else:
        words = f"{settling.cases_done} of {settling.cases_in_all} cases worked through. What it closes is closed already."
    return VersionLine(row.number, row.effective_at, row.approved_by, row.note, state, words)


def _cell(row: ProposedCell) -> Cell:
    return Cell(row.category, row.role, Access(row.access), row.basis)
