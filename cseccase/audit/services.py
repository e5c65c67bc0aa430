"""Writing the access log. Called by doors and services, inside their transaction: no row, no look.

A door writes its row before it gives the record out. Where the row cannot be written, `NotRecorded` rolls the whole act
back and the answer holds nothing of the record.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import DatabaseError

from cseccase.audit.grounds import ground_now
from cseccase.audit.models import AccessEntry
from cseccase.audit.verbs import SHOWN, Verb
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotRecorded
from cseccase.logs import logger

QUIET = timedelta(minutes=15)
log = logger("audit")


def record(
    verb: Verb,
    *,
    viewer: Viewer | None,
    at: datetime,
    subject_kind: str,
    subject: UUID | None = None,
    case_file: UUID | None = None,
    category: str = "",
    basis: str = "",
    facts: dict[str, Any] | None = None,
) -> None:
    """One entry. `facts` holds ids, counts and field names only. Raises `NotRecorded`.

    What shows something of a case file says on what ground: the one given, or the one in force at this moment. A look at
    no category in particular also keeps which categories stood open to the viewer then (`open`, `open_summary`).
    """
    if viewer and case_file and not basis and verb in SHOWN:
        ground = ground_now(viewer, case_file, category)
        basis = ground.basis
        if not category and ground.full + ground.summary:
            facts = {**(facts or {}), "open": list(ground.full), "open_summary": list(ground.summary)}
    entry = AccessEntry(
        at=at,
        verb=verb,
        person=viewer.person if viewer else None,
        person_name=viewer.name if viewer else "",
        agency=viewer.agency if viewer else None,
        agency_name=viewer.agency_name if viewer else "",
        subject_kind=subject_kind,
        subject=subject,
        case_file=case_file,
        category=category,
        basis=basis,
        facts=facts or {},
    )
    try:
        entry.save(force_insert=True)
    except DatabaseError as error:
        log.error("audit.not_recorded", verb=str(verb), exc_type=type(error).__name__)
        raise NotRecorded from error


def record_refresh(
    verb: Verb, *, viewer: Viewer, at: datetime, subject_kind: str, facts: dict[str, Any]
) -> None:
    """A list that an open page fetched again by itself: one entry a quarter of an hour while it holds the same ids.

    Written every half minute it would bury what people did under what their screens did. Nothing is lost by it: an entry
    for the same ids stands at most fifteen minutes earlier, and any other set of ids is written at once. Raises
    `NotRecorded`.
    """
    last = (
        AccessEntry.objects.filter(person=viewer.person, verb=verb, at__gt=at - QUIET, at__lte=at)
        .order_by("-at", "-id")
        .values_list("facts", flat=True)
        .first()
    )
    if last is None or last.get("ids") != facts.get("ids"):
        record(verb, viewer=viewer, at=at, subject_kind=subject_kind, facts=facts)
