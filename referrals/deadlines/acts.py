"""Whether an act is of the kind, in the way and with the evidence that a duty asks for."""

from __future__ import annotations

from referrals.deadlines import kinds
from referrals.deadlines.events import Event
from referrals.deadlines.rule import Rule, ShownBy

COUNTY: frozenset[str | None] = frozenset({None, kinds.CHILD_WELFARE, kinds.PROBATION})


def is_shown(event: Event, rule: Rule) -> bool:
    """The right act, in a mode that the law accepts, with everything that proves it. A message left is none."""
    if event.kind != rule.met_by or event.says("outcome") == kinds.VOICEMAIL:
        return False
    if any(event.says(key) is None for key in rule.evidence):
        return False
    return not rule.modes or event.says("mode") in rule.modes


def is_by(event: Event, rule: Rule, owed_by: str) -> bool:
    """Whether the agency that acted is one whose act counts for this duty."""
    if rule.shown_by is ShownBy.OWING_AGENCY:
        return event.agency_role == owed_by
    if rule.shown_by is ShownBy.COUNTY_REPORTER:
        # The law names child welfare or probation; either's report is the county's, another agency's is its own.
        return event.agency_role in COUNTY
    return True
