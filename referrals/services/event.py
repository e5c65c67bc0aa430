"""Recording what happened, and correcting it. Every record settles the clocks of its case in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible, RuleBroken
from referrals import policies
from referrals.deadlines import kinds
from referrals.kinds import CUSTODIANS, KINDS
from referrals.models import CaseEvent, CaseFile, FileSection
from referrals.services.deadline import deadlines_settle
from referrals.services.sharing import SectionKey, section_to_write


@transaction.atomic
def event_record(
    *,
    viewer: Viewer,
    case_file: CaseFile,
    kind: str,
    occurred_at: datetime,
    now: datetime,
    received_at: datetime | None = None,
    facts: Mapping[str, object] | None = None,
    note: str = "",
    key: SectionKey | None = None,
) -> CaseEvent:
    """One thing that happened, with its evidence. Raises `NotAllowed` where the agency keeps no such record."""
    _refuse_future(occurred_at, received_at, now)
    section = section_to_write(case_file=case_file, key=key or place_of(kind, viewer), viewer=viewer, now=now)
    return event_write(
        viewer=viewer,
        case_file=case_file,
        section=section,
        kind=kind,
        occurred_at=occurred_at,
        received_at=received_at,
        facts=facts,
        note=note,
        now=now,
    )


def place_of(kind: str, viewer: Viewer) -> SectionKey:
    """The section in which the viewer's agency records such a thing."""
    category = KINDS[kind].place(viewer.role)
    return SectionKey(category, custodian=viewer.agency if category in CUSTODIANS else None)


def event_write(
    *,
    viewer: Viewer,
    case_file: CaseFile,
    section: FileSection,
    kind: str,
    occurred_at: datetime,
    now: datetime,
    received_at: datetime | None = None,
    facts: Mapping[str, object] | None = None,
    note: str = "",
) -> CaseEvent:
    """An entry in a section of which the caller knows, or makes sure in this transaction, that the agency keeps it."""
    event = CaseEvent(
        section=section,
        case_file=case_file,
        kind=kind,
        occurred_at=occurred_at,
        received_at=received_at,
        recorded_at=now,
        recorded_by_id=viewer.person,
        agency_id=viewer.agency,
        facts=dict(facts or {}),
        note=note,
    )
    event.root = event.pk
    event.save()
    _announce(event, section, viewer, now)
    return event


@transaction.atomic
def event_correct(
    *,
    viewer: Viewer,
    event_id: UUID,
    now: datetime,
    reason: str,
    occurred_at: datetime | None = None,
    received_at: datetime | None = None,
    facts: Mapping[str, object] | None = None,
    withdraw: bool = False,
) -> CaseEvent:
    """A later event that takes the place of a mistaken one; the mistaken one stays readable.

    Raises `NotVisible` for an event the viewer may not see, `NotAllowed` for one that a court sealed, since a correction
    would copy it into the part that stands open (WIC 781, 786, 827.95), `RuleBroken` for one that was corrected already.
    """
    old = (
        CaseEvent.objects.visible_to(viewer)
        .filter(pk=event_id)
        .select_related("case_file", "section")
        .first()
    )
    if old is None:
        raise NotVisible
    policies.require_unsealed(sealed=old.section.set_apart is not None)
    if not reason.strip():
        raise RuleBroken("Say what was wrong, in a few words.", field="reason")
    if CaseEvent.objects.visible_to(viewer).filter(supersedes=old).exists():
        raise RuleBroken("This entry was corrected already. Correct the newer one.")
    _refuse_future(occurred_at, received_at, now)
    place = SectionKey(
        old.section.category, old.section.custodian_id, old.section.author_id, old.section.meeting
    )
    section = section_to_write(case_file=old.case_file, key=place, viewer=viewer, now=now)
    event = CaseEvent(
        section=section,
        case_file=old.case_file,
        root=old.root,
        supersedes=old,
        kind=kinds.WITHDRAWN if withdraw else old.kind,
        occurred_at=occurred_at or old.occurred_at,
        received_at=received_at or old.received_at,
        recorded_at=now,
        recorded_by_id=viewer.person,
        agency_id=old.agency_id,
        facts={**old.facts, **(facts or {})},
        note=reason,
    )
    event.save()
    _announce(event, section, viewer, now)
    return event


def _refuse_future(occurred_at: datetime | None, received_at: datetime | None, now: datetime) -> None:
    if occurred_at is not None and occurred_at > now:
        raise RuleBroken("This is in the future. Give the time when it happened.", field="occurred_at")
    if received_at is not None and received_at > now:
        raise RuleBroken(
            "This is in the future. Give the time when your agency was told.", field="received_at"
        )


def _announce(event: CaseEvent, section: FileSection, viewer: Viewer, now: datetime) -> None:
    record(
        Verb.EVENT_RECORDED,
        viewer=viewer,
        at=now,
        subject_kind="event",
        subject=event.pk,
        case_file=event.case_file_id,
        category=section.category,
        facts={"kind": event.kind, "fields": sorted(event.facts)},
    )
    deadlines_settle(case_file=event.case_file, viewer=viewer, now=now)
