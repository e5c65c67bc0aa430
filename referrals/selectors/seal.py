"""Sealed parts of a case, for those whose purpose on file opens them; and what of the log must not name them to others."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from agencies.disclosure.categories import CATEGORY_NAMES, SEALABLE
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible
from referrals import policies
from referrals.models import CaseFile, FileSection, SectionSeal

WHY = "what is sealed is named to nobody"


@dataclass(frozen=True, slots=True)
class SealPage:
    """What a supervisor or counsel of a keeping agency may do: `kept` to seal, `open_now` to lift."""

    kept: list[tuple[str, str]]
    open_now: list[tuple[SectionSeal, str]]


@dataclass(frozen=True, slots=True)
class Hushed:
    """Records of one category of one case, up to a moment, that a reader of logs may not hear of."""

    case_file: UUID
    category: str
    until: datetime


def seal_page(*, viewer: Viewer, case_file: CaseFile) -> SealPage:
    """The choices are the agency's own categories, whether the case has such records or not. Raises `NotAllowed`."""
    policies.require_seal(viewer)
    kept = sorted(SEALABLE & policies.categories_kept(viewer))
    seals = SectionSeal.objects.visible_to(viewer).filter(case_file=case_file, lifted_at=None)
    return SealPage(
        kept=[(code, CATEGORY_NAMES[code]) for code in kept],
        open_now=[
            (seal, CATEGORY_NAMES[seal.section.category])
            for seal in seals.select_related("section").order_by("-sealed_at")
        ],
    )


def seal_found(*, viewer: Viewer, case_file: CaseFile, seal_id: UUID) -> SectionSeal:
    """The door to one seal: for those whose purpose opens it, and who may lift it. Raises `NotAllowed`, `NotVisible`."""
    policies.require_seal(viewer)
    seal = (
        SectionSeal.objects.visible_to(viewer).filter(case_file=case_file, pk=seal_id, lifted_at=None).first()
    )
    if seal is None:
        raise NotVisible
    return seal


def hushed_from(viewer: Viewer, cases: Collection[UUID] | QuerySet[Any, Any]) -> list[Hushed]:
    """What seals keep from this reader of the log in these cases; one query, a second where anything is sealed."""
    with acting_because(WHY):
        rows = SectionSeal.objects.unrestricted(because=WHY).filter(lifted_at=None, case_file__in=cases)
        sealed = list(rows.values_list("section", "case_file", "section__category", "sealed_at"))
    if not sealed:
        return []
    seen = set(
        FileSection.objects.visible_to(viewer)
        .filter(pk__in=[section for section, *_ in sealed])
        .values_list("pk", flat=True)
    )
    return [Hushed(case, category, until) for section, case, category, until in sealed if section not in seen]
