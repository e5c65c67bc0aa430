"""Failed sign-ins, for as long as they count against whoever guesses."""

from __future__ import annotations

import uuid

from django.db import models


class FailedSignIn(models.Model):
    """One wrong password, or one that is just being checked. Taken back when it turns out right.

    `account` and `address` are keyed digests: the table names nobody, and somebody unknown looks like somebody known.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["account", "at"], name="failures_of_account"),
            models.Index(fields=["address", "at"], name="failures_of_address"),
            models.Index(fields=["at"], name="failures_old"),
        ]

    def __str__(self) -> str:
        return str(self.id)
