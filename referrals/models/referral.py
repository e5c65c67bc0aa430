"""Referrals: what came in about one child, and the special project code that each must carry."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from agencies.models import Agency
from cseccase.encryption.fields import EncryptedTextField
from referrals.choices import SPECIAL_PROJECT_CODE, Answer, Channel, Holder
from referrals.models.case_file import CaseFile, Numbered, SectionedModel


class Referral(Numbered, SectionedModel):
    """A report that one child is, or may be, exploited (section r03, the reporter kept apart in r04).

    Clocks run from `received_at`, when somebody of the agency was told, never from when it was typed. Several children
    of one call are several referrals with one `incident`.
    """

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="+")
    incident = models.UUIDField(db_index=True)
    urgent = models.BooleanField()
    received_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=12, choices=Channel.choices, default=Channel.PHONE)
    immediate_danger = models.CharField(max_length=12, choices=Answer.choices, default=Answer.NOT_KNOWN)
    holder = models.CharField(max_length=12, choices=Holder.choices, default=Holder.NOT_KNOWN)
    narrative = EncryptedTextField(blank=True)

    reference_prefix: ClassVar[str] = "R"
    SUMMARY_FIELDS: ClassVar[tuple[str, ...]] = ("id", "case_file_id", "number", "received_at", "agency_id")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(received_at__lte=F("entered_at")), name="referral_received_before_entry"
            ),
            models.CheckConstraint(condition=Q(holder__in=Holder.values), name="referral_holder_is_known"),
            models.CheckConstraint(
                condition=Q(immediate_danger__in=Answer.values), name="referral_danger_is_known"
            ),
        ]
        indexes = [models.Index(fields=["case_file", "-received_at"], name="referrals_of_a_file")]

    def __str__(self) -> str:
        return self.number


class SpecialProjectCode(SectionedModel):
    """The State's `S-CSEC Referral` code on one referral: opened with it, ended once it is investigated (ACL 16-74)."""

    referral = models.UUIDField(unique=True)
    code = models.CharField(max_length=40, default=SPECIAL_PROJECT_CODE)
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    SUMMARY_FIELDS: ClassVar[tuple[str, ...]] = ("id", "code", "started_on", "ended_on")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="project_code_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class StatusField(SectionedModel):
    """One row of the State's CSEC data grid (section r02). Rows are history: ended, never overwritten."""

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=4)
    started_on = models.DateField()
    started_estimated = models.BooleanField(default=False)
    ended_on = models.DateField(null=True, blank=True)
    reported_to_police = models.CharField(max_length=12, choices=Answer.choices, default=Answer.NOT_KNOWN)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    state_entered_at = models.DateTimeField(null=True, blank=True)

    SUMMARY_FIELDS: ClassVar[tuple[str, ...]] = ("id", "code", "started_on", "ended_on")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="status_ends_on_or_after_its_start",
                violation_error_message="The end cannot be before the start.",
            ),
            models.CheckConstraint(
                condition=~Q(code="6871") | Q(ended_on__isnull=False),
                name="absence_status_has_an_end",
                violation_error_message="This status needs an end date: the State system refuses it without one.",
            ),
            models.CheckConstraint(
                condition=Q(code__in=["6867", "6868", "6869", "6870", "6871", "6872"]),
                name="status_code_is_known",
            ),
        ]
        indexes = [models.Index(fields=["case_file", "code"], name="status_of_a_file")]

    def __str__(self) -> str:
        return self.code
