"""Duties as the components draw them: rows, groups, counts and the strip of clocks. Plain values, no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse

from cseccase.pictures import ClockStrip, Step, clock_strip, place_of_now
from cseccase.wording import counted_words, day_time_words, time_words
from referrals import duty_words
from referrals.deadlines import rules
from referrals.deadlines.rules import DEFAULT_RULEBOOK
from referrals.models import Deadline
from referrals.selectors.case_file import CaseRow
from referrals.selectors.duty import LATER, NOW, OVERDUE, TODAY, DutyRow, group_of
from referrals.selectors.oversight import MISSING, REVIEWED, TO_REVIEW, Oversight

HEADINGS = (
    (OVERDUE, "Overdue", "", "overdue", "late"),
    (NOW, "Now", "due at once, or within two hours", "at_once", "now"),
    (TODAY, "Today", "before midnight", "today", ""),
    (LATER, "Later", "", "later", ""),
)
COUNTED = {OVERDUE: "overdue", NOW: "due at once", TODAY: "later today", LATER: "later"}
SHORT_TITLES = {
    rules.RESPONSE: ("2 h", "With the child"),
    rules.CROSS_REPORT: ("At once", "Agencies told"),
    rules.VICTIM_REPORT: ("24 h", "Police told"),
    rules.MISSING_TO_LE: ("24 h", "Missing: police"),
    rules.MISSING_TO_NCMEC: ("24 h", "Missing: NCMEC"),
    rules.WRITTEN_REPORT: ("36 h", "Written reports"),
    rules.SUPPORT: ("72 h", "Support"),
    rules.MEDICAL: ("72 h", "Medical"),
    rules.INVESTIGATION: ("10 d", "Investigation"),
    rules.FIRST_TEAM: ("10 d", "Team meeting"),
    rules.NEXT_TEAM: ("1 month", "Next meeting"),
    rules.IMMEDIATE: ("24 h", "Child seen"),
    rules.MISSING_NOTICE: ("24 h", "Missing: notices"),
    rules.CONTINUING_CONTACT: ("7 d", "Talk again"),
    rules.SEARCH: ("7 d", "Search"),
    rules.RETURN_SCREEN: ("24 h", "Screening"),
    rules.RETURN_DEBRIEF: ("3 d", "Talk about it"),
    rules.RETURN_TO_LE: ("24 h", "Return: police"),
    rules.RETURN_TO_NCMEC: ("24 h", "Return: NCMEC"),
    rules.RUN_TEAM: ("72 h", "Team meeting"),
    rules.CRISIS_TEAM: ("72 h", "Team meeting"),
    rules.CHANGE_TEAM: ("7 d", "Team meeting"),
    rules.TESTIMONY_TEAM: ("Before", "Team meeting"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """What components/duty_row.html asks for."""

    title: str
    url: str
    case_label: str
    case_url: str
    note: str
    force: str
    citation: str
    due_words: str
    limit_words: str
    left_words: str
    is_late: bool
    owner: str
    act_label: str
    act_url: str
    due_at: datetime
    waits: bool = False
    answer_url: str = ""
    answer_from: str = ""
    answered: str = ""
    reason: str = ""
    reason_url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What components/duty_group.html asks for."""

    key: str
    title: str
    hint: str
    state: str
    edge: str
    rows: list[Row]
    folded: list[Row] = field(default_factory=list)
    fold_label: str = ""


class Grouped(Protocol):
    """Anything that stands in one of the four groups."""

    @property
    def group(self) -> str: ...


FOLD_AFTER = 12
STRIPS = 3


LATE_ACTS = {MISSING: "Say why", TO_REVIEW: "Review why", REVIEWED: "See why"}
REASONS = {MISSING: "Say why it was late", TO_REVIEW: "Its reason waits for a review"}


@dataclass(frozen=True, slots=True)
class Watched:
    """How the duties of a list are looked after; `back` names the list to which an answer returns."""

    duties: Mapping[UUID, Oversight]
    back: str
    may_answer: bool


def row_of(
    duty: DutyRow, *, person: UUID, now: datetime, zone: ZoneInfo, watched: Watched | None = None
) -> Row:
    """One open duty, enough alone: what, whose child, by when, how far away, whose, and the one button."""
    deadline, rule = duty.deadline, duty.rule
    due, limit = duty_words.due_words(
        deadline.due_at, at_once=deadline.at_once, group=duty.group, now=now, zone=zone
    )
    url = reverse("referrals:duty", args=[deadline.pk])
    return Row(
        title=duty_words.duty_title(rule, deadline.owed_to),
        url=url,
        case_label=case_label(duty),
        case_url=reverse("referrals:case", args=[deadline.case_file_id]),
        note=_note(duty),
        force=rule.force.value,
        citation=f"{rule.citation}, {duty_words.limit_words(rule)}",
        due_words=due,
        limit_words=limit,
        left_words=duty_words.left_words(deadline, rule, now, zone),
        is_late=duty_words.is_late_by_law(deadline, rule, now, zone),
        owner=_owner(duty, person),
        act_label=duty_words.act_label(rule),
        act_url=url,
        due_at=deadline.due_at,
        **_watched(deadline, watched),
    )


