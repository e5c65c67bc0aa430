"""Reviews of emergency looks among the duties: the same rows in the same groups, as a duty of county practice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse

from cseccase.wording import counted_words, day_time_words, time_left_words
from referrals.duty_rows import HEADINGS, Group, Row
from referrals.models import EmergencyLook
from referrals.selectors.duty import LATER, NOW, OVERDUE, TODAY

PRACTICE = "practice"
CITATION = "the county’s sharing rules, within one business day"


@dataclass(frozen=True, slots=True)
class ReviewDuty:
    """One review that is owed, as a row in its group."""

    group: str
    row: Row


def review_duties(looks: Sequence[EmergencyLook], *, now: datetime, zone: ZoneInfo) -> list[ReviewDuty]:
    """Soonest due first, as they come."""
    return [_duty(look, now, zone) for look in looks]


def with_reviews(groups: Sequence[Group], reviews: Sequence[ReviewDuty]) -> list[Group]:
    """The groups with the reviews at the end of each; a group that holds reviews alone is made."""
    found = {group.key: group for group in groups}
    for review in reviews:
        group = found.get(review.group) or _empty(review.group)
        found[review.group] = replace(group, rows=[*group.rows, review.row])
    return [_counted(found[key], hint) for key, _, hint, *_ in HEADINGS if key in found]


def _counted(group: Group, hint: str) -> Group:
    return replace(group, hint=hint or counted_words(len(group.rows) + len(group.folded), "duty", "duties"))


def _empty(key: str) -> Group:
    title, hint, state, edge = next(heading[1:] for heading in HEADINGS if heading[0] == key)
    if key == OVERDUE:
        state, edge = "past_target", ""
    return Group(key, title, hint, state, edge, [])


def _duty(look: EmergencyLook, now: datetime, zone: ZoneInfo) -> ReviewDuty:
    due = look.review_due_at
    late = due < now
    words = day_time_words(due, zone)
    url = reverse("referrals:emergency", args=[look.pk])
    row = Row(
        title="Review an emergency look",
        url=url,
        case_label=look.number,
        case_url="",
        note=f"{look.person.full_name}, {look.agency.short_name}",
        force=PRACTICE,
        citation=CITATION,
        due_words=f"Was due {words}" if late else words,
        limit_words="",
        left_words=time_left_words(due, now, force=PRACTICE),
        is_late=False,
        owner=look.review_by.short_name,
        act_label="Review it",
        act_url=url,
    )
    return ReviewDuty(_group(due, now, zone), row)


def _group(due: datetime, now: datetime, zone: ZoneInfo) -> str:
    if due < now:
        return OVERDUE
    if due - now <= timedelta(hours=2):
        return NOW
    return TODAY if due.astimezone(zone).date() == now.astimezone(zone).date() else LATER
