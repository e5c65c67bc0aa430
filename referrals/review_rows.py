"""What supervisors owe beside the clocks of cases, among the duties: reviews of emergency looks, answers to requests.

The same rows in the same groups; both are limits of county practice, not of a statute.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse

from cseccase.wording import counted_words, day_time_words, time_left_words
from referrals.duty_rows import HEADINGS, Group, Row
from referrals.models import AccessRequest, EmergencyLook
from referrals.selectors.duty import LATER, NOW, OVERDUE, TODAY

PRACTICE = "practice"
REVIEW_RULE = "The county’s sharing rules, within one business day"
ANSWER_RULE = "The county’s sharing rules, within two business days"


@dataclass(frozen=True, slots=True)
class ReviewDuty:
    """One review that is owed, as a row in its group."""

    group: str
    row: Row


def review_duties(looks: Sequence[EmergencyLook], *, now: datetime, zone: ZoneInfo) -> list[ReviewDuty]:
    """Soonest due first, as they come."""
    return [_duty(look, now, zone) for look in looks]


def answer_duties(
    requests: Sequence[AccessRequest], *, owner: str, now: datetime, zone: ZoneInfo
) -> list[ReviewDuty]:
    """Requests for access that the viewer's agency, `owner`, is to answer, as they come."""
    return [_answer(request, owner, now, zone) for request in requests]


def with_reviews(groups: Sequence[Group], reviews: Sequence[ReviewDuty]) -> list[Group]:
    """The groups with the reviews among their rows, soonest due first; a group that holds reviews alone is made."""
    found = {group.key: group for group in groups}
    for review in reviews:
        group = found.get(review.group) or _empty(review.group)
        found[review.group] = replace(
            group, rows=sorted([*group.rows, review.row], key=lambda row: row.due_at)
        )
    return [_counted(found[key], hint) for key, _, hint, *_ in HEADINGS if key in found]


def _counted(group: Group, hint: str) -> Group:
    return replace(group, hint=hint or counted_words(len(group.rows) + len(group.folded), "duty", "duties"))


def _empty(key: str) -> Group:
    title, hint, state, edge = next(heading[1:] for heading in HEADINGS if heading[0] == key)
    if key == OVERDUE:
        state, edge = "past_target", ""
    return Group(key, title, hint, state, edge, [])


def _duty(look: EmergencyLook, now: datetime, zone: ZoneInfo) -> ReviewDuty:
    return _row(
        title="Review an emergency look",
        number=look.number,
        note=f"{look.person.full_name}, {look.agency.short_name}",
        citation=REVIEW_RULE,
        due=look.review_due_at,
        owner=look.review_by.short_name,
        act="Review it",
        url=reverse("referrals:emergency", args=[look.pk]),
        now=now,
        zone=zone,
    )


def _answer(request: AccessRequest, owner: str, now: datetime, zone: ZoneInfo) -> ReviewDuty:
    return _row(
        title="Answer a request for access",
        number=request.number,
        note=f"{request.asked_by.full_name}, {request.agency.short_name}",
        citation=ANSWER_RULE,
        due=request.due_at,
        owner=owner,
        act="Answer it",
        url=reverse("referrals:access_request", args=[request.pk]),
        now=now,
        zone=zone,
    )


def _row(
    *,
    title: str,
    number: str,
    note: str,
    citation: str,
    due: datetime,
    owner: str,
    act: str,
    url: str,
    now: datetime,
    zone: ZoneInfo,
) -> ReviewDuty:
    words = day_time_words(due, zone)
    row = Row(
        title=title,
        url=url,
        case_label=number,
        case_url="",
        note=note,
        force=PRACTICE,
        citation=citation,
        due_words=f"Was due {words}" if due < now else words,
        limit_words="",
        left_words=time_left_words(due, now, force=PRACTICE),
        is_late=False,
        owner=owner,
        act_label=act,
        act_url=url,
        due_at=due,
    )
    return ReviewDuty(_group(due, now, zone), row)


def _group(due: datetime, now: datetime, zone: ZoneInfo) -> str:
    if due < now:
        return OVERDUE
    if due - now <= timedelta(hours=2):
        return NOW
    return TODAY if due.astimezone(zone).date() == now.astimezone(zone).date() else LATER
