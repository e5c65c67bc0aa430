"""Hours are elapsed, days and months are the county's own, on every night of the year."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referrals.deadlines.calendar import CalendarDays, Hours, Months, Within, not_longer

ZONE = ZoneInfo("America/Los_Angeles")


def local(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=ZONE, fold=fold)  # type: ignore[arg-type, misc]


def shown(moment: datetime) -> str:
    assert moment.utcoffset() == timedelta(0)
    return moment.astimezone(ZONE).strftime("%Y-%m-%d %H:%M %Z")


@pytest.mark.parametrize(
    ("start", "within", "due"),
    [
        # An ordinary day.
        (local(2026, 6, 1, 9, 30), Hours(2), "2026-06-01 11:30 PDT"),
        (local(2026, 6, 1, 9, 30), Hours(36), "2026-06-02 21:30 PDT"),
        (local(2026, 6, 1, 9, 30), CalendarDays(10), "2026-06-11 23:59 PDT"),
        (local(2026, 6, 1, 0, 0), CalendarDays(10), "2026-06-11 23:59 PDT"),
        (local(2026, 6, 1, 23, 59), CalendarDays(10), "2026-06-11 23:59 PDT"),
        # The autumn night has twenty-five hours.
        (local(2026, 11, 1, 0, 30), Hours(2), "2026-11-01 01:30 PST"),
        (local(2026, 11, 1, 1, 30), Hours(2), "2026-11-01 02:30 PST"),
        (local(2026, 11, 1, 1, 30, fold=1), Hours(2), "2026-11-01 03:30 PST"),
        (local(2026, 10, 31, 12, 0), Hours(24), "2026-11-01 11:00 PST"),
        (local(2026, 10, 30, 9, 0), Hours(72), "2026-11-02 08:00 PST"),
        (local(2026, 10, 25, 9, 0), CalendarDays(10), "2026-11-04 23:59 PST"),
        (local(2026, 10, 22, 9, 0), CalendarDays(10), "2026-11-01 23:59 PST"),
        (local(2026, 11, 1, 1, 30, fold=1), CalendarDays(10), "2026-11-11 23:59 PST"),
        # The spring night has twenty-three.
        (local(2027, 3, 14, 1, 30), Hours(2), "2027-03-14 04:30 PDT"),
        (local(2027, 3, 13, 12, 0), Hours(24), "2027-03-14 13:00 PDT"),
        (local(2027, 3, 4, 9, 0), CalendarDays(10), "2027-03-14 23:59 PDT"),
        (local(2027, 3, 14, 3, 30), CalendarDays(10), "2027-03-24 23:59 PDT"),
        # Anniversaries keep the wall clock and clip to the end of a shorter month.
        (local(2026, 6, 15, 14, 0), Months(1), "2026-07-15 14:00 PDT"),
        (local(2026, 10, 15, 14, 0), Months(1), "2026-11-15 14:00 PST"),
        (local(2027, 1, 31, 14, 0), Months(1), "2027-02-28 14:00 PST"),
        (local(2028, 1, 31, 14, 0), Months(1), "2028-02-29 14:00 PST"),
        (local(2026, 12, 31, 14, 0), Months(1), "2027-01-31 14:00 PST"),
        (local(2027, 2, 14, 2, 30), Months(1), "2027-03-14 03:30 PDT"),
        (local(2026, 10, 1, 1, 30), Months(1), "2026-11-01 01:30 PDT"),
    ],
)
def test_a_length_ends_where_the_county_expects(start: datetime, within: Within, due: str) -> None:
    assert shown(within.due(start, ZONE)) == due
    assert shown(within.due(start.astimezone(UTC), ZONE)) == due


def test_the_county_day_counts_not_the_utc_day() -> None:
    late_evening = datetime(2026, 6, 2, 5, 0, tzinfo=UTC)  # still the evening of June 1 in the county
    assert shown(CalendarDays(10).due(late_evening, ZONE)) == "2026-06-11 23:59 PDT"
    assert CalendarDays(10).due(late_evening, ZoneInfo("UTC")) == datetime(2026, 6, 12, 23, 59, tzinfo=UTC)


@pytest.mark.parametrize("unit", [Hours, CalendarDays, Months])
def test_a_length_of_nothing_is_refused(unit: type[Hours] | type[CalendarDays] | type[Months]) -> None:
    with pytest.raises(ValueError, match="at least one"):
        unit(0)


starts = st.integers(0, 3 * 366 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
lengths: st.SearchStrategy[Within] = st.one_of(
    st.integers(1, 2000).map(Hours), st.integers(1, 90).map(CalendarDays), st.integers(1, 12).map(Months)
)


@given(starts, lengths)
def test_every_length_stays_between_its_shortest_and_longest(start: datetime, within: Within) -> None:
    assert within.shortest <= within.due(start, ZONE) - start <= within.longest


@given(starts, lengths, lengths)
def test_what_is_not_longer_never_ends_later(start: datetime, new: Within, old: Within) -> None:
    if not_longer(new, old):
        assert new.due(start, ZONE) <= old.due(start, ZONE)


@given(starts, starts, lengths)
def test_a_later_start_never_ends_sooner(one: datetime, other: datetime, within: Within) -> None:
    first, second = sorted((one, other))
    # One hour of grace: in the night an hour is repeated, two starts may share one wall-clock anniversary.
    grace = timedelta(hours=1) if isinstance(within, Months) else timedelta()
    assert within.due(first, ZONE) <= within.due(second, ZONE) + grace
