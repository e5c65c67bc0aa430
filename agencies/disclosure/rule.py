"""The one rule that decides who may see what: from the matrix and the facts to the grants that should exist.

It is pure: the same matrix, facts, sections and moment always give the same grants. It only ever opens what a
condition below allows, so a missing fact closes. Sources: the disclosure matrix agreed by the county, and the
statute named beside each condition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from agencies.disclosure import emergency
from agencies.disclosure.categories import (
    BASIS_AUTHOR,
    BASIS_CASA,
    BASIS_CUSTODIAN,
    BASIS_LEAD,
    BASIS_MDT,
    BASIS_NEED,
    BASIS_OWN,
    BASIS_OWN_CLIENT,
    BASIS_SEAL,
    CHILD_WELFARE,
    MEETING_MINUTES,
    OWN_DUTIES,
    PROBATION,
    REPORTER_IDENTITY,
    SERVICE_PLAN,
    STEERING_COMMITTEE,
    WRITERS,
)
from agencies.disclosure.facts import (
    FOREVER,
    AuthorisationFact,
    CaseFacts,
    EmergencyFact,
    Lasting,
    PartyFact,
    SeatFact,
    SectionFact,
)
from agencies.disclosure.matrix import Access, Cell, Matrix
from agencies.disclosure.papers import answers
from agencies.disclosure.restriction import narrowed

Permission = Literal["see", "see_summary", "write"]

_APPOINTED: Final = frozenset({"appointment", "retainer"})
_RECEIVES_OR_INVESTIGATES: Final = frozenset({"assignment", "jurisdiction", "responder", "cross_report"})


@dataclass(frozen=True, slots=True)
class GrantDue:
    """One permission that should exist on a section, for an agency or for one person (never both).

    `basis` is the ground it rests on; from `ends_at` on it opens nothing (`None`: its facts have no end yet).
    """

    section: UUID
    agency: UUID | None
    person: UUID | None
    permission: Permission
    basis: str
    ends_at: datetime | None


@dataclass(slots=True)
class _Holder:
    """An agency in one of its roles, with the facts of the case that are about it."""

    agency: UUID
    role: str
    parties: list[PartyFact] = field(default_factory=list)
    seats: list[SeatFact] = field(default_factory=list)
    authorisations: list[AuthorisationFact] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked at one moment of one section and one holder; of one `person` of it, where a paper names them."""

    section: SectionFact
    holder: _Holder
    cell: Cell
    now: datetime
    adult_at: datetime
    person: UUID | None = None

    @property
    def child_is_adult(self) -> bool:
        return self.adult_at <= self.now

    @property
    def is_custodian(self) -> bool:
        return self.section.custodian == self.holder.agency


@dataclass(frozen=True, slots=True)
class _Opening:
    """A condition that is met: how far it opens, on which ground, and when it ceases to be met."""

    permission: Permission
    basis: str
    end: datetime


def grants_due(
    *, matrix: Matrix, facts: CaseFacts, sections: Iterable[SectionFact], now: datetime
) -> frozenset[GrantDue]:
    """The grants that should exist at `now`; each holder, section and permission once, the latest end.

    Raises `ValueError` when `now` is not timezone-aware.
    """
    if now.tzinfo is None:
        raise ValueError("`now` must carry its time zone.")
    adult_at = facts.turns_adult_at or FOREVER
    if facts.child_is_adult:
        adult_at = min(adult_at, now)
    holders = [holder for holder in _holders(facts) if holder.role != STEERING_COMMITTEE]
    best: dict[tuple[UUID, UUID | None, UUID | None, str], GrantDue] = {}
    for section in sections:
        for holder in holders:
            cell = matrix.cell(section.category, holder.role)
            for grant in _grants(_Question(section, holder, cell, now, adult_at)):
                for left in narrowed(grant, facts.restriction):
                    _keep_longest(best, left)
        for fact in facts.emergencies:
            looked = _emergency_grant(section, fact, matrix.cell(section.category, fact.role), now, adult_at)
            if looked is not None:
                for left in narrowed(looked, facts.restriction):
                    _keep_longest(best, left)
    return frozenset(best.values())


