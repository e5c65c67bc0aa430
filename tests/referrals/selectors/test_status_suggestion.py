"""The decision table with answers not known yet: it points somewhere only when no answer to come could change that."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from referrals.selectors.status import suggestion_of
from referrals.status_rules import AT_RISK, VICTIM_WHILE_ABSENT, suggest

NAMES = ("victim", "at_risk", "in_care_then", "absent_then", "in_care_now", "case_is_open", "receives_ilp")
ANSWERS = st.fixed_dictionaries({name: st.sampled_from([True, False, None]) for name in NAMES})


@given(ANSWERS)
def test_what_is_learned_later_never_contradicts_a_suggestion(answers: dict[str, bool | None]) -> None:
    found = suggestion_of(answers)
    if found is not None:
        for value in (True, False):
            learned = {name: value if answer is None else answer for name, answer in answers.items()}
            assert suggest(**learned) == found


@given(st.fixed_dictionaries({name: st.booleans() for name in NAMES}))
def test_with_every_answer_known_it_is_the_states_table(answers: dict[str, bool]) -> None:
    assert suggestion_of(answers) == suggest(**answers)


def test_nothing_known_points_nowhere_and_the_answers_that_matter_are_enough() -> None:
    nothing: dict[str, bool | None] = dict.fromkeys(NAMES)
    assert suggestion_of(nothing) is None
    at_risk = suggestion_of(nothing | {"victim": False, "at_risk": True})
    assert at_risk is not None and at_risk.code == AT_RISK
    absent = suggestion_of(nothing | {"victim": True, "in_care_then": True, "absent_then": True})
    assert absent is not None and absent.code == VICTIM_WHILE_ABSENT
