"""While a new agreement is worked through the cases, an older grant opens nothing that the new one would not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agencies.disclosure.categories import BASES
from agencies.disclosure.changes import FITTING, matrix_with
from agencies.disclosure.facts import (
    FOREVER,
    PARTY_KINDS,
    AuthorisationFact,
    CaseFacts,
    PartyFact,
    SeatFact,
    SectionFact,
)
from agencies.disclosure.matrix import DEFAULT_MATRIX_PATH, Access, Cell, matrix_read
from agencies.disclosure.rule import GrantDue, grants_due
from agencies.disclosure.trust import categories_open, grants_hold

SPACE = UUID("00000000-0000-4000-8000-0000000000d7")
NOW = datetime(2026, 11, 18, 20, 0, tzinfo=UTC)
MATRIX = matrix_read(DEFAULT_MATRIX_PATH.read_text(encoding="utf-8"))
AGENCY, MEETING = uuid5(SPACE, "agency"), uuid5(SPACE, "meeting")
RANK = {"see_summary": 1, "see": 2, "write": 3}
SECTIONS = [
    SectionFact(uuid5(SPACE, "r03"), "r03"),
    SectionFact(uuid5(SPACE, "mine"), "r03", custodian=AGENCY),
]


def cells() -> st.SearchStrategy[Cell]:
    pairs = [(access, basis) for access in Access for basis in sorted(FITTING[access])]
    return st.sampled_from(pairs).map(lambda pair: Cell("r03", "MH", *pair))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Cell, Cell]:
    """Two cells, half of them on the same ground: a paper may be asked for in one and a part in the case in the other."""
    before, now = draw(cells()), draw(cells())
    if draw(st.booleans()):
        basis = draw(st.sampled_from(["MDT", "CASA", "own-client", "827E", "827V", now.basis]))
        before, now = replace(before, basis=basis), replace(now, basis=basis)
    return before, now


@st.composite
def facts(draw: st.DrawFn) -> CaseFacts:
    since = NOW - timedelta(days=1)
    until = draw(st.none() | st.just(NOW + timedelta(days=3)))
    return CaseFacts(
        child_is_adult=draw(st.booleans()),
        parties=tuple(
            PartyFact(AGENCY, "MH", kind, since, until)
            for kind in draw(st.sets(st.sampled_from(sorted(PARTY_KINDS)), max_size=2))
        ),
        seats=tuple(
            SeatFact(AGENCY, "MH", MEETING, deemed, since)
            for deemed in draw(st.lists(st.booleans(), max_size=1))
        ),
        authorisations=tuple(
            AuthorisationFact(kind, AGENCY, "MH", frozenset({"r03"}), since, until)
            for kind in draw(st.just(sorted(BASES)) | st.sets(st.sampled_from(sorted(BASES)), max_size=4))
        ),
    )


def granted(cell: Cell, case: CaseFacts) -> frozenset[GrantDue]:
    return grants_due(matrix=matrix_with(MATRIX, [cell]), facts=case, sections=SECTIONS, now=NOW)


@settings(max_examples=400)
@given(pair=pairs(), case=facts())
def test_what_an_older_grant_still_opens_the_new_agreement_opens_too(
    pair: tuple[Cell, Cell], case: CaseFacts
) -> None:
    before, now = pair
    full, summary = categories_open({"r03": now}, older=[{"r03": before}])
    due = granted(now, case)
    for old in granted(before, case):
        needs = summary if old.permission == "see_summary" else full
        if "r03" not in needs:
            continue
        assert any(
            new.section == old.section
            and new.agency == old.agency
            and RANK[new.permission] >= RANK[old.permission]
            and (new.ends_at or FOREVER) >= (old.ends_at or FOREVER)
            for new in due
        ), (before, now, old)


@given(now=cells(), older=st.lists(cells(), max_size=3))
def test_it_never_opens_more_than_the_version_in_force_alone(now: Cell, older: list[Cell]) -> None:
    alone = categories_open({"r03": now})
    meanwhile = categories_open({"r03": now}, older=[{"r03": cell} for cell in older])
    assert meanwhile[0] <= alone[0]
    assert meanwhile[1] <= alone[1]
    assert meanwhile[0] <= meanwhile[1]


@given(cell=cells())
def test_what_did_not_change_stays_open(cell: Cell) -> None:
    assert categories_open({"r03": cell}, older=[{"r03": cell}]) == categories_open({"r03": cell})


@pytest.mark.parametrize(
    ("before", "now", "holds"),
    [
        ("S CANRA", "Σ CANRA", True),
        ("Σ CANRA", "S CANRA", True),
        ("S CANRA", "S MDT", False),
        ("S CASA", "A CASA", False),
        ("A CASA", "S CASA", False),
        ("A MDT", "S MDT", True),
        ("S MDT", "A MDT", False),
        ("N none", "S own", True),
    ],
)
def test_the_cases_that_counsel_asks_about(before: str, now: str, holds: bool) -> None:
    def cell(said: str) -> Cell:
        letter, basis = said.split()
        return Cell("r03", "MH", Access(letter), basis)

    assert grants_hold(cell(before), cell(now)) is holds


def test_a_category_unknown_to_an_older_version_is_closed() -> None:
    assert categories_open({"r03": Cell("r03", "MH", Access.SEE, "own")}, older=[{}]) == (
        frozenset(),
        frozenset(),
    )