def _keep_longest(best: dict[tuple[UUID, UUID | None, UUID | None, str], GrantDue], grant: GrantDue) -> None:
    key = (grant.section, grant.agency, grant.person, grant.permission)
    if key not in best or _rank(grant) > _rank(best[key]):
        best[key] = grant


def _emergency_grant(
    section: SectionFact, fact: EmergencyFact, cell: Cell, now: datetime, adult_at: datetime
) -> GrantDue | None:
    """What an emergency look opens to its one person: never to write, never a private part, never past the hour.

    A cell says how far at most: never stays never, a summary stays a summary. From eighteen on, what rests on the
    team rests on the young person's consent (WIC 18964(c)), which no emergency gives.
    """
    private = section.custodian or section.author or section.meeting
    if private is not None or section.sealed:
        return None
    if cell.access is Access.NEVER or not emergency.opens(
        section.category, role=fact.role, reason=fact.reason
    ):
        return None
    end = _live_until(fact, now)
    if end is not None and cell.basis == BASIS_MDT:
        end = min(end, adult_at) if adult_at > now else None
    if end is None:
        return None
    permission: Permission = "see_summary" if cell.access is Access.SUMMARY else "see"
    return GrantDue(section.id, None, fact.person, permission, emergency.BASIS_EMERGENCY, end)


def _holders(facts: CaseFacts) -> Iterable[_Holder]:
    found: dict[tuple[UUID, str], _Holder] = {}

    def holder(agency: UUID, role: str) -> _Holder:
        return found.setdefault((agency, role), _Holder(agency, role))

    for party in facts.parties:
        holder(party.agency, party.role).parties.append(party)
    for seat in facts.seats:
        holder(seat.agency, seat.role).seats.append(seat)
    for authorisation in facts.authorisations:
        holder(authorisation.agency, authorisation.role).authorisations.append(authorisation)
    return found.values()


def _rank(grant: GrantDue) -> tuple[datetime, str]:
    return (grant.ends_at or FOREVER, grant.basis)


def _grants(ask: _Question) -> Iterator[GrantDue]:
    if ask.section.sealed:
        yield from _sealed_grants(ask)
        return
    if ask.section.category == OWN_DUTIES:
        yield from _own_duties_grants(ask)
    elif ask.section.author is not None:
        yield from _authored_grants(ask)
    else:
        yield from _agency_grants(ask, _opening(ask))
    yield from _named_grants(ask)


def _named_grants(ask: _Question) -> Iterator[GrantDue]:
    """To a person whom a paper names: as far as the paper goes, whatever the agency's own part in the case is."""
    of_team = ask.cell.basis == BASIS_MDT
    by_paper = ask.child_is_adult if of_team else ask.cell.access is Access.AUTHORISED
    if not by_paper or ask.cell.access is Access.NEVER or (ask.section.author and ask.is_custodian):
        return
    permission: Permission = "see_summary" if ask.cell.access is Access.SUMMARY else "see"
    for person in {paper.person for paper in ask.holder.authorisations if paper.person is not None}:
        named = replace(ask, person=person)
        yield from _agency_grants(named, _paper_opening(named, permission))


def _sealed_grants(ask: _Question) -> Iterator[GrantDue]:
    """What a court's order seals is absent to everybody whose ground is no purpose for it on file (WIC 781, 786, 827.95)."""
    if ask.cell.access is Access.NEVER:
        return
    permission: Permission = "see_summary" if ask.cell.access is Access.SUMMARY else "see"
    purposes = [
        paper
        for paper in ask.holder.authorisations
        if paper.kind == BASIS_SEAL and paper.section == ask.section.id and paper.until is not None
    ]
    for person in {paper.person for paper in purposes}:
        named = replace(ask, person=person)
        yield from _agency_grants(named, _longest(purposes, named, permission))


