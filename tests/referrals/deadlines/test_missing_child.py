"""A missing child's clocks: nine notices with their lawful exceptions, contact that goes on until the child is located."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from referrals.deadlines import kinds
from referrals.deadlines.calendar import Hours
from referrals.deadlines.engine import clocks
from referrals.deadlines.register.missing import NOTICE_TO
from referrals.deadlines.rules import DEFAULT_RULEBOOK, Rulebooks
from tests.referrals.deadlines.test_engine import HOUR, T0, asked, event, one, referral, uid
from tests.referrals.deadlines.test_register import ZONE, roots

DAY = timedelta(days=1)
RUN = event("run", kinds.WENT_MISSING, received=T0)


def notices(*more: object, run: object = RUN) -> set[str]:
    """To whom notice is still owed a day later."""
    found = clocks([run, *more], rulebook=DEFAULT_RULEBOOK, zone=ZONE)  # type: ignore[list-item]
    return {
        clock.key.owed_to or ""
        for clock in found
        if clock.key.rule_id == "missing-notice-24h" and clock.dropped_by is None
    }


def spared(to: str, ground: str, at: object = T0 + HOUR, **more: object):  # type: ignore[no-untyped-def]
    return event("spared", kinds.NOTICE_NOT_OWED, at, to=to, ground=ground, **more)  # type: ignore[arg-type]


def test_one_missing_child_opens_each_report_and_each_notice_by_itself() -> None:
    found = {(key[0], key[2]) for key in asked([RUN])}
    assert found == {
        ("missing-le-24h", "le"),
        ("missing-ncmec-24h", "ncmec"),
        *(("missing-notice-24h", to) for to in NOTICE_TO),
        ("search-contact", "le"),
        ("search-contact", "ncmec"),
        ("search-effort", "child"),
        ("team-run", "child"),
    }
    assert len(NOTICE_TO) == 9


GROUNDS = ("none", "court_limit", "sibling_safety", "not_indian", "convenience")
LAWFUL = {
    ("parents", "none"),
    ("parents", "court_limit"),
    ("guardians", "none"),
    ("guardians", "court_limit"),
    ("family_attorneys", "none"),
    ("family_attorneys", "court_limit"),
    ("child_attorney", "none"),
    ("casa", "none"),
    ("tribe", "not_indian"),
    ("siblings", "none"),
    ("siblings", "sibling_safety"),
}


@pytest.mark.parametrize("to", NOTICE_TO)
@pytest.mark.parametrize("ground", GROUNDS)
def test_a_notice_falls_away_only_on_a_ground_that_the_law_knows_for_its_recipient(
    to: str, ground: str
) -> None:
    owed = notices(spared(to, ground))
    assert owed == set(NOTICE_TO) - ({to} if (to, ground) in LAWFUL else set())
    said = event("run", kinds.WENT_MISSING, received=T0, not_owed={to: ground})
    assert notices(run=said) == owed


def test_a_notice_that_falls_away_says_why() -> None:
    clock = one([RUN, spared("parents", "court_limit")], "missing-notice-24h", "CW", "parents", "run")
    assert clock.drop_reason == "Recorded: the court limited or ended notice to them."
    assert clock.dropped_by == uid("spared")


def test_a_courts_limit_of_last_month_still_holds_and_any_other_old_ground_does_not() -> None:
    before = T0 - 30 * DAY
    assert "parents" not in notices(spared("parents", "court_limit", before))
    assert "casa" in notices(spared("casa", "none", before)), "a CASA may have been appointed since"
    about_another = spared("parents", "court_limit", started_root=str(uid("another run")))
    assert "parents" in notices(about_another)


def test_the_tribe_is_told_unless_the_child_is_known_not_to_be_an_indian_child() -> None:
    for answer in ("yes", "not_known", None):
        assert "tribe" in notices(run=event("run", kinds.WENT_MISSING, received=T0, indian_child=answer))
    assert "tribe" not in notices(run=event("run", kinds.WENT_MISSING, received=T0, indian_child="no"))


def test_a_child_at_home_is_reported_but_has_no_notices_of_foster_care() -> None:
    at_home = event("run", kinds.WENT_MISSING, received=T0, in_foster_care=False)
    rules = {key[0] for key in asked([at_home])}
    assert rules == {"missing-le-24h", "missing-ncmec-24h", "search-contact", "team-run"}


def test_every_child_missing_from_foster_care_is_reported_unless_the_county_reads_it_otherwise() -> None:
    run = event("run", kinds.WENT_MISSING, received=T0, in_foster_care=True, victim_or_at_risk=False)
    assert "missing-ncmec-24h" in {key[0] for key in asked([run])}
    narrow = replace(DEFAULT_RULEBOOK, readings={**DEFAULT_RULEBOOK.readings, "all_foster": False})
    found = clocks([run], rulebook=narrow, zone=ZONE)
    assert "missing-ncmec-24h" not in {clock.key.rule_id for clock in found}
    later = Rulebooks(DEFAULT_RULEBOOK, ((T0 + HOUR, narrow),))
    assert "missing-ncmec-24h" in {clock.key.rule_id for clock in clocks([run], rulebook=later, zone=ZONE)}


def contact(name: str, days: int, to: str = "le", **more: object):  # type: ignore[no-untyped-def]
    facts = {"to": to, "mode": "telephone", **more}
    return event(name, kinds.SEARCH_CONTACT_MADE, T0 + days * DAY, **facts)  # type: ignore[arg-type]


def test_contact_rolls_forward_from_each_talk_to_each_of_the_two() -> None:
    first, second = contact("first", 3), contact("second", 9)
    assert roots([RUN], "search-contact", T0) == {uid("run")}
    assert roots([RUN, first], "search-contact", T0 + 4 * DAY) == {uid("run"), uid("first")}, (
        "NCMEC and police"
    )
    told = one([RUN, first, second], "search-contact", "CW", "le", "first")
    assert told.met_by == uid("second")
    assert one([RUN, first, second], "search-contact", "CW", "le", "second").due_at > T0 + 15 * DAY
    assert one([RUN, first], "search-contact", "CW", "ncmec", "run").met_by is None


def test_a_talk_typed_out_of_order_leaves_one_open_clock() -> None:
    named = {"started_root": str(uid("run"))}
    late = [RUN, contact("second", 9, **named), contact("first", 3, **named)]
    assert roots(late, "search-contact", T0 + 10 * DAY) == {uid("run"), uid("second")}, "run: NCMEC's alone"


def test_a_message_left_for_the_police_carries_nothing_forward() -> None:
    left = contact("left", 3, outcome="voicemail")
    assert roots([RUN, left], "search-contact", T0 + 4 * DAY) == {uid("run")}


def test_contact_and_search_end_when_the_child_is_located_and_word_of_it_is_owed() -> None:
    located = event("located", kinds.CHILD_LOCATED, T0 + 5 * DAY)
    events = [RUN, contact("first", 3), located]
    clock = one(events, "search-contact", "CW", "le", "first")
    assert (clock.dropped_by, clock.drop_reason) == (uid("located"), "The child was located.")
    assert not roots(events, "search-effort", T0 + 6 * DAY)
    owed = {key[0] for key in asked(events) if key[3] == uid("located")}
    assert owed == {"return-screen", "return-debrief", "return-le", "return-ncmec"}


def test_a_talk_after_the_return_or_without_a_missing_child_starts_nothing() -> None:
    located = event("located", kinds.CHILD_LOCATED, T0 + DAY)
    assert not roots([RUN, located, contact("late", 3)], "search-contact", T0 + 4 * DAY)
    assert not roots([contact("alone", 3)], "search-contact", T0 + 4 * DAY)


def test_a_child_missing_again_has_clocks_of_its_own() -> None:
    located = event("located", kinds.CHILD_LOCATED, T0 + DAY)
    again = event("again", kinds.WENT_MISSING, T0 + 3 * DAY, received=T0 + 3 * DAY)
    assert roots([RUN, located, again], "search-contact", T0 + 4 * DAY) == {uid("again")}


def test_probation_owes_what_it_leads() -> None:
    told = [referral(jurisdiction="probation"), RUN]
    assert one(told, "missing-notice-24h", "PO", "court", "run")
    assert ("missing-notice-24h", "CW", "court", uid("run")) not in asked(told)


def test_a_clock_keeps_the_rulebook_it_started_under() -> None:
    sooner = replace(DEFAULT_RULEBOOK.shorten("missing-le-24h", Hours(12)), version="2026.1/1")
    books = Rulebooks(DEFAULT_RULEBOOK, ((T0 + HOUR, sooner),))
    after = event("after", kinds.WENT_MISSING, T0 + 2 * HOUR, received=T0 + 2 * HOUR)
    found = {
        clock.key.started_root: clock
        for clock in clocks([RUN, after], rulebook=books, zone=ZONE)
        if clock.key.rule_id == "missing-le-24h"
    }
    assert (found[uid("run")].due_at, found[uid("run")].rulebook) == (T0 + 24 * HOUR, "2026.1")
    assert (found[uid("after")].due_at, found[uid("after")].rulebook) == (T0 + 14 * HOUR, "2026.1/1")
