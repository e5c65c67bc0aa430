"""The inbox: notices inside the product. These are the legal ones, and each exists exactly once."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from agencies.models.person import Person
from cseccase.confidentiality.walls import Wall


class Notice(models.Model):
    """One person is told one thing about one subject at one stage. It holds ids and a stage, never a fact.

    `subject` is the id of a deadline, a meeting, a person who left, a review's agency, an emergency look, a request, a
    proposal, a case file or a shift; the words are made when the notice is read, by whoever may still see that subject.
    """

    class About(models.TextChoices):
        DEADLINE = "deadline", "a duty"
        MEETING = "meeting", "a team meeting"
        RETURNED = "returned", "duties that came back to the agency"
        REVIEW = "review", "the review of an agency's people"
        EMERGENCY = "emergency", "an emergency look"
        REQUEST = "request", "a request for access"
        PROPOSAL = "proposal", "a change of the sharing rules"
        RULEBOOK = "rulebook", "a change of the county's deadlines"
        NAMED = "named", "a file opened to named people"
        ON_CALL = "on_call", "the on-call roster"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=12, choices=About.choices)
    subject = models.UUIDField()
    stage = models.CharField(max_length=20)
    escalated = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    wall: ClassVar[Wall] = Wall(
        read="{table}.recipient_id = (SELECT app_viewer())",
        write="{table}.recipient_id = (SELECT app_viewer())",
        rights=("SELECT", "INSERT", "UPDATE"),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "stage", "recipient"], name="notice_exactly_once"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notice_inbox"),
            BrinIndex(fields=["created_at"], name="notice_recent", autosummarize=True),
            models.Index(fields=["recipient"], name="notice_unread", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return str(self.id)
