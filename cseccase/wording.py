"""How the product says a day, a time and a span of time to a person: "Wed, Nov 18", "4:12 p.m.", "4 h 18 min left".

Pure functions. Every moment is an aware datetime; the zone it is said in is passed in. Spans are elapsed time
(differences of UTC instants), so a night with 23 or 25 hours is counted as the clock on the wall cannot count it.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

# Below two days hours and minutes help somebody plan a night; from two days on they are noise.
DAYS_FROM = 2 * DAY


def day_words(day: date, *, year_now: int | None = None) -> str:
    """A day as people say it: "Wed, Nov 18"; with the year when it is not the year the reader is in."""
    words = f"{day:%a}, {day:%b} {day.day}"
    return words if year_now in (None, day.year) else f"{words}, {day.year}"


def long_day_words(day: date) -> str:
    """A day written out, for a page's first lines and for paper: "Tuesday, November 17, 2026"."""
    return f"{day:%A}, {day:%B} {day.day}, {day.year}"


def time_words(moment: datetime, zone: tzinfo) -> str:
    """A time of day: "4:12 p.m."; in the autumn hour that comes twice, with the zone's short name added."""
    local = moment.astimezone(zone)
    hour = local.hour % 12 or 12
    half = "a.m." if local.hour < 12 else "p.m."
    words = f"{hour}:{local.minute:02d} {half}"
    return f"{words} {local.tzname()}" if hour_comes_twice(local) else words


def hour_comes_twice(local: datetime) -> bool:
    """Whether this wall-clock reading happens twice on its day, as one hour does when clocks go back."""
    first, second = local.replace(fold=0).utcoffset(), local.replace(fold=1).utcoffset()
    # A reading that never happens (clocks go forward) also has two offsets, in the opposite order.
    return first is not None and second is not None and first > second


def day_time_words(moment: datetime, zone: tzinfo, *, year_now: int | None = None) -> str:
    """A moment as people say it: "Wed, Nov 18, 9:40 a.m."."""
    return f"{day_words(moment.astimezone(zone).date(), year_now=year_now)}, {time_words(moment, zone)}"


def span_words(span: timedelta) -> str:
    """A length of time, rounded down: "45 min", "4 h 18 min", "9 days". Negative spans are said by their size."""
    size = abs(span)
    if size >= DAYS_FROM:
        return f"{size // DAY} days"
    if size < MINUTE:
        return "less than 1 min"
    hours, rest = divmod(size, HOUR)
    minutes = rest // MINUTE
    return " ".join(
        part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part
    )


def time_left_words(due_at: datetime, now: datetime, *, force: str | None = None) -> str:
    """How far away a limit is: "4 h 18 min left", "2 h 2 min overdue".

    `force` "law" or "practice" says whose limit was passed: "overdue by law", "past the county's target".
    """
    # Two datetimes of one zone subtract as wall clocks; on a night the clocks change only UTC tells the truth.
    left = due_at.astimezone(UTC) - now.astimezone(UTC)
    if left >= timedelta(0):
        return f"{span_words(left)} left" if left else "Due now"
    late = {"law": "overdue by law", "practice": "past the county’s target"}.get(force or "", "overdue")
    return f"{span_words(left)} {late}"


def listed_words(words: str | Iterable[str]) -> str:
    """Names in a row, "Child Welfare, Emergency Response"; a single string stays as it is."""
    return words if isinstance(words, str) else ", ".join(words)


def counted_words(count: int, one: str, many: str) -> str:
    """A count with its noun: "1 duty", "3 duties", "1,204 duties"."""
    return f"{count:,} {one if count == 1 else many}"
