"""The blind index and the search speak the same words, whatever a name is made of."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.name_index import Asked, index_words, likeness, name_parts, sound_of

NAMES = st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=4)
BORN = date(2010, 4, 12)


@given(names=NAMES)
def test_a_child_is_found_by_its_own_name(names: list[str]) -> None:
    asked = Asked.of(" ".join(name_parts(*names)))
    if asked.is_too_little or asked.born_on:
        return
    assert asked.words().keys() & index_words(names, None)
    found = likeness(asked, names=names, born_on=None)
    assert found is not None and found.why == "Same name"


@given(names=NAMES)
def test_the_order_of_names_says_nothing(names: list[str]) -> None:
    if len(name_parts(*names)) < 8:
        assert index_words(names, None) == index_words(names[::-1], None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jazmine", "Jasmín"),
        ("Álvarez", "Alvares"),
        ("Hernández", "Ernandez"),
        ("Vásquez", "Basques"),
        ("Kristina", "Cristina"),
    ],
)
def test_spellings_that_sound_alike_share_a_sound(one: str, other: str) -> None:
    assert sound_of(*name_parts(one)) == sound_of(*name_parts(other))


def test_a_name_that_fits_only_in_part_is_no_match() -> None:
    asked = Asked.of("Jasmin Weber")
    assert likeness(asked, names=["Jasmin", "Álvarez"], born_on=BORN) is None
    assert likeness(asked, names=["Jasmin", ""], born_on=None) is not None


@pytest.mark.parametrize(
    ("text", "day"), [("Ana 4/12/2010", BORN), ("2010-04-12", BORN), ("Ana 31/31/2010", None), ("Ana", None)]
)
def test_a_day_among_the_words_is_a_day_of_birth(text: str, day: date | None) -> None:
    assert Asked.of(text).born_on == day
