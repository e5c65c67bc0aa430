"""Which looks deserve a question: the list, one person's day, and what came of asking."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from cseccase import clock
from cseccase.errors import NotVisible, RuleBroken
from cseccase.requests import StaffRequest
from cseccase.wording import counted_words
from reporting.forms import ReviewForm, UnusualForm
from reporting.selectors import looked as log
from reporting.selectors import unusual as days
from reporting.services.review import looks_review
from reporting.views.queries import newer_url, older_url


@require_GET
def unusual(request: StaffRequest) -> HttpResponse:
    now = clock.now()
    form = UnusualForm(request.GET)
    standard = days.days_asked(viewer=request.viewer, now=now)
    asked = standard
    if form.is_valid():
        answers = form.cleaned_data
        last = answers["to_on"] or standard.last
        first = answers["from_on"] or last - (standard.last - standard.first)
        if (last - first).days >= days.MOST_DAYS:
            form.add_error("from_on", f"Choose at most {days.MOST_DAYS} days.")
        else:
            asked = days.UnusualFilter(
                first, last, answers["why"], answers["reviewed"] == "yes", request.GET.get("before", "")
            )
    page = days.unusual_list(viewer=request.viewer, asked=asked, now=now)
    context = {
        "form": form,
        "asked": asked,
        "page": page,
        "finding": _finding(page, first_page=not asked.before),
        "older_url": older_url(request, page.before),
        "newer_url": newer_url(request),
        "viewer": request.viewer,
    }
    return render(request, "reporting/unusual.html", context, status=400 if form.errors else 200)


def _finding(page: days.UnusualPage, *, first_page: bool) -> str:
    if not page.days:
        return "No look in these days asks for a question" if first_page else "There are no more"
    count = counted_words(len(page.days), "day asks", "days ask")
    return f"{'More than ' if page.before else ''}{count} for a question"


@require_http_methods(["GET", "POST"])
def unusual_day(request: StaffRequest, person_id: Any, day: str) -> HttpResponse:
    now, on = clock.now(), _day(day)
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            looks_review(
                viewer=request.viewer,
                person_id=person_id,
                day=on,
                finding=answers["finding"],
                words=answers["words"],
                now=now,
            )
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.message)
        else:
            messages.success(request, "Written down. The day leaves the list.")
            return redirect("reporting:unusual")
    found = days.unusual_day(viewer=request.viewer, person_id=person_id, day=on, now=now)
    before = request.GET.get("before", "")
    lines = log.person_log(
        viewer=request.viewer, person_id=person_id, asked=log.LogFilter(on, on, "", before), now=now
    ).page
    context = {
        "form": form,
        "found": found,
        "page": lines,
        "is_own": person_id == request.viewer.person,
        "copy_url": f"{reverse('reporting:looked_person_csv', args=[person_id])}?from_on={day}&to_on={day}",
        "older_url": older_url(request, lines.before),
        "newer_url": newer_url(request),
    }
    return render(request, "reporting/unusual_day.html", context, status=400 if form.errors else 200)


def _day(words: str) -> date:
    """The day of an address. Raises `NotVisible` for what is none."""
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise NotVisible from error
