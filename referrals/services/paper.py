"""Papers on file: recording one with all that the law asks of it, agreeing to a need, revoking. It counts on the next request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from agencies.disclosure.categories import BASES, BASIS_AUTHOR, BASIS_CUSTODIAN, BASIS_MDT, CATEGORY_NAMES
from agencies.disclosure.matrix import Access, Cell
from agencies.disclosure.papers import Circumstances, Lack, Terms, answers
from agencies.disclosure.papers.own_word import ADULT_CONSENT, NeedTerms
from agencies.disclosure.papers.releases import SignedTerms
from agencies.models import Agency, Person
from agencies.selectors.protocol import matrix_in_force
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, NotVisible, Refusal, RuleBroken
from referrals import policies
from referrals.models import (
    MODEL_OF,
    CaseFile,
    CaseParty,
    FileSection,
    GoodCause,
    NeedToKnow,
    Paper,
    SeatFact,
)
from referrals.selectors.case_file import child_of
from referrals.selectors.paper import paper_found
from referrals.services.party import agency_of_county, sharing_changed
from referrals.services.sharing import (
    SectionKey,
    case_lock,
    section_for,
    section_to_write,
    sharing_settle,
)

WHY = "the grants of a case follow its papers"
GOOD_CAUSE_LONGEST = timedelta(days=90)
"""How far ahead good cause may be documented at once: the county's own limit; more is documented again."""


class PaperLacks(RuleBroken):
    """A paper without something the law asks for. `lacks` names every element with its section."""

    def __init__(self, lacks: Sequence[Lack]) -> None:
        super().__init__(" ".join(lack.message for lack in lacks), field=lacks[0].field)
        self.lacks = tuple(lacks)


@transaction.atomic
def paper_record(*, viewer: Viewer, case_file: CaseFile, terms: Terms, now: datetime) -> Paper:
    """A paper on file opens one category to one recipient, as far as the county's agreement lets such a paper open it.

    Raises `NotAllowed` where the viewer's agency does not keep that record, `RuleBroken` where the agreement asks for
    another paper, for none, or rules the use out, and `PaperLacks` naming each missing element and its law.
    """
    require_paper(viewer=viewer, category=terms.category)
    recipient = agency_of_county(case_file, terms.agency)
    own = matrix_in_force(case_file.county_id, now=now).cell(terms.category, viewer.role)
    if isinstance(terms, SignedTerms) or own.basis in {BASIS_AUTHOR, BASIS_CUSTODIAN}:
        terms = replace(terms, discloser=viewer.agency)  # nobody signs away what another agency holds
    _person_check(terms, recipient)
    _refuse_unasked(case_file, recipient, terms, now)
    lacks = terms.lacks(circumstances(viewer=viewer, case_file=case_file, now=now))
    if lacks:
        raise PaperLacks(lacks)
    with acting_because(WHY):
        case_lock(case_file.pk)
    section = _section(viewer, case_file, own, terms, now)
    model = MODEL_OF[terms.kind]
    paper = model(
        section=section,
        case_file=case_file,
        recorded_at=now,
        recorded_by_id=viewer.person,
        **model.said_columns(terms),
    )
    if isinstance(paper, NeedToKnow) and policies.may_approve_need(viewer, terms.category):
        paper.approved_at, paper.approved_by_id = now, viewer.person
    with acting_because(WHY):
        paper.save()
        sharing_settle(case_file=case_file, now=now)
    sharing_changed(
        viewer=viewer,
        case_file=case_file,
        kind="paper",
        subject=paper.pk,
        basis=terms.ground(),
        now=now,
        category=terms.category,
    )
    return paper


