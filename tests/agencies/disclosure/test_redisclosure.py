"""The notice of a document is that of its strictest element."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.disclosure.categories import BASES, CATEGORY_NAMES, WRITERS
from agencies.disclosure.redisclosure import (
    OF_BASIS,
    OF_CATEGORY,
    STRICTNESS,
    Element,
    notices_of,
    strictest,
)

elements = st.lists(
    st.builds(Element, st.sampled_from(sorted(CATEGORY_NAMES)), st.sampled_from(["", *sorted(BASES)])),
    max_size=8,
)


def test_every_category_has_a_notice_and_every_notice_its_place_in_the_order() -> None:
    assert OF_CATEGORY.keys() == CATEGORY_NAMES.keys()
    assert OF_BASIS.keys() <= BASES.keys()
    assert {*OF_CATEGORY.values(), *OF_BASIS.values()} <= set(STRICTNESS)
    assert len({notice.key for notice in STRICTNESS}) == len(STRICTNESS)
    assert WRITERS.keys() <= OF_CATEGORY.keys()


@pytest.mark.parametrize(
    ("document", "law"),
    [
        ([Element("r24"), Element("r10")], "42 CFR 2.32"),
        ([Element("r26"), Element("r08", "5328.04")], "WIC 5328.04(b)"),
        ([Element("r15", "827H"), Element("r26")], "WIC 827(a)(4)"),
        ([Element("r07", "CFT")], "WIC 832"),
        ([Element("r24", "MDT")], "WIC 830, 18961.7"),
        ([Element("r28", "agg")], "CalHHS Data De-Identification Guidelines"),
        ([Element("r14", "ROI")], "34 CFR 99.33, Education Code 49076"),
        ([Element("r03", "CANRA"), Element("r04", "11167d")], "Penal Code 11167(d)"),
        ([], "WIC 827, 10850"),
    ],
)
def test_a_document_carries_the_notice_of_its_strictest_element(document: list[Element], law: str) -> None:
    assert strictest(document).law == law


def test_the_short_part_2_notice_is_word_for_word() -> None:
    heading = strictest([Element("r10")]).heading
    assert heading == "42 CFR part 2 prohibits unauthorized use or disclosure of these records."


@given(elements, elements)
def test_one_more_element_never_makes_a_notice_milder_and_order_does_not_matter(
    some: list[Element], more: list[Element]
) -> None:
    order = {notice: place for place, notice in enumerate(STRICTNESS)}
    both = [*some, *more]
    if some:
        assert order[strictest(both)] <= order[strictest(some)]
    assert strictest(both) == strictest(reversed(both))
    for element in both:
        assert all(order[strictest(both)] <= order[notice] for notice in notices_of(element))


def test_a_neutral_notice_says_nothing_of_what_the_document_is_about() -> None:
    telling = ("child", "abuse", "team", "youth", "substance", "mental", "court")
    for notice, word in itertools.product(STRICTNESS, telling):
        assert word not in notice.neutral.lower()
