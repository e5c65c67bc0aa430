"""Emergency looks: somebody opened a case file that is not theirs, because a child could not wait."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from agencies.choices import Duty
from agencies.disclosure.emergency import LONGEST, REASON_NAMES
from agencies.models import Agency
from cseccase.confidentiality.grants import GrantFacts, live
from cseccase.confidentiality.models import ConfidentialModel
from cseccase.confidentiality.viewer import Viewer
from cseccase.confidentiality.walls import NOBODY, Wall
from cseccase.encryption.fields import EncryptedTextField
from referrals.models.case_file import CaseFile, SectionGroupGrant, SectionUserGrant, granted_sql

KEPT_BY = granted_sql("g.case_file_id = {table}.case_file_id", level="g.category = 'r01' AND g.may = 'write'")
"""SQL: the viewer's agency keeps this row's case file, or the viewer does, being named where it is restricted."""


def agency_is_mine(column: str) -> str:
    """SQL: the agency in this column is the viewer's own."""
    return (
        f"EXISTS (SELECT 1 FROM agencies_agency a WHERE a.id = {{table}}.{column} "  # noqa: S608  # constants only
        "AND a.group_id = ANY ((SELECT app_groups())::int[]))"
    )


def file_kept(viewer: Viewer) -> Q:
    """The first wall's half of `KEPT_BY`: a live grant to write the file's index."""
    writes = Q(case_file=OuterRef("case_file"), category="r01", may=GrantFacts.May.WRITE)
    held = writes & live() & Q(category__in=viewer.full)
    return Q(Exists(SectionGroupGrant.objects.filter(held, group__in=viewer.groups))) | Q(
        Exists(SectionUserGrant.objects.filter(held, user=viewer.person))
    )


class EmergencyLook(ConfidentialModel):
    """One person named one case number in an emergency, with a reason, after saying again who they are.

    `case_file` is empty where no file has that number: the act is on record and reviewed like any other, and opened
    nothing. It is read-only, and over at `until` at the latest. `review_by` is the agency whose supervisor owes the
    review: the looker's own, or, where that has no other supervisor, the agency that keeps the file.
    """

    class Reason(models.TextChoices):
        DANGER = "danger", REASON_NAMES["danger"]
        MISSING = "missing", REASON_NAMES["missing"]
        MEDICAL = "medical", REASON_NAMES["medical"]

    class Verdict(models.TextChoices):
        JUSTIFIED = "justified", "Justified"
        NOT_JUSTIFIED = "not_justified", "Not justified"

    number = models.CharField(max_length=12)
    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=12, choices=Reason.choices)
    words = EncryptedTextField(max_length=600)
    opened_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    review_by = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    review_due_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    verdict = models.CharField(max_length=16, choices=Verdict.choices, blank=True)
    review_words = EncryptedTextField(max_length=600, blank=True)

    wall: ClassVar[Wall] = Wall(
        read=f"{{table}}.person_id = (SELECT app_viewer()) OR {agency_is_mine('agency_id')} OR {agency_is_mine('review_by_id')} OR {KEPT_BY}",
        write=NOBODY,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("opened_at")) & Q(until__lte=F("opened_at") + LONGEST),
                name="emergency_look_lasts_an_hour_at_most",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__gte=F("opened_at"), ended_at__lte=F("until"), ended_by__isnull=False),
                name="emergency_look_ends_while_open",
            ),
            models.CheckConstraint(
                condition=Q(
                    reviewed_at__isnull=True, reviewed_by__isnull=True, verdict="", review_words__blank=True
                )
                | (
                    Q(reviewed_at__isnull=False, reviewed_by__isnull=False)
                    & ~Q(verdict="")
                    & Q(review_words__blank=False)
                    & ~Q(reviewed_by=F("person"))
                ),
                name="emergency_review_is_whole_and_not_ones_own",
            ),
            models.CheckConstraint(
                condition=Q(words__blank=False) & Q(reason__in=list(REASON_NAMES)),
                name="emergency_look_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-until"], name="emergency_looks_of_a_person"),
            models.Index(
                fields=["review_by", "review_due_at"],
                condition=Q(reviewed_at__isnull=True),
                name="emergency_reviews_owed",
            ),
            models.Index(fields=["case_file"], name="emergency_looks_of_a_file"),
            models.Index(fields=["-opened_at", "-id"], name="emergency_looks_newest"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def visibility(cls, viewer: Viewer, *, summary: bool) -> Q:
        """One's own; for supervisors, those of their agency's people, those they review, those of files they keep.

        A child's lead worker sees who opened the file too: the safety of that child is theirs to answer for.
        """
        mine = Q(person=viewer.person)
        if not viewer.groups:
            return mine
        if viewer.has_duty(Duty.SUPERVISOR):
            return mine | Q(agency=viewer.agency) | Q(review_by=viewer.agency) | file_kept(viewer)
        if viewer.has_duty(Duty.LINE_WORKER, Duty.HOTLINE, Duty.COORDINATOR):
            return mine | file_kept(viewer)
        return mine