def late_row_of(duty: DutyRow, *, person: UUID, now: datetime, zone: ZoneInfo, reason: str) -> Row:
    """A duty that was done late and whose reason is missing or waits for a review."""
    deadline = duty.deadline
    done = deadline.met_at and duty_words.done_words(deadline.met_at, deadline.due_at, now=now, zone=zone)
    return replace(
        row_of(duty, person=person, now=now, zone=zone),
        due_words=done or "",
        limit_words="",
        left_words="",
        is_late=False,
        act_label=LATE_ACTS[reason],
    )


def _watched(deadline: Deadline, watched: Watched | None) -> dict[str, Any]:
    state = watched.duties.get(deadline.pk) if watched else None
    if watched is None or state is None:
        return {}
    return {
        "waits": state.waits,
        "answer_url": reverse("referrals:duty_acknowledge", args=[deadline.pk])
        if state.waits and watched.may_answer
        else "",
        "answer_from": watched.back,
        "answered": state.answered_by,
        "reason": REASONS.get(state.reason, ""),
        "reason_url": reverse("referrals:duty", args=[deadline.pk]) + "#h-late",
    }


def _note(duty: DutyRow) -> str:
    """What a person must know beside the limit; a duty that was overdue when it was typed says so first."""
    entered_at = duty.deadline.entered_at
    if entered_at is not None and entered_at > duty.deadline.due_at:
        return "entered late, overdue when it was typed"
    return duty_words.NOTES.get(duty.rule.id, "")


def case_label(duty: DutyRow) -> str:
    """ "J. A., 15 · CF-7KM-2QX", or the number alone for those who may not know who the child is."""
    who = ", ".join(str(part) for part in (duty.initials, duty.age) if part not in {"", None})
    return " · ".join(part for part in (who, duty.deadline.case_file.number) if part)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One line of the case list: who, how to reach the file, and what my agency owes next in it."""

    label: str
    url: str
    last_referral_at: datetime | None
    opened_at: datetime
    lead_worker: str
    state: str = ""
    duty_title: str = ""
    duty_url: str = ""
    duty_words: str = ""


def case_line(row: CaseRow, duty: Deadline | None, *, now: datetime, zone: ZoneInfo) -> CaseLine:
    """A case file with its next duty; initials and age only for those who may know who the child is."""
    child, number = row.child, row.case_file.number
    age = child.age_on(now.astimezone(zone).date()) if child else None
    who = ", ".join(str(part) for part in (child.initials if child else "", age) if part not in {"", None})
    line: dict[str, Any] = {
        "label": " · ".join(part for part in (who, number) if part),
        "url": reverse("referrals:case", args=[row.case_file.pk]),
        "last_referral_at": row.last_referral_at,
        "opened_at": row.case_file.opened_at,
        "lead_worker": child.lead_worker.full_name if child and child.lead_worker else "",
    }
    if duty is None:
        return CaseLine(**line)
    rule, group = DEFAULT_RULEBOOK.rule(duty.rule), group_of(duty, now=now, zone=zone)
    due, limit = duty_words.due_words(duty.due_at, at_once=duty.at_once, group=group, now=now, zone=zone)
    left = duty_words.left_words(duty, rule, now, zone)
    return CaseLine(
        **line,
        state=duty_words.state_of(group, is_late=duty_words.is_late_by_law(duty, rule, now, zone)),
        duty_title=duty_words.duty_title(rule, duty.owed_to),
        duty_url=reverse("referrals:duty", args=[duty.pk]),
        duty_words=", ".join(part for part in (due, limit, left) if part),
    )


def _owner(duty: DutyRow, person: UUID) -> str:
    owner = duty.deadline.owner
    if owner is None:
        return duty.deadline.owed_by.short_name
    return "You" if owner.pk == person else owner.full_name


def groups_of(
    duties: Sequence[DutyRow],
    *,
    person: UUID,
    now: datetime,
    zone: ZoneInfo,
    watched: Watched | None = None,
) -> list[Group]:
    """Overdue, now, today, later; what is far away is folded so that a phone's page stays short."""
    groups = []
    for key, title, hint, state, edge in HEADINGS:
        rows = [
            row_of(duty, person=person, now=now, zone=zone, watched=watched)
            for duty in duties
            if duty.group == key
        ]
        if rows:
            if key == OVERDUE and not any(row.is_late for row in rows):
                state, edge = "past_target", ""
            folded = rows[FOLD_AFTER:]
            groups.append(
                Group(
                    key,
                    title,
                    hint or counted_words(len(rows), "duty", "duties"),
                    state,
                    edge,
                    rows[:FOLD_AFTER],
                    folded,
                    counted_words(len(folded), "more duty", "more duties"),
                )
            )
    return groups


