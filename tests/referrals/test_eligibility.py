"""Who counts as receiving child welfare services, line by line and at each age limit."""

import pytest

from referrals.eligibility import SITUATIONS, TABLE, eligibility, receives_services


@pytest.mark.parametrize(
    ("situation", "age", "receives", "number"),
    [
        ("in_foster_care", 0, True, "E1"),
        ("in_foster_care", 17, True, "E1"),
        ("in_foster_care", 18, True, "E3"),
        ("in_foster_care", 20, True, "E3"),
        ("in_foster_care", 21, False, None),
        ("in_foster_care_iv_e", 17, True, "E1"),
        ("in_foster_care_iv_e", 18, True, "E2"),
        ("in_foster_care_iv_e", 20, True, "E2"),
        ("in_foster_care_iv_e", 21, False, None),
        ("open_case_at_home", 17, True, "E4"),
        ("open_case_at_home", 18, False, None),
        ("candidate", 17, True, "E5"),
        ("candidate", 18, False, None),
        ("run_not_discharged", 17, True, "E6"),
        ("run_not_discharged", 20, True, "E6"),
        ("run_not_discharged", 21, False, "E7"),
        ("run_discharged", 16, False, "E7"),
        ("receives_ilp", 16, True, "E8"),
        ("receives_ilp", 20, True, "E8"),
        ("receives_ilp", 21, False, None),
        ("probation_only", 16, False, "E9"),
        ("no_case", 16, False, "E10"),
    ],
)
def test_each_line_answers_at_its_ages(situation: str, age: int, receives: bool, number: str | None) -> None:
    found = eligibility(situation, age)
    assert (found.receives, found.number) == (receives, number)
    assert receives_services(situation, age) is receives
    assert found.basis


def test_at_no_age_do_two_lines_answer() -> None:
    for situation in SITUATIONS:
        for age in range(30):
            lines = [
                line
                for line in TABLE
                if line.situation == situation and line.from_age <= age < line.below_age
            ]
            assert len(lines) <= 1


def test_readings_the_county_must_confirm_are_marked() -> None:
    assert {line.number for line in TABLE if line.confirm} == {"E3", "E7", "E10"}
    assert eligibility("in_foster_care", 19).confirm
    assert not eligibility("in_foster_care", 9).confirm


def test_an_unknown_situation_or_age_is_refused() -> None:
    with pytest.raises(ValueError, match="at_school"):
        receives_services("at_school", 12)
    with pytest.raises(ValueError, match="zero or more"):
        receives_services("no_case", -1)
