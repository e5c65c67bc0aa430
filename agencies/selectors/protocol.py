"""Reading what the county agreed."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import Q, QuerySet

from agencies.disclosure.matrix import Access, Cell, Matrix
from agencies.models import DisclosureCell, ProtocolVersion


class NoProtocol(RuntimeError):
    """The county has no protocol version in effect, so nobody may see anything."""


def matrix_in_force(county: UUID, *, now: datetime) -> Matrix:
    """The county's disclosure matrix at this moment. Raises `NoProtocol` when none is in effect."""
    return _newest(ProtocolVersion.objects.filter(county=county, effective_at__lte=now))


def matrix_to_settle_by(county: UUID, *, now: datetime) -> Matrix:
    """The matrix that grants are written by: the one in force, and the next one as soon as its settling has begun.

    So somebody who began a moment before a version came into force writes no grant of the version before it into a
    case that has been settled already. Raises `NoProtocol`.
    """
    begun = Q(effective_at__lte=now) | Q(settling__began_at__isnull=False)
    return _newest(ProtocolVersion.objects.filter(begun, county=county))


def matrix_of(version: UUID) -> Matrix:
    """The matrix of one signed version."""
    return _matrix(version)


def _newest(versions: QuerySet[ProtocolVersion]) -> Matrix:
    version = versions.order_by("-effective_at", "-number").values_list("pk", flat=True).first()
    if version is None:
        raise NoProtocol("Load a protocol version for this county first.")
    return _matrix(version)


@lru_cache(maxsize=32)
def _matrix(version: UUID) -> Matrix:
    """A signed version never changes, so it is read once."""
    rows = DisclosureCell.objects.filter(version=version).values_list("category", "role", "access", "basis")
    return Matrix(Cell(category, role, Access(access), basis) for category, role, access, basis in rows)
