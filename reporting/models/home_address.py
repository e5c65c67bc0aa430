"""A staff member's home, as a fingerprint that can only be compared."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from cseccase.confidentiality.walls import ONLY_BECAUSE, Wall


class HomeAddress(models.Model):
    """Where somebody lives, noted so that looks into a neighbour's or relative's file can be asked about.

    The address itself is kept nowhere: `fingerprint` is keyed with a secret outside the database (reporting.addresses).
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    fingerprint = models.CharField(max_length=64)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    wall: ClassVar[Wall] = ONLY_BECAUSE

    def __str__(self) -> str:
        return str(self.pk)
