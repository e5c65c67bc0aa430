"""Clocks kept up entry by entry are those of a replay of the whole history from scratch.

Histories are late, out of order, corrected, superseded and withdrawn, of several children and referrals, while the county
signs new rulebooks. `manage.py test --proof replay [--full]` tries 10,000; every change tries some hundreds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referrals.deadlines import kinds
from referrals.deadlines import settle as settling
from referrals.deadlines.calendar import CalendarDays, Hours, Minutes, Months
from referrals.deadlines.engine import clocks
from referrals.deadlines.events import Event
from referrals.deadlines.register.missing import NOTICE_TO
from referrals.deadlines.rules import DEFAULT_RULEBOOK, Rulebook, Rulebooks
from referrals.deadlines.settle import NEVER_OWED, ClockId, Standing

SPACE = UUID("00000000-0000-4000-8000-0000000000d9")
ZONE = ZoneInfo("America/Los_Angeles")
T0 = datetime(2026, 10, 30, 20, 0, tzinfo=UTC)
FULL, SOME = 10_000, 300
CHANGES = (
    ("response-2h", Minutes(90)),
    ("missing-le-24h", Hours(12)),
    ("missing-notice-24h", Hours(8)),
    ("search-contact", CalendarDays(3)),
    ("team-monthly", CalendarDays(14)),
    ("assess-cw-6mo", Months(3)),
)
KINDS = sorted(kinds.EVENT_KINDS - {kinds.WITHDRAWN})
LIKELY = [
    kinds.REFERRAL_RECEIVED,
    kinds.RESPONSE_DECIDED,
    kinds.WENT_MISSING,
    kinds.CHILD_LOCATED,
    kinds.SEARCH_CONTACT_MADE,
    kinds.NOTICE_GIVEN,
    kinds.NOTICE_NOT_OWED,
    kinds.MISSING_REPORTED,
    kinds.MEETING_HELD,
    kinds.CROSS_REPORT_MADE,
]
WORDS = {
    "to": ["le", "da", "ncmec", "doj", *NOTICE_TO],
    "mode": ["telephone", "fax", "electronic", "writing"],
    "outcome": ["answered", "answered", "voicemail"],
    "reference": ["26-1", "26-1", ""],
    "tier": ["crisis", "initial"],
    "jurisdiction": ["cw", "probation", "dual", "unknown"],
    "lead": ["cw", "probation", None],
    "ground": ["none", "court_limit", "sibling_safety", "not_indian"],
    "finding": ["substantiated", "unfounded"],
    "indian_child": ["yes", "no", "not_known"],
    "on": ["2026-11-03", "2027-01-15", None],
}
YES_NO = ("urgent", "receives_services", "victim_or_at_risk", "in_foster_care", "general_neglect")
SAID = ("contact", "factors", "response", "experiences", "possible_victim", "documented", "spoke_to")
FACTS = st.fixed_dictionaries(
    {
        **{name: st.sampled_from(words) for name, words in WORDS.items()},
        **{name: st.sampled_from([True, True, None, False]) for name in YES_NO},
        **{name: st.sampled_from(["said", "said", ""]) for name in SAID},
    }
)
STEP = st.tuples(
    st.sampled_from(["record"] * 7 + ["correct", "withdraw", "drop", "sign"]),
    st.integers(0, 1),
    st.sampled_from(KINDS + LIKELY * 4),
    FACTS,
    st.sampled_from(["CW", "CW", "PO", "ADV", "LE", "MH", "PH"]),
    st.integers(0, 60 * 24 * 40),
    st.integers(0, 60 * 24 * 3),
    st.integers(0, 50),
)


@dataclass
class County:
    """What was recorded so far of two children, what stands for each, and the rulebooks signed so far."""

    now: datetime = T0
    books: Rulebooks = field(default_factory=lambda: Rulebooks(DEFAULT_RULEBOOK))
    events: dict[int, list[Event]] = field(default_factory=lambda: {0: [], 1: []})
    stands: dict[int, dict[ClockId, Standing]] = field(default_factory=lambda: {0: {}, 1: {}})

    def step(self, number: int, step: tuple[object, ...]) -> None:
        choice, child, kind, facts, role, late, wait, pick = step
        self.now += timedelta(minutes=1 + int(str(wait)))
        if choice == "sign":
            self._sign(int(str(pick)))
            return
        case = int(str(child))
        made = uuid5(SPACE, str(number))
        at = self.now - timedelta(minutes=int(str(late)) if int(str(pick)) % 2 else int(str(late)) % 240)
        event = Event(made, made, str(kind), at, at, self.now, None, str(role), dict(facts))  # type: ignore[call-overload]
        event = self._turned(event, str(choice), case, int(str(pick)))
        self.events[case].append(event)
        self.stands[case] = settling.settled(self.stands[case], self.called_for(self.events[case]))

    def _turned(self, event: Event, choice: str, case: int, pick: int) -> Event:
        """A correction, a withdrawal or a supervisor's drop of something that is there; else a plain entry."""
        before, standing = self.events[case], list(self.stands[case])
        if choice == "drop" and standing:
            rule, by, to, root = standing[pick % len(standing)]
            facts = {"rule": rule, "owed_by": by, "owed_to": to, "started_root": str(root)}
            said = {**facts, "reason": "Not owed here", "approved_by": "supervisor"}
            return replace(event, kind=kinds.DUTY_DROPPED, occurred_at=self.now, received_at=None, facts=said)
        if choice in {"correct", "withdraw"} and before:
            target = before[pick % len(before)]
            kind = kinds.WITHDRAWN if choice == "withdraw" else target.kind
            facts_now = {**target.facts, **event.facts} if pick % 3 else dict(target.facts)
            return replace(
                event,
                root=target.root,
                supersedes=target.id,
                kind=kind,
                agency_role=target.agency_role,
                facts=facts_now,
            )
        return event

    def _sign(self, pick: int) -> None:
        rule, within = CHANGES[pick % len(CHANGES)]
        number = len(self.books.dated) + 1
        book: Rulebook = replace(
            DEFAULT_RULEBOOK.shorten(rule, within),
            version=f"2026.1/{number}",
            readings={**DEFAULT_RULEBOOK.readings, "all_foster": bool(pick % 2)},
        )
        self.now += timedelta(minutes=1)
        self.books = Rulebooks(DEFAULT_RULEBOOK, (*self.books.dated, (self.now, book)))

    def called_for(self, events: list[Event]):  # type: ignore[no-untyped-def]
        return clocks(events, rulebook=self.books, zone=ZONE)


