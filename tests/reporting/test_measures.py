"""What is masked in one table is masked in every table that would give it away."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reporting.blocks import NONE_OWED, Block
from reporting.duty_measures import BY_AGENCY, DUTIES, FOLLOW_ALL, FOLLOW_TIER
from reporting.measures import CRISIS, INITIAL, RawCounts, blocks_mask
from reporting.periods import Period

QUARTER = Period(2026, 3)
LABEL_OF = dict(DUTIES)


def block(blocks: tuple[Block, ...], key: str) -> Block:
    return next(found for found in blocks if found.key == key)


def line(found: Block, head: str) -> tuple[object, ...]:
    return next(entry.values for entry in found.lines if entry.head == head)


@st.composite
def counted(draw: st.DrawFn) -> RawCounts:
    """A county's quarter: duties are owed for the children who were referred."""
    number = st.sampled_from([0, 1, 3, 7, 10, 11, 12, 25, 60])
    referred = {
        (part, role, tier): draw(number)
        for part in range(3)
        for role in ("CW", "PO")
        for tier in (CRISIS, INITIAL)
    }
    by_tier = {tier: sum(n for (_, _, at), n in referred.items() if at == tier) for tier in (CRISIS, INITIAL)}
    duties = {}
    for rule in DUTIES:
        owed = (
            sum(by_tier.values())
            if rule in FOLLOW_ALL
            else by_tier[INITIAL if rule.startswith("investigate") else CRISIS]
        )
        there = draw(st.integers(0, owed))
        duties[rule] = {
            ("Child Welfare", 0): (there, draw(st.integers(0, there))),
            ("Probation", 2): (owed - there, draw(st.integers(0, owed - there))),
        }
    return RawCounts(
        referred=referred,
        statuses={code: draw(number) for code in ("6867", "6869")},
        duties=duties,
        meetings={"crisis": draw(number), "initial": draw(number), "ongoing": draw(number)},
        training={"csec_101": 20},
        staff=draw(st.integers(20, 60)),
    )


@given(counted())
def test_no_number_from_one_to_ten_is_ever_published(counts: RawCounts) -> None:
    for found in blocks_mask(counts, period=QUARTER):
        for entry in found.lines:
            for value, column in zip(entry.values, found.columns, strict=True):
                if isinstance(value, int) and not column.endswith("%"):
                    assert not 1 <= value <= 10, (found.key, entry.head)


@given(counted())
def test_a_hidden_tier_is_not_printed_as_the_number_of_duties_owed(counts: RawCounts) -> None:
    blocks = blocks_mask(counts, period=QUARTER)
    tiers = block(blocks, "tiers")
    if any(entry.values[0] is None for entry in tiers.lines):
        for rule in FOLLOW_TIER:
            assert set(line(block(blocks, "duties"), LABEL_OF[rule])) == {None}


@given(counted())
def test_a_hidden_sum_is_printed_nowhere(counts: RawCounts) -> None:
    blocks = blocks_mask(counts, period=QUARTER)
    total = block(blocks, "referred").lines[-1].values[-1]
    if total is None:
        assert all(entry.values == (None,) for entry in block(blocks, "tiers").lines)
        for rule in FOLLOW_ALL | FOLLOW_TIER:
            assert set(line(block(blocks, "duties"), LABEL_OF[rule])) == {None}


@given(counted())
def test_shown_lines_add_up_to_the_shown_sum(counts: RawCounts) -> None:
    for key in ("tiers", "meetings"):
        *parts, total = (entry.values[0] for entry in block(blocks_mask(counts, period=QUARTER), key).lines)
        if total is not None and None not in parts:
            assert sum(parts) == total  # type: ignore[arg-type]


@given(counted())
def test_a_duty_shows_all_its_numbers_or_none(counts: RawCounts) -> None:
    for found in blocks_mask(counts, period=QUARTER):
        if found.key.startswith("duties"):
            for entry in found.lines:
                hidden = [value is None for value in entry.values]
                assert all(hidden) or not any(hidden)


@given(counted())
def test_a_duty_of_every_referral_is_divided_only_where_every_referral_is_shown(counts: RawCounts) -> None:
    blocks = blocks_mask(counts, period=QUARTER)
    divided = {found.key.removeprefix(BY_AGENCY) for found in blocks if found.key.startswith(BY_AGENCY)}
    if any(None in entry.values for entry in block(blocks, "referred").lines):
        assert not divided & (FOLLOW_ALL | FOLLOW_TIER)


def test_large_counts_are_shown_as_they_are() -> None:
    counts = RawCounts(
        referred={(0, "CW", CRISIS): 40, (1, "CW", INITIAL): 30, (2, "PO", INITIAL): 20},
        duties={
            "missing-le-24h": {("Child Welfare", 0): (44, 30), ("Probation", 1): (30, 30)},
            "response-2h": {("Child Welfare", 0): (40, 25)},
        },
        statuses={"6867": 33},
    )
    blocks = blocks_mask(counts, period=QUARTER)
    assert [entry.values for entry in block(blocks, "referred").lines] == [
        (40, 0, 40),
        (30, 0, 30),
        (0, 20, 20),
        (70, 20, 90),
    ]
    assert [entry.values for entry in block(blocks, "tiers").lines] == [(40,), (50,), (90,)]
    assert line(block(blocks, "duties"), "Police told a child is missing") == (74, 60, 14, 81)
    assert line(block(blocks, "duties"), "Worker with the child") == (40, 25, 15, 63)
    assert line(block(blocks, "duties"), "NCMEC told a child is missing") == (0, 0, 0, NONE_OWED)
    assert line(block(blocks, "statuses"), "At Risk") == (33,)
    assert block(blocks, BY_AGENCY + "missing-le-24h").lines[0].values == (44, 30, 14, 68)
