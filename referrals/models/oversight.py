"""What people say about a duty that called for somebody: that they have it, and why it was late."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cseccase.encryption.fields import EncryptedTextField
from referrals.models.case_file import CaseFile, SectionedModel
from referrals.models.deadline import Deadline


class DutyAcknowledgement(SectionedModel):
    """Somebody said "I have this" of one stage of a duty, so that it goes no level further up (section d01).

    One word is enough for a stage, whoever of those it reached says it. It stops no clock.
    """

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="+")
    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=20)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField()

    SUMMARY_FIELDS: ClassVar[tuple[str, ...]] = ("id", "case_file_id", "deadline_id", "stage")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deadline", "stage"], name="one_word_a_stage"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class BreachReason(SectionedModel):
    """Why a duty was done late, or is still not done: the owing agency's word, and a reviewer's beside it (section d01).

    One stands at a time. One that a reviewer sends back stays on record, and another takes its place.
    """

    class Reason(models.TextChoices):
        TOLD_LATE = "told_late", "The agency itself was told too late"
        NOBODY_THERE = "nobody_there", "Nobody was on duty or on call"
        TOO_FEW = "too_few", "Not enough people for what came in"
        OVERLOOKED = "overlooked", "The duty was overlooked or misread"
        NOT_REACHED = "not_reached", "The recipient could not be reached"
        WAITED = "waited", "Waiting for another agency"
        CHILD_NOT_FOUND = "child_not_found", "The child could not be found or did not want it"
        DOWN = "down", "A telephone line or this product was down"
        OTHER = "other", "Something else"

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", "The reason stands"
        RETURNED = "returned", "Sent back"

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="+")
    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    words = EncryptedTextField(max_length=1000)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    review_words = EncryptedTextField(max_length=1000, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True)

    SUMMARY_FIELDS: ClassVar[tuple[str, ...]] = ("id", "case_file_id", "deadline_id", "verdict")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["deadline"], condition=~Q(verdict="returned"), name="one_standing_reason_a_duty"
            ),
            models.CheckConstraint(
                condition=Q(words__blank=False)
                & Q(
                    reason__in=[
                        "told_late",
                        "nobody_there",
                        "too_few",
                        "overlooked",
                        "not_reached",
                        "waited",
                        "child_not_found",
                        "down",
                        "other",
                    ]
                ),
                name="breach_reason_says_why",
            ),
            models.CheckConstraint(
                condition=Q(
                    reviewed_at__isnull=True, reviewed_by__isnull=True, verdict="", review_words__blank=True
                )
                | (
                    Q(reviewed_at__isnull=False, reviewed_by__isnull=False)
                    & Q(verdict__in=["accepted", "returned"])
                    & ~Q(reviewed_by=F("given_by"))
                ),
                name="breach_review_is_whole_and_not_ones_own",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="returned") | Q(review_words__blank=False),
                name="breach_reason_returned_with_words",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
