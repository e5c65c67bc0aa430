"""Sealing a part of a case file by a court's order, opening it for a lawful purpose, and lifting the seal by another order.

From the sealing on the part is treated as not existing (WIC 781, 786, 827.95): what is recorded later stands in a new
section, as it would if there had never been one before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from agencies.disclosure.categories import CATEGORY_NAMES, SEALABLE
from agencies.disclosure.matrix import Access
from agencies.disclosure.papers import SealedTerms
from agencies.selectors.protocol import matrix_in_force
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible, RuleBroken
from referrals import policies
from referrals.choices import SealLaw
from referrals.models import CaseFile, FileSection, SealedPurpose, SectionSeal
from referrals.services.paper import PaperLacks, circumstances
from referrals.services.party import agency_of_county
from referrals.services.sharing import SectionKey, case_lock, section_to_write, sharing_settle

WHY = "a court's order seals a part of a file"
NO_SUCH = "No order with this number seals records of this kind in this case."


@dataclass(frozen=True, slots=True)
class OrderSaid:
    """A court's order as somebody writes it down: which court, its case number, the day, and where it lies."""

    court: str
    case_number: str
    ordered_on: date
    evidence: str


@transaction.atomic
def section_seal(
    *, viewer: Viewer, case_file: CaseFile, category: str, law: str, order: OrderSaid, now: datetime
) -> SectionSeal:
    """Everything recorded in this category so far is sealed; who read it by another ground reads it no more.

    Raises `NotAllowed` for anybody but a supervisor or counsel of an agency that keeps such records, `RuleBroken` for an
    order that is not whole, a category that is sealed in no such way, or one with nothing in it.
    """
    policies.require_seal(viewer)
    if category not in SEALABLE & policies.categories_kept(viewer):
        raise RuleBroken("Choose records that your agency keeps and a court may seal.", field="category")
    if law not in SealLaw.values:
        raise RuleBroken("Choose under which law the court sealed them.", field="law")
    _whole(order, case_file, now)
    section = FileSection.objects.visible_to(viewer).filter(
        case_file=case_file, category=category, custodian=None, set_apart=None
    ).first()  # fmt: skip
    if section is None:
        raise RuleBroken("There are no records of this kind in this case.", field="category")
    section_to_write(case_file=case_file, key=SectionKey(category), viewer=viewer, now=now)
    with acting_because(WHY):
        case_lock(case_file.pk)
        seal = SectionSeal(
            section=section,
            case_file=case_file,
            law=law,
            court=order.court.strip(),
            case_number=order.case_number.strip(),
            ordered_on=order.ordered_on,
            evidence=order.evidence.strip(),
            sealed_at=now,
            sealed_by_id=viewer.person,
        )
        seal.save()
        section.set_apart = seal.pk
        section.save()
        sharing_settle(case_file=case_file, now=now)
    _logged(viewer, seal, now, did="sealed")
    return seal


@transaction.atomic
def purpose_record(
    *,
    viewer: Viewer,
    case_file: CaseFile,
    order_number: str,
    terms: SealedTerms,
    now: datetime,
) -> SealedPurpose:
    """A lawful purpose for what an order seals; from now until its end it opens just that part to its recipient.

    Whoever records it names the sealing order's number; a wrong number and a part that is not sealed are one answer.
    Raises `NotAllowed`, `PaperLacks`, `RuleBroken`.
    """
    policies.require_seal(viewer)
    if terms.category not in SEALABLE & policies.categories_kept(viewer):
        raise RuleBroken("Choose records that your agency keeps and a court may seal.", field="category")
    recipient = agency_of_county(case_file, terms.agency)
    cell = matrix_in_force(case_file.county_id, now=now).cell(terms.category, recipient.role)
    if cell.access is Access.NEVER:
        name = CATEGORY_NAMES[terms.category]
        raise RuleBroken(
            f"The county’s agreement opens “{name}” to {recipient.name} on no paper.", field="agency"
        )
    lacks = terms.lacks(circumstances(viewer=viewer, case_file=case_file, now=now))
    if lacks:
        raise PaperLacks(lacks)
    with acting_because(WHY):
        case_lock(case_file.pk)
        seal = _under(case_file, terms.category, order_number)
        if seal is None:
            raise RuleBroken(NO_SUCH, field="order_number")
        paper = SealedPurpose(
            section_id=seal.section_id,
            case_file=case_file,
            recorded_at=now,
            recorded_by_id=viewer.person,
            **SealedPurpose.said_columns(terms),
        )
        paper.save()
        sharing_settle(case_file=case_file, now=now)
    _logged(viewer, seal, now, did="purpose", paper=str(paper.pk))
    return paper


@transaction.atomic
def seal_lift(*, viewer: Viewer, case_file: CaseFile, seal_id: UUID, order: OrderSaid, now: datetime) -> None:
    """Another order of a court takes the seal off. Raises `NotVisible` for a seal that is hidden, absent or lifted,
    `NotAllowed`, and `RuleBroken` for the order that sealed it, or one before it.
    """
    policies.require_seal(viewer)
    seal = SectionSeal.objects.visible_to(viewer).filter(
        case_file=case_file, pk=seal_id, lifted_at=None
    ).first()  # fmt: skip
    if seal is None:
        raise NotVisible
    _whole(order, case_file, now)
    same = (order.court.strip(), order.case_number.strip(), order.ordered_on)
    if order.ordered_on < seal.ordered_on or same == (seal.court, seal.case_number, seal.ordered_on):
        raise RuleBroken(
            "A seal is lifted only by a new order, not by the one that set it.", field="ordered_on"
        )
    with acting_because(WHY):
        case_lock(case_file.pk)
        seal.lifted_at, seal.lifted_by_id = now, viewer.person
        seal.lifted_court, seal.lifted_case_number = order.court.strip(), order.case_number.strip()
        seal.lifted_ordered_on, seal.lifted_evidence = order.ordered_on, order.evidence.strip()
        seal.save()
        sharing_settle(case_file=case_file, now=now)
    _logged(viewer, seal, now, did="lifted")


def _whole(order: OrderSaid, case_file: CaseFile, now: datetime) -> None:
    for field, words in (
        ("court", "Name the court."),
        ("case_number", "Write the court’s case number."),
        ("evidence", "Say where the order lies: a date, a number, a folder."),
    ):
        if not getattr(order, field).strip():
            raise RuleBroken(words, field=field)
    if order.ordered_on > now.astimezone(ZoneInfo(case_file.county.zone)).date():
        raise RuleBroken("This day is in the future.", field="ordered_on")


def _under(case_file: CaseFile, category: str, order_number: str) -> SectionSeal | None:
    asked = _folded(order_number)
    rows = SectionSeal.objects.unrestricted(because=WHY).filter(
        case_file=case_file, section__category=category, lifted_at=None
    )
    return next((seal for seal in rows.order_by("-sealed_at") if _folded(seal.case_number) == asked), None)


def _folded(number: str) -> str:
    return "".join(letter for letter in number.upper() if letter.isalnum())


def _logged(viewer: Viewer, seal: SectionSeal, now: datetime, **facts: object) -> None:
    record(
        Verb.PART_SEALED,
        viewer=viewer,
        at=now,
        subject_kind="seal",
        subject=seal.pk,
        case_file=seal.case_file_id,
        facts=facts,
    )
