"""Case files: the list, the overview, the timeline, the reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cseccase import clock
from cseccase.paging import page_number
from cseccase.requests import StaffRequest
from cseccase.wording import day_time_words
from referrals import policies
from referrals.duty_rows import case_line, strips_of, task_of
from referrals.selectors.case_file import access_case, case_list
from referrals.selectors.copies import INSPECT_ONLY_WORDS, inspect_only
from referrals.selectors.duty import LATER, next_duties
from referrals.selectors.overview import PAGE, Entry, Overview, overview
from referrals.selectors.records import chronology
from referrals.selectors.reports import ABUSE, MISSING, report_lines
from referrals.services.child import name_show

READ_IN_EMERGENCY = frozenset({"overview", "timeline", "reports", "status"})
"""The pages of a case that stay in its sub-navigation where only an emergency look opened it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One page of a case, in its sub-navigation."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of the identity bar."""

    term: str
    words: str
    state: str = ""
    strong: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """Whose page it is: initials and age unless the full name was asked for."""

    label: str
    name: str
    facts: list[Fact]
    act_label: str = ""
    act_url: str = ""
    act_post: bool = True


@require_safe
def cases(request: StaffRequest) -> HttpResponse:
    """The files that my agency has a part in, newest referral first."""
    viewer, now = request.viewer, clock.now()
    policies.require(
        policies.may_work_cases(viewer),
        rule="Case files belong to people whose designation and training are current.",
        opens="A designation by your director, and the CSEC 101 training.",
        ask="Ask your agency’s security officer.",
    )
    page = case_list(viewer=viewer, now=now, before=request.GET.get("before", ""))
    owed = next_duties(viewer=viewer, cases=[row.case_file.pk for row in page.rows])
    zone = ZoneInfo(viewer.zone)
    context = {
        "lines": [case_line(row, owed.get(row.case_file.pk), now=now, zone=zone) for row in page.rows],
        "before": page.before,
        "first": "before" not in request.GET,
        "now": now,
    }
    return render(request, "referrals/cases.html", context)


@require_safe
def case(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Where do we stand: the one thing due now, the clocks, the duties, what happened."""
    viewer, now = request.viewer, clock.now()
    case_file = access_case(viewer=viewer, case_id=case_id, now=now)
    seen = overview(viewer=viewer, case_file=case_file, now=now)
    zone = ZoneInfo(viewer.zone)
    pressing = [duty for duty in seen.duties if duty.deadline.is_open and duty.group != LATER]
    urgent = min(pressing, key=lambda duty: duty.deadline.owed_by_id != viewer.agency, default=None)
    context = frame(request, seen, "overview") | {
        "seen": seen,
        "urgent": task_of(urgent, agency=viewer.agency, now=now, zone=zone) if urgent else None,
        "strips": strips_of(seen.duties, now=now, zone=zone),
        "tasks": [task_of(duty, agency=viewer.agency, now=now, zone=zone) for duty in seen.duties],
        "events": events_of(seen, zone),
        "now": now,
    }
    return render(request, "referrals/case.html", context)


@require_safe
def timeline(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Everything that happened, newest first, with the way to mend an entry of one's own agency."""
    viewer, now, page = request.viewer, clock.now(), page_number(request.GET)
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="timeline")
    seen = overview(viewer=viewer, case_file=case_file, now=now, page=page)
    context = frame(request, seen, "timeline") | {
        "seen": seen,
        "events": events_of(seen, ZoneInfo(viewer.zone)),
        "newer_url": f"?page={page - 1}" if page > 1 else "",
        "older_url": f"?page={page + 1}" if page * PAGE < seen.entry_count else "",
    }
    return render(request, "referrals/case_timeline.html", context)


