"""Whoever owes a duty, or has something happen to them, keeps the record in which it is written; nobody needs a seat for it."""

from __future__ import annotations

import pytest

from agencies.disclosure.categories import BASIS_MDT, OWN_DUTIES, WRITERS
from agencies.disclosure.matrix import Access
from agencies.services.protocol import default_matrix
from referrals.deadlines import kinds
from referrals.deadlines.rules import DEFAULT_RULEBOOK, Owing, Rule, ShownBy
from referrals.kinds import KINDS
from referrals.recordable import COUNTY, RECORDABLE, Recordable

SOMEHOW = {kinds.REFERRAL_RECEIVED, kinds.MEETING_HELD}
"""Recorded by services of their own, not on a page of entries."""


def keeps(kind: str, role: str) -> bool:
    """Whether agencies of this role write that kind of entry without an authorisation or a seat."""
    category = KINDS[kind].place(role)
    if category == OWN_DUTIES:
        return True
    cell = default_matrix().cell(category, role)
    return role in WRITERS[category] and cell.access is Access.SEE and cell.basis != BASIS_MDT


@pytest.mark.parametrize("entry", RECORDABLE.values(), ids=lambda entry: entry.kind)
def test_what_an_agency_is_offered_it_may_write(entry: Recordable) -> None:
    assert [role for role in entry.roles if not keeps(entry.kind, role)] == []


@pytest.mark.parametrize("rule", DEFAULT_RULEBOOK.rules, ids=lambda rule: rule.id)
def test_who_owes_a_duty_may_write_down_that_it_is_done(rule: Rule) -> None:
    if rule.met_by in SOMEHOW:
        return
    owing = rule.roles or (COUNTY if rule.shown_by is ShownBy.COUNTY_REPORTER else frozenset({"CW"}))
    if rule.owed_by is Owing.RESPONSE:
        owing = frozenset({"PH"}) if rule.met_by == kinds.MEDICAL_EVALUATION_DONE else frozenset({"CW"})
    assert [role for role in owing if not keeps(rule.met_by, role)] == []


def test_every_entry_that_starts_a_duty_can_be_recorded_by_somebody() -> None:
    elsewhere = {
        kinds.REFERRAL_RECEIVED,
        kinds.CROSS_REPORT_MADE,
        kinds.CHILD_IDENTIFIED,
        kinds.WENT_MISSING,
        kinds.CHILD_LOCATED,
        kinds.MEETING_HELD,
    }
    started = {kind for rule in DEFAULT_RULEBOOK.rules for kind in rule.starts_on}
    assert started - elsewhere <= set(RECORDABLE)
