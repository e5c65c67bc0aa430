"""An independent reading of who may know what, for the proofs.

Written from the county's policy alone: the table in `policy.csv` beside this file, the preconditions above it and the
extra rules below it (WIC 18951, 18961.7, 18964, 827; Penal Code 11167(d); Evidence Code 954, 1014, 1038; 42 CFR 2.31,
2.64). It imports
nothing of `agencies.disclosure`, `cseccase.confidentiality` or any other code that decides in the running product, and it
never asks the database what it has granted. A test holds the product's own default matrix equal to `policy.csv`, so that
a change of the agreement is made twice, on purpose.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

FULL, SUMMARY, NOTHING = "full", "summary", "nothing"
POLICY_FILE = Path(__file__).with_name("policy.csv")
WORDS = ("id", "category", "reason")

Policy = dict[tuple[str, str], tuple[str, str]]
"""(category, role) -> (letter, basis)."""


def policy_read() -> Policy:
    """The county's table as it is written."""
    with POLICY_FILE.open(encoding="utf-8", newline="") as file:
        return {
            (row["id"], role): (cell.split(" ", 1)[0], cell.split(" ", 1)[1])
            for row in csv.DictReader(file)
            for role, cell in row.items()
            if role not in WORDS
        }


@dataclass(frozen=True, slots=True)
class Party:
    """An agency takes part in the child's case for a reason, for a while."""

    agency: UUID
    kind: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """An agency sits at one meeting about the child; `deemed` when its membership was reasoned in writing."""

    agency: UUID
    meeting: UUID
    deemed: bool
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A consent, release, order or logged need that names one agency and one category.

    `person` where it names one of them, `holder` the agency whose records alone it lets go; `agreed_at` when a supervisor
    agreed to a need, `findings` where an order makes those that 42 CFR 2.64 asks for.
    """

    agency: UUID
    kind: str
    category: str
    since: datetime
    until: datetime | None = None
    revoked_at: datetime | None = None
    person: UUID | None = None
    holder: UUID | None = None
    agreed_at: datetime | None = None
    findings: bool = False
    section: UUID | None = None
    """Where it lies; a purpose for sealed records lies among just those."""


@dataclass(frozen=True, slots=True)
class Look:
    """One person broke the glass in an emergency: for which reason, and until when."""

    person: UUID
    reason: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Shelf:
    """The part of a file that a record stands in; `sealed` is its own id while a court's order seals it."""

    category: str
    custodian: UUID | None = None
    author: UUID | None = None
    meeting: UUID | None = None
    sealed: UUID | None = None


@dataclass(slots=True)
class Told:
    """Everything true about one case that bears on who may know of it."""

    parties: list[Party] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    adult_at: datetime | None = None
    reports: list[datetime] = field(default_factory=list)
    good_causes: list[tuple[UUID, datetime]] = field(default_factory=list)
    """Meetings whose two members wrote down why they need longer, and until when."""
    named: frozenset[UUID] | None = None
    """Whom the file is restricted to, where it is; a worker of every agency that keeps it is among them."""
    looks: list[Look] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reader:
    """A person as the policy knows one: agency, role, and whether designated for case work, trained and active."""

    person: UUID
    agency: UUID
    role: str
    works_cases: bool
    reads_in_emergency: bool = False
    """Whether this is a page asked for to read, on which what an emergency opened is shown."""


NIGHT_ROLES = frozenset({"CW", "PO", "LE", "PH", "MH"})
EMERGENCY: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    category: (frozenset(reasons.split()), frozenset(roles.split()) or NIGHT_ROLES)
    for category, reasons, roles in (
        ("r01", "danger missing medical", ""), ("r02", "danger missing", ""), ("r03", "danger missing", ""),
        ("r08", "danger medical", ""), ("r10", "medical", "PH"), ("r11", "danger missing medical", ""),
        ("r15", "danger", ""), ("r16", "danger missing", ""), ("r18", "danger missing", ""),
        ("r19", "danger missing medical", ""), ("r20", "danger missing medical", ""),
        ("r25", "danger missing medical", ""),
    )
}  # fmt: skip
"""What breaking the glass opens: for which reasons, to whom of those called out at night."""