def _own_duties_grants(ask: _Question) -> Iterator[GrantDue]:
    """An agency keeps its duties while assigned, child welfare as lead keeps all.

    Others, and whoever is assigned no longer, read them as they read the service plan: a young adult's consent opens
    to an agency what it owes as it opens what others owe (WIC 18964(c)).
    """
    keeps_it = ask.is_custodian or ask.holder.role == CHILD_WELFARE
    end = _assigned_until(ask) if keeps_it else None
    if end is not None:
        basis = BASIS_OWN if ask.is_custodian else BASIS_LEAD
        yield _to_agency(ask, _Opening("see", basis, end))
        yield _to_agency(ask, _Opening("write", basis, end))
    opening = _opening(ask)
    if end is None or (opening is not None and opening.end > end):
        yield from _agency_grants(ask, opening)


def _authored_grants(ask: _Question) -> Iterator[GrantDue]:
    """Notes of one person: theirs alone (Evidence Code 954, 1014, 1038) unless a paper names an agency."""
    if not ask.is_custodian:
        if ask.cell.access is Access.AUTHORISED:
            yield from _agency_grants(ask, _opening(ask))
        return
    end = _assigned_until(ask)
    if end is None or ask.cell.access is not Access.SEE or ask.cell.basis != BASIS_AUTHOR:
        return
    permissions: tuple[Permission, ...] = ("see", "write") if _keeps_record(ask) else ("see",)
    for permission in permissions:
        yield GrantDue(ask.section.id, None, ask.section.author, permission, BASIS_AUTHOR, _shown(end))


def _agency_grants(ask: _Question, opening: _Opening | None) -> Iterator[GrantDue]:
    if opening is None:
        return
    yield _to_agency(ask, opening)
    if opening.permission == "see" and _keeps_record(ask):
        yield _to_agency(ask, _Opening("write", opening.basis, opening.end))


def _keeps_record(ask: _Question) -> bool:
    """Whether this holder writes here: its role keeps such records, and this is no other's private copy."""
    if ask.section.custodian is not None and not ask.is_custodian:
        return False
    return ask.holder.role in WRITERS.get(ask.section.category, frozenset())


def _to_agency(ask: _Question, opening: _Opening) -> GrantDue:
    return GrantDue(
        section=ask.section.id,
        agency=None if ask.person else ask.holder.agency,
        person=ask.person,
        permission=opening.permission,
        basis=opening.basis,
        ends_at=_shown(opening.end),
    )


def _shown(end: datetime) -> datetime | None:
    return None if end == FOREVER else end


def _opening(ask: _Question) -> _Opening | None:
    """How far the cell opens, by the condition its ground sets."""
    access, basis = ask.cell.access, ask.cell.basis
    if access is Access.NEVER:
        return None
    if basis == BASIS_MDT:
        return _team_opening(ask)
    if access is Access.AUTHORISED:
        return _authorised_opening(ask)
    end = _standing_until(ask)
    if end is None:
        return None
    return _Opening("see_summary" if access is Access.SUMMARY else "see", basis, end)


def _team_opening(ask: _Question) -> _Opening | None:
    """A seat opens until eighteen (WIC 18951); from then on only the young person's consent (18964(c))."""
    permission: Permission = "see_summary" if ask.cell.access is Access.SUMMARY else "see"
    if ask.child_is_adult:
        return _paper_opening(ask, permission)
    # A role that is no member by law is one only when deemed so, with reasons in writing (WIC 18951(d),
    # 18964).
    by_deeming = ask.cell.access is Access.AUTHORISED
    seats = (seat for seat in _seats_that_count(ask) if seat.deemed_in_writing or not by_deeming)
    end = _latest(seats, ask.now)
    return None if end is None else _Opening(permission, BASIS_MDT, end)


def _standing_until(ask: _Question) -> datetime | None:
    """Until when a ground holds that needs no paper: the agency takes part in this child's case."""
    basis = ask.cell.basis
    if basis == BASIS_AUTHOR:
        return None  # opens to a person, never to an agency
    if basis == BASIS_CUSTODIAN and not ask.is_custodian:
        return None
    if basis == BASIS_OWN and ask.section.custodian is not None and not ask.is_custodian:
        return None  # another agency's private copy is not one's own
    if ask.section.category == REPORTER_IDENTITY and ask.holder.role == PROBATION:
        # Probation is on the closed list only where it received or investigates the report (Penal Code
        # 11167(d)(1)).
        return _latest((p for p in ask.holder.parties if p.kind in _RECEIVES_OR_INVESTIGATES), ask.now)
    return _assigned_until(ask)


