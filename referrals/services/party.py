"""Who takes part in a case, and which papers on file open which records. What changes here counts on the next request."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from agencies.choices import Role
from agencies.models import Agency
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible, RuleBroken
from referrals import policies
from referrals.choices import PartyKind
from referrals.models import CaseFile, CaseParty, Deadline
from referrals.services.sharing import (
    Joining,
    file_extend,
    party_leave,
)

WHY = "the grants of a case follow its papers"
OWES_WHY = "an agency that still owes a duty stays in the case"


@transaction.atomic
def party_join(
    *, viewer: Viewer, case_file: CaseFile, agency: UUID, kind: PartyKind, evidence: str, now: datetime
) -> None:
    """An agency takes part in the case from now on, for a reason. Raises `NotAllowed`, `RuleBroken`."""
    _require_change(viewer)
    joining = agency_of_county(case_file, agency)
    if not evidence.strip():
        raise RuleBroken("Say what shows this: an order's number, a letter, a call.", field="evidence")
    file_extend(
        case_file=case_file,
        recorded_by=viewer.person,
        now=now,
        parties=[Joining(joining.pk, kind, evidence.strip()[:160])],
    )
    sharing_changed(
        viewer=viewer, case_file=case_file, kind="agency", subject=joining.pk, basis=kind.value, now=now
    )


@transaction.atomic
def party_end(*, viewer: Viewer, case_file: CaseFile, party_id: UUID, now: datetime) -> None:
    """An agency's part ends: what it saw through it closes at once.

    Raises `RuleBroken` for the lead agency, and for an agency that still owes a duty in the case.
    """
    _require_change(viewer)
    rows = CaseParty.objects.visible_to(viewer).select_related("agency", "case_file", "case_file__county")
    party = rows.filter(pk=party_id, case_file=case_file, until=None).first()
    if party is None:
        raise NotVisible
    if party.agency.role == Role.CHILD_WELFARE and party.kind == PartyKind.ASSIGNMENT:
        raise RuleBroken("Child Welfare leads every case, so its part cannot end while the file is open.")
    with acting_because(OWES_WHY):
        owes = Deadline.objects.unrestricted(because=OWES_WHY).filter(
            case_file=case_file, owed_by=party.agency, met_at=None, dropped_by=None
        )
        still_owes = party.kind == PartyKind.RESPONDER and owes.exists()
    if still_owes:
        raise RuleBroken(
            f"{party.agency.name} still owes a duty in this case. Its supervisor can say that the duty does not apply; "
            "then its part can end."
        )
    party_leave(party=party, now=now)
    sharing_changed(
        viewer=viewer, case_file=case_file, kind="case_party", subject=party.pk, basis=party.kind, now=now
    )


def agency_of_county(case_file: CaseFile, agency: UUID) -> Agency:
    """An agency that may take part in a case or receive records. Raises `RuleBroken` for any other."""
    found = Agency.objects.filter(pk=agency, county=case_file.county_id, is_active=True).first()
    if found is None or found.role == Role.STEERING_COMMITTEE:
        raise RuleBroken("Choose an agency of this county.", field="agency")
    return found


def _require_change(viewer: Viewer) -> None:
    policies.require(
        policies.may_change_sharing(viewer),
        rule="Who takes part in a case is recorded by Child Welfare and Probation.",
        opens="They can record it on the agency's word or on an order.",
        ask="Ask the child's lead worker.",
    )


def sharing_changed(
    *,
    viewer: Viewer,
    case_file: CaseFile,
    kind: str,
    subject: UUID,
    basis: str,
    now: datetime,
    category: str = "",
) -> None:
    """Puts on the record that who may see something has changed."""
    record(
        Verb.SHARING_CHANGED,
        viewer=viewer,
        at=now,
        subject_kind=kind,
        subject=subject,
        case_file=case_file.pk,
        category=category,
        basis=basis,
    )
