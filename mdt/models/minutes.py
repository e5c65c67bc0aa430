"""What a team talked about and decided, who does what by when, and the plan that keeps the child safe."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from agencies.models import Agency
from cseccase.encryption.fields import EncryptedTextField
from mdt.models.meeting import Meeting
from referrals.models.case_file import CaseFile, SectionedModel


class AgendaItem(SectionedModel):
    """One item of a meeting's agenda with its minutes, in the meeting's own section (r24)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    title = EncryptedTextField(max_length=120)
    hint = EncryptedTextField(max_length=200, blank=True)
    minutes = EncryptedTextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    written_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="one_item_a_position"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Decision(SectionedModel):
    """Something the team agreed on under one item of its agenda (section r24 of the meeting)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="+")
    words = EncryptedTextField(max_length=500)
    decided_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["decided_at"]
        indexes = [models.Index(fields=["meeting"], name="decisions_of_a_meeting")]

    def __str__(self) -> str:
        return str(self.pk)


class ActionItem(SectionedModel):
    """What one agency does because the team decided it (section d01 of that agency, so it is the agency's own task).

    `decision` and `meeting` are ids: an agency's task outlives its seat, and says nothing of the minutes.
    """

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="+")
    meeting = models.UUIDField()
    decision = models.UUIDField()
    words = EncryptedTextField(max_length=300)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField()
    set_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_note = EncryptedTextField(max_length=300, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    SUMMARY_FIELDS: ClassVar[tuple[str, ...]] = ("id", "case_file_id", "agency_id", "due_on", "done_at")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(done_at__gte=F("set_at")), name="action_done_after_set"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "due_on", "id"], name="actions_open", condition=Q(done_at=None)),
            models.Index(fields=["meeting"], name="actions_of_a_meeting"),
            models.Index(fields=["decision"], name="actions_of_a_decision"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SafetyPlan(SectionedModel):
    """What keeps this child safe, in six parts (section r25). Earlier versions are its history.

    A part may be empty; `reviewed_at` is when a team last went through it together.
    """

    case_file = models.OneToOneField(CaseFile, on_delete=models.PROTECT, related_name="+")
    dangers = EncryptedTextField(blank=True)
    triggers = EncryptedTextField(blank=True)
    calming = EncryptedTextField(blank=True)
    prevention = EncryptedTextField(blank=True)
    safe_adults = EncryptedTextField(blank=True)
    if_unsafe = EncryptedTextField(blank=True)
    meeting = models.UUIDField(null=True, blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)

    SUMMARY_FIELDS: ClassVar[tuple[str, ...]] = ("id", "case_file_id", "written_at", "reviewed_at")

    PARTS: ClassVar[tuple[str, ...]] = (
        "dangers",
        "triggers",
        "calming",
        "prevention",
        "safe_adults",
        "if_unsafe",
    )

    def __str__(self) -> str:
        return str(self.pk)
