"""What every page's frame shows: who is signed in, where they can go, and when the session ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from agencies.choices import CASE_DUTIES, Duty, Role
from agencies.models import Agency, County, Notice
from agencies.policies import may_see_on_call
from agencies.services.session import signed_in_until
from cseccase import clock
from cseccase.confidentiality.viewer import Viewer

RECEIVING = frozenset({Role.CHILD_WELFARE, Role.PROBATION})


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the main navigation."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame of one page. `signed_in_until` is when the session ends if nobody touches it."""

    product_name: str = "Care Coordination"
    county_name: str = ""
    person_name: str = ""
    agency_name: str = ""
    duty_names: str = ""
    nav: list[Link] = field(default_factory=list)
    may_log_referral: bool = False
    may_find: bool = False
    urgent_url: str = ""
    find_url: str = ""
    hide_url: str = ""
    extend_url: str = ""
    sign_out_url: str = ""
    account_url: str = ""
    practice_data: bool = False
    idle_seconds: int = 0
    signed_in_until: datetime | None = None
    night_line: str = ""
    unread_notices: int = 0
    notices_url: str = ""
    is_signed_in: bool = False


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the one variable `shell`."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is None:
        county = County.objects.order_by("name").first()
        return {
            "shell": Shell(
                county_name=county.name if county else "",
                night_line=county.night_line if county else "",
                product_name=county.product_name if county else "Care Coordination",
                practice_data=settings.PRACTICE_DATA,
            )
        }
    return {"shell": _signed_in(request, viewer)}


def _signed_in(request: HttpRequest, viewer: Viewer) -> Shell:
    county = Agency.objects.select_related("county").get(pk=viewer.agency).county
    now = clock.now()
    until = signed_in_until(request, now=now)
    works_cases = bool(viewer.groups) and viewer.has_duty(*CASE_DUTIES)
    return Shell(
        product_name=county.product_name,
        county_name=county.name,
        person_name=viewer.name,
        agency_name=viewer.agency_name,
        duty_names=", ".join(Duty(duty).label for duty in sorted(viewer.duties)),
        nav=_navigation(request.path, viewer, works_cases),
        may_log_referral=works_cases and viewer.role in RECEIVING and not viewer.has_duty(Duty.COUNSEL),
        may_find=works_cases,
        urgent_url=reverse("referrals:urgent"),
        find_url=reverse("referrals:find"),
        hide_url=reverse("agencies:hide"),
        extend_url=reverse("agencies:extend"),
        sign_out_url=reverse("account_logout"),
        account_url=reverse("agencies:account"),
        practice_data=settings.PRACTICE_DATA,
        idle_seconds=max(int((until - now).total_seconds()), 1),
        signed_in_until=until,
        night_line=county.night_line,
        unread_notices=Notice.objects.filter(recipient=viewer.person, read_at=None).count(),
        notices_url=reverse("agencies:notices"),
        is_signed_in=True,
    )


def _navigation(path: str, viewer: Viewer, works_cases: bool) -> list[Link]:
    """Only where this person may go."""
    entries: list[tuple[str, str]] = []
    if works_cases:
        entries += [
            ("My duties", reverse("referrals:duties")),
            ("Case files", reverse("referrals:cases")),
            ("Meetings", reverse("mdt:meetings")),
        ]
    if may_see_on_call(viewer):
        entries.append(("On call", reverse("agencies:on_call")))
    if viewer.has_duty(Duty.COMMITTEE, Duty.SUPERVISOR, Duty.COORDINATOR):
        entries.append(("Reports", reverse("reporting:committee")))
    if viewer.has_duty(Duty.SUPERVISOR, Duty.SECURITY_OFFICER, Duty.AUDITOR):
        entries.append(("Who looked", reverse("reporting:looked")))
    if viewer.has_duty(Duty.SECURITY_OFFICER, Duty.SUPERVISOR):
        entries.append(("People", reverse("agencies:people")))
    if viewer.has_duty(Duty.COUNSEL, Duty.SECURITY_OFFICER, Duty.COORDINATOR, Duty.COMMITTEE):
        entries.append(("Sharing rules", reverse("agencies:matrix")))
    here = max((url for _, url in entries if path.startswith(url)), key=len, default="")
    return [Link(label, url, current=url == here) for label, url in entries]
