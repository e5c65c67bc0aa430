"""Writing the access log. Called by doors and services, inside their transaction: no row, no look."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from cseccase.audit.models import AccessEntry
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.viewer import Viewer


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
    """One entry. `facts` holds ids, counts and field names only."""
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
    entry.save(force_insert=True)
