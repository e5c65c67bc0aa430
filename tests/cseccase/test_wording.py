from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cseccase import wording

LA = ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 11, 17, 16, 12, tzinfo=LA)


def test_a_day_is_said_without_its_year_only_in_that_year() -> None:
    assert wording.day_words(date(2026, 11, 18)) == "Wed, Nov 18"
    assert wording.day_words(date(2026, 11, 8), year_now=2026) == "Sun, Nov 8"
    assert wording.day_words(date(2025, 11, 18), year_now=2026) == "Tue, Nov 18, 2025"
    assert wording.long_day_words(date(2026, 11, 17)) == "Tuesday, November 17, 2026"


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (0, 0, "12:00 a.m."),
        (0, 5, "12:05 a.m."),
        (9, 40, "9:40 a.m."),
        (12, 0, "12:00 p.m."),
        (16, 12, "4:12 p.m."),
        (23, 59, "11:59 p.m."),
    ],
)
def test_a_time_is_said_in_the_zone_of_the_county(hour: int, minute: int, words: str) -> None:
    moment = datetime(2026, 11, 17, hour, minute, tzinfo=LA).astimezone(UTC)
    assert wording.time_words(moment, LA) == words


def test_the_hour_that_comes_twice_says_which_of_the_two_it_is() -> None:
    first = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    assert wording.time_words(first, LA) == "1:30 a.m. PDT"
    assert wording.time_words(first + timedelta(hours=1), LA) == "1:30 a.m. PST"
    assert wording.time_words(first + timedelta(hours=2), LA) == "2:30 a.m."


def test_the_night_clocks_go_forward_has_no_hour_that_comes_twice() -> None:
    assert wording.time_words(datetime(2027, 3, 14, 9, 59, tzinfo=UTC), LA) == "1:59 a.m."
    assert wording.time_words(datetime(2027, 3, 14, 10, 0, tzinfo=UTC), LA) == "3:00 a.m."
    assert not wording.hour_comes_twice(datetime(2027, 3, 14, 2, 30, tzinfo=LA))


@pytest.mark.parametrize(
    ("due_at", "words"),
    [
        (NOW + timedelta(hours=4, minutes=18), "4 h 18 min left"),
        (NOW + timedelta(hours=3), "3 h left"),
        (NOW + timedelta(minutes=45), "45 min left"),
        (NOW + timedelta(seconds=20), "less than 1 min left"),
        (NOW, "Due now"),
        (NOW + timedelta(hours=47, minutes=59), "47 h 59 min left"),
        (NOW + timedelta(days=2), "2 days left"),
        (datetime(2026, 11, 26, 23, 59, tzinfo=LA), "9 days left"),
        (NOW - timedelta(hours=2, minutes=2), "2 h 2 min overdue"),
        (NOW - timedelta(days=3, hours=23), "3 days overdue"),
    ],
)
def test_time_left_is_said_as_hours_and_minutes_and_from_two_days_as_days(
    due_at: datetime, words: str
) -> None:
    assert wording.time_left_words(due_at, NOW) == words


def test_whose_limit_was_passed_is_said_and_only_the_law_is_called_overdue() -> None:
    due_at = NOW - timedelta(minutes=5)
    assert wording.time_left_words(due_at, NOW, force="law") == "5 min overdue by law"
    assert wording.time_left_words(due_at, NOW, force="practice") == "5 min past the county’s target"
    assert wording.time_left_words(NOW + timedelta(minutes=5), NOW, force="law") == "5 min left"


@pytest.mark.parametrize(
    ("evening", "morning", "words"),
    [
        (datetime(2026, 10, 31, 22, 0, tzinfo=LA), datetime(2026, 11, 1, 6, 0, tzinfo=LA), "9 h left"),
        (datetime(2027, 3, 13, 22, 0, tzinfo=LA), datetime(2027, 3, 14, 6, 0, tzinfo=LA), "7 h left"),
    ],
)
def test_time_left_counts_the_hours_that_pass_on_a_night_the_clocks_change(
    evening: datetime, morning: datetime, words: str
) -> None:
    assert wording.time_left_words(morning, evening) == words


@given(minutes=st.integers(min_value=1, max_value=47 * 60))
def test_what_is_said_below_two_days_adds_up_to_the_span(minutes: int) -> None:
    parts = wording.span_words(timedelta(minutes=minutes)).split()
    said = sum(
        int(number) * {"h": 60, "min": 1}[unit] for number, unit in zip(parts[::2], parts[1::2], strict=True)
    )
    assert said == minutes


def test_one_name_or_many_make_one_line() -> None:
    assert wording.listed_words("Hotline, Supervisor") == "Hotline, Supervisor"
    assert wording.listed_words(["Hotline", "Supervisor"]) == "Hotline, Supervisor"
    assert wording.counted_words(1, "duty", "duties") == "1 duty"
    assert wording.counted_words(1204, "duty", "duties") == "1,204 duties"
