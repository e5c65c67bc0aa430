"""Who takes part in a case, and which papers on file open which records. What changes here counts on the next request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from agencies.choices import Role
from agencies.disclosure.categories import BASES, BASIS_MDT, BASIS_NEED, BASIS_YOUTH, CATEGORY_NAMES
from agencies.disclosure.matrix import Access
from agencies.models import Agency
from agencies.selectors.protocol import matrix_in_force
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible, RuleBroken
from referrals import policies
from referrals.choices import PartyKind
from referrals.models import Authorisation, CaseFile, CaseParty, Deadline
from referrals.services.sharing import (
    Joining,
    SectionKey,
    file_extend,
    party_leave,
    section_to_write,
    sharing_settle,
)

WHY = "the grants of a case follow its papers"
OWES_WHY = "an agency that still owes a duty stays in the case"


@dataclass(frozen=True, slots=True)
class PaperSaid:
    """A release, consent, order or logged need, as it lies on file: it names one agency and one category of record."""

    agency: UUID
    kind: str
    category: str
    since: datetime
    evidence: str
    until: datetime | None = None


@transaction.atomic
def party_join(
    *, viewer: Viewer, case_file: CaseFile, agency: UUID, kind: PartyKind, evidence: str, now: datetime
) -> None:
    """An agency takes part in the case from now on, for a reason. Raises `NotAllowed`, `RuleBroken`."""
    _require_change(viewer)
    joining = _agency(case_file, agency)
    if not evidence.strip():
        raise RuleBroken("Say what shows this: an order's number, a letter, a call.", field="evidence")
    file_extend(
        case_file=case_file,
        recorded_by=viewer.person,
        now=now,
        parties=[Joining(joining.pk, kind, evidence.strip()[:160])],
    )
    _changed(viewer, case_file, "agency", joining.pk, kind.value, now)


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
    _changed(viewer, case_file, "case_party", party.pk, party.kind, now)


@transaction.atomic
def authorisation_record(
    *, viewer: Viewer, case_file: CaseFile, said: PaperSaid, now: datetime
) -> Authorisation:
    """A paper on file opens one category to one agency, as far as the county's agreement lets such a paper open it.

    Raises `NotAllowed` where the viewer's agency does not keep that record, `RuleBroken` where the agreement asks for
    another paper, for none, or rules the use out.
    """
    _require_paper(viewer, said.category)
    agency = _agency(case_file, said.agency)
    _refuse_paper(case_file, agency, said, now)
    section = section_to_write(case_file=case_file, key=SectionKey(said.category), viewer=viewer, now=now)
    paper = Authorisation(
        section=section,
        case_file=case_file,
        agency=agency,
        kind=said.kind,
        category=said.category,
        since=said.since,
        until=said.until,
        evidence=said.evidence.strip()[:160],
        recorded_by_id=viewer.person,
    )
    paper.save()
    _settle(case_file, now)
    _changed(viewer, case_file, "authorisation", paper.pk, said.kind, now, category=said.category)
    return paper


@transaction.atomic
def authorisation_revoke(*, viewer: Viewer, case_file: CaseFile, paper_id: UUID, now: datetime) -> None:
    """The paper is taken back: from this moment it opens nothing."""
    rows = Authorisation.objects.visible_to(viewer).filter(pk=paper_id, case_file=case_file, revoked_at=None)
    paper = rows.first()
    if paper is None:
        raise NotVisible
    _require_paper(viewer, paper.category)
    paper.revoked_at = now
    paper.save()
    _settle(case_file, now)
    _changed(viewer, case_file, "authorisation", paper.pk, paper.kind, now, category=paper.category)


def _refuse_paper(case_file: CaseFile, agency: Agency, said: PaperSaid, now: datetime) -> None:
    if not said.evidence.strip():
        raise RuleBroken("Say where the paper lies: a date, a number, a folder.", field="evidence")
    if said.since > now:
        raise RuleBroken("This is in the future. Record the paper on the day it begins.", field="since")
    if said.until is not None and said.until <= now:
        raise RuleBroken("This paper is over already, so it opens nothing.", field="until")
    cell = matrix_in_force(case_file.county_id, now=now).cell(said.category, agency.role)
    record_name, role = CATEGORY_NAMES[said.category], agency.get_role_display()
    if cell.access is Access.NEVER:
        raise RuleBroken(
            f"The county’s agreement opens “{record_name}” to {role} on no paper.", field="category"
        )
    if cell.access is not Access.AUTHORISED:
        raise RuleBroken(
            f"The county’s agreement asks for no paper here: {role} reads “{record_name}” as a party to the case.",
            field="category",
        )
    # A seat opens by itself; at eighteen only the young person's own choice does (WIC 18964(c)).
    asked = BASIS_YOUTH if cell.basis == BASIS_MDT else cell.basis
    if said.kind != asked:
        raise RuleBroken(
            f"For {role} and “{record_name}” the agreement asks for: {BASES[asked]}.", field="kind"
        )
    if said.kind == BASIS_NEED and said.until is None:
        raise RuleBroken("A need to know is logged with its end. Say until when.", field="until")


def _agency(case_file: CaseFile, agency: UUID) -> Agency:
    found = Agency.objects.filter(pk=agency, county=case_file.county_id, is_active=True).first()
    if found is None or found.role == Role.STEERING_COMMITTEE:
        raise RuleBroken("Choose an agency of this county.", field="agency")
    return found


def _settle(case_file: CaseFile, now: datetime) -> None:
    with acting_because(WHY):
        sharing_settle(case_file=case_file, now=now)


def _require_change(viewer: Viewer) -> None:
    policies.require(
        policies.may_change_sharing(viewer),
        rule="Who takes part in a case is recorded by Child Welfare and Probation.",
        opens="They can record it on the agency's word or on an order.",
        ask="Ask the child's lead worker.",
    )


def _require_paper(viewer: Viewer, category: str) -> None:
    policies.require(
        policies.may_authorise(viewer, category),
        rule="A release or an order is put on file by the agency that keeps the record it opens.",
        opens="That agency can record it.",
        ask="Ask the child's lead worker whom to send the paper to.",
    )


def _changed(
    viewer: Viewer,
    case_file: CaseFile,
    kind: str,
    subject: UUID,
    basis: str,
    now: datetime,
    *,
    category: str = "",
) -> None:
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