def agree(county: County) -> int:
    """Compares each child's kept-up clocks with a replay, given backwards and twice; returns how many clocks there were."""
    compared = 0
    for case, events in county.events.items():
        kept = {key: row for key, row in county.stands[case].items() if row.drop_reason != NEVER_OWED}
        replayed = settling.settled({}, county.called_for([*reversed(events), *events]))
        assert kept == replayed
        compared += len(kept)
    return compared


def lived(steps: list[tuple[object, ...]]) -> County:
    county = County()
    for number, step in enumerate(steps):
        county.step(number, step)
    return county


COUNTED: dict[str, int] = {}
histories = st.lists(STEP, min_size=2, max_size=14)


def _compare(steps: list[tuple[object, ...]]) -> None:
    county = lived(steps)
    COUNTED["clocks"] = COUNTED.get("clocks", 0) + agree(county)
    COUNTED["histories"] = COUNTED.get("histories", 0) + 1
    COUNTED["entries"] = COUNTED.get("entries", 0) + sum(map(len, county.events.values()))
    COUNTED["rulebooks"] = COUNTED.get("rulebooks", 0) + len(county.books.dated)


@pytest.mark.proof("replay")
def test_ten_thousand_histories_replay_to_what_was_kept_up(
    proof_counts: dict[str, int], proof_is_full: bool
) -> None:
    COUNTED.clear()
    many = FULL if proof_is_full else SOME
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    trial = settings(max_examples=many, suppress_health_check=slow, database=None)
    trial(given(histories)(_compare))()
    proof_counts.update(COUNTED, disagreeing=0)
    assert COUNTED["histories"] >= many
    assert COUNTED["clocks"] > 4 * many, "histories without clocks prove nothing"


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(histories)
def test_histories_replay_to_what_was_kept_up(steps: list[tuple[object, ...]]) -> None:
    agree(lived(steps))


def test_a_settlement_that_forgot_a_correction_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison is not content with anything: clocks that never move disagree with the replay."""
    true = settling.settlement

    def forgetful(standing, due):  # type: ignore[no-untyped-def]
        return replace(true(standing, due), move=())

    facts: dict[str, object] = {"urgent": True, "jurisdiction": "cw", "to": "le", "mode": "telephone"}
    steps: list[tuple[object, ...]] = [
        ("record", 0, kinds.REFERRAL_RECEIVED, facts, "CW", 0, 0, 0),
        ("record", 0, kinds.RESPONDER_ARRIVED, facts, "CW", 0, 30, 0),
    ]
    agree(lived(steps))
    monkeypatch.setattr(settling, "settlement", forgetful)
    with pytest.raises(AssertionError):
        agree(lived(steps))
