"""Putting a protocol version in force."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from agencies.disclosure.categories import MATRIX_CATEGORIES, ROLES
from agencies.disclosure.matrix import DEFAULT_MATRIX_PATH, Matrix, matrix_read
from agencies.models import County, DisclosureCell, ProtocolVersion


def default_matrix() -> Matrix:
    """The matrix that ships with the product: a default that county counsel confirms before the first case."""
    return matrix_read(DEFAULT_MATRIX_PATH.read_text(encoding="utf-8"))


@transaction.atomic
def protocol_sign(
    *, county: County, matrix: Matrix, effective_at: datetime, approved_by: str, note: str = ""
) -> ProtocolVersion:
    """A new version of the county's protocol, with every cell of its matrix. Signed versions never change."""
    last = ProtocolVersion.objects.filter(county=county).aggregate(last=Max("number"))["last"] or 0
    version = ProtocolVersion.objects.create(
        county=county, number=last + 1, effective_at=effective_at, approved_by=approved_by, note=note
    )
    DisclosureCell.objects.bulk_create(
        DisclosureCell(
            version=version, category=cell.category, role=cell.role, access=cell.access, basis=cell.basis
        )
        for cell in (matrix.cell(category, role) for category in MATRIX_CATEGORIES for role in ROLES)
    )
    return version
