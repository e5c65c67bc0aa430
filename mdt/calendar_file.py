"""A meeting as a calendar entry (RFC 5545, 5546): when, and where to sign in. Nothing about a child leaves in it.

Pure: the moments, the zone and the address are handed in. Calendars forward what they hold and ignore CLASS, so the
entry has no place, no names of members and no words but the reference.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parseaddr
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vCalAddress

from agencies.disclosure.redisclosure import Element, strictest
from cseccase.wording import hour_comes_twice

PRODUCT: Final = "-//Care Coordination//Team meetings//EN"
NOTICE: Final = strictest([Element("r24")])
REMINDER: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a calendar may know of a meeting, for one person. `sequence` grows with every change that was told.

    `address` is where the person signs in to see the meeting; `sender` an e-mail address of the product.
    """

    meeting: UUID
    number: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    recipient: str
    sender: str
    address: str
    told_at: datetime
    is_cancelled: bool = False


def calendar_file(invitation: Invitation) -> bytes:
    """The file a calendar reads: METHOD:REQUEST, or METHOD:CANCEL for a meeting or a seat that is no more."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "CANCEL" if invitation.is_cancelled else "REQUEST")
    calendar.add_component(_event(invitation))
    # Only the years the entry touches: sixty years of clock changes are of no use to it.
    first = date(invitation.starts_at.year - 1, 1, 1)
    calendar.add_missing_timezones(first_date=first, last_date=date(invitation.ends_at.year + 2, 1, 1))
    return bytes(calendar.to_ical())


def _event(invitation: Invitation) -> Event:
    event = Event()
    # The same UID for ever, so that a move or a cancellation finds the entry it replaces.
    event.add("uid", f"{invitation.meeting}@{urlsplit(invitation.address).hostname}")
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", invitation.told_at.astimezone(UTC))
    starts_at, ends_at = _wall_clock(invitation)
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    event.add("summary", f"Team meeting {invitation.number}")
    # Calendars forward what they hold, so the notice says nothing of what the meeting is about.
    event.add("description", f"Sign in to see who comes, where it is, and to answer. {NOTICE.neutral}")
    event.add("url", invitation.address)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT" if invitation.is_cancelled else "OPAQUE")
    event.add("status", "CANCELLED" if invitation.is_cancelled else "CONFIRMED")
    event.add("organizer", vCalAddress(f"mailto:{parseaddr(invitation.sender)[1]}"))
    event.add("attendee", vCalAddress(f"mailto:{invitation.recipient}"))
    if not invitation.is_cancelled:
        event.add_component(_reminder(invitation))
    return event


def _reminder(invitation: Invitation) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"Team meeting {invitation.number}")
    alarm.add("trigger", -REMINDER)
    return alarm


def _wall_clock(invitation: Invitation) -> tuple[datetime, datetime]:
    """Start and end by the county's clocks; in UTC where a clock reading would mean two moments.

    RFC 5545 takes the first of the two hours when clocks go back and has no way to write the second.
    """
    zone = ZoneInfo(invitation.zone)
    moments = (invitation.starts_at.astimezone(zone), invitation.ends_at.astimezone(zone))
    if any(hour_comes_twice(moment) for moment in moments):
        return invitation.starts_at.astimezone(UTC), invitation.ends_at.astimezone(UTC)
    return moments
