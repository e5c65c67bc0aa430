"""Which deadlines the county asks for beyond the protocol's register: proposed by one person, signed by a second."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from agencies.models.county import County


class CountyRulebook(models.Model):
    """One signed version of the county's deadlines. A clock keeps the version in force at the moment it started.

    `limits` maps a rule of the register to `[unit, count]`, `readings` an unclear row of the law to yes or no; what is not
    named stays as the register has it. What is signed never changes: the table itself refuses.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    effective_at = models.DateTimeField()
    limits = models.JSONField(default=dict)
    readings = models.JSONField(default=dict)
    reason = models.CharField(max_length=500)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    append_only: ClassVar[bool] = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="rulebook_number_once_a_county"),
            models.UniqueConstraint(fields=["county", "effective_at"], name="one_rulebook_a_moment"),
            models.CheckConstraint(
                condition=~models.Q(signed_by=models.F("proposed_by")),
                name="rulebook_signed_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=models.Q(effective_at__gte=models.F("signed_at")),
                name="rulebook_begins_when_signed_or_later",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="rulebook_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"rulebook {self.number}"


class RulebookProposal(models.Model):
    """A change of the county's deadlines that one person of county counsel writes and a second person signs.

    It starts from the newest version signed (`base`, 0 for none) and holds the whole next version.
    """

    class State(models.TextChoices):
        OPEN = "open", "being written"
        SUBMITTED = "submitted", "waiting for a second person"
        SIGNED = "signed", "signed"
        SENT_BACK = "sent_back", "sent back"
        WITHDRAWN = "withdrawn", "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    base = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    limits = models.JSONField(default=dict)
    readings = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)
    effective_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county"],
                condition=models.Q(state__in=["open", "submitted"]),
                name="one_rulebook_proposal_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("proposed_by"))
                | models.Q(state="withdrawn"),
                name="rulebook_decided_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"rulebook proposal {self.pk}"
