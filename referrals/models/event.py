"""The case's chronology: append-only, corrected by superseding, never by editing."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from agencies.models import Agency
from cseccase.confidentiality.walls import Wall
from cseccase.encryption.fields import EncryptedJSONField, EncryptedTextField
from referrals.models.case_file import CaseFile, SectionedModel, section_wall


class CaseEvent(SectionedModel):
    """One thing that happened, was learned or was done, in the section whose people may know it.

    `received_at` is when the agency was told, where that differs from when it happened; `root` is the first event of a
    chain of corrections. `facts` holds what the deadline rules read (mode, recipient, reference, tier…); `note` is for
    people; both are sealed. `codes` repeats those few facts that queries ask for and that say nothing of a person.
    A mistake is mended by a later event that supersedes it.
    """

    QUERIED_FACTS: ClassVar[tuple[str, ...]] = ("referral", "tier")

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="+")
    root = models.UUIDField(default=uuid.uuid4)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=40)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    facts = EncryptedJSONField(default=dict)
    codes = models.JSONField(default=dict, editable=False)
    note = EncryptedTextField(blank=True)

    wall: ClassVar[Wall] = replace(section_wall("section_id"), rights=("SELECT", "INSERT"))
    SUMMARY_FIELDS: ClassVar[tuple[str, ...]] = (
        "id",
        "case_file_id",
        "kind",
        "occurred_at",
        "agency_id",
        "supersedes_id",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(occurred_at__lte=F("recorded_at")), name="event_recorded_after_it_occurred"
            ),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True) | Q(received_at__lte=F("recorded_at")),
                name="event_recorded_after_it_was_received",
            ),
        ]
        indexes = [models.Index(fields=["case_file", "-occurred_at"], name="chronology")]

    def __str__(self) -> str:
        return str(self.pk)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.codes = {name: self.facts[name] for name in self.QUERIED_FACTS if name in self.facts}
        super().save(*args, **kwargs)


class MissingEpisode(SectionedModel):
    """A child is missing or abducted (section r20): what police and the National Center must be told.

    Penal Code 11166(j)(3)(B): a photograph, a description, endangerment, and whether the child is or may be an Indian
    child, where reasonably possible and only as far as other law allows.
    """

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="+")
    began = models.OneToOneField(CaseEvent, on_delete=models.PROTECT, related_name="+")
    last_seen_at = models.DateTimeField(null=True, blank=True)
    last_seen_place = EncryptedTextField(max_length=200, blank=True)
    description = EncryptedTextField(blank=True, help_text="Height, weight, hair, eyes, clothing, marks.")
    endangerment = EncryptedTextField(
        blank=True, help_text="Pregnancy, medication, suicidality, trafficking risk."
    )
    located_at = models.DateTimeField(null=True, blank=True)

    SUMMARY_FIELDS: ClassVar[tuple[str, ...]] = ("id", "case_file_id", "last_seen_at", "located_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_file"],
                condition=Q(located_at__isnull=True),
                name="one_open_missing_episode_a_file",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