def counts_of(
    duties: Sequence[DutyRow], beside: Sequence[Grouped] = (), *, now: datetime, zone: ZoneInfo
) -> list[dict[str, Any]]:
    """How many in each group, linked to the group; groups without a duty are left out.

    `beside` are duties of county practice that are no clock of a case, such as reviews.
    """
    found = []
    for key, _, _, state, _ in HEADINGS:
        count = sum(duty.group == key for duty in (*duties, *beside))
        # Red is for the law's limits alone.
        if key == OVERDUE and not any(
            duty.group == key and duty_words.is_late_by_law(duty.deadline, duty.rule, now, zone)
            for duty in duties
        ):
            state = "past_target"
        if count:
            found.append({"count": count, "words": COUNTED[key], "url": f"#{key}", "state": state})
    return found


def strips_of(duties: Sequence[DutyRow], *, now: datetime, zone: ZoneInfo) -> list[ClockStrip]:
    """A strip for each moment at which clocks began that still run, the one with most clocks first.

    The next meeting alone needs none.
    """
    running = [duty for duty in duties if duty.deadline.is_open and duty.rule.id != rules.NEXT_TEAM]
    starts = Counter(duty.deadline.started_at for duty in running).most_common(STRIPS)
    found = [
        strip_of(duties, started_at=start, now=now, zone=zone, uid=f"clocks-{index}")
        for index, (start, _) in enumerate(starts)
    ]
    return [strip for strip in found if strip is not None]


def strip_of(
    duties: Sequence[DutyRow], *, started_at: datetime, now: datetime, zone: ZoneInfo, uid: str = "clocks"
) -> ClockStrip | None:
    """The clocks that run since one moment: one step a rule, met when all of its duties are met."""
    same = [
        duty for duty in duties if duty.deadline.started_at == started_at and duty.deadline.dropped_by is None
    ]
    by_rule: dict[str, list[DutyRow]] = {}
    for duty in sorted(same, key=lambda duty: duty.deadline.due_at):
        by_rule.setdefault(duty.rule.id, []).append(duty)
    if not by_rule:
        return None
    steps = [_step(rows, now, zone) for rows in by_rule.values()]
    limits = [max(duty.deadline.due_at for duty in rows) for rows in by_rule.values()]
    met = sum(step.state == "done" for step in steps)
    return clock_strip(
        uid=uid,
        summary=f"{counted_words(len(steps), 'clock', 'clocks')}, {met} met.",
        start_words="Start",
        start_note=day_time_words(started_at, zone),
        now_words=f"Now, {time_words(now, zone)}",
        now_place=place_of_now(started_at, sorted(limits), now),
        steps=steps,
    )


def _step(rows: list[DutyRow], now: datetime, zone: ZoneInfo) -> Step:
    rule, open_rows = rows[0].rule, [duty for duty in rows if duty.deadline.is_open]
    last = max((duty.deadline for duty in rows), key=lambda deadline: deadline.due_at)
    due_at = last.due_at
    label, title = SHORT_TITLES.get(rule.id, ("", rule.title))
    label = label or ("At once" if rule.at_once else duty_words.span_of(rule))
    agencies = ", ".join(sorted({duty.deadline.owed_by.short_name for duty in open_rows}))
    if open_rows:
        late = duty_words.is_late_by_law(open_rows[0].deadline, rule, now, zone)
        state, note = duty_words.state_of(open_rows[0].group, is_late=late), day_time_words(due_at, zone)
        left = duty_words.left_words(last, rule, now, zone)
    else:
        met_at = max(duty.deadline.met_at for duty in rows if duty.deadline.met_at is not None)
        state, note = "done", day_time_words(met_at, zone)
        left = duty_words.done_words(met_at, due_at, now=now, zone=zone)
    return Step(
        label=label,
        title=title,
        note=note,
        state="open" if state in {"later", "today", "at_once"} else state,
        due_words=day_time_words(due_at, zone),
        left_words=left,
        force=rule.force.value,
        citation=rule.citation,
        evidence=f"waiting on {agencies}" if agencies else "",
    )


def task_of(duty: DutyRow, *, agency: UUID, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """One duty of a case as a short line; done ones in plain words."""
    deadline, rule = duty.deadline, duty.rule
    url = reverse("referrals:duty", args=[deadline.pk])
    line: dict[str, Any] = {
        "title": duty_words.duty_title(rule, deadline.owed_to),
        "url": url,
        "force": rule.force.value,
    }
    if deadline.is_open:
        due, limit = duty_words.due_words(
            deadline.due_at, at_once=deadline.at_once, group=duty.group, now=now, zone=zone
        )
        words = ", ".join(
            part
            for part in (
                due,
                limit,
                duty_words.left_words(deadline, rule, now, zone),
                deadline.owed_by.short_name,
            )
            if part
        )
        return line | {
            "state": duty_words.state_of(
                duty.group, is_late=duty_words.is_late_by_law(deadline, rule, now, zone)
            ),
            "words": words,
            "act_label": duty_words.act_label(rule) if deadline.owed_by_id == agency else "See it",
            "act_url": url,
        }
    if deadline.met_at is not None:
        words = duty_words.done_words(deadline.met_at, deadline.due_at, now=now, zone=zone)
        return line | {
            "state": "done",
            "words": f"{words}, {deadline.owed_by.short_name}",
            "act_label": "Done",
        }
    return line | {"state": "dropped", "words": deadline.drop_reason, "act_label": "Not owed"}
