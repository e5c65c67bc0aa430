"""What a reviewer found out about a day of looks that deserved a question."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from cseccase.confidentiality.walls import NOBODY, Wall
from cseccase.encryption.fields import EncryptedTextField


class LookReview(models.Model):
    """One answer to why a person looked as they did on one day. Never changed; a later answer stands beside it."""

    class Finding(models.TextChoices):
        EXPLAINED = "explained", "It was for their work"
        PASSED_ON = "passed_on", "Passed on to the privacy officer"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(help_text="On the county's calendar.")
    finding = models.CharField(max_length=10, choices=Finding.choices)
    words = EncryptedTextField(max_length=500)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()

    # The application has no right to change a row; the owner has, because a new key seals the words anew.
    wall: ClassVar[Wall] = Wall(
        read=NOBODY, write="{table}.reviewed_by_id = (SELECT app_viewer())", rights=("SELECT", "INSERT")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(person=models.F("reviewed_by")), name="nobody_reviews_their_own_looks"
            ),
        ]
        indexes = [models.Index(fields=["person", "day", "-reviewed_at"], name="review_of_a_day")]

    def __str__(self) -> str:
        return str(self.pk)
