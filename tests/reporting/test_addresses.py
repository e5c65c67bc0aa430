"""Homes are compared by fingerprint, however they are written."""

from __future__ import annotations

import pytest

from reporting.addresses import fingerprint, houses_in


@pytest.mark.parametrize(
    ("words", "houses"),
    [
        ("1200 Main Street", {"1200 main"}),
        ("1200 N. MAIN ST., Apt #4", {"1200 main"}),
        ("with an aunt at 17 Cañon Rd, then 5 West Oak Ave", {"17 canon", "5 oak"}),
        ("near the river", set()),
        ("", set()),
    ],
)
def test_a_house_is_its_number_and_the_street_after_it(words: str, houses: set[str]) -> None:
    assert houses_in(words) == houses


def test_a_fingerprint_is_the_same_for_the_same_house_and_another_for_another_or_without_the_secret() -> None:
    one = fingerprint("1200 main", secret="a")
    assert one == fingerprint("1200 main", secret="a")
    assert len({one, fingerprint("1201 main", secret="a"), fingerprint("1200 main", secret="b")}) == 3