@transaction.atomic
def need_approve(*, viewer: Viewer, case_file: CaseFile, paper_id: UUID, now: datetime) -> None:
    """A supervisor of the keeping agency agrees to a logged need; from this moment it opens."""
    paper = paper_found(viewer=viewer, case_file=case_file, paper_id=paper_id)
    if not isinstance(paper, NeedToKnow) or paper.approved_at or paper.revoked_at:
        raise NotVisible
    policies.require(
        policies.may_approve_need(viewer, paper.category),
        rule="A need to know is agreed by a supervisor of the agency that keeps the record.",
        opens="Then it opens until its end.",
        ask="Ask your supervisor.",
    )
    if paper.until is not None and paper.until <= now:
        raise RuleBroken("This need is over already. Log it again.")
    with acting_because(WHY):
        case_lock(case_file.pk)
        paper.approved_at, paper.approved_by_id = now, viewer.person
        paper.save()
        sharing_settle(case_file=case_file, now=now)
    sharing_changed(
        viewer=viewer,
        case_file=case_file,
        kind="paper",
        subject=paper.pk,
        basis=NeedTerms.kind,
        now=now,
        category=paper.category,
    )


@transaction.atomic
def paper_revoke(*, viewer: Viewer, case_file: CaseFile, paper_id: UUID, why: str, now: datetime) -> None:
    """The paper is taken back, with the reason: from this moment it opens nothing.

    Raises `NotVisible` for a paper that is hidden, absent or revoked already, `RuleBroken` without a reason.
    """
    paper = paper_found(viewer=viewer, case_file=case_file, paper_id=paper_id)
    require_paper(viewer=viewer, category=paper.category)
    if paper.revoked_at is not None:
        raise NotVisible
    if not why.strip():
        raise RuleBroken("Say why: who revoked it, and how you know.", field="why")
    with acting_because(WHY):
        case_lock(case_file.pk)
        paper.revoked_at, paper.revoked_by_id, paper.revoked_why = now, viewer.person, why.strip()[:200]
        paper.save()
        sharing_settle(case_file=case_file, now=now)
    sharing_changed(
        viewer=viewer,
        case_file=case_file,
        kind="paper",
        subject=paper.pk,
        basis=paper.terms.ground(),
        now=now,
        category=paper.category,
    )


@transaction.atomic
def good_cause_record(
    *, viewer: Viewer, case_file: CaseFile, meeting: UUID, until: datetime, reason: str, now: datetime
) -> GoodCause:
    """Why a team of two may share for longer than 30 days after the report, documented in its minutes (WIC 18961.7(c)).

    Raises `NotVisible` for a meeting the viewer has no seat at, `NotAllowed` where the viewer's agency does not keep
    minutes, `RuleBroken` without a reason or with an end that does not lengthen anything.
    """
    require_minutes(viewer=viewer, case_file=case_file, meeting=meeting)
    section = section_to_write(
        case_file=case_file, key=SectionKey("r24", meeting=meeting), viewer=viewer, now=now
    )
    if not reason.strip():
        raise RuleBroken(
            "Write the good cause: the law asks for it on paper (WIC 18961.7(c)).", field="reason"
        )
    if not now < until <= now + GOOD_CAUSE_LONGEST:
        raise RuleBroken(
            f"Choose a day in the next {GOOD_CAUSE_LONGEST.days} days. More is documented again.",
            field="until",
        )
    cause = GoodCause(
        section=section,
        case_file=case_file,
        meeting=meeting,
        until=until,
        reason=reason.strip()[:400],
        recorded_at=now,
        recorded_by_id=viewer.person,
    )
    with acting_because(WHY):
        case_lock(case_file.pk)
        cause.save()
        sharing_settle(case_file=case_file, now=now)
    sharing_changed(
        viewer=viewer,
        case_file=case_file,
        kind="good_cause",
        subject=cause.pk,
        basis=BASIS_MDT,
        now=now,
        category="r24",
    )
    return cause


def require_minutes(*, viewer: Viewer, case_file: CaseFile, meeting: UUID) -> None:
    """Raises `NotVisible` for a meeting whose minutes the viewer does not read, `NotAllowed` where it keeps none."""
    rows = FileSection.objects.visible_to(viewer).filter(case_file=case_file, category="r24", meeting=meeting)
    if not rows.exists():
        raise NotVisible
    policies.require(
        policies.may_authorise(viewer, "r24"),
        rule="Good cause is documented by a member of the team that keeps its minutes.",
        opens="Any such member can record it.",
        ask="Ask the person who leads the meeting.",
    )


