"""Every cell of the default matrix, walked: opens with its facts, stays shut without, shuts when they end.

What a cell promises is worked out here from the letters of the file alone, not by asking the rule.
"""

import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import pytest

from agencies.disclosure.facts import AuthorisationFact, CaseFacts, PartyFact, SeatFact, SectionFact
from agencies.disclosure.matrix import DEFAULT_MATRIX_PATH, matrix_read
from agencies.disclosure.rule import grants_due

SPACE = UUID("00000000-0000-4000-8000-0000000000c5")
NOW = datetime(2026, 11, 18, 20, 0, tzinfo=UTC)
SINCE = NOW - timedelta(days=3)
UNTIL = NOW + timedelta(days=3)
MEETING = uuid5(SPACE, "meeting")
PERSON = uuid5(SPACE, "person")

with DEFAULT_MATRIX_PATH.open(encoding="utf-8", newline="") as file:
    FILE = {row["id"]: row for row in csv.DictReader(file)}
MATRIX = matrix_read(DEFAULT_MATRIX_PATH.read_text(encoding="utf-8"))
ROLES = [name for name in FILE["r01"] if name not in {"id", "category", "reason"}]
CELLS = [
    pytest.param(category, role, *FILE[category][role].split(" ", 1), id=f"{category}-{role}")
    for category in FILE
    if category != "r28"
    for role in ROLES
]
OPENS = {"S": {"see"}, "Σ": {"see_summary"}, "A": {"see"}, "N": set[str]()}
each_cell = pytest.mark.parametrize(("category", "role", "letter", "basis"), CELLS)


def agency(role: str) -> UUID:
    return uuid5(SPACE, f"agency {role}")


def section(category: str, role: str, basis: str) -> SectionFact:
    """The section as its ground has it: a private copy, an author's notes, a meeting's minutes, or plain."""
    plain = SectionFact(id=uuid5(SPACE, category), category=category)
    if basis == "custodian":
        return replace(plain, custodian=agency(role))
    if basis == "author":
        return replace(plain, custodian=agency(role), author=PERSON)
    return replace(plain, meeting=MEETING) if category == "r24" else plain


def party(role: str, kind: str = "assignment") -> PartyFact:
    return PartyFact(agency(role), role, kind, SINCE, UNTIL)


def seat(role: str, deemed: bool = True) -> SeatFact:
    return SeatFact(agency(role), role, MEETING, deemed, SINCE, UNTIL)


def paper(role: str, kind: str, category: str) -> AuthorisationFact:
    return AuthorisationFact(kind, agency(role), role, frozenset({category}), SINCE, UNTIL)


def needed(category: str, role: str, letter: str, basis: str, *, adult: bool = False) -> CaseFacts:
    """The least facts on which this cell opens."""
    if basis == "MDT" and adult:
        return CaseFacts(True, authorisations=(paper(role, "NMD", category),))
    if basis == "MDT":
        return CaseFacts(False, seats=(seat(role, deemed=letter == "A"),))
    if letter == "A":
        return CaseFacts(adult, authorisations=(paper(role, basis, category),))
    return CaseFacts(adult, parties=(party(role),))


def opened(facts: CaseFacts, where: SectionFact, role: str, at: datetime = NOW) -> set[str]:
    """What this role's agency, or the author, may read there."""
    found = grants_due(matrix=MATRIX, facts=facts, sections=[where], now=at)
    assert all(grant.agency == agency(role) or grant.person == PERSON for grant in found)
    return {grant.permission for grant in found} - {"write"}


@each_cell
def test_a_cell_opens_as_agreed_on_its_own_facts(category: str, role: str, letter: str, basis: str) -> None:
    facts = needed(category, role, letter, basis)
    assert opened(facts, section(category, role, basis), role) == OPENS[letter]


