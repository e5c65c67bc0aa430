"""Reading one's own inbox. A notice's words come from what it is about and its stage, never from a case."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from django.urls import reverse

from agencies.models import Notice
from cseccase.confidentiality.viewer import Viewer

PAGE = 25
DEADLINE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "started": "A new duty waits for you",
        "half": "Half of a duty’s time has passed",
        "warning": "A duty will be due soon",
        "due": "A duty is due now",
        "breached": "A duty is late: do it, and say why it was late",
        "still": "A duty is overdue and still not done",
        "up": "A duty called for somebody, and nobody has answered",
    }
)
ON_CALL_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "assigned": "You are on call",
        "handed": "An on-call shift was handed over to you",
        "gone": "Your on-call shift was handed over or taken out",
    }
)
MEETING_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "invited": "You are invited to a team meeting",
        "changed": "A team meeting has changed",
        "cancelled": "A team meeting was called off",
        "reminder": "A team meeting is near",
    }
)
REVIEW_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "soon": "The review of your agency’s people will be due soon",
        "overdue": "The review of your agency’s people is overdue",
    }
)
EMERGENCY_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "opened": "A file was opened in an emergency",
        "ended": "An emergency look of yours was ended",
        "reviewed": "An emergency look was reviewed",
        "overdue": "The review of an emergency look is overdue",
    }
)
REQUEST_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "asked": "Somebody asks for access",
        "answered": "Your request for access is answered",
        "overdue": "A request for access waits too long",
    }
)
PROPOSAL_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "submitted": "A change of the sharing rules waits for a second person",
        "approved": "Your change of the sharing rules is signed",
        "rejected": "Your change of the sharing rules came back with words",
    }
)
RULEBOOK_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "submitted": "A change of the county’s deadlines waits for a second person",
        "signed": "Your change of the county’s deadlines is signed",
        "sent_back": "Your change of the county’s deadlines came back with words",
    }
)
ANYTHING: Mapping[str, str] = MappingProxyType(
    {
        Notice.About.DEADLINE: "A duty needs you",
        Notice.About.MEETING: "A team meeting needs you",
        Notice.About.RETURNED: "Duties of a colleague who left came back to your agency",
        Notice.About.REVIEW: "The review of your agency’s people needs you",
        Notice.About.EMERGENCY: "An emergency look needs you",
        Notice.About.REQUEST: "A request for access needs you",
        Notice.About.PROPOSAL: "A change of the sharing rules needs you",
        Notice.About.RULEBOOK: "A change of the county’s deadlines needs you",
        Notice.About.NAMED: "A case file is open to you by name",
        Notice.About.ON_CALL: "The on-call roster has changed for you",
    }
)
WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        Notice.About.DEADLINE: DEADLINE_WORDS,
        Notice.About.MEETING: MEETING_WORDS,
        Notice.About.REVIEW: REVIEW_WORDS,
        Notice.About.EMERGENCY: EMERGENCY_WORDS,
        Notice.About.REQUEST: REQUEST_WORDS,
        Notice.About.PROPOSAL: PROPOSAL_WORDS,
        Notice.About.ON_CALL: ON_CALL_WORDS,
        Notice.About.RULEBOOK: RULEBOOK_WORDS,
    }
)


ASKING: dict[str, tuple[str, Callable[[Viewer, Collection[UUID]], set[UUID]]]] = {}
"""For a kind of notice: the name of the address to which "I see to it" is sent, and which of these subjects wait for
this person's word. The floor that knows them puts itself in when it starts."""


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice as the inbox shows it; `answer_url` where "I see to it" is sent, if its subject waits for that."""

    id: UUID
    words: str
    escalated: bool
    created_at: datetime
    is_new: bool
    answer_url: str = ""


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of notices, newest first, and the moments that lead to the pages beside it."""

    lines: list[NoticeLine]
    unread: int
    page: int
    has_older: bool


def notice_words(about: str, stage: str) -> str:
    """What a notice says before its subject is opened."""
    known = WORDS.get(about, {})
    # What may come more than once goes on after a dash: "changed-2-2611220230", "still-3".
    return known.get(stage.partition("-")[0], ANYTHING[about])


def inbox_of(*, viewer: Viewer, page: int = 1) -> Inbox:
    """This person's notices, and which of them wait for a word. As many queries whatever their number."""
    mine = Notice.objects.filter(recipient=viewer.person)
    page = max(page, 1)
    rows = list(mine.order_by("-created_at", "-id")[(page - 1) * PAGE : page * PAGE + 1])
    urls = _answer_urls(viewer, rows[:PAGE])
    lines = [
        NoticeLine(
            row.pk,
            notice_words(row.about, row.stage),
            row.escalated,
            row.created_at,
            row.read_at is None,
            urls.get(row.pk, ""),
        )
        for row in rows[:PAGE]
    ]
    return Inbox(lines, mine.filter(read_at=None).count(), page, len(rows) > PAGE)


def _answer_urls(viewer: Viewer, rows: Sequence[Notice]) -> dict[UUID, str]:
    """Beside the newest notice of each subject that waits: one word answers all of its stages."""
    found: dict[UUID, str] = {}
    for about, (address, asking) in ASKING.items():
        newest: dict[UUID, UUID] = {}
        for row in rows:
            if row.about == about:
                newest.setdefault(row.subject, row.pk)
        waiting = asking(viewer, newest.keys()) if newest else set()
        found |= {newest[subject]: reverse(address, args=[subject]) for subject in waiting}
    return found
