"""Stages come in order, at their share of the time, for people who can act; what repeats ends, and gaps only grow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.deadlines.engine import Clock, ClockKey
from referrals.deadlines.rules import DEFAULT_RULEBOOK
from referrals.deadlines.stages import (
    ACKNOWLEDGE_WITHIN,
    COORDINATOR,
    DIRECTOR,
    LADDER,
    LEFT_OUT_BY_RULE,
    ON_CALL,
    OWING_SUPERVISORS,
    OWING_WORKERS,
    STILL_AT_MOST,
    STILL_TIMES,
    Length,
    acknowledge_within,
    audience_of,
    first_stages,
    is_quiet,
    length_of,
    level_of,
    next_still,
    stages,
    still_moments,
    up_after,
)

START = datetime(2026, 11, 18, 20, 0, tzinfo=UTC)
SPANS = st.timedeltas(min_value=timedelta(minutes=30), max_value=timedelta(days=190))


def clock(span: timedelta, *, at_once: bool = False, rule: str = "any") -> Clock:
    return Clock(ClockKey(rule, "CW", None, uuid4()), START, START + span, at_once)


@pytest.mark.parametrize(
    ("span", "at_once", "moments"),
    [
        (timedelta(hours=2), False, {"started": 0, "warning": 90, "due": 120, "breached": 135, "still": 150}),
        (timedelta(hours=2), True, {"started": 0, "warning": 30, "due": 120, "breached": 135, "still": 150}),
        (
            timedelta(hours=24),
            True,
            {"started": 0, "warning": 360, "due": 1440, "breached": 1455, "still": 1800},
        ),
        (
            timedelta(hours=36),
            False,
            {"started": 0, "half": 1080, "warning": 1620, "due": 2160, "breached": 2175, "still": 2700},
        ),
        (
            timedelta(days=10),
            False,
            {"started": 0, "half": 7200, "warning": 10800, "due": 14400, "breached": 14415, "still": 15840},
        ),
    ],
)
def test_stages_come_in_order_at_their_share_of_the_span(
    span: timedelta, at_once: bool, moments: dict[str, int]
) -> None:
    found = {stage.name: stage.fire_at - START for stage in first_stages(clock(span, at_once=at_once))}
    assert {name: int(after.total_seconds()) // 60 for name, after in found.items()} == moments


def test_who_is_told_widens_stage_by_stage() -> None:
    found = {stage.name: stage.audience for stage in stages(clock(timedelta(hours=36)))}
    assert found["started"] == found["half"] == found["warning"] == {OWING_WORKERS}
    assert found["due"] == {OWING_WORKERS, ON_CALL, OWING_SUPERVISORS}
    assert DIRECTOR in found["breached"]
    assert found["still"] == found["still-2"] == {OWING_SUPERVISORS, DIRECTOR, COORDINATOR}


@pytest.mark.parametrize("at_once", [True, False])
def test_a_duty_due_now_reaches_the_on_call_with_its_first_notice(at_once: bool) -> None:
    found = {stage.name: stage.audience for stage in stages(clock(timedelta(hours=2), at_once=at_once))}
    assert ON_CALL in found["started"]
    later = {stage.name: stage.audience for stage in stages(clock(timedelta(days=10)))}
    assert ON_CALL not in later["started"]


@given(SPANS, st.booleans())
def test_what_repeats_comes_in_growing_gaps_of_a_day_at_most_and_ends(span: timedelta, at_once: bool) -> None:
    moments = [moment for _, moment in still_moments(START, START + span)]
    gaps = [later - earlier for earlier, later in zip([START + span, *moments], moments, strict=False)]
    assert len(moments) == STILL_TIMES
    assert gaps == sorted(gaps)
    assert max(gaps) <= STILL_AT_MOST
    found = stages(clock(span, at_once=at_once))
    after = [stage.fire_at for stage in found if stage.name in {"due", "breached", "still", "still-2"}]
    assert after == sorted(after)
    assert len({stage.name for stage in found}) == len(found)


@given(SPANS, st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=60)))
def test_after_a_long_silence_the_next_reminder_is_one_and_not_all_that_were_missed(
    span: timedelta, silent: timedelta
) -> None:
    due = START + span
    now = due + silent
    found = next_still("still", started_at=START, due_at=due, now=now)
    last = still_moments(START, due)[-1][1]
    assert (found is None) == (last <= now)
    if found is not None:
        assert found[1] > now
    assert next_still("due", started_at=START, due_at=due, now=now) is None
    assert next_still(f"still-{STILL_TIMES}", started_at=START, due_at=due, now=START) is None


@pytest.mark.parametrize("length", Length)
def test_the_ladder_ends_at_the_coordinator_and_never_goes_down(length: Length) -> None:
    for stage in ACKNOWLEDGE_WITHIN[length]:
        steps = up_after(stage, length)
        while steps:
            assert LADDER[level_of(steps[0])] not in audience_of(stage, length)
            assert acknowledge_within(steps[0], length) is not None
            assert audience_of(steps[0], length) == {LADDER[level_of(steps[0])]}
            higher = up_after(steps[0], length)
            assert higher == steps[1:]
            steps = higher
    assert up_after("up-4", length) == []


@pytest.mark.parametrize("name", ["up", "up-0", "up-5", "up-x", "due-1"])
def test_a_step_that_the_ladder_does_not_have_is_refused(name: str) -> None:
    with pytest.raises(KeyError):
        level_of(name)


def test_only_the_start_and_the_half_of_long_duties_are_quiet() -> None:
    assert is_quiet("started", Length.DAYS)
    assert is_quiet("half", Length.HOURS)
    for length in Length:
        assert not any(is_quiet(name, length) for name in ("warning", "due", "breached", "still-3", "up-2"))
    assert not is_quiet("started", Length.SHORT)
    assert not is_quiet("started", Length.AT_ONCE)


def test_every_rule_keeps_the_stages_that_call_for_help_and_names_fit_their_column() -> None:
    for rule in DEFAULT_RULEBOOK.rules:
        length = length_of(START, rule.within.due(START, _zone()), at_once=rule.at_once)
        found = [
            stage.name for stage in stages(clock(timedelta(hours=30), at_once=rule.at_once, rule=rule.id))
        ]
        assert {"warning", "due", "breached", "still"} <= set(found), rule.id
        assert all(len(name) <= 20 for name in found)
        assert acknowledge_within("due", length) is not None
    assert all(reason for left_out in LEFT_OUT_BY_RULE.values() for reason in left_out.values())


def _zone() -> ZoneInfo:

    return ZoneInfo("America/Los_Angeles")
