"""An agency's people: the list, and one person."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.policies import may_manage_people
from agencies.selectors.people import access_person, people_page
from agencies.selectors.review import review_waits
from cseccase import clock
from cseccase.paging import page_number
from cseccase.requests import StaffRequest

PAGE = 50


@require_safe
def people(request: StaffRequest) -> HttpResponse:
    """Everybody of the viewer's own agency: the security officer's and the supervisors' page."""
    viewer = request.viewer
    page = page_number(request.GET)
    end = page * PAGE
    shown, count = people_page(viewer=viewer, now=clock.now(), first=end - PAGE, last=end, is_active=None)
    context = {
        "newer_url": f"?page={page - 1}" if page > 1 else "",
        "older_url": f"?page={page + 1}" if end < count else "",
        "count": count,
        "working": [person for person in shown if person.is_active],
        "closed": [person for person in shown if not person.is_active],
        "may_manage": may_manage_people(viewer),
        "agency_name": viewer.agency_name,
        "review": review_waits(viewer=viewer, now=clock.now()),
    }
    return render(request, "agencies/people.html", context)


@require_safe
def person(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """One person's designations and trainings, and why they are or are not in the agency's group."""
    now = clock.now()
    shown = access_person(
        viewer=request.viewer,
        person_id=person_id,
        now=now,
    )
    return render(request, "agencies/person.html", {"person": shown, "now": now})
