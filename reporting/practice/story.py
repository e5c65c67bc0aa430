"""What has happened in the practice county: eleven made-up children, with something overdue, due at once and due later.

Every time is counted back from the moment of setting up, so the story is as fresh as the county.
"""

from __future__ import annotations

from collections.abc import Callable

from referrals.services.sweep import stages_fire
from reporting.practice import crises, longer_cases
from reporting.practice.county import PracticeCounty
from reporting.practice.teller import Case, Teller

STORIES: tuple[Callable[[Teller], list[Case]], ...] = (
    longer_cases.came_back,
    crises.missing,
    longer_cases.many_at_the_table,
    longer_cases.both_agencies,
    longer_cases.probation_youth,
    crises.support_ends_today,
    longer_cases.two_siblings,
    crises.written_report_late,
    crises.nobody_there_yet,
    crises.just_called,
)


def story_tell(practice: PracticeCounty) -> int:
    """Tells every case, then lets the sweeper say what fell due, so that inboxes are filled. Returns how many cases."""
    teller = Teller(practice)
    cases = [case for tell in STORIES for case in tell(teller)]
    stages_fire(now=practice.now)
    return len(cases)