def circumstances(*, viewer: Viewer, case_file: CaseFile, now: datetime) -> Circumstances:
    """The day in the county, and how old the young person was on a day, as far as the viewer may know it."""
    child = child_of(viewer=viewer, case_file=case_file)

    def age_on(day: date) -> int | None:
        return child.age_on(day) if child is not None and child.born_on is not None else None

    return Circumstances(now=now, today=now.astimezone(ZoneInfo(viewer.zone)).date(), age_on=age_on)


def _person_check(terms: Terms, recipient: Agency) -> None:
    if terms.person is None:
        return
    known = Person.objects.filter(pk=terms.person, agency=recipient, is_active=True)
    if not known.exists():
        raise RuleBroken(f"This person does not work for {recipient.name}.", field="person")


def _refuse_unasked(case_file: CaseFile, recipient: Agency, terms: Terms, now: datetime) -> None:
    """Raises `RuleBroken` unless the agreement asks for just this paper here."""
    if terms.category not in CATEGORY_NAMES:
        raise RuleBroken("Choose the records it opens.", field="category")
    cell = matrix_in_force(case_file.county_id, now=now).cell(terms.category, recipient.role)
    record_name, role = CATEGORY_NAMES[terms.category], recipient.get_role_display()
    of_team = cell.basis == BASIS_MDT and terms.kind == ADULT_CONSENT
    if cell.access is Access.NEVER:
        raise RuleBroken(
            f"The county’s agreement opens “{record_name}” to {role} on no paper.", field="category"
        )
    if cell.access is not Access.AUTHORISED and not of_team:
        raise RuleBroken(
            f"The county’s agreement asks for no paper here: {role} reads “{record_name}” as a party to the case.",
            field="category",
        )
    if terms.ground() not in answers(cell.basis):
        asked = " or ".join(BASES[ground] for ground in sorted(answers(cell.basis)))
        raise RuleBroken(f"For {role} and “{record_name}” the agreement asks for: {asked}.", field="category")


def _section(viewer: Viewer, case_file: CaseFile, cell: Cell, terms: Terms, now: datetime) -> FileSection:
    """Where the paper stands: in the section it opens, the viewer's own copy where the record is kept so.

    A keeper that may itself read only by a paper (identity choices, sealed records, a team's records from 18 on) puts
    its own on file first.
    Raises `NotAllowed` where the viewer does not keep the section.
    """
    key = section_key(viewer=viewer, cell=cell, terms=terms)
    by_paper = cell.access is Access.AUTHORISED or (cell.basis == BASIS_MDT and terms.kind == ADULT_CONSENT)
    if by_paper and terms.agency == viewer.agency:
        _require_part(viewer, case_file)
        return section_for(case_file=case_file, key=key, viewer=viewer, now=now)
    return section_to_write(case_file=case_file, key=key, viewer=viewer, now=now)


def section_key(*, viewer: Viewer, cell: Cell, terms: Terms) -> SectionKey:
    """The section a paper of this viewer's agency stands in."""
    if cell.basis == BASIS_AUTHOR:
        return SectionKey(terms.category, custodian=viewer.agency, author=viewer.person)
    if cell.basis == BASIS_CUSTODIAN:
        return SectionKey(terms.category, custodian=viewer.agency)
    return SectionKey(terms.category)


def _require_part(viewer: Viewer, case_file: CaseFile) -> None:
    """The agency must take part in the case, or sit on its team, before it may put a paper of its own on file."""
    with acting_because(WHY):
        takes_part = (
            CaseParty.objects.unrestricted(because=WHY)
            .filter(case_file=case_file, agency=viewer.agency, until=None)
            .exists()
            or SeatFact.objects.unrestricted(because=WHY)
            .filter(case_file=case_file, agency=viewer.agency, until=None)
            .exists()
        )
    if not takes_part:
        raise NotAllowed(
            Refusal(
                rule=f"{viewer.agency_name} does not take part in this case.",
                opens="A case assignment, an order or a seat on the team makes it take part.",
                ask="Ask the child's lead worker in Child Welfare.",
            )
        )


def require_paper(*, viewer: Viewer, category: str) -> None:
    policies.require(
        policies.may_authorise(viewer, category),
        rule="A release or an order is put on file by the agency that keeps the record it opens.",
        opens="That agency can record it.",
        ask="Ask the child's lead worker whom to send the paper to.",
    )
