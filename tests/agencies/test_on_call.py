"""Who is on call: no gap is hidden, nobody stands twice, hand-overs reach both, and both nights of the clocks come right."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from agencies.choices import Duty, Role
from agencies.models import Notice, OnCallShift, Person
from agencies.rosters import Span, gaps, moment_of, next_morning, pattern
from agencies.services.oncall import PatternSaid, roster_fill, shift_add, shift_hand_over, shift_remove
from cseccase.audit.models import AccessEntry
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.errors import NotAllowed, NotVisible, RuleBroken
from tests.pages import client_of, words
from tests.worlds import World, county_make, person_make

LA = ZoneInfo("America/Los_Angeles")
AUTUMN, SPRING = date(2026, 10, 31), date(2027, 3, 13)
EVERY_DAY = frozenset(range(7))


# --- pure time


@pytest.mark.parametrize(("night", "hours"), [(AUTUMN, 13), (SPRING, 11), (date(2026, 11, 10), 12)])
def test_a_night_shift_is_as_long_as_the_night_really_is(night: date, hours: int) -> None:
    (span,) = pattern(
        weekdays={night.weekday()}, begins=time(19), ends=time(7), first_day=night, weeks=1, zone=LA
    )
    assert span.ends_at - span.starts_at == timedelta(hours=hours)
    assert span.starts_at.astimezone(LA).hour == 19 and span.ends_at.astimezone(LA).hour == 7


@given(
    st.dates(min_value=date(2026, 1, 1), max_value=date(2030, 12, 31)),
    st.integers(min_value=0, max_value=23),
    st.integers(min_value=1, max_value=8),
)
def test_a_pattern_of_every_day_and_night_leaves_no_gap_and_no_overlap(
    first: date, hour: int, weeks: int
) -> None:
    change, back = time(hour), time((hour + 12) % 24)
    said: dict[str, Any] = {"weekdays": EVERY_DAY, "first_day": first, "weeks": weeks, "zone": LA}
    spans = sorted(
        [*pattern(begins=change, ends=back, **said), *pattern(begins=back, ends=change, **said)],
        key=lambda span: span.starts_at,
    )
    start, end = spans[0].starts_at, spans[-1].ends_at
    inner_start = moment_of(first + timedelta(days=1), time(0), LA)
    inner_end = moment_of(first + timedelta(days=7 * weeks - 1), time(0), LA)
    assert gaps(spans, start=max(start, inner_start), end=min(end, inner_end)) == []
    assert all(earlier.ends_at <= later.starts_at for earlier, later in itertools.pairwise(spans))


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 40)), max_size=12))
def test_every_hour_is_either_in_a_shift_or_in_a_gap(shifts: list[tuple[int, int]]) -> None:
    start = datetime(2026, 11, 1, tzinfo=UTC)
    hour = timedelta(hours=1)
    spans = [Span(start + first * hour, start + (first + length) * hour) for first, length in shifts]
    empty = gaps(spans, start=start, end=start + 168 * hour)
    for number in range(168):
        at = start + number * hour
        covered = any(span.starts_at <= at < span.ends_at for span in spans)
        assert covered != any(span.starts_at <= at < span.ends_at for span in empty)


@pytest.mark.parametrize("day", [date(2026, 10, 31), date(2026, 11, 1), date(2027, 3, 13), date(2027, 3, 14)])
def test_the_morning_of_the_digest_is_seven_by_the_wall_clock(day: date) -> None:
    for hour in range(24):
        now = datetime.combine(day, time(hour, 30), tzinfo=LA).astimezone(UTC)
        morning = next_morning(now, LA, at=time(7))
        assert morning > now and morning.astimezone(LA).time() == time(7)
        assert morning - now <= timedelta(hours=25)


# --- services


@pytest.fixture
def world(db: None) -> World:
    world = county_make()
    world.person(Role.ADVOCATE)
    return world


def shifts() -> list[OnCallShift]:
    return list(OnCallShift.objects.select_related("person").order_by("starts_at", "is_backup"))


def told(person: Person) -> set[str]:
    with acting_because("test"):
        return set(Notice.objects.filter(recipient=person, about="on_call").values_list("stage", flat=True))


def add(world: World, person: Person, *, begins: int, ends: int, is_backup: bool = False) -> OnCallShift:
    """A shift from so many hours from now until so many."""
    now, viewer = datetime.now(UTC), world.viewer(Role.ADVOCATE, Duty.SUPERVISOR)
    span = Span(now + timedelta(hours=begins), now + timedelta(hours=ends))
    with viewing_as(viewer):
        return shift_add(viewer=viewer, person=person.pk, span=span, is_backup=is_backup, now=now)


def test_two_people_share_hours_only_as_first_and_backup(world: World) -> None:
    first, second = world.person(Role.ADVOCATE), world.person(Role.ADVOCATE, Duty.SUPERVISOR)
    add(world, first, begins=1, ends=9)
    with pytest.raises(RuleBroken, match="is on call from"):
        add(world, second, begins=8, ends=12)
    with pytest.raises(RuleBroken, match="is on call from"):
        add(world, first, begins=2, ends=3, is_backup=True)
    add(world, second, begins=8, ends=12, is_backup=True)
    add(world, first, begins=9, ends=10)
    assert len(shifts()) == 3 and told(first) == {"assigned"}


def test_who_is_not_trained_or_works_elsewhere_cannot_be_on_call(world: World) -> None:
    untrained = person_make(world.agencies["ADV"], Duty.LINE_WORKER, trained=False)
    for person in (untrained, world.person(Role.PROBATION)):
        with pytest.raises(RuleBroken, match="designated and trained"):
            add(world, person, begins=1, ends=2)
    assert shifts() == []


def test_a_hand_over_cuts_the_shift_at_this_moment_and_tells_both(world: World) -> None:
    first, second = world.person(Role.ADVOCATE), person_make(world.agencies["ADV"], Duty.LINE_WORKER)
    shift, now = add(world, first, begins=-2, ends=6), datetime.now(UTC)
    holder = world.viewer(Role.ADVOCATE)
    with viewing_as(holder):
        shift_hand_over(viewer=holder, shift_id=shift.pk, to=second.pk, now=now)
    before, after = shifts()
    assert (before.person, before.ends_at) == (first, now)
    assert (after.person, after.starts_at, after.ends_at) == (second, now, shift.ends_at)
    assert after.handed_from == before
    assert told(first) == {"assigned", "gone"} and told(second) == {"handed"}
    third = world.viewer(Role.ADVOCATE)
    with viewing_as(third), pytest.raises(NotAllowed, match="handed over by who holds it"):
        shift_hand_over(viewer=third, shift_id=after.pk, to=first.pk, now=now)
    stranger = world.viewer(Role.PROBATION, Duty.SUPERVISOR)
    with viewing_as(stranger), pytest.raises(NotVisible):
        shift_hand_over(viewer=stranger, shift_id=after.pk, to=first.pk, now=now)


def test_a_shift_that_has_begun_is_handed_over_and_not_taken_out(world: World) -> None:
    person, viewer = world.person(Role.ADVOCATE), world.viewer(Role.ADVOCATE, Duty.SUPERVISOR)
    running, coming = add(world, person, begins=-1, ends=1), add(world, person, begins=2, ends=3)
    with viewing_as(viewer):
        with pytest.raises(RuleBroken, match="Hand it over"):
            shift_remove(viewer=viewer, shift_id=running.pk, now=datetime.now(UTC))
        shift_remove(viewer=viewer, shift_id=coming.pk, now=datetime.now(UTC))
    assert [shift.pk for shift in shifts()] == [running.pk]
    worker = world.viewer(Role.ADVOCATE)
    with viewing_as(worker), pytest.raises(NotAllowed, match="write the on-call roster"):
        shift_remove(viewer=worker, shift_id=running.pk, now=datetime.now(UTC))


def test_a_pattern_is_written_whole_or_not_at_all_and_each_person_is_told_once(world: World) -> None:
    first, second = world.person(Role.ADVOCATE), world.person(Role.ADVOCATE, Duty.SUPERVISOR)
    viewer, now = world.viewer(Role.ADVOCATE, Duty.SUPERVISOR), datetime.now(UTC)
    tomorrow = now.astimezone(LA).date() + timedelta(days=1)
    said = PatternSaid(first.pk, second.pk, EVERY_DAY, time(18), time(8), tomorrow, 4)
    with viewing_as(viewer):
        assert roster_fill(viewer=viewer, said=said, now=now) == 56
        with pytest.raises(RuleBroken, match="is on call from"):
            roster_fill(viewer=viewer, said=said, now=now)
    assert len(shifts()) == 56 and told(first) == told(second) == {"assigned"}
    with acting_because("test"):
        assert Notice.objects.filter(about="on_call").count() == 2
        assert AccessEntry.objects.filter(verb="roster.changed").count() == 1


# --- pages


def test_everybody_who_works_cases_sees_whom_to_call_in_every_agency(world: World) -> None:
    person = world.person(Role.ADVOCATE)
    Person.objects.filter(pk=person.pk).update(phone="555-0177")
    add(world, person, begins=-1, ends=5)
    text = words(client_of(world, Role.EDUCATION).get("/on-call/"))
    assert person.full_name in text and "555-0177" in text
    assert text.count("Nobody is on call") == 16
    person.is_active = False
    person.save(update_fields=["is_active"])
    assert words(client_of(world, Role.EDUCATION).get("/on-call/")).count("Nobody is on call") == 17
    assert client_of(world, Role.STEERING_COMMITTEE, Duty.COMMITTEE).get("/on-call/").status_code == 403


def test_the_page_of_who_is_on_call_costs_the_same_however_many_are(world: World) -> None:
    client = client_of(world, Role.EDUCATION)
    client.get("/on-call/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/on-call/")
    add(world, world.person(Role.ADVOCATE), begins=-1, ends=5)
    add(world, world.person(Role.ADVOCATE, Duty.SUPERVISOR), begins=-1, ends=5, is_backup=True)
    with CaptureQueriesContext(connection) as more:
        client.get("/on-call/")
    assert len(more) == len(few)


def test_the_roster_shows_each_gap_and_a_person_who_can_no_longer_act(world: World) -> None:
    person = world.person(Role.ADVOCATE)
    client = client_of(world, Role.ADVOCATE, Duty.SUPERVISOR)
    assert "Nobody is on call in 1 gap" in words(client.get("/on-call/roster"))
    add(world, person, begins=-1, ends=5)
    text = words(client.get("/on-call/roster"))
    assert person.full_name in text and "Hand over" in text
    person.groups.clear()
    assert "Cannot act for the agency any more" in words(client.get("/on-call/roster"))
    for week in ("2026-11-01", "2027-03-14", "nonsense", "9999-12-31"):
        assert client.get("/on-call/roster", {"week": week}).status_code == 200


def test_the_roster_is_written_on_its_pages_and_mistakes_keep_what_was_typed(world: World) -> None:
    person, client = world.person(Role.ADVOCATE), client_of(world, Role.ADVOCATE, Duty.SUPERVISOR)
    tomorrow = datetime.now(LA).date() + timedelta(days=1)
    typed = {
        "person": str(person.pk),
        "backup": "",
        "weekdays": ["0", "1", "2", "3", "4", "5", "6"],
        "begins": "6",
        "ends": "8 a.m.",
        "first_day": tomorrow.isoformat(),
        "weeks": "2",
    }
    asked = client.post("/on-call/roster/fill", typed)
    assert "Add a.m. or p.m." in words(asked) and b'value="8 a.m."' in asked.content and shifts() == []
    client.post("/on-call/roster/fill", typed | {"begins": "6 p.m."})
    assert len(shifts()) == 14
    again = client.post("/on-call/roster/fill", typed | {"begins": "6 p.m."})
    assert "Two people share hours only" in words(again) and len(shifts()) == 14
    first = shifts()[0]
    assert "Take this shift out?" in words(client.get(f"/on-call/roster/{first.pk}/take-out"))
    client.post(f"/on-call/roster/{first.pk}/take-out")
    assert len(shifts()) == 13
    worker = client_of(world, Role.ADVOCATE)
    assert worker.get("/on-call/roster").status_code == 200
    assert worker.get("/on-call/roster/add").status_code == 403
    second = shifts()[0]
    other = world.person(Role.ADVOCATE, Duty.SUPERVISOR)
    worker.post(f"/on-call/roster/{second.pk}/hand-over", {"person": str(other.pk)})
    assert OnCallShift.objects.filter(person=other).count() == 1
    assert client_of(world, Role.PROBATION).get(f"/on-call/roster/{second.pk}/hand-over").status_code == 404
