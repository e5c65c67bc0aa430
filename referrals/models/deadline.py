"""Deadlines and their stages: what is owed, by whom, to whom, by when, and what stopped the clock."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from agencies.models import Agency
from cseccase.confidentiality.walls import ONLY_BECAUSE, Wall
from cseccase.encryption.fields import EncryptedTextField
from referrals.models.case_file import CaseFile, SectionedModel


class Deadline(SectionedModel):
    """One duty of one agency towards one recipient, with its clock (section d01 of the owing agency).

    `due_at` is stored when the clock starts; whether it is overdue is always asked, never stored. `started_root` is the
    first event of the chain that started it, so a corrected start moves this clock instead of opening a second one.
    `rulebook` is the version in force when it started, which it keeps; `entered_at` is when somebody typed what started it.
    """

    class Force(models.TextChoices):
        LAW = "law", "Law"
        PRACTICE = "practice", "County practice"

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=40)
    rulebook = models.CharField(max_length=20)
    force = models.CharField(max_length=10, choices=Force.choices)
    owed_by = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    owed_to = models.CharField(max_length=40, blank=True)
    started_root = models.UUIDField()
    started_at = models.DateTimeField()
    entered_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    at_once = models.BooleanField(default=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    met_by = models.UUIDField(null=True, blank=True)
    met_at = models.DateTimeField(null=True, blank=True)
    dropped_by = models.UUIDField(null=True, blank=True)
    drop_reason = EncryptedTextField(max_length=200, blank=True)

    SUMMARY_FIELDS: ClassVar[tuple[str, ...]] = (
        "id",
        "case_file_id",
        "rule",
        "owed_by_id",
        "due_at",
        "met_at",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_file", "rule", "owed_by", "owed_to", "started_root"],
                name="one_clock_a_recipient_and_start",
            ),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("started_at")), name="deadline_is_due_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(met_at__isnull=True, met_by__isnull=True)
                | Q(met_at__isnull=False, met_by__isnull=False),
                name="deadline_met_needs_evidence",
            ),
            models.CheckConstraint(
                condition=Q(dropped_by__isnull=True) | Q(drop_reason__blank=False),
                name="deadline_dropped_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["owed_by", "due_at"],
                name="open_duties_of_an_agency",
                condition=Q(met_at__isnull=True, dropped_by__isnull=True),
            ),
            models.Index(
                fields=["owed_by", "-met_at"],
                name="late_duties_of_an_agency",
                condition=Q(met_at__gt=F("due_at")),
            ),
            models.Index(fields=["case_file", "due_at"], name="deadlines_of_a_file"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        return self.met_at is None and self.dropped_by is None


class DeadlineStage(models.Model):
    """A moment at which somebody must be told. It holds ids and times only; the sweeper alone touches it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=20)
    fire_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    wall: ClassVar[Wall] = ONLY_BECAUSE

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deadline", "name"], name="stage_once_a_deadline")]
        indexes = [
            models.Index(
                fields=["fire_at"],
                name="stages_waiting",
                condition=Q(fired_at__isnull=True, cancelled_at__isnull=True),
            ),
            models.Index(fields=["fired_at"], name="stages_fired", condition=Q(fired_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Heartbeat(models.Model):
    """When a driver or a watchman last did its round, by the database's clock.

    `skew` is how many seconds its own clock was ahead of the database's; `cursor` is where a round that goes through
    all cases bit by bit goes on.
    """

    name = models.CharField(primary_key=True, max_length=40)
    beat_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)
    skew = models.FloatField(default=0)
    cursor = models.UUIDField(null=True)

    def __str__(self) -> str:
        return self.name