@each_cell
def test_a_cell_stays_shut_without_facts(category: str, role: str, letter: str, basis: str) -> None:
    where = section(category, role, basis)
    assert opened(CaseFacts(False), where, role) == set()
    assert opened(CaseFacts(True), where, role) == set()


@each_cell
def test_a_cell_stays_shut_on_the_wrong_facts(category: str, role: str, letter: str, basis: str) -> None:
    where = section(category, role, basis)
    others = CaseFacts(False, authorisations=(paper(role, "tribe", category), paper(role, basis, "r00")))
    assert opened(others, where, role) == set()
    if basis == "MDT" and letter == "A":
        undeemed = CaseFacts(False, parties=(party(role),), seats=(seat(role, deemed=False),))
        assert opened(undeemed, where, role) == set()
    elif basis == "MDT":
        assert opened(CaseFacts(False, parties=(party(role),)), where, role) == set()
    elif letter == "A":
        standing = CaseFacts(False, parties=(party(role),), seats=(seat(role),))
        assert opened(standing, where, role) == set()


@each_cell
def test_a_cell_shuts_when_its_facts_end(category: str, role: str, letter: str, basis: str) -> None:
    where = section(category, role, basis)
    for adult in (False, True):
        facts = needed(category, role, letter, basis, adult=adult)
        assert opened(facts, where, role, UNTIL - timedelta(seconds=1)) == OPENS[letter]
        assert opened(facts, where, role, UNTIL) == set()
        assert opened(facts, where, role, SINCE - timedelta(seconds=1)) == set()


@each_cell
def test_a_revoked_paper_opens_nothing(category: str, role: str, letter: str, basis: str) -> None:
    where = section(category, role, basis)
    facts = needed(category, role, letter, basis, adult=True)
    revoked = replace(facts, authorisations=tuple(replace(a, revoked_at=NOW) for a in facts.authorisations))
    needs_paper = letter == "A" or basis == "MDT"
    assert opened(facts, where, role) == OPENS[letter]
    assert opened(revoked, where, role) == (set() if needs_paper else OPENS[letter])


@each_cell
def test_at_eighteen_a_seat_opens_nothing_and_consent_opens_the_same(
    category: str, role: str, letter: str, basis: str
) -> None:
    where = section(category, role, basis)
    child = needed(category, role, letter, basis)
    grown = replace(child, child_is_adult=True)
    if basis == "MDT":
        as_a_child = replace(grown, authorisations=(paper(role, "youth", category),))
        assert opened(as_a_child, where, role) == set(), "what a child chose is not a young adult's consent"
    assert opened(grown, where, role) == (set() if basis == "MDT" else OPENS[letter])
    consented = needed(category, role, letter, basis, adult=True)
    assert opened(consented, where, role) == OPENS[letter]


@each_cell
def test_a_forbidden_cell_opens_on_no_facts_at_all(category: str, role: str, letter: str, basis: str) -> None:
    kinds = (
        "CO",
        "ROI",
        "P2",
        "youth",
        "NMD",
        "need",
        "CFT",
        "CASA",
        "own-client",
        "seal",
        "priv",
        "MDT",
        "827E",
        basis,
    )
    everything = CaseFacts(
        False,
        parties=tuple(
            party(role, kind) for kind in ("assignment", "appointment", "retainer", "jurisdiction")
        ),
        seats=(seat(role),),
        authorisations=tuple(paper(role, kind, category) for kind in kinds),
    )
    where = section(category, role, basis)
    for facts in (everything, replace(everything, child_is_adult=True)):
        assert (opened(facts, where, role) == set()) == (letter == "N")


@each_cell
def test_grants_end_with_the_facts_they_rest_on(category: str, role: str, letter: str, basis: str) -> None:
    where = section(category, role, basis)
    for adult in (False, True):
        facts = needed(category, role, letter, basis, adult=adult)
        found = grants_due(matrix=MATRIX, facts=facts, sections=[where], now=NOW)
        assert {grant.ends_at for grant in found} == ({UNTIL} if OPENS[letter] else set())
