"""Which passwords are refused as guessable, and which plain ones are taken."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from agencies.passwords import GuessablePasswordValidator


def is_taken(password: str) -> bool:
    try:
        GuessablePasswordValidator().validate(password)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "Password1234567!",
        "aaaaaaaaaaaaaaaa",
        "123412341234123",
        "qwertyuiopasdfg",
        "zyxwvutsrqponml",
        "child welfare 2026",
        "Our County CSEC protocol",
        "october-2026-october",
        "2026-11-22 13:45",
        "dragonmonkey12345",
    ],
)
def test_known_parts_put_together_are_refused(password: str) -> None:
    assert not is_taken(password)


@pytest.mark.parametrize(
    "password",
    [
        "four plain words together",
        "paper lanterns on a quiet river",
        "correct horse battery staple",
        "kD9!vQ2#xP7@mZ4",
        "the child drew seven purple whales",
    ],
)
def test_words_that_have_nothing_to_do_with_each_other_are_taken(password: str) -> None:
    assert is_taken(password)


@given(st.text(alphabet="abcdefgh1234", min_size=1, max_size=7), st.integers(3, 9))
def test_a_piece_over_and_over_is_never_taken(piece: str, times: int) -> None:
    assert not is_taken(piece * times)
    assert not is_taken((piece * times).upper())
