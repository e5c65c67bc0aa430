"""What the county agreed: versions of its protocol and the disclosure matrix of each."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from agencies.choices import Role
from agencies.models.county import County


class ProtocolVersion(models.Model):
    """One signed version of the county's protocol. The newest one in effect at a moment is the one in force.

    What is signed never changes: the table itself refuses.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="protocol_versions")
    number = models.PositiveIntegerField()
    effective_at = models.DateTimeField()
    approved_by = models.CharField(max_length=128)
    note = models.CharField(max_length=200, blank=True)

    append_only: ClassVar[bool] = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="protocol_number_once_a_county")
        ]
        indexes = [models.Index(fields=["county", "-effective_at", "-number"], name="protocol_in_force")]

    def __str__(self) -> str:
        return f"version {self.number}"


class VersionSettling(models.Model):
    """How far the grants of the county's cases have been rewritten since a version came into force.

    Until `settled_at` is set, grants made under the versions before may still stand, and only those are trusted that
    this version would make too (`agencies.disclosure.trust`). From `began_at` on every grant is written by this version.
    """

    version = models.OneToOneField(
        ProtocolVersion, on_delete=models.CASCADE, primary_key=True, related_name="settling"
    )
    began_at = models.DateTimeField(null=True)
    last_case = models.UUIDField(null=True)
    cases_done = models.PositiveIntegerField(default=0)
    cases_in_all = models.PositiveIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"settling of {self.version_id}"


class DisclosureCell(models.Model):
    """One cell of the matrix: what one agency role may know of one category of record, on what basis, and why."""

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
    reason = models.CharField(max_length=300, blank=True)

    append_only: ClassVar[bool] = True

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


class ProtocolProposal(models.Model):
    """A change of the sharing rules that one person of county counsel proposes and a second person decides.

    `base` is the version it starts from; `effective_at` is when it is asked to begin, none meaning at approval.
    """

    class State(models.TextChoices):
        OPEN = "open", "being written"
        SUBMITTED = "submitted", "waiting for a second person"
        APPROVED = "approved", "approved"
        REJECTED = "rejected", "sent back"
        WITHDRAWN = "withdrawn", "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    base = models.ForeignKey(ProtocolVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    note = models.CharField(max_length=200)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    effective_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=500, blank=True)
    signed = models.OneToOneField(
        ProtocolVersion, on_delete=models.PROTECT, related_name="proposal", null=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="proposal_number_once_a_county"),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("proposed_by")),
                name="proposal_decided_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=models.Q(state="approved", signed__isnull=False, decided_by__isnull=False)
                | (~models.Q(state="approved") & models.Q(signed__isnull=True)),
                name="proposal_approved_exactly_when_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.number}"


class ProposedCell(models.Model):
    """One cell as a proposal wants it, with the reason that the signed version will keep."""

    id = models.BigAutoField(primary_key=True)
    proposal = models.ForeignKey(ProtocolProposal, on_delete=models.CASCADE, related_name="cells")
    category = models.CharField(max_length=4)
    role = models.CharField(max_length=4, choices=Role.choices)
    access = models.CharField(max_length=1, choices=DisclosureCell.Access.choices)
    basis = models.CharField(max_length=20)
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "category", "role"], name="one_proposed_cell_a_category_and_role"
            ),
            models.CheckConstraint(
                condition=models.Q(access__in=["S", "Σ", "A", "N"]), name="proposed_access_is_known"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="proposed_cell_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.role} {self.access} {self.basis}"
