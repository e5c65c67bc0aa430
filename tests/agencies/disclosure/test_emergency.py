"""What an emergency look may open: the table is whole, and the rule never goes past the matrix or the hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.disclosure.categories import BASES, ROLES, SECTION_CATEGORIES
from agencies.disclosure.emergency import (
    BASIS_EMERGENCY,
    EMERGENCY_ROLES,
    LONGEST,
    OPENABLE,
    REASON_NAMES,
    SHUT,
)
from agencies.disclosure.facts import CaseFacts, EmergencyFact, SectionFact
from agencies.disclosure.matrix import DEFAULT_MATRIX_PATH, Access, matrix_read
from agencies.disclosure.rule import GrantDue, grants_due

SPACE = UUID("00000000-0000-4000-8000-0000000000c6")
NOW = datetime(2026, 11, 18, 20, 0, tzinfo=UTC)
PERSON = uuid5(SPACE, "person")
MATRIX = matrix_read(DEFAULT_MATRIX_PATH.read_text(encoding="utf-8"))
SECTIONS = [SectionFact(uuid5(SPACE, category), category) for category in SECTION_CATEGORIES]
NAMES = {section.id: section.category for section in SECTIONS}


def look(role: str = "PO", reason: str = "danger", since: datetime = NOW, **more: datetime) -> EmergencyFact:
    return EmergencyFact(PERSON, role, reason, since, more.get("until", since + LONGEST))


def due(fact: EmergencyFact, now: datetime = NOW, *, adult: bool = False) -> frozenset[GrantDue]:
    facts = CaseFacts(adult, emergencies=(fact,))
    return grants_due(matrix=MATRIX, facts=facts, sections=SECTIONS, now=now)


def test_every_category_is_either_openable_or_shut_with_a_reason() -> None:
    assert set(OPENABLE) | set(SHUT) == set(SECTION_CATEGORIES)
    assert not set(OPENABLE) & set(SHUT)
    assert all(one.citation for one in OPENABLE.values()) and all(SHUT.values())


def test_what_must_never_open_is_shut() -> None:
    assert {"r04", "r09", "r17", "r22", "r23", "r24"} <= set(SHUT)


def test_no_county_can_write_it_into_the_matrix() -> None:
    assert BASIS_EMERGENCY not in BASES


def test_probation_in_danger_opens_what_the_table_says_and_no_more() -> None:
    assert {(NAMES[g.section], g.permission) for g in due(look())} == {
        ("r01", "see"),
        ("r02", "see"),
        ("r03", "see"),
        ("r08", "see_summary"),
        ("r11", "see"),
        ("r15", "see"),
        ("r16", "see"),
        ("r18", "see_summary"),
        ("r19", "see"),
        ("r20", "see"),
        ("r25", "see"),
    }


def test_treatment_records_open_to_medical_personnel_in_a_medical_emergency_alone() -> None:
    opened = {
        (role, reason)
        for role in EMERGENCY_ROLES
        for reason in REASON_NAMES
        if "r10" in {NAMES[grant.section] for grant in due(look(role, reason))}
    }
    assert opened == {("PH", "medical")}


@given(
    st.sampled_from(ROLES),
    st.sampled_from(sorted(REASON_NAMES)),
    st.timedeltas(timedelta(minutes=-90), timedelta(minutes=90)),
    st.timedeltas(timedelta(), LONGEST),
    st.booleans(),
)
def test_it_is_personal_read_only_within_the_matrix_and_ends_with_its_fact(
    role: str, reason: str, begun: timedelta, lasts: timedelta, adult: bool
) -> None:
    since = NOW + begun
    fact = look(role, reason, since, until=since + lasts)
    for grant in due(fact, adult=adult):
        category = NAMES[grant.section]
        cell = MATRIX.cell(category, role)
        assert since <= NOW < fact.until
        assert (grant.person, grant.agency, grant.basis) == (PERSON, None, BASIS_EMERGENCY)
        assert grant.permission == ("see_summary" if cell.access is Access.SUMMARY else "see")
        assert grant.ends_at is not None and NOW < grant.ends_at <= fact.until
        assert cell.access is not Access.NEVER and category in OPENABLE and role in EMERGENCY_ROLES
        assert not (adult and cell.basis == "MDT")


@pytest.mark.parametrize("part", ["custodian", "author", "meeting"])
def test_a_private_part_stays_private(part: str) -> None:
    private = SectionFact(uuid5(SPACE, "private"), "r19", **{part: uuid5(SPACE, part)})
    facts = CaseFacts(False, emergencies=(look(),))
    assert grants_due(matrix=MATRIX, facts=facts, sections=[private], now=NOW) == frozenset()


def test_at_the_very_end_it_is_over() -> None:
    assert due(look(), NOW + LONGEST - timedelta(microseconds=1))
    assert due(look(), NOW + LONGEST) == frozenset()


def test_more_than_an_hour_cannot_be_said() -> None:
    with pytest.raises(ValueError, match="60 minutes"):
        look(until=NOW + LONGEST + timedelta(seconds=1))
    with pytest.raises(ValueError, match="no reason"):
        look(reason="curious")
