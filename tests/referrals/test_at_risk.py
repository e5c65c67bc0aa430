"""One strong sign or two others, and what is not known is not a no."""

from itertools import product

import pytest

from referrals.at_risk import INDICATORS, SUBSTANCES_THAT_COUNT, at_risk, substance_counts

CODES = ["A1", "A2", "A3", "B1", "B2", "B3", "B4", "B5"]


def with_yes(*codes: str, rest: bool | None = False) -> dict[str, bool | None]:
    return {code: True if code in codes else rest for code in CODES}


@pytest.mark.parametrize(
    ("yes", "met"),
    [
        (["A1"], True),
        (["A2"], True),
        (["A3"], True),
        (["B1"], False),
        (["B1", "B3"], True),
        (["B1", "B1", "B1"], False),
        ([], False),
        (["A2", "B5"], True),
        (["B4", "B5"], True),
    ],
)
def test_known_answers_give_the_known_result(yes: list[str], met: bool) -> None:
    assert at_risk(with_yes(*yes)) is met


@pytest.mark.parametrize("values", list(product((True, False, None), repeat=2)))
def test_unknown_is_neither_yes_nor_no(values: tuple[bool | None, bool | None]) -> None:
    answers = with_yes("B1") | {"B2": values[0], "A1": values[1]}
    if True in values:
        assert at_risk(answers) is True
    else:
        assert at_risk(answers) is (None if None in values else False)


def test_all_sets_of_answers_agree_with_a_count() -> None:
    for values in product((True, False, None), repeat=len(CODES)):
        answers = dict(zip(CODES, values, strict=True))
        sure = values[:3].count(True) >= 1 or values[3:].count(True) >= 2
        possible = None in values[:3] or values[3:].count(True) + values[3:].count(None) >= 2
        assert at_risk(answers) is (True if sure else None if possible else False)


def test_one_unknown_among_the_others_cannot_decide_alone() -> None:
    assert at_risk(with_yes() | {"B2": None}) is False
    assert at_risk({}) is None


def test_an_unknown_code_is_refused_and_named() -> None:
    with pytest.raises(ValueError, match="B6"):
        at_risk({"B6": True})


def test_indicators_are_the_eight_of_the_rule() -> None:
    assert [indicator.code for indicator in INDICATORS] == CODES
    assert [indicator.is_strong for indicator in INDICATORS] == [True] * 3 + [False] * 5


def test_only_the_named_classes_of_substance_count() -> None:
    assert all(substance_counts(name.upper() + " ") for name in SUBSTANCES_THAT_COUNT)
    assert not any(substance_counts(name) for name in ("alcohol", "cannabis", ""))
