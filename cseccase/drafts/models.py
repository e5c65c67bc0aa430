"""Drafts: what somebody is typing, kept on the server so that no time-out and no dead battery loses a word."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from cseccase.confidentiality.walls import Wall, own
from cseccase.encryption.fields import EncryptedJSONField


class Draft(models.Model):
    """The unsent answers of one person on one form. Nobody else can read it, not even by a lifted wall's page."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    form = models.CharField(max_length=60)
    about = models.UUIDField(null=True)
    answers = EncryptedJSONField(default=dict)
    saved_at = models.DateTimeField()

    wall: ClassVar[Wall] = own("author_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["author", "form", "about"], name="one_draft_a_form", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class KeptForm(models.Model):
    """A form that was sent when its sender had to show again who they are; sealed, and for that person alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    kept_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)

    wall: ClassVar[Wall] = own("author_id")

    class Meta:
        indexes = [models.Index(fields=["author", "-kept_at"], name="kept_form_of_author")]

    def __str__(self) -> str:
        return str(self.id)
