"""Laws of the deadline engine on any chronology: order, unrelated and later events change no past answer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from referrals.deadlines import kinds
from referrals.deadlines.engine import Clock, ClockKey, ClockState, clocks
from referrals.deadlines.events import Event
from referrals.deadlines.rules import DEFAULT_RULEBOOK

SPACE = UUID("00000000-0000-4000-8000-0000000000d1")
ZONE = ZoneInfo("America/Los_Angeles")
T0 = datetime(2026, 10, 30, 20, 0, tzinfo=UTC)

facts_of = {
    kinds.REFERRAL_RECEIVED: st.fixed_dictionaries(
        {
            "urgent": st.sampled_from([True, False, None]),
            "jurisdiction": st.sampled_from(["cw", "probation", "dual", "unknown"]),
        }
    ),
    kinds.RESPONSE_DECIDED: st.fixed_dictionaries(
        {
            "tier": st.sampled_from(["crisis", "initial"]),
            "jurisdiction": st.sampled_from(["cw", "probation", "dual", "unknown"]),
            "lead": st.sampled_from(["cw", "probation", None]),
        }
    ),
    kinds.CHILD_IDENTIFIED: st.fixed_dictionaries(
        {"receives_services": st.sampled_from([True, False, None])}
    ),
    kinds.WENT_MISSING: st.fixed_dictionaries(
        {
            "receives_services": st.sampled_from([True, False, None]),
            "victim_or_at_risk": st.sampled_from([True, False, None]),
        }
    ),
}
report_facts = st.fixed_dictionaries(
    {
        "to": st.sampled_from(["le", "da", "cw", "ncmec"]),
        "mode": st.sampled_from(["telephone", "fax", "electronic", "mail"]),
        "reference": st.sampled_from(["26-1", "", None]),
        "outcome": st.sampled_from(["answered", "voicemail"]),
    }
)


@st.composite
def chronologies(draw: st.DrawFn, *, decisions: int = 2, corrections: bool = True) -> list[Event]:
    """A referral and what followed, recorded in the order in which it happened."""
    later = sorted(set(facts_of) - {kinds.REFERRAL_RECEIVED, kinds.RESPONSE_DECIDED})
    others = sorted(kinds.EVENT_KINDS - set(facts_of) - {kinds.WITHDRAWN, kinds.DUTY_DROPPED})
    drawn = draw(st.lists(st.sampled_from([*later, *others]), max_size=8))
    drawn += [kinds.RESPONSE_DECIDED] * draw(st.integers(0, decisions))
    told = [kinds.REFERRAL_RECEIVED, *draw(st.permutations(drawn))]
    events: list[Event] = []
    at = T0
    for number, kind in enumerate(told):
        events.append(_event(draw, number, kind, at))
        at += timedelta(minutes=draw(st.integers(1, 60 * 90)))
    if corrections and draw(st.booleans()):
        target = draw(st.sampled_from(events))
        moved = timedelta(minutes=draw(st.integers(-600, 600)))
        events.append(
            replace(
                target,
                id=uuid5(SPACE, "correction"),
                supersedes=target.id,
                kind=draw(st.sampled_from([target.kind, kinds.WITHDRAWN])),
                occurred_at=target.occurred_at + moved,
                recorded_at=at,
            )
        )
    return events


def _event(draw: st.DrawFn, number: int, kind: str, at: datetime) -> Event:
    made = uuid5(SPACE, str(number))
    role = draw(st.sampled_from(["CW", "PO", "ADV", "PH", "LE", None]))
    facts = draw(facts_of.get(kind, report_facts))
    return Event(made, made, kind, at, at, at, None, role, facts)


def asked(events: list[Event]) -> tuple[Clock, ...]:
    return clocks(events, rulebook=DEFAULT_RULEBOOK, zone=ZONE)


def keyed(found: tuple[Clock, ...]) -> dict[ClockKey, Clock]:
    made = {clock.key: clock for clock in found}
    assert len(made) == len(found), "a duty stands twice"
    return made


@given(chronologies(), st.randoms(use_true_random=False))
def test_the_order_in_which_events_are_given_changes_nothing(events: list[Event], random: object) -> None:
    shuffled = list(events)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert asked(shuffled) == asked(events)
    assert asked([*events, *shuffled]) == asked(events), "nor does hearing of an event twice"


@given(chronologies(), st.integers(-500, 500))
def test_an_unrelated_event_changes_nothing(events: list[Event], minutes: int) -> None:
    at = T0 + timedelta(minutes=minutes)
    other = uuid5(SPACE, "unrelated")
    assert asked([*events, Event(other, other, kinds.NOTE, at, at, at)]) == asked(events)
    drop_of_nothing = {
        "rule": "response-2h",
        "owed_by": "CW",
        "owed_to": "child",
        "started_root": other,
        "reason": "None",
        "approved_by": "None",
    }
    dropped = Event(other, other, kinds.DUTY_DROPPED, at, at, at, None, "CW", drop_of_nothing)
    assert asked([*events, dropped]) == asked(events)


@given(chronologies(decisions=1, corrections=False))
def test_a_replay_of_what_was_known_gives_the_state_of_that_moment(events: list[Event]) -> None:
    everything = keyed(asked(events))
    for known in range(1, len(events) + 1):
        now = events[known - 1].recorded_at
        for key, clock in keyed(asked(events[:known])).items():
            assert key in everything, "a duty that began never vanishes"
            final = everything[key]
            assert (final.started_at, final.due_at) == (clock.started_at, clock.due_at)
            assert final.state(now) is clock.state(now)


@given(chronologies())
def test_every_duty_is_well_formed_and_ends_at_most_once(events: list[Event]) -> None:
    ids = {event.id for event in events}
    for clock in asked(events):
        assert clock.due_at > clock.started_at
        assert clock.met_by is None or clock.dropped_by is None
        assert (clock.met_by is None) == (clock.met_at is None)
        assert (clock.dropped_by is None) == (clock.dropped_at is None) == (clock.drop_reason == "")
        assert {clock.met_by, clock.dropped_by} - {None} <= ids
        assert clock.met_at is None or clock.met_at >= clock.started_at


@given(chronologies(), st.integers(0, 60 * 24 * 60))
def test_time_alone_turns_open_into_overdue_and_nothing_else(events: list[Event], minutes: int) -> None:
    now = T0 + timedelta(minutes=minutes)
    for clock in asked(events):
        state = clock.state(now)
        assert (state is ClockState.OVERDUE) == (
            now > clock.due_at
            and not (clock.met_at and clock.met_at <= now)
            and not (clock.dropped_at and clock.dropped_at <= now)
        )
        if state is ClockState.MET_LATE:
            assert clock.met_at is not None
            assert clock.met_at > clock.due_at