def may_know(
    reader: Reader, told: Told, shelf: Shelf, at: datetime, *, policy: Policy, in_force: Policy | None = None
) -> str:
    """`full`, `summary` or `nothing`. `in_force` is the agreement of this moment where it is no longer `policy`."""
    if not reader.works_cases or reader.role == "SC":
        return NOTHING
    if told.named is not None and reader.person not in told.named:
        return NOTHING
    if shelf.sealed is not None:
        answer = _sealed(reader, told, shelf, at, policy)
    elif shelf.category == "d01":
        answer = _duties(reader, told, shelf, at, policy)
    elif shelf.author is not None:
        answer = _authored(reader, told, shelf, at, policy)
    else:
        answer = _shared(reader, told, shelf, at, policy)
    if answer != FULL and _looked(reader, told, shelf, at, policy):
        answer = SUMMARY if policy[shelf.category, reader.role][0] == "Σ" else FULL
    keeps_duties = shelf.category == "d01" and (reader.role == "CW" or shelf.custodian == reader.agency)
    if in_force is not None and not keeps_duties:
        letter = in_force["r26" if shelf.category == "d01" else shelf.category, reader.role][0]
        if letter == "N" or (letter == "Σ" and answer == FULL):
            return NOTHING
    return answer


def of_the_record(answer: str, kind: str, reader: Reader, shelf: Shelf) -> str:
    """What the answer for a section leaves of one record in it, whatever opens the rest.

    A private note is its writer's. Who takes part is for the agencies that keep the file. What the sharing rule alone
    reads of seats is nobody's: members read them with the minutes.
    """
    if kind == "PrivateNote" and shelf.author != reader.person:
        return NOTHING
    if kind == "SeatFact" or (kind == "CaseParty" and reader.role not in {"CW", "PO", "CC"}):
        return NOTHING
    return answer


def _sealed(reader: Reader, told: Told, shelf: Shelf, at: datetime, policy: Policy) -> str:
    """What a court sealed does not exist, but for whom a purpose on file that ends names (WIC 781, 786, 827.95)."""
    letter, _ = policy[shelf.category, reader.role]
    if letter == "N" or not _paper(reader, told, shelf, at, "seal", {shelf.category}):
        return NOTHING
    return SUMMARY if letter == "Σ" else FULL


def _looked(reader: Reader, told: Told, shelf: Shelf, at: datetime, policy: Policy) -> bool:
    """An emergency opens no private part and nothing sealed or kept for ever; from eighteen on nothing of a team."""
    letter, basis = policy.get((shelf.category, reader.role), ("N", ""))
    private = shelf.custodian or shelf.author or shelf.meeting or shelf.sealed
    if not reader.reads_in_emergency or private or letter == "N" or (basis == "MDT" and _grown(told, at)):
        return False
    reasons, roles = EMERGENCY.get(shelf.category, (frozenset(), frozenset()))
    return reader.role in roles and any(
        look.person == reader.person and look.reason in reasons and look.since <= at < look.until
        for look in told.looks
    )


def _duties(reader: Reader, told: Told, shelf: Shelf, at: datetime, policy: Policy) -> str:
    """ "Each agency sees its own tasks and the status of others"; child welfare leads and follows all.

    Once assigned no longer, it reads them as anybody reads the service plan: by the young adult's consent.
    """
    if (reader.role == "CW" or shelf.custodian == reader.agency) and _assigned(reader, told, at):
        return FULL
    return _shared(reader, told, Shelf("r26", shelf.custodian), at, policy, also="d01")


def _authored(reader: Reader, told: Told, shelf: Shelf, at: datetime, policy: Policy) -> str:
    """One writer's notes: theirs while assigned; another agency's only by the paper its own cell names."""
    letter, basis = policy[shelf.category, reader.role]
    if shelf.custodian == reader.agency:
        writes = (letter, basis) == ("S", "author") and shelf.author == reader.person
        return FULL if writes and _assigned(reader, told, at) else NOTHING
    return _shared(reader, told, shelf, at, policy) if letter == "A" else NOTHING


def _shared(reader: Reader, told: Told, shelf: Shelf, at: datetime, policy: Policy, also: str = "") -> str:
    letter, basis = policy[shelf.category, reader.role]
    if letter == "N":
        return NOTHING
    how_far = SUMMARY if letter == "Σ" else FULL
    categories = {shelf.category, also}
    if basis == "MDT":
        opened = _team(reader, told, shelf, at, letter, categories)
    elif letter == "A":
        opened = _paper(reader, told, shelf, at, basis, categories) or (
            basis in {"CASA", "own-client"}
            and any(p.kind in {"appointment", "retainer"} for p in _parties(reader, told, at))
        )
    else:
        opened = _standing(reader, told, shelf, at, basis)
    return how_far if opened else NOTHING


