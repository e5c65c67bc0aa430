"""What one duty is: its ground, who owes it to whom, what starts it, how long it may take, and what shows it done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from referrals.deadlines.calendar import Within


class Force(StrEnum):
    """Whether a statute or an agreement between agencies stands behind a duty."""

    LAW = "law"
    PRACTICE = "practice"


class ShownBy(StrEnum):
    """Whose act counts as doing the duty."""

    OWING_AGENCY = "owing"
    COUNTY_REPORTER = "county"
    ANYONE = "anyone"


class Owing(StrEnum):
    """Which agency owes a duty.

    RECORDER is the agency to which it happened, where it is one of those that owe it. RESPONSE follows the county's
    answer to a referral, whose decisions may move the duty from one agency to another.
    """

    RESPONSE = "response"
    COUNTY_REPORTER = "county"
    RECORDER = "recorder"
    CHILD_WELFARE = "CW"
    MENTAL_HEALTH = "MH"


STAGE_NAMES: Final[tuple[str, ...]] = ("started", "warning", "due", "still")
Said = tuple[str, str]
"""A fact and the word it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One duty: what it is called, its ground, its limit, and what shows that it was done.

    `limit_force` differs from `force` where the law commands but names no figure, so the limit is the county's own.
    `law_within` is the law's own limit where the county asks for the duty sooner.
    `modes` empty means that the mode does not matter; `evidence` are the facts without which an act does not count.

    The duty begins with each event of `starts_on`, unless that denies a fact of `needs`, lacks one of `only_if` or says
    one of `spared_if` (which spares the named recipients alone, where it names them). One of `ends_on` ends it undone.
    Where it `rolls`, doing it begins the next one. `before` is the fact that names a day before which it must be done:
    instead of the limit, or where `before_caps`, if that day comes sooner. `exceptions` tells people when it is not owed.
    """

    id: str
    register: str
    title: str
    force: Force
    citation: str
    within: Within
    at_once: bool = False
    owed_to: tuple[str, ...]
    met_by: str
    shown_by: ShownBy
    modes: frozenset[str] = frozenset()
    evidence: tuple[str, ...] = ()
    consequence: str
    limit_force: Force
    stages: tuple[str, ...] = STAGE_NAMES
    starts_on: tuple[str, ...] = ()
    owed_by: Owing = Owing.RESPONSE
    roles: frozenset[str] = frozenset()
    otherwise: str = ""
    needs: tuple[str, ...] = ()
    only_if: tuple[Said, ...] = ()
    spared_if: tuple[Said, ...] = ()
    spared: tuple[str, ...] = ()
    ends_on: tuple[str, ...] = ()
    rolls: bool = False
    before: str = ""
    before_caps: bool = False
    exceptions: str = ""
    law_within: Within | None = None


class RuleError(ValueError):
    """A change to the rulebook that the law does not allow, or to a rule that is not in it."""
