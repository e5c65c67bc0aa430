"""The quarterly review of an agency's people, and what was said about each."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from agencies.models.county import Agency
from agencies.models.person import Person


class StaffReview(models.Model):
    """A security officer goes through every open account of the agency, and signs (CJIS AC-2; NIST SP 800-53 AC-2 j).

    One is open at a time; a signed one is never changed. `seen_by` is the director who was shown it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    seen_by = models.CharField(max_length=128, blank=True, help_text="The director who was shown it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency"], condition=Q(signed_at=None), name="one_open_review_an_agency"
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None, signed_by=None, seen_by="")
                | (Q(signed_at__isnull=False, signed_by__isnull=False) & ~Q(seen_by="")),
                name="review_is_signed_whole",
            ),
        ]
        indexes = [models.Index(fields=["agency", "-signed_at"], name="reviews_of_agency")]

    def __str__(self) -> str:
        return str(self.id)


class StaffReviewLine(models.Model):
    """What was said about one person in one review, with what the officer saw then: duties and second step."""

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", "confirmed as it is"
        CHANGED = "changed", "designations changed"
        SUSPENDED = "suspended", "account closed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(StaffReview, on_delete=models.PROTECT, related_name="lines")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    duties = models.CharField(max_length=200, blank=True)
    second_step = models.BooleanField()
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "person"], name="one_line_a_person"),
            models.CheckConstraint(
                condition=Q(outcome__in=["confirmed", "changed", "suspended"]),
                name="review_outcome_is_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