def _assigned_until(ask: _Question) -> datetime | None:
    """Until when the agency is assigned to this child: a case assignment, a court appointment or a seat."""
    return _latest((*ask.holder.parties, *_seats_that_count(ask)), ask.now)


def _seats_that_count(ask: _Question) -> list[SeatFact]:
    """Minutes count the seats of their own meeting only, not of the case's others (WIC 830, 18961.7).

    Everything else counts a seat as long as its team may share. A team is for a child: at 18 no seat counts (18951(a)).
    """
    if ask.child_is_adult:
        return []
    if ask.section.meeting is None and ask.section.category != MEETING_MINUTES:
        return [_until_adult(_windowed(seat), ask) for seat in ask.holder.seats]
    own = (seat for seat in ask.holder.seats if seat.meeting == ask.section.meeting)
    return [_until_adult(seat, ask) for seat in own]


def _until_adult(seat: SeatFact, ask: _Question) -> SeatFact:
    if ask.adult_at == FOREVER:
        return seat
    return replace(seat, until=min(seat.until or FOREVER, ask.adult_at))


def _windowed(seat: SeatFact) -> SeatFact:
    """A seat of a team of two ends with the team's days (WIC 18961.7(c))."""
    if seat.window_until is None:
        return seat
    return replace(seat, until=min(seat.window_until, seat.until or FOREVER))


def _authorised_opening(ask: _Question) -> _Opening | None:
    """By the paper asked for, which names its recipient and so suffices; or by a recorded appointment or retainer."""
    by_paper = _paper_opening(ask, "see")
    if ask.cell.basis not in {BASIS_CASA, BASIS_OWN_CLIENT}:
        return by_paper
    end = _latest((p for p in ask.holder.parties if p.kind in _APPOINTED), ask.now)
    if end is None or (by_paper is not None and by_paper.end >= end):
        return by_paper
    return _Opening("see", ask.cell.basis, end)


def _paper_opening(ask: _Question, permission: Permission) -> _Opening | None:
    """What the longest-lived paper opens that answers the cell's ground for this recipient, category and keeper."""
    wanted = answers(ask.cell.basis)
    return _longest((p for p in ask.holder.authorisations if p.kind in wanted), ask, permission)


def _longest(papers: Iterable[AuthorisationFact], ask: _Question, permission: Permission) -> _Opening | None:
    best: _Opening | None = None
    for paper in papers:
        if not _reaches(paper, ask):
            continue
        end = _live_until(paper, ask.now)
        if end is None or (paper.revoked_at is not None and paper.revoked_at <= ask.now):
            continue
        found = _Opening(permission, paper.kind, min(end, paper.revoked_at or FOREVER))
        if best is None or (found.end, found.basis) > (best.end, best.basis):
            best = found
    return best


def _reaches(paper: AuthorisationFact, ask: _Question) -> bool:
    """Whether a paper is about this recipient and this section."""
    if paper.person != ask.person:
        return False
    if not paper.categories & {ask.section.category, _read_as(ask.section.category)}:
        return False
    if paper.discloser is not None and ask.section.custodian not in {None, paper.discloser}:
        return False
    if paper.author is not None and ask.section.author not in {None, paper.author}:
        return False  # nobody signs away what a colleague wrote
    # A need to know is logged with its end, or it is none.
    return paper.kind != BASIS_NEED or paper.until is not None


def _read_as(category: str) -> str:
    """The matrix row that answers for a category."""
    return SERVICE_PLAN if category == OWN_DUTIES else category


def _latest(facts: Iterable[Lasting], now: datetime) -> datetime | None:
    ends = (_live_until(fact, now) for fact in facts)
    return max((end for end in ends if end is not None), default=None)


def _live_until(fact: Lasting, now: datetime) -> datetime | None:
    """When a live fact ends; `None` when it is not live: not yet begun, or over."""
    if fact.since <= now and (fact.until is None or now < fact.until):
        return FOREVER if fact.until is None else fact.until
    return None