def _team(reader: Reader, told: Told, shelf: Shelf, at: datetime, letter: str, categories: set[str]) -> bool:
    """A seat under 18, deemed in writing where the role is no member by law; from 18 the consent of WIC 18964(c)."""
    if _grown(told, at):
        return _paper(reader, told, shelf, at, "NMD", categories)
    return any(seat.deemed or letter != "A" for seat in _seats(reader, told, at, shelf))


def _standing(reader: Reader, told: Told, shelf: Shelf, at: datetime, basis: str) -> bool:
    foreign = shelf.custodian is not None and shelf.custodian != reader.agency
    ours = shelf.custodian == reader.agency
    by_basis: dict[str, Callable[[], bool]] = {
        "author": lambda: False,
        "custodian": lambda: ours,
        "own": lambda: not foreign,
    }
    if not by_basis.get(basis, lambda: True)():
        return False
    if shelf.category == "r04" and reader.role == "PO":
        # Only where probation received or investigates the report (Penal Code 11167(d)(1)).
        kinds = {"assignment", "jurisdiction", "responder", "cross_report"}
        return any(p.kind in kinds for p in _parties(reader, told, at))
    return _assigned(reader, told, at, shelf)


def _assigned(reader: Reader, told: Told, at: datetime, shelf: Shelf | None = None) -> bool:
    seats = _seats(reader, told, at, shelf or Shelf(""))
    return bool(_parties(reader, told, at) or seats)


def _parties(reader: Reader, told: Told, at: datetime) -> list[Party]:
    return [one for one in told.parties if one.agency == reader.agency and _lives(one, at)]


def _seats(reader: Reader, told: Told, at: datetime, shelf: Shelf) -> list[Seat]:
    """Minutes and their meeting belong to the members of that meeting alone (WIC 830, 18961.7).

    A team is for a child (18951(a)): no seat counts from eighteen on.
    """
    if _grown(told, at):
        return []
    own = [one for one in told.seats if one.agency == reader.agency and _lives(one, at)]
    if shelf.category == "r24" or shelf.meeting is not None:
        return [one for one in own if one.meeting == shelf.meeting]
    return [one for one in own if _may_still_share(one.meeting, told, at)]


def _may_still_share(meeting: UUID, told: Told, at: datetime) -> bool:
    """Three make a team without limit (WIC 830, 18951); two have 30 days from the report (18961.7(c)), or good cause."""
    present = [one for one in told.seats if one.meeting == meeting and _lives(one, at)]
    if len(present) > 2:
        return True
    if any(of == meeting and at < until for of, until in told.good_causes):
        return True
    known = [moment for moment in told.reports if moment <= at]
    begun = max(known) if known else min(one.since for one in present)
    return at - begun < timedelta(days=30)


def _grown(told: Told, at: datetime) -> bool:
    return told.adult_at is not None and told.adult_at <= at


def _paper(
    reader: Reader, told: Told, shelf: Shelf, at: datetime, ground: str, categories: Iterable[str]
) -> bool:
    """A paper of the right kind, for this reader, about this shelf, at this moment."""
    return any(
        one.agency == reader.agency
        and one.person in {None, reader.person}
        and one.category in categories
        and (shelf.sealed is None or one.section == shelf.sealed)
        and (one.holder is None or shelf.custodian in {None, one.holder})
        and _answers(one, ground, at)
        and _lives(one, at)
        and (one.revoked_at is None or at < one.revoked_at)
        for one in told.papers
    )


def _answers(paper: Paper, ground: str, at: datetime) -> bool:
    """Whether a paper is what a ground of the table asks for, and says what the law asks of it."""
    if paper.kind == "CO" and paper.category == "r10":
        return ground == "P2" and paper.findings  # a general order does not reach treatment records
    if ground == "need":
        agreed = paper.agreed_at is not None and paper.agreed_at <= at
        return paper.kind == "need" and paper.until is not None and agreed
    if ground == "youth":  # the choice of a child, or the consent of somebody grown
        return paper.kind in {"youth", "NMD"}
    if ground == "seal":  # a purpose for which a sealed record may be read ends
        return paper.kind == "seal" and paper.until is not None
    return paper.kind == ground


def _lives(one: Party | Seat | Paper, at: datetime) -> bool:
    return one.since <= at and (one.until is None or at < one.until)
