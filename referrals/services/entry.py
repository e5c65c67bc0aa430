"""Entries of the chronology that people make by hand, and mending one's own agency's entries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import RuleBroken
from referrals import policies
from referrals.deadlines import kinds
from referrals.deadlines.events import in_force
from referrals.models import CaseEvent, CaseFile, Child
from referrals.recordable import RECORDABLE
from referrals.services.deadline import events_of
from referrals.services.event import event_correct, event_record
from referrals.services.missing import episode_follows, notice_spare
from referrals.services.referral import services_fact
from referrals.services.sharing import case_lock

WHY = "whether a child is identified is asked of the whole file"
UNMENDABLE = frozenset({kinds.WITHDRAWN})


@transaction.atomic
def note_record(
    *, viewer: Viewer, case_file: CaseFile, occurred_at: datetime, note: str, now: datetime
) -> CaseEvent:
    """A note among the viewer's own agency's duties."""
    if not note.strip():
        raise RuleBroken("Write what happened.", field="note")
    return event_record(
        viewer=viewer,
        case_file=case_file,
        kind=kinds.NOTE,
        occurred_at=occurred_at,
        note=note.strip(),
        now=now,
    )


def is_identified(case_file: CaseFile) -> bool:
    """Whether the chronology says that this child is a victim; an identification that was withdrawn counts as none."""
    with acting_because(WHY):
        return any(event.kind == kinds.CHILD_IDENTIFIED for event in in_force(events_of(case_file)))


@transaction.atomic
def child_identify(
    *, viewer: Viewer, case_file: CaseFile, told_at: datetime, now: datetime, note: str = ""
) -> CaseEvent:
    """The child was identified as a victim: law enforcement must be told at once (Penal Code 11166(j)(2)).

    Raises `NotAllowed` where the agency keeps no status, `RuleBroken` when it is recorded already: a second
    identification adds to the history and starts no new clock.
    """
    case_lock(case_file.pk)
    if is_identified(case_file):
        raise RuleBroken("The child is recorded as identified already, and the clock runs from that entry.")
    with acting_because(WHY):
        child = Child.objects.unrestricted(because=WHY).filter(case_file=case_file).first()
    return event_record(
        viewer=viewer,
        case_file=case_file,
        kind=kinds.CHILD_IDENTIFIED,
        occurred_at=told_at,
        received_at=told_at,
        facts={
            "receives_services": services_fact(child, now=now, county=case_file.county) if child else None
        },
        note=note.strip(),
        now=now,
    )


@transaction.atomic
def happening_record(
    *,
    viewer: Viewer,
    case_file: CaseFile,
    kind: str,
    told_at: datetime,
    now: datetime,
    facts: Mapping[str, object] | None = None,
    note: str = "",
) -> CaseEvent:
    """Something that starts or spares duties, known to the agency since `told_at`; its clocks run from then.

    Raises `NotAllowed` for an agency to which such a thing does not happen or that keeps no such record, `RuleBroken` for
    a ground that spares no notice.
    """
    entry = RECORDABLE[kind]
    policies.require(
        policies.may_record_happening(viewer, entry.roles),
        rule="This is recorded by the agencies to which it happens and that keep such records.",
        opens="They can record it for you.",
        ask="Tell the child’s lead worker in Child Welfare.",
    )
    said = dict(facts or {})
    if kind == kinds.NOTICE_NOT_OWED:
        to, ground = str(said.get("to")), str(said.get("ground"))
        return notice_spare(
            viewer=viewer,
            case_file=case_file,
            owed_to=to,
            ground=ground,
            reason=note,
            decided_at=told_at,
            now=now,
        )
    return event_record(
        viewer=viewer,
        case_file=case_file,
        kind=kind,
        occurred_at=told_at,
        received_at=told_at,
        facts=said,
        note=note.strip(),
        now=now,
    )


@transaction.atomic
def entry_correct(
    *,
    viewer: Viewer,
    entry: CaseEvent,
    reason: str,
    now: datetime,
    occurred_at: datetime | None = None,
    received_at: datetime | None = None,
    facts: Mapping[str, object] | None = None,
    withdraw: bool = False,
) -> CaseEvent:
    """Mends an entry of the viewer's own agency; clocks and the missing episode follow in the same transaction.

    Raises `NotAllowed` for another agency's entry, `RuleBroken` for one that was mended already.
    """
    policies.require(
        policies.may_correct(viewer, entry.agency_id),
        rule="An entry is corrected by the agency that made it.",
        opens="That agency can correct it.",
        ask=f"Ask {entry.agency.name}.",
    )
    if entry.kind in UNMENDABLE:
        raise RuleBroken("This entry says that another was a mistake. Record what did happen instead.")
    mended = event_correct(
        viewer=viewer,
        event_id=entry.pk,
        now=now,
        reason=reason,
        occurred_at=occurred_at,
        received_at=received_at,
        facts=facts,
        withdraw=withdraw,
    )
    if withdraw:
        episode_follows(viewer=viewer, entry=entry, now=now)
    return mended
