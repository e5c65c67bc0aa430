"""Putting a protocol version in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from agencies.disclosure.categories import MATRIX_CATEGORIES, ROLES
from agencies.disclosure.matrix import DEFAULT_MATRIX_PATH, Matrix, matrix_read, reasons_read
from agencies.models import County, DisclosureCell, ProtocolVersion, VersionSettling
from cseccase.errors import RuleBroken


def default_matrix() -> Matrix:
    """The matrix that ships with the product: a default that county counsel confirms before the first case."""
    return matrix_read(DEFAULT_MATRIX_PATH.read_text(encoding="utf-8"))


def default_reasons() -> dict[str, str]:
    """The reasons that ship with it, one for each category of record."""
    return reasons_read(DEFAULT_MATRIX_PATH.read_text(encoding="utf-8"))


@transaction.atomic
def protocol_sign(
    *,
    county: County,
    matrix: Matrix,
    effective_at: datetime,
    approved_by: str,
    note: str = "",
    reasons: Mapping[tuple[str, str], str] | None = None,
) -> ProtocolVersion:
    """A new version of the county's protocol, with every cell of its matrix. Signed versions never change.

    `reasons` are those of single cells; the others keep the reason of the version before, or the row's default.
    A county's first version has no older grants to settle. Raises `RuleBroken` for one that would begin before the
    newest one signed: the versions of a county follow each other.
    """
    County.objects.select_for_update(no_key=True).get(pk=county.pk)
    last = ProtocolVersion.objects.filter(county=county).order_by("-number").first()
    if last is not None and effective_at < last.effective_at:
        raise RuleBroken(
            f"Version {last.number} is signed and begins later than that. A new version begins with it or after it.",
            field="effective_on",
        )
    version = ProtocolVersion.objects.create(
        county=county,
        number=last.number + 1 if last else 1,
        effective_at=effective_at,
        approved_by=approved_by,
        note=note,
    )
    said = _reasons(last, reasons or {})
    DisclosureCell.objects.bulk_create(
        DisclosureCell(
            version=version,
            category=cell.category,
            role=cell.role,
            access=cell.access,
            basis=cell.basis,
            reason=said.get((cell.category, cell.role), ""),
        )
        for cell in (matrix.cell(category, role) for category in MATRIX_CATEGORIES for role in ROLES)
    )
    VersionSettling.objects.create(version=version, settled_at=None if last else effective_at)
    return version


def _reasons(
    last: ProtocolVersion | None, reasons: Mapping[tuple[str, str], str]
) -> dict[tuple[str, str], str]:
    rows = default_reasons()
    said = {(category, role): rows.get(category, "") for category in MATRIX_CATEGORIES for role in ROLES}
    if last is not None:
        before = DisclosureCell.objects.filter(version=last).exclude(reason="")
        said |= {
            (category, role): text
            for category, role, text in before.values_list("category", "role", "reason")
        }
    return said | dict(reasons)
