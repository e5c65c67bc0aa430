"""Qualifications that make a person's talks with a young person privileged."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from agencies.choices import Qualified, QualifiedBy
from agencies.models.person import Person


class Qualification(models.Model):
    """One person qualifies as the Evidence Code asks (1038.2 or 1035.2), from a day until a day, with proof.

    Entered by the agency's security officer. It is never changed but to end it; a better proof is a new row.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="qualifications")
    kind = models.CharField(max_length=8, choices=Qualified.choices)
    way = models.CharField(max_length=8, choices=QualifiedBy.choices)
    hours = models.PositiveSmallIntegerField(default=0)
    supervisor = models.CharField(max_length=128, blank=True)
    evidence = models.CharField(max_length=160)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "starts_on"], name="qualification_once_a_day"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="qualification_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Qualified.values) & Q(way__in=QualifiedBy.values),
                name="qualification_is_known",
            ),
            models.CheckConstraint(condition=~Q(evidence=""), name="qualification_has_its_proof"),
            models.CheckConstraint(
                condition=~Q(way="training") | (Q(hours__gte=40) & ~Q(supervisor="")),
                name="qualification_by_training_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=True) | ~Q(recorded_by=F("person")),
                name="qualification_not_by_oneself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"
