"""The calendar entry of a meeting: right on every night of the year, replaceable, and silent about the child."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from mdt.calendar_file import Invitation, calendar_file

ZONE = "America/Los_Angeles"
INVITED = Invitation(
    meeting=UUID("6f1c1c1e-2f1b-4f0e-9d53-0f3a1f7c2b11"),
    number="M-ABC-DEF",
    sequence=0,
    starts_at=datetime(2026, 11, 23, 18, 0, tzinfo=UTC),
    ends_at=datetime(2026, 11, 23, 19, 0, tzinfo=UTC),
    zone=ZONE,
    recipient="dana.reyes@cw.example",
    sender="Care Coordination <no-reply@county.example>",
    address="https://care.county.example/meetings/6f1c1c1e-2f1b-4f0e-9d53-0f3a1f7c2b11",
    told_at=datetime(2026, 11, 18, 17, 0, tzinfo=UTC),
)


def read(invitation: Invitation) -> tuple[Calendar, Event]:
    calendar = Calendar.from_ical(calendar_file(invitation))
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_an_invitation_asks_and_a_cancellation_takes_the_same_entry_back() -> None:
    asked, event = read(INVITED)
    taken_back, gone = read(replace(INVITED, sequence=1, is_cancelled=True))
    assert (asked["METHOD"], event["STATUS"]) == ("REQUEST", "CONFIRMED")
    assert (taken_back["METHOD"], gone["STATUS"]) == ("CANCEL", "CANCELLED")
    assert event["UID"] == gone["UID"]
    assert gone["SEQUENCE"] > event["SEQUENCE"]


def test_an_entry_says_when_and_where_to_sign_in_and_nothing_else() -> None:
    _, event = read(INVITED)
    assert event["SUMMARY"] == "Team meeting M-ABC-DEF"
    assert event["CLASS"] == "PRIVATE"
    assert event["URL"] == INVITED.address
    assert event["ORGANIZER"] == "mailto:no-reply@county.example"
    assert event["ATTENDEE"] == "mailto:dana.reyes@cw.example"
    known = {
        *("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "URL", "CLASS"),
        *("TRANSP", "STATUS", "ORGANIZER", "ATTENDEE"),
    }
    assert set(event) == known, "a new property may carry a place or a name"


def test_the_zone_travels_with_the_entry() -> None:
    calendar, event = read(INVITED)
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == ZONE
    assert event["DTSTART"].params["TZID"] == ZONE
    assert event.decoded("DTSTART").hour == 10


@pytest.mark.parametrize(
    ("starts_at", "what"),
    [
        (datetime(2026, 3, 8, 9, 30, tzinfo=UTC), "1:30 a.m., half an hour before clocks go forward"),
        (datetime(2026, 3, 8, 10, 0, tzinfo=UTC), "3:00 a.m., the first minute after"),
        (datetime(2026, 11, 1, 8, 30, tzinfo=UTC), "1:30 a.m., the first time"),
        (datetime(2026, 11, 1, 9, 30, tzinfo=UTC), "1:30 a.m., the second time"),
        (datetime(2026, 11, 1, 7, 30, tzinfo=UTC), "12:30 a.m., ending in the hour that comes twice"),
        (datetime(2026, 11, 1, 10, 0, tzinfo=UTC), "2:00 a.m., when the clocks are settled"),
    ],
)
def test_both_nights_when_clocks_change_keep_the_moment(starts_at: datetime, what: str) -> None:
    _, event = read(replace(INVITED, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)))
    assert event.decoded("DTSTART").astimezone(UTC) == starts_at, what
    assert event.decoded("DTEND").astimezone(UTC) == starts_at + timedelta(hours=1), what


@given(
    minutes=st.integers(min_value=0, max_value=366 * 24 * 4),
    lasting=st.integers(min_value=1, max_value=32),
)
def test_any_quarter_hour_of_a_year_comes_back_as_it_was(minutes: int, lasting: int) -> None:
    starts_at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * minutes)
    ends_at = starts_at + timedelta(minutes=15 * lasting)
    _, event = read(replace(INVITED, starts_at=starts_at, ends_at=ends_at))
    assert event.decoded("DTSTART").astimezone(UTC) == starts_at
    assert event.decoded("DTEND").astimezone(UTC) == ends_at
