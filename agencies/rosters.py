"""On-call rosters as pure time: gaps, and a weekly pattern as moments. Days and times are the county's own.

A shift is an interval of moments, never of wall clocks, so the one over a night on which the clocks change is an hour
shorter or longer than it looks, and its neighbour still begins where it ends.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKS_AT_MOST = 8


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment until another, the second left out."""

    starts_at: datetime
    ends_at: datetime


def moment_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment that a clock on the wall shows this day and time; of two, the first.

    A time in the hour that spring leaves out is counted on from before the change: 2:30 is what the wall calls 3:30.
    """
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def gaps(spans: Iterable[Span], *, start: datetime, end: datetime) -> list[Span]:
    """When nobody is there between two moments, in order."""
    found, reached = [], start
    for span in sorted(spans, key=lambda one: (one.starts_at, one.ends_at)):
        if span.ends_at <= reached:
            continue
        if span.starts_at >= end:
            break
        if span.starts_at > reached:
            found.append(Span(reached, span.starts_at))
        reached = span.ends_at
    if reached < end:
        found.append(Span(reached, end))
    return found


def pattern(
    *,
    weekdays: Collection[int],
    begins: time,
    ends: time,
    first_day: date,
    weeks: int,
    zone: ZoneInfo,
) -> Sequence[Span]:
    """One shift for each of these weekdays (Monday is 0) in so many weeks from a day on.

    One whose end is not after its beginning ends on the next day. Raises ValueError for no weekday or too many weeks.
    """
    if not weekdays:
        raise ValueError("Choose at least one day of the week.")
    if not 1 <= weeks <= WEEKS_AT_MOST:
        raise ValueError(f"Fill one week at least and {WEEKS_AT_MOST} at most.")
    days = (first_day + timedelta(days=number) for number in range(7 * weeks))
    found = []
    for day in days:
        if day.weekday() in weekdays:
            last = day if ends > begins else day + timedelta(days=1)
            found.append(Span(moment_of(day, begins, zone), moment_of(last, ends, zone)))
    return [span for span in found if span.ends_at > span.starts_at]


def next_morning(now: datetime, zone: ZoneInfo, *, at: time) -> datetime:
    """The next moment at which a wall clock of the county shows this time."""
    today = now.astimezone(zone).date()
    first = moment_of(today, at, zone)
    return first if first > now else moment_of(today + timedelta(days=1), at, zone)
