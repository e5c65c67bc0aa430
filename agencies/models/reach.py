"""Where a person is told beside their e-mail and inbox, by their own choice: a mobile number, a browser on a device."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from agencies.models.person import Person
from cseccase.confidentiality.walls import Wall, own
from cseccase.encryption.fields import EncryptedJSONField, EncryptedTextField


class TextNumber(models.Model):
    """A mobile number that takes a person's text messages once they have shown that it is theirs.

    Six digits sent to it show that. They are worked out from `seed` and the installation's secret key whenever they are
    needed, so no table holds them, nor a hash that a million tries would open. A person has at most one confirmed number
    and one that waits to be.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    number = EncryptedTextField(max_length=24)
    seed = models.UUIDField(default=uuid.uuid4)
    code_until = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    written_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    wall: ClassVar[Wall] = own("person_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], name="one_number_confirmed", condition=Q(confirmed_at__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["person"], name="one_number_waits", condition=Q(confirmed_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class CodeSent(models.Model):
    """A code went out for a person; so many an hour and no more, whichever numbers they typed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    wall: ClassVar[Wall] = own("person_id")

    class Meta:
        indexes = [models.Index(fields=["person", "sent_at"], name="codes_of_person")]

    def __str__(self) -> str:
        return str(self.id)


class PushDevice(models.Model):
    """A browser on one device that shows a person's notices; it belongs to whoever turned them on there last.

    `fingerprint` is a keyed hash of the browser's address at its push service. `ended_at`: that address answers no more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    name = EncryptedTextField(max_length=60)
    subscription = EncryptedJSONField()
    fingerprint = models.CharField(max_length=64, unique=True)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    wall: ClassVar[Wall] = own("person_id")

    class Meta:
        indexes = [models.Index(fields=["person", "added_at"], name="devices_of_person")]

    def __str__(self) -> str:
        return str(self.id)
