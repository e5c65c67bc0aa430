"""Reading what the county agreed."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from uuid import UUID

from agencies.disclosure.matrix import Access, Cell, Matrix
from agencies.models import DisclosureCell, ProtocolVersion


class NoProtocol(RuntimeError):
    """The county has no protocol version in effect, so nobody may see anything."""


def matrix_in_force(county: UUID, *, now: datetime) -> Matrix:
    """The county's disclosure matrix at this moment. Raises `NoProtocol` when none is in effect."""
    version = (
        ProtocolVersion.objects.filter(county=county, effective_at__lte=now)
        .order_by("-effective_at", "-number")
        .values_list("pk", flat=True)
        .first()
    )
    if version is None:
        raise NoProtocol("Load a protocol version for this county first.")
    return _matrix(version)


@lru_cache(maxsize=32)
def _matrix(version: UUID) -> Matrix:
    """A signed version never changes, so it is read once."""
    rows = DisclosureCell.objects.filter(version=version).values_list("category", "role", "access", "basis")
    return Matrix(Cell(category, role, Access(access), basis) for category, role, access, basis in rows)
