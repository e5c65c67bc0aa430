"""The banner that stands on every page while a file is open in an emergency: what, how long still, and the way out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.urls import reverse

from cseccase import clock
from cseccase.confidentiality.viewer import Viewer
from cseccase.wording import time_left_words, time_words


@dataclass(frozen=True, slots=True)
class OpenFile:
    """One file in the banner. `seconds` is how long the page may still be shown."""

    number: str
    until_words: str
    left_words: str
    seconds: int
    record_url: str
    case_url: str
    end_url: str


def emergencies(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `open_in_emergency`, the files the signed-in person holds open.

    `reads_in_emergency` says that this page may show something of them, so that it must not outlive them.
    """
    viewer: Viewer | None = getattr(request, "viewer", None)
    if viewer is None or not viewer.emergencies:
        return {"open_in_emergency": []}
    now = clock.now()
    return {
        "open_in_emergency": [line for line in _lines(viewer, now) if line.seconds > 0],
        "reads_in_emergency": viewer.sees_emergencies,
    }


def _lines(viewer: Viewer, now: datetime) -> list[OpenFile]:
    zone = ZoneInfo(viewer.zone)
    return [
        OpenFile(
            number=one.number,
            until_words=time_words(one.until, zone),
            left_words=time_left_words(one.until, now),
            seconds=int((one.until - now).total_seconds()) + (one.until > now),
            record_url=reverse("referrals:emergency", args=[one.record]),
            case_url=reverse("referrals:case", args=[one.case_file]),
            end_url=reverse("referrals:emergency_end", args=[one.record]),
        )
        for one in viewer.emergencies
    ]
