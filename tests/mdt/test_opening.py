"""What the box beside a meeting says is what the disclosure rule does with the seats."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from agencies.choices import Role
from agencies.disclosure import Access, CaseFacts, SeatFact, SectionFact, grants_due
from agencies.disclosure.categories import MATRIX_CATEGORIES
from agencies.disclosure.matrix import Matrix
from agencies.services.protocol import default_matrix
from mdt.opening import (
    PLAIN_NAMES,
    WHAT_IT_NEEDS,
    Seated,
    here_law,
    opening,
    seat_opens,
    team_words,
)

NOW = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def matrix() -> Matrix:
    return default_matrix()


@pytest.mark.parametrize("deemed", [False, True])
@pytest.mark.parametrize("role", [role.value for role in Role])
def test_the_words_say_what_the_rule_opens_through_a_seat(matrix: Matrix, role: str, deemed: bool) -> None:
    agency, meeting = uuid4(), uuid4()
    for category in MATRIX_CATEGORIES:
        if category == "r28":
            continue
        section = SectionFact(uuid4(), category, meeting=meeting if category == "r24" else None)
        facts = CaseFacts(child_is_adult=False, seats=(SeatFact(agency, role, meeting, deemed, NOW),))
        due = grants_due(matrix=matrix, facts=facts, sections=[section], now=NOW)
        by_seat = {grant.permission for grant in due if grant.basis == "MDT"} - {"write"}
        said = seat_opens(matrix, category, Seated(role, "x", deemed))
        assert by_seat == {Access.SEE: {"see"}, Access.SUMMARY: {"see_summary"}, None: set()}[said], (
            role,
            category,
        )


def test_a_member_beyond_the_laws_opens_nothing_until_deemed_one_in_writing(matrix: Matrix) -> None:
    (without,) = opening(matrix=matrix, seated=[Seated("ED", "Education")], members_named=3).members
    (deemed,) = opening(
        matrix=matrix, seated=[Seated("ED", "Education", deemed=True)], members_named=3
    ).members
    assert "minutes of this meeting" not in without.sees
    assert "minutes of this meeting" in deemed.sees


def test_treatment_and_privileged_talks_are_closed_whoever_sits_there(matrix: Matrix) -> None:
    everybody = [Seated(role.value, role.label, deemed=True) for role in Role]
    closed = {one.name for one in opening(matrix=matrix, seated=everybody, members_named=17).closed}
    assert closed == {PLAIN_NAMES[category] for category in WHAT_IT_NEEDS}
    assert {"substance use treatment", "therapy notes", "talks with an advocate or mentor"} <= closed


def test_a_sealed_record_has_no_name_on_the_page(matrix: Matrix) -> None:
    everybody = [Seated(role.value, role.label, deemed=True) for role in Role]
    assert "seal" not in repr(opening(matrix=matrix, seated=everybody, members_named=17)).lower()


def test_the_small_team_ends_thirty_days_after_the_report(matrix: Matrix) -> None:
    said = opening(matrix=matrix, seated=[], members_named=2, reported_on=date(2026, 11, 16))
    assert said.now_ends_on == date(2026, 12, 16)
    assert opening(matrix=matrix, seated=[], members_named=2).now_ends_on is None


@pytest.mark.parametrize(
    ("members", "law"), [(0, "18961.7"), (1, "18961.7"), (2, "18961.7"), (3, "18951"), (12, "18951")]
)
def test_who_was_there_decides_the_law(members: int, law: str) -> None:
    assert law in here_law(members)
    assert ("prevents, finds or treats" in team_words(members, held=True)) is (members >= 3)


@pytest.mark.parametrize("members", range(13))
def test_nobody_is_said_to_be_there_before_it_is_recorded(members: int) -> None:
    assert "were here" in team_words(members, held=True)
    assert "were here" not in team_words(members, held=False)
    assert "so they may" not in team_words(members, held=False)
