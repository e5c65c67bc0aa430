"""Who is missing from a team, and when a meeting may be called held."""

import pytest

from mdt.tiers import (
    MODES,
    SAFETY_PLAN,
    STATUTORY_SEATS,
    TIERS,
    TRAINING_NEEDED,
    courses_missing,
    may_be_held,
    seat_gaps,
)
from referrals.deadlines import DEFAULT_RULEBOOK

SEATS = {
    "crisis": {"LE", "CW", "PO", "ADV", "PH", "MH"},
    "initial": {"CW", "PO", "ADV", "PH", "MH", "SU", "CDA", "DA", "PD"},
    "ongoing": {"CW", "PO", "ADV", "PH", "LE", "MH", "CDA", "PD", "DA"},
}


def gaps(tier: str, *seated: str, **facts: object) -> set[tuple[str, str]]:
    return {(gap.role, gap.force) for gap in seat_gaps(tier, seated, **facts)}  # type: ignore[arg-type]


@pytest.mark.parametrize("tier", SEATS)
def test_an_empty_team_lacks_every_seat_and_a_full_one_none(tier: str) -> None:
    by_law = {"CW", "PO", "MH", "SU", "PH"}
    assert gaps(tier) == {(role, "law") for role in by_law} | {
        (role, "practice") for role in SEATS[tier] - by_law
    }
    assert gaps(tier, *SEATS[tier], *by_law) == set()
    assert gaps(tier, program_county=False) == {(role, "practice") for role in SEATS[tier]}


@pytest.mark.parametrize("tier", SEATS)
def test_each_missing_agency_is_named_alone(tier: str) -> None:
    everyone = SEATS[tier] | set(STATUTORY_SEATS)
    for role in everyone:
        assert {found for found, _ in gaps(tier, *(everyone - {role}))} == {role}


def test_seats_of_the_law_come_first() -> None:
    forces = [gap.force for gap in seat_gaps("initial", ())]
    assert forces == sorted(forces)


@pytest.mark.parametrize(
    ("jurisdiction", "asked"),
    [("cw", {"CW"}), ("probation", {"PO"}), ("dual", {"CW", "PO"}), ("unknown", {"CW", "PO"})],
)
def test_outside_the_program_a_crisis_team_follows_jurisdiction(jurisdiction: str, asked: set[str]) -> None:
    lacking = {role for role, _ in gaps("crisis", jurisdiction=jurisdiction, program_county=False)}
    assert lacking & {"CW", "PO"} == asked
    initial = {role for role, _ in gaps("initial", jurisdiction=jurisdiction, program_county=False)}
    assert initial & {"CW", "PO"} == {"CW", "PO"}
    assert {"CW", "PO"} <= {role for role, _ in gaps("crisis", jurisdiction=jurisdiction)}


def test_a_seat_nobody_asked_for_does_no_harm() -> None:
    assert gaps("crisis", "SM", "CASA", "child") == gaps("crisis")


def test_unknown_words_are_refused_and_named() -> None:
    with pytest.raises(ValueError, match="weekly"):
        seat_gaps("weekly", ())
    with pytest.raises(ValueError, match="tribal"):
        seat_gaps("crisis", (), jurisdiction="tribal")
    with pytest.raises(ValueError, match="letter"):
        may_be_held("letter", "Ana")


@pytest.mark.parametrize("mode", MODES)
def test_apart_from_the_child_a_named_member_is_beside_the_child(mode: str) -> None:
    assert may_be_held(mode, "Ana Ruiz")
    for nobody in (None, "", "  "):
        assert may_be_held(mode, nobody) is (mode == "in_person")


def test_a_safety_plan_has_six_parts() -> None:
    assert [part.number for part in SAFETY_PLAN] == [1, 2, 3, 4, 5, 6]
    assert {part.number for part in SAFETY_PLAN if part.initial_adds} == {2, 6}


def test_a_seat_needs_both_courses() -> None:
    assert courses_missing([]) == TRAINING_NEEDED == ("CSEC-101", "CSEC-102")
    assert courses_missing(["CSEC-102", "other"]) == ("CSEC-101",)
    assert courses_missing(TRAINING_NEEDED) == ()


def test_every_tier_is_whole_and_names_rules_that_exist() -> None:
    assert set(TIERS) == set(SEATS)
    for code, tier in TIERS.items():
        assert (tier.code, set(tier.seats)) == (code, SEATS[code])
        assert all((tier.called_when, tier.people, tier.formats))
        for rule_id in tier.deadline_rules:
            DEFAULT_RULEBOOK.rule(rule_id)
    assert TIERS["ongoing"].formats == ("individual", "case_review")
