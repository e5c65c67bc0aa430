"""Opening a notice."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from agencies.models import Notice
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible

PAGES = {
    Notice.About.DEADLINE.value: "referrals:duty",
    Notice.About.MEETING.value: "mdt:meeting",
    Notice.About.EMERGENCY.value: "referrals:emergency",
    Notice.About.REQUEST.value: "referrals:access_request",
    Notice.About.PROPOSAL.value: "agencies:proposal",
    Notice.About.NAMED.value: "referrals:case",
}
LISTS = {
    Notice.About.RETURNED.value: "referrals:duties",
    Notice.About.REVIEW.value: "agencies:review",
    Notice.About.ON_CALL.value: "agencies:on_call",
    Notice.About.RULEBOOK.value: "referrals:deadline_rules",
}
"""Notices that lead to a page without a subject of its own."""


def notice_read(*, viewer: Viewer, notice_id: UUID, now: datetime) -> tuple[str, UUID | None]:
    """Marks one of this person's own notices read; returns the page's name and the id of its subject, if it has one.

    The subject's own door decides whether it may still be seen. Raises NotVisible for anybody else's notice.
    """
    notice = Notice.objects.filter(pk=notice_id, recipient=viewer.person).first()
    if notice is None:
        raise NotVisible
    if notice.read_at is None:
        notice.read_at = now
        notice.save(update_fields=["read_at"])
    if notice.about in LISTS:
        return LISTS[notice.about], None
    return PAGES[notice.about], notice.subject


def notices_read_about(*, viewer: Viewer, subject: UUID, now: datetime) -> None:
    """Marks this person's own notices about one subject read: they did what those asked for."""
    Notice.objects.filter(recipient=viewer.person, subject=subject, read_at=None).update(read_at=now)


def notices_read_all(*, viewer: Viewer, now: datetime) -> int:
    """Marks all of this person's notices read; returns how many were new."""
    return Notice.objects.filter(recipient=viewer.person, read_at=None).update(read_at=now)