@require_safe
def reports(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Who has been told, and can we prove it."""
    viewer, now = request.viewer, clock.now()
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="reports")
    seen = overview(viewer=viewer, case_file=case_file, now=now)
    entries = chronology(viewer=viewer, case_file=case_file)
    context = frame(request, seen, "reports") | {
        "seen": seen,
        "abuse": report_lines(seen.duties, entries, ABUSE),
        "missing": report_lines(seen.duties, entries, MISSING),
        "now": now,
    }
    return render(request, "referrals/case_reports.html", context)


@require_POST
def show_name(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Shows the full name once: a deliberate act, and on record."""
    viewer, now = request.viewer, clock.now()
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="name")
    name_show(viewer=viewer, case_file=case_file, now=now)
    request.session["case_name_shown"] = str(case_id)
    return redirect("referrals:case", case_id)


def frame(request: StaffRequest, seen: Overview, here: str) -> dict[str, Any]:
    """The identity bar and the pages of a case, those that this viewer may open."""
    case_id, number = seen.case_file.pk, seen.case_file.number
    shown = here == "overview" and request.session.pop("case_name_shown", None) == str(case_id)
    name = number
    if seen.child is not None:
        who = seen.child.full_name if shown else seen.child.initials
        name = f"{who}, {seen.age}" if seen.age is not None else who
    may_ask = seen.child is not None and not shown and not seen.only_reads
    bar = Bar(
        label=f"Case file {number}",
        name=name,
        facts=_facts(seen, ZoneInfo(request.viewer.zone)),
        act_label="Show full name" if may_ask else "",
        act_url=reverse("referrals:case_name", args=[case_id]) if may_ask else "",
    )
    pages = [
        ("overview", "Overview", "referrals:case", True),
        ("timeline", "Timeline", "referrals:case_timeline", True),
        ("reports", "Reports", "referrals:case_reports", True),
        ("status", "Status fields", "referrals:status", seen.may_see_status),
        ("meetings", "Meetings", "mdt:case_meetings", True),
        ("sharing", "Sharing", "referrals:case_sharing", seen.may_see_sharing),
        ("notes", "My notes", "referrals:my_notes", policies.may_keep_own_notes(request.viewer)),
        ("history", "What changed", "reporting:changed", True),
    ]
    sub = [
        Item(label, reverse(name_, args=[case_id]), key == here)
        for key, label, name_, allowed in pages
        if allowed and (key in READ_IN_EMERGENCY or not seen.only_reads)
    ]
    looks_only = bool(inspect_only(viewer=request.viewer, case_file=case_id))
    return {
        "bar": bar,
        "sub": sub,
        "case_file": seen.case_file,
        "look_only": INSPECT_ONLY_WORDS if looks_only else "",
    }


def _facts(seen: Overview, zone: ZoneInfo) -> list[Fact]:
    facts = [Fact("Case file", seen.case_file.number)]
    if seen.missing is not None:
        since = seen.missing.last_seen_at
        facts.append(
            Fact("Whereabouts", f"since {day_time_words(since, zone)}" if since else "", "at_once", "Missing")
        )
    if seen.jurisdiction:
        facts.append(Fact("Jurisdiction", seen.jurisdiction))
    if seen.child is not None and seen.child.lead_worker is not None:
        facts.append(Fact("Lead worker", seen.child.lead_worker.full_name))
    return facts


def events_of(seen: Overview, zone: ZoneInfo) -> list[dict[str, Any]]:
    """The chronology of a case for components/timeline.html."""
    return lines_of(seen.entries, seen.case_file.pk, zone)


def lines_of(entries: Sequence[Entry], case_id: UUID, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Entries for components/timeline.html; one of one's own agency links to its correction."""
    return [
        {
            "when": day_time_words(entry.at, zone),
            "title": entry.title,
            "words": ". ".join(part for part in (entry.detail, entry.who) if part),
            "corrected": entry.corrected,
            "url": "",
            "correct_url": reverse("referrals:event_correct", args=[case_id, entry.correct_id])
            if entry.correct_id
            else "",
        }
        for entry in entries
    ]
