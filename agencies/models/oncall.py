"""Who answers for an agency at which hour."""

from __future__ import annotations

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from agencies.models.county import Agency
from agencies.models.person import Person


def _span() -> Func:
    """The shift as a half-open range: the next one may begin at the very moment this one ends."""
    return Func(
        F("starts_at"),
        F("ends_at"),
        function="TSTZRANGE",
        output_field=DateTimeRangeField(),
    )


class OnCallShift(models.Model):
    """One person is on call for their agency from a moment until another, first or as backup.

    At each moment an agency has at most one first person and one backup, and they are two people. A shift is never
    rewritten: a hand-over cuts it at that moment and opens another, and one that never began may be taken out.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    is_backup = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()
    handed_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_it_starts"
            ),
            ExclusionConstraint(
                name="one_first_and_one_backup_at_a_time",
                expressions=[
                    (_span(), RangeOperators.OVERLAPS),
                    ("agency", RangeOperators.EQUAL),
                    ("is_backup", RangeOperators.EQUAL),
                ],
            ),
            ExclusionConstraint(
                name="nobody_is_their_own_backup",
                expressions=[(_span(), RangeOperators.OVERLAPS), ("person", RangeOperators.EQUAL)],
            ),
        ]
        indexes = [models.Index(fields=["agency", "ends_at"], name="shifts_of_an_agency")]

    def __str__(self) -> str:
        return str(self.pk)
