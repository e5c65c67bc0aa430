"""What the county agreed: versions of its protocol and the disclosure matrix of each."""

from __future__ import annotations

import uuid

from django.db import models

from agencies.choices import Role
from agencies.models.county import County


class ProtocolVersion(models.Model):
    """One signed version of the county's protocol. The newest one in effect at a moment is the one in force."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="protocol_versions")
    number = models.PositiveIntegerField()
    effective_at = models.DateTimeField()
    approved_by = models.CharField(max_length=128)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="protocol_number_once_a_county")
        ]
        indexes = [models.Index(fields=["county", "-effective_at", "-number"], name="protocol_in_force")]

    def __str__(self) -> str:
        return f"version {self.number}"


class DisclosureCell(models.Model):
    """One cell of the matrix: what one agency role may know of one category of record, and on what basis."""

    class Access(models.TextChoices):
        SEE = "S", "see"
        SUMMARY = "Σ", "summary only"
        AUTHORISED = "A", "after the named authorisation"
        NEVER = "N", "never"

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(ProtocolVersion, on_delete=models.CASCADE, related_name="cells")
    category = models.CharField(max_length=4)
    role = models.CharField(max_length=4, choices=Role.choices)
    access = models.CharField(max_length=1, choices=Access.choices)
    basis = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "category", "role"], name="one_cell_a_category_and_role"
            ),
            models.CheckConstraint(
                condition=models.Q(access__in=["S", "Σ", "A", "N"]), name="cell_access_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["version", "role"], include=["category", "access"], name="cells_of_a_role")
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.role} {self.access} {self.basis}"
