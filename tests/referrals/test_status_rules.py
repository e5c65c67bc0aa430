"""State rules refuse, county rules warn, and the decision table has one answer to every set of answers."""

from datetime import date
from itertools import product

import pytest

from referrals.status_rules import (
    STATUSES,
    Period,
    StatusRow,
    Suggestion,
    age_on,
    status_errors,
    status_warnings,
    suggest,
)

DAY = date(2026, 6, 15)
LATER = date(2026, 7, 1)
LABELS = {
    "6867": "At Risk",
    "6868": "Victim Before Foster Care",
    "6869": "Victim During Foster Care",
    "6870": "Victim in Open Case not in Foster Care",
    "6871": "Victim while Absent from Placement",
    "6872": "Victim with Closed Case, Rcv ILP Svcs",
}


def errors(
    code: str, start: date | None, end: date | None, *existing: StatusRow, born: date | None = None
) -> set[str]:
    return {problem.code for problem in status_errors(code, start, end, existing, born)}


def test_codes_and_labels_are_the_states_own() -> None:
    assert {code: status.label for code, status in STATUSES.items()} == LABELS


@pytest.mark.parametrize("code", LABELS)
def test_every_row_needs_a_start(code: str) -> None:
    assert "start-missing" in errors(code, None, LATER)
    assert errors(code, DAY, LATER) == set()


@pytest.mark.parametrize("code", LABELS)
def test_only_an_absence_needs_an_end(code: str) -> None:
    assert errors(code, DAY, None) == ({"end-missing"} if code == "6871" else set())


@pytest.mark.parametrize("code", LABELS)
def test_an_end_is_on_or_after_the_start(code: str) -> None:
    assert errors(code, DAY, DAY) == set()
    assert errors(code, LATER, DAY) == {"end-before-start"}


@pytest.mark.parametrize(("code", "other"), list(product(LABELS, LABELS)))
def test_one_row_for_each_code_and_any_codes_together(code: str, other: str) -> None:
    assert errors(code, DAY, LATER, StatusRow(other, DAY)) == ({"code-twice"} if code == other else set())


def test_the_closed_case_field_ends_at_twenty_one() -> None:
    born = date(2005, 6, 15)
    assert errors("6872", date(2026, 6, 14), None, born=born) == set()
    assert errors("6872", date(2026, 6, 15), None, born=born) == {"too-old-for-ilp"}
    assert errors("6870", date(2026, 6, 15), None, born=born) == set()


def test_an_unknown_code_is_refused() -> None:
    assert errors("6873", DAY, LATER) == {"unknown-code"}


def test_a_leap_day_birthday_counts_from_the_first_of_march() -> None:
    assert [age_on(date(2008, 2, 29), day) for day in (date(2026, 2, 28), date(2026, 3, 1))] == [17, 18]


def test_every_problem_names_its_field_and_says_how_to_mend_it() -> None:
    found = [
        *status_errors("6873", None, None),
        *status_errors("6871", None, None),
        *status_errors("6872", LATER, DAY, [StatusRow("6872", DAY)], date(2000, 1, 1)),
        *status_warnings(StatusRow("6871", DAY), on_file=[StatusRow("6867", DAY)]),
        *status_warnings(StatusRow("6869", DAY)),
        *status_warnings(StatusRow("6870", DAY), foster_care=[Period(DAY)]),
        *status_warnings(StatusRow("6872", DAY), case_is_open=True, receives_ilp=False),
    ]
    assert len({problem.code for problem in found}) == 13
    mending = ("Enter", "Choose", "choose", "Change", "Check", "End", "Add", "may be the right field")
    for problem in found:
        assert problem.field in {"code", "started_on", "ended_on"}
        assert any(word in problem.message for word in mending)


def warned(row: StatusRow, **facts: object) -> set[str]:
    return {problem.code for problem in status_warnings(row, **facts)}  # type: ignore[arg-type]


@pytest.mark.parametrize("code", LABELS)
def test_a_victim_row_prompts_to_end_an_open_at_risk(code: str) -> None:
    still_open = StatusRow("6867", date(2026, 1, 1))
    ended = StatusRow("6867", date(2026, 1, 1), DAY)
    row = StatusRow(code, DAY, LATER)
    assert ("at-risk-open" in warned(row, on_file=[still_open])) is (code != "6867")
    assert "at-risk-open" not in warned(row, on_file=[ended])


@pytest.mark.parametrize("code", LABELS)
def test_foster_care_fields_warn_without_a_stay_on_file(code: str) -> None:
    row = StatusRow(code, DAY, LATER)
    assert ("no-foster-care" in warned(row)) is (code in {"6868", "6869", "6871"})
    assert "no-foster-care" not in warned(row, foster_care=[Period(DAY)])


def test_days_outside_placement_or_absence_warn() -> None:
    span = [Period(date(2026, 6, 1), date(2026, 6, 30))]
    assert "outside-placement" not in warned(StatusRow("6869", DAY), placements=span)
    assert "outside-placement" in warned(StatusRow("6869", LATER), placements=span)
    assert "outside-absence" not in warned(StatusRow("6871", DAY, date(2026, 6, 30)), absences=span)
    assert "outside-absence" in warned(StatusRow("6871", DAY, LATER), absences=span)


def test_open_case_and_closed_case_fields_warn_when_the_file_says_otherwise() -> None:
    stay = [Period(date(2026, 6, 1))]
    assert warned(StatusRow("6870", DAY), foster_care=stay) == {"in-foster-care"}
    assert warned(StatusRow("6870", DAY), foster_care=[Period(LATER)]) == set()
    assert warned(StatusRow("6872", DAY), case_is_open=True, receives_ilp=True) == {"case-open"}
    assert warned(StatusRow("6872", DAY), case_is_open=False, receives_ilp=False) == {"no-ilp"}
    assert warned(StatusRow("6872", DAY)) == set()


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"victim": False, "at_risk": True}, "6867"),
        ({"victim": False, "at_risk": True, "in_care_then": True, "absent_then": True}, "6867"),
        ({"victim": False}, None),
        ({"victim": True, "in_care_now": True}, "6868"),
        ({"victim": True, "in_care_then": True, "in_care_now": True}, "6869"),
        ({"victim": True, "in_care_then": True}, "6869"),
        ({"victim": True, "in_care_then": True, "absent_then": True}, "6871"),
        ({"victim": True, "case_is_open": True}, "6870"),
        ({"victim": True, "case_is_open": True, "receives_ilp": True}, "6870"),
        ({"victim": True, "receives_ilp": True}, "6872"),
        ({"victim": True}, None),
    ],
)
def test_the_answers_point_to_the_field(answers: dict[str, bool], code: str | None) -> None:
    assert suggest(**answers).code == code


def test_every_set_of_answers_has_one_suggestion() -> None:
    names = (
        "victim",
        "at_risk",
        "in_care_then",
        "absent_then",
        "in_care_now",
        "case_is_open",
        "receives_ilp",
    )
    for values in product((False, True), repeat=len(names)):
        answers = dict(zip(names, values, strict=True))
        found = suggest(**answers)
        assert isinstance(found, Suggestion)
        assert (found.code in set(LABELS) - {"6867"}) <= answers["victim"]
